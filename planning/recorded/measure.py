"""Medians and ninetieth percentiles of what was recorded, with what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.recorded.errors import RecordedInputError
from planning.recorded.model import Responses

FEWEST = 10
"""With fewer, a percentile says little: it is left empty, the count stands."""

GROUPS = ("district", "unit_class", "priority", "hour")


@dataclass(frozen=True, slots=True)
class Measured:
    """One span of the responses of one group.

    group : one value a name it is grouped by; None: not recorded
    counted : responses with the span; out_of_order, missing : left out
    median_s, p90_s : None with fewer than `FEWEST`
    """

    group: tuple[object, ...]
    span: str
    counted: int
    out_of_order: int
    missing: int
    median_s: float | None
    p90_s: float | None


def measure(
    responses: Responses, span: str, *, by: Sequence[str] = (), first_only: bool = False
) -> tuple[Measured, ...]:
    """Return a span by `by` (of `GROUPS`), the largest group first.

    first_only : of each call the unit that arrived first, as a response time is meant; calls at
    which nobody arrived are counted as missing.

    Raises
    ------
    RecordedInputError
        Responses are not parted by such a thing.
    """
    import pandas as pd

    strange = [name for name in by if name not in GROUPS]
    if strange:
        raise RecordedInputError(
            f"Responses are not parted by {strange[0]}. Choose of {', '.join(GROUPS)}."
        )
    seconds = responses.span_s(span)
    rows = np.arange(len(responses))
    if first_only:
        first = responses.first_arrivals()
        _, one_each = np.unique(responses.call.astype(str), return_index=True)
        reached = set(responses.call[first].tolist())
        others = [row for row in one_each.tolist() if responses.call[row] not in reached]
        rows = np.concatenate([first, np.array(others, dtype=np.int64)])
    keys = [getattr(responses, name)[rows] for name in by]
    frame = pd.DataFrame(dict(enumerate(keys)), index=rows, dtype=object)
    groups = (
        [((), rows)]
        if not by
        else [
            (name if isinstance(name, tuple) else (name,), np.asarray(part.index))
            for name, part in frame.groupby(list(frame.columns), dropna=False, sort=False)
        ]
    )
    found = [_measured(responses, span, seconds, group, members) for group, members in groups]
    return tuple(sorted(found, key=lambda one: -one.counted))


def _measured(
    responses: Responses,
    span: str,
    seconds: np.ndarray,
    group: tuple[object, ...],
    members: np.ndarray,
) -> Measured:
    import pandas as pd

    values = seconds[members]
    known = values[~np.isnan(values)]
    disordered = int(np.count_nonzero(~responses.in_order[members]))
    enough = len(known) >= FEWEST
    median, p90 = np.quantile(known, [0.5, 0.9]).tolist() if enough else (None, None)
    return Measured(
        tuple(None if pd.isna(one) else one for one in group),  # type: ignore[call-overload]
        span, len(known), disordered, len(members) - len(known) - disordered, median, p90,
    )  # fmt: skip
