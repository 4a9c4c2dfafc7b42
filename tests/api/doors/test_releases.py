"""Published counts over HTTP: once and for good, by right, and nobody is found in them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from api.rooms import HOUSE
from dispatch.incidents.published import INCIDENTS_BY_WEEK, INCIDENTS_LAYER
from gis.access import SYSTEM, Grant
from gis.cities import list_cities
from gis.clock import FixedClock
from gis.database import Database
from gis.disclosure.deciding import area_axis, group_axis
from gis.disclosure.model import ALL
from gis.disclosure.repository import areas_on
from gis.disclosure.service import due_periods, release
from gis.kernels.linear import Rows, minimise
from gis.tables import Incident
from tests.api.conftest import World
from tests.cities import corner
from tests.maps.tiles_read import read_all, tile_of

pytestmark = pytest.mark.database

NOW = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
WEEKS = (date(2026, 5, 4), date(2026, 5, 11))
K = INCIDENTS_BY_WEEK.k


def area_codes(world: World) -> list[str]:
    with world.database.read(SYSTEM) as uow:
        areas = areas_on(uow.session, world.city_id, NOW.date())
    return [area.code for area in areas if area.level == "district"]


def take_incidents(world: World, week: date, table: np.ndarray) -> None:
    """Store `table[area, category]` incidents in a week."""
    categories = ("C1", "C2", "C3", "C4")
    rows = []
    for (i, j), count in np.ndenumerate(table):
        codes = [*area_codes(world), None]
        for number in range(count):
            at = datetime(week.year, week.month, week.day, 12, tzinfo=UTC) + timedelta(hours=number)
            rows.append(
                {
                    "incident_id": uuid4(), "city_id": world.city_id, "number": uuid4().hex,
                    "state": "closed", "received_at": at, "closed_at": at, "simulated": True,
                    "area_code": codes[i], "category": categories[j],
                }
            )  # fmt: skip
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(insert(Incident), rows)


def publish(database: Database) -> list[int | None]:
    made = []
    with database.unit_of_work(SYSTEM) as uow:
        (city,) = list_cities(uow.session)
        for period in due_periods(uow, INCIDENTS_BY_WEEK, city):
            made.append(release(uow, INCIDENTS_BY_WEEK, city, period))
    return [one for one in made if one is not None]


@pytest.fixture
def tables(world: World) -> dict[date, np.ndarray]:
    """Two published weeks of few and many incidents."""
    world.database.clock = FixedClock(NOW)
    areas = len(area_codes(world)) + 1
    chance = np.random.default_rng(7)
    tables = {week: chance.poisson(chance.choice([1, 9], (areas, 4))) for week in WEEKS}
    for week, table in tables.items():
        take_incidents(world, week, table)
    assert len(publish(world.database)) == 2
    return tables


def test_a_role_can_narrow_no_small_count_by_all_it_gets(
    client: TestClient, world: World, tables: dict[date, np.ndarray]
) -> None:
    """The attacker adds up every answer of both weeks: what is told, level by level."""
    planner = world.bearer(Grant("planner"))
    listed = client.get(f"/v1/releases?city_id={world.city_id}", headers=planner).json()
    (subject,) = [one for one in listed["subjects"] if one["subject"] == INCIDENTS_BY_WEEK.name]
    assert subject["smallest_told"] == K == 5
    assert {one["period_from"] for one in listed["releases"]} == {str(week) for week in WEEKS}
    with world.database.read(SYSTEM) as uow:
        nodes = areas_on(uow.session, world.city_id, NOW.date())
    by_area = area_axis(nodes, "district")
    by_group = group_axis([group["code"] for group in subject["groups"]])
    small = 0
    newest: dict[tuple[str, str], int] = {}
    for one in listed["releases"]:
        assert one["simulated"]
        table = tables[date.fromisoformat(one["period_from"])]
        answer = client.get(f"/v1/releases/{one['release_id']}", headers=planner).json()
        cells = {(cell["area_code"], cell["group"]): cell["people"] for cell in answer["cells"]}
        newest = newest or cells
        rows, truth = {}, {}
        for area, r in zip(by_area.keys, by_area.rows, strict=True):
            for group, c in zip(by_group.keys, by_group.rows, strict=True):
                member = np.outer(by_area.dimension.members[r], by_group.dimension.members[c])
                rows[area, group] = member.astype(float).ravel()
                full = np.zeros(member.shape, dtype=int)
                full[:, : table.shape[1]] = table
                truth[area, group] = int(full[member].sum())
        told = [key for key, people in cells.items() if people is not None]
        assert all(cells[key] == truth[key] for key in told)
        assert all(cells[key] == 0 or cells[key] >= K for key in told)
        equal = Rows(
            np.array([rows[key] for key in told]), np.array([cells[k] for k in told], float)
        )
        for key, people in cells.items():
            if people is None and 0 < truth[key] < K:
                small += 1
                assert minimise(rows[key], equal=equal).value <= 1 + 1e-6
                assert -minimise(-rows[key], equal=equal).value >= K - 1 - 1e-6
    assert small
    tell_no_more_than_cells(client, world, planner, newest)


def tell_no_more_than_cells(
    client: TestClient, world: World, asker: dict[str, str], cells: dict[tuple[str, str], int]
) -> None:
    """Tiles of two zooms and exports hold the cells of the areas, and nothing besides."""
    path = f"/v1/map/layers/{INCIDENTS_LAYER.name}/features?city_id={world.city_id}"
    answer = client.get(f"{path}&format=geojson", headers=asker)
    assert answer.headers["cache-control"] == "private, no-store"
    exported = {
        one["properties"]["code"]: one["properties"]["incidents"]
        for one in answer.json()["features"]
    }
    assert exported
    assert exported == {code: cells[code, ALL] for code in exported}
    assert set(exported) == set(area_codes(world))
    for z in (9, 14):
        x, y = tile_of(*corner(3, 3), z)[1:]
        address = f"/v1/guarded-tiles/{world.city_id}/{INCIDENTS_LAYER.name}/{z}/{x}/{y}.mvt"
        tile = client.get(address, headers=asker)
        assert tile.headers["cache-control"] == "private, no-store"
        with TemporaryDirectory() as folder:
            (found,) = read_all(tile.content, Path(folder), z, x, y).values()
        for _, feature in found.iterrows():
            people = feature.get("incidents")
            told = None if people is None or people != people else people  # noqa: PLR0124 (NaN)
            assert told == cells[feature["code"], ALL]


def test_two_who_publish_at_once_make_one_release(world: World) -> None:
    world.database.clock = FixedClock(NOW)
    take_incidents(world, WEEKS[0], np.full((1, 1), 9))
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: publish(world.database), range(4)))
    assert sorted(map(len, made)) == [0, 0, 0, 1]


STATEMENTS = (
    "UPDATE disclosure_cells SET people = 1", "DELETE FROM disclosure_releases",
    "TRUNCATE disclosure_cells",
    "INSERT INTO disclosure_cells SELECT release_id, 'x', '*', 3 FROM disclosure_releases",
)  # fmt: skip


def test_what_was_published_stays_and_is_read_by_right(
    client: TestClient, world: World, tables: dict[date, np.ndarray], owner_url: str
) -> None:
    take_incidents(world, WEEKS[0], np.ones((1, 1), dtype=int))
    assert publish(world.database) == [], "late incidents change no release"
    owner = create_engine(owner_url)
    for statement in STATEMENTS:
        with pytest.raises(IntegrityError), owner.begin() as connection:
            connection.execute(text(statement))
    with owner.connect() as connection:
        query = text("SELECT min(release_id) FROM disclosure_releases")
        first = connection.execute(query).scalar_one()
    owner.dispose()
    for role in HOUSE.roles:
        asker = world.bearer(Grant(role))
        may = INCIDENTS_BY_WEEK.permission in HOUSE.holdings[role]
        listed = client.get(f"/v1/releases?city_id={world.city_id}", headers=asker).json()
        subjects = {one["subject"] for one in listed["subjects"]}
        assert bool(listed["releases"]) == (INCIDENTS_BY_WEEK.name in subjects) == may, role
        answer = client.get(f"/v1/releases/{first}", headers=asker)
        assert answer.status_code == (200 if may else 404), role
        assert client.get("/v1/releases/999999", headers=asker).status_code == 404
        unknown = f"/v1/releases?city_id={world.city_id}&subject=no.such"
        assert client.get(unknown, headers=asker).status_code == 404
