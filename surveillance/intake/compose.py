"""Rows of a line list become reports of cases; what cannot be understood is said, row by row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.datum import Datum
from gis.intake.model import Intake
from gis.intake.take import LOST_COLUMNS, refuse
from gis.pseudonyms.keys import PseudonymKeys
from gis.text_fold import fold
from surveillance.cases.model import DateProblem, Reports
from surveillance.diseases.model import SHARING, Sensitive
from surveillance.diseases.table import DiseaseTable
from surveillance.intake.persons import digests, person_keys
from surveillance.intake.places import Areas, Placed, areas_written, place
from surveillance.intake.schemas import DELETED_WORD

Objects = npt.NDArray[np.object_]
Moments = npt.NDArray[np.datetime64]

UNKNOWN_DISEASE = (
    "“{text}” is no disease of the table; write its name, its code or its ICD-10, or map the word"
)
NO_AGE = "the age “{text}” is not understood; write 5, 8 months or 8月"
SAME_AGAIN = "the same report stands in row {row}"
CONTRADICTED = "row {row} says something else of the same report at the same time"

_AGE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*"
    r"(岁|y|yr|yrs|year|years|个?月|m|mo|month|months|天|日|d|day|days|周|w|week|weeks)?"
)
_YEARS_EACH = {
    "": 1.0, "岁": 1.0, "y": 1.0, "月": 1 / 12, "m": 1 / 12, "天": 1 / 365.25, "日": 1 / 365.25,
    "d": 1 / 365.25, "周": 7 / 365.25, "w": 7 / 365.25,
}  # fmt: skip
_CLASS_AND_GRADE = re.compile(
    r"[（(][^）)]*[）)]\s*$|(?:[一二三四五六七八九十]+|\d+)(?:年级|年|级).*$|[大中小托]\s*(?:[一二三四五六]|\d)?\s*班.*$"
    r"|[初高]?(?:[一二三四五六七八九十]+|\d+)\s*[（(]?(?:[一二三四五六七八九十]+|\d+)?[)）]?\s*班.*$"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What words of a file are understood by.

    as_of : when the file was exported; nothing in it is known later
    diseases_named : folded word of this source → code, before the table's own names
    """

    areas: Areas
    gazetteer: Mapping[str, tuple[float, float]]
    table: DiseaseTable
    keys: PseudonymKeys
    time_zone: str
    as_of: datetime
    datum: Datum | None = None
    diseases_named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Reports to store, beside the intake they came of, from which what was refused is gone."""

    reports: Reports
    intake: Intake


def compose(intake: Intake, around: Surroundings) -> Composed:
    """Return the reports of a line list.

    A row costs its report where its disease is none of the table, or where it stands twice. What
    else cannot be understood costs its field.

    Raises
    ------
    DatumMismatchError
        The points do not lie in the districts their rows name.
    """
    codes, unknown = _diseases(intake.table["disease"].to_numpy(), around)
    intake, codes = _without(intake, unknown, codes)
    table = intake.table
    columns = _Columns(table, around)
    stated_at = columns.stated_at()
    again = _repeated(intake, stated_at)
    if again:
        repeated = sum(1 for why in again.values() if why.startswith(SAME_AGAIN[:20]))
        kept = np.ones(len(table), dtype=bool)
        kept[list(again)] = False
        intake = refuse(intake, again, repeated=repeated)
        codes, stated_at = codes[kept], stated_at[kept]
        table = intake.table
        columns = _Columns(table, around)
    placed = _placed(table, around)
    ages, ages_lost = columns.ages()
    lost: dict[int, list[tuple[str, str]]] = {}
    for position, one in [*placed.lost.items(), *ages_lost.items()]:
        lost.setdefault(position, []).append(one)
    content = columns.content(codes, ages=ages, placed=placed, lost=lost)
    key, digest = digests(around.keys, columns.identifiers())
    reports = Reports(
        source_key=table["source_key"].to_numpy(), stated_at=stated_at, columns=content,
        person_key=key, person_digest=digest,
        persons={name: table[name].to_numpy() for name in ("name", "guardian", "phone", "address")},
    )  # fmt: skip
    return Composed(reports=reports, intake=_with_lost(intake, lost))


def institution_key(name: str) -> str:
    """Return a school's or worksite's name for comparison: without class, grade and brackets."""
    plain = name.strip()
    while (shorter := _CLASS_AND_GRADE.sub("", plain).strip()) not in {"", plain}:
        plain = shorter
    return fold(plain).replace(" ", "")


def age_years(written: str) -> float | None:
    """Return an age as written (`5岁`, `8月`, `20天`, `45`) in years; None if it is none."""
    match = _AGE.fullmatch(written.strip().casefold())
    if match is None:
        return None
    unit = (match[2] or "").removeprefix("个")
    # What begins with it stands for it: months, mo and m are one.
    each = _YEARS_EACH[unit[:1]]
    years = float(match[1]) * each
    return years if years < 130 else None


class _Columns:
    """The columns of the rows that are left, as the database has them."""

    def __init__(self, table: pd.DataFrame, around: Surroundings) -> None:
        self._table = table
        self._around = around
        self._zone = ZoneInfo(around.time_zone)
        self._moments = {
            name: _utc(table[name])
            for name in ("diagnosed", "entered", "reviewed", "reviewed_city", "reviewed_county",
                         "corrected", "corrected_review", "deleted")
        }  # fmt: skip
        self._days = {name: _days(table[name]) for name in ("onset", "died", "born")}
        self._deleted = table["review_state"].to_numpy() == DELETED_WORD

    def stated_at(self) -> Moments:
        """Return when each report came to say this, by the latest of its own times; NaT: none."""
        known = np.stack([self._moments[name] for name in self._moments if name != "diagnosed"])
        latest = np.full(known.shape[1], np.datetime64("NaT", "us"), dtype="datetime64[us]")
        for moments in known:
            latest = np.fmax(latest, moments)
        return latest

    def ages(self) -> tuple[npt.NDArray[np.float64], dict[int, tuple[str, str]]]:
        """Return ages (n,) in years, from what is written, else from the day of birth."""
        codes, distinct = pd.factorize(self._table["age"].to_numpy())
        known = [age_years(str(text)) for text in distinct.tolist()]
        values = np.array([np.nan if one is None else one for one in known] + [np.nan])
        ages = values[codes]
        unread = np.array([one is None for one in known] + [False], dtype=bool)[codes]
        lost = {
            row: ("age", NO_AGE.format(text=str(distinct[codes[row]])[:40]))
            for row in np.flatnonzero(unread).tolist()
        }  # fmt: skip
        on = np.where(np.isnat(self._days["onset"]), self._local("diagnosed")[0],
                      self._days["onset"])  # fmt: skip
        on = np.where(np.isnat(on), self._local("entered")[0], on)
        by_birth = (on - self._days["born"]).astype("timedelta64[D]").astype(np.float64) / 365.25
        by_birth[np.isnat(on) | np.isnat(self._days["born"]) | (by_birth < 0)] = np.nan
        by_birth[by_birth >= 130] = np.nan
        return np.where(np.isnan(ages), by_birth, ages), lost

    def content(
        self,
        codes: Objects,
        *,
        ages: npt.NDArray[np.float64],
        placed: Placed,
        lost: dict[int, list[tuple[str, str]]],
    ) -> dict[str, Any]:
        """Return the columns of `surveillance.cases.model.CONTENT`; adds to `lost`."""
        table = self._table
        reporting, _, unknown = areas_written(table["reporting_area"].to_numpy(),
                                              self._around.areas)  # fmt: skip
        exposure, _, elsewhere = areas_written(table["exposure_area"].to_numpy(),
                                               self._around.areas)  # fmt: skip
        for name, reasons in (("reporting_area", unknown), ("exposure_area", elsewhere)):
            for position, why in reasons.items():
                lost.setdefault(position, []).append((name, why))
        diagnosed_on, diagnosed_at = self._local("diagnosed")
        entered_on, entered_at = self._local("entered")
        reviewed_at = self._final_review()
        sensitive = self._sensitive(codes, ages)
        points = np.array(
            [SHARING[Sensitive(one)].points for one in sensitive.tolist()], dtype=bool
        )
        here = np.array([code in self._around.areas.by_code for code in placed.area.tolist()],
                        dtype=bool)  # fmt: skip
        review_state = _or(table["review_state"].to_numpy(), "unreviewed")
        review_state[self._deleted] = "in_review"
        institutions = table["institution"].to_numpy()
        columns: dict[str, Any] = {
            "disease": codes,
            "classification": _or(table["classification"].to_numpy(), "unknown"),
            "course": table["course"].to_numpy(),
            "review_state": review_state,
            "sensitive": sensitive,
            "reporting_unit": table["reporting_unit"].to_numpy(),
            "reporting_area": reporting,
            "residence_area": placed.area,
            "exposure_area": exposure,
            "owned_by_area": np.where(here, placed.area, reporting),
            "place_source": placed.how,
            "sex": table["sex"].to_numpy(),
            "occupation": table["occupation"].to_numpy(),
            "institution": institutions,
            "institution_key": _each(institutions, institution_key),
            "outcome": table["outcome"].to_numpy(),
            "transferred_to": table["transferred_to"].to_numpy(),
            "deleted_reason": table["deleted_reason"].to_numpy(),
            "onset_on": self._days["onset"],
            "diagnosed_on": diagnosed_on,
            "entered_on": entered_on,
            "reviewed_on": self._day_of(reviewed_at),
            "died_on": self._days["died"],
            "diagnosed_at": diagnosed_at,
            "entered_at": self._moments["entered"],
            "reviewed_at": reviewed_at,
            "deleted_at": self._deleted_at(),
            "age_years": ages,
            "residence": _ewkt(placed, points),
        }
        columns["date_problems"] = self._problems(columns, precise_entry=entered_at)
        return columns

    def identifiers(self) -> list[str | None]:
        """Return what identifies each person."""
        table = self._table
        born = np.datetime_as_string(self._days["born"].astype("datetime64[D]")).astype(object)
        born[np.isnat(self._days["born"])] = None
        return person_keys(
            id_number=table["id_number"].tolist(), name=table["name"].tolist(),
            sex=table["sex"].tolist(), born=born.tolist(), phone=table["phone"].tolist(),
        )  # fmt: skip

    def _local(self, name: str) -> tuple[Moments, Moments]:
        """Return the local day and the moment (n,) of a time; midnight only names a day."""
        at = self._moments[name]
        local = self._to_local(at)
        day = local.astype("datetime64[D]").astype("datetime64[us]")
        return day, np.where(local == day, np.datetime64("NaT", "us"), at)

    def _to_local(self, at: Moments) -> Moments:
        aware = pd.DatetimeIndex(at).tz_localize("UTC").tz_convert(self._zone)
        return np.asarray(aware.tz_localize(None).to_numpy(), dtype="datetime64[us]")

    def _day_of(self, at: Moments) -> Moments:
        return self._to_local(at).astype("datetime64[D]").astype("datetime64[us]")

    def _final_review(self) -> Moments:
        """Return the time of the final review: the card's own, else the last of a final card."""
        final = self._table["review_state"].to_numpy() == "final"
        last = np.fmax(
            np.fmax(self._moments["reviewed_city"], self._moments["reviewed_county"]),
            self._moments["corrected_review"],
        )
        own = self._moments["reviewed"]
        return np.where(np.isnat(own) & final, last, own)

    def _deleted_at(self) -> Moments:
        """Return when a card was deleted; one that only says so, with what it said last."""
        own = self._moments["deleted"]
        stated = self.stated_at()
        fallback = np.where(np.isnat(stated), _plain(self._around.as_of), stated)
        return np.where(self._deleted & np.isnat(own), fallback, own)

    def _sensitive(self, codes: Objects, ages: npt.NDArray[np.float64]) -> Objects:
        found: dict[tuple[str, bool], str] = {}
        table = self._around.table
        minors = (ages < 14).tolist()
        sensitive = np.empty(len(codes), dtype=object)
        for row, key in enumerate(zip(codes.tolist(), minors, strict=True)):
            if key not in found:
                found[key] = table.sensitivity(key[0], 13.0 if key[1] else None).value
            sensitive[row] = found[key]
        return sensitive

    def _problems(self, columns: Mapping[str, Any], *, precise_entry: Moments) -> Objects:
        """Return the impossible orders of days (n,), as literals of arrays."""
        onset, diagnosed = columns["onset_on"], columns["diagnosed_on"]
        entered, reviewed = columns["entered_on"], columns["reviewed_at"]
        found = {
            DateProblem.ONSET_AFTER_DIAGNOSIS: onset > diagnosed,
            DateProblem.ONSET_AFTER_ENTRY: onset > entered,
            DateProblem.DIAGNOSIS_AFTER_ENTRY: (diagnosed > entered)
            | (columns["diagnosed_at"] > precise_entry),
            DateProblem.ENTRY_AFTER_REVIEW: columns["entered_at"] > reviewed,
            DateProblem.DEATH_BEFORE_ONSET: columns["died_on"] < onset,
            DateProblem.BEFORE_BIRTH: onset < self._days["born"],
        }
        words = np.full(len(onset), "{}", dtype=object)
        some = np.flatnonzero(np.any(np.stack(list(found.values())), axis=0))
        for row in some.tolist():
            names = [problem.value for problem, where in found.items() if where[row]]
            words[row] = "{" + ",".join(names) + "}"
        return words


