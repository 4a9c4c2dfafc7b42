"""Who may do what, where: roles, permissions, and identities with their jurisdictions."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NewType
from uuid import UUID

from gis.words import Words

Permission = NewType("Permission", str)
"""One thing that can be allowed, declared by a room. Endpoints name theirs in their signature."""

ROLE_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""What a role may be called."""

EVERYWHERE = ""
"""The jurisdiction that holds every area."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a jurisdiction: an area's code, or `EVERYWHERE`.

    Read with the account and not given: `codes`, those of all areas within it, from the tree of
    areas (`gis.jurisdiction`), and what the role holds.
    """

    role: str
    jurisdiction: str = EVERYWHERE
    facility_id: int | None = None
    codes: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    permissions: frozenset[Permission] = field(default=frozenset(), compare=False, repr=False)

    def reaches(self, area_code: str) -> bool:
        """Return whether an area lies within the jurisdiction."""
        return self.jurisdiction in {EVERYWHERE, area_code} or area_code in self.codes


@dataclass(frozen=True, slots=True)
class StoredRole:
    """One role with what it holds and how many accounts have it."""

    role: str
    words: Words
    declared: bool
    permissions: tuple[Permission, ...]
    accounts: int


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
        """Return every permission that the grants hold in at least one jurisdiction."""
        return frozenset().union(*(grant.permissions for grant in self.grants))

    def holds_any(self, permissions: Iterable[Permission]) -> bool:
        """Return whether one of `permissions` is held somewhere."""
        return self.all_powerful or not self.permissions.isdisjoint(permissions)

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
        return [grant for grant in self.grants if permission in grant.permissions]


SYSTEM = Identity(None, "system", "System", all_powerful=True)


def system_within(permission: Permission, areas: Collection[str], *more: Permission) -> Identity:
    """Return the system itself as far as somebody's right goes: what it reads for that person.

    more : further rights that the reading needs in the same areas
    """
    if EVERYWHERE in areas:
        return SYSTEM
    grants = (Grant("system", area, permissions=frozenset({permission, *more})) for area in areas)
    return Identity(None, "system", "System", grants=tuple(grants))


ANONYMOUS = Identity(None, "anonymous", "Anonymous")
