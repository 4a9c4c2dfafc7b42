"""Road classes of the Shenzhen model, and the network they make up."""

from dataclasses import dataclass

from data.shenzhen.ground import BoolArray, FloatArray, IntArray
from data.shenzhen.names import NamePair

HIGHWAYS = (
    "motorway", "motorway_link", "primary", "secondary", "tertiary", "residential",
    "unclassified", "living_street", "primary_link", "secondary_link",
)  # fmt: skip
(MOTORWAY, MOTORWAY_LINK, PRIMARY, SECONDARY, TERTIARY, RESIDENTIAL, UNCLASSIFIED, LIVING_STREET,
 PRIMARY_LINK, SECONDARY_LINK) = range(len(HIGHWAYS))  # fmt: skip
LOCAL = (RESIDENTIAL, UNCLASSIFIED, LIVING_STREET)


@dataclass(slots=True)
class Streets:
    """A street network in the local plane. n nodes, m segments.

    `x_m`, `y_m`: (n,) metres. `is_corner`: (n,) whether two arterials meet. `crossing`: (n,) the
    crossing of main roads a node is part of, -1 for none; that of two dual carriageways has four
    nodes. `start`, `end`: (m,) node indices. `highway`: (m,) index into `HIGHWAYS`. `oneway`: (m,)
    0 or 1 along the segment. `layer`, `is_bridge`, `is_tunnel`: (m,). `name`: (m,) index into
    `names`, -1 for none.
    """

    x_m: FloatArray
    y_m: FloatArray
    is_corner: BoolArray
    crossing: IntArray
    start: IntArray
    end: IntArray
    highway: IntArray
    oneway: IntArray
    layer: IntArray
    is_bridge: BoolArray
    is_tunnel: BoolArray
    name: IntArray
    names: list[NamePair]
