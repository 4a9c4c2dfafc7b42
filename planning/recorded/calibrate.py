"""Modelled times beside recorded ones: how far off, and a correction that must prove itself.

Half of the calls, chosen by their names alone, fit the correction; the other half judges it, and
one that does not help there is not used. Times without records are said to be uncalibrated.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.words import Words
from planning.recorded.errors import RecordedInputError, TooFewRecordsError
from planning.recorded.model import FloatArray, Responses

FEWEST = 100
"""With fewer comparable responses nothing is said."""

LEAN = 20.0
"""So many responses of all weigh as much as a group's own (shrinkage)."""

UNCALIBRATED = Words(
    en="Uncalibrated: these times were not set beside recorded ones.",
    zh="未校准：行程时间尚未与实际记录对比。",
)

_CORRECTED = Words(
    en="Corrected by recorded responses: of {count} others half were off by less than {half} s, "
    "nine of ten by less than {most} s.",
    zh="已按实际记录修正：在另外{count}次出车中，半数误差小于{half}秒，九成小于{most}秒。",
)
_AS_IT_IS = Words(
    en="Set beside recorded responses, not corrected, since no correction helped: of {count} half "
    "were off by less than {half} s, nine of ten by less than {most} s.",
    zh="已与实际记录对比，修正无改善故未修正：{count}次出车中半数误差小于{half}秒，九成小于{most}秒。",
)


@dataclass(frozen=True, slots=True)
class Errors:
    """Modelled less recorded seconds of n responses.

    median_s : signed; p90_abs_s : nine of ten are off by less; median_abs_s : half
    """

    responses: int
    median_s: float
    median_abs_s: float
    p90_abs_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What the comparison says.

    before, after : errors in the half that judges, without and with the correction
    overall : factor on modelled times; factor : of each group, leaning on `overall`
    by_group : errors before, of all responses of a group with at least ten
    helps : whether the correction is to be used
    """

    before: Errors
    after: Errors
    overall: float
    factor: Mapping[str, float]
    by_group: Mapping[str, Errors]
    helps: bool

    @property
    def words(self) -> Words:
        """What every page, report and export says of these times."""
        errors, says = (self.after, _CORRECTED) if self.helps else (self.before, _AS_IT_IS)
        return says.filled(
            count=f"{errors.responses:,}", half=f"{errors.median_abs_s:.0f}",
            most=f"{errors.p90_abs_s:.0f}",
        )  # fmt: skip

    def corrected(self, modelled_s: npt.ArrayLike, group: npt.ArrayLike) -> FloatArray:
        """Return (n,) modelled seconds times the factor of their (n,) group, if it helps.

        Groups that no record knows take the overall factor.
        """
        seconds = np.asarray(modelled_s, dtype=np.float64)
        if not self.helps:
            return seconds
        return seconds * _factors(np.asarray(group, dtype=object), self.factor, self.overall)


def calibrate(
    responses: Responses,
    modelled_s: Mapping[tuple[str, str], float],
    *,
    span: str = "travel",
    group: npt.ArrayLike | None = None,
) -> Calibration:
    """Compare a recorded span with modelled seconds, given by call and unit.

    group : (r,) what the correction may differ by, such as district; None: one for all.
    Responses out of order, without the span, or without a finite modelled time are left out.

    Raises
    ------
    RecordedInputError
        A modelled time names no response, or is negative or NaN.
    TooFewRecordsError
        Fewer than `FEWEST` are left.
    """
    recorded = responses.span_s(span)
    names = list(zip(responses.call.tolist(), responses.unit.tolist(), strict=True))
    strange = set(modelled_s) - set(names)
    if strange:
        call, unit = min(strange)
        raise RecordedInputError(
            f"{len(strange):,} modelled times belong to no recorded response, the first to call "
            f"{call}, unit {unit}. Both are matched by call and unit."
        )
    model = np.array([modelled_s.get(name, np.inf) for name in names], dtype=np.float64)
    if not (model >= 0.0).all():
        raise RecordedInputError("Modelled times are negative or no number. Leave these out.")
    groups = np.full(len(names), "all", object) if group is None else _texts(group)
    fine = ~np.isnan(recorded) & np.isfinite(model) & (model > 0.0) & (recorded > 0.0)
    if int(fine.sum()) < FEWEST:
        raise TooFewRecordsError(
            f"Only {int(fine.sum())} responses have both a recorded and a modelled time; with "
            f"fewer than {FEWEST} nothing can be said."
        )
    judges = np.array([_judges(call) for call, _ in names], np.bool_)
    fitted, judged = fine & ~judges, fine & judges
    ratio = np.log(recorded[fine] / model[fine])
    of_all = np.full(len(names), np.nan)
    of_all[fine] = ratio
    overall, factor = _fit(of_all[fitted], groups[fitted])
    before = errors(model[judged], recorded[judged])
    after = errors(model[judged] * _factors(groups[judged], factor, overall), recorded[judged])
    by_group = errors_of(np.where(fine, model, np.nan), recorded, groups)
    return Calibration(
        before, after, overall, factor, by_group, after.median_abs_s < before.median_abs_s
    )


def errors(modelled_s: FloatArray, recorded_s: FloatArray) -> Errors:
    """Return how far (n,) modelled are from (n,) recorded seconds."""
    off = modelled_s - recorded_s
    return Errors(
        len(off),
        float(np.median(off)),
        float(np.median(np.abs(off))),
        float(np.quantile(np.abs(off), 0.9)),
    )


def errors_of(
    modelled_s: FloatArray, recorded_s: FloatArray, group: npt.ArrayLike
) -> dict[str, Errors]:
    """Return the errors of each group of (n,) with ten or more that have both times (not NaN)."""
    groups = _texts(group)
    known = np.isfinite(modelled_s) & np.isfinite(recorded_s)
    return {
        str(name): errors(modelled_s[rows], recorded_s[rows])
        for name in sorted(set(groups[known].tolist()))
        if np.count_nonzero(rows := known & (groups == name)) >= 10
    }


def _fit(
    log_ratio: FloatArray, groups: npt.NDArray[np.object_]
) -> tuple[float, Mapping[str, float]]:
    """Return the factors: medians of the logarithms, those of few records near that of all."""
    middle = float(np.median(log_ratio))
    factor = {}
    for name in sorted(set(groups.tolist())):
        own = log_ratio[groups == name]
        weight = len(own) / (len(own) + LEAN)
        factor[name] = float(np.exp(weight * np.median(own) + (1.0 - weight) * middle))
    return float(np.exp(middle)), factor


def _factors(
    groups: npt.NDArray[np.object_], factor: Mapping[str, float], overall: float
) -> FloatArray:
    return np.array([factor.get(str(one), overall) for one in groups.tolist()], dtype=np.float64)


def _texts(group: npt.ArrayLike) -> npt.NDArray[np.object_]:
    return np.array([str(one) for one in np.asarray(group, dtype=object).tolist()], dtype=object)


def _judges(call: object) -> bool:
    """All units of one call fall on one side, whatever the order of the file."""
    return hashlib.sha256(str(call).encode()).digest()[0] % 2 == 1
