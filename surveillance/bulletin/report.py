"""The bulletin as a report: sentences, tables, curves and the map, from what was read.

It says of which days it tells and how far reports cover them. What nobody reported is said to be
so, what is hidden too; neither is a zero, and nothing is compared with a part of a period.
"""

from datetime import datetime

from gis.database import UnitOfWork
from gis.disclosure.model import Rhythm
from gis.documents import (
    Block,
    Document,
    Heading,
    KeyFigures,
    Paragraph,
    PopulationBase,
    Tone,
)
from gis.report_periods import ReportPeriod
from gis.rooms.layers import Provenance
from gis.words import Words, alike, listed
from surveillance.bulletin.model import (
    Bulletin,
    Of,
    Reported,
)
from surveillance.bulletin.published import read_published
from surveillance.bulletin.reading import leading_of, read_bulletin
from surveillance.bulletin.sentences import (
    cautions,
    definitions,
    findings,
    key_figures,
    not_reported,
)
from surveillance.bulletin.shading import district_map
from surveillance.bulletin.tables import (
    areas_table,
    clusters_told,
    curve,
    diseases_table,
    quality_told,
    signals_told,
)
from surveillance.bulletin.wording import SIGNED

NAME, PUBLISHED_NAME = "bulletin", "bulletin_published"


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
        blocks += [Paragraph(one, Tone.CAUTION) for one in not_reported(bulletin)]
        blocks.append(district_map(bulletin, None))
    else:
        blocks += _told(bulletin)
    blocks += [
        Heading(Words(en="How to read the numbers", zh="数据说明")),
        *(Paragraph(one) for one in definitions(bulletin)),
        Paragraph(SIGNED),
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
        KeyFigures(tuple(key_figures(bulletin))),
        Heading(Words(en="In short", zh="要点")),
        *(Paragraph(one, Tone.FINDING) for one in findings(bulletin)),
        *(Paragraph(one, Tone.CAUTION) for one in cautions(bulletin)),
        Heading(Words(en="By disease", zh="分病种")),
        diseases_table(bulletin),
        *(curve(bulletin, code) for code in leading),
        Heading(Words(en="By district", zh="分地区")),
        district_map(bulletin, leading[0] if leading else None),
        *([areas_table(bulletin, leading_of(bulletin.rows))] if bulletin.areas else []),
        Heading(Words(en="Signals of the period", zh="本期预警信号")),
        *signals_told(bulletin),
        Heading(Words(en="Clusters", zh="聚集性")),
        *clusters_told(bulletin),
        *quality_told(bulletin),
    ]
