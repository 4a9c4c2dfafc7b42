"""The doctor over HTTP."""

import pytest
from starlette.testclient import TestClient

from gis.access import Grant
from tests.api.conftest import World

pytestmark = pytest.mark.database


def test_an_administrator_sees_what_the_doctor_finds(client: TestClient, world: World) -> None:
    answer = client.get("/v1/admin/health", headers=world.bearer(Grant("administrator")))
    assert answer.status_code == 200, answer.text
    findings = answer.json()["findings"]
    found = {one["subject"]["en"]: one["state"] for one in findings}
    assert found["Python"] == found["folders"] == "fine"
    # In both languages, but for names, versions and what an error says.
    for one in findings:
        same = one["words"]["en"] == one["words"]["zh"]
        assert not same or one["code"] or one["subject"]["en"].endswith("database")
    assert set(found.values()) <= {"fine", "notice", "broken"}
    refused = client.get("/v1/admin/health", headers=world.bearer(Grant("dispatcher")))
    assert refused.json()["code"] == "permission_denied"
