"""Who may do what, where: roles, permissions, and identities with their jurisdictions."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person works as."""

    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CDC = "cdc"
    PLANNER = "planner"
    HOSPITAL = "hospital"
    CLINIC = "clinic"
    RESPONDER = "responder"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that can be allowed. Endpoints name theirs in their signature."""

    INCIDENT_READ = "incident_read"
    INCIDENT_WRITE = "incident_write"
    DISPATCH = "dispatch"
    UNIT_STATUS_WRITE = "unit_status_write"
    POSITION_WRITE = "position_write"
    PERSONAL_READ = "personal_read"
    RESOURCE_READ = "resource_read"
    HOSPITAL_STATUS_WRITE = "hospital_status_write"
    PLACE_SEARCH = "place_search"
    ROUTING_USE = "routing_use"
    MAP_READ_OPERATIONAL = "map_read_operational"
    SIMULATION_CONTROL = "simulation_control"
    USER_ADMIN = "user_admin"
    EVENTS_READ = "events_read"
    SURVEILLANCE_READ = "surveillance_read"
    PLANNING_USE = "planning_use"
    ROAD_CONDITIONS_READ = "road_conditions_read"
    ROAD_CONDITIONS_WRITE = "road_conditions_write"
    CONTRAFLOW_SIGN = "contraflow_sign"


_P = Permission
_DISPATCHER = frozenset({
    _P.INCIDENT_READ, _P.INCIDENT_WRITE, _P.DISPATCH, _P.UNIT_STATUS_WRITE, _P.POSITION_WRITE,
    _P.PERSONAL_READ, _P.RESOURCE_READ, _P.PLACE_SEARCH, _P.ROUTING_USE,
    _P.MAP_READ_OPERATIONAL, _P.EVENTS_READ, _P.ROAD_CONDITIONS_READ, _P.ROAD_CONDITIONS_WRITE,
})  # fmt: skip

_SUPERVISOR = _DISPATCHER | {_P.HOSPITAL_STATUS_WRITE, _P.SIMULATION_CONTROL, _P.CONTRAFLOW_SIGN}
_ROADS = frozenset({_P.ROUTING_USE, _P.ROAD_CONDITIONS_READ})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISPATCHER: _DISPATCHER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.CDC: _ROADS | {_P.SURVEILLANCE_READ},
    Role.PLANNER: _ROADS | {_P.PLANNING_USE, _P.RESOURCE_READ},
    Role.HOSPITAL: frozenset({_P.HOSPITAL_STATUS_WRITE}),
    Role.CLINIC: frozenset({_P.ROUTING_USE}),
    Role.RESPONDER: _ROADS | {_P.UNIT_STATUS_WRITE, _P.POSITION_WRITE},
    Role.ADMINISTRATOR: frozenset({_P.USER_ADMIN, _P.ROAD_CONDITIONS_READ, _P.CONTRAFLOW_SIGN}),
}


ROW_SECURITY_PERMISSIONS = (_P.INCIDENT_READ, _P.INCIDENT_WRITE, _P.PERSONAL_READ)
"""What row-level security asks of whoever opened the transaction."""


def row_security_holders() -> dict[str, list[str]]:
    """Return the roles that hold each permission row-level security asks for."""
    return {
        permission.value: [
            role.value for role, held in ROLE_PERMISSIONS.items() if permission in held
        ]
        for permission in ROW_SECURITY_PERMISSIONS
    }  # fmt: skip


EVERYWHERE = ""
"""The jurisdiction that holds every area."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a jurisdiction: an area's code, or `EVERYWHERE`.

    `codes` are those of all areas within it, read from the tree of areas with the grant
    (`gis.jurisdiction`).
    """

    role: Role
    jurisdiction: str = EVERYWHERE
    facility_id: int | None = None
    codes: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def reaches(self, area_code: str) -> bool:
        """Return whether an area lies within the jurisdiction."""
        return self.jurisdiction in {EVERYWHERE, area_code} or area_code in self.codes


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. `all_powerful` is for the system itself, never for a person."""

    user_id: UUID | None
    username: str
    display_name: str
    language: str = "zh"
    grants: tuple[Grant, ...] = ()
    all_powerful: bool = False

    @property
    def label(self) -> str:
        """Return the name the event log knows this actor by."""
        return f"user:{self.username}" if self.user_id is not None else self.username

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return every permission held in at least one jurisdiction."""
        if self.all_powerful:
            return frozenset(Permission)
        return frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in self.grants))

    def jurisdictions(self, permission: Permission) -> tuple[str, ...]:
        """Return the area codes within which `permission` is held, as granted."""
        if self.all_powerful:
            return (EVERYWHERE,)
        return tuple(grant.jurisdiction for grant in self._holders(permission))

    def allows(self, permission: Permission, area_code: str | None = None) -> bool:
        """Return whether `permission` holds for a row of `area_code`.

        A row without an area (a call whose place is not known yet) is open to every holder:
        a call must never wait for an address to become visible.
        """
        if self.all_powerful:
            return True
        return any(
            area_code is None or grant.reaches(area_code) for grant in self._holders(permission)
        )

    def allows_wherever(self, permission: Permission, others: Collection[Permission]) -> bool:
        """Return whether `permission` is held wherever any of `others` is."""
        if self.all_powerful:
            return True
        wider = self._holders(permission)
        return all(
            any(grant.reaches(inner.jurisdiction) for grant in wider)
            for other in others for inner in self._holders(other)
        )  # fmt: skip

    def facility_ids(self, permission: Permission) -> frozenset[int] | None:
        """Return the facilities the permission is limited to; None means not limited."""
        holders = self._holders(permission)
        if self.all_powerful or any(grant.facility_id is None for grant in holders):
            return None
        return frozenset(g.facility_id for g in holders if g.facility_id is not None)

    def _holders(self, permission: Permission) -> list[Grant]:
        return [grant for grant in self.grants if permission in ROLE_PERMISSIONS[grant.role]]


SYSTEM = Identity(None, "system", "System", all_powerful=True)
ANONYMOUS = Identity(None, "anonymous", "Anonymous")
