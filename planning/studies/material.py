"""What a study reads of a city: people by cell, what stands, sites to choose from, ways by road."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import scipy.sparse
import shapely

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.jurisdiction import outlines
from gis.kernels.opening_hours import is_open
from gis.words import Words
from planning.access.model import Cells, District, TimeOfDay
from planning.access.repository import read_cells, stamp, stations
from planning.coverage.repository import places, streets, units
from planning.coverage.service import calibration_of
from planning.first_aid.points import IndexArray, shared_out, spread_points
from planning.recorded.calibrate import UNCALIBRATED, Calibration
from planning.studies import repository
from planning.studies.errors import StudyParametersError
from planning.studies.model import (
    BoolArray,
    FloatArray,
    Material,
    Points,
    SecondsArray,
    StudySite,
)
from planning.studies.parameters import (
    AedsForm,
    AnyForm,
    BudgetForm,
    CoverageForm,
    PolygonIn,
    Site,
    SitingForm,
    UnitsForm,
)
from planning.studies.views import InputPart
from routing.conditions.model import ConditionKind, Drawing, Drawn
from routing.conditions.supposed import Supposed
from routing.live.answers import Matrix, RoadVersions
from routing.live.pinned import DISPATCH_SNAP_LIMIT_M, PinnedRoads
from routing.roads.model import Profile, SnapResult
from routing.roads.plane import LocalPlane

EXISTING_AEDS = "aeds"
"""All AEDs that stand, as one place: whoever is near any of them has one."""
_NAMED = 5

PART_WORDS = {
    "demand": Words(en="people by cell", zh="格网人口"),
    "roads": Words(en="roads and their conditions", zh="路网及路况"),
    "stations": Words(en="stations and units today", zh="现有急救站及车辆"),
    "aeds": Words(en="AEDs today", zh="现有AED"),
    "sites": Words(en="sites to choose from", zh="候选站址"),
    "travel": Words(en="times between sites and cells", zh="站址至格网的时间"),
    "standard": Words(en="limit", zh="时限标准"),
}

SPREAD = Words(
    en="People are spread evenly over their cell, on points {spacing} m apart that have a way on "
    "foot near by.",
    zh="人口在格网内均匀分布，以间距{spacing}米且附近有步行道路的点计算。",
)
MOST_SPACING_M, LEAST_SPACING_M = 150.0, 75.0
ON_FOOT_NEAR_M = 300.0
"""How far from a way on foot people and AEDs may be."""
WIDER = 2.0
"""Ways on foot are kept to so many times the reach: beyond it nobody is told to be nearer."""


def profile_of(form: AnyForm) -> Profile:
    """Return the means of travel of a study."""
    return Profile.WALK if isinstance(form, AedsForm) else Profile.AMBULANCE_LIGHTS


def read_material(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int, form: AnyForm, *, areas: Sequence[str],
    limit_s: float,
) -> "Unfinished | OnFoot":  # fmt: skip
    """Return what a study of these areas reads (an empty code: of the whole city).

    What takes long is left for `finish` of what is returned, when the transaction is over.

    Raises
    ------
    StudyParametersError
        There are no people or roads, or a site has no road near it.
    """
    profile = profile_of(form)
    if not roads.has(profile):
        raise StudyParametersError("The roads of this city are not loaded, so no time is known.")
    cells, districts = read_cells(uow.session, city_id, form.time_of_day)
    if "" not in areas:
        cells = _rows(cells, _covered(_outlines(uow, city_id, areas), cells.lonlat))
    if not cells.cell:
        raise StudyParametersError(
            "No people by cell are known here for this time of day. Load a population first."
        )
    if isinstance(form, AedsForm):
        return _on_foot(
            uow, roads, city_id, form, cells=cells, districts=districts, limit_s=limit_s
        )
    calibration = calibration_of(uow, roads, city_id, at=uow.clock.now())
    snapped, versions = roads.snap(
        cells.lonlat, profile=profile, max_distance_m=DISPATCH_SNAP_LIMIT_M
    )
    known = np.asarray(snapped.found, np.bool_)
    notes: list[Words] = []
    standing = stations_part(uow, city_id, uow.clock.now())
    lived = _Lived(cells.cell, cells.lonlat, np.where(known, cells.people, 0.0))
    new = _new_sites(uow, city_id, form, lived, notes=notes)
    _check_on_road(roads, new, profile)
    found = (*standing.sites, *new)
    then = _supposing(roads, form)
    people = demand_part(cells, form.time_of_day, stamp(uow.session, city_id, form.time_of_day))
    material = Material(
        cells, districts, known, found, np.zeros((len(cells.cell), 0), np.float32),
        (people, *_parts(versions, standing, new, limit_s)),
        UNCALIBRATED if calibration is None else calibration.words, tuple(notes),
    )  # fmt: skip
    return Unfinished(
        material, _matrix(roads, found, cells.lonlat, profile),
        None if then is None else _matrix(then, found, cells.lonlat, profile),
        _factors(cells, districts, calibration),
    )  # fmt: skip


def _parts(
    versions: RoadVersions, standing: "Standing", new: Sequence[StudySite], limit_s: float
) -> tuple[InputPart, ...]:
    return (
        InputPart("roads", PART_WORDS["roads"], f"{versions.topology_id} {versions.conditions_id}",
                  digest_of(versions.topology_id, versions.conditions_id)),
        standing.part,
        InputPart("sites", PART_WORDS["sites"], f"{len(new)}",
                  digest_of(*((one.key, one.lon, one.lat) for one in new))),
        InputPart("standard", PART_WORDS["standard"], f"{limit_s:g} s", digest_of(limit_s)),
    )  # fmt: skip


def _on_foot(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int, form: AedsForm, *, cells: Cells,
    districts: Sequence[District], limit_s: float,
) -> "OnFoot":  # fmt: skip
    """Return what a study of AEDs reads: people on points all over their cells."""
    spacing_m = float(np.clip(form.reach_m, LEAST_SPACING_M, MOST_SPACING_M))
    lonlat, owner = spread_points(cells.shapes, cells.lonlat, spacing_m=spacing_m)
    here, versions = roads.snap(lonlat, profile=Profile.WALK, max_distance_m=ON_FOOT_NEAR_M)
    people, _ = shared_out(cells.people, owner, here.found)
    known = np.bincount(owner[here.found], minlength=len(cells.cell)) > 0
    notes = [SPREAD.filled(spacing=f"{spacing_m:.0f}")]
    standing, near = _aeds_standing(uow, roads, city_id, form, here)
    # A point is named after its cell and its place in it.
    nth = np.arange(len(owner)) - np.searchsorted(owner, owner)
    names = [
        f"{cells.cell[row]}/{at}" for row, at in zip(owner.tolist(), nth.tolist(), strict=True)
    ]
    new = _new_sites(uow, city_id, form, _Lived(names, lonlat, people), notes=notes)
    _check_on_road(roads, new, Profile.WALK)
    counted = demand_part(cells, form.time_of_day, stamp(uow.session, city_id, form.time_of_day))
    beyond_s = WIDER * limit_s
    material = Material(
        cells, districts, known, (*standing.sites, *new),
        np.zeros((len(cells.cell), 0), np.float32),
        (counted, *_parts(versions, standing, new, limit_s)), UNCALIBRATED, tuple(notes),
    )  # fmt: skip
    points = Points(owner, people, scipy.sparse.csr_array((len(owner), 0)), beyond_s)
    there, _ = roads.snap(
        np.array([(one.lon, one.lat) for one in new], np.float64).reshape(-1, 2),
        profile=Profile.WALK, max_distance_m=DISPATCH_SNAP_LIMIT_M,
    )  # fmt: skip
    walked = roads.times_to_each(there, here, profile=Profile.WALK, limit_s=beyond_s)
    return OnFoot(material, points, near, walked, len(new))


@dataclass(frozen=True, slots=True, eq=False)
class OnFoot:
    """Material of people on points, without its ways.

    near : (p,) seconds to the nearest AED that stands, None where none does
    walked : of each of `count` new sites the seconds (p,) to it, worked out when they are read
    """

    material: Material
    points: Points
    near: SecondsArray | None
    walked: Iterator[FloatArray]
    count: int

    def finish(self, tell: Callable[[float], None] = lambda _: None) -> Material:
        """Work the ways out; may take minutes, and needs no transaction.

        tell : is told the share that is done, and may end it by raising
        """
        reached = [] if self.near is None else [self._reached(self.near)]
        for done, seconds in enumerate(self.walked, start=1):
            reached.append(self._reached(seconds))
            tell(done / self.count)
        points = np.concatenate([np.zeros(0, np.int64), *(one for one, _ in reached)])
        seconds = np.concatenate([np.zeros(0, np.float32), *(one for _, one in reached)])
        start = np.concatenate([[0], np.cumsum([len(one) for one, _ in reached], dtype=np.int64)])
        by_site = scipy.sparse.csc_array(
            (seconds, points, start), shape=(len(self.points.owner), len(reached))
        )
        ways = by_site.tocsr()
        travel = InputPart(
            "travel", PART_WORDS["travel"], f"{ways.shape[0]} × {ways.shape[1]}",
            digest_of(ways.indptr.tobytes(), ways.indices.tobytes(), ways.data.tobytes(),
                      self.points.people.tobytes()),
        )  # fmt: skip
        return replace(
            self.material, points=replace(self.points, ways=ways),
            parts=(*self.material.parts, travel),
        )  # fmt: skip

    def _reached(self, seconds: npt.NDArray[np.floating]) -> tuple[IndexArray, SecondsArray]:
        """Return which points are not beyond the limit that is kept, and their seconds."""
        at = np.flatnonzero(seconds <= self.points.beyond_s)
        return at, seconds[at].astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Unfinished:
    """Material without its times, which are worked out when they are read.

    driven, then : times of sites in rows, as it is and as supposed; factor : (n, 1) on all of them
    """

    material: Material
    driven: Matrix | None
    then: Matrix | None
    factor: SecondsArray

    def finish(self, tell: Callable[[float], None] = lambda _: None) -> Material:
        """Work the times out; may take minutes, and needs no transaction.

        tell : is told the share that is done, and may end it by raising
        """
        cells = len(self.material.cells.cell)
        seconds = _by_cell(self.driven, cells, tell) * self.factor
        travel = InputPart(
            "travel", PART_WORDS["travel"], f"{seconds.shape[0]} × {seconds.shape[1]}",
            digest_of(np.ascontiguousarray(seconds).tobytes(), self.material.known.tobytes()),
        )  # fmt: skip
        then = None if self.then is None else _by_cell(self.then, cells, tell) * self.factor
        return replace(
            self.material, travel_s=seconds, then_s=then, parts=(*self.material.parts, travel)
        )


def _by_cell(matrix: Matrix | None, cells: int, tell: Callable[[float], None]) -> SecondsArray:
    if matrix is None:
        return np.zeros((cells, 0), np.float32)
    blocks: list[SecondsArray] = []
    for block in matrix.blocks:
        blocks.append(block)
        tell(sum(map(len, blocks)) / matrix.shape[0])
    return np.ascontiguousarray(np.concatenate(blocks).T)


def _factors(
    cells: Cells, districts: Sequence[District], calibration: Calibration | None
) -> SecondsArray:
    """Return (n, 1) by what modelled times of the cells are multiplied."""
    ones = np.ones(len(cells.cell))
    if calibration is not None:
        codes = [districts[row].code if row >= 0 else None for row in cells.district.tolist()]
        ones = calibration.corrected(ones, np.array(codes, object))
    return ones.astype(np.float32)[:, np.newaxis]


def _supposing(roads: PinnedRoads, form: AnyForm) -> PinnedRoads | None:
    """Return the roads with some closed or under water; None where none are supposed to be."""
    if not isinstance(form, CoverageForm) or not (form.closed_roads or form.flooded):
        return None
    conditions = [
        Supposed(ConditionKind.CLOSURE, Drawing(Drawn.POLYGON, _polygon(one)))
        for one in form.closed_roads
    ]
    conditions += [
        Supposed(ConditionKind.FLOOD, Drawing(Drawn.POLYGON, _polygon(one)),
                 depth_m=form.flood_depth_m)
        for one in form.flooded
    ]  # fmt: skip
    return roads.supposing(conditions)


def demand_part(cells: Cells, time_of_day: TimeOfDay, stamp: str) -> InputPart:
    """Return what people a study counts, by their hash; `stamp` names the rows as they are."""
    day = cells.counted_on.isoformat() if cells.counted_on else "?"
    return InputPart(
        "demand", PART_WORDS["demand"], f"{cells.source or '?'}, {day}, {time_of_day.value}",
        digest_of("\x1f".join(cells.cell), cells.people.tobytes(), cells.lonlat.tobytes()), stamp,
    )  # fmt: skip


def stations_part(uow: UnitOfWork, city_id: int, at: datetime) -> "Standing":
    """Return the stations of a city with the units in service of each, by their hash."""
    counts: dict[int, int] = {}
    for one in units(uow.session, city_id, [at]):
        counts[one.station_id] = counts.get(one.station_id, 0) + 1
    found = tuple(
        StudySite(
            f"station:{one.place_id}", one.name, one.name_zh, one.name_en, one.lon, one.lat, True,
            counts.get(one.place_id, 0),
        )
        for one in stations(uow.session, city_id)
    )  # fmt: skip
    part = InputPart(
        "stations", PART_WORDS["stations"], f"{len(found)} / {sum(counts.values())}",
        digest_of(*((one.key, one.lon, one.lat, one.units) for one in found)),
    )  # fmt: skip
    return Standing(found, part)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands today, and its hash."""

    sites: tuple[StudySite, ...]
    part: InputPart


