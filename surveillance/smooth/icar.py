"""Risks of areas that lean on their neighbours': Poisson counts, an intrinsic autoregression.

J. Besag, J. York & A. Mollié, Ann. Inst. Stat. Math. 43 (1991) 1. Cases are Poisson with mean
expected * exp(u); -lambda/2 times the squared differences of u between neighbours is its prior,
flat in the level of each connected part. u is where the two together are greatest (Newton),
lambda where the Laplace approximation of the restricted likelihood is (S. N. Wood, J. R. Stat. Soc.
B 73 (2011) 3, doi 10.1111/j.1467-9868.2010.00749.x), as `mgcv::gam` with a Markov random field has
it.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.sparse import coo_array, csc_array, csr_array, diags_array
from scipy.special import gammaln
from scipy.stats import gamma, norm

from gis.words import Words
from surveillance.smooth.areas import Areas, FloatArray, IndexArray, island_words
from surveillance.smooth.empirical_bayes import global_rates
from surveillance.smooth.sparse import Factored

MOST_STEPS = 60
CLOSE = 1e-10
"""A Newton step smaller than this in every log risk ends the search."""
LONGEST_STEP = 5.0
LEAST_LOG, MOST_LOG = -7.0, 14.0
"""Logarithms of lambda between which the search is made; at the upper one the map is even."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMap:
    """Risks of n areas against that of the whole map.

    log_risk, sd : (n,) the logarithm of the risk and its standard error, given lambda
    risk : (n,) exp(log_risk), of areas apart the mean
    exceedance : (n,) probability that the risk is over 1
    smoothness : lambda; inf where the risks of neighbours do not differ by more than chance
    effective : number of parameters that the map is worth (trace of the influence)
    apart : (n,) bool, areas without neighbours, or in a part of the map without a case, whose risk
    leans on the whole map (empirical Bayes)
    """

    risk: FloatArray
    log_risk: FloatArray
    sd: FloatArray
    exceedance: FloatArray
    smoothness: float
    effective: float
    apart: npt.NDArray[np.bool_]

    @property
    def note(self) -> Words | None:
        """What a person is told of areas that lean on the whole map; None if there are none."""
        count = int(self.apart.sum())
        return island_words(count) if count else None


def smooth(areas: Areas, *, smoothness: float | None = None) -> RiskMap:
    """Return the risks, for `smoothness` (lambda) or the likeliest one.

    Risks are by the expected cases that add up to all cases.
    """
    due = areas.due()
    apart = _apart(areas)
    log_risk, sd = np.zeros(due.size), np.zeros(due.size)
    risk, over = np.ones(due.size), np.zeros(due.size)
    chosen, effective = math.inf, float(apart.sum())
    if apart.any():
        _lean_on_all(areas, apart, risk=risk, log_risk=log_risk, sd=sd, over=over)
    inside = np.flatnonzero(~apart)
    if inside.size:
        part = _Field(areas, due, inside)
        chosen = part.likeliest() if smoothness is None else smoothness
        fit = part.fit(chosen)
        log_risk[inside], sd[inside] = fit.log_risk, fit.sd
        risk[inside] = np.exp(fit.log_risk)
        over[inside] = norm.sf(0.0, loc=fit.log_risk, scale=fit.sd)
        effective += fit.effective
        chosen = math.inf if smoothness is None and chosen >= math.exp(MOST_LOG) else chosen
    return RiskMap(risk=risk, log_risk=log_risk, sd=sd, exceedance=over, smoothness=chosen,
                   effective=effective, apart=apart)  # fmt: skip


def _apart(areas: Areas) -> npt.NDArray[np.bool_]:
    """Return areas without neighbours, and those of parts in which there is no case."""
    part = areas.parts()
    sick = np.bincount(part, weights=areas.cases) > 0
    return np.asarray(areas.islands() | ~sick[part])


def _lean_on_all(
    areas: Areas, apart: npt.NDArray[np.bool_], *, risk: FloatArray, log_risk: FloatArray,
    sd: FloatArray, over: FloatArray,
) -> None:  # fmt: skip
    """Fill in gamma risks of areas that have nobody to lean on, by the mean of the whole map."""
    if not areas.cases.sum():
        return
    scaled = Areas(cases=areas.cases, expected=areas.due(), borders=areas.borders)
    variance = float(global_rates(scaled).variance[0])
    if variance <= 0.0:
        return
    shape = 1 / variance + areas.cases[apart]
    rate = 1 / variance + scaled.expected[apart]
    risk[apart] = shape / rate
    log_risk[apart] = np.log(risk[apart])
    sd[apart] = 1 / np.sqrt(shape)
    over[apart] = gamma.sf(1.0, shape, scale=1 / rate)


