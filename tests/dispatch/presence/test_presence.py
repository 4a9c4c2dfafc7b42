"""Who else has an incident open, and that nobody is shown who is not there."""

from uuid import UUID

import pytest

from dispatch.errors import IncidentNotFoundError
from dispatch.presence import service
from dispatch.presence.service import GONE_AFTER_S, Desks
from gis.access import SYSTEM, Grant, Identity
from gis.identity import Accounts
from tests.identities import granted

ONE, OTHER = UUID(int=1), UUID(int=2)


def somebody(database, username: str, role: str) -> Identity:
    """Return somebody of the whole city who has an account, as whose name is shown must have."""
    with database.unit_of_work(SYSTEM) as uow:
        user_id = Accounts().create_user(
            uow, username, password="golden-hour", display_name=username, grants=[Grant(role)]
        )
    return Identity(user_id, username, username, grants=(granted(role, "4403"),))


@pytest.fixture
def dispatcher(database) -> Identity:
    return somebody(database, "li.na", "dispatcher")


@pytest.fixture
def supervisor(database) -> Identity:
    return somebody(database, "wang.fang", "supervisor")


def look(database, identity, incident_id, desk_id) -> list[tuple[UUID, bool]]:
    """Say that a desk has an incident open; return who else has."""
    with database.unit_of_work(identity) as uow:
        seen = service.look(uow, incident_id, desk_id=desk_id)
    return [(one.desk_id, one.own) for one in seen.desks]


def leave(database, identity, desk_id) -> None:
    """Say that a desk has nothing open."""
    with database.unit_of_work(identity) as uow:
        assert service.leave(uow, desk_id=desk_id) == Desks(())


def test_two_desks_see_one_another_until_one_leaves(database, dispatcher, supervisor, take):
    incident_id = take().incident_id
    assert look(database, dispatcher, incident_id, ONE) == []
    assert look(database, supervisor, incident_id, OTHER) == [(ONE, False)]
    assert look(database, dispatcher, incident_id, ONE) == [(OTHER, False)]
    leave(database, supervisor, OTHER)
    assert look(database, dispatcher, incident_id, ONE) == []


def test_another_window_of_ones_own_is_told_as_such(database, dispatcher, take):
    incident_id = take().incident_id
    look(database, dispatcher, incident_id, ONE)
    assert look(database, dispatcher, incident_id, OTHER) == [(ONE, True)]


def test_a_desk_has_one_incident_open(database, dispatcher, supervisor, take):
    first, second = take().incident_id, take().incident_id
    look(database, dispatcher, first, ONE)
    look(database, dispatcher, second, ONE)
    assert look(database, supervisor, first, OTHER) == []
    assert look(database, supervisor, second, OTHER) == [(ONE, False)]


def test_a_desk_that_is_silent_is_gone(database, dispatcher, supervisor, take, clock):
    incident_id = take().incident_id
    look(database, dispatcher, incident_id, ONE)
    clock.advance(GONE_AFTER_S)
    assert look(database, supervisor, incident_id, OTHER) == [(ONE, False)]
    clock.advance(0.1)
    assert look(database, supervisor, incident_id, OTHER) == []


def test_nobody_moves_or_removes_the_desk_of_somebody_else(
    database, dispatcher, supervisor, take
):  # fmt: skip
    first, second = take().incident_id, take().incident_id
    look(database, dispatcher, first, ONE)
    look(database, supervisor, second, ONE)
    leave(database, supervisor, ONE)
    assert look(database, supervisor, first, OTHER) == [(ONE, False)]


def test_only_an_incident_that_one_may_see_can_be_looked_at(database, dispatcher):
    with pytest.raises(IncidentNotFoundError):
        look(database, dispatcher, UUID(int=9), ONE)
