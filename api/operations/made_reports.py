"""Cases that nobody handed in as a file: columns become reports, as an import would make them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from surveillance.cases.model import CONTENT, DAYS, MOMENTS, PERSON, Reports, missing_moments


def confirmed_reports(
    *,
    keys: Sequence[str],
    diseases: Sequence[str],
    sensitive: Sequence[str],
    areas: Sequence[str],
    sexes: Sequence[str],
    age_years: NDArray[np.float64],
    days: Mapping[str, NDArray[np.datetime64]],
    known_at: NDArray[np.datetime64],
    places: Sequence[str | None] | None = None,
) -> Reports:
    """Return confirmed cases of whom nothing else is known, each stated and entered at `known_at`.

    days: names of `DAYS` → (k,) datetime64[us]. known_at: (k,) datetime64[us] UTC. places: EWKT, of
    ordinary cases only.
    """
    size = len(keys)
    given: dict[str, Sequence[str | None]] = {
        "disease": diseases, "classification": ["confirmed"] * size,
        "review_state": ["final"] * size, "sensitive": sensitive, "residence_area": areas,
        "owned_by_area": areas, "placed_by": ["code"] * size, "sex": sexes,
        "date_problems": ["{}"] * size,
    }  # fmt: skip
    if places is not None:
        given["residence"] = places
    columns: dict[str, NDArray[np.generic]] = {}
    for name in CONTENT:
        if name in DAYS:
            columns[name] = days.get(name, missing_moments(size))
        elif name in MOMENTS:
            columns[name] = known_at if name == "entered_at" else missing_moments(size)
        elif name == "age_years":
            columns[name] = age_years
        else:
            columns[name] = _texts(given.get(name, [None] * size))
    nothing = _texts([None] * size)
    return Reports(
        source_key=_texts(keys), stated_at=known_at, columns=columns, person_key=None,
        person_digest=nothing, persons=dict.fromkeys(PERSON, nothing),
    )  # fmt: skip


def _texts(values: Sequence[str | None]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column
