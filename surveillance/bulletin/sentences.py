"""What the bulletin says in sentences: figures, findings, cautions, definitions.

What nobody reported is said to be so, what is hidden too; neither is a zero.
"""

from collections.abc import Iterator
from datetime import timedelta

from gis.disclosure.model import Rhythm
from gis.documents import (
    KeyFigure,
)
from gis.words import Words, alike, listed
from surveillance.bulletin.model import (
    Bulletin,
    Count,
    DiseaseRow,
    Of,
    Quality,
    Reported,
    change_percent,
)
from surveillance.bulletin.wording import (
    DOWN,
    MORE,
    NONE_BOTH,
    NONE_THEN,
    NOT_COMPARED,
    SAME,
    UNKNOWN,
    UP,
)

MOST_NAMED = 5


def days_of(bulletin: Bulletin, of: Of) -> Words:
    """Return the days of a span, as read."""
    span = bulletin.spans[of]
    return alike(f"{span.first} – {span.until - timedelta(days=1)}")


def number_words(count: Count) -> Words:
    """Return a count in a sentence, or the words why there is none."""
    cell = count.cell
    if isinstance(cell, Words):
        return cell
    return UNKNOWN if cell is None else alike(f"{cell:,}")


def _change(now: Count, base: Count, of_what: Words) -> Words:
    """Return how a count stands to another, as a part of a sentence."""
    cell = change_percent(now, base)
    if isinstance(cell, float | int):
        words = UP if cell > 0 else DOWN if cell < 0 else SAME
        return words.filled(percent=f"{abs(cell):,.1f}", base=number_words(base), what=of_what)
    if base.value == 0 and now.value is not None:
        return (NONE_THEN if now.value else NONE_BOTH).filled(what=of_what)
    why = base.why if base.value is None else now.why
    return NOT_COMPARED.filled(what=of_what, why=UNKNOWN if why is None else why.value)


def _whats(bulletin: Bulletin) -> tuple[Words, Words]:
    if bulletin.period.rhythm is Rhythm.WEEK:
        return (
            Words(en="the week before", zh="上周"),
            Words(en="the same week last year", zh="去年同周"),
        )  # fmt: skip
    return (
        Words(en="the month before", zh="上月"), Words(en="the same month last year", zh="去年同月")
    )  # fmt: skip


def key_figures(bulletin: Bulletin) -> Iterator[KeyFigure]:
    """Yield the figures at the top: cases, deaths, the year to date, signals."""
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
                n=number_words(every.deaths[Of.TO_DATE])
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


def findings(bulletin: Bulletin) -> Iterator[Words]:
    """Yield what is found, in short."""
    every = bulletin.everything
    before, last_year = _whats(bulletin)
    now = every.cases[Of.PERIOD]
    with_cases = sum((row.cases[Of.PERIOD].value or 0) > 0 for row in bulletin.rows)
    deaths = (
        Words(en="", zh="")
        if every.deaths is None
        else Words(en=" and {n} deaths", zh="，死亡{n}例").filled(
            n=number_words(every.deaths[Of.PERIOD])
        )
    )
    yield Words(
        en="From {first} to {last}, {n} cases of {diseases} diseases{deaths} were reported: "
        "{before}; {last_year}.",
        zh="{first}至{last}，共报告{diseases}种疾病{n}例{deaths}；{before}，{last_year}。",
    ).filled(
        first=bulletin.spans[Of.PERIOD].first.isoformat(),
        last=(bulletin.spans[Of.PERIOD].until - timedelta(days=1)).isoformat(),
        n=number_words(now), diseases=with_cases, deaths=deaths,
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
                    disease=row.words, n=number_words(row.cases[Of.PERIOD])
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
            ] + ([MORE] if len(bulletin.signals) > MOST_NAMED else [])),
        )  # fmt: skip


def _of_disease(row: DiseaseRow, before: Words, last_year: Words) -> Iterator[Words]:
    now = row.cases[Of.PERIOD]
    yield Words(
        en="{disease}: {n} cases; {before}; {last_year}; {to_date} in the year to date.",
        zh="{disease}：{n}例，{before}，{last_year}；本年累计{to_date}例。",
    ).filled(
        disease=row.words, n=number_words(now), before=_change(now, row.cases[Of.BEFORE], before),
        last_year=_change(now, row.cases[Of.YEAR_BEFORE], last_year),
        to_date=number_words(row.cases[Of.TO_DATE]),
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


def not_reported(bulletin: Bulletin) -> Iterator[Words]:
    """Yield what is said where no report of the period has come."""
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


def cautions(bulletin: Bulletin) -> Iterator[Words]:
    """Yield what must be minded before the numbers are used."""
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
            days=days_of(bulletin, Of.PERIOD),
        )  # fmt: skip
    if bulletin.residents is None:
        yield Words(
            en="The residents of the whole are not known, so it has no rate per 100,000.",
            zh="全部常住人口未知，因此没有总发病率。",
        )


def lateness(its: Quality) -> Words:
    """Return how late reports were, as far as it can be said."""
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


def definitions(bulletin: Bulletin) -> Iterator[Words]:
    """Yield how cases are counted and placed."""
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
    if bulletin.published:
        yield (
            Words(en="No counts of deaths are published of this city.", zh="本市未发布死亡数。")
            if bulletin.everything.deaths is None
            else Words(
                en="Deaths are published nine days after a week's end, as counts of their own: "
                "until then they are not published, and those below {k} are hidden.",
                zh="死亡数单独发布，于该周结束九天后公布；此前为未发布，小于{k}者不公布。",
            ).filled(k=bulletin.smallest_told or 0)
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
