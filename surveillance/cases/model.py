"""What a report says of a case, as columns. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from gis.words import Words


class Classification(StrEnum):
    """How sure a case is, by the definition it was reported under."""

    SUSPECT = "suspect"
    CLINICAL = "clinical"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    CARRIER = "carrier"
    POSITIVE = "positive"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


CLASSIFICATION_WORDS: Mapping[Classification, Words] = {
    Classification.SUSPECT: Words(en="suspect", zh="疑似病例"),
    Classification.CLINICAL: Words(en="clinically diagnosed", zh="临床诊断病例"),
    Classification.PROBABLE: Words(en="probable", zh="可能病例"),
    Classification.CONFIRMED: Words(en="confirmed", zh="确诊病例"),
    Classification.CARRIER: Words(en="carrier", zh="病原携带者"),
    Classification.POSITIVE: Words(en="positive test only", zh="阳性检测"),
    Classification.EXCLUDED: Words(en="not a case", zh="排除病例"),
    Classification.UNKNOWN: Words(en="not said", zh="未填"),
}


class ReviewState(StrEnum):
    """How far the review of a report has come."""

    UNREVIEWED = "unreviewed"
    IN_REVIEW = "in_review"
    FINAL = "final"


class DateProblem(StrEnum):
    """Days of a report that cannot be so."""

    ONSET_AFTER_DIAGNOSIS = "onset_after_diagnosis"
    ONSET_AFTER_ENTRY = "onset_after_entry"
    DIAGNOSIS_AFTER_ENTRY = "diagnosis_after_entry"
    ENTRY_AFTER_REVIEW = "entry_after_review"
    DEATH_BEFORE_ONSET = "death_before_onset"
    BEFORE_BIRTH = "before_birth"


PROBLEM_WORDS: Mapping[DateProblem, Words] = {
    DateProblem.ONSET_AFTER_DIAGNOSIS: Words(
        en="fell ill after the diagnosis", zh="发病日期晚于诊断日期"
    ),
    DateProblem.ONSET_AFTER_ENTRY: Words(
        en="fell ill after the report was entered", zh="发病日期晚于录入日期"
    ),
    DateProblem.DIAGNOSIS_AFTER_ENTRY: Words(
        en="diagnosed after the report was entered", zh="诊断时间晚于录入时间"
    ),
    DateProblem.ENTRY_AFTER_REVIEW: Words(
        en="entered after the final review", zh="录入时间晚于终审时间"
    ),
    DateProblem.DEATH_BEFORE_ONSET: Words(en="died before falling ill", zh="死亡日期早于发病日期"),
    DateProblem.BEFORE_BIRTH: Words(en="fell ill before birth", zh="发病日期早于出生日期"),
}

TEXTS = (
    "disease", "classification", "course", "review_state", "sensitive", "reporting_unit",
    "reporting_area", "residence_area", "exposure_area", "owned_by_area", "place_source", "sex",
    "occupation", "institution", "institution_key", "outcome", "transferred_to", "deleted_reason",
)  # fmt: skip
DAYS = ("onset_on", "diagnosed_on", "entered_on", "reviewed_on", "died_on")
MOMENTS = ("diagnosed_at", "entered_at", "reviewed_at", "deleted_at")
CONTENT = (*TEXTS, *DAYS, *MOMENTS, "age_years", "residence", "date_problems")
"""Columns that make a version another one. Who the person is does not: it ends before the case."""
DETAILS = (
    "residence", "person_key", "person_digest", "institution", "institution_key", "occupation",
    "reporting_unit", "deleted_reason", "transferred_to",
)  # fmt: skip
"""Columns of a version that lead to a person, besides its `PERSON`."""
PERSON = ("name", "guardian", "phone", "address")

Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """n reports, ready to be stored.

    source_key : (n,) object, what tells a case from others of its source
    stated_at : (n,) datetime64[us] UTC, by the report's own times; NaT where it has none
    columns : name of `CONTENT` → (n,): texts as objects, days and moments datetime64[us] (moments
        UTC), `age_years` float64, `residence` EWKT objects, `date_problems` literals of arrays
    person_digest : (n,) bytes or None, under the key `person_key`
    persons : name of `PERSON` → (n,) objects
    """

    source_key: Column
    stated_at: Column
    columns: Mapping[str, Column]
    person_key: str | None
    person_digest: Column
    persons: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.source_key)


COUNT_KEY = (
    "disease", "area_code", "period_from", "period_until", "date_basis", "place_basis", "age_from",
    "age_below", "sex", "classification",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """n counts of an aggregate report: name of `COUNT_KEY`, `cases`, `deaths` → (n,).

    Texts as objects, days datetime64[D], numbers float64 (NaN: none).
    """

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.columns["cases"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing reports changed."""

    new: int = 0
    revised: int = 0
    deleted: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source of a city."""

    source_id: int
    city_id: int
    name: str
    kind: str
    mapping: Mapping[str, Any]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """One file that was taken in."""

    import_id: UUID
    source_id: int
    source: str
    kind: str
    file_name: str
    as_of: datetime
    rows_read: int
    rows_new: int
    rows_revised: int
    rows_deleted: int
    rows_unchanged: int
    rows_repeated: int
    rows_rejected: int
    fields_lost: int
    told: list[str] = field(default_factory=list)
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectView:
    """A refused row, or a value left out of a stored one (`field`); `cells` until they end."""

    row_number: int
    field: str | None
    reason: str
    cells: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """When a case's report said what, and from when to when that was what was known."""

    stated_at: datetime
    entered_at: datetime | None
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A version with its time."""

    stated_at: datetime
    known_from: datetime
    known_until: datetime | None
    digest: bytes


def timeline(versions: list[Version]) -> list[Known]:
    """Return since when and until when each version of a case was known.

    They follow one another by `stated_at`, each once; the first was known since its entry. It is
    the plain reference of what `surveillance.cases.repository` does in SQL for all cases at once.
    """
    ordered = sorted(versions, key=lambda one: one.stated_at)
    followed = [*ordered[1:], None]
    return [
        Known(
            stated_at=one.stated_at,
            known_from=min(one.stated_at, one.entered_at or one.stated_at)
            if place == 0
            else one.stated_at,
            known_until=None if after is None else after.stated_at,
            digest=one.digest,
        )
        for place, (one, after) in enumerate(zip(ordered, followed, strict=True))
    ]


def missing_moments(count: int) -> Column:
    """Return (count,) NaT."""
    return np.full(count, np.datetime64("NaT", "us"), dtype="datetime64[us]")
