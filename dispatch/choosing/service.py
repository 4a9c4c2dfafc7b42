"""Use cases of choosing: which unit to send, which hospital to go to. They read, never write."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dispatch.choosing import repository
from dispatch.choosing.clearing import Clearing, expected_clear
from dispatch.choosing.destination import Hospital, rank_hospitals
from dispatch.choosing.diverting import (
    DIVERSIONS_SHOWN,
    Loss,
    is_allowed,
    left_s,
    loss_of,
    may_take,
    releasing_category,
    was_preempted,
)
from dispatch.choosing.policies import PolicyName
from dispatch.choosing.recommend import (
    FloatArray,
    Ranking,
    ReasonCode,
    UnitColumns,
    capability_bits,
    fill,
    rank,
)
from dispatch.choosing.views import (
    CoverageNow,
    Destinations,
    DestinationView,
    DiversionView,
    RankedUnitView,
    Recommendation,
    VoidView,
)
from dispatch.choosing.words import UnitFacts, shortfalls, unit_reasons
from dispatch.coverage.model import CoverageCosts
from dispatch.coverage.service import STANDARDS, costs_of
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.headings import STALE_AFTER_S, headings_deg
from dispatch.fleet.records import status_of
from dispatch.hospitals import repository as repository_hospitals
from dispatch.incidents import repository as repository_incidents
from dispatch.incidents.records import read_incident
from dispatch.model import LEVEL_RANK
from dispatch.permissions import DISPATCH
from dispatch.triage.model import UnitNeed
from dispatch.triage.needs import still_needed
from dispatch.triage.rules import CategoryMatrix
from dispatch.triage.service import rules_of_incident
from gis.database import UnitOfWork
from gis.geojson import LineString, line_string
from gis.geometry import Wgs84Point
from gis.rows import AnyRow
from routing.live.answers import TravelTimes, version_names
from routing.live.kept import Kept
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile

ROUTES_SHOWN = 5
"""Routes are drawn for this many of the best units."""

PROFILE_BY_MODE: Mapping[str, Profile] = {
    "lights": Profile.AMBULANCE_LIGHTS,
    "normal": Profile.AMBULANCE,
}


def recommend(
    uow: UnitOfWork,
    routing: Routing,
    incident_id: UUID,
    *,
    limit: int | None = None,
    also: int | None = None,
    policy: PolicyName = "closest",
) -> Recommendation:
    """Rank every unit of the city for an incident, by road time, with reasons and with what
    sending it costs the rest of the city. `policy` says what counts besides time; never for a C1.

    Without a place the answer is empty and says what it waits for. A unit without a position is
    taken as standing at its station. The units already at work are taken off what the plan asks
    for. All units are ranked; described are the first `limit` (None: all), whoever is suggested
    for a need of the plan, and the unit `also`.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, DISPATCH)
    now = uow.clock.now()
    if incident.lon is None:
        return Recommendation(
            incident_id, incident.version, now, **version_names(None), basis=None,
            waiting_for="place", units=(), unit_count=0, eligible_count=0, shortfalls=(),
            policy=policy, coverage=None,
        )  # fmt: skip
    plan = incident.response_plan or {}
    wanted = tuple(plan.get("capabilities", ()))
    prefixes = uow.identity.jurisdictions(DISPATCH)
    units, at_work = repository_fleet.unit_columns(
        uow.session, prefixes=prefixes, at=now, city_id=incident.city_id, wanted=wanted,
        incident_id=incident_id,
    )  # fmt: skip
    profile = PROFILE_BY_MODE[plan.get("mode", "lights")]
    goal = (incident.lon, incident.lat)
    origins = np.stack((units["lon"], units["lat"]), axis=1).astype(np.float64)
    headings = headings_deg(
        units["heading_deg"], speed_kmh=units["speed_kmh"], position_age_s=units["position_age_s"]
    )  # fmt: skip
    planned = tuple(UnitNeed(need["level"], need["count"]) for need in plan.get("units", ()))
    needs = still_needed(planned, at_work)
    with routing.at(uow, incident.city_id) as roads:
        times = roads.times_to(goal, origins, profile=profile, heading_deg=headings)
        category = releasing_category(incident.category, plan)
        matrix = rules_of_incident(uow, incident).matrix
        columns, needed = _columns(
            units, times, wanted=wanted, category=category, matrix=matrix,
            clearing=_clearing(uow, incident.city_id, units["unit_id"]),
        )  # fmt: skip
        straight = times.basis == "straight_line"
        costs = costs_of(uow, roads, incident.city_id, units)
        ranking = rank(
            columns, needs, needed_capabilities=needed, straight_line=straight,
            category=incident.category, policy=policy, lost_points=costs.lost_points,
            limit_s=STANDARDS[costs.standard].limit,
        )  # fmt: skip
        shown = _shown(ranking, limit, also=np.flatnonzero(units["unit_id"] == also))
        losses, left = _losses(
            uow, roads, units=units, columns=columns, ranking=ranking, needs=needs,
            city_id=incident.city_id, also=also,
        )  # fmt: skip
        routes = _routes(
            roads, goal=goal, origins=origins, headings=headings, profile=profile,
            indices=[index for index in list(shown)[:ROUTES_SHOWN] if ranking.eligible[index]],
        )  # fmt: skip
    # All of them are asked for by their city: a thousand numbers take longer to read than the rows.
    told = {*shown, *(one.replacement for one in losses.values() if one.replacement is not None)}
    chosen = None if len(shown) == len(units) else units["unit_id"][list(told)].tolist()
    rows = repository_fleet.list_units(
        uow.session, prefixes=prefixes, at=now, city_id=incident.city_id, unit_ids=chosen
    )
    row_of = {row.unit_id: row for row in rows}
    describe = _Describer(
        rows={index: row_of[int(units["unit_id"][index])] for index in told},
        category=category, matrix=matrix, losses=losses, left=left, columns=columns,
        ranking=ranking, needs=needs, wanted=wanted,
        origins=origins, place=Wgs84Point(*goal), straight_line=straight,
        ignoring_closures_s=times.ignoring_closures_s, costs=costs,
    )  # fmt: skip
    return Recommendation(
        incident_id=incident_id,
        incident_version=incident.version,
        computed_at=now,
        **version_names(times.versions),
        basis=times.basis,
        waiting_for=None,
        units=tuple(
            describe.unit(index, place=place, route=routes.get(index))
            for index, place in shown.items()
        ),
        unit_count=len(units),
        eligible_count=int(ranking.eligible.sum()),
        shortfalls=shortfalls(needs, ranking.filled),
        policy=policy,
        coverage=CoverageNow(
            _finite(costs.points),
            costs.standard,
            costs.basis,
            costs.unknown,
        ),
    )


