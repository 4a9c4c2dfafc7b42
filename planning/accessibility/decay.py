"""How much an opportunity counts that is some minutes away.

Every limit is closed: what is exactly 60 minutes away lies within 60 minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from planning.accessibility.errors import AccessibilityInputError

Values = npt.NDArray[Any]


class Decay(Protocol):
    """Gives each of (k,) minutes a weight of 0 or more, of the same dtype."""

    def __call__(self, minutes: Values) -> Values:
        """Return the weights."""
        ...


@dataclass(frozen=True, slots=True)
class Steps:
    """One weight up to each limit, 0 beyond the last: W. Luo & Y. Qi, Health & Place 15 (2009).

    upper_min : ascending limits, each included; weights : as many, not rising
    """

    upper_min: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse limits that do not ascend and weights that rise."""
        limits, weights = np.asarray(self.upper_min), np.asarray(self.weights)
        if len(limits) != len(weights) or not len(limits):
            raise AccessibilityInputError("Steps need as many weights as limits, at least one.")
        if not (np.isfinite(limits).all() and (limits >= 0).all() and (np.diff(limits) > 0).all()):
            raise AccessibilityInputError(f"The limits {self.upper_min} of the steps must ascend.")
        if not (
            (weights >= 0).all() and np.isfinite(weights).all() and (np.diff(weights) <= 0).all()
        ):
            raise AccessibilityInputError(
                f"The weights {self.weights} of the steps must be 0 or more, and not rise."
            )

    def __call__(self, minutes: Values) -> Values:
        """Return the weights of (k,) minutes."""
        found = np.zeros_like(minutes)
        steps: Sequence[tuple[float, float]] = list(zip(self.upper_min, self.weights, strict=True))
        for upper, weight in reversed(steps):
            np.copyto(found, weight, where=minutes <= upper)
        return found


def within(limit_min: float) -> Steps:
    """Return the weight 1 up to a limit, 0 beyond."""
    return Steps((limit_min,), (1.0,))


LUO_QI = Steps((10.0, 20.0, 30.0), (1.0, 0.68, 0.22))
"""The slow decay of Luo and Qi 2009, table 1."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """exp(-t² / 2 width²) up to a limit."""

    width_min: float
    limit_min: float = np.inf

    def __post_init__(self) -> None:
        """Refuse a width of nothing."""
        _positive(self.width_min, "width")

    def __call__(self, minutes: Values) -> Values:
        """Return the weights of (k,) minutes."""
        return _limited(np.exp(-0.5 * (minutes / self.width_min) ** 2), minutes, self.limit_min)


@dataclass(frozen=True, slots=True)
class Exponential:
    """exp(-t / mean) up to a limit."""

    mean_min: float
    limit_min: float = np.inf

    def __post_init__(self) -> None:
        """Refuse a mean of nothing."""
        _positive(self.mean_min, "mean")

    def __call__(self, minutes: Values) -> Values:
        """Return the weights of (k,) minutes."""
        return _limited(np.exp(-minutes / self.mean_min), minutes, self.limit_min)


@dataclass(frozen=True, slots=True)
class Power:
    """t to the power of -exponent up to a limit.

    least_min : less counts as so much; without it a way of no time would count without end
    """

    exponent: float
    limit_min: float = np.inf
    least_min: float = 0.0

    def __post_init__(self) -> None:
        """Refuse an exponent that lets far places count more."""
        _positive(self.exponent, "exponent")

    def __call__(self, minutes: Values) -> Values:
        """Return the weights of (k,) minutes.

        Raises
        ------
        AccessibilityInputError
            A way takes no time, and `least_min` is 0.
        """
        if not self.least_min and (minutes == 0.0).any():
            raise AccessibilityInputError(
                "A power of the travel time has no value where a way takes no time. Say which "
                "least time counts (least_min), for example 1."
            )
        weights = np.maximum(minutes, self.least_min) ** -self.exponent
        return _limited(weights, minutes, self.limit_min)


def _limited(weights: Values, minutes: Values, limit_min: float) -> Values:
    if np.isinf(limit_min):
        return weights
    return np.where(minutes <= limit_min, weights, weights.dtype.type(0.0))


def _positive(value: float, what: str) -> None:
    if not (np.isfinite(value) and value > 0.0):
        raise AccessibilityInputError(f"The {what} of a decay must be above 0, not {value:g}.")
