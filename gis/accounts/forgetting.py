"""The name of a closed account ends; its user name stays in the log, which accounts for steps."""

from datetime import datetime
from uuid import UUID

from gis.accounts.errors import AccountOpenError, AccountUnknownError
from gis.accounts.repository import user_id_of
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.identity_errors import UserUnknownError
from gis.retention import repository
from gis.retention.service import check_everywhere


def find_account(uow: UnitOfWork, given: str) -> str:
    """Return the id of an account named by user name or id; accounts lie in no area.

    Raises
    ------
    PrivacyBeyondError, UserUnknownError
    """
    check_everywhere(uow)
    user_id = user_id_of(uow.session, given)
    if user_id is None:
        try:
            return str(UUID(given))
        except ValueError:
            raise UserUnknownError(given) from None
    return str(user_id)


def forget_account(uow: WritingUnitOfWork, user_id: str) -> int:
    """Erase display name, password and tokens of a closed account.

    Raises
    ------
    AccountUnknownError, AccountOpenError
    """
    row = repository.account_state(uow.session, UUID(user_id))
    if row is None:
        raise AccountUnknownError(UUID(user_id))
    if row.disabled_at is None:
        raise AccountOpenError
    return _forget(uow, UUID(user_id))


def closed_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Erase the names of accounts that were closed before."""
    past = repository.accounts_closed_before(
        uow.session, before, at=uow.clock.now(), limit=limit
    )  # fmt: skip
    return sum(_forget(uow, user_id) for user_id in past)


def _forget(uow: WritingUnitOfWork, user_id: UUID) -> int:
    erased = repository.forget_account(uow.session, user_id)
    if erased:
        uow.emit(
            NewEvent("account", str(user_id), "account.forgotten", {}, uow.clock.now())
        )  # fmt: skip
    return erased
