"""Use cases of mass casualties. The incident is locked first, then hospitals in order of their ids.

A red casualty is refused by no full hospital: it goes there under the name of who said so. Nobody
waits for a hospital's answer to leave.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.casualties import repository
from dispatch.casualties.errors import (
    AidUnknownError,
    CasualtyDeadError,
    CasualtyTagTakenError,
    CasualtyUnknownError,
    CasualtyUnsortedError,
    HospitalFullError,
    MassCasualtyEndedError,
    MassCasualtyUnknownError,
    SortingOpenError,
)
from dispatch.casualties.model import (
    TAKEN_TO_HOSPITAL,
    Aid,
    CasualtyState,
    CasualtyStep,
    Offer,
    Sector,
    departure_order,
    may_overload,
    next_aid,
    next_state,
    pool_kind,
    ranked,
)
from dispatch.casualties.sorting import ESCENE_08, Colour, Sorted
from dispatch.casualties.views import (
    AidView,
    CasualtyView,
    ColourView,
    MassCasualtyView,
    McCrewView,
    McHospitalView,
    RoomView,
)
from dispatch.errors import AssignmentNotFoundError
from dispatch.hospitals.repository import list_hospitals
from dispatch.incidents.records import lock_incident, read_incident
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE, UNIT_STATUS_WRITE
from gis.access import Permission
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import FacilityUnknownError
from gis.events import NewEvent
from gis.geometry import Wgs84Point
from gis.promises.beds import keep_promise, promise_bed, release_promise
from gis.promises.errors import BedPoolFullError, BedPoolUnknownError, BedPromiseEndedError
from gis.promises.repository import lock_facilities
from gis.rows import AnyRow

PROMISED_FOR = timedelta(hours=3)
"""How long a bed is kept for a casualty that does not come."""


def declare(
    uow: WritingUnitOfWork, incident_id: UUID, *, method: str, estimate: int | None = None
) -> MassCasualtyView:
    """Declare an incident one of mass casualties; again with other values it is corrected.

    Raises
    ------
    IncidentNotFoundError, IncidentClosedError
        There is none within the viewer's jurisdiction, or it has ended.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE)
    repository.put_mass_casualty(
        uow.session, incident_id,
        {
            "city_id": incident.city_id, "method": method, "estimate": estimate,
            "declared_at": uow.clock.now(), "declared_by": uow.identity.label,
        },
    )  # fmt: skip
    _tell(uow, incident, "mci_declared", {"method": method, "estimate": estimate})
    return _view(uow, incident)


def end(uow: WritingUnitOfWork, incident_id: UUID) -> MassCasualtyView:
    """End a mass casualty incident; its casualties stay to be found. Again changes nothing.

    Raises
    ------
    IncidentNotFoundError, MassCasualtyUnknownError
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, must_be_open=False)
    stored = _stored(uow, incident_id)
    if stored.ended_at is None:
        repository.change_mass_casualty(
            uow.session, incident_id,
            {"ended_at": uow.clock.now(), "ended_by": uow.identity.label},
        )  # fmt: skip
        _tell(uow, incident, "mci_ended", {})
    return _view(uow, incident)


def show(uow: UnitOfWork, incident_id: UUID) -> MassCasualtyView:
    """Return a mass casualty incident at a glance.

    Raises
    ------
    IncidentNotFoundError, MassCasualtyUnknownError
    """
    return _view(uow, read_incident(uow, incident_id, INCIDENT_READ))


def find(
    uow: WritingUnitOfWork, incident_id: UUID, *, tag: str | None = None,
    sector: Sector | None = None, sorted_as: Sorted | None = None, method: str | None = None,
) -> CasualtyView:  # fmt: skip
    """Add a casualty by the number on its tag (None: the next number), sorted or not yet.

    Raises
    ------
    MassCasualtyUnknownError, MassCasualtyEndedError, CasualtyTagTakenError, SortingOpenError
    """
    incident, _ = _open(uow, incident_id, UNIT_STATUS_WRITE)
    casualty_id, now = uow.ids.new(), uow.clock.now()
    given = tag or str(repository.next_number(uow.session, incident_id))
    stored = repository.insert_casualty(
        uow.session,
        {
            "casualty_id": casualty_id, "incident_id": incident_id, "tag": given,
            "sector": None if sector is None else sector.value, "found_at": now,
            "changed_at": now,
        },
    )  # fmt: skip
    if not stored:
        raise CasualtyTagTakenError(given)
    _tell(uow, incident, "casualty_found", {"casualty_id": casualty_id, "tag": given})
    if sorted_as is not None:
        _sort(uow, incident, _casualty(uow, incident_id, casualty_id), sorted_as, method)
    return _one(uow, incident_id, casualty_id)


def sort(
    uow: WritingUnitOfWork, casualty_id: UUID, *, sorted_as: Sorted, method: str,
    expected_version: int | None = None,
) -> CasualtyView:  # fmt: skip
    """Give a casualty a colour, the first or another; the earlier ones stay in its history.

    A bed that was promised by another colour is given back, and one of the new colour promised at
    the same hospital if it has one; where not, the casualty still goes there.

    Raises
    ------
    CasualtyUnknownError, StaleVersionError, MassCasualtyEndedError, SortingOpenError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, expected_version)
    _sort(uow, incident, row, sorted_as, method)
    return _one(uow, incident.incident_id, casualty_id)


