"""The bulletin as a report: sentences, tables, curves and the map, from what was read.

It says of which days it tells and how far reports cover them. What nobody reported is said to be
so, what is hidden too; neither is a zero, and nothing is compared with a part of a period.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

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
    KeyFigure,
    KeyFigures,
    Paragraph,
    PopulationBase,
    Table,
    Tone,
)
from gis.kernels.rates import rate_per_1e5
from gis.report_periods import ReportPeriod
from gis.rooms.layers import Provenance
from gis.words import Words, alike, listed
from surveillance.bulletin.model import (
    AreaRow,
    Bulletin,
    Count,
    DiseaseRow,
    Missing,
    Of,
    Quality,
    Reported,
    change_percent,
)
from surveillance.bulletin.published import read_published
from surveillance.bulletin.reading import leading_of, read_bulletin
from surveillance.bulletin.shading import district_map

NAME, PUBLISHED_NAME = "bulletin", "bulletin_published"
MOST_SIGNALS = 20
MOST_NAMED = 5
DISEASES_ACROSS = 4
"""Of so many diseases, those with the most cases, the districts are told."""


def build(uow: UnitOfWork, city_id: int, period: ReportPeriod | None) -> Document:
    """Return the bulletin of who reads cases; `CityUnknownError` if the city is not loaded."""
    return compose(read_bulletin(uow, city_id, period), as_of=uow.clock.now())


def build_published(uow: UnitOfWork, city_id: int, period: ReportPeriod | None) -> Document:
    """Return the bulletin of published counts; `CityUnknownError` if the city is not loaded."""
    return compose(read_published(uow, city_id, period), as_of=uow.clock.now())


def compose(bulletin: Bulletin, *, as_of: datetime) -> Document:
    """Return the report on what was read; it asks nobody for anything."""
    city = bulletin.city
    if bulletin.simulated:
        provenance = Provenance.SIMULATED
    else:
        provenance = Provenance.MODELLED if city.modelled else Provenance.RECORDED
    blocks: list[Block] = []
    if bulletin.spans[Of.PERIOD].reported is Reported.NONE:
        blocks += [Paragraph(one, Tone.CAUTION) for one in _not_reported(bulletin)]
        blocks.append(district_map(bulletin, None))
    else:
        blocks += _told(bulletin)
    blocks += [
        Heading(Words(en="How to read the numbers", zh="数据说明")),
        *(Paragraph(one) for one in _definitions(bulletin)),
        Paragraph(_SIGNED),
    ]
    return Document(
        name=PUBLISHED_NAME if bulletin.published else NAME,
        title=_title(bulletin.period), city_key=city.key, city_id=city.city_id,
        city=_of_whom(bulletin), as_of=as_of, time_zone=city.time_zone, provenance=provenance,
        population=None
        if bulletin.population_of is None
        else PopulationBase(bulletin.population_of),
        sources=(
            Words(
                en="Case reports as taken in by this installation.", zh="本系统收录的病例报告。"
            ) if not bulletin.published else Words(
                en="Counts as published by this installation; no case was read for them.",
                zh="本系统已发布的汇总病例数；未读取个案。",
            ),
            alike(city.attribution),
        ),
        attribution=city.attribution, blocks=tuple(blocks), period=bulletin.period.name,
    )  # fmt: skip


def _title(period: ReportPeriod) -> Words:
    kind = (
        Words(en="Weekly disease bulletin", zh="传染病疫情周报")
        if period.rhythm is Rhythm.WEEK
        else Words(en="Monthly disease bulletin", zh="传染病疫情月报")
    )
    return Words(en="{kind}, {period}", zh="{kind} {period}").filled(kind=kind, period=period.words)


def _of_whom(bulletin: Bulletin) -> Words:
    name = Words(en=bulletin.city.name, zh=bulletin.city.name_zh or bulletin.city.name)
    if not bulletin.limited or not bulletin.areas:
        return name
    return Words(en="{areas} ({city})", zh="{areas}（{city}）").filled(
        areas=listed([one.words for one in bulletin.areas]), city=name
    )


def _told(bulletin: Bulletin) -> list[Block]:
    leading = leading_of(bulletin.rows)
    return [
        KeyFigures(tuple(_key_figures(bulletin))),
        Heading(Words(en="In short", zh="要点")),
        *(Paragraph(one, Tone.FINDING) for one in _findings(bulletin)),
        *(Paragraph(one, Tone.CAUTION) for one in _cautions(bulletin)),
        Heading(Words(en="By disease", zh="分病种")),
        _diseases(bulletin),
        *(_chart(bulletin, code) for code in leading),
        Heading(Words(en="By district", zh="分地区")),
        district_map(bulletin, leading[0] if leading else None),
        *([_areas(bulletin, leading_of(bulletin.rows))] if bulletin.areas else []),
        Heading(Words(en="Signals of the period", zh="本期预警信号")),
        *_signals(bulletin),
        Heading(Words(en="Clusters", zh="聚集性")),
        *_clusters(bulletin),
        *_quality(bulletin),
    ]


def _days(bulletin: Bulletin, of: Of) -> Words:
    span = bulletin.spans[of]
    return alike(f"{span.first} – {span.until - timedelta(days=1)}")


def _number(count: Count) -> Words:
    """Return a count in a sentence, or the words why there is none."""
    cell = count.cell
    if isinstance(cell, Words):
        return cell
    return _UNKNOWN if cell is None else alike(f"{cell:,}")


def _change(now: Count, base: Count, of_what: Words) -> Words:
    """Return how a count stands to another, as a part of a sentence."""
    cell = change_percent(now, base)
    if isinstance(cell, float | int):
        words = _UP if cell > 0 else _DOWN if cell < 0 else _SAME
        return words.filled(percent=f"{abs(cell):,.1f}", base=_number(base), what=of_what)
    if base.value == 0 and now.value is not None:
        return (_NONE_THEN if now.value else _NONE_BOTH).filled(what=of_what)
    why = base.why if base.value is None else now.why
    return _NOT_COMPARED.filled(what=of_what, why=_UNKNOWN if why is None else why.value)


def _whats(bulletin: Bulletin) -> tuple[Words, Words]:
    if bulletin.period.rhythm is Rhythm.WEEK:
        return (
            Words(en="the week before", zh="上周"),
            Words(en="the same week last year", zh="去年同周"),
        )  # fmt: skip
    return (
        Words(en="the month before", zh="上月"), Words(en="the same month last year", zh="去年同月")
    )  # fmt: skip


def _key_figures(bulletin: Bulletin) -> Iterator[KeyFigure]:
    every = bulletin.everything
    before, last_year = _whats(bulletin)
    now = every.cases[Of.PERIOD]
    yield KeyFigure(
        now.value,
        Words(en="cases", zh="报告病例"),
        _change(now, every.cases[Of.BEFORE], before),
    )
    if every.deaths is not None:
        yield KeyFigure(
            every.deaths[Of.PERIOD].value,
            Words(en="deaths", zh="死亡"),
            Words(en="{n} in the year to date", zh="本年累计{n}").filled(
                n=_number(every.deaths[Of.TO_DATE])
            ),
        )
    yield KeyFigure(
        every.cases[Of.TO_DATE].value,
        Words(en="cases, year to date", zh="本年累计病例"),
        _change(every.cases[Of.TO_DATE], every.cases[Of.TO_DATE_BEFORE], last_year),
    )
    days = (bulletin.period.until - bulletin.period.first).days
    yield KeyFigure(
        len(bulletin.signals) if bulletin.judged_days or bulletin.signals else None,
        Words(en="signals", zh="预警信号"),
        Words(en="{judged} of {days} days judged", zh="{days}天中判断{judged}天").filled(
            judged=bulletin.judged_days, days=days
        ),
    )


def _findings(bulletin: Bulletin) -> Iterator[Words]:
    every = bulletin.everything
    before, last_year = _whats(bulletin)
    now = every.cases[Of.PERIOD]
    with_cases = sum((row.cases[Of.PERIOD].value or 0) > 0 for row in bulletin.rows)
    deaths = (
        Words(en="", zh="")
        if every.deaths is None
        else Words(en=" and {n} deaths", zh="，死亡{n}例").filled(
            n=_number(every.deaths[Of.PERIOD])
        )
    )
    yield Words(
        en="From {first} to {last}, {n} cases of {diseases} diseases{deaths} were reported: "
        "{before}; {last_year}.",
        zh="{first}至{last}，共报告{diseases}种疾病{n}例{deaths}；{before}，{last_year}。",
    ).filled(
        first=bulletin.spans[Of.PERIOD].first.isoformat(),
        last=(bulletin.spans[Of.PERIOD].until - timedelta(days=1)).isoformat(),
        n=_number(now), diseases=with_cases, deaths=deaths,
        before=_change(now, every.cases[Of.BEFORE], before),
        last_year=_change(now, every.cases[Of.YEAR_BEFORE], last_year),
    )  # fmt: skip
    most = [
        row for row in sorted(bulletin.rows, key=lambda one: -(one.cases[Of.PERIOD].value or 0))
        if row.cases[Of.PERIOD].value
    ][:MOST_NAMED]  # fmt: skip
    if len(most) > 1 and now.value:
        together = sum(row.cases[Of.PERIOD].value or 0 for row in most)
        yield Words(
            en="Most frequent: {list}; together {percent} % of all cases.",
            zh="报告数居前：{list}；合计占全部病例的{percent}%。",
        ).filled(
            list=listed([
                Words(en="{disease} ({n})", zh="{disease}（{n}例）").filled(
                    disease=row.words, n=_number(row.cases[Of.PERIOD])
                )
                for row in most
            ]),
            percent=f"{100 * together / now.value:.0f}",
        )  # fmt: skip
    for row in most[:2] if len(most) > 1 else []:
        yield from _of_disease(row, before, last_year)
    yield from _of_places(bulletin)
    if bulletin.signals:
        yield Words(
            en="{n} signals stood in the period: {list}.", zh="本期共有{n}个预警信号：{list}。"
        ).filled(
            n=len(bulletin.signals),
            list=listed([
                Words(en="{disease} in {place}", zh="{place}{disease}").filled(
                    disease=one.disease, place=one.place
                )
                for one in bulletin.signals[:MOST_NAMED]
            ] + ([_MORE] if len(bulletin.signals) > MOST_NAMED else [])),
        )  # fmt: skip


def _of_disease(row: DiseaseRow, before: Words, last_year: Words) -> Iterator[Words]:
    now = row.cases[Of.PERIOD]
    yield Words(
        en="{disease}: {n} cases; {before}; {last_year}; {to_date} in the year to date.",
        zh="{disease}：{n}例，{before}，{last_year}；本年累计{to_date}例。",
    ).filled(
        disease=row.words, n=_number(now), before=_change(now, row.cases[Of.BEFORE], before),
        last_year=_change(now, row.cases[Of.YEAR_BEFORE], last_year),
        to_date=_number(row.cases[Of.TO_DATE]),
    )  # fmt: skip


def _of_places(bulletin: Bulletin) -> Iterator[Words]:
    known = [
        (count.value, one)
        for one in bulletin.areas
        if (count := one.cases[Of.PERIOD]).value is not None
    ]
    known.sort(key=lambda pair: (-pair[0], pair[1].code))
    if len(known) > 1 and known[0][0] > 0 and bulletin.everything.cases[Of.PERIOD].value:
        yield Words(en="Most cases lived in {list}.", zh="病例居住地以{list}为多。").filled(
            list=listed([
                Words(en="{place} ({n})", zh="{place}（{n}例）").filled(
                    place=one.words, n=f"{number:,}"
                )
                for number, one in known[:3] if number
            ])
        )  # fmt: skip


def _not_reported(bulletin: Bulletin) -> Iterator[Words]:
    if bulletin.published:
        yield Words(
            en="Nothing is published of {period}. Counts of a week are published two days after it "
            "ended; this says nothing of how many fell ill.",
            zh="{period}没有已发布的数据。每周数据在该周结束两天后发布；这并不说明发病多少。",
        ).filled(period=bulletin.period.words)
        return
    yield Words(
        en="No report of {period} has come. This says nothing of how many fell ill. Reports that "
        "are here: {reported}.",
        zh="尚未收到{period}的报告，这并不说明没有病例。现有报告：{reported}。",
    ).filled(period=bulletin.period.words, reported=_reported(bulletin))


def _reported(bulletin: Bulletin) -> Words:
    if bulletin.reported_since is None or bulletin.reported_until is None:
        return Words(en="none", zh="无")
    return Words(en="from {first} to {last}", zh="{first}至{last}").filled(
        first=bulletin.reported_since.isoformat(),
        last=(bulletin.reported_until - timedelta(days=1)).isoformat(),
    )


def _cautions(bulletin: Bulletin) -> Iterator[Words]:
    if bulletin.limited:
        yield Words(
            en="This bulletin is of {areas} only, as far as its asker's account goes.",
            zh="本期仅含申请人账号管辖的{areas}。",
        ).filled(
            areas=listed([one.words for one in bulletin.areas])
            if bulletin.areas else Words(en="no area", zh="（无区域）")
        )  # fmt: skip
    if bulletin.spans[Of.PERIOD].reported is Reported.PART:
        yield Words(
            en="The period is not reported whole (reports: {reported}). Its numbers are the least "
            "that there were, and are compared with nothing.",
            zh="本期报告不全（现有报告：{reported}）。所列为最低数，不作比较。",
        ).filled(reported=_reported(bulletin))
    if bulletin.spans[Of.TO_DATE].reported is Reported.PART:
        yield Words(
            en="The year to date is reported in part ({reported}): its sums are the least.",
            zh="本年累计报告不全（{reported}），累计数为最低数。",
        ).filled(reported=_reported(bulletin))
    if bulletin.published:
        yield Words(
            en="Told are published cells. Counts from 1 to {most}, and others by which these could "
            "be reckoned, are hidden; “≥” says what is told of a sum. Deaths are not published.",
            zh="所列为已发布的单元格。1至{most}例及可据以推算者不公布；“≥”表示合计中可公布的部分。"
            "死亡数不发布。",
        ).filled(most=(bulletin.smallest_told or 1) - 1)
    if bulletin.published and bulletin.period.rhythm is Rhythm.MONTH:
        yield Words(
            en="Published are weeks: the month is the {n} whose Thursday lies in it ({days}).",
            zh="发布以周为单位：本月为周四在月内的{n}周（{days}）。",
        ).filled(
            n=(bulletin.spans[Of.PERIOD].until - bulletin.spans[Of.PERIOD].first).days // 7,
            days=_days(bulletin, Of.PERIOD),
        )  # fmt: skip
    if bulletin.residents is None:
        yield Words(
            en="The residents of the whole are not known, so it has no rate per 100,000.",
            zh="全部常住人口未知，因此没有总发病率。",
        )


def _diseases(bulletin: Bulletin) -> Table:
    with_deaths = bulletin.everything.deaths is not None
    before, last_year = _HEADS[bulletin.period.rhythm]
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
            [Column("rate", _RATE, 2, "/(100000.{person})")]
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
        note=_COMPARED[bulletin.period.rhythm].filled(
            before=_days(bulletin, Of.BEFORE),
            year_before=_days(bulletin, Of.YEAR_BEFORE) if Of.YEAR_BEFORE in bulletin.spans
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


def _areas(bulletin: Bulletin, leading: Sequence[str]) -> Table:
    # Of one disease alone its column and that of all would say the same.
    shown = list(leading)[:DISEASES_ACROSS] if len(bulletin.rows) > 1 else []
    names = {row.code: row.words for row in bulletin.rows}
    before, last_year = _HEADS[bulletin.period.rhythm]
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
        notes.append(_INTERVALS)
    return Table(
        name="areas",
        title=Words(en="Reported cases by district of residence", zh="各区报告病例数（按现住址）"),
        columns=(
            Column("area", Words(en="District", zh="区")),
            *(Column(code, names[code]) for code in shown),
            Column("cases", bulletin.rows[0].words if len(bulletin.rows) == 1 else _ALL),
            Column("before", before),
            Column("before_percent", Words(en="Change, %", zh="环比%"), 1, "%", signed=True),
            Column("year_before", last_year),
            *([Column("rate", _RATE, 1, "/(100000.{person})")] if rated else []),
        ),
        rows=tuple(rows),
        note=Words(en=" ".join(one.en for one in notes), zh="".join(one.zh for one in notes)),
    )  # fmt: skip


def _is_quiet(one: AreaRow) -> bool:
    return all(one.cases[of].value == 0 for of in (Of.PERIOD, Of.BEFORE, Of.YEAR_BEFORE))


def _chart(bulletin: Bulletin, code: str) -> Chart:
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
            disease=row.words, n=len(weeks), last=_number(weeks[-1].cases),
            most=f"{max(known, default=0):,}",
        ),
    )  # fmt: skip


def _signals(bulletin: Bulletin) -> list[Block]:
    if not bulletin.signals:
        return [Paragraph(_NO_SIGNALS if bulletin.judged_days else _NOT_JUDGED)]
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
                    *((_STATES.get(one.state or "", _UNKNOWN), one.cases_7,
                       one.expected if one.expected is not None else _NO_EXPECTED)
                      if numbers else ()),
                )
                for one in bulletin.signals[:MOST_SIGNALS]
            ),
            note=None if further <= 0 else Words(
                en="{n} more are not listed.", zh="另有{n}个未列出。"
            ).filled(n=further),
        ),
        Paragraph(_SIGNAL_IS),
    ]  # fmt: skip


def _clusters(bulletin: Bulletin) -> list[Block]:
    found = bulletin.clusters
    if found is None:
        return [Paragraph(_NO_CLUSTERS)]
    if not found.rows:
        return [Paragraph(_NONE_FOUND.filled(day=found.day.isoformat()))]
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
            note=_BY_CHANCE if numbers else None,
        )
    ]  # fmt: skip


def _quality(bulletin: Bulletin) -> Iterator[Block]:
    yield Heading(Words(en="How complete the data are", zh="数据完整性"))
    its = bulletin.quality
    if its is None:
        yield Paragraph(_NO_QUALITY)
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
            for name, words in _FIELDS.items()
        ),
    )  # fmt: skip
    yield Paragraph(_late(its))
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


def _late(its: Quality) -> Words:
    if not its.due:
        return Words(
            en="How late reports were cannot be said: none has both the day of diagnosis and that "
            "of the report.",
            zh="无法说明报告及时性：没有同时填写诊断与录入时间的报告。",
        )
    delay = (
        Words(en="", zh="")
        if its.median_h is None or its.p90_h is None
        else Words(
            en=" From diagnosis to report: median {median} h, nine in ten within {p90} h.",
            zh="诊断至录入：中位{median}小时，90%在{p90}小时内。",
        ).filled(median=f"{its.median_h:,.1f}", p90=f"{its.p90_h:,.1f}")
    )
    return Words(
        en="Late by the law (2 h or 24 h): {late} of {due} reports, {percent} %.{delay}",
        zh="按法定时限（2小时或24小时）迟报：{due}例中{late}例，占{percent}%。{delay}",
    ).filled(
        late=f"{its.late:,}", due=f"{its.due:,}", percent=f"{100 * its.late / its.due:.1f}",
        delay=delay,
    )  # fmt: skip


def _definitions(bulletin: Bulletin) -> Iterator[Words]:
    yield Words(
        en="Cases count {basis}, in the district of residence; confirmed, clinically diagnosed, "
        "probable and unclassified ones, each once. Suspects, carriers and mere positive tests do "
        "not count. Deaths count by the day of death as reported.",
        zh="病例{basis}、按现住址统计；计入确诊、临床诊断、可能与未分类病例，每例一次；不含疑似病例、"
        "病原携带者与单纯阳性检测。死亡按报告的死亡日期统计。",
    ).filled(basis=bulletin.basis)
    yield Words(
        en="HIV and sexually transmitted infections, tuberculosis, psychiatric and reproductive "
        "conditions are in no bulletin. Cases under 14 count with their disease.",
        zh="艾滋病与性病、结核病、精神与生殖健康相关病种不列入；未满14岁病例计入其所患病种。",
    )
    if bulletin.everything.deaths is None and not bulletin.published:
        yield Words(
            en="No report of this city has ever told a death or an outcome: deaths are not known.",
            zh="本市报告从未填写死亡或转归，死亡数未知。",
        )
    yield Words(en="Reports that are here: {reported}.", zh="现有报告：{reported}。").filled(
        reported=_reported(bulletin)
    )
    yield Words(
        en="As known when the bulletin was made: late reports and corrections change earlier "
        "bulletins' numbers. Where no report came the table says so; it is no zero.",
        zh="数据为生成时所知；补报与订正会改变以往各期数字。没有报告之处如实注明，不作0处理。",
    )
    if bulletin.period.rhythm is Rhythm.WEEK:
        yield Words(
            en="Weeks are those of ISO 8601, from Monday; the year to date begins with week 1.",
            zh="周按ISO 8601，自周一起；本年累计自第1周起。",
        )
    yield Words(
        en="The map shows the disease with the most cases. A change of a few cases is chance more "
        "often than not; read it with the curve and the signals.",
        zh="地图为报告数最多的病种。数例的增减多属偶然，应结合曲线与预警信号判断。",
    )


_UNKNOWN = Words(en="unknown", zh="未知")
_ALL = Words(en="All diseases", zh="合计")
_RATE = Words(en="Per 100,000", zh="发病率/10万")
_INTERVALS = Words(
    en="Below each rate, its 95 % interval (exact Poisson); districts of unknown residents have "
    "none.",
    zh="各率下方为95%置信区间（泊松精确法）；人口未知的区无发病率。",
)
_UP = Words(en="{percent} % more than {what} ({base})", zh="较{what}（{base}例）上升{percent}%")
_DOWN = Words(en="{percent} % fewer than {what} ({base})", zh="较{what}（{base}例）下降{percent}%")
_SAME = Words(en="as many as {what} ({base})", zh="与{what}（{base}例）持平")
_NONE_THEN = Words(en="{what} had none", zh="{what}为0例")
_NONE_BOTH = Words(en="none either in {what}", zh="{what}同为0例")
_NOT_COMPARED = Words(en="not compared with {what} ({why})", zh="与{what}无法比较（{why}）")
_MORE = Words(en="and others", zh="等")
_NO_EXPECTED = Words(en="by rule", zh="按规则")
_NO_SIGNALS = Words(
    en="No signal stood on the days that were judged.", zh="已判断的日期内没有预警信号。"
)
_NOT_JUDGED = Words(
    en="No day of the period was judged, so whether anything was unusual is not known.",
    zh="本期没有任何一天作过判断，是否异常未知。",
)
_SIGNAL_IS = Words(
    en="A signal says that a count is unusual, not that there is an outbreak.",
    zh="预警信号表示病例数异常，并不等于暴发。",
)
_NO_CLUSTERS = Words(
    en="No cluster run: clusters in space and time are not told.",
    zh="未运行聚集性扫描，不报告时空聚集。",
)
_NONE_FOUND = Words(
    en="The scan of {day} found no cluster to be told.", zh="{day}的扫描未发现需报告的聚集。"
)
_BY_CHANCE = Words(
    en="“Once in days”: how seldom chance alone would show so strong a cluster, were every day "
    "scanned.",
    zh="“多少天一遇”：若每天扫描，仅由偶然出现如此强聚集的间隔。",
)
_NO_QUALITY = Words(
    en="Completeness and delays are told in the bulletin of disease control.",
    zh="完整性与及时性见疾控内部版。",
)
_SIGNED = Words(
    en="Compiled: ______________\u2003\u2003Reviewed: ______________\u2003\u2003"
    "Issued: ______________",
    zh="编制：______________\u3000\u3000审核：______________\u3000\u3000签发：______________",
)
_STATES = {
    "new": Words(en="new", zh="新"),
    "acknowledged": Words(en="being verified", zh="核实中"),
    "explained": Words(en="explained", zh="已解释"),
    "muted": Words(en="muted", zh="已静默"),
    "ended": Words(en="over", zh="已结束"),
}
_FIELDS = {
    "onset_on": Words(en="day of onset", zh="发病日期"),
    "diagnosed_on": Words(en="day of diagnosis", zh="诊断日期"),
    "residence_area": Words(en="area of residence", zh="现住址地区"),
    "age_years": Words(en="age", zh="年龄"),
    "sex": Words(en="sex", zh="性别"),
    "final_review": Words(en="final review", zh="终审"),
}
_HEADS = {
    Rhythm.WEEK: (
        Words(en="Week before", zh="上周"), Words(en="Same week last year", zh="去年同周")
    ),
    Rhythm.MONTH: (
        Words(en="Month before", zh="上月"), Words(en="Same month last year", zh="去年同月")
    ),
}  # fmt: skip
_COMPARED = {
    Rhythm.WEEK: Words(
        en="Week before: {before}. Same week last year: {year_before}. Change is on the count to "
        "its left.",
        zh="上周：{before}；去年同周：{year_before}。环比、同比均与其左侧数字比较。",
    ),
    Rhythm.MONTH: Words(
        en="Month before: {before}. Same month last year: {year_before}. Change is on the count "
        "to its left.",
        zh="上月：{before}；去年同月：{year_before}。环比、同比均与其左侧数字比较。",
    ),
}
