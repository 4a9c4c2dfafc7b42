"""Stored studies: worked out by their job, stopped and killed, seen by right, compared."""

import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from gis.access import SYSTEM, Grant, Identity, system_within
from gis.database import Database
from gis.jobs.errors import JobCancelledError
from gis.jobs.running import Process, Run
from gis.jobs.service import cancel_job
from gis.settings import Settings
from gis.tables import Station, Unit
from gis.tables.studies import StudyRow
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.siting.errors import BudgetTooSmallError
from planning.studies import showing, working
from planning.studies.errors import (
    StudiesNotComparableError,
    StudyNotFinishedError,
    StudyOverError,
    StudyParametersError,
    StudyPlaceUnknownError,
    StudyUnknownError,
)
from planning.studies.jobs import STUDY
from planning.studies.service import (
    compare_studies,
    keep_study,
    list_studies,
    make_study,
    read_study,
    remove_study,
    share_study,
    stop_study,
)
from planning.studies.solving import Told
from planning.studies.views import StudyView
from planning.studies.work import work_out
from routing.conditions.errors import DrawingInvalidError
from routing.live.routing import Routing
from tests.cities import corner
from tests.running import running

pytestmark = pytest.mark.database

DRAWN = [
    {"key": name, "lon": corner(*at)[0], "lat": corner(*at)[1], "name": f"Corner {name}"}
    for name, at in (("a", (1, 6)), ("b", (6, 1)), ("c", (4, 4)))
]
SITING: dict[str, Any] = {"candidates": DRAWN, "reach_min": 1.0, "rounds": 50}


@pytest.fixture(scope="module")
def city_id(shared_grid: Database) -> int:
    with shared_grid.read(SYSTEM) as uow:
        return int(uow.session.execute(text("SELECT city_id FROM cities")).scalar_one())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(state_folder=tmp_path_factory.mktemp("roads"), purpose="simulation")


@pytest.fixture(autouse=True)
def none_left(shared_grid: Database) -> Iterator[None]:
    yield
    with shared_grid.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM studies"))


def planner(name: str = "planner", area: str = "") -> Identity:
    """Return somebody who may make and read studies in an area."""
    return Identity(
        None, name, name,
        grants=(Grant("planner", area, permissions=frozenset({ACCESS_READ, STUDY_WRITE})),),
    )  # fmt: skip


def kept(
    database: Database, city_id: int, kind: str = "siting", who: Identity = SYSTEM, **asked: Any
) -> int:
    """Keep a study and return its number."""
    given = (SITING if kind == "siting" else {}) | asked
    with database.unit_of_work(who) as uow:
        return keep_study(
            uow, city_id=city_id, name="One more", kind=kind, parameters=given, shared=True
        )


def done(database: Database, settings: Settings, study_id: int) -> StudyView:
    """Work a study out and return it."""
    run = running(database, STUDY, settings=settings, study_id=study_id)
    work_out(run)
    return shown(database, study_id)


def shown(database: Database, study_id: int) -> StudyView:
    with database.read(SYSTEM) as uow:
        return read_study(uow, study_id)


