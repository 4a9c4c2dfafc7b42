"""How fast calls are answered, against published standards. Pure.

NENA-STA-020.1-2020: 90 % within 15 s, 95 % within 20 s (nena.org/news/514408). NFPA 1225-2022: 90 %
within 10 s. China, guidance of 2020: 95 % of 120 calls within 10 s. Reference of the numbers: the
standards' own editions, named with each figure; whoever reports says which one they keep to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SANE_S = 3_600.0
"""A longer wait is a wrong stamp: left out of the figures and counted."""


@dataclass(frozen=True, slots=True)
class AnswerStandard:
    """A share (0 to 1) of calls to be answered within `within_s`."""

    name: str
    edition: str
    within_s: float
    share: float


STANDARDS = (
    AnswerStandard("NENA-STA-020.1", "2020", 15.0, 0.90),
    AnswerStandard("NENA-STA-020.1", "2020", 20.0, 0.95),
    AnswerStandard("NFPA 1225", "2022", 10.0, 0.90),
    AnswerStandard("院前医疗急救（120）", "2020", 10.0, 0.95),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One standard, the share reached (None without a call) and whether that is enough."""

    standard: AnswerStandard
    share: float | None
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Figures of answering. Times in seconds from the ring; None where no call was answered.

    excluded: calls whose stamps cannot be true. abandoned: rang and nobody answered; they are no
    part of the shares, and stand beside them.
    """

    rang: int
    answered: int
    abandoned: int
    excluded: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    standards: tuple[Kept, ...]


def answering(waits_s: Sequence[float | None], *, abandoned: int) -> Answering:
    """Return the figures of calls that were answered after `waits_s` (None: no stamp)."""
    told = np.array([np.nan if one is None else one for one in waits_s], dtype=np.float64)
    good = told[np.isfinite(told) & (told >= 0.0) & (told <= SANE_S)]
    kept = []
    for standard in STANDARDS:
        share = float(np.mean(good <= standard.within_s)) if good.size else None
        kept.append(Kept(standard, share, None if share is None else share >= standard.share))
    return Answering(
        rang=len(told) + abandoned, answered=int(good.size), abandoned=abandoned,
        excluded=int(told.size - good.size),
        mean_s=float(np.mean(good)) if good.size else None,
        median_s=float(np.median(good)) if good.size else None,
        p90_s=float(np.percentile(good, 90)) if good.size else None,
        standards=tuple(kept),
    )  # fmt: skip
