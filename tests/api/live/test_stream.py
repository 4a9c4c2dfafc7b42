"""The live stream: resumed without loss, filtered for each viewer, honest when it cannot go on."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, delete, text
from starlette.testclient import TestClient

from api.live import broadcaster as broadcasting
from api.live import stream
from api.live import subscription as subscribing
from api.live.broadcaster import Broadcaster
from api.live.repository import LatestPosition, StreamedEvent
from api.live.subscription import Notice, PositionNotice, Subscription
from api.live.views import read_views
from data.jobs import LOAD_CITY
from dispatch.assignments.service import assign
from dispatch.incidents.calls import NewCall, take_call
from dispatch.model import CallSource
from dispatch.permissions import INCIDENT_READ
from gis.access import SYSTEM, Grant, Identity
from gis.database import Database
from gis.identity import Credential
from gis.jobs import service as jobs
from gis.jobs.model import JobState
from gis.jobs.repository import finish, note_progress
from gis.listening import libpq_url
from gis.permissions import EVENTS_READ
from gis.roles import add_role, remove_role, revoke_permissions
from gis.rooms.model import View
from gis.sequencer import Sequencer
from gis.tables import ApiToken
from gis.words import Words
from routing.jobs import METRICS
from tests.api.conftest import World, new_key
from tests.cities import corner
from tests.identities import granted
from tests.statements import counted


@dataclass
class Frame:
    """One server-sent event."""

    event: str = ""
    data: Any = None
    id: str | None = None
    comments: list[str] = field(default_factory=list)


def frames(answer: Any) -> Iterator[Frame]:
    frame = Frame()
    for line in answer.iter_lines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            yield frame
            frame = Frame()
        elif not name:
            frame.comments.append(value)
        elif name == "data":
            frame.data = json.loads(value)
        elif name in {"event", "id"}:
            setattr(frame, name, value)


@pytest.fixture(autouse=True)
def fast_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TICK_S", 0.2)
    monkeypatch.setattr(broadcasting, "POLL_S", 0.3)
    monkeypatch.setattr(broadcasting, "POSITIONS_EVERY_S", 0.1)


@contextmanager
def listening(client: TestClient, headers: dict[str, str], **params: Any) -> Iterator[Any]:
    with client.stream("GET", "/v1/stream", params=params, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        reader = frames(answer)
        assert next(reader).comments == ["GoldenHour"]
        yield reader


def collect(
    reader: Iterator[Frame], enough: Callable[[list[Frame]], bool], *, seconds: float = 10
) -> list[Frame]:
    """Read until `enough` of what was read; ticks make sure that the time is looked at."""
    seen: list[Frame] = []
    deadline = time.monotonic() + seconds
    while not enough(seen):
        assert time.monotonic() < deadline, f"only {[f.event for f in seen]} came"
        seen.append(next(reader))
    return seen


def quiet(reader: Iterator[Frame], *, ticks: int = 3) -> list[Frame]:
    """Read over some ticks; return what else came."""
    seen = collect(reader, lambda all_: sum(f.event == "tick" for f in all_) >= ticks)
    return [frame for frame in seen if frame.event != "tick"]


def domain(seen: list[Frame]) -> list[Frame]:
    return [frame for frame in seen if frame.event == "domain"]


def enough_events(count: int) -> Callable[[list[Frame]], bool]:
    return lambda seen: len(domain(seen)) >= count


@pytest.mark.database
@pytest.mark.usefixtures("running_sequencer")
def test_a_call_arrives_with_its_incident(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    with listening(client, dispatcher, city_id=world.city_id) as reader:
        incident = take_call()
        seen = domain(collect(reader, enough_events(2)))
    first = seen[0].data
    assert first["type"] == "incident.call_received"
    assert first["subject_id"] == incident["incident_id"]
    assert first["incident"]["number"] == incident["number"]
    assert first["incident"]["assignments"] == []
    assert [int(str(frame.id)) for frame in seen] == [frame.data["position"] for frame in seen]


@pytest.mark.database
@pytest.mark.usefixtures("running_sequencer")
def test_a_dispatch_shows_the_unit_too(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call()
    with listening(client, dispatcher, city_id=world.city_id) as reader:
        client.post(
            f"/v1/incidents/{incident['incident_id']}/assignments",
            json={"unit_id": world.unit_ids[0]}, headers=dispatcher | new_key(),
        )  # fmt: skip
        seen = collect(reader, lambda all_: any(f.data and "unit" in f.data for f in all_))
    unit = next(f.data["unit"] for f in seen if f.data and "unit" in f.data)
    assert unit["unit_id"] == world.unit_ids[0]
    assert unit["status"] != "Available"


@pytest.mark.database
def test_who_comes_and_goes_is_told_without_a_question(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    path = f"/v1/incidents/{take_call()['incident_id']}/desks/{uuid4()}"
    with listening(client, dispatcher, city_id=world.city_id) as reader:
        # Until the process listens nothing is heard: each desk says so again.
        deadline = time.monotonic() + 20
        seen: list[Frame] = []
        while not any(frame.event == "presence" for frame in seen):
            assert time.monotonic() < deadline
            assert client.put(path, headers=dispatcher).json() == {"desks": []}
            client.delete(f"/v1/desks/{path.rsplit('/', 1)[1]}", headers=dispatcher)
            seen.append(next(reader))
    told = next(frame for frame in seen if frame.event == "presence")
    assert told.data["incident_id"] in path
    assert told.id is None


@pytest.mark.database
def test_events_that_commit_out_of_order_are_all_delivered_once(
    client: TestClient, world: World, dispatcher: dict[str, str], sequencer: Sequencer
) -> None:
    """The event written first commits last: by insert id a resumed reader would lose it."""

    def call(uow: Any) -> str:
        return take_call(uow, NewCall(world.city_id, CallSource.PHONE)).incident.number

    early = world.database.unit_of_work(SYSTEM)
    slow = early.__enter__()
    slow_number = take_call(
        slow, NewCall(world.city_id, CallSource.PHONE, received_at=datetime(2025, 1, 1, tzinfo=UTC))
    ).incident.number
    with world.database.unit_of_work(SYSTEM) as uow:
        quick_number = call(uow)
    sequencer.run_once()
    with listening(client, dispatcher, **{"from": 1}) as reader:
        before = domain(collect(reader, enough_events(2)))
    assert {f.data["incident"]["number"] for f in before} == {quick_number}
    early.__exit__(None, None, None)
    sequencer.run_once()
    resumed = dispatcher | {"Last-Event-ID": str(before[-1].id)}
    with listening(client, resumed) as reader:
        after = domain(collect(reader, enough_events(2)))
        after += domain(quiet(reader))
    assert {f.data["incident"]["number"] for f in after} == {slow_number}
    positions = [f.data["position"] for f in before + after]
    assert positions == [2, 3, 4, 5]


@pytest.mark.database
def test_nothing_falls_between_the_list_and_the_stream(
    client: TestClient, world: World, dispatcher: dict[str, str], sequencer: Sequencer, take_call
) -> None:
    take_call()
    sequencer.run_once()
    listed = client.get("/v1/incidents", params={"city_id": world.city_id}, headers=dispatcher)
    later = take_call()
    sequencer.run_once()
    start = listed.headers["X-Stream-Position"]
    with listening(client, dispatcher, city_id=world.city_id, **{"from": start}) as reader:
        seen = domain(collect(reader, enough_events(2)))
    assert {frame.data["subject_id"] for frame in seen} == {later["incident_id"]}


@pytest.mark.database
@pytest.mark.usefixtures("running_sequencer")
def test_each_viewer_gets_the_events_of_the_own_jurisdiction(
    client: TestClient, world: World, take_call
) -> None:
    west = world.bearer(Grant("dispatcher", "440305"))
    with listening(client, west) as reader:
        elsewhere = take_call((6, 6))
        here = take_call((1, 1))
        unplaced = take_call(None)
        seen = domain(collect(reader, enough_events(4)))
        seen += domain(quiet(reader))
    subjects = {frame.data["subject_id"] for frame in seen}
    assert (elsewhere["area_code"], here["area_code"]) == ("440306", "440305")
    assert subjects == {here["incident_id"], unplaced["incident_id"]}


@pytest.mark.database
def test_who_may_not_see_events_gets_no_stream(client: TestClient, world: World) -> None:
    answer = client.get("/v1/stream", headers=world.bearer(Grant("hospital")))
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.database
@pytest.mark.usefixtures("running_sequencer")
@pytest.mark.parametrize("taken", ["role", "permission"])
def test_a_role_removed_under_its_holder_is_gone_from_the_open_stream(
    client: TestClient, world: World, take_call, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    monkeypatch.setattr(broadcasting, "LOGIN_CHECK_S", 0.5)
    with world.database.unit_of_work(SYSTEM) as uow:
        add_role(uow, "watcher", words=Words(en="watcher", zh="观察员"),
                 permissions=[EVENTS_READ, INCIDENT_READ])  # fmt: skip
    with listening(client, world.bearer(Grant("watcher"))) as reader:
        incident = take_call((1, 1))
        seen = domain(collect(reader, enough_events(2)))
        assert {frame.data["subject_id"] for frame in seen} == {incident["incident_id"]}
        with world.database.unit_of_work(SYSTEM) as uow:
            if taken == "role":
                remove_role(uow, "watcher")
            else:
                revoke_permissions(uow, "watcher", [EVENTS_READ])
        rest = list(reader)
    assert rest[-1].event == "logout"


@pytest.mark.database
def test_a_job_is_followed_live_by_who_may_see_it(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    def shares(seen: list[Frame]) -> list[tuple[str, float]]:
        moved = [job for frame in seen if frame.event == "jobs" for job in frame.data["jobs"]]
        assert {job["name"] for job in moved} <= {METRICS.name}
        return [(job["state"], job["done"]) for job in moved]

    with listening(client, dispatcher, city_id=world.city_id) as reader:
        with world.database.unit_of_work(SYSTEM) as uow:
            jobs.defer(uow, LOAD_CITY)  # an administrator's
            jobs.defer(uow, METRICS, {"city_id": world.city_id + 1})
            job_id = jobs.defer(uow, METRICS, {"city_id": world.city_id})
        assert shares(collect(reader, lambda all_: bool(shares(all_))))[-1] == ("waiting", 0.0)
        with world.database.unit_of_work(SYSTEM) as uow:
            note_progress(uow.session, job_id, done=0.5, total=1.0, message=Words(en="", zh=""))
        assert shares(collect(reader, lambda all_: bool(shares(all_))))[-1] == ("waiting", 0.5)
        with world.database.unit_of_work(SYSTEM) as uow:
            finish(uow.session, job_id, JobState.DONE)
        assert shares(collect(reader, lambda all_: bool(shares(all_))))[-1] == ("done", 0.5)


@pytest.mark.database
def test_positions_come_batched_and_coalesced(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    device = world.bearer(Grant("responder"))
    lon, lat = corner(2, 2)
    with listening(client, dispatcher, city_id=world.city_id) as reader:
        quiet(reader, ticks=1)
        reports = [
            {"unit_id": unit, "lon": lon, "lat": lat, "device_at": datetime.now(UTC).isoformat()}
            for unit in world.unit_ids[:2]
        ]
        body = {"datum": "wgs84", "source": "tablet", "positions": reports}
        assert client.post("/v1/positions", json=body, headers=device).json()["accepted"] == 2
        seen = collect(reader, lambda all_: any(f.event == "positions" for f in all_))
        again = quiet(reader)
    batch = next(frame for frame in seen if frame.event == "positions")
    assert batch.id is None
    assert {p["unit_id"] for p in batch.data["positions"]} == set(world.unit_ids[:2])
    assert batch.data["positions"][0]["lon"] == pytest.approx(lon)
    assert again == []


@pytest.mark.database
@pytest.mark.parametrize("last", ["999999", "nonsense", "-1"])
def test_an_unknown_position_leads_to_resync(
    client: TestClient, dispatcher: dict[str, str], last: str, take_call, sequencer: Sequencer
) -> None:
    take_call()
    sequencer.run_once()
    with listening(client, dispatcher | {"Last-Event-ID": last}) as reader:
        first = next(reader)
    assert (first.event, first.data) == ("resync", {"reason": "position_unknown"})
    # With this id the next reconnect goes on without another resync.
    assert first.id == "3"


@pytest.mark.database
def test_a_withdrawn_login_ends_the_stream(
    client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "LOGIN_CHECK_S", 0.5)
    with listening(client, world.bearer(Grant("dispatcher"))) as reader:
        quiet(reader, ticks=1)
        with world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(delete(ApiToken))
        seen = list(reader)
    assert seen[-1].event == "logout"


@asynccontextmanager
async def broadcasting_of(database: Database) -> AsyncIterator[Broadcaster]:
    broadcaster = Broadcaster(database, read_views=read_views)
    broadcaster.start()
    try:
        yield broadcaster
    finally:
        await broadcaster.stop()


@pytest.mark.database
def test_logins_of_all_readers_are_checked_in_one_statement(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "LOGIN_CHECK_S", 0.2)
    leaving, *staying = (
        Credential("bearer", world.token(Grant("dispatcher"))) for _ in range(6)
    )  # fmt: skip

    async def run() -> tuple[list[bool], list[str]]:
        async with broadcasting_of(world.database) as broadcaster:
            readers = [
                await broadcaster.subscribe(SYSTEM, None, credential=credential)
                for credential in (leaving, *staying)
            ]
            with world.database.unit_of_work(SYSTEM) as uow:
                world.accounts.withdraw_token(uow, leaving.token)
            async with asyncio.timeout(10):
                while not readers[0].logged_out:
                    await asyncio.sleep(0.05)
            with counted(world.database.engine) as sent:
                broadcaster._read_identities({leaving, *staying})
            assert all(reader.identity.username != "system" for reader in readers[1:])
            return [reader.logged_out for reader in readers], sent

    logged_out, sent = asyncio.run(run())
    assert logged_out == [True] + [False] * 5
    assert len([one for one in sent if "api_tokens" in one]) == 1


@pytest.mark.database
def test_coming_back_many_events_behind_costs_few_statements_and_those_once(
    world: World, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 events of 200 incidents and some of units, missed by every reader of the process."""
    with world.database.unit_of_work(SYSTEM) as uow:
        taken = [take_call(uow, NewCall(world.city_id, CallSource.PHONE)) for _ in range(200)]
        for call, unit_id in zip(taken, world.unit_ids, strict=False):
            assign(uow, call.incident.incident_id, unit_id=unit_id)
    sequencer.run_once()
    behind = 400 + 2 * len(world.unit_ids)

    gaps: list[list[str]] = []
    read_gap = Broadcaster._read_gap

    def noted(broadcaster: Broadcaster, after: int, until: int) -> list[Notice] | None:
        with counted(world.database.engine, of_this_thread=True) as sent:
            found = read_gap(broadcaster, after, until)
        gaps.append(sent)
        return found

    async def run() -> None:
        async with broadcasting_of(world.database) as broadcaster:
            shown = Credential("bearer", "x")
            reader = await broadcaster.subscribe(SYSTEM, None, credential=shown)
            for after in (1, 1, 101):
                notices = await broadcaster.catch_up(reader, after)
                assert notices is not None
                assert [n.event.position for n in notices] == list(range(after + 1, behind + 2))
                assert all(notice.views for notice in notices)

    monkeypatch.setattr(Broadcaster, "_read_gap", noted)
    asyncio.run(run())
    (sent,) = gaps
    assert len(sent) <= 10, sent


