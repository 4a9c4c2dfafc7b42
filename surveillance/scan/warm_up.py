"""Compiles the searches before anybody waits for one."""

import numpy as np

from surveillance.scan.model import Model, Rates, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.subsets import scan_subsets
from surveillance.scan.values import Kind, Values, scan_values
from surveillance.scan.zones import circles


def prepare_kernels() -> None:
    """Run each search once, on two places: compiled, or read from numba's cache."""
    people = np.array([[40, 50], [60, 70]])
    cases = np.array([[3, 1], [2, 2]])
    zones = circles(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([90.0, 130.0]), 1.0)
    for model, span in (
        (Model.POISSON, Span.WHOLE), (Model.BERNOULLI, Span.CURRENT), (Model.PERMUTATION, Span.ANY)
    ):  # fmt: skip
        rules = Settings(model, span, Rates.BOTH, replicates=1)
        due = people.astype(np.float64)
        scan(zones, cases, rules, expected=due, people=people)
        if span is not Span.ANY:
            scan_subsets(zones, cases, rules, expected=due, people=people)
    nobody = np.zeros(2, dtype=np.int64)
    for kind in Kind:
        values = Values(
            kind=kind, places=2, intervals=1, place=np.arange(2), interval=nobody,
            value=np.array([1.0, 2.0]),
        )  # fmt: skip
        scan_values(zones, values, Settings(replicates=1, least_cases=1))