def _diseases(written: Objects, around: Surroundings) -> tuple[Objects, dict[int, str]]:
    """Return the code of each disease (n,), and position → why it is not known."""
    codes, distinct = pd.factorize(written)
    found = [
        around.diseases_named.get(fold(str(text))) or around.table.find(str(text))
        for text in distinct.tolist()
    ]
    values = np.empty(len(found), dtype=object)
    values[:] = found
    known = values[codes] if found else np.empty(0, dtype=object)
    return known, {
        row: UNKNOWN_DISEASE.format(text=str(written[row])[:40])
        for row in np.flatnonzero(pd.isna(known)).tolist()
    }


def _without(intake: Intake, refused: dict[int, str], codes: Objects) -> tuple[Intake, Objects]:
    if not refused:
        return intake, codes
    kept = np.ones(len(codes), dtype=bool)
    kept[list(refused)] = False
    return refuse(intake, refused), codes[kept]


def _repeated(intake: Intake, stated_at: Moments) -> dict[int, str]:
    """Return position → why, of rows of a report that an earlier row gives for the same time."""
    table = intake.table
    keys = pd.DataFrame({"key": table["source_key"], "at": stated_at.astype(np.int64)})
    if not keys.duplicated().any():
        return {}
    same = table.duplicated().tolist()
    groups = keys.groupby(["key", "at"], sort=False).ngroup().to_numpy()
    first = np.full(groups.max() + 1, -1, dtype=np.int64)
    reasons: dict[int, str] = {}
    numbers = intake.row_number
    for row, group in enumerate(groups.tolist()):
        if first[group] < 0:
            first[group] = row
            continue
        told = SAME_AGAIN if same[row] else CONTRADICTED
        reasons[row] = told.format(row=numbers[first[group]])
    return reasons


