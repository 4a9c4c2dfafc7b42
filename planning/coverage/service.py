"""Who is covered now: people, units on duty and roads of a city put together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.spatial import KDTree

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.kernels.hypercube import EXACT_WITHIN_A_SECOND
from gis.risks import Risk, risk_of
from gis.standards import CHINA_2020, MINUTES_BY_ROAD, Measure, Setting, Standard
from gis.words import Words
from planning.access.model import Access, Place, Standing, Target, TimeOfDay
from planning.access.service import access, question, seen_of
from planning.coverage import repository, words
from planning.coverage.changes import compare, worst_served
from planning.coverage.compliance import DistrictFacts, Part, compliance
from planning.coverage.cover import Cover, by_hypercube, expected, k_fold, k_folds
from planning.coverage.errors import CoverageInputError
from planning.coverage.fifths import by_fifths
from planning.coverage.model import (
    EVERYBODY,
    Fleet,
    FloatArray,
    Ground,
    SecondsArray,
    StationTimes,
)
from planning.coverage.repository import UnitRow
from planning.coverage.supposed import (
    NOTHING,
    Suppositions,
    check_sites,
    key_of,
    supposed_times,
    with_sites,
)
from planning.coverage.views import (
    ChangeView,
    ComplianceView,
    CoverageView,
    ExpectedView,
    HourView,
    PlaceName,
    ShareView,
    SiteView,
    StandardView,
    SupposedView,
    WorkedView,
    WorstView,
)
from planning.history.service import correction
from planning.recorded.calibrate import FEWEST, UNCALIBRATED, Calibration, calibrate
from planning.recorded.errors import TooFewRecordsError
from planning.recorded.model import Responses
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane

PROFILE = Profile.AMBULANCE_LIGHTS
FOLDS = (1, 2)
TURNOUT_DAYS = 28
DRIVES_DAYS = 91
UNKNOWN_AGE = "age_unknown"
NEGATIVE_PRESSURE = "negative_pressure"
"""The capability of a unit that the standard counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a city's coverage is asked.

    at : aware; busy : share of time units are busy, None: not asked for what to expect
    supposed : what is as if it were so; setting : what the city's districts are
    group_by : layer of risks by whose fifths people are told too
    calls_an_hour : of the whole city, spread like its people, each keeping a unit busy for
    `task_s`; None: not asked for the fleet at work
    """

    city_id: int
    at: datetime
    time_of_day: TimeOfDay = TimeOfDay.ALL
    supposed: Suppositions = NOTHING
    busy: float | None = None
    setting: Setting | None = None
    worst: float = 1_000.0
    group_by: str | None = None
    calls_an_hour: float | None = None
    task_s: float = 3_600.0


@dataclass(frozen=True, slots=True, eq=False)
class _City:
    """The city as it is asked for: `times` as it is, `then` and `fleet` as it is supposed to be.

    places : all stations of the city, also outside the viewer's areas
    grouped : the layer by whose fifths people are grouped
    """

    found: Access
    places: tuple[Place, ...]
    ground: Ground
    times: StationTimes
    then: StationTimes
    units: tuple[UnitRow, ...]
    fleet: Fleet
    calibration: Words
    grouped: Risk | None


def coverage(uow: UnitOfWork, roads: PinnedRoads, asked: Asked) -> CoverageView:
    """Return who is covered by the units on duty, in the areas the viewer's right reaches.

    Raises
    ------
    CoverageInputError
        No people, stations or roads are there to say it from, a closed station is none, or a new
        one or a new road has no road near it.
    RiskUnknownError
        There is no such layer to group people by.
    OverloadedQueueError
        More calls come than all units can do.
    """
    city = _city(uow, roads, asked)
    times, fleet = city.then, city.fleet
    standards = MINUTES_BY_ROAD.of(Measure.TRAVEL)
    shares: list[ShareView] = []
    hours: list[HourView] = []
    expects: list[ExpectedView] = []
    worked: list[WorkedView] = []
    now = _hour(asked, uow)
    present = fleet.at_hour(now)
    levels = sorted({one.level for one in city.units})
    for standard in standards:
        limit_s = float(standard.limit or 0.0)
        for level in (None, *levels):
            covers = k_folds(
                city.ground, times, present, limit_s=limit_s, folds=FOLDS, unit_class=level
            )
            for fold, cover in zip(FOLDS, covers, strict=True):
                shares += _shares(city, cover, standard, fold=fold, level=level)
        hours += _hours(city, k_fold(city.ground, times, fleet, limit_s=limit_s), fleet, standard)
        if asked.busy is not None:
            cover = expected(city.ground, times, present, limit_s=limit_s, busy=asked.busy)
            expects.append(_expected(cover, standard, asked.busy))
        if asked.calls_an_hour is not None:
            worked.append(_worked(city, standard, asked, hour=now))
    versions = city.found.versions
    cells = city.found.cells
    return CoverageView(
        city_id=asked.city_id,
        at=asked.at,
        topology_id=None if versions is None else versions.topology_id,
        conditions_id=None if versions is None else versions.conditions_id,
        calibration=city.calibration,
        people=round(float(cells.people.sum())),
        people_source=cells.source,
        counted_on=cells.counted_on,
        modelled=any(cells.modelled),
        stations=len(times.stations),
        units=len(fleet.station),
        units_on_duty=int(fleet.on_duty[:, now].sum()),
        closed=asked.supposed.closed,
        supposed=_supposed(asked),
        grouped_by=None if city.grouped is None else city.grouped.layer,
        standards=tuple(_standard(one) for one in (*standards, *CHINA_2020.standards)),
        shares=tuple(shares),
        hours=tuple(hours),
        expected=tuple(expects),
        worked=tuple(worked),
        change=_changes(city, times, standards) if asked.supposed.any else (),
        compliance=_compliance(uow, city, times, asked),
        worst=_worst(uow, city, times, asked),
        sentences=_sentences(city, asked),
    )


def _city(uow: UnitOfWork, roads: PinnedRoads, asked: Asked) -> _City:
    whole = question(uow, asked.city_id, Target.STATION, asked.time_of_day)
    if not roads.has(PROFILE):
        raise CoverageInputError("The roads of this city are not loaded, so no time is known.")
    supposed = asked.supposed
    if not whole.places and not supposed.sites:
        raise CoverageInputError("No ambulance station of this city is known.")
    check_sites(roads, supposed.sites, PROFILE)
    found = seen_of(uow, access(uow, roads, whole))
    cells = found.cells
    ages = repository.ages(uow.session, asked.city_id, cells, asked.time_of_day)
    grouped = None
    people = {EVERYBODY: cells.people} | _age_groups(cells.cell, cells.people, ages)
    if asked.group_by is not None:
        grouped = risk_of(uow, asked.city_id, asked.group_by, cells.lonlat)
        people |= by_fifths(cells.people, grouped)
    ground = Ground.of(cells.cell, people, district=_codes(found))
    calibration = calibration_of(uow, roads, asked.city_id, at=asked.at)
    times, then = _station_times(roads, supposed, whole.places, found)
    if calibration is not None:
        factor = calibration.corrected(np.ones(len(cells.cell)), np.array(_codes(found), object))
        times, then = times.scaled(factor), then.scaled(factor)
    units = repository.units(uow.session, asked.city_id, _moments(uow, asked))
    fleet = Fleet(
        tuple(one.station_id for one in units), tuple(one.level for one in units),
        np.array([one.on_duty for one in units], np.bool_).reshape(-1, 24), tuple(range(24)),
    )  # fmt: skip
    return _City(
        found, whole.places, ground, times, then.without(supposed.closed), units,
        with_sites(fleet.without(supposed.closed), supposed.sites),
        UNCALIBRATED if calibration is None else calibration.words, grouped,
    )  # fmt: skip


def _station_times(
    roads: PinnedRoads, supposed: Suppositions, places: Sequence[Place], found: Access
) -> tuple[StationTimes, StationTimes]:
    """Return the times as it is, and with new sites and roads as supposed, nothing closed yet."""
    cells = found.cells
    # All stations of the city: those outside the viewer's areas drive into them too.
    standing = np.array([(one.lon, one.lat) for one in places], np.float64).reshape(-1, 2)
    sites = np.array([(one.lon, one.lat) for one in supposed.sites], np.float64).reshape(-1, 2)
    keys = [one.place_id for one in places]
    known = found.now.standing != Standing.NO_ROAD.value

    def named(seconds: SecondsArray, stations: Sequence[int]) -> StationTimes:
        return StationTimes.of(seconds.T, cells=cells.cell, stations=stations, known=known)

    def driven(origins: FloatArray, supposed: Suppositions) -> SecondsArray:
        return supposed_times(
            roads, supposed, origins=origins, destinations=cells.lonlat, profile=PROFILE
        )

    # The longest part, the same for whatever is supposed while these roads are in force.
    now = roads.kept(
        (
            "station_times",
            found.question,
            tuple(cells.cell) if found.limited else None,
            tuple(keys),
        ),
        lambda: driven(standing, NOTHING),
    )
    keys_then = [*keys, *(key_of(number) for number in range(len(sites)))]
    if supposed.of_roads:
        then = driven(np.concatenate([standing, sites]), supposed)
    else:
        then = np.concatenate([now, driven(sites, supposed)]) if len(sites) else now
    return named(now, keys), named(then, keys_then)


def _moments(uow: UnitOfWork, asked: Asked) -> list[datetime]:
    """Return the middle of each hour of the day asked for, and of the present hour its moment."""
    midnight = asked.at.astimezone(_zone(uow, asked)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    moments = [midnight.replace(hour=hour, minute=30) for hour in range(24)]
    moments[_hour(asked, uow)] = asked.at
    return moments


def _codes(found: Access) -> list[str | None]:
    """Return the code of each cell's district, None outside all."""
    return [found.districts[row].code if row >= 0 else None for row in found.cells.district]