def move(uow: WritingUnitOfWork, casualty_id: UUID, *, sector: Sector) -> CasualtyView:
    """Say in which sector a casualty is.

    Raises
    ------
    CasualtyUnknownError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, None)
    if row.sector != sector.value:
        _change(uow, incident, row, "casualty_moved", {"sector": sector.value},
                said={"sector": sector.value})  # fmt: skip
    return _one(uow, incident.incident_id, casualty_id)


def bind(
    uow: WritingUnitOfWork, casualty_id: UUID, *, facility_id: int, override: bool = False,
    expected_version: int | None = None,
) -> CasualtyView:  # fmt: skip
    """Choose the hospital of a casualty, with a promised bed of its colour if it has one.

    A hospital that never said what it has takes it unconfirmed. A full one is refused, but for a
    red casualty, or where nobody has room, with `override`: then who said so stands there.

    Raises
    ------
    HospitalFullError
        No bed of this colour is left there; it says who has one.
    CasualtyUnsortedError, CasualtyDeadError, CasualtyStepError, FacilityUnknownError
        It cannot be taken anywhere, or not there.
    CasualtyUnknownError, StaleVersionError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, expected_version)
    _bind(uow, incident, row, facility_id, override=override)
    return _one(uow, incident.incident_id, casualty_id)


def unbind(uow: WritingUnitOfWork, casualty_id: UUID) -> CasualtyView:
    """Take a casualty's hospital back before it leaves; its bed is free again.

    Raises
    ------
    CasualtyUnknownError, CasualtyStepError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, None)
    after = next_state(CasualtyState(row.state), CasualtyStep.UNPROMISE)
    _give_back(uow, row)
    _change(
        uow, incident, row, "casualty_unbound",
        {"state": after.value, "facility_id": None, "promise_id": None, "overload_by": None},
    )  # fmt: skip
    return _one(uow, incident.incident_id, casualty_id)


def leave(
    uow: WritingUnitOfWork, casualty_id: UUID, *, assignment_id: UUID | None = None
) -> CasualtyView:
    """Say that a casualty left for its hospital, by one of the incident's units or otherwise.

    Whether the hospital has answered is not asked: nobody waits for it.

    Raises
    ------
    AssignmentNotFoundError
        The unit is not at this incident.
    CasualtyUnknownError, CasualtyStepError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, None)
    after = next_state(CasualtyState(row.state), CasualtyStep.LEAVE)
    crews = {one.assignment_id for one in repository.list_crews(uow.session, row.incident_id)}
    if assignment_id is not None and assignment_id not in crews:
        raise AssignmentNotFoundError(assignment_id)
    _change(
        uow, incident, row, "casualty_left",
        {"state": after.value, "assignment_id": assignment_id},
        said={"assignment_id": assignment_id, "facility_id": row.facility_id},
    )  # fmt: skip
    return _one(uow, incident.incident_id, casualty_id)


