"""Whom a volunteer or a defibrillator reaches on foot, put together for a city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.kernels.opening_hours import COUNTRY_OF_TIME_ZONE, open_states
from gis.words import Words
from planning.access.model import Access, Target, TimeOfDay
from planning.access.service import access, question, seen_of
from planning.coverage.views import PlaceName
from planning.first_aid import repository
from planning.first_aid.circle import (
    HOURS,
    STOREY_S,
    BoolArray,
    FloatArray,
    Way,
    classes,
    reached_by_hour,
)
from planning.first_aid.errors import FirstAidInputError
from planning.first_aid.floors import GROUND_IS_ONE, storeys_away
from planning.first_aid.points import IndexArray, shared_out, spread_points
from planning.first_aid.repository import DeviceRow
from planning.first_aid.views import DevicesView, DistrictView, FirstAidView, HourView
from routing.areas.nearest import NONE_NEAR
from routing.live.pinned import PinnedRoads
from routing.live.straight_line import STRAIGHT_LINE_SPEED_KMH
from routing.roads.model import Profile, SnapResult

PROFILE = Profile.WALK
NEAR_M = 300.0
"""So far from a way on foot a cell or a helper may be; the walk there is counted."""
WALK_M_S = STRAIGHT_LINE_SPEED_KMH[PROFILE] / 3.6


@dataclass(frozen=True, slots=True)
class Volunteers:
    """So many volunteers at one place, in the hours from `from_hour` up to `to_hour`, local.

    Over midnight where `to_hour` is the smaller; the whole day where both are alike.
    """

    lon: float
    lat: float
    count: int = 1
    from_hour: int = 0
    to_hour: int = 0
    storeys: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: ways of devices and of volunteers, of which day (None: today)."""

    city_id: int
    at: datetime
    device: Way
    volunteers: tuple[Volunteers, ...] = ()
    day: date | None = None
    time_of_day: TimeOfDay = TimeOfDay.ALL


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    """Points that helpers of a kind reach, (24, p); how many are at hand by hour, or off roads."""

    points: BoolArray
    at_hand: FloatArray
    off_road: int


def first_aid(uow: UnitOfWork, roads: PinnedRoads, asked: Asked) -> FirstAidView:
    """Return whom help reaches within the limit by hour, in the areas the viewer's right reaches.

    Raises
    ------
    FirstAidInputError
        The city has no people or no ways on foot, or neither devices nor volunteers.
    """
    if not roads.has(PROFILE):
        raise FirstAidInputError("The ways on foot of this city are not loaded.")
    # Cells and districts are those of minutes by road; their times are not asked.
    found = seen_of(uow, access(uow, roads, question(
        uow, asked.city_id, Target.STATION, asked.time_of_day
    )))  # fmt: skip
    people = found.cells.people
    if not people.sum() > 0.0:
        raise FirstAidInputError("No cell has any people. Load a population first.")
    known = repository.devices(uow.session, asked.city_id)
    if not known and not asked.volunteers:
        raise FirstAidInputError(
            "No defibrillator of this city is known. Import a register, or give volunteers."
        )
    zone = require_city(uow, asked.city_id).time_zone
    day = asked.day or asked.at.astimezone(ZoneInfo(zone)).date()
    devices = [one for one in known if not one.gone and one.access != "private"]
    opened = _states(devices, day, zone)
    country = COUNTRY_OF_TIME_ZONE.get(zone, "")
    storeys = [storeys_away(one.floor, ground_is_one=country in GROUND_IS_ONE) for one in devices]
    counted = np.array([one or 0 for one in storeys], np.float64)
    points, owner = spread_points(found.cells.shapes, found.cells.lonlat)
    here, versions = roads.snap(points, profile=PROFILE, max_distance_m=NEAR_M)
    at_point, unknown = shared_out(people, owner, here.found)
    lonlat = [(one.lon, one.lat) for one in devices]
    by_device, at_most = (
        _reached(roads, here, lonlat, at_hand=hours, storeys=counted, way=asked.device)
        for hours in (opened == 1.0, opened != 0.0)
    )
    helpers = asked.volunteers
    # A volunteer comes and stays.
    way = Way(
        asked.device.limit_s, there_and_back=False,
        patient_storeys=asked.device.patient_storeys, alert_s=asked.device.alert_s,
    )  # fmt: skip
    by_volunteer = _reached(
        roads, here, [(one.lon, one.lat) for one in helpers], at_hand=_hours(helpers),
        storeys=np.array([one.storeys for one in helpers], np.float64), way=way,
        number=np.array([one.count for one in helpers], np.float64),
    )  # fmt: skip
    return FirstAidView(
        city_id=asked.city_id,
        at=asked.at,
        day=day,
        limit_s=asked.device.limit_s,
        there_and_back=asked.device.there_and_back,
        alert_s=asked.device.alert_s,
        patient_storeys=asked.device.patient_storeys,
        storey_s=STOREY_S,
        topology_id=versions.topology_id,
        conditions_id=versions.conditions_id,
        people=round(float(people.sum())),
        unknown=round(float(unknown.sum())),
        people_source=found.cells.source,
        counted_on=found.cells.counted_on,
        devices=DevicesView(
            len(known), sum(one.gone for one in known),
            sum(one.access == "private" and not one.gone for one in known),
            int(np.isnan(opened).any(axis=1).sum()), sum(one is None for one in storeys),
            by_device.off_road,
        ),
        volunteers=sum(one.count for one in helpers),
        volunteers_off_road=by_volunteer.off_road,
        hours=_by_hour(at_point, by_device, by_volunteer, at_most),
        districts=_by_district(
            found, at_point, owner, unknown=unknown, reached=by_device.points | by_volunteer.points
        ),
        sentences=_sentences(asked, found),
    )  # fmt: skip


