"""Accounts, roles, logins and tokens: one administrator stays, and two never overwrite another."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.accounts.seen import Seen
from gis.accounts.service import find_account
from gis.events import first_broken_link
from gis.identity import Credential
from gis.tables import ApiToken, Event, IdempotencyKey, RolePermission
from gis.words import Words
from tests.api.conftest import PASSWORD, World, new_key
from tests.event_chains import chain_of

pytestmark = pytest.mark.database
ACCOUNTS = "/v1/admin/accounts"


@pytest.fixture
def administrator(world: World) -> dict[str, str]:
    return world.bearer(Grant("administrator"))


def make(client: TestClient, headers: dict[str, str], name: str, *grants: dict) -> dict[str, Any]:
    body = {"username": name, "password": PASSWORD, "grants": list(grants)}
    answer = client.post(ACCOUNTS, json=body, headers=headers | new_key())
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def match(account: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{account["version"]}"'}


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> Response:
    return client.post("/v1/session", json={"username": name, "password": password})


def at_once(*asks: Callable[[], Response]) -> list[Response]:
    """Ask everything at the same moment."""
    together = threading.Barrier(len(asks))

    def ask(one: Callable[[], Response]) -> Response:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def test_an_account_from_first_to_last(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    made = make(client, administrator, "li.na", {"role": "dispatcher", "jurisdiction": "4403"})
    path = f"{ACCOUNTS}/{made['user_id']}"
    assert (made["version"], made["display_name"], made["language"]) == (1, "li.na", "zh")
    assert log_in(client, "li.na").status_code == 200
    shown = client.get(path, headers=administrator)
    assert (shown.headers["ETag"], shown.json()["sessions"]) == ('"1"', 1)
    change = {
        "display_name": "李娜", "language": "en",
        "grants": [{"role": "hospital", "facility_id": 1}, {"role": "dispatcher"}],
    }  # fmt: skip
    changed = client.patch(path, json=change, headers=administrator | match(made)).json()
    assert (changed["display_name"], changed["language"], changed["version"]) == ("李娜", "en", 2)
    assert changed["grants"] == [
        {"role": "hospital", "jurisdiction": "", "facility_id": 1},
        {"role": "dispatcher", "jurisdiction": "", "facility_id": None},
    ]
    again = {"password": "another good one"}
    reset = client.post(f"{path}/password", json=again, headers=administrator | match(changed))
    assert (reset.json()["version"], reset.json()["sessions"]) == (3, 0)
    assert log_in(client, "li.na").status_code == 401
    assert log_in(client, "li.na", "another good one").status_code == 200
    closed = client.post(f"{path}/disable", headers=administrator | match(reset.json())).json()
    assert closed["disabled_at"] is not None
    assert log_in(client, "li.na", "another good one").status_code == 401
    opened = client.post(f"{path}/enable", headers=administrator | match(closed)).json()
    assert (opened["disabled_at"], opened["version"]) == (None, 5)
    listed = client.get(ACCOUNTS, headers=administrator).json()["accounts"]
    assert [one["username"] for one in listed] == sorted(one["username"] for one in listed)
    chain = chain_of(world.database, "account", made["user_id"])
    assert [event.type for event in chain] == [
        "account.made", "account.changed", "account.roles_set", "account.password_reset",
        "account.disabled", "account.enabled",
    ]  # fmt: skip
    assert first_broken_link(chain) is None
    assert "李娜" not in str([event.payload for event in chain])


def test_no_password_is_kept_with_the_request_that_brought_it(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    """Who has a dump cannot try passwords against the hash of a request."""
    body = {"username": "li.na", "password": PASSWORD}
    key = new_key()
    assert client.post(ACCOUNTS, json=body, headers=administrator | key).status_code == 201
    with world.database.read(SYSTEM) as uow:
        (kept,) = uow.session.scalars(select(IdempotencyKey.request_hash))
    # The same hash for another password: it does not depend on it.
    other = body | {"password": "quite another one"}
    assert client.post(ACCOUNTS, json=other, headers=administrator | key).status_code == 201
    with world.database.read(SYSTEM) as uow:
        assert uow.session.scalars(select(IdempotencyKey.request_hash)).all() == [kept]


def test_of_two_administrators_editing_one_account_one_is_told(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    made = make(client, administrator, "li.na")
    path, other = f"{ACCOUNTS}/{made['user_id']}", world.bearer(Grant("administrator"))
    answers = at_once(*(
        lambda headers=headers, name=name: client.patch(
            path, json={"display_name": name}, headers=headers | match(made)
        )
        for headers, name in ((administrator, "first"), (other, "second"))
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    refused = next(answer for answer in answers if answer.status_code == 412)
    assert refused.json()["code"] == "stale_version"
    won = next(answer for answer in answers if answer.status_code == 200)
    shown = client.get(path, headers=administrator).json()
    assert shown["display_name"] == won.json()["display_name"]
    bare = client.patch(path, json={"display_name": "x"}, headers=administrator)
    assert bare.status_code == 428


@pytest.mark.parametrize("way", ["disable", "demote", "narrow"])
@pytest.mark.parametrize("repeat", range(3))
def test_of_two_administrators_removing_each_other_one_is_refused(
    client: TestClient, world: World, way: str, repeat: int
) -> None:
    names = [world.user(Grant("administrator")) for _ in range(2)]
    headers, accounts = [], []
    for name in names:
        with world.database.unit_of_work(SYSTEM) as uow:
            token = world.accounts.create_token(uow, name, name="test")
            accounts.append(find_account(uow, name))
        headers.append({"Authorization": f"Bearer {token}"})

    def remove(mine: int) -> Response:
        path = f"{ACCOUNTS}/{accounts[1 - mine]}"
        sent = headers[mine] | {"If-Match": "1"}
        if way == "disable":
            return client.post(f"{path}/disable", headers=sent)
        left = [] if way == "demote" else [{"role": "administrator", "jurisdiction": "4403"}]
        return client.patch(path, json={"grants": left}, headers=sent)

    answers = at_once(lambda: remove(0), lambda: remove(1))
    refused = [answer for answer in answers if answer.status_code != 200]
    # Who was removed before he asked is nobody any more.
    assert len(refused) == 1, [answer.text for answer in answers]
    assert refused[0].json()["code"] in {
        "last_administrator", "not_authenticated", "permission_denied", "account_beyond"
    }  # fmt: skip
    with world.database.read(SYSTEM) as uow:
        left = uow.session.execute(text("SELECT an_administrator_is_there()")).scalar_one()
    assert left


def test_the_last_administrator_stays_whatever_is_tried(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    with world.database.read(SYSTEM) as uow:
        (user_id,) = uow.session.scalars(select(ApiToken.user_id))
    path, sent = f"{ACCOUNTS}/{user_id}", administrator | {"If-Match": "1"}
    for answer in (
        client.post(f"{path}/disable", headers=sent),
        client.patch(path, json={"grants": []}, headers=sent),
        client.put("/v1/admin/roles/administrator/permissions", json={"permissions": []},
                   headers=administrator),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    for statement in (
        "DELETE FROM user_roles", "DELETE FROM users", "UPDATE users SET disabled_at = now()",
        "UPDATE role_permissions SET held = false", "DELETE FROM role_permissions",
        "DELETE FROM roles", "UPDATE user_roles SET jurisdiction = '4403'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(statement))
    assert client.get(path, headers=administrator).json()["version"] == 1


def test_where_there_never_was_an_administrator_nothing_is_in_the_way(world: World) -> None:
    world.user(Grant("dispatcher"))
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM user_roles"))


def test_nobody_adds_to_the_own_rights(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    with world.database.read(SYSTEM) as uow:
        (user_id,) = uow.session.scalars(select(ApiToken.user_id))
    more = [{"role": "administrator"}, {"role": "dispatcher"}]
    answer = client.patch(
        f"{ACCOUNTS}/{user_id}", json={"grants": more}, headers=administrator | {"If-Match": "1"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "own_rights")
    with world.database.read(SYSTEM) as uow:
        held = uow.session.scalars(
            select(RolePermission.permission).where(RolePermission.role == "administrator")
        ).all()
    answer = client.put(
        "/v1/admin/roles/administrator/permissions",
        json={"permissions": [*held, "personal_read"]}, headers=administrator,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "own_rights")


def test_an_administrator_of_an_area_stays_within_it(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    local = world.bearer(Grant("administrator", "440305"))
    body = {"username": "li.na", "password": PASSWORD}
    for grants in ([{"role": "dispatcher"}], [{"role": "dispatcher", "jurisdiction": "440306"}]):
        answer = client.post(ACCOUNTS, json=body | {"grants": grants}, headers=local | new_key())
        assert (answer.status_code, answer.json()["code"]) == (403, "account_beyond")
    mine = make(client, local, "wu.di", {"role": "dispatcher", "jurisdiction": "440305"})
    other = make(client, administrator, "li.na", {"role": "dispatcher"})
    bare = make(client, administrator, "han.mei")
    assert client.post(ACCOUNTS, json=body, headers=local | new_key()).status_code == 403
    for account, status in ((mine, 200), (other, 403), (bare, 403)):
        path = f"{ACCOUNTS}/{account['user_id']}"
        answers = [
            client.post(f"{path}/sign-out", headers=local),
            client.post(f"{path}/disable", headers=local | match(account)),
        ]
        assert [answer.status_code for answer in answers] == [status, status]
    token = {"user_id": bare["user_id"], "name": "for later"}
    assert client.post("/v1/admin/tokens", json=token, headers=local).status_code == 403
    role = {"role": "auditor", "name_en": "auditor", "name_zh": "审计员"}
    refused = client.post("/v1/admin/roles", json=role, headers=local | new_key())
    assert refused.json()["code"] == "account_beyond"


def test_lists_hold_what_lies_within_the_areas_of_the_right(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    local = world.bearer(Grant("administrator", "440305"))
    names = {
        "near": [("dispatcher", "440305")], "both": [("dispatcher", "440306"), ("cdc", "440305")],
        "far": [("dispatcher", "440306")], "above": [("dispatcher", "4403")],
        "everywhere": [("dispatcher", "")], "bare": [],
    }  # fmt: skip
    made = {
        name: make(client, administrator, name,
                   *({"role": role, "jurisdiction": area} for role, area in grants))
        for name, grants in names.items()
    }  # fmt: skip
    for account in made.values():
        body = {"user_id": account["user_id"], "name": "for a program"}
        assert client.post("/v1/admin/tokens", json=body, headers=administrator).is_success
        assert log_in(client, account["username"]).is_success
        client.cookies.clear()

    def listed(path: str, key: str, who: dict[str, str]) -> set[str]:
        answer = client.get(path, headers=who)
        return {one["username"] for one in answer.json()[key]} & set(names)

    for path, key in (
        (ACCOUNTS, "accounts"), ("/v1/admin/sessions", "sessions"), ("/v1/admin/tokens", "tokens"),
    ):  # fmt: skip
        assert listed(path, key, local) == {"near", "both"}
        assert listed(path, key, administrator) == set(names)
        assert listed(f"{path}?user_id={made['far']['user_id']}", key, local) <= {"near", "both"}
    for name, account in made.items():
        answer = client.get(f"{ACCOUNTS}/{account['user_id']}", headers=local)
        assert answer.status_code == (200 if name in {"near", "both"} else 404)
    # The own account is always seen, whatever areas it is for.
    own = client.get("/v1/session", headers=local).json()["user"]["username"]
    assert own in {
        one["username"] for one in client.get(ACCOUNTS, headers=local).json()["accounts"]
    }


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"role": "poet"}, "role_unknown"),
        ({"role": "dispatcher", "jurisdiction": '44"'}, "jurisdiction_invalid"),
        ({"role": "hospital", "facility_id": 4711}, "facility_unknown"),
    ],
)
def test_a_role_that_cannot_be_given(
    client: TestClient, administrator: dict[str, str], grant: dict, code: str
) -> None:
    made = make(client, administrator, "li.na", {"role": "dispatcher"})
    path = f"{ACCOUNTS}/{made['user_id']}"
    sent = administrator | match(made)
    answer = client.patch(path, json={"grants": [grant]}, headers=sent)
    assert answer.json()["code"] == code
    body = {"username": "wu.di", "password": PASSWORD, "grants": [grant]}
    answer = client.post(ACCOUNTS, json=body, headers=administrator | new_key())
    assert answer.json()["code"] == code
    shown = client.get(path, headers=administrator).json()
    assert [one["role"] for one in shown["grants"]] == ["dispatcher"]


def test_a_token_is_shown_once_and_ends_when_it_is_withdrawn(
    client: TestClient, administrator: dict[str, str]
) -> None:
    account = make(client, administrator, "tracker", {"role": "responder"})
    body = {"user_id": account["user_id"], "name": "vehicle tracker", "days": 90}
    made = client.post("/v1/admin/tokens", json=body, headers=administrator).json()
    program = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/v1/session", headers=program).json()["user"]["username"] == "tracker"
    listed = client.get(
        "/v1/admin/tokens", params={"user_id": account["user_id"]}, headers=administrator
    )
    assert listed.json()["tokens"] == [made["made"]]
    assert made["token"] not in listed.text
    path = f"/v1/admin/tokens/{made['made']['token_id']}"
    assert client.delete(path, headers=administrator).json() == {"ended": 1}
    assert client.get("/v1/session", headers=program).status_code == 401
    assert client.delete(path, headers=administrator).json()["code"] == "login_unknown"


def test_logins_are_listed_with_when_they_were_seen_and_ended(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    name = world.user(Grant("dispatcher"))
    cookies = [log_in(client, name).cookies["goldenhour_session"] for _ in range(3)]
    client.cookies.clear()
    listed = client.get("/v1/admin/sessions", headers=administrator).json()["sessions"]
    assert [one["username"] for one in listed] == [name] * 3
    assert {one["seen_at"] for one in listed} == {None}
    seen = Seen()
    seen.note(Credential("session", cookies[0]), world.database.clock.now())
    seen.write(world.database)
    listed = client.get("/v1/admin/sessions", headers=administrator).json()["sessions"]
    used = next(one for one in listed if one["seen_at"] is not None)
    path = f"/v1/admin/sessions/{used['session_id']}"
    assert client.delete(path, headers=administrator).json() == {"ended": 1}
    alive = {"Cookie": f"goldenhour_session={cookies[1]}"}
    ended = {"Cookie": f"goldenhour_session={cookies[0]}"}
    assert client.get("/v1/session", headers=ended).status_code == 401
    assert client.get("/v1/session", headers=alive).status_code == 200
    user_id = used["user_id"]
    everywhere = client.post(f"{ACCOUNTS}/{user_id}/sign-out", headers=administrator)
    assert everywhere.json() == {"ended": 2}
    assert client.get("/v1/session", headers=alive).status_code == 401


def test_a_role_made_here_counts_at_once(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    body = {"role": "auditor", "name_en": "auditor", "name_zh": "审计员",
            "permissions": ["events_read"]}  # fmt: skip
    made = client.post("/v1/admin/roles", json=body, headers=administrator | new_key()).json()
    assert made == {
        "role": "auditor", "words": Words(en="auditor", zh="审计员").as_json(), "declared": False,
        "permissions": ["events_read"], "accounts": 0,
    }  # fmt: skip
    auditor = world.bearer(Grant("auditor"))
    path = "/v1/admin/roles/auditor/permissions"
    client.put(path, json={"permissions": ["incident_read"]}, headers=administrator)
    shown = client.get("/v1/session", headers=auditor).json()["user"]["permissions"]
    assert shown == ["incident_read"]
    roles = client.get("/v1/admin/roles", headers=administrator).json()
    assert {one["role"] for one in roles["roles"]} >= {"auditor", "dispatcher"}
    assert next(one for one in roles["roles"] if one["role"] == "auditor")["accounts"] == 1
    assert all(one["words"]["zh"] and one["words"]["en"] for one in roles["permissions"])
    assert client.delete("/v1/admin/roles/auditor", headers=administrator).status_code == 200
    assert client.get("/v1/session", headers=auditor).json()["user"]["permissions"] == []
    kept = client.delete("/v1/admin/roles/dispatcher", headers=administrator)
    assert kept.json()["code"] == "role_declared"
    with world.database.read(SYSTEM) as uow:
        types = uow.session.scalars(
            select(Event.type).where(Event.subject_id == "auditor").order_by(Event.subject_version)
        ).all()
    assert types == [
        "role.made", "role.permissions_given", "role.permissions_given", "role.permissions_taken",
        "role.removed",
    ]  # fmt: skip