def arrive(uow: WritingUnitOfWork, casualty_id: UUID) -> CasualtyView:
    """Say that a casualty arrived: its promised bed counts as occupied.

    Raises
    ------
    CasualtyUnknownError, CasualtyStepError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, None, ended=True)
    after = next_state(CasualtyState(row.state), CasualtyStep.ARRIVE)
    if row.promise_id is not None and row.promise_state == "held":
        keep_promise(uow, row.promise_id)
    _change(uow, incident, row, "casualty_arrived", {"state": after.value},
            said={"facility_id": row.facility_id})  # fmt: skip
    return _one(uow, incident.incident_id, casualty_id)


def release(uow: WritingUnitOfWork, casualty_id: UUID) -> CasualtyView:
    """Say that a casualty was treated and let go at the scene.

    Raises
    ------
    CasualtyUnknownError, CasualtyStepError, MassCasualtyEndedError
    """
    incident, row = _held(uow, casualty_id, UNIT_STATUS_WRITE, None)
    after = next_state(CasualtyState(row.state), CasualtyStep.RELEASE)
    _change(uow, incident, row, "casualty_released", {"state": after.value})
    return _one(uow, incident.incident_id, casualty_id)


def ask_aid(
    uow: WritingUnitOfWork, incident_id: UUID, *, service: str, units: int
) -> MassCasualtyView:
    """Write down that another service was asked for units. This asks nobody.

    Raises
    ------
    MassCasualtyUnknownError, MassCasualtyEndedError
    """
    incident, _ = _open(uow, incident_id, INCIDENT_WRITE)
    now, request_id = uow.clock.now(), uow.ids.new()
    repository.insert_aid(
        uow.session,
        {
            "request_id": request_id, "incident_id": incident_id, "service": service,
            "units": units, "state": Aid.ASKED.value, "asked_at": now,
            "asked_by": uow.identity.label, "changed_at": now,
        },
    )  # fmt: skip
    said = {"request_id": request_id, "service": service, "units": units}
    _tell(uow, incident, "aid_asked", said)
    return _view(uow, incident)


def answer_aid(uow: WritingUnitOfWork, request_id: UUID, *, state: Aid) -> MassCasualtyView:
    """Write down how another service answered, or that its units are there.

    Raises
    ------
    AidUnknownError, AidStepError, MassCasualtyEndedError
    """
    found = repository.find_aid(uow.session, request_id)
    if found is None:
        raise AidUnknownError(request_id)
    incident, _ = _open(uow, found.incident_id, INCIDENT_WRITE)
    row = repository.find_aid(uow.session, request_id)
    assert row is not None
    if next_aid(Aid(row.state), state).value != row.state:
        repository.change_aid(
            uow.session, request_id, {"state": state.value, "changed_at": uow.clock.now()}
        )
        _tell(uow, incident, "aid_changed",
              {"request_id": request_id, "service": row.service, "aid": state.value})  # fmt: skip
    return _view(uow, incident)


def _stored(uow: UnitOfWork, incident_id: UUID) -> AnyRow:
    stored = repository.find_mass_casualty(uow.session, incident_id)
    if stored is None:
        raise MassCasualtyUnknownError
    return stored


def _open(
    uow: WritingUnitOfWork, incident_id: UUID, permission: Permission, *, ended: bool = False
) -> tuple[AnyRow, AnyRow]:
    """Lock an incident; return it with what was declared of it, which must not have ended."""
    incident = lock_incident(uow, incident_id, permission, must_be_open=False)
    stored = _stored(uow, incident_id)
    if stored.ended_at is not None and not ended:
        raise MassCasualtyEndedError
    return incident, stored


def _held(
    uow: WritingUnitOfWork, casualty_id: UUID, permission: Permission,
    expected_version: int | None, *, ended: bool = False,
) -> tuple[AnyRow, AnyRow]:  # fmt: skip
    """Lock the incident of a casualty; return it with the casualty as it is then."""
    incident_id = repository.incident_of(uow.session, casualty_id)
    if incident_id is None:
        raise CasualtyUnknownError(casualty_id)
    incident, _ = _open(uow, incident_id, permission, ended=ended)
    row = _casualty(uow, incident_id, casualty_id)
    check_version(expected_version, row.version)
    return incident, row


def _casualty(uow: UnitOfWork, incident_id: UUID, casualty_id: UUID) -> AnyRow:
    rows = repository.list_casualties(uow.session, incident_id)
    return next(row for row in rows if row.casualty_id == casualty_id)


def _sort(
    uow: WritingUnitOfWork, incident: AnyRow, row: AnyRow, sorted_as: Sorted, method: str | None
) -> None:
    if sorted_as.colour is None:
        raise SortingOpenError(sorted_as.by.value)
    colour, now = sorted_as.colour, uow.clock.now()
    by = None if method == "colour" else sorted_as.by.value
    repository.insert_colour(
        uow.session,
        {
            "sorting_id": uow.ids.new(), "casualty_id": row.casualty_id, "colour": colour.value,
            "method": method or "colour", "decided_by": by, "sorted_at": now,
            "sorted_by": uow.identity.label,
        },
    )  # fmt: skip
    values: dict[str, Any] = {"colour": colour.value}
    if row.colour != colour.value and row.state in {"promised", "left"}:
        values |= _promise_anew(uow, row, colour)
    _change(
        uow, incident, row, "casualty_sorted", values,
        said={"colour": colour.value, "previous": row.colour, "method": method, "by": by},
    )  # fmt: skip


def _promise_anew(uow: WritingUnitOfWork, row: AnyRow, colour: Colour) -> dict[str, Any]:
    _give_back(uow, row)
    if colour not in TAKEN_TO_HOSPITAL and row.state == "promised":
        return {"state": "found", "facility_id": None, "promise_id": None, "overload_by": None}
    promise = None
    if colour in TAKEN_TO_HOSPITAL:
        promise, full = _try_promise(uow, row.casualty_id, row.facility_id, colour)
        if full:
            return {"promise_id": None, "overload_by": uow.identity.label}
    return {"promise_id": promise, "overload_by": None}


def _bind(
    uow: WritingUnitOfWork, incident: AnyRow, row: AnyRow, facility_id: int, *, override: bool
) -> None:
    after = next_state(CasualtyState(row.state), CasualtyStep.PROMISE)
    if row.colour is None:
        raise CasualtyUnsortedError(row.tag)
    colour = Colour(row.colour)
    if colour not in TAKEN_TO_HOSPITAL:
        raise CasualtyDeadError(row.tag)
    hospitals = {
        one.facility_id: one for one in list_hospitals(uow.session, incident.city_id)
    }  # fmt: skip
    chosen = hospitals.get(facility_id)
    if chosen is None:
        raise FacilityUnknownError(facility_id)
    # Both hospitals at once, in order: two that swap casualties must not wait for each other.
    lock_facilities(uow.session, {facility_id, row.facility_id or facility_id})
    _give_back(uow, row)
    promise, full = _try_promise(uow, row.casualty_id, facility_id, colour)
    overload_by = None
    if full:
        others = _with_room(uow, hospitals, colour, besides=facility_id)
        allowed = may_overload(colour, room_elsewhere=bool(others))
        if not (override and allowed):
            raise HospitalFullError(
                chosen.name or str(facility_id), colour.value, others=others[:3], override=allowed
            )
        overload_by = uow.identity.label
    bed = "promised" if promise else "overload" if full else "unconfirmed"
    _change(
        uow, incident, row, "casualty_bound",
        {
            "state": after.value, "facility_id": facility_id, "promise_id": promise,
            "overload_by": overload_by,
        },
        said={
            "facility_id": facility_id, "facility_name": chosen.name, "bed": bed,
            "colour": colour.value, "override": full,
        },
    )  # fmt: skip


def _try_promise(
    uow: WritingUnitOfWork, casualty_id: UUID, facility_id: int, colour: Colour
) -> tuple[UUID | None, bool]:
    """Return a promise of a bed, None without one; and whether the hospital is full."""
    try:
        with uow.session.begin_nested():
            promise = promise_bed(
                uow, facility_id, kind=pool_kind(colour), for_kind="casualty",
                for_id=str(casualty_id), valid_for_s=PROMISED_FOR.total_seconds(),
            )  # fmt: skip
    except BedPoolFullError:
        return None, True
    except BedPoolUnknownError:
        return None, False
    return promise.promise_id, False


def _give_back(uow: WritingUnitOfWork, row: AnyRow) -> None:
    if row.promise_id is not None and row.promise_state == "held":
        try:
            release_promise(uow, row.promise_id)
        except BedPromiseEndedError:
            # It ran out between the look and the lock, and is given back by that.
            return


def _with_room(
    uow: UnitOfWork, hospitals: Mapping[int, AnyRow], colour: Colour, *, besides: int
) -> list[str]:
    """Return the names of other hospitals that have a bed of a colour, or never said."""
    pools = {
        pool.facility_id: pool
        for pool in repository.list_pools(uow.session, list(hospitals))
        if pool.kind == pool_kind(colour)
    }
    return [
        one.name or str(facility_id)
        for facility_id, one in hospitals.items()
        if facility_id != besides and (facility_id not in pools or _free(pools[facility_id]) > 0)
    ]


def _free(pool: AnyRow) -> int:
    return max(0, int(pool.capacity - pool.occupied - pool.promised))


def _change(
    uow: WritingUnitOfWork, incident: AnyRow, row: AnyRow, event: str,
    values: Mapping[str, Any], *, said: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    repository.change_casualty(
        uow.session, row.casualty_id, {**values, "changed_at": uow.clock.now()}
    )
    _tell(
        uow, incident, event,
        {
            "casualty_id": row.casualty_id, "tag": row.tag,
            "casualty_state": values.get("state", row.state), **(said or {}),
        },
    )  # fmt: skip


def _tell(
    uow: WritingUnitOfWork, incident: AnyRow, event: str, payload: Mapping[str, Any]
) -> None:  # fmt: skip
    """Emit an event of a locked incident; its version stays: no desk's form is stale by it."""
    uow.emit(
        NewEvent(
            "incident", str(incident.incident_id), f"incident.{event}", dict(payload),
            uow.clock.now(), city_id=incident.city_id, area_code=incident.area_code,
        )
    )  # fmt: skip


