"""A file of cases over HTTP: sent in parts, looked at, taken in by its job, looked through."""

import base64
import threading
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from gis.access import Grant
from gis.jobs.running import Process, execute
from gis.settings import Settings
from surveillance.intake.jobs import IMPORT
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database

FILE = """Nr,disease,onset,reporting_unit,姓名
1,Dengue,2026-03-01,一院,王伟
2,怪病,2026-03-01,一院,李娜
3,HIV,2026-03-01,一院,赵敏
4,Dengue,01/02/2999,一院,孙强
"""
MAPPING = "columns: {source_key: Nr}"


def sent(client: TestClient, headers: dict[str, str], content: bytes) -> str:
    upload_id = str(uuid4())
    half = len(content) // 2
    for offset, part in ((0, content[:half]), (half, content[half:]), (half, content[half:])):
        answer = client.post(
            "/v1/surveillance/uploads", headers=headers,
            json={"upload_id": upload_id, "offset": offset,
                  "content": base64.b64encode(part).decode()},
        )  # fmt: skip
        assert answer.json() == {"received": offset + len(part)}
    return upload_id


@pytest.mark.parametrize("content", ["１２３", "£", "a", "ab=c", "a b!"])
def test_a_part_that_is_not_base64_is_refused_with_a_sentence(
    client: TestClient, world: World, content: str
) -> None:
    answer = client.post(
        "/v1/surveillance/uploads", headers=world.bearer(Grant("cdc")),
        json={"upload_id": str(uuid4()), "offset": 0, "content": content},
    )  # fmt: skip
    assert answer.status_code == 422, answer.text
    assert "base64" in answer.json()["detail"]


def described(world: World, upload_id: str, **more: Any) -> dict[str, Any]:
    return {"upload_id": upload_id, "file_name": "a.csv", "city_id": world.city_id,
            "source": "我院", "mapping": MAPPING, **more}  # fmt: skip


def test_a_file_is_looked_at_taken_in_and_looked_through(
    client: TestClient, world: World, settings: Settings
) -> None:
    headers = world.bearer(Grant("cdc"))
    upload_id = sent(client, headers, FILE.encode("gb18030"))
    body = described(world, upload_id)
    seen = client.post("/v1/surveillance/imports/preview", json=body, headers=headers).json()
    assert (seen["rows_read"], seen["rows_accepted"], seen["rows_rejected"]) == (4, 3, 1)
    assert {"field": "source_key", "column": "Nr", "how": "given", "also": []} in seen["columns"]
    assert [one["row_number"] for one in seen["rejects"]] == [3, 5]
    asked = client.post(
        "/v1/surveillance/imports", json=body, headers=headers | new_key()
    )  # fmt: skip
    assert asked.status_code == 202, asked.text
    process = Process(settings, world.database)
    execute(process, IMPORT, asked.json()["job_id"], stop=threading.Event())
    data = client.get(f"/v1/surveillance/data?city_id={world.city_id}", headers=headers).json()
    (taken,) = data["imports"]
    assert (taken["rows_new"], taken["rows_rejected"], taken["fields_lost"]) == (3, 1, 1)
    assert taken["imported_by"].startswith("user:")
    assert data["sources"][0]["mapping"]["columns"] == {"source_key": "Nr"}
    # Sensitive cases are not even counted without their own right.
    assert data["completeness"][0]["cases"] == 2
    close = world.bearer(Grant("cdc_sensitive"))
    data = client.get(f"/v1/surveillance/data?city_id={world.city_id}", headers=close).json()
    assert data["completeness"][0]["cases"] == 3
    assert "王伟" not in str(data)
    refused = client.get(
        f"/v1/surveillance/imports/{taken['import_id']}/rejects", headers=headers
    ).json()["rejects"]
    assert [(one["row_number"], one["field"]) for one in refused] == [(3, None), (5, "onset")]
    assert refused[0]["cells"]["姓名"] == "李娜"
    # The file does not stay.
    left = client.post("/v1/surveillance/imports/preview", json=body, headers=headers)
    assert (left.status_code, left.json()["code"]) == (409, "upload_torn")


def test_a_part_out_of_its_place_and_a_bad_mapping_are_refused(
    client: TestClient, world: World
) -> None:
    headers = world.bearer(Grant("cdc"))
    torn = client.post(
        "/v1/surveillance/uploads", headers=headers,
        json={"upload_id": str(uuid4()), "offset": 5, "content": "YQ=="},
    )  # fmt: skip
    assert (torn.status_code, torn.json()["code"]) == (409, "upload_torn")
    no_base64 = client.post(
        "/v1/surveillance/uploads", headers=headers,
        json={"upload_id": str(uuid4()), "offset": 0, "content": "*"},
    )  # fmt: skip
    assert no_base64.json()["code"] == "upload_refused"
    upload_id = sent(client, headers, b"case_id,disease\n1,dengue\n")
    bad = described(world, upload_id, mapping="columns: {colour: red}")
    for path in ("imports/preview", "imports"):
        answer = client.post(f"/v1/surveillance/{path}", json=bad, headers=headers | new_key())
        assert answer.json()["code"] == "mapping_refused", path


def test_who_may_import_for_a_district_only_imports_nothing(
    client: TestClient, world: World
) -> None:
    headers = world.bearer(Grant("cdc", "440399"))
    answer = client.post(
        "/v1/surveillance/uploads", headers=headers,
        json={"upload_id": str(uuid4()), "offset": 0, "content": "YQ=="},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    dispatcher = world.bearer(Grant("dispatcher"))
    assert client.get(
        f"/v1/surveillance/data?city_id={world.city_id}", headers=dispatcher
    ).status_code == 403  # fmt: skip


def test_the_table_of_diseases_is_told(client: TestClient, world: World) -> None:
    told = client.get("/v1/surveillance/diseases", headers=world.bearer(Grant("planner"))).json()
    mpox = next(one for one in told["diseases"] if one["code"] == "mpox")
    assert mpox["terms"] == [
        {"since": "2023-09-20", "legal_class": "B", "managed_as": "B", "hours": 24}
    ]
