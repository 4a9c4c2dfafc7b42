"""What a scan is asked, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

CountArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
PlaceArray = npt.NDArray[np.int32]
SlotArray = npt.NDArray[np.int64]


class Model(StrEnum):
    """How cases arise when nothing is unusual."""

    POISSON = "poisson"
    """Cases by chance in proportion to the expected ones, given their total."""
    BERNOULLI = "bernoulli"
    """Each person a case or a control, the number of cases given."""
    PERMUTATION = "permutation"
    """Times of the cases exchanged among them: no population is needed."""


class Rates(StrEnum):
    """Which zones are looked for."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


class Span(StrEnum):
    """Which periods a zone may have."""

    WHOLE = "whole"
    """The whole of the study: purely spatial."""
    ANY = "any"
    """Any run of intervals: retrospective."""
    CURRENT = "current"
    """Runs that end with the last interval: prospective."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of one scan.

    `longest` is the most intervals a period may have (None: half of the study). `replicates` null
    data sets are drawn with `seed`; each has random numbers of its own, so the answer does not
    depend on how they are shared out. Zones of fewer than `least_cases` cases are not high ones
    (Kulldorff's minimum of two). `enough` ends the drawing once so many null data sets reach the
    strongest zone (Besag & Clifford 1991, doi 10.1093/biomet/78.2.301): what is far from unusual is
    known to be so after few of them.
    """

    model: Model = Model.POISSON
    span: Span = Span.WHOLE
    rates: Rates = Rates.HIGH
    longest: int | None = None
    replicates: int = 999
    seed: int = 1
    least_cases: int = 2
    enough: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """One zone and period, of all `cases`. `first` and `last` are intervals, both of them in it.

    `p` is by rank among the replicates, or sequential (`Settings.enough`); `gumbel_p` by a Gumbel
    distribution of their mean and variance (Abrams, Kleinman & Kulldorff 2010, doi
    10.1186/1476-072X-9-61): None without replicates.
    """

    centre: int
    places: tuple[int, ...]
    first: int
    last: int
    observed: int
    expected: float
    cases: int
    log_likelihood_ratio: float
    p: float | None
    gumbel_p: float | None

    def relative_risk(self) -> float | None:
        """Return observed to expected inside by that outside; None where outside has no case."""
        outside, due = self.cases - self.observed, self.cases - self.expected
        if outside <= 0 or due <= 0:
            return None
        return self.observed / self.expected / (outside / due)

    def recurrence_intervals(self) -> float | None:
        """Return after how many scans like this one a cluster this strong is due by chance."""
        return None if self.p is None else 1.0 / self.p


@dataclass(frozen=True, slots=True)
class Scan:
    """Clusters by strength, none sharing a place with a stronger one, and the null maxima.

    `maxima` (replicates,) is the greatest log likelihood ratio of each null data set.
    """

    clusters: tuple[Cluster, ...]
    maxima: FloatArray
    cases: int
    zones: int