def _one(uow: UnitOfWork, incident_id: UUID, casualty_id: UUID) -> CasualtyView:
    row = _casualty(uow, incident_id, casualty_id)
    return _casualty_view(row, repository.list_colours(uow.session, [casualty_id]))


def _casualty_view(row: AnyRow, colours: Sequence[AnyRow]) -> CasualtyView:
    colour = None if row.colour is None else Colour(row.colour)
    return CasualtyView(
        casualty_id=row.casualty_id, tag=row.tag, colour=colour,
        nemsis=None if colour is None else ESCENE_08[colour], state=CasualtyState(row.state),
        sector=None if row.sector is None else Sector(row.sector), facility_id=row.facility_id,
        facility_name=row.facility_name, facility_name_zh=row.facility_name_zh, bed=_bed(row),
        overload_by=row.overload_by, assignment_id=row.assignment_id, call_sign=row.call_sign,
        found_at=row.found_at, changed_at=row.changed_at, version=row.version,
        history=tuple(
            ColourView(
                colour=Colour(one.colour), method=one.method, decided_by=one.decided_by,
                sorted_at=one.sorted_at, sorted_by=one.sorted_by,
            )
            for one in colours if one.casualty_id == row.casualty_id
        ),
    )  # fmt: skip


def _bed(row: AnyRow) -> str | None:
    if row.facility_id is None:
        return None
    if row.overload_by is not None:
        return "overload"
    if row.promise_id is None:
        return None if row.state == "arrived" else "unconfirmed"
    return "promised" if row.promise_state in {"held", "kept"} else "expired"


