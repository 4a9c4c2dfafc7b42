"""Stored runs of clusters: found, followed from day to day, gone; who sees them, and how much."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import delete, insert, select, text

from gis.access import SYSTEM
from gis.database import Database, WritingUnitOfWork
from gis.jobs.errors import JobCancelledError
from gis.settings import Settings
from gis.tables import Area
from gis.tables.clusters import Cluster, ClusterRun
from gis.tables.signals import SurveillanceRun
from gis.tables.surveillance import CaseSource
from routing.live.routing import Routing
from routing.roads.model import Profile
from surveillance.cluster_runs.errors import ClusterNotFoundError, ClustersOutOfOrderError
from surveillance.cluster_runs.material import read_material
from surveillance.cluster_runs.model import ClusterRules
from surveillance.cluster_runs.service import scanned_day, scanned_on, store_scanned
from surveillance.cluster_runs.showing import clusters_view, zone_view
from surveillance.cluster_runs.work import find_clusters
from surveillance.counting.model import DateBasis
from surveillance.signals.jobs import CLUSTERS
from surveillance.signals.model import Rules
from surveillance.signals.replay import take_reports
from surveillance.signals.work import judge_city
from tests.cities import STEP, corner
from tests.running import running
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

DAY = date(2026, 6, 10)
RULES = ClusterRules(window_days=90, replicates=199)


@pytest.fixture(scope="module")
def city(shared_grid: Database) -> tuple[Database, int, list[str]]:
    """The grid city with six streets, three in each district."""
    with shared_grid.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        districts = uow.session.execute(
            select(Area.area_id, Area.code).where(Area.level == "district").order_by(Area.code)
        ).all()
        streets = []
        for column, (parent_id, code) in enumerate(districts):
            for row in range(3):
                west, south = corner(4 * column, 3 * row)
                shape = shapely.MultiPolygon(
                    [shapely.box(west, south, west + 4 * STEP, south + 3 * STEP)]
                )
                streets.append(f"{code}00{row}")
                uow.session.execute(
                    insert(Area).values(
                        city_id=city_id, code=streets[-1], parent_id=parent_id, level="street",
                        name=f"Street {streets[-1]}", valid_from=date(2000, 1, 1), source="test",
                        modelled=True, geom=f"SRID=4326;{shape.wkt}",
                    )
                )  # fmt: skip
    return shared_grid, city_id, streets


@pytest.fixture(scope="module")
def routing(city: tuple[Database, int, list[str]], tmp_path_factory: Any) -> Routing:
    routing = Routing(city[0], tmp_path_factory.mktemp("graphs"), profiles=(Profile.CAR,))
    routing.refresh()
    return routing


@pytest.fixture
def uow(city: tuple[Database, int, list[str]]) -> Iterator[WritingUnitOfWork]:
    """A transaction that leaves nothing behind."""
    with city[0].unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


class Book:
    """Cases of one city, handed in day by day: a quiet quarter in all streets to begin with."""

    def __init__(
        self, uow: WritingUnitOfWork, city: tuple[Database, int, list[str]], *,
        disease: str = "dengue",
    ) -> None:  # fmt: skip
        self.uow, self.city_id, self.areas, self.disease = uow, city[1], city[2], disease
        self.count = 0
        chance = np.random.default_rng(4)
        quiet = [
            self.row(DAY - timedelta(days=back), area)
            for back in range(1, 90)
            for area in city[2]
            for _ in range(chance.poisson(0.15))
        ]
        self.take(quiet, DAY - timedelta(days=1))

    def row(self, day: date, area: str) -> dict[str, object]:
        self.count += 1
        entered = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return {
            "key": f"{self.disease}-{self.count}", "disease": self.disease,
            "classification": "confirmed", "residence_area": area, "owned_by_area": area,
            "age_years": 30.0, "onset_on": day, "entered_on": day, "entered_at": entered,
            "stated_at": entered,
        }  # fmt: skip

    def take(self, rows: list[dict[str, object]], day: date) -> None:
        take_reports(
            self.uow, self.city_id, source="cards", file_name=f"{self.disease} {day}",
            reports=reports(rows), as_of=datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
        )  # fmt: skip

    def day(self, day: date, cases: int, *, routing: Routing | None = None) -> list[Any]:
        """Hand in cases of a day in the first street, scan it; return its clusters."""
        self.take([self.row(day, self.areas[0]) for _ in range(cases)], day)
        scan(self.uow, self.city_id, day, routing=routing)
        return clusters_view(self.uow, self.city_id).clusters


def scan(
    uow: WritingUnitOfWork, city_id: int, day: date, *, routing: Routing | None = None
) -> None:
    as_of = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    asked: dict[str, Any] = {
        "days": [day], "as_of": as_of, "date_basis": DateBasis.ENTRY, "rules": RULES,
    }  # fmt: skip
    if routing is None:
        material = read_material(uow, city_id, roads=None, **asked)
    else:
        with routing.at(uow, city_id) as roads:
            material = read_material(uow, city_id, roads=roads, **asked)
    store_scanned(uow, scanned_day(material, day, as_of=as_of, rules=RULES))


@pytest.fixture
def book(uow: WritingUnitOfWork, city: tuple[Database, int, list[str]]) -> Book:
    return Book(uow, city)


def test_a_cluster_is_found_and_followed_until_it_is_gone(book: Book) -> None:
    assert book.day(DAY, 0) == []
    first, second = DAY + timedelta(days=1), DAY + timedelta(days=2)
    (found,) = book.day(first, 12)
    assert (found.disease, found.change, found.first_on) == ("dengue", "new", first)
    assert [one.area_code for one in found.members] == [book.areas[0]]
    assert found.observed == found.members[0].observed >= 12
    assert found.starts_on <= found.ends_on == first
    assert found.by_day[-1] == 12
    assert found.reason.en.startswith("Dengue, ")
    assert found.changed.en == f"Not found by the run of {DAY}."
    (grown,) = book.day(second, 8)
    assert (grown.change, grown.first_on) == ("grown", first)
    assert grown.changed.zh == f"{first}为{found.observed}例，现{grown.observed}例。"
    assert grown.observed >= 20
    view = clusters_view(book.uow, book.city_id)
    assert (view.day_before, view.gone, view.run.scanned) == (first, [], 1)
    # A month of as many cases in all streets: nothing stands out of it any more.
    later = DAY + timedelta(days=40)
    book.take(
        [book.row(DAY + timedelta(days=back), area)
         for back in range(3, 40) for area in book.areas for _ in range(2)], later,
    )  # fmt: skip
    assert book.day(later, 0) == []
    (gone,) = clusters_view(book.uow, book.city_id).gone
    assert gone.cluster_id == grown.cluster_id
    assert scanned_on(book.uow, book.city_id) == later


def test_a_day_may_be_scanned_again_but_not_one_before(book: Book) -> None:
    first = DAY + timedelta(days=1)
    (found,) = book.day(first, 12)
    scan(book.uow, book.city_id, first)
    (again,) = clusters_view(book.uow, book.city_id).clusters
    assert again.cluster_id != found.cluster_id
    assert (again.change, again.observed) == ("new", found.observed)
    with pytest.raises(ClustersOutOfOrderError, match="--day"):
        scan(book.uow, book.city_id, DAY)


def test_a_sensitive_disease_is_scanned_and_marked(
    uow: WritingUnitOfWork, city: tuple[Database, int, list[str]]
) -> None:
    book = Book(uow, city, disease="syphilis")
    book.day(DAY + timedelta(days=1), 12)
    (row,) = uow.session.execute(select(Cluster.sensitive, Cluster.places)).all()
    assert row.sensitive == "hiv_sti"
    assert row.places == [city[2][0][:6]]


def test_zones_by_road_are_drawn_as_the_roads_reached(book: Book, routing: Routing) -> None:
    (found,) = book.day(DAY + timedelta(days=1), 12, routing=routing)
    assert {one.words.en for one in found.also} >= {"own past of the places, by road"} or (
        found.shape == "road"
    )
    book.uow.session.execute(
        text("UPDATE clusters SET shape = 'road', radius_m = NULL, radius_s = 60")
    )
    with routing.at(book.uow, book.city_id) as roads:
        zone = zone_view(book.uow, found.cluster_id, roads)
        outside = zone_view(book.uow, found.cluster_id, roads).features[1].geometry
    parts = {one.properties.part: one for one in zone.features}
    assert list(parts) == ["member", "roads", "centre"]
    assert parts["member"].properties.observed == found.observed
    assert zone.roads
    assert zone.bbox[0] <= found.lon <= zone.bbox[2]
    assert outside["type"] == "MultiLineString"
    assert len(outside["coordinates"]) > 4
    # No piece of road is farther than a minute at the highest speed of the city.
    ends = np.concatenate([np.array(line) for line in outside["coordinates"]])
    far_m = np.hypot(*((ends - [found.lon, found.lat]) * [111_000, 111_000]).T)
    assert far_m.max() < 60 * 30
    with routing.at(book.uow, book.city_id) as roads, pytest.raises(ClusterNotFoundError):
        zone_view(book.uow, book.uow.ids.new(), roads)


def test_the_job_follows_a_judged_day_scans_two_at_first_and_can_be_stopped(
    city: tuple[Database, int, list[str]], tmp_path: Path
) -> None:
    database, city_id, _ = city
    with database.unit_of_work(SYSTEM) as uow:
        book = Book(uow, city)
        book.take([book.row(DAY, book.areas[0]) for _ in range(12)], DAY)
    for day in (DAY - timedelta(days=1), DAY):
        judge_city(database, city_id, day, rules=Rules())
    settings = Settings(state_folder=tmp_path, surveillance_cluster_replicates=199)

    with database.read(SYSTEM) as uow:
        waiting = uow.session.execute(
            text("SELECT count(*) FROM jobs WHERE name = :name"), {"name": CLUSTERS.name}
        ).scalar_one()
    assert waiting == 1
    stopped = running(database, CLUSTERS, settings=settings, city_id=city_id)
    stopped.stop.set()
    with pytest.raises(JobCancelledError):
        find_clusters(stopped)
    for _ in range(2):
        find_clusters(running(database, CLUSTERS, settings=settings, city_id=city_id))
    # Judged anew, as after a later file: scanned anew too.
    judge_city(database, city_id, DAY, rules=Rules())
    find_clusters(running(database, CLUSTERS, settings=settings, city_id=city_id))
    with database.unit_of_work(SYSTEM) as uow:
        days = list(uow.session.scalars(select(ClusterRun.day).order_by(ClusterRun.day)))
        view = clusters_view(uow, city_id)
        for table in (ClusterRun, CaseSource, SurveillanceRun):
            uow.session.execute(delete(table))
    assert days == [DAY - timedelta(days=1), DAY, DAY]
    assert [one.change for one in view.clusters] == ["new"]
    assert view.day_before == DAY - timedelta(days=1)
