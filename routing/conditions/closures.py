"""Use cases of drawn road conditions: set, end, extend, list. They emit events and never commit.

Writers of one city go one after the other: each draws its number behind the city's lock and holds
that until commit, so two closures at once both take effect, and whoever reads a number has read
everything up to it. Reading needs the right alone, not a jurisdiction: units drive through other
districts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.access import Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.paging import Cursor, page_of
from gis.rows import AnyRow
from routing.conditions import repository
from routing.conditions.check import (
    DEFAULT_LIMITS,
    MAX_DEPTH_M,
    MAX_SPEED_KMH,
    MIN_SPEED_KMH,
    Limits,
    check_number,
    check_size,
    check_times,
    word,
    words,
)
from routing.conditions.cities import require_city
from routing.conditions.errors import (
    ConditionWordInvalidError,
    LegalBasisMissingError,
    NoRoadHitError,
    ReasonMissingError,
    RoadAuthorityError,
    RoadConditionNotFoundError,
    RoadConditionOverError,
    RoadConditionStaleError,
)
from routing.conditions.model import DEFAULT_CLASSES, ConditionKind, Drawn, Legs, VehicleClass
from routing.conditions.sketch import Sketch, Survey, survey
from routing.conditions.views import ConditionPreview, ConditionsPage, ConditionView, view
from routing.permissions import CONTRAFLOW_SIGN, ROAD_CONDITIONS_WRITE
from routing.roads.model import Segments
from routing.wanted import want_metrics

STATES = ("active", "upcoming", "ended")
MAX_PAGE = 200

_RIGHTS: Mapping[ConditionKind, Permission] = {
    **dict.fromkeys(ConditionKind, ROAD_CONDITIONS_WRITE),
    ConditionKind.CONTRAFLOW_PERMIT: CONTRAFLOW_SIGN,
}

_SET_EVENTS: Mapping[ConditionKind, str] = {
    ConditionKind.CLOSURE: "road.closed",
    ConditionKind.FLOOD: "road.flooded",
    ConditionKind.ROADWORKS: "road.roadworks_set",
    ConditionKind.SPEED: "road.speed_set",
    ConditionKind.CONTRAFLOW_PERMIT: "road.contraflow_signed",
}


@dataclass(frozen=True, slots=True)
class NewCondition:
    """What somebody wants to hold on roads.

    `starts_at` None means now; `vehicle_classes` None those that the kind usually concerns;
    `confirmed` says that a large drawing, or one without roads, is meant. `legal_basis` is
    needed for contraflow and welcome elsewhere.
    """

    city_id: int
    sketch: Sketch
    expires_at: datetime | None
    reason_zh: str | None = None
    reason_en: str | None = None
    starts_at: datetime | None = None
    vehicle_classes: Collection[str] | None = None
    source: str = "console"
    legal_basis: str | None = None
    confirmed: bool = False


def begin_writing(uow: WritingUnitOfWork, city_id: int) -> None:
    """Let other writers of the city's conditions wait until commit.

    Raises
    ------
    RoadCityUnknownError
        There is no such city.
    """
    require_city(uow, city_id)
    repository.lock_conditions(uow.session, city_id, now=uow.clock.now())


def close_roads(
    uow: WritingUnitOfWork, new: NewCondition, *, limits: Limits = DEFAULT_LIMITS
) -> ConditionView:
    """Close roads until a time.

    Raises
    ------
    RoadCityUnknownError, DrawingInvalidError, DatumRequiredError, UnknownRoadsError
        There is no such city, place or edge.
    ConditionTimesError, ConditionWordInvalidError, ReasonMissingError
        Something about it is missing or impossible.
    NoRoadHitError, ConditionTooLargeError
        It hits no road, or very many, and is not confirmed.
    RoadAuthorityError
        It reaches into areas in which the viewer may not close roads.
    """
    return _set(uow, ConditionKind.CLOSURE, new, limits=limits)


def report_flood(
    uow: WritingUnitOfWork,
    new: NewCondition,
    *,
    depth_m: float | None,
    limits: Limits = DEFAULT_LIMITS,
) -> ConditionView:
    """Report standing water; each vehicle is slowed or stopped by its own depths.

    Raises
    ------
    SpeedInvalidError
        The depth is not above 0 m or is absurd. Others as in `close_roads`.
    """
    depth_m = check_number(depth_m, what="depth", low=0.01, high=MAX_DEPTH_M, unit="m")
    return _set(uow, ConditionKind.FLOOD, new, limits=limits, depth_m=depth_m)


def set_roadworks(
    uow: WritingUnitOfWork,
    new: NewCondition,
    *,
    speed_kmh: float | None = None,
    speed_factor: float | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ConditionView:
    """Slow roads down to a speed, by a factor, or both; a road gets no faster by it.

    Raises
    ------
    SpeedInvalidError
        Neither is given, or one is out of range. Others as in `close_roads`.
    """
    given = speed_factor is None
    speed_kmh = _speed(speed_kmh, needed=given)
    speed_factor = check_number(
        speed_factor, what="factor", low=0.01, high=1.0, unit="of the speed", needed=False
    )
    return _set(
        uow, ConditionKind.ROADWORKS, new, limits=limits, speed_kmh=speed_kmh,
        speed_factor=speed_factor,
    )  # fmt: skip


def set_road_speed(
    uow: WritingUnitOfWork,
    new: NewCondition,
    *,
    speed_kmh: float | None,
    limits: Limits = DEFAULT_LIMITS,
) -> ConditionView:
    """Set the speed of roads by hand; it goes before live, learned and default speeds.

    Raises
    ------
    SpeedInvalidError
        The speed is missing or out of range. Others as in `close_roads`.
    """
    return _set(
        uow, ConditionKind.SPEED, new, limits=limits, speed_kmh=_speed(speed_kmh, needed=True)
    )


def sign_contraflow(
    uow: WritingUnitOfWork, new: NewCondition, *, limits: Limits = DEFAULT_LIMITS
) -> ConditionView:
    """Permit driving against one-way roads, in a jurisdiction or a part of it, until a time.

    Raises
    ------
    LegalBasisMissingError
        It is not said under which law or order. Others as in `close_roads`.
    """
    if not (new.legal_basis or "").strip():
        raise LegalBasisMissingError
    return _set(uow, ConditionKind.CONTRAFLOW_PERMIT, new, limits=limits)


def preview(uow: UnitOfWork, kind: str, new: NewCondition) -> ConditionPreview:
    """Say what a drawing would hit, without storing anything and whatever its size.

    Raises
    ------
    RoadCityUnknownError, DrawingInvalidError, DatumRequiredError, UnknownRoadsError
        There is no such city, place or edge.
    ConditionWordInvalidError
        There is no such kind.
    """
    known = word(ConditionKind, kind, what="kind of condition")
    city = require_city(uow, new.city_id)
    found = survey(uow, city, new.sketch, permit=known is ConditionKind.CONTRAFLOW_PERMIT)
    return ConditionPreview.of(
        found, missing=_missing(uow, known, found), all_roads=_all_roads(uow, new.city_id, found)
    )


def end_condition(
    uow: WritingUnitOfWork, condition_id: UUID, *, expected_version: int | None = None
) -> ConditionView:
    """End a condition before its time: reopen roads, or revoke a permit.

    Raises
    ------
    RoadConditionNotFoundError
        There is none.
    RoadAuthorityError
        The viewer may not end it everywhere it holds.
    RoadConditionOverError
        It has been ended or has expired.
    RoadConditionStaleError
        It was changed since version `expected_version`.
    """
    row, change = _lock(uow, condition_id, expected_version=expected_version)
    now = uow.clock.now()
    row = repository.update_condition(
        uow.session, condition_id, {"ended_at": now, "ended_by": uow.identity.label}
    )
    permit = row.kind == ConditionKind.CONTRAFLOW_PERMIT
    ended = "road.contraflow_revoked" if permit else "road.reopened"
    return _emit_change(uow, _view(uow, row), ended, change=change)


def extend_condition(
    uow: WritingUnitOfWork,
    condition_id: UUID,
    *,
    expires_at: datetime | None,
    expected_version: int,
    limits: Limits = DEFAULT_LIMITS,
) -> ConditionView:
    """Move the end of a condition, to later or earlier.

    Raises
    ------
    ConditionTimesError
        The new end is past, not after the start, or too far ahead. Others as in `end_condition`.
    """
    row, change = _lock(uow, condition_id, expected_version=expected_version)
    now = uow.clock.now()
    _, end = check_times(
        max(row.starts_at, now), expires_at, now=now,
        longest=limits.longest_of(ConditionKind(row.kind)),
    )  # fmt: skip
    row = repository.update_condition(uow.session, condition_id, {"expires_at": end})
    return _emit_change(uow, _view(uow, row), "road.extended", change=change)


def show_condition(uow: UnitOfWork, condition_id: UUID) -> ConditionView:
    """Return one condition, or raise `RoadConditionNotFoundError`."""
    row = repository.find_condition(uow.session, condition_id)
    if row is None:
        raise RoadConditionNotFoundError(condition_id)
    return _view(uow, row)


def list_conditions(
    uow: UnitOfWork,
    city_id: int,
    *,
    states: Collection[str] = ("active", "upcoming"),
    kinds: Collection[str] = (),
    after: Cursor | None = None,
    limit: int = 50,
) -> ConditionsPage:
    """Return a city's conditions, newest first, `after` a place in the list.

    Raises
    ------
    RoadCityUnknownError, ConditionWordInvalidError
        There is no such city, state or kind.
    """
    require_city(uow, city_id)
    for state in states:
        if state not in STATES:
            raise ConditionWordInvalidError("state", state, known=STATES)
    known = words(ConditionKind, kinds, what="kind of condition")
    size = max(1, min(limit, MAX_PAGE))
    rows = repository.list_conditions(
        uow.session, city_id, states=states or STATES, kinds=known, now=uow.clock.now(),
        after=after, limit=size + 1,
    )  # fmt: skip
    page, last = page_of(rows, size)
    shown = tuple(view(row, roads=row.roads, now=uow.clock.now()) for row in page)
    return ConditionsPage(
        shown, None if last is None else Cursor(last.created_at, last.condition_id)
    )


def _set(
    uow: WritingUnitOfWork,
    kind: ConditionKind,
    new: NewCondition,
    *,
    limits: Limits,
    depth_m: float | None = None,
    speed_kmh: float | None = None,
    speed_factor: float | None = None,
) -> ConditionView:
    city = require_city(uow, new.city_id)
    now = uow.clock.now()
    reason_zh, reason_en = ((text or "").strip() or None for text in (new.reason_zh, new.reason_en))
    if reason_zh is None and reason_en is None:
        raise ReasonMissingError
    start, end = check_times(
        new.starts_at, new.expires_at, now=now, longest=limits.longest_of(kind)
    )
    classes = (
        DEFAULT_CLASSES[kind]
        if new.vehicle_classes is None
        else words(VehicleClass, new.vehicle_classes, what="vehicle class")
    ) or DEFAULT_CLASSES[kind]
    found = survey(uow, city, new.sketch, permit=kind is ConditionKind.CONTRAFLOW_PERMIT)
    if not new.confirmed:
        if not len(found.legs):
            raise NoRoadHitError
        # A jurisdiction is named, not drawn: its size is no slip of the hand.
        if new.sketch.drawn != Drawn.AREA:
            check_size(
                found.drawing.geometry, roads=found.roads,
                all_roads=_all_roads(uow, city.city_id, found), limits=limits,
            )  # fmt: skip
    right = _RIGHTS[kind]
    missing = _missing(uow, kind, found)
    if missing:
        raise RoadAuthorityError(right, missing)
    change = repository.number_change(uow.session, city.city_id, "drawn_change", now=now)
    condition_id = uow.ids.new()
    drawing = found.drawing
    row = repository.insert_condition(
        uow.session,
        {
            "condition_id": condition_id, "city_id": city.city_id, "area_code": found.area_code,
            "area_codes": list(found.area_codes), "kind": kind.value, "drawn": drawing.drawn.value,
            "geom": drawing.geometry, "edges": found.stored_edges,
            "direction": drawing.direction.value, "layer_min": drawing.layer_min,
            "layer_max": drawing.layer_max, "structures": sorted(drawing.structures),
            "depth_m": depth_m, "speed_kmh": speed_kmh, "speed_factor": speed_factor,
            "vehicle_classes": sorted(classes), "reason_zh": reason_zh, "reason_en": reason_en,
            "author": uow.identity.label, "authority_permission": right,
            "authority_jurisdictions": list(uow.identity.jurisdictions(right)),
            "legal_basis": new.legal_basis, "source": new.source, "starts_at": start,
            "expires_at": end, "created_at": now, "network_version": city.network_version,
        },
    )  # fmt: skip
    _store_edges(uow, condition_id, found.segments, found.legs, version=city.network_version)
    stored = view(row, roads=found.roads, now=now)
    return _emit_change(uow, stored, _SET_EVENTS[kind], change=change)


def _store_edges(
    uow: UnitOfWork, condition_id: UUID, segments: Segments, legs: Legs, *, version: int
) -> None:
    if len(legs):
        repository.insert_edges(
            uow.session, condition_id, network_version=version, segments=segments, legs=legs
        )


def _emit_change(
    uow: WritingUnitOfWork, after: ConditionView, type_: str, *, change: int
) -> ConditionView:
    """Emit what happened to a condition, which is `after` now, and return that."""
    want_metrics(uow, after.city_id)
    uow.emit(
        NewEvent(
            "road_condition",
            str(after.condition_id),
            type_,
            {
                "condition_id": str(after.condition_id), "kind": after.kind, "roads": after.roads,
                "starts_at": after.starts_at, "expires_at": after.expires_at,
                "ended_at": after.ended_at, "depth_m": after.depth_m,
                "speed_kmh": after.speed_kmh, "version": after.version,
                "change": change,
            },
            occurred_at=uow.clock.now(),
            city_id=after.city_id,
        )
    )  # fmt: skip
    return after


def _lock(
    uow: UnitOfWork, condition_id: UUID, *, expected_version: int | None
) -> tuple[AnyRow, int]:
    """Number the change, lock the condition and check that the viewer may change it."""
    found = repository.find_condition(uow.session, condition_id)
    if found is None:
        raise RoadConditionNotFoundError(condition_id)
    kind = ConditionKind(found.kind)
    missing = [
        code for code in found.area_codes or [None] if not uow.identity.allows(_RIGHTS[kind], code)
    ]
    if missing:
        raise RoadAuthorityError(_RIGHTS[kind], [code or "this city" for code in missing])
    now = uow.clock.now()
    # The counter before the row, as in every use case: nobody waits crosswise.
    change = repository.number_change(uow.session, found.city_id, "drawn_change", now=now)
    row = repository.find_condition(uow.session, condition_id, lock=True)
    if row is None:
        raise RoadConditionNotFoundError(condition_id)
    if row.ended_at is not None:
        raise RoadConditionOverError(ended_by=row.ended_by, over_at=row.ended_at)
    if row.expires_at <= now:
        raise RoadConditionOverError(ended_by=None, over_at=row.expires_at)
    if expected_version is not None and expected_version != row.version:
        raise RoadConditionStaleError(expected_version, row.version)
    return row, change


def _view(uow: UnitOfWork, row: AnyRow) -> ConditionView:
    roads = repository.count_edges(
        uow.session, row.condition_id, network_version=row.network_version
    )
    return view(row, roads=roads, now=uow.clock.now())


def _all_roads(uow: UnitOfWork, city_id: int, found: Survey) -> int:
    """Return the number of roads in the city; where few are hit nobody needs to count."""
    return repository.count_roads(uow.session, city_id) if found.roads > 50 else 0


def _missing(uow: UnitOfWork, kind: ConditionKind, found: Survey) -> list[str]:
    """Return the areas in which the viewer lacks the right for a kind of condition."""
    right = _RIGHTS[kind]
    if not found.area_codes:
        return [] if uow.identity.allows(right) else ["this city"]
    return [code for code in found.area_codes if not uow.identity.allows(right, code)]


def _speed(speed_kmh: float | None, *, needed: bool) -> float | None:
    return check_number(
        speed_kmh, what="speed", low=MIN_SPEED_KMH, high=MAX_SPEED_KMH, unit="km/h", needed=needed
    )
