"""Compile the detectors' kernels before the first panel is judged."""

from datetime import date

import numpy as np

from surveillance.detect.registry import DETECTORS
from surveillance.series.model import Panel, Step

WEEKS = 6 * 53


def prepare_kernels() -> None:
    """Judge one week of a small panel by every detector; numba's cache keeps what it compiles."""
    counts = np.tile(np.array([2.0, 3.0, 1.0, 4.0]), WEEKS)[None, :WEEKS].copy()
    panel = Panel(counts=counts, starts_on=date(2020, 1, 6), step=Step.WEEK)
    for member in DETECTORS.values():
        member.detector.judge(panel, first=WEEKS - 1)
