"""Use cases of surge modes: a supervisor begins and ends one, everybody sees it."""

from uuid import UUID

from dispatch.surge import repository
from dispatch.surge.errors import SurgeLastsError, SurgeNotFoundError
from dispatch.surge.model import REASON_WORDS, SurgeList, SurgeReason, SurgeView
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.rows import AnyRow

SHOWN = 20


def surges(uow: UnitOfWork, city_id: int) -> SurgeList:
    """Return the newest surge modes of a city.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    rows = repository.list_surges(uow.session, city_id, limit=SHOWN)
    return SurgeList(tuple(map(view, rows)))


def lasting(uow: UnitOfWork, city_id: int) -> SurgeView | None:
    """Return the surge mode that a city is in."""
    row = repository.lasting(uow.session, city_id)
    return None if row is None else view(row)


def begin(uow: WritingUnitOfWork, city_id: int, *, reason: SurgeReason) -> SurgeView:
    """Put a city into surge mode.

    Raises
    ------
    CityUnknownError
    SurgeLastsError
        It is in one already; of two who begin it at once, one is told so.
    """
    require_city(uow, city_id)
    now, surge_id = uow.clock.now(), uow.ids.new()
    stored = repository.insert_surge(
        uow.session,
        {
            "surge_id": surge_id, "city_id": city_id, "reason": reason.value, "began_at": now,
            "began_by": uow.identity.user_id,
        },
    )  # fmt: skip
    if not stored:
        other = repository.lasting(uow.session, city_id)
        raise SurgeLastsError("just ended" if other is None else REASON_WORDS[other.reason].en)
    row = repository.hold_surge(uow.session, surge_id)
    assert row is not None
    _tell(uow, row, "surge.began")
    return view(row)


def end(uow: WritingUnitOfWork, surge_id: UUID) -> SurgeView:
    """End a surge mode; a second time changes nothing.

    Raises
    ------
    SurgeNotFoundError
    """
    row = repository.hold_surge(uow.session, surge_id)
    if row is None:
        raise SurgeNotFoundError(surge_id)
    if row.ended_at is None:
        ended_at = max(uow.clock.now(), row.began_at)
        repository.end_surge(
            uow.session, surge_id, {"ended_at": ended_at, "ended_by": uow.identity.user_id}
        )
        row = repository.hold_surge(uow.session, surge_id)
        assert row is not None
        _tell(uow, row, "surge.ended")
    return view(row)


def view(row: AnyRow) -> SurgeView:
    """Return a row as shown."""
    return SurgeView(
        row.surge_id, row.city_id, row.reason, REASON_WORDS[row.reason], row.began_at, row.ended_at
    )


def _tell(uow: WritingUnitOfWork, row: AnyRow, event_type: str) -> None:
    uow.emit(NewEvent(
        "surge", str(row.surge_id), event_type,
        {"reason": row.reason, "began_at": row.began_at, "ended_at": row.ended_at},
        uow.clock.now(), city_id=row.city_id,
    ))  # fmt: skip
