"""Reports of cases that tests begin with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from surveillance.cases.model import CONTENT, DAYS, MOMENTS, PERSON, Reports


def objects(values: Sequence[Any]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def moments(values: Sequence[datetime | None]) -> np.ndarray:
    plain = [None if one is None else one.astimezone(UTC).replace(tzinfo=None) for one in values]
    return np.array(plain, dtype="datetime64[us]")


def reports(rows: Sequence[dict[str, Any]]) -> Reports:
    """Return reports; each row says what differs from a suspect case of dengue nobody reviewed."""
    usual = {
        "disease": "dengue", "classification": "suspect", "review_state": "unreviewed",
        "sensitive": "ordinary", "date_problems": "{}",
    }  # fmt: skip

    def column(name: str) -> np.ndarray:
        values = [row.get(name, usual.get(name)) for row in rows]
        if name in MOMENTS:
            return moments(values)
        if name in DAYS:
            return np.array(values, dtype="datetime64[us]")
        if name == "age_years":
            return np.array([np.nan if one is None else one for one in values])
        return objects(values)

    return Reports(
        source_key=objects([row["key"] for row in rows]),
        stated_at=moments([row.get("stated_at") for row in rows]),
        columns={name: column(name) for name in CONTENT},
        person_key="surveillance-0001",
        person_digest=objects([row.get("person_digest") for row in rows]),
        persons={name: objects([row.get(name) for row in rows]) for name in PERSON},
    )