def _states(devices: Sequence[DeviceRow], day: date, zone: str) -> FloatArray:
    """Return (u, 24) 1 open, 0 closed, NaN not known, in the middle of each hour of a day."""
    found = np.full((len(devices), HOURS), np.nan)
    for hour in range(HOURS):
        at = datetime.combine(day, time(hour, 30), ZoneInfo(zone))
        states = open_states((one.opening_hours for one in devices), at, time_zone=zone)
        for row, (one, state) in enumerate(zip(devices, states, strict=True)):
            # Where nobody says who may take it, its hours open it to nobody for sure.
            if state is False or (state is not None and one.access != "unknown"):
                found[row, hour] = float(state)
    return found


def _hours(helpers: Sequence[Volunteers]) -> BoolArray:
    hour = np.arange(HOURS)
    rows = [
        (hour >= one.from_hour) & (hour < one.to_hour)
        if one.from_hour < one.to_hour
        else (hour >= one.from_hour) | (hour < one.to_hour)
        for one in helpers
    ]
    return np.array(rows, np.bool_).reshape(-1, HOURS)


def _reached(
    roads: PinnedRoads,
    here: SnapResult,
    lonlat: Sequence[tuple[float, float]],
    *,
    at_hand: BoolArray,
    storeys: FloatArray,
    way: Way,
    number: FloatArray | None = None,
) -> _Reached:
    """Search the ways of each class of helpers to all cells."""
    points = np.array(lonlat, np.float64).reshape(-1, 2)
    if not len(points):
        return _Reached(np.zeros((HOURS, len(here)), np.bool_), np.zeros(HOURS), 0)
    there, _ = roads.snap(points, profile=PROFILE, max_distance_m=NEAR_M)
    parted = classes(at_hand & there.found[:, np.newaxis], storeys.tolist())
    rows = []
    for number_of_class, height in enumerate(parted.storeys.tolist()):
        mine = there.take(parted.of == number_of_class)
        found = roads.times_of_nearest(mine, here, profile=PROFILE, towards=False)
        reached = found.nearest != NONE_NEAR
        off_road_m = np.where(
            reached, here.distance_m + mine.distance_m[np.maximum(found.nearest, 0)], 0.0
        )
        rows.append(way.seconds(found.time_s + off_road_m / WALK_M_S, height))
    seconds = np.array(rows).reshape(-1, len(here))
    each = np.ones(len(points)) if number is None else number
    return _Reached(
        reached_by_hour(seconds, parted.at_hand, limit_s=way.limit_s),
        each @ at_hand, int((~there.found).sum()),
    )  # fmt: skip


