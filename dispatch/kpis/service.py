"""Use cases: intervals measured over a period, judged by a profile of standards."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from dispatch.errors import PeriodInvalidError
from dispatch.kpis import repository
from dispatch.kpis.measure import Taken, statistics, take
from dispatch.kpis.model import (
    CLOCKED,
    INTERVALS,
    STAMPS,
    BoolArray,
    IntArray,
    Reason,
    Responses,
    out_of_order,
)
from dispatch.kpis.profile import Profile, Standard, bundled, judge, profile_named
from dispatch.kpis.views import (
    IntervalView,
    JudgedView,
    KpiView,
    ProfileList,
    ProfileView,
    StandardView,
)
from dispatch.model import LEVEL_RANK
from dispatch.permissions import KPIS_READ
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.jurisdiction import reach_of
from gis.rows import AnyRow
from gis.week import HOURS_OF_WEEK, hours_of_week
from gis.words import Words, alike

By = Literal["none", "area", "hour_of_week", "vulnerability", "category"]
Records = Literal["dispatch", "recorded"]

USUAL_PERIOD = timedelta(days=28)
LONGEST_PERIOD = timedelta(days=400)
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

_ALL = Words(en="all", zh="全部")
_UNKNOWN = Words(en="not known", zh="未知")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "一二三四五六日"

REMARKS = (
    Words(
        en="A percentile is the nearest rank: the smallest recorded time that at least that share "
        "of the records do not exceed. Of fewer than ten records no 90th percentile is told and "
        "no standard judged.",
        zh="百分位采用最近秩法：至少该比例记录不超过的最小实测值。不足10条时不给出第90百分位，也不判定是否达标。",
    ),
    Words(
        en="Records with a missing stamp, stamps out of order, in the future or too far apart are "
        "left out and counted. A unit whose stamps contradict one another counts for no interval.",
        zh="缺少时间、顺序颠倒、在未来或间隔过长的记录不计入并单独计数；时间自相矛盾的车组不计入任何区间。",
    ),
    Words(
        en="Answering, processing and the response count once a call, by the first unit of the "
        "level that the call needs; the other intervals once a unit. Calls merged into others "
        "count with those.",
        zh="接听、受理与响应每次呼救计一次，以首个达到所需等级的车组为准；其余区间每车组计一次。已合并的呼救随其主事件计。",
    ),
)


def list_profiles() -> ProfileList:
    """Return the profiles that come with the house."""
    return ProfileList(tuple(_profile_view(one) for one in bundled().values()))


def measure_city(
    uow: UnitOfWork,
    city_id: int,
    *,
    profile: str | Profile,
    begin: datetime | None = None,
    until: datetime | None = None,
    records: Records = "dispatch",
    by: By = "none",
    area: str | None = None,
) -> KpiView:
    """Return intervals and standards of what a viewer may see of a city.

    Raises
    ------
    CityUnknownError, KpiProfileUnknownError, PeriodInvalidError
    """
    city = require_city(uow, city_id)
    norm = profile_named(profile) if isinstance(profile, str) else profile
    now = uow.clock.now()
    begin, until = _period(begin, until, now=now)
    rows = repository.read_responses(
        uow.session, city_id, begin=begin, until=until, recorded=records == "recorded",
        reach=reach_of(uow.identity, KPIS_READ), area=area, vulnerability=by == "vulnerability",
    )  # fmt: skip
    responses = responses_of(rows, time_zone=city.time_zone)
    names = repository.area_names(uow.session, city_id) if by == "area" else {}
    group, labels = _groups(responses, by, names)
    intervals, standards = measured(
        responses, norm, group=group, labels=labels, now_s=now.timestamp()
    )
    return KpiView(
        city_id=city_id, profile=_profile_view(norm), records=records, by=by, area=area,
        begin=begin, until=until,
        responses=int(np.sum(~np.isnan(responses.stamp("notified")))),
        calls=len(np.unique(responses.call)), out_of_order=int(np.sum(out_of_order(responses))),
        simulated=any(row.simulated for row in rows), standards=standards, intervals=intervals,
        remarks=REMARKS if norm.notes is None else (*REMARKS, norm.notes),
    )  # fmt: skip


def responses_of(rows: Sequence[AnyRow], *, time_zone: str) -> Responses:
    """Return rows of `repository.read_responses` as arrays."""
    stamps = {
        name: np.array([getattr(row, name, None) for row in rows], dtype=np.float64)
        for name in STAMPS
    }
    return Responses(
        np.array([row.call for row in rows], dtype=np.int64), stamps,
        np.array([row.category for row in rows], dtype=str),
        np.array([row.area for row in rows], dtype=str),
        np.array([row.vulnerability for row in rows], dtype=np.int64),
        hours_of_week(stamps["called"], time_zone=time_zone).astype(np.int64),
        np.array([_fits(row.unit_level, row.needed) for row in rows], dtype=bool),
    )  # fmt: skip


def measured(
    responses: Responses,
    profile: Profile,
    *,
    group: IntArray,
    labels: Sequence[tuple[str, Words]],
    now_s: float,
) -> tuple[tuple[IntervalView, ...], tuple[JudgedView, ...]]:
    """Return every interval of every group, and the profile's standards in each."""
    wrong = out_of_order(responses)
    takes: dict[str, Taken] = {
        name: take(
            responses, name, now_s=now_s, longest_s=profile.longest_s.get(name),
            clock_s=profile.clock_s, wrong=wrong,
        )
        for name in INTERVALS
        if name != CLOCKED or profile.clock_s
    }  # fmt: skip
    intervals = tuple(
        IntervalView(
            labels[which][0], labels[which][1], name, INTERVALS[name].words,
            found.used, found.counts[Reason.FUTURE], found.counts[Reason.OUT_OF_ORDER],
            found.counts[Reason.OUT_OF_BOUNDS], found.counts[Reason.MISSING],
            found.mean_s, found.median_s, found.p90_s,
        )
        for name, taken in takes.items()
        for which, found in enumerate(
            statistics(taken, group[taken.row], groups=len(labels))
        )
        if sum(found.counts)
    )  # fmt: skip
    judged = tuple(
        _judged(standard, takes[standard.interval], responses, of=group == which, label=label)
        for standard in profile.standards
        for which, label in enumerate(labels)
    )
    return intervals, judged