def _view(uow: UnitOfWork, incident: AnyRow) -> MassCasualtyView:
    incident_id = incident.incident_id
    stored = _stored(uow, incident_id)
    rows = repository.list_casualties(uow.session, incident_id)
    colours = repository.list_colours(uow.session, [row.casualty_id for row in rows])
    counts = {**{colour.value: 0 for colour in Colour}, "unsorted": 0}
    for row in rows:
        counts[row.colour or "unsorted"] += 1
    waiting = [row for row in rows if row.state in {"found", "promised"}]
    order = departure_order(
        [(None if row.colour is None else Colour(row.colour), n) for n, row in enumerate(waiting)]
    )
    first = next(
        (waiting[at].colour for at in order if waiting[at].colour in {*TAKEN_TO_HOSPITAL}),
        Colour.RED.value,
    )
    return MassCasualtyView(
        incident_id=incident_id, number=incident.number, method=stored.method,
        estimate=stored.estimate, declared_at=stored.declared_at,
        declared_by=stored.declared_by, ended_at=stored.ended_at, counts=counts,
        casualties=tuple(_casualty_view(row, colours) for row in rows),
        order=tuple(waiting[at].casualty_id for at in order),
        hospitals=_hospitals(uow, incident, Colour(first)),
        crews=tuple(
            McCrewView(
                assignment_id=one.assignment_id, unit_id=one.unit_id, call_sign=one.call_sign,
                level=one.level, state=one.state,
            )
            for one in repository.list_crews(uow.session, incident_id)
        ),
        aid=tuple(
            AidView(
                request_id=one.request_id, service=one.service, units=one.units,
                state=Aid(one.state), asked_at=one.asked_at, asked_by=one.asked_by,
                changed_at=one.changed_at,
            )
            for one in repository.list_aid(uow.session, incident_id)
        ),
        version=stored.version,
    )  # fmt: skip


