"""Roles, permissions and jurisdictions."""

import pytest

from gis.access import ANONYMOUS, ROLE_PERMISSIONS, SYSTEM, Grant, Identity, Permission, Role

DISPATCHER = Identity(
    None, "li", "Li",
    grants=(Grant(Role.DISPATCHER, "osm-12", codes=frozenset({"osm-12", "osm-7"})),),
)  # fmt: skip


def test_every_role_has_its_permissions() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert all(ROLE_PERMISSIONS.values())


def test_every_permission_is_held_by_some_role() -> None:
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(Permission)


def test_nobody_may_nothing() -> None:
    assert ANONYMOUS.permissions == frozenset()
    assert not any(ANONYMOUS.allows(permission) for permission in Permission)


def test_the_system_may_everything_everywhere() -> None:
    assert all(SYSTEM.allows(permission, "440305") for permission in Permission)


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
    assert DISPATCHER.allows(Permission.INCIDENT_READ, area_code) is allowed


def test_one_permission_is_held_wherever_another_is() -> None:
    def holds(*grants: Grant) -> bool:
        identity = Identity(None, "wu", "Wu", grants=grants)
        return identity.allows_wherever(Permission.DISPATCH, [Permission.PLANNING_USE])

    below = Grant(Role.PLANNER, "osm-7")
    assert holds(below, DISPATCHER.grants[0])
    assert holds(below, Grant(Role.DISPATCHER))
    assert not holds(Grant(Role.PLANNER), DISPATCHER.grants[0])
    assert not holds(Grant(Role.PLANNER, "osm-123"), DISPATCHER.grants[0])


def test_a_grant_says_nothing_about_other_permissions() -> None:
    identity = Identity(
        None, "wu", "Wu",
        grants=(Grant(Role.DISPATCHER, "440305"), Grant(Role.SUPERVISOR, "440306")),
    )  # fmt: skip
    assert identity.allows(Permission.SIMULATION_CONTROL, "440306")
    assert not identity.allows(Permission.SIMULATION_CONTROL, "440305")
    assert identity.jurisdictions(Permission.DISPATCH) == ("440305", "440306")


def test_a_hospital_account_is_limited_to_its_house() -> None:
    identity = Identity(None, "er", "ER", grants=(Grant(Role.HOSPITAL, "", 7),))
    assert identity.facility_ids(Permission.HOSPITAL_STATUS_WRITE) == {7}
    assert SYSTEM.facility_ids(Permission.HOSPITAL_STATUS_WRITE) is None