def aeds_part(uow: UnitOfWork, city_id: int, hour: int | None) -> tuple[FloatArray, InputPart]:
    """Return where AEDs stand that count at an hour, (k, 2), and their hash."""
    zone = require_city(uow, city_id).time_zone
    now = uow.clock.now().astimezone(ZoneInfo(zone))
    rows = repository.aeds(uow.session, city_id)
    if hour is not None:
        moment = now.replace(hour=hour, minute=30, second=0, microsecond=0)
        rows = [one for one in rows if is_open(one.opening_hours, moment, time_zone=zone)]
    part = InputPart(
        "aeds", PART_WORDS["aeds"], f"{len(rows)}",
        digest_of(*((one.aed_id, one.lon, one.lat) for one in rows)),
    )  # fmt: skip
    return np.array([(one.lon, one.lat) for one in rows], np.float64).reshape(-1, 2), part


def digest_of(*parts: Any) -> str:
    """Return a hash of numbers, texts, tuples of them, and bytes, in order."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part if isinstance(part, bytes) else repr(part).encode())
        made.update(b"\x1e")
    return made.hexdigest()


def _aeds_standing(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int, form: AedsForm, here: SnapResult
) -> tuple[Standing, SecondsArray | None]:
    """Return all AEDs that stand as one site, and its times: one search finds the nearest."""
    lonlat, part = aeds_part(uow, city_id, form.hour)
    if not len(lonlat):
        return Standing((), part), None
    there, _ = roads.snap(lonlat, profile=Profile.WALK, max_distance_m=ON_FOOT_NEAR_M)
    near = roads.times_of_nearest(there, here, profile=Profile.WALK, towards=True)
    middle = lonlat.mean(axis=0)
    site = StudySite(
        EXISTING_AEDS, "AED", "现有AED", "AEDs that stand", float(middle[0]), float(middle[1]),
        True, len(lonlat),
    )  # fmt: skip
    return Standing((site,), part), near.time_s.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Lived:
    """Where people live: n keys, points (n, 2), and people (n,), 0 where no site may be."""

    keys: Sequence[str]
    lonlat: FloatArray
    people: FloatArray


def _new_sites(
    uow: UnitOfWork, city_id: int, form: AnyForm, lived: _Lived, *, notes: list[Words]
) -> tuple[StudySite, ...]:
    if isinstance(form, CoverageForm):
        return tuple(_drawn(one, units=one.units) for one in form.sites)
    if isinstance(form, UnitsForm):
        return tuple(_drawn(one) for one in form.sites)
    if form.candidates:
        lonlat = np.array([(one.lon, one.lat) for one in form.candidates], np.float64)
        allowed = _allowed(form, lonlat)
        left_out = int(np.count_nonzero(~allowed))
        if left_out:
            notes.append(Words(
                en=f"{left_out} of {len(lonlat)} sites lie where none may be, and are left out.",
                zh=f"{len(lonlat)}个候选点中有{left_out}个位于不允许区域，已排除。",
            ))  # fmt: skip
        chosen = [one for one, stays in zip(form.candidates, allowed, strict=True) if stays]
        return tuple(_drawn(one) for one in chosen)
    people = np.where(_allowed(form, lived.lonlat), lived.people, 0.0)
    rows = spread_out(lived.lonlat, people, form.candidate_count)
    if not rows:
        return ()
    notes.append(Words(
        en=f"{len(rows)} sites to choose from were taken from where people live; whether a "
        "building or land is to be had there was not asked.",
        zh=f"由系统按人口选取{len(rows)}个候选点；未核实当地是否有房屋或用地。",
    ))  # fmt: skip
    points = [(float(lived.lonlat[row, 0]), float(lived.lonlat[row, 1])) for row in rows]
    named, street = places(uow.session, city_id, points), streets(uow.session, city_id, points)
    return tuple(
        _taken(lived.keys[row], named.get(nth), street.get(nth), lon, lat)
        for nth, (row, (lon, lat)) in enumerate(zip(rows, points, strict=True))
    )  # fmt: skip


def spread_out(lonlat: FloatArray, people: FloatArray, most: int) -> list[int]:
    """Return rows of at most `most` of n cells, spread over where people live.

    The cell with most people of each square of a grid that is as fine as `most` allows.
    """
    lived = np.flatnonzero(people > 0)
    if lived.size <= most:
        return [int(row) for row in lived]
    xy = LocalPlane.around(lonlat[lived]).to_xy(lonlat[lived])
    xy = xy - xy.min(axis=0)
    # From the most people down, so that the first of a square is its most; ties by position.
    order = np.lexsort((lived, -people[lived]))
    low, high = 0.0, float(xy.max()) + 1.0
    chosen = order[:1]
    for _ in range(40):
        side = (low + high) / 2
        square = np.floor(xy[order] / side).astype(np.int64)
        _, first = np.unique(square, axis=0, return_index=True)
        if len(first) > most:
            low = side
        else:
            high, chosen = side, order[np.sort(first)]
    return sorted(int(row) for row in lived[chosen])


def _check_on_road(roads: PinnedRoads, sites: Sequence[StudySite], profile: Profile) -> None:
    if not sites:
        return
    lonlat = np.array([(one.lon, one.lat) for one in sites], np.float64)
    found = roads.snap(lonlat, profile=profile, max_distance_m=DISPATCH_SNAP_LIMIT_M)[0].found
    off = [one.name or one.key for one, near in zip(sites, found, strict=True) if not near]
    if off:
        more = f" and {len(off) - _NAMED} more" if len(off) > _NAMED else ""
        raise StudyParametersError(
            f"No road lies within {DISPATCH_SNAP_LIMIT_M / 1000:g} km of these sites: "
            f"{', '.join(off[:_NAMED])}{more}. Move them, or check their coordinates' datum."
        )


def _matrix(
    roads: PinnedRoads, sites: Sequence[StudySite], lonlat: FloatArray, profile: Profile
) -> Matrix | None:
    if not sites:
        return None
    origins = np.array([(one.lon, one.lat) for one in sites], np.float64)
    return roads.matrix(origins, lonlat, profile=profile)


def _drawn(one: Site, *, units: int = 0) -> StudySite:
    name = one.name or None
    return StudySite(f"site:{one.key}", name, name, name, one.lon, one.lat, False, units)


def _taken(
    cell: str, named: tuple[str, str | None, str | None] | None,
    street: tuple[str, str | None, str | None] | None, lon: float, lat: float,
) -> StudySite:  # fmt: skip
    """Return a site in a cell, named after the area around it and the nearest street."""
    name, name_zh, name_en = named or (None, None, None)
    if street is not None:
        any_name, chinese, english = street
        name = f"{name}, {any_name}" if named else any_name
        name_en = f"{name_en}, {english or any_name}" if name_en else english
        name_zh = f"{name_zh}·{chinese or any_name}" if name_zh else chinese
    return StudySite(f"cell:{cell}", name, name_zh, name_en, lon, lat, False, 0)


def _allowed(form: SitingForm | BudgetForm | AedsForm, lonlat: FloatArray) -> BoolArray:
    allowed = np.ones(len(lonlat), np.bool_)
    if form.inside:
        allowed &= _covered([_polygon(one) for one in form.inside], lonlat)
    if form.outside:
        allowed &= ~_covered([_polygon(one) for one in form.outside], lonlat)
    return allowed


def _polygon(one: PolygonIn) -> shapely.Geometry:
    shape = shapely.Polygon(one.coordinates[0], one.coordinates[1:])
    return shapely.make_valid(shape)


def _outlines(uow: UnitOfWork, city_id: int, areas: Sequence[str]) -> list[shapely.Geometry]:
    return [shapely.from_wkb(one) for one in outlines(uow.session, city_id, areas)]


def _covered(shapes: Sequence[shapely.Geometry], lonlat: FloatArray) -> BoolArray:
    inside = np.zeros(len(lonlat), np.bool_)
    points: Any = shapely.points(lonlat)
    for shape in shapes:
        shapely.prepare(shape)
        inside |= shapely.covers(shape, points)
    return inside


def _rows(cells: Cells, of: BoolArray) -> Cells:
    chosen = np.flatnonzero(of).tolist()
    return Cells(
        cell=[cells.cell[row] for row in chosen], lonlat=cells.lonlat[of],
        people=cells.people[of], modelled=[cells.modelled[row] for row in chosen],
        district=cells.district[of], shapes=[cells.shapes[row] for row in chosen],
        source=cells.source, counted_on=cells.counted_on,
    )  # fmt: skip