def calibration_of(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int, *, at: datetime
) -> Calibration | None:
    """Set the predictions of the last months beside what these drives took, by district.

    With too few own drives the imported records say it; None: they do not either.
    """
    since = at - timedelta(days=DRIVES_DAYS)
    frame = repository.drives(uow.session, city_id, since=since)
    if len(frame) < FEWEST:
        return correction(uow, roads, city_id)
    recorded = Responses.of(frame, time_zone=require_city(uow, city_id).time_zone)
    names = zip(frame["call"], frame["unit"], strict=True)
    modelled = dict(zip(names, frame["modelled_s"].astype(float), strict=True))
    try:
        return calibrate(recorded, modelled, group=recorded.district)
    except TooFewRecordsError:
        return correction(uow, roads, city_id)


def _age_groups(
    cells: Sequence[str], people: FloatArray, ages: dict[str, dict[str, float]]
) -> dict[str, FloatArray]:
    """Return people by age band; cells whose ages nobody counted are in a group of their own."""
    bands = sorted({band for one in ages.values() for band in one}, key=_first_age)
    found = {
        band: np.array([ages.get(cell, {}).get(band, 0.0) for cell in cells]) for band in bands
    }
    lacking = np.array([cell not in ages for cell in cells])
    if bands and lacking.any():
        found[UNKNOWN_AGE] = np.where(lacking, people, 0.0)
    return found


