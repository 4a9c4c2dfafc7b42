"""Which unit an account speaks for: a crew's account for its own, a desk's for any."""

from uuid import UUID

from dispatch.fleet.crew_safety import repository
from dispatch.fleet.crew_safety.errors import NotOwnUnitError
from dispatch.fleet.crew_safety.views import BoundView
from dispatch.fleet.records import emit_unit_status, load_unit
from dispatch.permissions import DISPATCH
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.identity_errors import UserUnknownError
from gis.permissions import USER_ADMIN


def own_unit(uow: UnitOfWork) -> int | None:
    """Return the unit that the asker's account is bound to."""
    user_id = uow.identity.user_id
    return None if user_id is None else repository.bound_unit(uow.session, user_id)


def check_own_unit(uow: UnitOfWork, unit_id: int, call_sign: str) -> None:
    """Let pass who speaks for a unit: its own account, a desk, or the system.

    An account that may report units' progress and neither dispatches nor is bound speaks for none.

    Raises
    ------
    NotOwnUnitError
        It is another's unit.
    """
    identity = uow.identity
    if identity.all_powerful:
        return
    bound = own_unit(uow)
    desk = bound is None and identity.holds_any([DISPATCH])
    if not desk and bound != unit_id:
        raise NotOwnUnitError(call_sign)


def bind_account(uow: WritingUnitOfWork, user_id: UUID, *, unit_id: int | None) -> BoundView:
    """Let an account speak for one unit from now on, or for none.

    Raises
    ------
    UserUnknownError
        There is no such account.
    UnitUnknownError
        There is no such unit within the viewer's jurisdiction.
    """
    if not repository.is_account(uow.session, user_id):
        raise UserUnknownError(str(user_id))
    before = repository.bound_unit(uow.session, user_id)
    concerned = sorted({one for one in (before, unit_id) if one is not None})
    for one in concerned:
        load_unit(uow, one, USER_ADMIN)
    if unit_id is None:
        repository.unbind(uow.session, user_id)
    else:
        repository.bind(
            uow.session, user_id,
            {
                "unit_id": unit_id, "bound_at": uow.clock.now(), "bound_by": uow.identity.label,
            },
        )  # fmt: skip
    for one in concerned:
        emit_unit_status(
            uow, one, occurred_at=uow.clock.now(), event_type="unit.account_bound",
            payload={"bound": one == unit_id},
        )  # fmt: skip
    return BoundView(user_id=user_id, unit_id=unit_id)
