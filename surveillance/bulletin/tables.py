"""The tables and curves of the bulletin, and what is said beneath them."""

from collections.abc import Iterator, Sequence

from gis.documents import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Heading,
    Paragraph,
    Table,
)
from gis.kernels.rates import rate_per_1e5
from gis.words import Words, alike, listed
from surveillance.bulletin.model import (
    AreaRow,
    Bulletin,
    Count,
    DiseaseRow,
    Missing,
    Of,
    change_percent,
)
from surveillance.bulletin.sentences import days_of, lateness, number_words
from surveillance.bulletin.wording import (
    ALL,
    BY_CHANCE,
    COMPARED,
    FIELDS,
    HEADS,
    INTERVALS,
    NO_CLUSTERS,
    NO_EXPECTED,
    NO_QUALITY,
    NO_SIGNALS,
    NONE_FOUND,
    NOT_JUDGED,
    RATE,
    SIGNAL_IS,
    STATES,
    UNKNOWN,
)

MOST_SIGNALS = 20


DISEASES_ACROSS = 4


def diseases_table(bulletin: Bulletin) -> Table:
    """Return cases by disease, compared with the periods before."""
    with_deaths = bulletin.everything.deaths is not None
    before, last_year = HEADS[bulletin.period.rhythm]
    columns = [
        Column("disease", Words(en="Disease (class)", zh="病种（类）")),
        Column("cases", Words(en="Cases", zh="发病")),
        *([Column("deaths", Words(en="Deaths", zh="死亡"))] if with_deaths else []),
        Column("before", before),
        Column("before_percent", Words(en="Change, %", zh="环比%"), 1, "%", signed=True),
        Column("year_before", last_year),
        Column("year_before_percent", Words(en="Change, %", zh="同比%"), 1, "%", signed=True),
        Column("to_date", Words(en="Year to date", zh="本年累计")),
        Column(
            "to_date_percent", Words(en="On last year, %", zh="累计同比%"), 1, "%", signed=True
        ),
        *(
            [Column("rate", RATE, 2, "/(100000.{person})")]
            if bulletin.residents is not None
            else []
        ),
    ]  # fmt: skip

    def cells(row: DiseaseRow, name: Words) -> tuple[Cell, ...]:
        now = row.cases[Of.PERIOD]
        deaths = [] if row.deaths is None else [row.deaths[Of.PERIOD].cell]
        return (
            name, now.cell, *deaths,
            row.cases[Of.BEFORE].cell, change_percent(now, row.cases[Of.BEFORE]),
            row.cases[Of.YEAR_BEFORE].cell, change_percent(now, row.cases[Of.YEAR_BEFORE]),
            row.cases[Of.TO_DATE].cell,
            change_percent(row.cases[Of.TO_DATE], row.cases[Of.TO_DATE_BEFORE]),
            *([_plain_rate(now, bulletin.residents)] if bulletin.residents is not None else []),
        )  # fmt: skip

    return Table(
        name="diseases", title=Words(en="Reported cases by disease", zh="各病种报告病例数"),
        columns=tuple(columns),
        rows=tuple(cells(row, _named(row)) for row in bulletin.rows),
        total=cells(bulletin.everything, bulletin.everything.words),
        note=COMPARED[bulletin.period.rhythm].filled(
            before=days_of(bulletin, Of.BEFORE),
            year_before=days_of(bulletin, Of.YEAR_BEFORE) if Of.YEAR_BEFORE in bulletin.spans
            else Missing.NO_SUCH_PERIOD.value,
        ),
    )  # fmt: skip


def _named(row: DiseaseRow) -> Words:
    if row.legal_class is None:
        return row.words
    zh = {"A": "甲", "B": "乙", "C": "丙"}[row.legal_class]
    return Words(en=f"{row.words.en} ({row.legal_class})", zh=f"{row.words.zh}（{zh}）")


def _plain_rate(count: Count, residents: int | None) -> Cell:
    if count.value is None or not residents:
        return None if count.why is None else count.why.value
    return rate_per_1e5(count.value, residents).value


def _rate(one: AreaRow) -> Cell:
    count = one.cases[Of.PERIOD]
    if count.value is None or not one.residents:
        return None if count.why is None else count.why.value
    return rate_per_1e5(count.value, one.residents)


