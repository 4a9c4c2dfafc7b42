"""Where a vehicle stays for its own reasons, told from slow traffic through a receiver's noise.

In each window of `STOP_S` a straight line is laid through the places by least squares. It stands if
it gets hardly on along the line and the places lie close together, both measured against the noise
of the receiver: the told accuracy, or how much the places leave the line.
"""

import numpy as np

from routing.roads.model import BoolArray, FloatArray, IdArray

STOP_S = 180.0
STOP_M, WIDEST_M = 30.0, 60.0
"""So long within so little is a stop of the unit's own, not traffic (which is 1.2 km/h then); the
more the receiver errs the wider, never so wide that 5 km/h (62 m either way) are a stop."""
_SIGMAS = 2.5
_USUAL_SIGMA_M = 8.0
_SIGMAS_PER_ACCURACY = 1.5  # the radius of 68 % of a round normal distribution
_SIGMA_PER_MEDIAN_OF_3 = 1.5  # such medians spread by 0.67 of the single values


def standing(at_s: FloatArray, xy: FloatArray, accuracy_m: FloatArray) -> BoolArray:
    """Whether the vehicle stands at each report, (n,) bool.

    at_s : (n,) seconds, rising; xy : (n, 2) metres; accuracy_m : (n,) radius of 68 %, NaN = unknown
    """
    n = at_s.size
    if n < 2:
        return np.zeros(n, dtype=np.bool_)
    first = np.arange(n)
    last = np.searchsorted(at_s, at_s + STOP_S)
    first, last = first[last < n], last[last < n]
    places = _without_excursions(xy)
    along_m_s, spread_m, left_m, count = _lines(at_s, places, first, last)
    told = np.where(np.isnan(accuracy_m), 0.0, accuracy_m / _SIGMAS_PER_ACCURACY)
    told_m = _sums(told, first, last) / count
    sigma_m = np.maximum.reduce(
        [np.full(first.size, _USUAL_SIGMA_M), told_m, _SIGMA_PER_MEDIAN_OF_3 * left_m]
    )
    radius_m = np.clip(_SIGMAS * sigma_m, STOP_M, WIDEST_M)
    still = np.flatnonzero((along_m_s * STOP_S / 2.0 <= radius_m) & (spread_m <= radius_m))
    return _trimmed(places, first[still], last[still], radius_m[still])


def _trimmed(
    places: FloatArray, first: IdArray, last: IdArray, radius_m: FloatArray
) -> BoolArray:  # fmt: skip
    """Rows (n,) of the windows (w,), without those driven at both ends of windows on end.

    Coming, a row is held against the last window that holds it, which has least of the driving;
    leaving, against the first.
    """
    n = places.shape[0]
    edges = np.bincount(first, minlength=n + 1) - np.bincount(last + 1, minlength=n + 1)
    stands = np.cumsum(edges[:n]) > 0
    rows = np.flatnonzero(stands)
    if not rows.size:
        return stands
    middle = np.stack([_sums(places[:, axis], first, last) for axis in (0, 1)], axis=1)
    middle /= (last - first + 1)[:, None]

    def near(window: IdArray) -> IdArray:
        away = places[rows] - middle[window]
        return rows[np.hypot(away[:, 0], away[:, 1]) <= radius_m[window]]

    coming = near(np.searchsorted(first, rows, side="right") - 1)
    leaving = near(np.searchsorted(last, rows))
    begins = rows[np.append(True, np.diff(rows) > 1)]
    ends = rows[np.append(np.diff(rows) > 1, True)]
    begin = np.append(coming, n)[np.searchsorted(coming, begins)]
    end = np.append(-1, leaving)[np.searchsorted(leaving, ends, side="right")]
    both = begin <= end
    edges = np.bincount(begin[both], minlength=n + 1)
    edges = edges - np.bincount(end[both] + 1, minlength=n + 1)
    return np.asarray(np.cumsum(edges[:n]) > 0)


def _without_excursions(xy: FloatArray) -> FloatArray:
    """Median of each place and its two neighbours, in both axes: one report alone may be astray."""
    ends = np.concatenate((xy[:1], xy, xy[-1:]))
    return np.median(np.stack((ends[:-2], ends[1:-1], ends[2:])), axis=0)


def _lines(
    at_s: FloatArray, xy: FloatArray, first: IdArray, last: IdArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Lines through the reports `first` to `last` of each window (w,).

    Returns metres per second along the line, root mean square distance from the middle, standard
    deviation off the line in one axis, and the number of reports, all (w,).
    """
    count = (last - first + 1).astype(np.float64)
    t = at_s - at_s[0]
    x = xy - np.median(xy, axis=0)
    mean_t = _sums(t, first, last) / count
    t_square = _sums(t * t, first, last) - count * mean_t**2
    slope_square, square, left = np.zeros((3, first.size))
    for axis in (0, 1):
        one = x[:, axis]
        mean = _sums(one, first, last) / count
        own = np.maximum(_sums(one * one, first, last) - count * mean**2, 0.0)
        slope = (_sums(one * t, first, last) - count * mean_t * mean) / t_square
        slope_square += slope**2
        square += own
        left += np.maximum(own - slope**2 * t_square, 0.0)
    free = np.maximum(2.0 * (count - 2.0), 1.0)
    return np.sqrt(slope_square), np.sqrt(square / count), np.sqrt(left / free), count


def _sums(value: FloatArray, first: IdArray, last: IdArray) -> FloatArray:
    before = np.concatenate(([0.0], np.cumsum(value)))
    return np.asarray(before[last + 1] - before[first])