def test_a_study_is_worked_out_and_repeats_to_the_digit(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    first, again = (
        done(shared_grid, settings, kept(shared_grid, city_id)) for _ in range(2)
    )  # fmt: skip
    assert (first.state, first.ended) == ("done", "proven")
    answer, repeated = first.answer, again.answer
    assert answer is not None
    assert repeated is not None
    assert answer.value == repeated.value <= answer.bound
    assert [one.key for one in answer.sites] == [one.key for one in repeated.sites]
    assert answer.districts == repeated.districts
    assert sum(one.new for one in answer.sites) == 1
    assert first.inputs is not None
    assert again.inputs is not None
    assert first.inputs == again.inputs
    assert [one.code for one in first.inputs.parts] == [
        "demand", "roads", "stations", "sites", "standard", "travel",
    ]  # fmt: skip
    other = done(shared_grid, settings, kept(shared_grid, city_id, seed=2))
    assert other.inputs is not None
    assert other.inputs.digest != first.inputs.digest
    assert first.progress is not None
    assert first.progress.sites is not None
    assert first.progress.trace[-1].value == answer.value
    city, *parts = answer.districts
    assert (city.part, city.people) == ("city", 3000)
    assert {one.district.code for one in parts} == {"440305", "440306"}
    with shared_grid.read(SYSTEM) as uow:
        newest, _, oldest = list_studies(uow, city_id).studies
    assert (oldest.study_id, oldest.value, oldest.bound) == (
        first.study_id, answer.value, answer.bound,
    )  # fmt: skip
    assert (newest.ended, newest.state) == ("proven", "done")
    # Worked out once: the job taken up again leaves it as it is.
    work_out(running(shared_grid, STUDY, settings=settings, study_id=first.study_id))
    assert shown(shared_grid, first.study_id) == first


def test_units_change_and_aeds(shared_grid: Database, city_id: int, settings: Settings) -> None:
    with shared_grid.read(SYSTEM) as uow:
        stations = list(uow.session.scalars(select(Station.station_id)))
    units = done(shared_grid, settings, kept(shared_grid, city_id, "units", new_units=2))
    assert units.measure.code == "expected_people"
    assert units.answer is not None
    assert units.answer.value_before is not None
    assert units.answer.value_before <= units.answer.value <= units.answer.bound
    closed = done(
        shared_grid, settings,
        kept(shared_grid, city_id, "coverage", closed=stations[1:], reach_min=0.5),
    )  # fmt: skip
    assert closed.answer is not None
    assert closed.answer.districts[0].gains == 0
    assert [one.key for one in closed.answer.sites] == [f"station:{stations[0]}"]
    aeds = done(
        shared_grid, settings,
        kept(shared_grid, city_id, "aeds", candidates=DRAWN, new_aeds=1, reach_m=400, hour=3),
    )  # fmt: skip
    assert aeds.answer is not None
    assert aeds.inputs is not None
    # The gym is closed at three in the morning: one AED of two counts.
    assert next(one for one in aeds.inputs.parts if one.code == "aeds").version == "1"
    assert all(one.new for one in aeds.answer.sites)


@pytest.mark.acceptance
def test_a_front_against_the_tenth_served_worst(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    study = done(shared_grid, settings, kept(shared_grid, city_id, model="fair_tail", new_sites=2))
    answer = study.answer
    assert answer is not None
    assert answer.value == answer.front[0].value
    assert [one.value for one in answer.front] == sorted(
        (one.value for one in answer.front), reverse=True
    )
    tails = [one.tail_s for one in answer.front]
    assert None not in tails
    assert tails == sorted(tails, key=lambda one: -(one or 0.0))
    assert all(0.0 <= one.worst_share <= 1.0 for one in answer.front)


def test_what_a_budget_buys(shared_grid: Database, city_id: int, settings: Settings) -> None:
    # Six units of 400 people each: one of five lacks room. One unit more costs 8.8 M in five years.
    asked = {"people_a_unit": 400, "reach_min": 30, "candidates": DRAWN, "gap": 0}
    bought = done(shared_grid, settings, kept(shared_grid, city_id, "budget", **asked))
    answer = bought.answer
    assert bought.measure.code == "people_served"
    assert answer is not None
    assert (answer.value_before, answer.value) == pytest.approx((2400, 3000))
    assert answer.bound == pytest.approx(3000)
    assert sum(one.units for one in answer.sites) >= 8
    assert answer.districts[0].after == 3000
    assert any("17,600,000 of 20,000,000" in one.en for one in answer.sentences)
    with pytest.raises(BudgetTooSmallError, match="the cheapest offer"):
        done(shared_grid, settings, kept(shared_grid, city_id, "budget", **asked, budget=1e6))


def test_roads_closed_as_drawn_never_bring_anybody_nearer(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    (west, south), (east, north) = corner(3, 0), corner(4, 7)
    ring = [(west + 1e-4, south - 0.01), (east - 1e-4, south - 0.01), (east - 1e-4, north + 0.01),
            (west + 1e-4, north + 0.01), (west + 1e-4, south - 0.01)]  # fmt: skip
    drawn = [{"type": "Polygon", "coordinates": [ring]}]
    study_id = kept(shared_grid, city_id, "coverage", closed_roads=drawn, reach_min=1.0)
    answer = done(shared_grid, settings, study_id).answer
    assert answer is not None
    assert any("closed or under water as drawn" in one.en for one in answer.sentences)
    with shared_grid.read(SYSTEM) as uow:
        cells = [one.properties for one in showing.cells_view(uow, study_id).features]
    for one in cells:
        assert one.before_s is not None
        assert one.after_s is None or one.after_s >= one.before_s
    assert answer.districts[0].gains == 0
    away = [{"type": "Polygon", "coordinates": [[(lon + 1, lat) for lon, lat in ring]]}]
    with pytest.raises(DrawingInvalidError):
        done(shared_grid, settings, kept(shared_grid, city_id, "coverage", flooded=away))


def test_sites_that_a_study_takes_itself_are_named_after_area_and_street(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    answer = done(shared_grid, settings, kept(shared_grid, city_id, candidates=[])).answer
    assert answer is not None
    for one in (site for site in answer.sites if site.new):
        assert re.fullmatch(r"(West|East), (Row|Column) \d", one.name or "")
        assert re.fullmatch(r"(West|East), (Row|Column) \d", one.name_en or "")
        assert re.fullmatch(r"[西东]区·第\d[横纵]路", one.name_zh or "")
    assert any(one.new for one in answer.sites)


def test_sites_without_a_road_and_cities_without_people_are_told(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    far = [{"key": "sea", "lon": 120.0, "lat": 10.0, "name": "At sea"}]
    with pytest.raises(StudyParametersError, match="At sea"):
        done(shared_grid, settings, kept(shared_grid, city_id, candidates=far))
    with pytest.raises(StudyParametersError, match="No people by cell are known here"):
        done(shared_grid, settings, kept(shared_grid, city_id, time_of_day="night"))


def test_who_made_it_and_whose_right_reaches_it_see_it(shared_grid: Database, city_id: int) -> None:
    mine = kept(shared_grid, city_id, who=planner("one", "440305"))
    with shared_grid.read(planner("one", "440305")) as uow:
        view = read_study(uow, mine)
        assert (view.mine, view.may_change, view.shared) == (True, True, True)
    with shared_grid.read(planner("two")) as uow:
        view = read_study(uow, mine)
        assert (view.mine, view.may_change) == (False, False)
    # Whose right reaches another district does not see it; nor anybody once it is not shared.
    with shared_grid.read(planner("three", "440306")) as uow:
        assert list_studies(uow, city_id).studies == ()
        with pytest.raises(StudyUnknownError):
            read_study(uow, mine)
    with shared_grid.unit_of_work(planner("one", "440305")) as uow:
        share_study(uow, mine, shared=False)
    with shared_grid.read(planner("two")) as uow, pytest.raises(StudyUnknownError):
        read_study(uow, mine)
    with shared_grid.unit_of_work(planner("one", "440305")) as uow:
        assert remove_study(uow, mine).studies == ()


def test_only_people_within_the_makers_areas_are_counted(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    west = kept(shared_grid, city_id, who=system_within(ACCESS_READ, ["440305"]))
    answer = done(shared_grid, settings, west).answer
    assert answer is not None
    assert answer.districts[0].people == 1000
    assert any("Only people within the areas" in one.en for one in answer.sentences)


def test_cells_and_an_address_before_and_after(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    study_id = kept(shared_grid, city_id)
    with shared_grid.read(SYSTEM) as uow, pytest.raises(StudyNotFinishedError):
        showing.cells_view(uow, study_id)
    done(shared_grid, settings, study_id)
    lon, lat = corner(1, 1)
    with shared_grid.read(SYSTEM) as uow:
        cells = showing.cells_view(uow, study_id)
        assert [one.properties.people for one in cells.features] == [1000.0, 2000.0]
        assert cells.features[0].geometry["type"] == "Polygon"
        there = showing.address_view(uow, study_id, lon=lon, lat=lat)
        assert there.cell == cells.features[0].properties.cell
        assert there.nearest is not None
        with pytest.raises(StudyPlaceUnknownError):
            showing.address_view(uow, study_id, lon=0.0, lat=0.0)


def test_two_studies_side_by_side(shared_grid: Database, city_id: int, settings: Settings) -> None:
    one, two = kept(shared_grid, city_id), kept(shared_grid, city_id, new_sites=2)
    other = kept(shared_grid, city_id, reach_min=2.0)
    waits = kept(shared_grid, city_id)
    units = kept(shared_grid, city_id, "units", reach_min=1.0)
    for study_id in (one, two, other, units):
        done(shared_grid, settings, study_id)
    with shared_grid.read(SYSTEM) as uow:
        view = compare_studies(uow, one, two)
        assert view.same_inputs
        assert [(row.name, row.first, row.second) for row in view.parameters] == [
            ("new_sites", 1, 2)
        ]
        assert len(view.sites_of_second) - len(view.sites_of_first) == 1
        city = view.districts[0]
        assert (city.part, city.loses) == ("city", 0)
        assert city.second - city.first == city.gains
        cells = showing.compared_view(uow, one, two)
        assert len(cells.features) == 2
        with pytest.raises(StudiesNotComparableError, match="within 60 s"):
            compare_studies(uow, one, other)
        with pytest.raises(StudiesNotComparableError, match="the chance of a free unit"):
            compare_studies(uow, one, units)
        with pytest.raises(StudyNotFinishedError):
            compare_studies(uow, one, waits)


def test_what_changed_since_is_told(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    study_id = kept(shared_grid, city_id)
    done(shared_grid, settings, study_id)
    routing = Routing(shared_grid, settings.graph_cache_folder)
    routing.refresh()

    def changed() -> list[str]:
        with shared_grid.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
            return [one.en for one in read_study(uow, study_id, roads).changed]

    assert changed() == []
    with shared_grid.unit_of_work(SYSTEM) as uow:
        # Written anew, as it was: others by their stamp, the same by their hash.
        uow.session.execute(text("UPDATE population_cells SET population = population"))
    assert changed() == []
    with shared_grid.unit_of_work(SYSTEM) as uow:
        unit_id = uow.session.scalars(select(Unit.unit_id).limit(1)).one()
        uow.session.execute(
            update(Unit).where(Unit.unit_id == unit_id).values(out_of_service_reason="workshop")
        )
        row = uow.session.get_one(StudyRow, study_id)
        assert row.inputs is not None
        roads = next(one for one in row.inputs["parts"] if one["code"] == "roads")
        parts = [one for one in row.inputs["parts"] if one["code"] != "roads"]
        older = roads | {"version": f"older {roads['version'].split(' ', 1)[1]}"}
        row.inputs = row.inputs | {"parts": [older, *parts]}
    try:
        assert changed() == [
            "Its roads changed since: the network was loaded anew.",
            "The stations or their units changed since.",
        ]
    finally:
        with shared_grid.unit_of_work(SYSTEM) as uow:
            uow.session.execute(update(Unit).values(out_of_service_reason=None))


class _Endless:
    """A search that has a plan at once and goes on until it is told to stop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began = threading.Event()
        real = working.solve

        def solve(material: Any, form: Any, *, limit_s: float, told: Told) -> Any:
            solved = real(material, form, limit_s=limit_s, told=told)
            self.began.set()
            while not told.stop():
                time.sleep(0.01)
            return solved

        monkeypatch.setattr(working, "solve", solve)
        monkeypatch.setattr(working, "WRITE_EVERY_S", 0.02)


def test_a_study_that_is_stopped_keeps_its_best_plan(
    shared_grid: Database, city_id: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = _Endless(monkeypatch)
    study_id = kept(shared_grid, city_id)
    run = running(shared_grid, STUDY, settings=settings, study_id=study_id)
    at_work = threading.Thread(target=work_out, args=(run,))
    at_work.start()
    assert search.began.wait(60)
    with shared_grid.unit_of_work(SYSTEM) as uow:
        assert stop_study(uow, study_id).state == "running"
    at_work.join(60)
    assert not at_work.is_alive()
    view = shown(shared_grid, study_id)
    assert view.answer is not None
    assert view.progress is not None
    assert view.answer.value <= view.answer.bound
    with shared_grid.unit_of_work(SYSTEM) as uow, pytest.raises(StudyOverError):
        stop_study(uow, study_id)


def test_one_that_waits_is_stopped_at_once(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    with shared_grid.unit_of_work(planner()) as uow:
        made = make_study(uow, city_id=city_id, name="One", kind="siting", parameters=SITING)
        assert (made.state, made.answer) == ("waiting", None)
    with shared_grid.unit_of_work(planner()) as uow:
        assert stop_study(uow, made.study_id).state == "stopped"
    assert done(shared_grid, settings, made.study_id).answer is None
    # So is one whose job is cancelled before it begins.
    with shared_grid.unit_of_work(planner()) as uow:
        other = make_study(uow, city_id=city_id, name="Two", kind="siting", parameters=SITING)
    with shared_grid.unit_of_work(planner()) as uow:
        assert other.job_id is not None
        cancel_job(uow, other.job_id)
    assert shown(shared_grid, other.study_id).state == "stopped"


def test_a_process_told_to_end_leaves_the_study_to_the_next_try(
    shared_grid: Database, city_id: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = _Endless(monkeypatch)
    study_id = kept(shared_grid, city_id)
    run = running(shared_grid, STUDY, settings=settings, study_id=study_id)
    assert isinstance(run.stop, threading.Event)

    def end() -> None:
        assert search.began.wait(60)
        run.stop.set()  # type: ignore[attr-defined]

    threading.Thread(target=end).start()
    with pytest.raises(JobCancelledError):
        work_out(run)
    left = shown(shared_grid, study_id)
    assert (left.state, left.answer) == ("running", None)
    assert left.progress is not None
    assert left.progress.sites is not None
    monkeypatch.undo()
    assert done(shared_grid, settings, study_id).state == "done"


def _until_killed(url: str, settings: Settings, job_id: int, began: Any) -> None:
    import api  # noqa: F401 (says where the rooms are)
    from gis.jobs import repository

    with pytest.MonkeyPatch.context() as patched:
        search = _Endless(patched)
        threading.Thread(target=lambda: (search.began.wait(), time.sleep(0.5), began.set())).start()
        database = Database(url)
        with database.read(SYSTEM) as uow:
            record = repository.read_job(uow.session, job_id)
        assert record is not None
        work_out(Run(Process(settings, database), record, stop=threading.Event()))


@pytest.mark.acceptance
def test_a_worker_that_is_killed_leaves_the_last_plan_it_kept(
    shared_grid: Database, city_id: int, settings: Settings
) -> None:
    study_id = kept(shared_grid, city_id)
    run = running(shared_grid, STUDY, settings=settings, study_id=study_id)
    fork = multiprocessing.get_context("spawn")
    began = fork.Event()
    url = shared_grid.url.render_as_string(hide_password=False)
    child = fork.Process(
        target=_until_killed, args=(url, settings, run.record.job_id, began), daemon=True
    )
    child.start()
    assert began.wait(120)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(30)
    left = shown(shared_grid, study_id)
    assert left.answer is None
    assert left.progress is not None
    assert left.progress.value is not None
    assert left.progress.bound is not None
    assert left.progress.sites is not None
    # Taken up again, it comes to the answer that it would have had.
    again = done(shared_grid, settings, study_id)
    assert again.answer is not None
    assert again.answer.value >= left.progress.value
    assert Path(settings.state_folder).exists()
