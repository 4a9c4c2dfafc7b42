"""Use cases of crews' safety: the distress button, and timers that ask how a crew is.

The button takes no lock that anybody else holds, has no key and no body: nothing can be wrong with
a press, and none is held back.
"""

from uuid import UUID

from dispatch.fleet.crew_safety import repository
from dispatch.fleet.crew_safety.errors import DistressUnknownError, WelfareUnknownError
from dispatch.fleet.crew_safety.model import (
    Distress,
    DistressStep,
    Welfare,
    distress_of,
    is_due,
    next_distress,
    next_due,
)
from dispatch.fleet.crew_safety.own_unit import check_own_unit, own_unit
from dispatch.fleet.crew_safety.views import CrewAlarms, DistressView, WelfareView
from dispatch.fleet.records import load_unit
from dispatch.jobs import WELFARE_DUE
from dispatch.model import PlaceHeard
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE, UNIT_STATUS_WRITE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.jobs.running import Run
from gis.jobs.service import defer
from gis.rows import AnyRow


def press(uow: WritingUnitOfWork, unit_id: int) -> DistressView:
    """Raise the alarm for a crew. Each press counts; one after an acknowledgement sounds again.

    A crew's account raises it for its own unit, whatever unit is named: no press is refused for a
    wrong number.

    Raises
    ------
    UnitUnknownError
        There is no such unit within the viewer's jurisdiction.
    """
    unit = load_unit(uow, own_unit(uow) or unit_id, UNIT_STATUS_WRITE)
    now = uow.clock.now()
    distress_id = repository.press(
        uow.session,
        {
            "distress_id": uow.ids.new(), "city_id": unit.city_id, "unit_id": unit.unit_id,
            "incident_id": repository.task_of(uow.session, unit.unit_id), "raised_at": now,
            "pressed_at": now,
        },
    )  # fmt: skip
    row = _distress(uow, distress_id)
    _tell(uow, unit, "distress", {"distress_id": distress_id, "presses": row.presses,
                                  "incident_id": row.incident_id})  # fmt: skip
    return _distress_view(row)


def acknowledge(uow: WritingUnitOfWork, distress_id: UUID, *, presses: int) -> DistressView:
    """Say that a desk has seen a distress call as often as it was pressed then.

    One that was pressed again meanwhile goes on sounding: that press has nobody seen.

    Raises
    ------
    DistressUnknownError, DistressStepError
        There is none in the viewer's city, or it has ended.
    """
    row = _held(uow, distress_id)
    now = uow.clock.now()
    next_distress(_state(row), DistressStep.ACKNOWLEDGE)
    if row.acknowledged_at is None and row.presses == presses:
        repository.change_distress(
            uow.session, distress_id,
            {"acknowledged_at": now, "acknowledged_by": uow.identity.label},
        )  # fmt: skip
        unit = _unit(uow, row)
        _tell(uow, unit, "distress_acknowledged", {"distress_id": distress_id})
    return _distress_view(_distress(uow, distress_id))


def end(uow: WritingUnitOfWork, distress_id: UUID) -> DistressView:
    """End a distress call that a desk has acknowledged.

    Raises
    ------
    DistressUnknownError, DistressStepError
        There is none in the viewer's city, or it still sounds.
    """
    row = _held(uow, distress_id)
    next_distress(_state(row), DistressStep.END)
    if row.ended_at is None:
        repository.change_distress(
            uow.session, distress_id,
            {"ended_at": uow.clock.now(), "ended_by": uow.identity.label},
        )  # fmt: skip
        _tell(uow, _unit(uow, row), "distress_ended", {"distress_id": distress_id})
    return _distress_view(_distress(uow, distress_id))


