"""The report on response times: intervals of a week or month, judged by every bundled profile."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from dispatch.kpis.exports import moments_of
from dispatch.kpis.profile import bundled
from dispatch.kpis.service import measure_city
from dispatch.kpis.views import IntervalView, JudgedView, KpiView
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.disclosure.model import Rhythm
from gis.documents import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Document,
    Heading,
    Paragraph,
    Table,
    Tone,
)
from gis.report_periods import ReportPeriod, period_with
from gis.rooms.layers import Provenance
from gis.words import Words, alike

NAME = "response_times"
TITLE = Words(en="Response times", zh="响应时间报告")
_SOURCE = Words(en="Stamps of this house's dispatch log.", zh="本系统调度记录中的时间。")
_VERDICTS = {
    True: Words(en="met", zh="达标"), False: Words(en="not met", zh="未达标"),
    None: Words(en="not judged (fewer than ten)", zh="不判定（不足10条）"),
}  # fmt: skip
_STATISTICS = {
    "mean": Words(en="mean", zh="平均"), "median": Words(en="median", zh="中位数"),
    "p90": Words(en="90th percentile", zh="第90百分位"), "share": Words(en="share", zh="比例"),
}  # fmt: skip


def build(uow: UnitOfWork, city_id: int, period: ReportPeriod | None) -> Document:
    """Return the report of a period, None: of the newest whole week.

    Raises
    ------
    CityUnknownError
    """
    city = require_city(uow, city_id)
    now = uow.clock.now()
    if period is None:
        today = now.astimezone(ZoneInfo(city.time_zone)).date()
        period = period_with(today - timedelta(days=7), Rhythm.WEEK)
    begin, until = moments_of(period, time_zone=city.time_zone)
    views = [
        measure_city(uow, city_id, profile=name, begin=begin, until=until) for name in bundled()
    ]
    by_area = measure_city(
        uow, city_id, profile="nhs_arp", begin=begin, until=until, by="area"
    )  # fmt: skip
    whole = next(one for one in views if one.profile.name == "nhs_arp")
    blocks: list[Block] = [
        Paragraph(
            Words(
                en="{period}: {calls} calls, {responses} units sent; {wrong} of these have stamps "
                "that contradict one another and count for no interval.",
                zh="{period}：呼救{calls}次，派出车组{responses}次，其中{wrong}次时间自相矛盾，不计入任何区间。",
            ).filled(
                period=period.words, calls=whole.calls, responses=whole.responses,
                wrong=whole.out_of_order,
            ),
            Tone.FINDING,
        ),
        Heading(Words(en="Intervals", zh="时间区间")),
        intervals_table(whole.intervals),
        *_area_blocks(by_area),
        Heading(Words(en="Standards", zh="标准")),
        standards_table(views),
        Heading(Words(en="How to read the numbers", zh="数字说明")),
        *(Paragraph(one) for one in whole.remarks),
    ]  # fmt: skip
    return Document(
        name=NAME, title=TITLE, city_key=city.key, city_id=city_id,
        city=Words(en=city.name, zh=city.name_zh or city.name), as_of=now,
        time_zone=city.time_zone,
        provenance=Provenance.SIMULATED if whole.simulated else Provenance.RECORDED,
        population=None, sources=(_SOURCE,), attribution=city.attribution, blocks=tuple(blocks),
        period=period.name,
    )  # fmt: skip


def intervals_table(intervals: tuple[IntervalView, ...]) -> Table:
    """Return a table of intervals: times in minutes, what was left out by reason."""
    return Table(
        "intervals", Words(en="Intervals, minutes", zh="时间区间（分钟）"),
        (
            Column("interval", Words(en="interval", zh="区间")),
            Column("used", Words(en="records used", zh="计入记录")),
            Column("mean", Words(en="mean", zh="平均"), 1, "min"),
            Column("median", Words(en="median", zh="中位数"), 1, "min"),
            Column("p90", Words(en="90th percentile", zh="第90百分位"), 1, "min"),
            Column("missing", Words(en="stamp missing", zh="缺少时间")),
            Column("out_of_order", Words(en="out of order", zh="顺序颠倒")),
            Column("out_of_bounds", Words(en="too long", zh="间隔过长")),
            Column("future", Words(en="in the future", zh="在未来")),
        ),
        tuple(
            (one.interval_words, one.used, _minutes(one.mean_s), _minutes(one.median_s),
             _minutes(one.p90_s), one.missing, one.out_of_order, one.out_of_bounds, one.future)
            for one in intervals
        ),
    )  # fmt: skip


def standards_table(views: list[KpiView]) -> Table:
    """Return a table of standards of several profiles with their verdicts."""
    return Table(
        "standards", Words(en="Standards", zh="各标准达标情况"),
        (
            Column("profile", Words(en="norm, edition", zh="标准与版本")),
            Column("interval", Words(en="interval", zh="区间")),
            Column("demand", Words(en="demand", zh="要求")),
            Column("used", Words(en="records", zh="记录数")),
            Column("value", Words(en="came to", zh="实际")),
            Column("met", Words(en="verdict", zh="结论")),
        ),
        tuple(
            (Words(en=f"{view.profile.words.en}, {view.profile.edition}",
                   zh=f"{view.profile.words.zh}，{view.profile.edition}"),
             one.interval_words, _demand(one), one.used, _value(one), _VERDICTS[one.met])
            for view in views
            for one in view.standards
        ),
    )  # fmt: skip


def _area_blocks(view: KpiView) -> list[Block]:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.group_words, one.used, _minutes(one.median_s), _minutes(one.p90_s))
        for one in view.intervals
        if one.interval == "call_to_scene" and one.used
    )
    if not rows:
        return []
    table = Table(
        "areas",
        Words(en="Call to first unit on scene by area, minutes", zh="各区来电至首车到达（分钟）"),
        (
            Column("area", Words(en="area", zh="区域")),
            Column("used", Words(en="calls used", zh="计入呼救")),
            Column("median", Words(en="median", zh="中位数"), 1, "min"),
            Column("p90", Words(en="90th percentile", zh="第90百分位"), 1, "min"),
        ),
        rows,
    )  # fmt: skip
    chart = Chart(
        "areas_chart",
        Words(
            en="Median minutes from call to first unit on scene",
            zh="来电至首车到达的中位数（分钟）",
        ),
        Words(
            en="Areas by median minutes from call to first unit on scene, the longest on top.",
            zh="按来电至首车到达中位数（分钟）排列的各区，最长者在上。",
        ),
        ChartKind.RANKED_DOTS, table, "area", "median",
    )  # fmt: skip
    return [Heading(Words(en="By area", zh="分区域")), *([chart] if len(rows) > 1 else []), table]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _demand(one: JudgedView) -> Words:
    of = " ".join(one.categories)
    what = _STATISTICS[one.statistic]
    if one.share is not None:
        return Words(
            en=f"{of} {100 * one.share:g} % within {one.at_most_s:g} s".strip(),
            zh=f"{of} {100 * one.share:g}%不超过{one.at_most_s:g}秒".strip(),
        )
    return Words(
        en=f"{of} {what.en} at most {one.at_most_s / 60:g} min".strip(),
        zh=f"{of} {what.zh}不超过{one.at_most_s / 60:g}分钟".strip(),
    )


def _value(one: JudgedView) -> Words | None:
    if one.value is None:
        return None
    if one.statistic == "share":
        return Words(
            en=f"{100 * one.value:.1f} % ({one.within} of {one.used})",
            zh=f"{100 * one.value:.1f}%（{one.used}条中{one.within}条）",
        )
    return alike(f"{one.value / 60:.1f} min") if one.value >= 60 else alike(f"{one.value:.0f} s")
