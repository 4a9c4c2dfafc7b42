"""Reports over HTTP: asked for, made by a process of its own, taken away by right."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.clock import FixedClock
from gis.database import Database
from gis.jobs import repository
from gis.settings import PROJECT_FOLDER
from gis.tables.reports import ReportFile, ReportRow
from maps.reports.repository_made import delete_expired
from maps.reports.service import KEPT_FOR
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database


def ask(client: TestClient, world: World, headers: dict[str, str], *formats: str) -> int:
    body = {"city_id": world.city_id, "language": "zh", "formats": formats}
    answer = client.post("/v1/reports/resources", json=body, headers=headers | new_key())
    assert answer.status_code == 202, answer.text
    return answer.json()["job_id"]


def process(database: Database, state_folder: Path, job_id: int) -> subprocess.Popen[bytes]:
    """Start the process that a worker starts for a heavy job."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.processes.heavy", str(job_id)], cwd=PROJECT_FOLDER,
        env=os.environ | {
            "GOLDENHOUR_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "GOLDENHOUR_STATE_FOLDER": str(state_folder),
        },
    )  # fmt: skip


def rows(database: Database) -> tuple[int, int]:
    with database.read(SYSTEM) as uow:
        reports, files = (
            uow.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (ReportRow, ReportFile)
        )
    return reports, files


@pytest.mark.acceptance
def test_a_report_is_made_and_taken_away_also_after_its_process_was_killed(
    client: TestClient, world: World, database: Database, state_folder: Path
) -> None:
    planner = world.bearer(Grant("planner"))
    job_id = ask(client, world, planner, "pdf", "html", "folium")
    killed = process(database, state_folder, job_id)
    begun = time.monotonic()
    while True:
        with database.read(SYSTEM) as uow:
            record = repository.read_job(uow.session, job_id)
        assert record is not None
        if record.done >= 1.0:
            break
        assert time.monotonic() < begun + 120
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(20) == -signal.SIGKILL
    assert rows(database) == (0, 0)

    # A second try, and a third that finds the effect made.
    for _ in range(2):
        assert process(database, state_folder, job_id).wait(120) == 0
    assert rows(database) == (1, 3)

    listed = client.get("/v1/reports", params={"city_id": world.city_id}, headers=planner).json()
    (made,) = listed["made"]
    assert [one["format"] for one in made["files"]] == ["folium", "html", "pdf"]
    assert made["provenance"] == "simulated"
    job = client.get(f"/v1/jobs/{job_id}", headers=planner).json()
    assert job["result"] == {"report_id": made["report_id"]}
    address = f"/v1/reports/{made['report_id']}"

    pdf = client.get(f"{address}.pdf", headers=planner)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == 'attachment; filename="resources-grid-zh.pdf"'
    assert pdf.headers["cache-control"] == "private, no-store"
    assert "急救资源报告" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()

    shown = client.get(f"{address}.html", params={"preview": True}, headers=planner)
    assert shown.headers["content-disposition"].startswith("inline")
    for path in (f"{address}.html?preview=true", f"{address}.folium?preview=true"):
        policy = client.get(path, headers=planner).headers["content-security-policy"]
        assert "sandbox;" in policy
        assert "default-src 'none'" in policy
        assert "script" not in policy
    # Its script stands in it, so it is never shown from here.
    folium = client.get(f"{address}.folium", params={"preview": True}, headers=planner)
    assert folium.headers["content-disposition"].startswith("attachment")

    for path in (f"{address}.docx", f"{address}.exe", "/v1/reports/999999.pdf"):
        assert client.get(path, headers=planner).status_code == 404
    assert client.get(f"{address}.pdf").status_code == 401
    cdc = world.bearer(Grant("hospital"))
    assert client.get(f"{address}.pdf", headers=cdc).status_code == 404

    database.clock = FixedClock(database.clock.now() + KEPT_FOR + timedelta(minutes=1))
    assert client.get(f"{address}.pdf", headers=planner).status_code == 404
    with database.unit_of_work(SYSTEM) as uow:
        delete_expired(uow.session, uow.clock.now())
    assert rows(database) == (0, 0)


def test_the_report_on_the_city_itself_is_the_first_choice(
    client: TestClient, world: World
) -> None:
    listed = client.get("/v1/reports", headers=world.bearer(Grant("planner"))).json()
    names = [one["name"] for one in listed["kinds"]]
    assert names == ["resources", "study", "bulletin_published"]


def test_who_may_not_see_resources_has_no_report_on_them(client: TestClient, world: World) -> None:
    hospital = world.bearer(Grant("hospital"))
    listed = client.get("/v1/reports", headers=hospital).json()
    assert [one["name"] for one in listed["kinds"]] == ["study"]
    assert listed["made"] == []
    body = {"city_id": world.city_id}
    answer = client.post("/v1/reports/resources", json=body, headers=hospital | new_key())
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "change", "status"),
    [
        ("nothing", {}, 404),
        ("resources", {"city_id": 999}, 404),
        ("resources", {"formats": []}, 422),
        ("resources", {"formats": ["exe"]}, 422),
        ("resources", {"language": "es"}, 422),
    ],
)
def test_what_cannot_be_made_is_refused(
    client: TestClient, world: World, name: str, change: dict[str, object], status: int
) -> None:
    headers = world.bearer(Grant("planner")) | new_key()
    body = {"city_id": world.city_id, "language": "zh", "formats": ["pdf"]} | change
    assert client.post(f"/v1/reports/{name}", json=body, headers=headers).status_code == status
