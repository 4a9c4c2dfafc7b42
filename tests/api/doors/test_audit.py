"""Reads of personal values and break-glass: seen, and reviewed by somebody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.pseudonyms import links
from gis.pseudonyms.keys import PseudonymKeys
from tests.api.conftest import World, new_key
from tests.event_chains import chain_of

pytestmark = pytest.mark.database
READS = "/v1/admin/personal-access"
GLASS = "/v1/break-glass"
VERDICT = {"verdict": "in_order", "note": "called back"}


@pytest.fixture
def reviewer(world: World) -> dict[str, str]:
    return world.bearer(Grant("privacy_officer"))


def read_caller(
    client: TestClient, headers: dict[str, str], incident: dict[str, Any], reason: str
) -> Any:
    path = f"/v1/incidents/{incident['incident_id']}/caller"
    return client.post(path, json={"reason": reason}, headers=headers)


def test_reads_are_found_by_who_why_and_what(
    client: TestClient, take_call: Callable[..., dict], dispatcher: dict[str, str],
    world: World, reviewer: dict[str, str],
) -> None:  # fmt: skip
    incidents = [take_call(caller_number=f"1380013800{number}") for number in range(3)]
    other = world.bearer(Grant("dispatcher"))
    for incident in incidents:
        read_caller(client, dispatcher, incident, "Call back: line was cut")
    read_caller(client, other, incidents[0], "wrong address")

    def found(**wanted: object) -> list[dict[str, Any]]:
        answer = client.get(READS, params=wanted, headers=reviewer)
        assert answer.status_code == 200, answer.text
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    everything = found()
    assert [one["access_id"] for one in everything] == sorted(
        (one["access_id"] for one in everything), reverse=True
    )
    assert len(everything) == 4
    assert len(found(actor=everything[0]["actor"])) == 1
    assert len(found(reason="call BACK")) == 3
    assert len(found(subject=everything[0]["subject_id"])) == 2
    assert len(found(until=everything[-1]["accessed_at"])) == 0
    assert len(found(since=everything[-1]["accessed_at"])) == 4
    pages, before = [], None
    while True:
        params = {"limit": 3} | ({} if before is None else {"before": before})
        page = client.get(READS, params=params, headers=reviewer).json()
        pages += page["entries"]
        before = page["next_before"]
        if before is None:
            break
    assert pages == everything
    assert client.get(READS, headers=dispatcher).status_code == 403


def test_another_person_reviews_a_read_and_nobody_the_own(
    client: TestClient, take_call: Callable[..., dict], world: World, reviewer: dict[str, str]
) -> None:
    both = world.bearer(Grant("dispatcher"), Grant("privacy_officer"))
    read_caller(client, both, take_call(caller_number="13800138000"), "call back")
    (entry,) = client.get(READS, headers=reviewer).json()["entries"]
    path = f"{READS}/{entry['access_id']}/reviews"
    own = client.post(path, json=VERDICT, headers=both | new_key())
    assert (own.status_code, own.json()["code"]) == (403, "own_review")
    made = client.post(path, json=VERDICT, headers=reviewer | new_key())
    assert made.status_code == 201, made.text
    (entry,) = client.get(READS, params={"reviewed": True}, headers=reviewer).json()["entries"]
    assert entry["reviews"] == [made.json()]
    assert client.get(READS, params={"reviewed": False}, headers=reviewer).json()["entries"] == []
    (event,) = chain_of(world.database, "personal_access_review", made.json()["review_id"])
    assert event.payload == {"access_id": entry["access_id"], "verdict": "in_order"}
    with pytest.raises(DBAPIError), world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("UPDATE personal_access_reviews SET verdict = 'questioned'"))
    with pytest.raises(IntegrityError), world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(
            "INSERT INTO personal_access_reviews SELECT gen_random_uuid(), access_id, 'in_order',"
            " '', actor, now() FROM personal_access"
        ))  # fmt: skip
    unknown = client.post(f"{READS}/4711/reviews", json=VERDICT, headers=reviewer | new_key())
    assert unknown.json()["code"] == "access_unknown"


def test_a_broken_glass_opens_one_area_for_a_time_and_is_reviewed_once(
    client: TestClient, take_call: Callable[..., dict], world: World, reviewer: dict[str, str]
) -> None:
    incident = take_call((1, 1), caller_number="13800138000")
    assert incident["area_code"] == "440305"
    elsewhere = world.bearer(Grant("dispatcher", "440306"))
    assert read_caller(client, elsewhere, incident, "call back").status_code == 404
    body = {"jurisdiction": "440305", "minutes": 30, "reason": "caller transferred to us"}
    short = client.post(GLASS, json=body | {"reason": "so"}, headers=elsewhere | new_key())
    assert short.json()["code"] == "reason_missing"
    other = client.post(
        GLASS, json=body | {"permission": "user_admin"}, headers=elsewhere | new_key()
    )
    assert other.json()["code"] == "not_for_break_glass"
    opened = client.post(GLASS, json=body, headers=elsewhere | new_key()).json()
    named = {"incident": incident["number"], "reason": "call back"}
    callers = client.post("/v1/incidents/caller", json=named, headers=elsewhere)
    assert "13800138000" in callers.text
    # Nothing but callers' data is opened.
    path = f"/v1/incidents/{incident['incident_id']}"
    assert client.get(path, headers=elsewhere).status_code == 404
    (entry,) = client.get(READS, headers=reviewer).json()["entries"]
    assert entry["break_glass_id"] == opened["break_glass_id"]
    ended = client.post(f"{GLASS}/{opened['break_glass_id']}/end", headers=elsewhere).json()
    assert (ended["reads"], ended["ended_at"] is None) == (1, False)
    assert read_caller(client, elsewhere, incident, "call back").status_code == 404
    for given in (named, named | {"incident": "x-404"}):
        refused = client.post("/v1/incidents/caller", json=given, headers=elsewhere)
        assert (refused.status_code, refused.json()["code"]) == (404, "incident_not_found")
    again = client.post(f"{GLASS}/{opened['break_glass_id']}/end", headers=elsewhere)
    assert again.json()["code"] == "break_glass_unknown"
    assert client.get(GLASS, headers=elsewhere).json()["opened"] == [ended]
    review = f"/v1/admin/break-glass/{opened['break_glass_id']}/review"
    reviewers = [reviewer, world.bearer(Grant("administrator"))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda who: client.post(review, json=VERDICT, headers=who), reviewers)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    waiting = client.get("/v1/admin/break-glass", params={"reviewed": False}, headers=reviewer)
    assert waiting.json()["opened"] == []
    chain = chain_of(world.database, "break_glass", opened["break_glass_id"])
    assert [event.type for event in chain] == [
        "break_glass.opened", "break_glass.ended", "break_glass.reviewed"
    ]  # fmt: skip
    assert "transferred" not in str([event.payload for event in chain])


def test_a_broken_glass_ends_by_itself_and_nobody_reviews_the_own(
    client: TestClient, take_call: Callable[..., dict], world: World
) -> None:
    incident = take_call((1, 1), caller_number="13800138000")
    both = world.bearer(Grant("dispatcher", "440306"), Grant("privacy_officer", "440306"))
    body = {"jurisdiction": "440305", "minutes": 30, "reason": "caller transferred to us"}
    opened = client.post(GLASS, json=body, headers=both | new_key()).json()
    review = f"/v1/admin/break-glass/{opened['break_glass_id']}/review"
    own = client.post(review, json=VERDICT, headers=both)
    assert own.json()["code"] == "own_review"
    changes = ("expires_at = now() + interval '9 hours'", "reason = 'another good reason'",
               "reviewed_by = opened_by, reviewed_at = now(), verdict = 'in_order'")  # fmt: skip
    for change in changes:
        with pytest.raises(DBAPIError), world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(f"UPDATE break_glass SET {change}"))
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(
            "INSERT INTO break_glass (break_glass_id, user_id, opened_by, permission, jurisdiction,"
            " reason, opened_at, expires_at) SELECT gen_random_uuid(), user_id, opened_by,"
            " permission, '440307', reason, now() - interval '2 hours', now() - interval '1 hour'"
            " FROM break_glass"
        ))  # fmt: skip
    assert read_caller(client, both, incident, "call back").status_code == 200
    shown = client.get("/v1/session", headers=both).json()["user"]["grants"]
    assert [one["jurisdiction"] for one in shown if one["role"] == "break_glass"] == ["440305"]


def test_a_broken_glass_ends_with_the_right_to_break_it(
    client: TestClient, take_call: Callable[..., dict], world: World
) -> None:
    incident = take_call((1, 1), caller_number="13800138000")
    who = world.bearer(Grant("dispatcher", "440306"))
    body = {"jurisdiction": "440305", "minutes": 480, "reason": "caller transferred to us"}
    client.post(GLASS, json=body, headers=who | new_key())
    assert read_caller(client, who, incident, "call back").status_code == 200
    administrator = world.bearer(Grant("administrator"))
    user_id = client.get("/v1/session", headers=who).json()["user"]["user_id"]
    account = f"/v1/admin/accounts/{user_id}"
    version = client.get(account, headers=administrator).headers["etag"]
    roles = {"grants": [{"role": "planner", "jurisdiction": "440306"}]}
    changed = client.patch(account, json=roles, headers=administrator | {"If-Match": version})
    assert changed.status_code == 200, changed.text
    assert read_caller(client, who, incident, "call back").status_code == 403
    held = client.get("/v1/session", headers=who).json()["user"]
    assert "personal_read" not in held["permissions"]
    assert [one["role"] for one in held["grants"]] == ["planner"]


def test_links_of_pseudonyms_wait_for_their_review(
    client: TestClient, world: World, reviewer: dict[str, str], tmp_path: Any
) -> None:
    keys = PseudonymKeys(tmp_path / "keys")
    first, second = (keys.pseudonym(purpose, "110101") for purpose in ("referral", "surveillance"))
    with world.database.unit_of_work(SYSTEM) as uow:
        link_id = links.link(uow, first, second, reason="one outbreak, two names")
    (shown,) = client.get("/v1/admin/identity-links", headers=reviewer).json()["links"]
    assert shown["link_id"] == str(link_id)
    path = f"/v1/admin/identity-links/{link_id}/review"
    assert client.post(path, headers=reviewer).json() == {"link_id": str(link_id)}
    assert client.post(path, headers=reviewer).json()["code"] == "link_review_refused"
    assert client.get("/v1/admin/identity-links", headers=reviewer).json()["links"] == []
