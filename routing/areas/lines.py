"""Parts of roads as lines, for a map."""

import numpy as np
import shapely

from routing.areas.entries import Stretches
from routing.roads.model import Segments
from routing.roads.plane import LocalPlane


def stretches_as_lines(
    stretches: Stretches, segments: Segments, plane: LocalPlane
) -> shapely.MultiLineString:
    """Return stretches of road as lines, degrees; those of no length are left out."""
    pieces, _, stretch = stretches.pieces(segments, plane)
    if not stretch.size:
        return shapely.MultiLineString()
    # Pieces of a stretch follow one another: a line is the start of each and the end of the last.
    line = np.concatenate(([0], np.cumsum(np.diff(stretch) != 0)))
    last = np.append(np.diff(stretch) != 0, True)
    at = np.arange(stretch.size) + line
    points = np.empty((stretch.size + int(last.sum()), 2))
    of_line = np.empty(len(points), dtype=np.intp)
    points[at], of_line[at] = pieces[:, :2], line
    points[at[last] + 1], of_line[at[last] + 1] = pieces[last, 2:], line[last]
    lines = shapely.linestrings(plane.to_lonlat(points), indices=of_line)
    return shapely.MultiLineString(np.asarray(lines, dtype=object).tolist())
