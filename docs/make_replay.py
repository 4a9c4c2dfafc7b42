"""Write the table of docs/surveillance.md: Tainan's outbreak of 2015, all detectors side by side.

`python -m docs.make_replay` judges each day as it was known then, by the cases confirmed so far,
and writes. It takes some minutes.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from data.tainan.cases import dengue_cases, stored
from gis.settings import PROJECT_FOLDER
from gis.words import alike
from surveillance.counting.count import count_days
from surveillance.counting.model import AreaCodes, CaseColumns, Counted
from surveillance.detect.registry import DETECTORS
from surveillance.detect.warm_up import prepare_kernels
from surveillance.series.keys import ALL_AGES, WHOLE_CITY
from surveillance.series.model import Panel, Step
from surveillance.signals.day import judge
from surveillance.signals.material import HISTORY_DAYS
from surveillance.signals.model import Rules, Watched
from surveillance.signals.opinions import judge_day, settings_of

PAGE = PROJECT_FOLDER / "docs" / "surveillance.md"
BEGIN, END = "<!-- replay: python -m docs.make_replay -->\n", "<!-- /replay -->"
QUIET = (date(2013, 7, 1), date(2014, 6, 30))
"""A year without an outbreak: its alarms are false."""
OUTBREAK = (date(2015, 5, 16), date(2015, 8, 31))
"""From the first onset of the outbreak; 2015 had 22,777 cases, half of them by mid-September."""
FIRST_DAY = date(2008, 1, 1)


@dataclass(slots=True)
class Found:
    """What one method found: first alarm by area, and how many in the quiet year."""

    first: dict[str, date] = field(default_factory=dict)
    false: int = 0
    quiet_days: set[date] = field(default_factory=set)


def cases() -> CaseColumns:
    """Return the cases, each known and counted from the day of its confirmation."""
    frame = dengue_cases()
    entered = frame["confirmed"].to_numpy("datetime64[D]")
    size = len(frame)
    never = np.full(size, np.datetime64("NaT", "us"))
    return CaseColumns(
        disease=np.full(size, "dengue", object), area=frame["district"].to_numpy(object),
        sex=frame["sex"].to_numpy(object), age=frame["age_from"].to_numpy(np.float64),
        day=entered, onset=frame["onset"].to_numpy("datetime64[D]"), entry=entered,
        known_from=entered.astype("datetime64[us]"), known_until=never, deleted_at=never,
        counted_from=entered.astype("datetime64[us]"),
    )  # fmt: skip


def counted(columns: CaseColumns) -> Counted:
    """Count every day of all series, once: no report was ever changed."""
    codes = stored()["district_code"].tolist()
    until = OUTBREAK[1] + timedelta(days=1)
    return count_days(
        columns, diseases=["dengue"],
        areas=AreaCodes(codes=codes, of_code={code: code for code in codes}),
        as_of=datetime(2017, 1, 1, tzinfo=UTC), first=FIRST_DAY, until=until,
        reported_from=FIRST_DAY, reported_until=until,
    )  # fmt: skip


def days_of(span: tuple[date, date]) -> list[date]:
    """Return the days of a span, both ends included."""
    return [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]


def as_known(made: Counted, day: date) -> Panel:
    """Return what was known when a day ended: the days up to it."""
    end = (day - FIRST_DAY).days + 1
    first = max(end - HISTORY_DAYS, 0)
    return Panel(
        counts=np.ascontiguousarray(made.counts[:, first:end]),
        starts_on=FIRST_DAY + timedelta(days=first), step=Step.DAY,
    )  # fmt: skip


def replayed(made: Counted) -> tuple[dict[str, Found], Found]:
    """Return what each detector found in series of all ages, and what the run told of all."""
    whole = [row for row, key in enumerate(made.keys) if key.age_group == ALL_AGES]
    keys = [made.keys[row] for row in whole]
    places = [key.area_code for key in keys]
    by_detector: dict[str, Found] = defaultdict(Found)
    told = Found()
    names = {code: alike(code) for code in places}
    for day in [*days_of(QUIET), *days_of(OUTBREAK)]:
        panel = as_known(made, day)
        quiet = day <= QUIET[1]
        ages = Panel(counts=panel.counts[whole], starts_on=panel.starts_on, step=Step.DAY)
        for name, judgement in judge_day(ages, settings_of(keys, {})).items():
            _note(by_detector[name], np.array(places)[judgement.alarm[:, 0]], day, quiet=quiet)
        run = judge(
            Watched(
                keys=made.keys, panel=panel, names={"dengue": alike("dengue")}, places=names,
                fixed={}, counties=frozenset(names) - {WHOLE_CITY},
            ),
            Rules(),
        )  # fmt: skip
        areas = np.array([one.key.area_code for one in run.signals if one.told], dtype=object)
        _note(told, areas, day, quiet=quiet)
    return by_detector, told


def _note(found: Found, areas: np.ndarray, day: date, *, quiet: bool) -> None:
    if quiet:
        found.false += areas.size
        found.quiet_days |= {day} if areas.size else set()
        return
    for code in areas:
        found.first.setdefault(str(code), day)


def table(made: Counted) -> str:
    """Return the table, worked out now."""
    by_detector, told = replayed(made)
    arrays = stored()
    names = dict(
        zip(arrays["district_code"].tolist(), arrays["district_name"].tolist(), strict=True)
    )
    names[WHOLE_CITY] = "the whole city"
    row_of = {key.area_code: row for row, key in enumerate(made.keys) if key.age_group == ALL_AGES}
    quiet_cases = _cases(made, row_of[WHOLE_CITY], *QUIET)
    outbreak_cases = _cases(made, row_of[WHOLE_CITY], *OUTBREAK)
    lines = [
        f"Quiet year: {QUIET[0]} to {QUIET[1]}, {quiet_cases} cases in the city. Outbreak: first",
        f"onset {OUTBREAK[0]}; judged to {OUTBREAK[1]}, {outbreak_cases:,} cases confirmed. By",
        "31 July: districts with a signal. In all: the city's own series. Quiet: alarms in the",
        "quiet year, days with one.",
        "",
        "| method | first signal | where | cases there, in city | in all | by 31 July | quiet |",
        "|---|---|---|---|---|---|---|",
    ]
    rows = [("**the day's run, as told**", told)] + [
        (member.words.en, by_detector[name]) for name, member in DETECTORS.items()
    ]
    lines += [_line(name, found, made, row_of, names) for name, found in rows]
    return "\n".join([*lines, ""])


def _cases(made: Counted, row: int, first: date, last: date) -> int:
    begin, end = (first - FIRST_DAY).days, (last - FIRST_DAY).days + 1
    return int(np.nansum(made.counts[row, begin:end]))


def _line(
    name: str, found: Found, made: Counted, row_of: dict[str, int], names: dict[str, str]
) -> str:
    false = f"{found.false}, {len(found.quiet_days)}"
    of_districts = {code: day for code, day in found.first.items() if code != WHOLE_CITY}
    if not of_districts:
        return f"| {name} | none | – | – | {found.first.get(WHOLE_CITY, '–')} | 0 | {false} |"
    code, day = min(of_districts.items(), key=lambda one: (one[1], one[0]))
    there = _cases(made, row_of[code], OUTBREAK[0], day)
    city = _cases(made, row_of[WHOLE_CITY], OUTBREAK[0], day)
    july = sum(first <= date(2015, 7, 31) for first in of_districts.values())
    return (
        f"| {name} | {day} | {names[code]} | {there}, {city} | "
        f"{found.first.get(WHOLE_CITY, '–')} | {july} | {false} |"
    )


def main() -> None:
    """Write the table into its page."""
    prepare_kernels()
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END, maxsplit=1)[1]
    PAGE.write_text(before + BEGIN + table(counted(cases())) + END + after, encoding="utf-8")
    sys.stdout.write("docs/surveillance.md\n")


if __name__ == "__main__":
    main()