def areas_table(bulletin: Bulletin, leading: Sequence[str]) -> Table:
    """Return cases by district; quiet ones are named beneath."""
    # Of one disease alone its column and that of all would say the same.
    shown = list(leading)[:DISEASES_ACROSS] if len(bulletin.rows) > 1 else []
    names = {row.code: row.words for row in bulletin.rows}
    before, last_year = HEADS[bulletin.period.rhythm]
    rated = any(one.residents for one in bulletin.areas)

    def cells(one: AreaRow) -> tuple[Cell, ...]:
        now = one.cases[Of.PERIOD]
        return (
            one.words, *(one.by_disease.get(code, Count(0)).cell for code in shown), now.cell,
            one.cases[Of.BEFORE].cell, change_percent(now, one.cases[Of.BEFORE]),
            one.cases[Of.YEAR_BEFORE].cell, *([_rate(one)] if rated else []),
        )  # fmt: skip

    told = [one for one in bulletin.areas if not _is_quiet(one)]
    quiet = [one.words for one in bulletin.areas if _is_quiet(one)]
    told.sort(key=lambda one: (-(one.cases[Of.PERIOD].value or 0), one.code))
    rows = [cells(one) for one in told]
    if bulletin.unplaced:
        empty: list[Cell] = [alike("–")] * (len(shown) + 5 + rated)
        empty[0] = Words(en="in none of these", zh="不在各区内")
        empty[1 + len(shown)] = bulletin.unplaced
        rows.append(tuple(empty))
    notes = []
    if quiet:
        notes.append(
            Words(
                en="No case in any of these periods: {areas}.", zh="各期均无病例：{areas}。"
            ).filled(areas=listed(quiet))
        )
    if rated:
        notes.append(INTERVALS)
    return Table(
        name="areas",
        title=Words(en="Reported cases by district of residence", zh="各区报告病例数（按现住址）"),
        columns=(
            Column("area", Words(en="District", zh="区")),
            *(Column(code, names[code]) for code in shown),
            Column("cases", bulletin.rows[0].words if len(bulletin.rows) == 1 else ALL),
            Column("before", before),
            Column("before_percent", Words(en="Change, %", zh="环比%"), 1, "%", signed=True),
            Column("year_before", last_year),
            *([Column("rate", RATE, 1, "/(100000.{person})")] if rated else []),
        ),
        rows=tuple(rows),
        note=Words(en=" ".join(one.en for one in notes), zh="".join(one.zh for one in notes)),
    )  # fmt: skip


def _is_quiet(one: AreaRow) -> bool:
    return all(one.cases[of].value == 0 for of in (Of.PERIOD, Of.BEFORE, Of.YEAR_BEFORE))


def curve(bulletin: Bulletin, code: str) -> Chart:
    """Return the cases of a disease by week, those of a year before beside them."""
    (row,) = (one for one in bulletin.rows if one.code == code)
    weeks = bulletin.curves[code]
    table = Table(
        name=f"weeks_{code}",
        title=Words(en="{disease} by week", zh="{disease}逐周病例").filled(disease=row.words),
        columns=(
            Column("week", Words(en="Week from", zh="周（起始日）")),
            Column("cases", Words(en="cases of the week", zh="本周病例")),
            Column("year_before", Words(en="52 weeks before", zh="52周前")),
        ),
        rows=tuple(
            (alike(one.first.isoformat()), one.cases.cell, one.year_before.cell) for one in weeks
        ),
    )  # fmt: skip
    known = [one.cases.value for one in weeks if one.cases.value is not None]
    return Chart(
        name=f"curve_{code}", kind=ChartKind.BARS, table=table, across="week", value="cases",
        beside="year_before",
        title=Words(en="{disease}: cases by week", zh="{disease}：逐周病例数").filled(
            disease=row.words
        ),
        alt=Words(
            en="{disease} by week, the last {n} weeks: {last} in the newest, at most {most}.",
            zh="{disease}近{n}周逐周病例：最近一周{last}，最高{most}。",
        ).filled(
            disease=row.words, n=len(weeks), last=number_words(weeks[-1].cases),
            most=f"{max(known, default=0):,}",
        ),
    )  # fmt: skip


