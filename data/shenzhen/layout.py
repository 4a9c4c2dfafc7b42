"""City streets of the Shenzhen model: main roads, superblocks between them, barriers, names.

The rule, room by room: blocks (`grid`), which main roads bound them (`sides`),
carriageways and crossings (`carriageways`), turning lanes (`turns`), the local
streets within (`superblocks`).

Its shares are set so that shapes agree with Shenzhen's real centre in OpenStreetMap (Nanshan and
Futian, 4,432 junctions) to some 15 %: directed edges per junction, arms of junctions, length by
class, one-way length by class, how many local streets, collectors and links meet an arterial,
signals. `tests/data/shenzhen/test_likeness.py` holds the figures. Lengths do not agree: a street
is some 0.8 times, a distance between junctions 0.7 times that of the centre, because the city is
to have 200,000 junctions. Nor do expressways, a tenth of the centre's length.
"""

import numpy as np
import shapely

from data.shenzhen.carriageways import join_stops, lay_carriageways, lay_corners
from data.shenzhen.classes import LOCAL, PRIMARY, TERTIARY, Streets
from data.shenzhen.draft import Draft, name_labels
from data.shenzhen.grid import Grid
from data.shenzhen.ground import BoolArray, FloatArray, Ground, IntArray
from data.shenzhen.names import NamePair
from data.shenzhen.sides import plan_sides
from data.shenzhen.superblocks import lay_superblocks
from data.shenzhen.turns import lay_turning_lanes

OFF_EDGE_M = 25.0
DEAD_ENDS_CUT = 0.67
"""Of the local dead ends that chance makes, piece by piece from the end."""
PRUNING_ROUNDS = BEND_ROUNDS = 3


def lay_streets(
    ground: Ground, rng: np.random.Generator, *, scale: float, bases: list[NamePair]
) -> Streets:
    """Lay arterials, collectors and local streets; parts of it may not hang together yet."""
    grid = Grid(ground, rng, scale=scale)
    sides = plan_sides(ground, grid, rng=rng)
    draft = Draft()
    corners = lay_corners(grid, sides, draft=draft, rng=rng)
    gates = lay_superblocks(grid, sides, draft=draft, rng=rng)
    lanes = lay_turning_lanes(grid, sides, draft=draft, rng=rng)
    lay_carriageways(sides, corners, draft=draft, stops=join_stops(gates, lanes))
    xy_m = np.concatenate(draft.xy_m)
    start, end, highway, oneway, label = (
        np.concatenate(part)
        for part in (draft.start, draft.end, draft.highway, draft.oneway, draft.label)
    )
    keep, is_bridge, is_tunnel = _barriers(ground, xy_m[start], end_m=xy_m[end], highway=highway)
    is_bridge |= np.concatenate(draft.bridge) & ~is_tunnel
    keep[keep] = _not_pruned(start[keep], end[keep], rng=rng, local=np.isin(highway[keep], LOCAL))
    start, end, highway, oneway = start[keep], end[keep], highway[keep], oneway[keep]
    _open_at_bends(start, end, oneway=oneway, local=np.isin(highway, LOCAL), n=draft.n)
    name, names = name_labels(label[keep], rng, bases=bases)
    crossing, is_corner = np.full(draft.n, -1), np.zeros(draft.n, dtype=bool)
    crossing[draft.crossing["node"]] = draft.crossing["crossing"]
    is_corner[draft.crossing["corner"]] = True
    return Streets(
        xy_m[:, 0], xy_m[:, 1], is_corner, crossing, start, end, highway, oneway,
        is_bridge[keep].astype(np.int64) - is_tunnel[keep], is_bridge[keep], is_tunnel[keep],
        name, names,
    )  # fmt: skip


def _barriers(
    ground: Ground, start_m: FloatArray, *, end_m: FloatArray, highway: IntArray
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which segments stay, and which are bridges and tunnels.

    Local streets end at hills, rivers, reservoirs and the city's edge.
    """
    lines = np.asarray(shapely.linestrings(np.stack([start_m, end_m], axis=1)))
    middle = (start_m + end_m) / 2
    on_hill = shapely.intersects_xy(ground.hills_m, middle[:, 0], middle[:, 1])
    over_river = shapely.intersects(ground.river_lines_m, lines)
    inland = ground.land_m.buffer(-OFF_EDGE_M)
    shapely.prepare(inland)
    keep = shapely.contains(inland, lines) & ~shapely.intersects(ground.still_water_m, lines)
    keep &= ~((on_hill | over_river) & np.isin(highway, LOCAL))
    is_tunnel = on_hill & (highway == PRIMARY)
    is_bridge = over_river & ~is_tunnel & (highway != TERTIARY)
    return keep, is_bridge, is_tunnel


def _not_pruned(
    start: IntArray, end: IntArray, *, rng: np.random.Generator, local: BoolArray
) -> BoolArray:
    """Return which segments stay when `DEAD_ENDS_CUT` of the local dead ends are cut back."""
    keep = np.ones(len(start), dtype=bool)
    settled = np.zeros(len(start), dtype=bool)
    for _ in range(PRUNING_ROUNDS):
        degree = np.bincount(np.concatenate([start[keep], end[keep]]), minlength=end.max() + 1)
        leaf = keep & local & ~settled & ((degree[start] == 1) | (degree[end] == 1))
        cut = leaf & (rng.random(len(start)) < DEAD_ENDS_CUT)
        settled |= leaf
        keep &= ~cut
    return keep


def _open_at_bends(
    start: IntArray, end: IntArray, *, oneway: IntArray, local: BoolArray, n: int
) -> None:
    """Open one-way local streets, in place, where they would only change at a bend."""
    degree = np.bincount(start, minlength=n) + np.bincount(end, minlength=n)
    for _ in range(BEND_ROUNDS):
        chosen = oneway == 1
        leave = np.bincount(start[chosen], minlength=n)
        enter = np.bincount(end[chosen], minlength=n)
        bad = (degree == 2) & (leave != enter)
        oneway[local & (bad[start] | bad[end])] = 0
