"""The database goes away: a clear answer, nothing half-saved, and back to work afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text
from starlette.testclient import TestClient

from api.http.errors import PROBLEM_JSON
from dispatch.incidents import calls
from gis.access import SYSTEM
from gis.database import Database
from gis.tables import Incident
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database


def cut_connections(owner_url: str) -> None:
    """End every other connection to the database, as a restart of the server would."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


def interrupt(monkeypatch: pytest.MonkeyPatch, name: str, after: Callable[[], None]) -> None:
    """Let `after` happen once a use case has done its work, before the commit."""
    real = getattr(calls, name)
    happened: list[bool] = []

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if not happened:
            happened.append(True)
            after()
        return result

    monkeypatch.setattr(calls, name, interrupted)


def test_lost_in_mid_request_nothing_is_saved_and_the_repeat_works(  # noqa: PLR0917
    client: TestClient, world: World, dispatcher: dict[str, str], take_call, owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    incident = take_call()
    path = f"/v1/incidents/{incident['incident_id']}/patients"
    interrupt(monkeypatch, "add_patient", lambda: cut_connections(owner_url))
    headers = dispatcher | new_key()
    lost = client.post(path, json={"age_years": 40}, headers=headers)
    assert lost.status_code == 503
    assert lost.headers["Content-Type"] == PROBLEM_JSON
    assert lost.json()["code"] == "database_unavailable"
    assert "Idempotency-Key" in lost.json()["detail"]
    assert "Retry-After" in lost.headers
    again = client.post(path, json={"age_years": 40}, headers=headers)
    assert again.status_code == 201
    shown = client.get(f"/v1/incidents/{incident['incident_id']}", headers=dispatcher).json()
    assert len(shown["patients"]) == 1


def test_an_answer_is_sent_only_after_the_commit(
    client: TestClient, world: World, dispatcher: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that fails becomes an error answer, never a success that was not stored."""

    def refuse(session: Any) -> None:
        session.execute(
            text(
                "CREATE TEMP TABLE late (n int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)"
                " ON COMMIT DROP"
            )
        )
        session.execute(text("INSERT INTO late VALUES (1), (1)"))

    real = world.database.unit_of_work
    monkeypatch.setattr(world.database, "unit_of_work", lambda who: Doomed(real(who), refuse))
    answer = client.post(
        "/v1/calls", json={"city_id": world.city_id, "source": "phone"},
        headers=dispatcher | new_key(),
    )  # fmt: skip
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    with world.database.read(SYSTEM) as uow:
        assert uow.session.execute(select(func.count()).select_from(Incident)).scalar_one() == 0


class Doomed:
    """A unit of work whose commit the database will refuse."""

    def __init__(self, manager: Any, spoil: Callable[[Any], None]) -> None:
        self._manager, self._spoil = manager, spoil

    def __enter__(self) -> Any:
        uow = self._manager.__enter__()
        self._spoil(uow.session)
        return uow

    def __exit__(self, *details: object) -> Any:
        return self._manager.__exit__(*details)


def test_health_says_when_the_database_is_away(client: TestClient, app: Any) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    away = Database("postgresql+psycopg://nobody@/nothing?host=/nowhere", pool_size=1)
    context = app.state.context
    object.__setattr__(context, "database", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert "nowhere" not in answer.text
    away.close()


def test_more_requests_than_connections_wait_their_turn(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    def get(_: int) -> int:
        path = "/v1/incidents"
        return client.get(path, params={"city_id": world.city_id}, headers=dispatcher).status_code

    with ThreadPoolExecutor(60) as pool:
        assert set(pool.map(get, range(120))) == {200}
