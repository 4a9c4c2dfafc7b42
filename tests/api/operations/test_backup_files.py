"""Backups made from a page: listed as they are, made by a job into the installation's folder."""

import io
import json
import shutil
import tarfile
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.operations.backup_files import list_backups
from api.operations.backup_work import make_backup
from api.processes.supervisor import backups
from gis.access import SYSTEM, Grant
from gis.database import Database
from gis.jobs import repository
from gis.jobs.running import Process, Run
from gis.settings import Settings
from tests.api.conftest import World

RECORD = {
    "format": 1, "made_at": "2026-01-31T20:00:00+00:00", "counts": {"events": 7}, "problems": [],
}  # fmt: skip


def archive(file: Path, record: object, *, members: tuple[str, ...] = ("database.dump",)) -> None:
    """Write what has the shape of a backup."""
    with tarfile.open(file, "w") as made:
        for name, content in (
            ("record.json", json.dumps(record).encode()),
            *((name, b"x" * 4096) for name in members),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))


def test_each_file_is_shown_as_it_is(tmp_path: Path) -> None:
    archive(tmp_path / "whole.tar", RECORD)
    archive(tmp_path / "broken.tar", {**RECORD, "problems": ["event 3 was changed"]})
    archive(tmp_path / "dumpless.tar", RECORD, members=())
    archive(tmp_path / "newer.tar", {**RECORD, "format": 2})
    archive(tmp_path / "shapeless.tar", ["nothing"])
    whole = (tmp_path / "whole.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[:1600])
    (tmp_path / "empty.tar").touch()
    archive(tmp_path / "zoneless.tar", {**RECORD, "made_at": "2026-01-31T20:00:00"})
    archive(tmp_path / "endless.tar", {**RECORD, "counts": {"events": float("inf")}})
    (tmp_path / "gone.tar").symlink_to(tmp_path / "absent")
    (tmp_path / "next.tar.unfinished").write_bytes(whole)
    found = {one.name: one for one in list_backups(tmp_path).backups}
    assert {name: one.state for name, one in found.items()} == {
        "whole.tar": "complete", "broken.tar": "log_broken", "dumpless.tar": "damaged",
        "newer.tar": "damaged", "shapeless.tar": "damaged", "cut.tar": "damaged",
        "empty.tar": "damaged", "zoneless.tar": "damaged", "endless.tar": "damaged",
    }  # fmt: skip
    assert (found["whole.tar"].events, found["cut.tar"].events) == (7, None)
    assert found["whole.tar"].made_at.isoformat() == RECORD["made_at"]


def test_no_folder_holds_no_backup(tmp_path: Path) -> None:
    assert list_backups(tmp_path / "absent").backups == ()


@pytest.mark.database
def test_an_administrator_has_one_made(
    client: TestClient, world: World, database: Database, owner_url: str, state_folder: Path
) -> None:
    settings = Settings(database_url=owner_url, state_folder=state_folder, purpose="simulation")
    backups(settings).mkdir(parents=True)
    asked = client.post(
        "/v1/admin/backups",
        headers={**world.bearer(Grant("administrator")), "Idempotency-Key": "this-evening"},
    )
    assert asked.status_code == 202, asked.text
    with database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, asked.json()["job_id"])
    assert record is not None
    make_backup(Run(Process(settings, database), record, stop=threading.Event()))
    (made,) = list_backups(backups(settings)).backups
    assert made.state == "complete"
    assert (backups(settings) / made.name).stat().st_mode & 0o777 == 0o600
    shutil.rmtree(backups(settings))


@pytest.mark.database
def test_backups_are_for_administrators(client: TestClient, world: World) -> None:
    listed = client.get("/v1/admin/backups", headers=world.bearer(Grant("administrator")))
    assert listed.json()["backups"] == []
    local = {**world.bearer(Grant("administrator", "440305")), "Idempotency-Key": "this-evening"}
    refused = client.post("/v1/admin/backups", headers=local)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_beyond")
    city = {"key": "another", "origin": "sample", "name": "coquimbo"}
    assert client.post("/v1/cities", json=city, headers=local).json()["code"] == "account_beyond"
    for role in ("privacy_officer", "supervisor"):
        headers = {**world.bearer(Grant(role)), "Idempotency-Key": "this-evening"}
        assert client.get("/v1/admin/backups", headers=headers).status_code == 403
        assert client.post("/v1/admin/backups", headers=headers).status_code == 403
