"""Records of registers, and which of them are one facility: by what they say, never by nearness."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Entry = tuple[str, str]
"""Source and its own reference of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityRecord:
    """What one register says of one facility; None is what it does not say. WGS-84 degrees."""

    source: str
    source_ref: str
    kind: str
    name: str
    lon: float
    lat: float
    name_zh: str | None = None
    name_en: str | None = None
    has_emergency_department: bool | None = None
    bed_count: int | None = None
    phone: str | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Mapping[str, int | None] = field(default_factory=dict)
    modelled: bool = False
    same_as: Entry | None = None

    @property
    def entry(self) -> Entry:
        """Source and reference."""
        return (self.source, self.source_ref)


@dataclass(frozen=True, slots=True)
class Known:
    """A record a register holds now. `facility_id` None: new; `is_back`: gone for a while."""

    entry: Entry
    same_as: Entry | None
    facility_id: int | None
    first_seen_at: datetime
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose facility each record is, and which facilities go on under another's id."""

    facility_of: Mapping[Entry, int]
    merged: Mapping[int, int]


def settle(records: Sequence[Known], *, new_id: Callable[[], int]) -> Settled:
    """Say which facility each record describes.

    Records are of one facility where one names the other's entry, at however many steps. A facility
    stays with its oldest record, of those that were not gone meanwhile; records that come together
    take the smallest id among theirs; who has none gets a new one. The order of `records` does not
    matter, except for which new facility gets which id.
    """
    groups = _groups(records)
    keeper: dict[int, Entry] = {}
    for one in sorted(records, key=lambda one: (one.is_back, one.first_seen_at, one.entry)):
        if one.facility_id is not None:
            keeper.setdefault(one.facility_id, one.entry)
    facility_of: dict[Entry, int] = {}
    merged: dict[int, int] = {}
    for group in groups:
        entries = {one.entry for one in group}
        held = {one.facility_id for one in group if one.facility_id is not None}
        own = sorted(facility_id for facility_id in held if keeper[facility_id] in entries)
        facility_id = own[0] if own else new_id()
        facility_of |= dict.fromkeys(entries, facility_id)
        merged |= dict.fromkeys(own[1:], facility_id)
    return Settled(facility_of, merged)


def _groups(records: Sequence[Known]) -> Collection[list[Known]]:
    """Return the records that name one another, together; in the order of their first."""
    parent = {one.entry: one.entry for one in records}

    def root(entry: Entry) -> Entry:
        while parent[entry] != entry:
            parent[entry] = parent[parent[entry]]
            entry = parent[entry]
        return entry

    for one in records:
        if one.same_as in parent:
            parent[root(one.entry)] = root(one.same_as)
    groups: dict[Entry, list[Known]] = defaultdict(list)
    for one in records:
        groups[root(one.entry)].append(one)
    return groups.values()