def _placed(table: pd.DataFrame, around: Surroundings) -> Placed:
    return place(
        table["residence_area"].to_numpy(),
        lon=table["lon"].to_numpy(dtype=np.float64), lat=table["lat"].to_numpy(dtype=np.float64),
        row_datum=table["datum"].to_numpy(), datum=around.datum,
        address=table["address"].to_numpy(), areas=around.areas, gazetteer=around.gazetteer,
    )  # fmt: skip


def _with_lost(intake: Intake, lost: Mapping[int, list[tuple[str, str]]]) -> Intake:
    """Add values that were left out to those of the intake."""
    if not lost:
        return intake
    rows = [
        (intake.row_number[position], name, _shown(intake, position, name), why)
        for position, reasons in sorted(lost.items())
        for name, why in reasons
    ]
    more = pd.DataFrame(rows, columns=list(LOST_COLUMNS), dtype=object)
    fields = pd.concat([intake.lost_fields, more], ignore_index=True)
    report = replace(intake.report, fields_lost=len(fields))
    return replace(intake, lost_fields=fields, report=report)


def _shown(intake: Intake, position: int, name: str) -> str:
    value = intake.table[name].iloc[position]
    return "" if pd.isna(value) else str(value)[:40]


def _ewkt(placed: Placed, allowed: npt.NDArray[np.bool_]) -> Objects:
    points = np.full(len(placed.lon), None, dtype=object)
    for row in np.flatnonzero(np.isfinite(placed.lon) & allowed).tolist():
        points[row] = f"SRID=4326;POINT({placed.lon[row]:.7f} {placed.lat[row]:.7f})"
    return points


def _utc(column: "pd.Series[Any]") -> Moments:
    return np.asarray(column.dt.tz_localize(None).to_numpy(), dtype="datetime64[us]")


def _days(column: "pd.Series[Any]") -> Moments:
    return np.asarray(column.to_numpy(), dtype="datetime64[us]")


def _plain(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None), "us")


def _or(values: Objects, otherwise: str) -> Objects:
    filled = values.copy()
    filled[pd.isna(values)] = otherwise
    return filled


def _each(values: Objects, change: Callable[[str], str]) -> Objects:
    codes, distinct = pd.factorize(values)
    changed = np.empty(len(distinct) + 1, dtype=object)
    changed[:-1] = [change(str(text)) or None for text in distinct.tolist()]
    changed[-1] = None
    return np.asarray(changed[codes], dtype=object)