def _by_hour(
    people: FloatArray, device: _Reached, volunteer: _Reached, at_most: _Reached
) -> tuple[HourView, ...]:
    total = float(people.sum())

    def share(points: BoolArray) -> float | None:
        return round(float(people[points].sum()) / total, 4) if total > 0.0 else None

    return tuple(
        HourView(
            hour, int(device.at_hand[hour]), int(volunteer.at_hand[hour]), share(one), share(other),
            share(one | other), share(one & other), share(at_most.points[hour] | other),
        )
        for hour, (one, other) in enumerate(zip(device.points, volunteer.points, strict=True))
    )  # fmt: skip


def _by_district(
    found: Access, at_point: FloatArray, owner: IndexArray, *, unknown: FloatArray,
    reached: BoolArray,
) -> tuple[DistrictView, ...]:  # fmt: skip
    cells = found.cells
    row = np.where(cells.district < 0, len(found.districts), cells.district)
    size = len(found.districts) + 1
    of = np.bincount(row[owner], weights=at_point, minlength=size)
    dark = np.bincount(row, weights=unknown, minlength=size)
    by_hour = np.array([
        np.bincount(row[owner], weights=at_point * one, minlength=size) for one in reached
    ])  # fmt: skip
    views = []
    for at in range(size):
        if not (of[at] or dark[at]):
            continue
        shares = by_hour[:, at] / of[at] if of[at] else None
        best, worst = (None, None) if shares is None else (shares.argmax(), shares.argmin())
        part = "outside" if at == len(found.districts) else "district"
        views.append(DistrictView(
            part, _name(found, at), round(float(of[at])), round(float(dark[at])),
            None if shares is None else round(float(shares[best]), 4),
            None if best is None else int(best),
            None if shares is None else round(float(shares[worst]), 4),
            None if worst is None else int(worst),
        ))  # fmt: skip
    return tuple(views)


def _name(found: Access, row: int) -> PlaceName:
    if row >= len(found.districts):
        return PlaceName(None, None, None, None)
    one = found.districts[row]
    return PlaceName(one.code, one.name, one.name_zh, one.name_en)


def _sentences(asked: Asked, found: Access) -> tuple[Words, ...]:
    way = asked.device
    said = [
        Words(
            en="On foot by the ways there are, people spread evenly over their cell: "
            + ("a device is fetched and brought back" if way.there_and_back else "one way")
            + f"; a storey takes {STOREY_S:.0f} s, which is assumed.",
            zh="步行时间按道路网计算，人口在格网内均匀分布，"
            + ("AED按取回往返" if way.there_and_back else "单程")
            + f"；每层楼按{STOREY_S:.0f}秒（假定）。",
        ),
        Words(
            en="Devices whose hours or access nobody states are in no share but the upper one; "
            "private ones are in none; where no floor is stated it is taken to be at the street.",
            zh="开放时间或可及性不明的AED只计入上限；不对公众开放的不计；未注明楼层的按临街处理。",
        ),
    ]  # fmt: skip
    if asked.volunteers:
        said.append(
            Words(
                en="Volunteers are taken to be where they are registered, to be alerted and to "
                "come; nothing of them is stored.",
                zh="假定志愿者在登记地点、收到提醒并前往；其信息不予保存。",
            )
        )
    else:
        said.append(
            Words(
                en="No volunteers were given: devices alone are counted.",
                zh="未提供志愿者信息，仅统计AED。",
            )
        )
    if any(found.cells.modelled):
        said.append(
            Words(
                en="People by cell are modelled, not surveyed.", zh="格网人口由模型生成，非实测。"
            )
        )
    return tuple(said)