def _judged(
    standard: Standard,
    taken: Taken,
    responses: Responses,
    *,
    of: BoolArray,
    label: tuple[str, Words],
) -> JudgedView:
    of = of[taken.row]
    if standard.categories:
        of &= np.isin(responses.category[taken.row], standard.categories)
    found = judge(standard, taken, of)
    return JudgedView(
        label[0], label[1], standard.interval, INTERVALS[standard.interval].words,
        standard.categories, standard.statistic, standard.at_most_s, standard.share,
        found.used, found.within, found.value, found.met,
    )  # fmt: skip


def _groups(
    responses: Responses, by: By, names: Mapping[str, tuple[str, str]]
) -> tuple[IntArray, list[tuple[str, Words]]]:
    if by == "none":
        return np.zeros(len(responses), dtype=np.int64), [("all", _ALL)]
    values: npt.NDArray[np.generic] = {
        "area": responses.area, "hour_of_week": responses.hour,
        "vulnerability": responses.vulnerability, "category": responses.category,
    }[by]  # fmt: skip
    known, group = np.unique(values, return_inverse=True)
    return group.astype(np.int64), [
        (str(one) or "unknown", _label(str(one), by, names)) for one in known
    ]


def _label(value: str, by: By, names: Mapping[str, tuple[str, str]]) -> Words:
    if value == "" or (by == "vulnerability" and value == "0"):
        return _UNKNOWN
    if by == "area" and value in names:
        return Words(en=names[value][0], zh=names[value][1])
    if by == "hour_of_week":
        day, hour = divmod(int(value) % HOURS_OF_WEEK, 24)
        return Words(en=f"{_DAYS[0][day]} {hour:02}:00", zh=f"周{_DAYS[1][day]} {hour:02}:00")
    if by == "vulnerability":
        return Words(en=f"fifth {value} (1 most vulnerable)", zh=f"第{value}五分位（1为最脆弱）")
    return alike(value)


def _fits(level: str | None, needed: Sequence[Mapping[str, str]] | None) -> bool:
    """Return whether a unit is of the highest level that a plan names; true where none does."""
    ranks = [LEVEL_RANK.get(one["level"], 0) for one in needed or ()]
    return not ranks or (level is not None and LEVEL_RANK.get(level, -1) >= max(ranks))


def _period(
    begin: datetime | None, until: datetime | None, *, now: datetime
) -> tuple[datetime, datetime]:
    until = now if until is None else until
    begin = until - USUAL_PERIOD if begin is None else begin
    if not _EARLIEST <= begin < until <= _LATEST:
        raise PeriodInvalidError("it must begin before it ends, between 1980 and 2100.")
    if until - begin > LONGEST_PERIOD:
        raise PeriodInvalidError(
            f"at most {LONGEST_PERIOD.days} days are measured at once. Choose a shorter one."
        )
    return begin, until


def _profile_view(profile: Profile) -> ProfileView:
    return ProfileView(
        profile.name, profile.edition, profile.words, profile.source, profile.notes,
        tuple(
            StandardView(
                one.interval, INTERVALS[one.interval].words, one.categories, one.statistic,
                one.at_most_s, one.share,
            )
            for one in profile.standards
        ),
    )  # fmt: skip
