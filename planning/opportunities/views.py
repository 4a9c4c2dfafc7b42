"""What is shown of accessibility: dataclasses whose fields are the JSON."""

from dataclasses import dataclass

from gis.words import Words


@dataclass(frozen=True, slots=True)
class DistrictReach:
    """One district; `code` None: outside all. `per_1000`: mean over its people, None if none.

    without : people who reach nothing within the limit
    """

    code: str | None
    name: str | None
    name_zh: str | None
    name_en: str | None
    people: int
    per_1000: float | None
    without: int


@dataclass(frozen=True, slots=True)
class KindReach:
    """One kind of opportunity, shared among all who reach it.

    supply : of all hospitals that say; of_unknown : hospitals that do not; unused : supply that
    nobody reaches. gini, theil, palma : None where nobody reaches anything
    """

    kind: str
    words: Words
    supply: float
    of_unknown: int
    unused: float
    per_1000: float | None
    gini: float | None
    theil: float | None
    palma: float | None
    districts: tuple[DistrictReach, ...]


@dataclass(frozen=True, slots=True)
class ReachView:
    """Accessibility of a city on its roads as they are; `unknown`: people without a road near by.

    by : car, bicycle or walk
    """

    city_id: int
    topology_id: str | None
    conditions_id: str | None
    by: str
    measure: str
    limit_min: float
    people: int
    unknown: int
    kinds: tuple[KindReach, ...]
    sentences: tuple[Words, ...]