def _hospitals(uow: UnitOfWork, incident: AnyRow, first: Colour) -> tuple[McHospitalView, ...]:
    known = {one.facility_id: one for one in list_hospitals(uow.session, incident.city_id)}
    pools = {
        (pool.facility_id, pool.kind): pool
        for pool in repository.list_pools(uow.session, list(known))
    }
    bound = {
        (one.facility_id, one.colour): one.bound
        for one in repository.bound_by_colour(uow.session, list(known))
    }
    scene = None if incident.lon is None else Wgs84Point(incident.lon, incident.lat)
    away = {
        facility_id: None if scene is None else scene.distance_m(Wgs84Point(one.lon, one.lat))
        for facility_id, one in known.items()
    }

    def room(facility_id: int, colour: Colour) -> RoomView:
        pool = pools.get((facility_id, pool_kind(colour)))
        return RoomView(
            colour=colour,
            free=None if pool is None else _free(pool),
            capacity=None if pool is None else pool.capacity,
            bound=bound.get((facility_id, colour.value), 0),
            reported_at=None if pool is None else pool.reported_at,
        )

    offers = [
        Offer(facility_id, room(facility_id, first).free, one.diverting, away[facility_id])
        for facility_id, one in known.items()
    ]
    return tuple(
        McHospitalView(
            facility_id=offer.facility_id,
            name=known[offer.facility_id].name,
            name_zh=known[offer.facility_id].name_zh,
            diverting=offer.diverting,
            distance_m=offer.distance_m,
            rooms=tuple(room(offer.facility_id, colour) for colour in TAKEN_TO_HOSPITAL),
        )
        for offer in ranked(offers)
    )