_HANDOVERS = Kept()


def _clearing(uow: UnitOfWork, city_id: int, unit_ids: npt.NDArray[np.int64]) -> Clearing:
    """Return when those of the units that are at a hospital will be free."""
    elapsed_s = np.full(len(unit_ids), np.nan)
    now = uow.clock.now()
    there = repository.at_hospital(uow.session, city_id)
    if not there:
        return Clearing(elapsed_s, elapsed_s, elapsed_s)
    since = {row.unit_id: row.since for row in there if row.since is not None}
    for index, unit_id in enumerate(unit_ids.tolist()):
        if unit_id in since:
            elapsed_s[index] = max((now - since[unit_id]).total_seconds(), 0.0)
    handovers_s = _HANDOVERS.get(
        (uow.database_name, city_id, int(now.timestamp() // 3600)),
        lambda: np.array(repository.handovers_s(uow.session, city_id, until=now), np.float64),
    )
    return expected_clear(handovers_s, elapsed_s)


def destinations(
    uow: UnitOfWork, routing: Routing, incident_id: UUID
) -> Destinations:  # fmt: skip
    """Rank the city's hospitals for an incident; empty while it has no place.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, DISPATCH)
    rows = repository_hospitals.list_hospitals(uow.session, incident.city_id)
    if incident.lon is None or not rows:
        return Destinations(**version_names(None), basis=None, destinations=())
    now = uow.clock.now()
    plan = incident.response_plan or {}
    points = np.array([(row.lon, row.lat) for row in rows], dtype=np.float64)
    with routing.at(uow, incident.city_id) as roads:
        times = roads.times_from(
            (incident.lon, incident.lat), points,
            profile=PROFILE_BY_MODE[plan.get("mode", "lights")],
        )  # fmt: skip
    hospitals = [
        Hospital(
            facility_id=row.facility_id,
            capabilities=frozenset(row.capabilities or ()),
            has_emergency_department=row.has_emergency_department,
            diverting=row.diverting,
            status_age_s=_age_s(row.reported_at, now),
            inbound_count=row.inbound,
            emergency_beds_free=row.emergency_beds_free,
        )
        for row in rows
    ]
    ranked = rank_hospitals(
        hospitals, times.time_s, wanted=plan.get("hospital_capabilities", ()),
        category=incident.category, bypass=rules_of_incident(uow, incident).bypass,
    )  # fmt: skip
    shown = tuple(
        DestinationView(
            facility_id=rows[one.index].facility_id,
            name=rows[one.index].name,
            name_zh=rows[one.index].name_zh,
            lon=rows[one.index].lon,
            lat=rows[one.index].lat,
            travel_time_s=one.travel_time_s,
            capabilities=tuple(sorted(hospitals[one.index].capabilities)),
            missing_capabilities=one.missing_capabilities,
            diverting=hospitals[one.index].diverting,
            status_age_s=hospitals[one.index].status_age_s,
            inbound=hospitals[one.index].inbound_count,
            recommended=one.recommended,
            reasons=one.reasons,
        )
        for one in ranked
    )
    return Destinations(
        **version_names(times.versions), basis=times.basis, destinations=shown
    )  # fmt: skip


def _age_s(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max((now - at).total_seconds(), 0.0)


def _losses(
    uow: UnitOfWork,
    roads: PinnedRoads,
    *,
    units: npt.NDArray[np.void],
    columns: UnitColumns,
    ranking: Ranking,
    needs: Sequence[UnitNeed],
    city_id: int,
    also: int | None,
) -> tuple[dict[int, Loss], dict[int, AnyRow]]:
    """Return by index what the patients of the nearest divertible units lose, and their incidents;
    and of the unit `also`, if it is one of them.

    One statement and one search for each, and only where there are any.
    """
    asked = [index for index in ranking.order.tolist() if ranking.divertible[index]]
    asked = asked[:DIVERSIONS_SHOWN] + [
        index for index in asked[DIVERSIONS_SHOWN:] if units["unit_id"][index] == also
    ]
    if not asked:
        return {}, {}
    of = {index: UUID(bytes=units["incident_id"][index].tobytes()) for index in asked}
    found = repository_incidents.find_incidents(uow.session, set(of.values()))
    row_of = {row.incident_id: row for row in found}
    left = {index: row_of[incident_id] for index, incident_id in of.items()}
    losses: dict[int, Loss] = {}
    for index, row in left.items():
        plan = row.response_plan or {}
        free = _free_without(index, columns, ranking, needs)
        wanted = plan.get("capabilities", ())
        if wanted:
            capable = repository_fleet.capable_units(uow.session, city_id, wanted)
            free = free & np.isin(units["unit_id"], list(capable))
        pool = np.flatnonzero(free | (np.arange(len(units)) == index))
        times_s = np.full(len(units), np.inf)
        times_s[pool] = roads.times_to(
            (row.lon, row.lat), np.stack((units["lon"], units["lat"]), axis=1)[pool].astype(float),
            profile=PROFILE_BY_MODE[plan.get("mode", "lights")],
        ).time_s  # fmt: skip
        planned = [UnitNeed(need["level"], need["count"]) for need in plan.get("units", ())]
        losses[index] = loss_of(
            index, times_s, free=free, level=columns.level, needs=planned,
            within_s=left_s(row.category, _age_s(row.received_at, uow.clock.now()) or 0.0),
        )  # fmt: skip
    return losses, left


def _free_without(
    index: int, columns: UnitColumns, ranking: Ranking, needs: Sequence[UnitNeed]
) -> npt.NDArray[np.bool_]:
    """Return (n,) who could go elsewhere if the unit `index` came here and the others suggested."""
    sendable = ranking.eligible.copy()
    sendable[index] = True
    busy = fill(ranking.order, eligible=sendable, level=columns.level, needs=needs)
    free = columns.on_shift & columns.in_service & ~columns.assigned
    free[[one for chosen in busy for one in chosen]] = False
    return free


def _columns(
    units: npt.NDArray[np.void], times: TravelTimes, *, wanted: Sequence[str],
    category: str | None, matrix: CategoryMatrix, clearing: Clearing | None = None,
) -> tuple[UnitColumns, int]:  # fmt: skip
    """Return the columns of `UNIT_RECORD`s and the capabilities needed, as the kernel's bits.

    The database has compared the capabilities already: who has all that are wanted has all bits.
    """
    needed = capability_bits(wanted, {name: bit for bit, name in enumerate(sorted(set(wanted)))})
    columns = UnitColumns(
        travel_time_s=np.asarray(times.time_s, dtype=np.float64),
        cut_off=np.isinf(times.time_s) & np.isfinite(times.ignoring_closures_s),
        level=units["level"].astype(np.int64),
        assigned=units["assigned"],
        divertible=units["may_leave"] & may_take(category, units["urgency"], matrix=matrix),
        on_shift=units["on_shift"],
        in_service=units["in_service"],
        capabilities=np.where(units["capable"], needed, 0).astype(np.int64),
        position_age_s=units["position_age_s"].astype(np.float64),
        shift_remaining_s=units["shift_remaining_s"].astype(np.float64),
        clear_low_s=None if clearing is None else clearing.low_s,
        clear_s=None if clearing is None else clearing.middle_s,
        clear_high_s=None if clearing is None else clearing.high_s,
    )
    return columns, needed


def _shown(ranking: Ranking, limit: int | None, *, also: npt.NDArray[np.intp]) -> dict[int, int]:
    """Return index → rank of the units to describe, best first.

    Those who could be diverted stand above whoever is free, who is always shown as well.
    """
    suggested = {index for chosen in ranking.filled for index in chosen} | set(also.tolist())
    suggested |= set(np.flatnonzero(ranking.reasons & ReasonCode.FASTEST).tolist())
    ranked = enumerate(ranking.order.tolist(), 1)
    return {
        index: place for place, index in ranked
        if limit is None or place <= limit or index in suggested
    }  # fmt: skip


def _routes(
    roads: PinnedRoads,
    *,
    goal: tuple[float, float],
    origins: FloatArray,
    headings: FloatArray,
    profile: Profile,
    indices: Sequence[int],
) -> dict[int, LineString]:
    if not indices:
        return {}
    chosen = list(indices)
    found = roads.routes_to(
        goal, origins[chosen], profile=profile, k=len(chosen), heading_deg=headings[chosen]
    )
    return {indices[row]: line_string(route.geometry) for row, route in found}


class _Describer:
    """Turns ranked indices into what is shown."""

    def __init__(
        self,
        *,
        rows: Mapping[int, AnyRow],
        columns: UnitColumns,
        ranking: Ranking,
        needs: Sequence[UnitNeed],
        wanted: Sequence[str],
        origins: FloatArray,
        place: Wgs84Point,
        straight_line: bool,
        category: str | None,
        matrix: CategoryMatrix,
        losses: Mapping[int, Loss],
        left: Mapping[int, AnyRow],
        ignoring_closures_s: FloatArray,
        costs: CoverageCosts,
    ) -> None:
        self._costs = costs
        self._ignoring_closures_s = ignoring_closures_s
        self._rows, self._columns, self._ranking = rows, columns, ranking
        self._wanted, self._origins, self._place = wanted, origins, place
        self._straight_line = straight_line
        self._category, self._matrix = category, matrix
        self._losses, self._left = losses, left
        self._lowest_level = min(
            (need.level for need in needs), key=LEVEL_RANK.__getitem__, default=None
        )
        self._suggested = {
            index: need.level
            for need, chosen in zip(needs, ranking.filled, strict=True)
            for index in chosen
        }

    def unit(self, index: int, *, place: int, route: LineString | None) -> RankedUnitView:
        """Return the unit at `index` of the arrays, ranked `place`."""
        row, ranking = self._rows[index], self._ranking
        lon, lat = (float(degrees) for degrees in self._origins[index])
        age_s = float(self._columns.position_age_s[index])
        return RankedUnitView(
            rank=place,
            unit_id=row.unit_id,
            call_sign=row.call_sign,
            level=row.level,
            station_id=row.station_id,
            station_name=row.station_name,
            state=status_of(row).primary.value,
            lon=lon,
            lat=lat,
            position_age_s=_finite(age_s),
            position_stale=age_s > STALE_AFTER_S,
            travel_time_s=_finite(self._columns.travel_time_s[index]),
            travel_time_low_s=_finite(ranking.travel_time_low_s[index]),
            travel_time_high_s=_finite(ranking.travel_time_high_s[index]),
            travel_time_ignoring_closures_s=self._ignoring_closures(index),
            straight_line_m=self._place.distance_m(Wgs84Point(lon, lat)),
            eligible=bool(ranking.eligible[index]),
            reasons=unit_reasons(
                int(ranking.reasons[index]), self._facts(index), straight_line=self._straight_line
            ),
            route=route,
            diversion=self._diversion(index),
            ranked_s=_finite(ranking.ranked_s[index]),
            free_in_s=self._clear(index)[1] if ranking.soon[index] else None,
            coverage_lost_points=_finite(self._costs.lost_points[index]),
            void=self._void(index),
        )

    def _clear(self, index: int) -> tuple[float | None, float | None, float | None]:
        columns = self._columns
        low, middle, high = (
            None if one is None else _finite(one[index])
            for one in (columns.clear_low_s, columns.clear_s, columns.clear_high_s)
        )
        return low, middle, high

    def _void(self, index: int) -> VoidView | None:
        void = self._costs.void_of(index)
        if void is None:
            return None
        area = void.area
        return VoidView(
            area.code, area.name, area.name_zh, area.name_en, round(void.people), void.lon,
            void.lat,
        )  # fmt: skip

    def _diversion(self, index: int) -> DiversionView | None:
        loss = self._losses.get(index)
        if loss is None:
            return None
        left = self._left[index]
        replacement = None if loss.replacement is None else self._rows[loss.replacement]
        return DiversionView(
            left.incident_id, left.number, left.category, loss.loss_s,
            None if replacement is None else replacement.call_sign,
            None if replacement is None else replacement.unit_id,
            is_allowed(
                self._category, left.category, replaceable=replacement is not None,
                matrix=self._matrix,
            )
            and not was_preempted(left.incident_id, left.diversions),
        )  # fmt: skip

    def _ignoring_closures(self, index: int) -> float | None:
        """Return the time of a unit that closed roads cut off as if they were open, else None."""
        cut_off = self._columns.cut_off[index]
        return float(self._ignoring_closures_s[index]) if cut_off else None

    def _facts(self, index: int) -> UnitFacts:
        row = self._rows[index]
        lacks = int(self._ranking.reasons[index]) & ReasonCode.CAPABILITY_MISSING
        missing = tuple(name for name in self._wanted if name not in row.capabilities)
        return UnitFacts(
            travel_time_s=_finite(self._columns.travel_time_s[index]),
            position_age_s=_finite(self._columns.position_age_s[index]),
            level_needed=self._lowest_level,
            missing_capabilities=missing if lacks else (),
            assigned_to=row.incident_number,
            out_of_service_reason=row.out_of_service_reason,
            suggested_level=self._suggested.get(index),
            shift_remaining_s=_finite(self._columns.shift_remaining_s[index]),
            ignoring_closures_s=self._ignoring_closures(index),
            category=self._left[index].category if index in self._left else None,
            loss=self._losses.get(index),
            clear_s=self._clear(index),
        )


def _finite(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