def alarms(uow: UnitOfWork, city_id: int) -> CrewAlarms:
    """Return what sounds at every desk of a city, whichever district the crew is of.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    if not repository.works_in(uow.session, city_id, uow.identity.jurisdictions(INCIDENT_READ)):
        return CrewAlarms(distress=(), welfare=())
    return CrewAlarms(
        distress=tuple(map(_distress_view, repository.open_distress(uow.session, city_id))),
        welfare=tuple(map(_welfare_view, repository.running_welfare(uow.session, city_id))),
    )


def start_welfare(uow: WritingUnitOfWork, unit_id: int, *, every_s: int) -> WelfareView:
    """Ask a crew how it is every `every_s` seconds; again with another time it begins anew.

    Raises
    ------
    UnitUnknownError, NotOwnUnitError
        There is none within the viewer's jurisdiction, or it is another crew's.
    """
    unit = load_unit(uow, unit_id, UNIT_STATUS_WRITE)
    check_own_unit(uow, unit_id, unit.call_sign)
    _begin(uow, unit, every_s=every_s)
    _tell(uow, unit, "welfare_started", {"every_s": every_s})
    return _welfare_view(_welfare(uow, unit))


def answer_welfare(uow: WritingUnitOfWork, unit_id: int, *, heard: PlaceHeard) -> WelfareView:
    """Say that a crew is well, by its tablet or by voice: the timer begins anew.

    Raises
    ------
    WelfareUnknownError, UnitUnknownError, NotOwnUnitError
    """
    unit = load_unit(uow, unit_id, UNIT_STATUS_WRITE)
    check_own_unit(uow, unit_id, unit.call_sign)
    row = _welfare(uow, unit, lock=True)
    _begin(uow, unit, every_s=row.every_s)
    _tell(uow, unit, "welfare_answered",
          {"heard": heard.value, "was_missed": row.missed_at is not None})  # fmt: skip
    return _welfare_view(_welfare(uow, unit))


def stop_welfare(uow: WritingUnitOfWork, unit_id: int) -> WelfareView:
    """Ask a crew no more.

    Raises
    ------
    WelfareUnknownError, UnitUnknownError, NotOwnUnitError
    """
    unit = load_unit(uow, unit_id, UNIT_STATUS_WRITE)
    check_own_unit(uow, unit_id, unit.call_sign)
    row = _welfare(uow, unit, lock=True)
    repository.change_welfare(
        uow.session, unit_id, {"stopped_at": uow.clock.now(), "round": row.round + 1}
    )
    _tell(uow, unit, "welfare_stopped", {})
    return _welfare_view(row)


def welfare_due(run: Run) -> None:
    """Raise the alarm for a crew that was not heard of, once."""
    with run.effect() as uow:
        miss(uow, int(run.arguments["unit_id"]), asked_round=int(run.arguments["round"]))


def miss(uow: WritingUnitOfWork, unit_id: int, *, asked_round: int) -> bool:
    """Note that a timer ran out; False where it was answered, stopped or noted before."""
    row = repository.find_welfare(uow.session, unit_id, lock=True)
    now = uow.clock.now()
    if row is None or not is_due(
        asked_round=asked_round, current_round=row.round, missed=row.missed_at is not None,
        due_at=row.due_at, now=now,
    ):  # fmt: skip
        return False
    repository.change_welfare(uow.session, unit_id, {"missed_at": now})
    unit = load_unit(uow, unit_id, UNIT_STATUS_WRITE)
    _tell(uow, unit, "welfare_missed", {"due_at": row.due_at})
    return True


def _begin(uow: WritingUnitOfWork, unit: AnyRow, *, every_s: int) -> None:
    due_at = next_due(uow.clock.now(), every_s)
    number = repository.put_welfare(
        uow.session, unit.unit_id,
        {"city_id": unit.city_id, "every_s": every_s, "due_at": due_at,
         "started_by": uow.identity.label},
    )  # fmt: skip
    defer(
        uow, WELFARE_DUE,
        {"unit_id": unit.unit_id, "round": number, "city_id": unit.city_id,
         "area_code": unit.area_code},
        due_at=due_at, key=f"welfare {unit.unit_id} {number}",
    )  # fmt: skip


def _held(uow: WritingUnitOfWork, distress_id: UUID) -> AnyRow:
    row = repository.find_distress(uow.session, distress_id, lock=True)
    reach = uow.identity.jurisdictions(INCIDENT_WRITE)
    if row is None or not repository.works_in(uow.session, row.city_id, reach):
        raise DistressUnknownError(distress_id)
    return row


def _distress(uow: UnitOfWork, distress_id: UUID) -> AnyRow:
    row = repository.find_distress(uow.session, distress_id)
    assert row is not None
    return row


def _state(row: AnyRow) -> Distress:
    return distress_of(row.acknowledged_at, row.ended_at)


def _welfare(uow: UnitOfWork, unit: AnyRow, *, lock: bool = False) -> AnyRow:
    row = repository.find_welfare(uow.session, unit.unit_id, lock=lock)
    if row is None:
        raise WelfareUnknownError(unit.call_sign)
    return row


def _unit(uow: UnitOfWork, row: AnyRow) -> AnyRow:
    return repository.unit_of(uow.session, row.unit_id)


def _tell(uow: WritingUnitOfWork, unit: AnyRow, event: str, said: dict[str, object]) -> None:
    uow.emit(
        NewEvent(
            "unit", str(unit.unit_id), f"unit.{event}",
            {"unit_id": unit.unit_id, "call_sign": unit.call_sign, **said}, uow.clock.now(),
            city_id=unit.city_id, area_code=unit.area_code,
        )
    )  # fmt: skip


def _distress_view(row: AnyRow) -> DistressView:
    return DistressView(
        distress_id=row.distress_id, unit_id=row.unit_id, call_sign=row.call_sign,
        incident_id=row.incident_id, state=_state(row), raised_at=row.raised_at,
        pressed_at=row.pressed_at, presses=row.presses, lon=row.lon, lat=row.lat,
        device_at=row.device_at, acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by, ended_at=row.ended_at,
    )  # fmt: skip


def _welfare_view(row: AnyRow) -> WelfareView:
    return WelfareView(
        unit_id=row.unit_id, call_sign=row.call_sign,
        state=Welfare.RUNNING if row.missed_at is None else Welfare.MISSED,
        every_s=row.every_s, due_at=row.due_at, missed_at=row.missed_at,
    )  # fmt: skip
