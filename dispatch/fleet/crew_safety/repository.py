"""SQL of distress calls, welfare timers and the accounts that speak for units."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES, Assignment, Unit, UnitLatestPosition, User
from gis.tables.crew_safety import CrewAccount, DistressCall, WelfareTimer

_LATEST = UnitLatestPosition
_DISTRESS: list[Any] = [
    *DistressCall.__table__.columns, Unit.call_sign, _LATEST.device_at,
    func.ST_X(_LATEST.geom).label("lon"), func.ST_Y(_LATEST.geom).label("lat"),
]  # fmt: skip


def press(session: Session, values: Mapping[str, Any]) -> UUID:
    """Store a press: of a call that is open one more, which sounds again; else a new call."""
    statement = insert(DistressCall).values(**values)
    found: UUID = session.execute(
        statement.on_conflict_do_update(
            index_elements=[DistressCall.unit_id],
            index_where=DistressCall.ended_at.is_(None),
            set_={
                "presses": DistressCall.presses + 1, "pressed_at": values["pressed_at"],
                "acknowledged_at": None, "acknowledged_by": None,
            },
        ).returning(DistressCall.distress_id)
    ).scalar_one()  # fmt: skip
    return found


def task_of(session: Session, unit_id: int) -> UUID | None:
    """Return the incident a unit is on."""
    return session.execute(
        select(Assignment.incident_id).where(
            Assignment.unit_id == unit_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
    ).scalar_one_or_none()


def find_distress(session: Session, distress_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return a distress call."""
    statement = _calls().where(DistressCall.distress_id == distress_id)
    if lock:
        statement = statement.with_for_update(of=DistressCall)
    return session.execute(statement).one_or_none()


def _calls() -> Any:
    return (
        select(*_DISTRESS)
        .join(Unit, Unit.unit_id == DistressCall.unit_id)
        .outerjoin(_LATEST, _LATEST.unit_id == DistressCall.unit_id)
    )


def open_distress(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the distress calls of a city that are not over, the newest press first."""
    found: Sequence[AnyRow] = session.execute(
        _calls()
        .where(DistressCall.city_id == city_id, DistressCall.ended_at.is_(None))
        .order_by(DistressCall.pressed_at.desc(), DistressCall.distress_id)
    ).all()
    return found


def change_distress(session: Session, distress_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked distress call."""
    session.execute(
        update(DistressCall).where(DistressCall.distress_id == distress_id).values(**values)
    )


def works_in(session: Session, city_id: int, prefixes: Collection[str]) -> bool:
    """Return whether a jurisdiction holds any unit of a city."""
    return bool(
        session.execute(
            select(exists().where(Unit.city_id == city_id, within(Unit.area_code, prefixes)))
        ).scalar_one()
    )


def put_welfare(session: Session, unit_id: int, values: Mapping[str, Any]) -> int:
    """Start a timer anew; return its round, which is higher than any before of this unit's."""
    statement = insert(WelfareTimer).values(unit_id=unit_id, stopped_at=None, **values)
    found: int = session.execute(
        statement.on_conflict_do_update(
            index_elements=[WelfareTimer.unit_id],
            set_={
                **values, "stopped_at": None, "missed_at": None, "round": WelfareTimer.round + 1,
            },
        ).returning(WelfareTimer.round)
    ).scalar_one()  # fmt: skip
    return found


def find_welfare(session: Session, unit_id: int, *, lock: bool = False) -> AnyRow | None:
    """Return the timer that runs for a unit."""
    statement = _timers().where(WelfareTimer.unit_id == unit_id)
    if lock:
        statement = statement.with_for_update(of=WelfareTimer)
    return session.execute(statement).one_or_none()


def _timers() -> Any:
    return (
        select(*WelfareTimer.__table__.columns, Unit.call_sign)
        .join(Unit, Unit.unit_id == WelfareTimer.unit_id)
        .where(WelfareTimer.stopped_at.is_(None))
    )


def running_welfare(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the timers of a city that run, those that are due first first."""
    found: Sequence[AnyRow] = session.execute(
        _timers().where(WelfareTimer.city_id == city_id).order_by(WelfareTimer.due_at)
    ).all()
    return found


def change_welfare(session: Session, unit_id: int, values: Mapping[str, Any]) -> None:
    """Change a locked timer."""
    session.execute(
        update(WelfareTimer).where(WelfareTimer.unit_id == unit_id).values(**values)
    )  # fmt: skip


def is_account(session: Session, user_id: UUID) -> bool:
    """Return whether there is such an account."""
    return bool(session.execute(select(exists().where(User.user_id == user_id))).scalar_one())


def bound_unit(session: Session, user_id: UUID) -> int | None:
    """Return the unit that an account speaks for."""
    return session.execute(
        select(CrewAccount.unit_id).where(CrewAccount.user_id == user_id)
    ).scalar_one_or_none()


def bind(session: Session, user_id: UUID, values: Mapping[str, Any]) -> None:
    """Let an account speak for a unit."""
    session.execute(
        insert(CrewAccount)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=[CrewAccount.user_id], set_=dict(values))
    )


def unbind(session: Session, user_id: UUID) -> None:
    """Let an account speak for no unit."""
    session.execute(delete(CrewAccount).where(CrewAccount.user_id == user_id))


def unit_of(session: Session, unit_id: int) -> AnyRow:
    """Return a unit's id, call sign, city and area."""
    return session.execute(
        select(Unit.unit_id, Unit.call_sign, Unit.city_id, Unit.area_code).where(
            Unit.unit_id == unit_id
        )
    ).one()