@dataclass(frozen=True, slots=True)
class _Fit:
    log_risk: FloatArray
    sd: FloatArray
    effective: float


class _Field:
    """The areas that lean on neighbours, in the order they were given."""

    def __init__(self, areas: Areas, due: FloatArray, inside: IndexArray) -> None:
        near = csr_array(areas.adjacency()[inside][:, inside])
        self._laplacian = csc_array(diags_array(near.sum(axis=1)) - near)
        self._degree = np.asarray(near.sum(axis=1), np.float64)
        pairs = coo_array(near)
        once = pairs.coords[0] < pairs.coords[1]
        self._pairs = tuple(np.asarray(one[once], np.int64) for one in pairs.coords)
        self._cases = areas.cases[inside]
        self._due = due[inside]
        self._rank = inside.size - np.unique(areas.parts()[inside]).size
        self._field = np.log((self._cases + 0.5) / (self._due + 0.5))

    def likeliest(self) -> float:
        """Return the lambda at which the slope of the restricted likelihood is 0."""
        if self._slope(MOST_LOG) >= 0.0:
            return math.exp(MOST_LOG)
        if self._slope(LEAST_LOG) <= 0.0:
            return math.exp(LEAST_LOG)
        return math.exp(brentq(self._slope, LEAST_LOG, MOST_LOG, xtol=1e-9, rtol=1e-12))

    def fit(self, smoothness: float) -> _Fit:
        """Return log risks, their errors, and what the map is worth."""
        variance, _ = self._settle(smoothness).inverse(*self._pairs)
        return _Fit(self._field, np.sqrt(variance), float(self._mean() @ variance))

    def restricted_likelihood(self, log_smoothness: float) -> float:
        """Return the Laplace approximation, up to what does not depend on lambda."""
        smoothness = math.exp(log_smoothness)
        factored = self._settle(smoothness)
        rough = float(self._field @ (self._laplacian @ self._field))
        fit = self._cases * (np.log(self._due) + self._field) - self._mean()
        told = float((fit - gammaln(self._cases + 1)).sum())
        return (
            told - smoothness / 2 * rough + self._rank / 2 * log_smoothness
            - factored.log_determinant() / 2
        )  # fmt: skip

    def _slope(self, log_smoothness: float) -> float:
        """Return the derivative of `restricted_likelihood`, exactly."""
        smoothness = math.exp(log_smoothness)
        factored = self._settle(smoothness)
        variance, between = factored.inverse(*self._pairs)
        pull = smoothness * (self._laplacian @ self._field)
        moves = -factored.solve(pull)
        # tr(H⁻¹ dH): each border counts twice, with -1
        of_borders = float(variance @ self._degree) - 2.0 * float(between.sum())
        trace = smoothness * of_borders + float((variance * self._mean()) @ moves)
        return (self._rank - float(self._field @ pull) - trace) / 2

    def _mean(self) -> FloatArray:
        return np.asarray(self._due * np.exp(self._field))

    def _objective(self, field: FloatArray, smoothness: float) -> float:
        rough = float(field @ (self._laplacian @ field))
        return float(self._cases @ field - self._due @ np.exp(field)) - smoothness / 2 * rough

    def _factored(self, smoothness: float) -> Factored:
        return Factored(csc_array(smoothness * self._laplacian + diags_array(self._mean())))

    def _settle(self, smoothness: float) -> Factored:
        """Move the field to where it is likeliest, from where it is; return the factor there."""
        for _ in range(MOST_STEPS):
            factored = self._factored(smoothness)
            up = self._cases - self._mean() - smoothness * (self._laplacian @ self._field)
            step = factored.solve(up)
            longest = float(np.abs(step).max())
            before = self._objective(self._field, smoothness)
            scale = min(1.0, LONGEST_STEP / max(longest, 1e-300))
            # near the top the gain is below the last digit: no shorter step is sought there
            while (
                longest > 1e-6
                and scale > 1e-9
                and not (self._objective(self._field + scale * step, smoothness) >= before - 1e-9)
            ):
                scale /= 2
            self._field = self._field + scale * step
            if longest < CLOSE:
                break
        return self._factored(smoothness)