def _first_age(band: str) -> int:
    return int("".join(one for one in band.split("-", maxsplit=1)[0] if one.isdigit()) or 0)


def _zone(uow: UnitOfWork, asked: Asked) -> ZoneInfo:
    return ZoneInfo(require_city(uow, asked.city_id).time_zone)


def _hour(asked: Asked, uow: UnitOfWork) -> int:
    return asked.at.astimezone(_zone(uow, asked)).hour


def _name(city: _City, row: int) -> PlaceName:
    """Return a row's district; the row after the last is outside all."""
    if row >= len(city.ground.districts):
        return PlaceName(None, None, None, None)
    code = city.ground.districts[row]
    one = next(one for one in city.found.districts if one.code == code)
    return PlaceName(one.code, one.name, one.name_zh, one.name_en)


def _shares(
    city: _City, cover: Cover, standard: Standard, *, fold: int, level: str | None
) -> list[ShareView]:
    whole = PlaceName(None, None, None, None)
    covered, known, unknown = cover.covered[0], cover.known, cover.unknown
    parts = [("city", whole, covered.sum(axis=0), known.sum(axis=0), unknown.sum(axis=0))]
    last = len(known) - 1
    parts += [
        ("outside" if row == last else "district", _name(city, row), covered[row], known[row],
         unknown[row])
        for row in range(len(known)) if row < last or (known[row] + unknown[row]).any()
    ]  # fmt: skip
    return [
        ShareView(
            standard.code, fold, level, part, district, group, round(float(inside[column])),
            round(float(of[column])), round(float(dark[column])),
            _ratio(float(inside[column]), float(of[column])),
        )
        for part, district, inside, of, dark in parts
        for column, group in enumerate(city.ground.groups)
    ]  # fmt: skip


