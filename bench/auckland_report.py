"""The report on Auckland's study: the same document as every report's, drawn from its figures."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from bench.auckland import (
    CALL_S,
    DATA,
    LIMIT_S,
    REPEATS,
    State,
    Study,
    WrongUnit,
    named,
    points,
)
from bench.auckland_roads import main_roads
from gis.documents import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    MapFigure,
    Mark,
    MarkClass,
    Marks,
    Paragraph,
    PopulationBase,
    Shade,
    Surface,
    Table,
    Tone,
)
from gis.rooms.layers import Provenance
from gis.words import LANGUAGES, Words, alike
from maps.charts.drawing import png_of_svg
from maps.reports import plan
from maps.reports.fonts import chinese_family, installed_families
from maps.reports.ground import Ground, RoadShape
from maps.reports.model import Format, file_name
from maps.reports.rendering import render
from planning.coverage.cover import units_reaching
from planning.coverage.model import Fleet
from planning.recorded.calibrate import UNCALIBRATED
from planning.reports import caveats
from planning.reports.cells import change_of, surfaces
from planning.reports.convergence import convergence, gap_text

AS_OF = datetime(2026, 11, 30, tzinfo=UTC)
NAMES = {
    "today": Words(en="Today", zh="现状"),
    "five more ambulances": Words(en="Five more ambulances", zh="增加5辆救护车"),
    "one more station with one": Words(en="One more station, one ambulance", zh="新增1站1车"),
    "five more, a new station allowed": Words(
        en="Five more, the new station allowed", zh="增加5辆，可用新站"
    ),
}
OF_TIMES = (
    Shade(Words(en="two ambulances or more within 8 min", zh="8分钟内有2辆及以上"), "#5AA0CC", "2"),
    Shade(Words(en="one", zh="仅1辆"), "#BBDCEE", "1"),
    Shade(Words(en="none", zh="无"), "#E9A15B", "0"),
    Shade(Words(en="no road near: not known", zh="附近无道路：未知"), "#FFFFFF", "?"),
)
STATION = MarkClass(
    Words(en="station with ambulances", zh="有车急救站"), "#22282d", "S", hollow=False
)
EMPTY = MarkClass(Words(en="station without", zh="无车急救站"), "#22282d", "S", hollow=True)
MORE = MarkClass(
    Words(en="one more ambulance here", zh="此处增加车辆"), "#0072B2", "+", hollow=False
)
NEW = MarkClass(Words(en="new station", zh="新站"), "#CC3311", "N", hollow=False)
PEOPLE = Words(en="people within 8 minutes", zh="8分钟内人口")


def document(found: Study) -> Document:
    """Return the report."""
    return Document(
        name="auckland", title=Words(en="Ambulance cover and what the next ones buy",
                                     zh="急救覆盖现状与新增方案"),
        city_key="auckland", city_id=0, city=Words(en="Auckland", zh="奥克兰"), as_of=AS_OF,
        time_zone="Pacific/Auckland", provenance=Provenance.MODELLED,
        population=PopulationBase(Words(
            en="usual residents, census of 2013, on a raster of 40 m",
            zh="2013年普查常住人口，40米栅格",
        )),
        sources=(
            Words(en="Stations, ambulances, demand, hospitals: JEMSS.jl (Apache-2.0), a research "
                  "calibration of St John's service; no single call is real.",
                  zh="急救站、车辆、需求、医院：JEMSS.jl（Apache-2.0）研究标定数据，并非真实呼叫记录。"),
            Words(en="People: Statistics New Zealand, CC BY 3.0 NZ. Roads: OpenStreetMap, ODbL, "
                  "from tertiary up.",
                  zh="人口：新西兰统计局（CC BY 3.0 NZ）。道路：OpenStreetMap（ODbL），"
                  "三级及以上。"),
        ),
        attribution="© OpenStreetMap contributors, ODbL 1.0 · Statistics New Zealand, CC BY 3.0 NZ "
        "· JEMSS.jl",
        blocks=tuple(_blocks(found)),
    )  # fmt: skip


def _blocks(found: Study) -> Iterator[Block]:
    today, five, one, _ = found.states
    yield KeyFigures((
        _key(found, today.once, Words(en="people within 8 minutes today", zh="现状8分钟内人口")),
        _key(found, today.twice, Words(en="within 8 minutes of two", zh="8分钟内有两辆")),
        _key(found, five.expected - today.expected, Words(
            en="more people expected to get a free one in time, by five ambulances",
            zh="增加5辆后，预计多覆盖的人口",
        )),
        _key(found, one.once - today.once, Words(
            en="more people within 8 minutes, by one station", zh="新增1站后，8分钟内新增人口",
        )),
    ))  # fmt: skip
    yield Heading(Words(en="What this report finds", zh="主要结论"))
    for words in _findings(found):
        yield Paragraph(words, Tone.FINDING)
    yield Paragraph(UNCALIBRATED, Tone.CAUTION)
    yield Paragraph(_JEMSS.filled(theirs=_percent(found.jemss.once), ours=_percent(today.once)),
                    Tone.CAUTION)  # fmt: skip
    yield Heading(Words(en="Coverage today", zh="现状覆盖"))
    yield _today_map(found)
    yield _states(found)
    yield _stations(found)
    yield Heading(Words(en="Five more ambulances", zh="增加5辆救护车"))
    yield _change_map(found, five, "five", Words(
        en="Five more ambulances: who gains", zh="增加5辆救护车：谁受益",
    ))  # fmt: skip
    yield convergence(
        "five_convergence",
        Words(en="Five more ambulances: search and bound", zh="增加5辆：搜索与界"),
        found.more_units.trace, seconds=found.more_units.seconds,
        measured=Words(en="people expected to be covered", zh="期望覆盖人口"),
    )  # fmt: skip
    yield Heading(Words(en="One more station", zh="新增一个急救站"))
    yield _change_map(found, one, "station", Words(
        en="One more station with one ambulance: who gains", zh="新增1站1车：谁受益",
    ))  # fmt: skip
    yield _bootstraps(found)
    yield convergence(
        "scratch_convergence",
        Words(en="As if nothing stood: search and bound", zh="假设从零选址：搜索与界"),
        found.scratch.trace, seconds=found.scratch.seconds, measured=PEOPLE,
    )  # fmt: skip
    yield Heading(Words(en="Straight line or road", zh="直线还是道路"))
    yield Paragraph(_LINE)
    yield _wrong(
        "waiting", Words(en="Ambulances at their stations", zh="车辆在站待命"), found.waiting
    )
    yield _wrong("under_way", Words(en="Ambulances under way, anywhere", zh="车辆在途，位置随机"),
                 found.under_way)  # fmt: skip
    yield Heading(caveats.ASSUMED)
    for words in _assumed(found):
        yield Paragraph(words)
    yield Heading(caveats.WHAT_NOT)
    for words in (*caveats.EVERY_STUDY, caveats.WITHIN_IS_NOT_SERVED, *_OF_AUCKLAND):
        yield Paragraph(words)


_JEMSS = Words(
    en="How fast the roads are decides the level: on JEMSS' own network, whose speeds its authors "
    "chose, {theirs} are within 8 minutes today, on these roads {ours}. Differences between plans "
    "bear more than levels.",
    zh="道路速度决定绝对水平：按JEMSS自带路网，现状8分钟内人口占{theirs}，按本报告路网占{ours}。"
    "方案之间的差异比绝对水平更可信。",
)
_LINE = Words(
    en="If the ambulance nearest by straight line is sent, it is often not the quickest by road: "
    "harbours and motorways lie between. The more are free, the more often, and the less it costs "
    "each time.",
    zh="若派直线距离最近的车辆，它常常不是按道路最快的：港湾与高速公路阻隔其间。空闲车辆越多，派错越频繁，"
    "但每次损失越小。",
)
_OF_AUCKLAND = (
    Words(
        en="Minor roads are not in the extract: the last stretch is a straight line at 47 km/h, as "
        "in JEMSS. Islands without a main road are not known, rather than not covered.",
        zh="路网不含支路：最后一段按直线、47公里/小时计（同JEMSS）。没有主要道路的岛屿记为未知，而非未覆盖。",
    ),
    Words(
        en="Districts were not to be had: people are told apart by the station that is quickest "
        "for them.",
        zh="没有区界数据：按最快到达的急救站划分人口。",
    ),
)


def _assumed(found: Study) -> Iterator[Words]:
    today = found.states[0]
    yield Words(
        en="Eight minutes count from the call: {call} s until wheels roll, then the drive with "
        "sirens, turns and signals counted.",
        zh="8分钟自呼叫起算：先计{call}秒受理与出车，再计警笛行驶（含转弯与信号灯）。",
    ).filled(call=f"{CALL_S:.0f}")
    yield Words(
        en="280 calls a day, spread as people live, night as day; 12 min at the place, four of "
        "five taken to the nearest hospital, 12 min there: {erlang} ambulances are at work on "
        "average, {busy} of the {fleet}.",
        zh="每天280次呼叫，按居住人口分布、昼夜相同；现场12分钟，八成送最近医院，交接12分钟：平均有"
        "{erlang}辆车在工作，占{fleet}辆的{busy}。",
    ).filled(erlang=f"{found.erlang:.1f}", busy=_percent(today.busy), fleet=today.fleet)
    yield Words(
        en="New stations may stand in the cell with most people of each square of 2 km with "
        "{people} people or more, 1 km from standing ones at least: {count} places.",
        zh="新站候选：每2公里方格内人口最多的格（方格人口不少于{people}），距现有站1公里以上，"
        "共{count}处。",
    ).filled(people=500, count=len(found.town.candidates))


def _findings(found: Study) -> Iterator[Words]:
    today, five, one, _ = found.states
    town = found.town
    yield Words(
        en="Today {ambulances} ambulances at {with_} of {stations} stations have {once} of "
        "{people} people within eight minutes, {twice} within eight minutes of two. With {busy} of "
        "them at work on average, {expected} can expect a free one in time ({worked} where units "
        "help one another out).",
        zh="现状：{stations}个急救站中{with_}个有车，共{ambulances}辆；{people}人中{once}在8分钟内，{twice}"
        "在两辆车的8分钟内。平均{busy}的车辆在工作，期望覆盖{expected}（计入车辆互相支援为{worked}）。",
    ).filled(
        ambulances=today.fleet, with_=len(town.units), stations=len(town.stations),
        people=f"{town.people[town.known].sum():,.0f}", once=_percent(today.once),
        twice=_percent(today.twice), busy=_percent(today.busy), expected=_percent(today.expected),
        worked=_percent(today.worked),
    )  # fmt: skip
    more = found.more_units
    yield Words(
        en="Five more ambulances at standing stations ({where}) raise that to {expected} "
        "({worked}), and those within eight minutes to {once}. No other five do better than the "
        "bound: gap {gap}.",
        zh="在现有站增加5辆（{where}）后，期望覆盖升至{expected}（{worked}），8分钟内人口升至{once}。"
        "任何其他5辆的放法都不能超过界：差距{gap}。",
    ).filled(
        where=_where(found, five), expected=_percent(five.expected), worked=_percent(five.worked),
        once=_percent(five.once), gap=gap_text(more.value, more.bound),
    )  # fmt: skip
    (new,) = set(one.units) - set(town.units)
    yield Words(
        en="One more station with one ambulance does most near {name}: {once} within eight "
        "minutes, {gain} people more. In {share} of {repeats} redrawings of calls and speeds it is "
        "the same place, in {around} a place nearest to the same station: take the "
        "neighbourhood, not the corner.",
        zh="新增1站1车，以{name}附近收益最大：8分钟内人口升至{once}，新增{gain}人。在{repeats}次重抽"
        "呼叫与车速中，{share}选中同一地点，{around}选中同一急救站周边：可信的是片区，而非具体街角。",
    ).filled(
        name=_near(found, new), once=_percent(one.once), repeats=REPEATS,
        gain=f"{(one.once - today.once) * town.people[town.known].sum():,.0f}",
        share=f"{found.chosen.get(new, 0.0):.0%}", around=f"{_around(found, new):.0%}",
    )  # fmt: skip
    scratch = found.scratch
    known = town.people[town.known].sum()
    yield Words(
        en="As many sites as have an ambulance today, chosen as if nothing stood, would have "
        "{value} within eight minutes (no choice more than {bound}); those that stand have {once}.",
        zh="若从零开始选同样数量的站点，8分钟内人口可达{value}（上界{bound}）；现有站点为{once}。",
    ).filled(
        value=_percent(scratch.value / known), bound=_percent(scratch.bound / known),
        once=_percent(today.once),
    )  # fmt: skip
    ten = next(row for row in found.under_way if row.free == 20)
    yield Words(
        en="With 20 ambulances free on the roads, the nearest by straight line is not the quickest "
        "in {share} of calls; half of these lose more than {half} s.",
        zh="当路上有20辆空闲车辆时，{share}的呼叫中直线最近的车并非最快；其中半数损失超过{half}秒。",
    ).filled(share=_percent(ten.share), half=f"{ten.half_s:.0f}")


def _around(found: Study, key: str) -> float:
    """Return how often some place is chosen for which the same station is quickest."""
    station = named(found.town, key).rpartition(" ")[0]
    return sum(
        share
        for other, share in found.chosen.items()
        if other.startswith("c") and named(found.town, other).rpartition(" ")[0] == station
    )


def _key(found: Study, share: float, words: Words) -> KeyFigure:
    people = found.town.people[found.town.known].sum()
    return KeyFigure(round(share * people), words, alike(_percent(share)))


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _near(found: Study, key: str) -> Words:
    at = next(
        (one for one in found.town.candidates if one.key == key),
        next((one for one in found.town.stations if one.key == key), None),
    )
    assert at is not None
    return alike(at.name if key.startswith("s") else f"{at.name} ({at.lon:.3f}, {at.lat:.3f})")


def _where(found: Study, state: State) -> Words:
    more = [
        (named(found.town, key), count - found.town.units.get(key, 0))
        for key, count in state.units.items()
        if count > found.town.units.get(key, 0)
    ]
    return alike(", ".join(f"{name} +{count}" for name, count in more))


def _states(found: Study) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one, change in zip(found.states, found.changes, strict=True):
        rows.append((
            NAMES[one.name], one.fleet, one.once * 100, one.twice * 100, one.expected * 100,
            one.worked * 100, one.half_s / 60, one.nine_of_ten_s / 60,
            alike("–") if change is None else round(float(change.gains.sum())),
        ))  # fmt: skip
    return Table(
        "states", Words(en="Four fleets", zh="四种方案"),
        (
            Column("fleet", Words(en="Plan", zh="方案")),
            Column("ambulances", Words(en="Ambulances", zh="车辆")),
            Column("once", Words(en="Within 8 min, %", zh="8分钟内（%）"), 1, "%"),
            Column("twice", Words(en="Of two, %", zh="两辆（%）"), 1, "%"),
            Column("expected", Words(en="Expected, %", zh="期望覆盖（%）"), 1, "%"),
            Column("worked", Words(en="Helping out, %", zh="互相支援（%）"), 1, "%"),
            Column("half", Words(en="Half within, min", zh="半数（分钟）"), 1, "min"),
            Column("nine", Words(en="Nine of ten, min", zh="九成（分钟）"), 1, "min"),
            Column("gain", Words(en="People who gain", zh="受益人口")),
        ),
        tuple(rows),
        note=Words(
            en="Of people whose time is known. Expected: Daskin's MEXCLP, ambulances busy by "
            "themselves; helping out: hypercube (approximated above 12).",
            zh="按时间已知的人口。期望覆盖：Daskin MEXCLP，各车独立忙碌；互相支援：超立方模型"
            "（12辆以上为近似）。",
        ),
    )  # fmt: skip


def _stations(found: Study) -> Table:
    town = found.town
    today, five, one, _ = (_within(state) for state in found.states)
    rows: list[tuple[Cell, ...]] = []
    names = np.array(town.nearest)
    for place in town.stations:
        mine = town.known & (names == place.name)
        people = float(town.people[mine].sum())
        if people:
            rows.append((
                alike(place.name), town.units.get(place.key, 0), round(people),
                *(float(town.people[mine & within].sum()) / people * 100
                  for within in (today, five, one)),
            ))  # fmt: skip
    return Table(
        "stations", Words(en="By the station that is quickest", zh="按最快到达的急救站"),
        (
            Column("station", Words(en="Station", zh="急救站")),
            Column("ambulances", Words(en="Ambulances", zh="车辆")),
            Column("people", Words(en="People", zh="人口")),
            Column("today", Words(en="Within 8 min today, %", zh="现状8分钟内（%）"), 1, "%"),
            Column("five", Words(en="Five more, %", zh="增加5辆（%）"), 1, "%"),
            Column("one", Words(en="One station more, %", zh="新增1站（%）"), 1, "%"),
        ),
        tuple(rows),
    )  # fmt: skip


def _within(state: State) -> npt.NDArray[np.bool_]:
    return np.asarray(state.times.nearest() <= np.float32(LIMIT_S))


def _bootstraps(found: Study) -> Table:
    best = sorted(found.chosen.items(), key=lambda one: -one[1])[:8]
    return Table(
        "bootstraps",
        Words(en="How often a place is chosen for the one station", zh="新站各候选被选中的比例"),
        (
            Column("place", Words(en="Place", zh="地点")),
            Column("share", Words(en="Chosen, %", zh="选中（%）"), 0, "%"),
        ),
        tuple((_near(found, key), share * 100) for key, share in best),
        note=Words(
            en="{repeats} redrawings: a year's calls by chance, travel of each place longer or "
            "shorter by up to 15 %.",
            zh="{repeats}次重抽：全年呼叫随机，各地点行程在±15%内变动。",
        ).filled(repeats=REPEATS),
    )  # fmt: skip


def _wrong(name: str, title: Words, table: Sequence[WrongUnit]) -> Table:
    return Table(
        name, title,
        (
            Column("free", Words(en="Free", zh="空闲车辆")),
            Column("share", Words(en="Another is quicker, %", zh="另有更快（%）"), 1, "%"),
            Column("half", Words(en="Half lose more than, s", zh="半数损失超过（秒）"), 0, "s"),
            Column("nine", Words(en="A tenth lose more than, s", zh="一成损失超过（秒）"), 0, "s"),
            Column("mean", Words(en="Mean of all calls, s", zh="全部呼叫平均（秒）"), 0, "s"),
        ),
        tuple((one.free, one.share * 100, one.half_s, one.nine_of_ten_s, one.lost_s)
              for one in table),
    )  # fmt: skip


def _marks(found: Study, state: State) -> Marks:
    town = found.town
    marks = []
    for place in (*town.stations, *town.candidates):
        stands, will = town.units.get(place.key, 0), state.units.get(place.key, 0)
        if place.key.startswith("c") and not will:
            continue
        kind = 3 if place.key.startswith("c") else 2 if will > stands else 0 if stands else 1
        marks.append(Mark(place.lon, place.lat, alike(place.name), kind, modelled=False))
    # What is new lies above what stands.
    marks.sort(key=lambda one: one.of_class)
    return Marks(
        "sites", Words(en="Stations", zh="急救站"), (STATION, EMPTY, MORE, NEW), tuple(marks)
    )


def _today_map(found: Study) -> MapFigure:
    town, today = found.town, found.states[0]
    reaching = units_reaching(today.times, Fleet.always(town.units), limit_s=LIMIT_S)[:, 0]
    kind = np.where(~town.known, 3, np.where(reaching >= 2, 0, np.where(reaching >= 1, 1, 2)))
    drawn = tuple(
        Surface(shade, shapely.union_all(shapely.set_precision(town.shape[kind == at], 1e-6)))
        for at, shade in enumerate(OF_TIMES)
        if (kind == at).any()
    )
    return MapFigure(
        "today", Words(en="Within eight minutes of the call, today", zh="现状：呼叫后8分钟内"),
        Words(
            en="Auckland's cells of 400 m by how many ambulances reach them within eight minutes; "
            "the isthmus and the south twice, the edges not at all.",
            zh="奥克兰400米格网，按8分钟内可到达的救护车数量着色；市区多为两辆及以上，边缘为无。",
        ),
        layers=(), surfaces=drawn, surfaces_title=Words(en="Ambulances", zh="救护车"),
        marks=(_marks(found, today),),
    )  # fmt: skip


def _change_map(found: Study, state: State, name: str, title: Words) -> MapFigure:
    town, today = found.town, found.states[0]
    change = change_of(today.times.nearest(), state.times.nearest(), town.known, limit_s=LIMIT_S)
    return MapFigure(
        name, title,
        Words(
            en="Auckland's cells of 400 m by what becomes of their people: within the limit, "
            "beyond it, quicker, newly within.",
            zh="奥克兰400米格网，按人口受影响情况着色：时限内、时限外、变快、新进入时限。",
        ),
        layers=(), surfaces=surfaces(town.shape, change),
        surfaces_title=Words(en="People", zh="人口"), marks=(_marks(found, state),),
    )  # fmt: skip


def ground(found: Study) -> Ground:
    """Return land, sea and main roads around the stations."""
    import pyogrio

    town = found.town
    at = points(town.stations)
    (west, south), (east, north) = at.min(axis=0) - 0.06, at.max(axis=0) + 0.06
    bounds = (float(west), float(south), float(east), float(north))
    border = pyogrio.read_dataframe(f"/vsizip/{DATA / 'auckland_border.zip'}/auckland_border.shp")
    frame = shapely.box(*bounds).buffer(1.0)
    land = shapely.simplify(shapely.union_all(border.geometry.to_numpy()), 0.0002)
    return Ground(
        bounds=bounds, areas=(), water=shapely.difference(frame, land),
        roads=tuple(
            RoadShape(highway, shapely.simplify(shape, 0.0001))
            for highway, shape in main_roads(town.roads.city).items()
        ),
        marks=(),
    )  # fmt: skip


def write(found: Study, folder: Path) -> Iterator[Path]:
    """Write the files of both languages and return where."""
    told, below = document(found), ground(found)
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        files = render(
            told, {one.name: below for one in told.maps}, language=language,
            formats=[one for one in Format if one is not Format.CHARTS],
            font=chinese_family(installed_families()),
        )  # fmt: skip
        for made_as, content in files.items():
            path = folder / file_name("study", "auckland", language, made_as)
            path.write_bytes(content)
            yield path
        for figure in told.maps:
            path = folder / f"auckland-{figure.name}-{language}.png"
            drawn = plan.svg(
                figure, below, language=language, provenance=told.provenance,
                attribution=told.attribution,
            )  # fmt: skip
            path.write_bytes(png_of_svg(drawn))
            yield path
