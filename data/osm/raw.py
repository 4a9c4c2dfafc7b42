"""OpenStreetMap objects as read, before they become frames: one shape for every reader."""

from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

UNKNOWN_LOCATION = 2**31 - 1
"""Fixed-point coordinate of a way node whose node is not in the file."""

DEGREES_PER_UNIT = 1e-7


class TaggedObject(NamedTuple):
    """A node or area with tags worth keeping. `ref` is such as `node/17` or `way/4`."""

    ref: str
    tags: dict[str, str]
    geometry: BaseGeometry


class RawRestriction(NamedTuple):
    """A restriction relation: tags and members as (type letter, id, role)."""

    tags: dict[str, str]
    members: list[tuple[str, int, str]]


@dataclass(slots=True)
class OsmRaw:
    """All that a reader collects.

    `refs`, `x`, `y` hold the nodes of all ways one after another: node ids, and longitude and
    latitude in 1e-7 degrees (int32; `UNKNOWN_LOCATION` where the node is missing);
    `way_sizes[i]` nodes belong to way i. `node_tags` holds tags of signals and barriers by node.
    """

    way_ids: "array[int]" = field(default_factory=lambda: array("q"))
    way_tags: list[dict[str, str]] = field(default_factory=list)
    way_sizes: "array[int]" = field(default_factory=lambda: array("i"))
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    x: "array[int]" = field(default_factory=lambda: array("i"))
    y: "array[int]" = field(default_factory=lambda: array("i"))
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    points: list[TaggedObject] = field(default_factory=list)
    areas: list[TaggedObject] = field(default_factory=list)
    restrictions: list[RawRestriction] = field(default_factory=list)

    def add_way(
        self,
        way_id: int,
        tags: dict[str, str],
        *,
        refs: list[int],
        x: list[int],
        y: list[int],
    ) -> None:
        """Append one way with its nodes in order."""
        self.way_ids.append(way_id)
        self.way_tags.append(tags)
        self.way_sizes.append(len(refs))
        self.refs.extend(refs)
        self.x.extend(x)
        self.y.extend(y)