def _hours(city: _City, cover: Cover, fleet: Fleet, standard: Standard) -> list[HourView]:
    column = city.ground.groups.index(EVERYBODY)
    known = float(cover.known[:, column].sum())
    return [
        HourView(
            hour, standard.code, int(fleet.on_duty[:, hour].sum()),
            _ratio(float(cover.covered[hour, :, column].sum()), known),
        )
        for hour in range(24)
    ]  # fmt: skip


def _expected(cover: Cover, standard: Standard, busy: float) -> ExpectedView:
    column = cover.ground.groups.index(EVERYBODY)
    covered = float(cover.covered[0, :, column].sum())
    return ExpectedView(
        standard.code, busy, round(covered), _ratio(covered, float(cover.known[:, column].sum()))
    )


def _worked(city: _City, standard: Standard, asked: Asked, *, hour: int) -> WorkedView:
    column = city.ground.groups.index(EVERYBODY)
    people = city.ground.people[:, column]
    calls = asked.calls_an_hour or 0.0
    load = people / people.sum() * (calls * asked.task_s / 3600.0)
    found = by_hypercube(
        city.ground, city.then, city.fleet, limit_s=float(standard.limit or 0.0), load=load,
        hour=hour,
    )  # fmt: skip
    covered = float(found.cover.covered[0, :, column].sum())
    return WorkedView(
        standard.code, calls, asked.task_s, len(found.busy) <= EXACT_WITHIN_A_SECOND,
        round(covered),
        _ratio(covered, float(found.cover.known[:, column].sum())),
        round(float(found.busy.min()), 4), round(float(found.busy.mean()), 4),
        round(float(found.busy.max()), 4), round(found.all_busy, 4),
    )  # fmt: skip


def _supposed(asked: Asked) -> SupposedView | None:
    given = asked.supposed
    if not given.any:
        return None
    return SupposedView(
        given.closed,
        tuple(
            SiteView(key_of(number), one.name, one.lon, one.lat, one.units, one.level)
            for number, one in enumerate(given.sites)
        ),
        len(given.conditions), len(given.roads), given.drawn_at,
    )  # fmt: skip


def _changes(
    city: _City, times: StationTimes, standards: Sequence[Standard]
) -> tuple[ChangeView, ...]:
    """Compare with what is, by road alone: whether a unit is free there is not asked."""
    column = city.ground.groups.index(EVERYBODY)
    found = []
    for standard in standards:
        change = compare(city.ground, city.times, times, limit_s=float(standard.limit or 0.0))
        found += [
            ChangeView(
                standard.code, _name(city, row), *(
                    round(float(one[row, column]))
                    for one in (change.loses, change.slower, change.gains, change.quicker)
                ),
            )
            for row in range(len(change.loses))
            if (change.loses + change.slower + change.gains + change.quicker)[row, column]
        ]  # fmt: skip
    return tuple(found)


def _compliance(
    uow: UnitOfWork, city: _City, times: StationTimes, asked: Asked
) -> tuple[ComplianceView, ...]:
    gone = set(asked.supposed.closed)
    units = [one for one in city.units if one.station_id not in gone]
    more = _units_of_sites(uow, asked)
    # Where no unit carries the mark, nobody records it.
    marked = any(NEGATIVE_PRESSURE in one.capabilities for one in units)
    people = city.ground.summed(np.ones(len(city.ground.cells)))
    column = city.ground.groups.index(EVERYBODY)
    within = _parts_within(uow, city, times, asked)
    facts = []
    for row, code in enumerate(city.ground.districts):
        here = [one for one in units if one.district == code]
        facts.append(
            DistrictFacts(
                district=str(code), people=float(people[row, column]), setting=asked.setting,
                ambulances=len(here) + more[str(code)],
                negative_pressure=sum(NEGATIVE_PRESSURE in one.capabilities for one in here)
                if marked else None,
                within=within.get(str(code), {}),
            )
        )  # fmt: skip
    names = {str(code): _name(city, row) for row, code in enumerate(city.ground.districts)}
    return tuple(
        ComplianceView(
            one.standard.code, names[one.district], one.numerator, one.denominator, one.value,
            one.met,
        )
        for one in compliance(CHINA_2020, facts)
    )  # fmt: skip


