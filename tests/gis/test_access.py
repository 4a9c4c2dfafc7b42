"""Roles, permissions and jurisdictions."""

import pytest

from api.rooms import HOUSE
from dispatch.permissions import ARRIVALS_READ, DISPATCH, INCIDENT_READ, SIMULATION_CONTROL
from gis.access import ANONYMOUS, SYSTEM, Grant, Identity
from gis.permissions import HOSPITAL_STATUS_WRITE
from tests.identities import granted

DISPATCHER = Identity(
    None, "li", "Li",
    grants=(granted("dispatcher", "osm-12", codes=frozenset({"osm-12", "osm-7"})),),
)  # fmt: skip


def test_every_role_has_its_permissions() -> None:
    assert all(HOUSE.holdings[role] for role in HOUSE.roles)


def test_every_permission_is_held_by_some_role() -> None:
    assert frozenset().union(*HOUSE.holdings.values()) == set(HOUSE.permissions)


def test_nobody_may_nothing() -> None:
    assert ANONYMOUS.permissions == frozenset()
    assert not any(ANONYMOUS.allows(permission) for permission in HOUSE.permissions)


def test_the_system_may_everything_everywhere() -> None:
    assert all(SYSTEM.allows(permission, "440305") for permission in HOUSE.permissions)


@pytest.mark.parametrize(
    ("area_code", "allowed"),
    [
        ("osm-12", True),
        ("osm-7", True),
        ("osm-123", False),
        ("osm-1", False),
        ("", False),
        (None, True),
    ],
)
def test_a_jurisdiction_holds_its_area_and_those_below_it(
    area_code: str | None, allowed: bool
) -> None:
    assert DISPATCHER.allows(INCIDENT_READ, area_code) is allowed


def test_one_permission_is_held_wherever_another_is() -> None:
    def holds(*grants: Grant) -> bool:
        identity = Identity(None, "wu", "Wu", grants=grants)
        return identity.allows_wherever(DISPATCH, [ARRIVALS_READ])

    below = granted("planner", "osm-7")
    assert holds(below, DISPATCHER.grants[0])
    assert holds(below, granted("dispatcher"))
    assert not holds(granted("planner"), DISPATCHER.grants[0])
    assert not holds(granted("planner", "osm-123"), DISPATCHER.grants[0])


def test_a_grant_says_nothing_about_other_permissions() -> None:
    identity = Identity(
        None, "wu", "Wu",
        grants=(granted("dispatcher", "440305"), granted("supervisor", "440306")),
    )  # fmt: skip
    assert identity.allows(SIMULATION_CONTROL, "440306")
    assert not identity.allows(SIMULATION_CONTROL, "440305")
    assert identity.jurisdictions(DISPATCH) == ("440305", "440306")


def test_a_hospital_account_is_limited_to_its_house() -> None:
    identity = Identity(None, "er", "ER", grants=(granted("hospital", "", 7),))
    assert identity.facility_ids(HOSPITAL_STATUS_WRITE) == {7}
    assert SYSTEM.facility_ids(HOSPITAL_STATUS_WRITE) is None