def signals_told(bulletin: Bulletin) -> list[Block]:
    """Return the signals that stood in the period, or the words why there is none."""
    if not bulletin.signals:
        return [Paragraph(NO_SIGNALS if bulletin.judged_days else NOT_JUDGED)]
    numbers = not bulletin.published
    columns = [
        Column("disease", Words(en="Disease", zh="病种")),
        Column("place", Words(en="Where", zh="地点")),
        Column("since", Words(en="Since", zh="起始日")),
        *(
            [
                Column("state", Words(en="State now", zh="现状态")),
                Column("cases_7", Words(en="Cases in 7 days", zh="7日病例")),
                Column("expected", Words(en="Expected", zh="预期"), 1),
            ]
            if numbers
            else []
        ),
    ]
    further = len(bulletin.signals) - MOST_SIGNALS
    return [
        Table(
            name="signals", columns=tuple(columns),
            title=Words(en="Signals, the weightiest first", zh="预警信号（按权重排序）"),
            rows=tuple(
                (
                    one.disease, one.place, alike(one.raised_on.isoformat()),
                    *((STATES.get(one.state or "", UNKNOWN), one.cases_7,
                       one.expected if one.expected is not None else NO_EXPECTED)
                      if numbers else ()),
                )
                for one in bulletin.signals[:MOST_SIGNALS]
            ),
            note=None if further <= 0 else Words(
                en="{n} more are not listed.", zh="另有{n}个未列出。"
            ).filled(n=further),
        ),
        Paragraph(SIGNAL_IS),
    ]  # fmt: skip


def clusters_told(bulletin: Bulletin) -> list[Block]:
    """Return the clusters of the newest scan, or the words why there is none."""
    found = bulletin.clusters
    if found is None:
        return [Paragraph(NO_CLUSTERS)]
    if not found.rows:
        return [Paragraph(NONE_FOUND.filled(day=found.day.isoformat()))]
    numbers = not bulletin.published
    return [
        Table(
            name="clusters",
            title=Words(
                en="Clusters of the scan of {day}, the most seldom first",
                zh="{day}聚集性扫描结果（按罕见程度排序）",
            ).filled(day=found.day.isoformat()),
            columns=(
                Column("disease", Words(en="Disease", zh="病种")),
                Column("place", Words(en="Where", zh="地点")),
                *(
                    [
                        Column("days", Words(en="Days", zh="日期")),
                        Column("observed", Words(en="Cases", zh="病例")),
                        Column("expected", Words(en="Expected", zh="预期"), 1),
                        Column("recurrence", Words(en="Once in days", zh="多少天一遇")),
                    ]
                    if numbers
                    else []
                ),
            ),
            rows=tuple(
                (
                    one.disease, one.place,
                    *((alike(f"{one.starts_on} – {one.ends_on}"), one.observed, one.expected,
                       one.recurrence_days) if numbers else ()),
                )
                for one in found.rows[:MOST_SIGNALS]
            ),
            note=BY_CHANCE if numbers else None,
        )
    ]  # fmt: skip


def quality_told(bulletin: Bulletin) -> Iterator[Block]:
    """Yield how complete the reports are, and how late they came."""
    yield Heading(Words(en="How complete the data are", zh="数据完整性"))
    its = bulletin.quality
    if its is None:
        yield Paragraph(NO_QUALITY)
        return
    if not its.cases:
        yield Paragraph(Words(en="No case, so nothing to complete.", zh="无病例，无需评估。"))
        return
    yield Table(
        name="completeness",
        title=Words(
            en="Of the {n} cases of the period, how many have", zh="本期{n}例中填写各项者"
        ).filled(n=f"{its.cases:,}"),
        columns=(
            Column("field", Words(en="Field", zh="项目")),
            Column("there", Words(en="There", zh="已填")),
            Column("percent", Words(en="%", zh="%"), 1, "%"),
        ),
        rows=tuple(
            (words, its.filled[name], 100.0 * its.filled[name] / its.cases)
            for name, words in FIELDS.items()
        ),
    )  # fmt: skip
    yield Paragraph(lateness(its))
    yield Paragraph(
        Words(
            en="{after} of the period's cases came only after it was over. {files} files of its "
            "days were taken in, with {rejected} refused rows.",
            zh="本期病例中{after}例在期末之后才收到。期内收录文件{files}份，拒绝{rejected}行。",
        ).filled(after=f"{its.after_end:,}", files=f"{its.files:,}", rejected=f"{its.rejected:,}")
    )
    if its.open_doubles is not None and its.undated is not None:
        yield Paragraph(
            Words(
                en="Waiting for a decision in the whole city: {doubles} likely doubles. {undated} "
                "cases have no day to be counted on and stand in no period.",
                zh="全市待判定的疑似重复{doubles}对；{undated}例没有可计入的日期，未计入任何一期。",
            ).filled(doubles=f"{its.open_doubles:,}", undated=f"{its.undated:,}")
        )