def _units_of_sites(uow: UnitOfWork, asked: Asked) -> Counter[str]:
    """Return how many units of new sites stand in each district."""
    sites = asked.supposed.sites
    codes = repository.districts_at(
        uow.session, asked.city_id, [(one.lon, one.lat) for one in sites]
    )  # fmt: skip
    found: Counter[str] = Counter()
    for row, code in codes.items():
        found[code] += sites[row].units
    return found


def _parts_within(
    uow: UnitOfWork, city: _City, times: StationTimes, asked: Asked
) -> dict[str, dict[str, Part]]:
    """Return district → standard → people in the radius, or orders that were obeyed in time."""
    found: dict[str, dict[str, Part]] = {str(code): {} for code in city.ground.districts}
    column = city.ground.groups.index(EVERYBODY)
    stand = [one for one in city.places if one.place_id in times.stations]
    points = [(one.lon, one.lat) for one in stand]
    points += [(one.lon, one.lat) for one in asked.supposed.sites]
    lonlat = np.array(points, np.float64).reshape(-1, 2)
    plane = LocalPlane.around(city.found.cells.lonlat)
    apart_m: FloatArray = np.full(len(city.ground.cells), np.inf)
    if len(lonlat):
        tree = KDTree(plane.to_xy(lonlat))
        apart_m = np.asarray(tree.query(plane.to_xy(city.found.cells.lonlat))[0], np.float64)
    people = city.ground.summed(np.ones(len(apart_m)))[:, column]
    for standard in CHINA_2020.of(Measure.RADIUS):
        inside = city.ground.summed(apart_m <= float(standard.limit or 0.0))[:, column]
        for nth, code in enumerate(city.ground.districts):
            found[str(code)][standard.code] = Part(float(inside[nth]), float(people[nth]))
    since = asked.at - timedelta(days=TURNOUT_DAYS)
    for standard in CHINA_2020.of(Measure.TURNOUT):
        rows = repository.turnouts(
            uow.session, asked.city_id, since=since, limit_s=float(standard.limit or 0.0)
        )
        for row in rows:
            if row.district in found:
                found[row.district][standard.code] = Part(row.in_time, row.orders)
    return found


def _worst(
    uow: UnitOfWork, city: _City, times: StationTimes, asked: Asked
) -> tuple[WorstView, ...]:
    rows = list(range(len(city.ground.cells)))
    cells = worst_served(city.ground, times, place=rows, people=asked.worst).places
    chosen = [int(str(one.place)) for one in cells]
    lonlat = city.found.cells.lonlat
    names = repository.places(
        uow.session, asked.city_id, [(float(lon), float(lat)) for lon, lat in lonlat[chosen]]
    )
    sums: dict[tuple[str | None, str | None, str | None], list[float]] = {}
    for nth, one in enumerate(cells):
        name = names.get(nth, (None, None, None))
        # The first of a place is its worst: cells come in order.
        sums.setdefault(name, [0.0, np.inf if one.seconds is None else one.seconds])
        sums[name][0] += one.people
    return tuple(
        WorstView(
            PlaceName(None, *name), round(people), round(seconds) if np.isfinite(seconds) else None
        )
        for name, (people, seconds) in sums.items()
    )


def _standard(one: Standard) -> StandardView:
    return StandardView(one.code, one.measure.value, one.words, one.limit, one.share)


def _ratio(number: float, of: float) -> float | None:
    return round(number / of, 4) if of > 0.0 else None


def _sentences(city: _City, asked: Asked) -> tuple[Words, ...]:
    supposed = asked.supposed
    return (
        city.calibration,
        *words.ALWAYS,
        *words.those(
            (supposed.any, words.SUPPOSED),
            (bool(supposed.roads), words.NEW_ROADS),
            (supposed.drawn_at is not None, words.DRAWN),
            (asked.calls_an_hour is not None, words.WORKED),
            (city.grouped is not None, words.FIFTHS),
            (any(city.found.cells.modelled), words.MODELLED),
            (asked.setting is None, words.SETTING),
            (city.found.limited, words.LIMITED),
        ),
    )