@pytest.mark.database
def test_ticks_carry_the_position_past_events_for_others(
    client: TestClient, world: World, sequencer: Sequencer, take_call
) -> None:
    with listening(client, world.bearer(Grant("dispatcher", "440305"))) as reader:
        take_call((6, 6))
        sequencer.run_once()
        seen = collect(reader, lambda all_: bool(all_) and all_[-1].id == "3")
    assert domain(seen) == []
    assert seen[-1].event == "tick"
    assert seen[-1].comments == ["keep-alive"]


@pytest.mark.database
def test_without_listen_the_events_still_come(
    client: TestClient, dispatcher: dict[str, str], take_call, sequencer: Sequencer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def refuse(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", refuse)
    with listening(client, dispatcher) as reader:
        take_call()
        sequencer.run_once()
        assert len(domain(collect(reader, enough_events(2)))) == 2


@pytest.mark.database
def test_the_stream_outlives_the_loss_of_the_database(
    client: TestClient, dispatcher: dict[str, str], take_call, sequencer: Sequencer, owner_url: str
) -> None:
    with listening(client, dispatcher) as reader:
        quiet(reader, ticks=1)
        engine = create_engine(owner_url)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        engine.dispose()
        take_call()
        sequencer.run_once()
        assert len(domain(collect(reader, enough_events(2)))) == 2


@pytest.mark.database
def test_a_reader_that_leaves_is_forgotten(client: TestClient, app, dispatcher) -> None:
    subscriptions = app.state.context.broadcaster._subscriptions
    with listening(client, dispatcher):
        assert len(subscriptions) == 1
    deadline = time.monotonic() + 5
    while subscriptions and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not subscriptions


def event(position: int, *, area_code: str | None = "440305", **changed: Any) -> StreamedEvent:
    values = {
        "position": position, "type": "incident.coded", "subject_kind": "incident",
        "subject_id": "i", "occurred_at": datetime(2026, 1, 1, tzinfo=UTC), "actor": "system",
        "payload": {}, "city_id": 1, "area_code": area_code,
    }  # fmt: skip
    return StreamedEvent(**(values | changed))


DISPATCHER = Identity(None, "li", "Li", grants=(granted("dispatcher", "440305"),))


def test_a_slow_reader_is_dropped() -> None:
    subscription = Subscription(DISPATCHER, None, 0, length=3)
    subscription.offer([Notice(event(n), {}) for n in (1, 2, 3)], 3)
    assert not subscription.lost
    subscription.offer([Notice(event(4), {})], 4)
    assert subscription.lost
    assert subscription.take() == ([], [])


def test_a_slow_reader_is_told_to_load_anew() -> None:
    async def run() -> list[bytes]:
        subscription = Subscription(DISPATCHER, None, 0, length=0)
        subscription.offer([Notice(event(1), {})], 1)
        generator = stream._frames(None, subscription, None)  # type: ignore[arg-type]
        return [frame async for frame in generator]

    sent = asyncio.run(run())
    assert b'event: resync\ndata: {"reason":"slow_reader"}' in sent[-1]


def test_an_incident_that_left_the_jurisdiction_is_not_shown() -> None:
    notice = Notice(event(1), {"incident": View("440306", {"number": "secret"})})
    assert notice.visible_to(DISPATCHER, None)
    assert "secret" not in notice.text_for(DISPATCHER)
    assert "secret" in notice.text_for(SYSTEM)


@pytest.mark.parametrize(
    ("changed", "visible"),
    [
        ({}, True),
        ({"city_id": 2}, False),
        ({"city_id": None}, True),
        ({"area_code": "440306"}, False),
        ({"area_code": None}, True),
        ({"subject_kind": "case"}, False),
        ({"subject_kind": "unit", "type": "unit.status_changed"}, True),
    ],
)
def test_what_a_reader_of_one_city_gets(changed: dict[str, Any], visible: bool) -> None:
    assert Notice(event(1, **changed), {}).visible_to(DISPATCHER, 1) is visible


def test_events_before_the_subscription_are_not_repeated() -> None:
    subscription = Subscription(DISPATCHER, None, 2)
    subscription.offer([Notice(event(n), {}) for n in (1, 2, 3)], 3)
    notices, _ = subscription.take()
    assert [notice.event.position for notice in notices] == [3]


def test_what_is_published_while_the_gap_is_read_leaves_no_hole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest kept in memory is pushed out meanwhile: it stood in neither list."""
    monkeypatch.setattr(broadcasting, "_KEPT", 4)
    database = Database("postgresql+psycopg:///nowhere", pool_size=1)
    broadcaster = Broadcaster(database, read_views=lambda *_: [])
    recent = broadcaster._recent = broadcasting._Recent(2)
    recent.extend([Notice(event(n), {}) for n in (3, 4, 5, 6)])

    def read_gap(after: int, until: int) -> list[Notice]:
        recent.extend([Notice(event(n), {}) for n in (7, 8)])
        return [Notice(event(n), {}) for n in range(after + 1, until + 1)]

    monkeypatch.setattr(broadcaster, "_read_gap", read_gap)
    caught_up = asyncio.run(broadcaster.catch_up(Subscription(DISPATCHER, None, 6), 0))
    assert caught_up is not None
    assert [notice.event.position for notice in caught_up] == [1, 2, 3, 4, 5, 6]
    assert (recent.after, len(recent.notices)) == (4, 4)
    database.close()


def test_only_the_newest_position_of_a_unit_waits() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def position(unit_id: int, lon: float, area: str = "440305") -> PositionNotice:
        return PositionNotice(LatestPosition(unit_id, 1, area, lon, 22.5, None, None, at, at))

    subscription = Subscription(DISPATCHER, 1, 0)
    subscription.offer_positions([position(1, 114.0), position(2, 114.0, "440306")])
    subscription.offer_positions([position(1, 114.1)])
    _, positions = subscription.take()
    assert [(one.position.unit_id, one.position.lon) for one in positions] == [(1, 114.1)]


def test_a_position_is_written_once_for_all_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    notices = [
        PositionNotice(LatestPosition(n, 1, "440305", 114.0, 22.5, 90.0, None, at, at))
        for n in (1, 2)
    ]  # fmt: skip
    first = stream._positions(notices)
    kind, data = first.decode().strip().split("\n")
    assert kind == "event: positions"
    assert json.loads(data.removeprefix("data: ")) == {"positions": [
        {"unit_id": n, "lon": 114.0, "lat": 22.5, "heading_deg": 90.0, "speed_kmh": None,
         "device_at": "2026-01-01T00:00:00Z", "received_at": "2026-01-01T00:00:00Z"}
        for n in (1, 2)
    ]}  # fmt: skip
    monkeypatch.setattr(subscribing, "json_text", None)
    assert stream._positions(notices) == first


def test_a_database_is_addressed_for_listening() -> None:
    database = Database("postgresql+psycopg://me:secret@/gh?host=/tmp/socket", pool_size=1)
    address = psycopg.conninfo.conninfo_to_dict(libpq_url(database.url))
    assert (address["dbname"], address["host"], address["password"]) == (
        "gh", "/tmp/socket", "secret",
    )  # fmt: skip
    database.close()
