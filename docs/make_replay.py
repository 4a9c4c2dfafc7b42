"""Write the tables of docs/surveillance.md: Tainan's outbreak of 2015, by detectors and clusters.

`python -m docs.make_replay` judges each day as it was known then, by the cases confirmed so far,
and writes. It takes some minutes; `python -m docs.make_replay clusters` writes the clusters alone,
which takes some seconds a day.
"""

import argparse
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from data.tainan.cases import dengue_cases, stored
from gis.settings import PROJECT_FOLDER
from gis.words import alike
from routing.roads.plane import LocalPlane
from surveillance.cluster_runs.day import clusters_of_disease
from surveillance.cluster_runs.model import ClusterRules, FoundCluster, Geography
from surveillance.counting.count import count_days
from surveillance.counting.model import AreaCodes, CaseColumns, Counted
from surveillance.detect.registry import DETECTORS
from surveillance.detect.warm_up import prepare_kernels
from surveillance.scan.warm_up import prepare_kernels as prepare_scans
from surveillance.series.keys import ALL_AGES, WHOLE_CITY
from surveillance.series.model import Panel, Step
from surveillance.signals.day import judge
from surveillance.signals.material import HISTORY_DAYS
from surveillance.signals.model import Rules, Watched
from surveillance.signals.opinions import judge_day, settings_of

PAGE = PROJECT_FOLDER / "docs" / "surveillance.md"
BEGIN, END = "<!-- replay: python -m docs.make_replay -->\n", "<!-- /replay -->"
CLUSTERS_BEGIN = "<!-- clusters: python -m docs.make_replay clusters -->\n"
CLUSTERS_END = "<!-- /clusters -->"
QUIET = (date(2013, 7, 1), date(2014, 6, 30))
"""A year without an outbreak: its alarms are false."""
OUTBREAK = (date(2015, 5, 16), date(2015, 8, 31))
"""From the first onset of the outbreak; 2015 had 22,777 cases, half of them by mid-September."""
FIRST_DAY = date(2008, 1, 1)
SCANNED = tuple(
    date(2015, month, day)
    for month, day in ((6, 13), (6, 14), (6, 30), (7, 10), (7, 27), (8, 15), (9, 10))
)
"""Days of the outbreak whose clusters the page tells; those of the city's demo are the same."""
MOST_CLUSTERS, MOST_YEARS = 2, 1_000


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


def villages() -> tuple[Geography, CaseColumns]:
    """Return the villages with a place, and the cases of those, as `cases` has them."""
    arrays, found = stored(), cases()
    lonlat = arrays["village_at"]
    xy = LocalPlane.around(lonlat).to_xy(lonlat)
    where = Geography(
        level="zone", codes=arrays["village_code"].tolist(), lonlat=lonlat,
        far_m=np.hypot(*(xy[:, np.newaxis] - xy).transpose(2, 0, 1)), times_s=None,
        residents=None,
    )  # fmt: skip
    return where, replace(found, area=dengue_cases()["village"].to_numpy(object))


def clusters_told() -> str:
    """Return the table of clusters, scanned now: the clearest of each day that are told."""
    where, columns = villages()
    rules = ClusterRules()
    arrays = stored()
    district = dict(
        zip(arrays["district_code"].tolist(), arrays["district_name"].tolist(), strict=True)
    )
    place = {code: number for number, code in enumerate(where.codes)}
    place_of = np.array([place.get(code, -1) for code in columns.area])
    took_s = []
    lines = [
        "| day | district | villages | since | cases | expected | due by chance once in |",
        "|---|---|--:|---|--:|--:|--:|",
    ]
    for day in SCANNED:
        first = np.datetime64(day - timedelta(days=rules.window_days - 1), "D")
        offset = (columns.day - first).astype(np.int64)
        kept = (place_of >= 0) & (offset >= 0) & (offset < rules.window_days)
        counts = np.zeros((len(where.codes), rules.window_days), dtype=np.int64)
        np.add.at(counts, (place_of[kept], offset[kept]), 1)
        began = time.process_time()
        found = clusters_of_disease("dengue", counts, where, rules)
        took_s.append(time.process_time() - began)
        told = [one for one in found if one.recurrence_days >= rules.recurrence_days]
        lines += [
            _cluster_line(day, one, rules, district, where) for one in told[:MOST_CLUSTERS]
        ] or [f"| {day} | none | – | – | – | – | – |"]
    size = f"{len(where.codes)} villages, {rules.window_days} days"
    spent = f"{min(took_s):.1f} to {max(took_s):.1f} s of processor time a day"
    closing = f"{size}, {rules.replicates} null data sets: {spent}."
    return "\n".join([*lines, "", closing, ""])


def _cluster_line(
    day: date, one: FoundCluster, rules: ClusterRules, district: dict[str, str], where: Geography
) -> str:
    since = day - timedelta(days=rules.window_days - 1 - one.first)
    most = max(zip(one.place_observed, one.places, strict=True))[1]
    name = next(
        (named for code, named in district.items() if where.codes[most].startswith(code)), "–"
    )
    years = one.recurrence_days / 365.25
    due = f"{one.recurrence_days:,.0f} days" if years < 2 else f"{years:,.0f} years"
    due = due if years < MOST_YEARS else f"over {MOST_YEARS:,} years"
    return (
        f"| {day} | {name} | {len(one.places)} | {since} | {one.observed} | {one.expected:.1f} | "
        f"{due} |"
    )


def _between(text: str, begin: str, end: str, made: str) -> str:
    before, rest = text.split(begin)
    return before + begin + made + end + rest.split(end, maxsplit=1)[1]


def main() -> None:
    """Write the tables into their page."""
    parser = argparse.ArgumentParser(description="Tainan's outbreak of 2015.")
    parser.add_argument("what", nargs="?", choices=("all", "clusters"), default="all")
    wanted = parser.parse_args().what
    prepare_kernels()
    prepare_scans()
    made = [(CLUSTERS_BEGIN, CLUSTERS_END, clusters_told())]
    if wanted == "all":
        made.append((BEGIN, END, table(counted(cases()))))
    text = PAGE.read_text(encoding="utf-8")
    for begin, end, block in made:
        text = _between(text, begin, end, block)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write("docs/surveillance.md\n")


if __name__ == "__main__":
    main()
