"""Charts of a disease: its curve with what was expected, days of onset, seasons, areas, ages.

Vega-Lite with the data inside, drawn by the pages. Colours are Okabe and Ito's; an alarm is also a
triangle, what is expected a dashed line, a nowcast hatched by its outline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gis.cartography import FONT
from gis.words import Language, Words
from maps.charts.colours import BLUE, FAINT, INK, ORANGE, Spec
from surveillance.signals.curves import AreaCurveView, DiseaseView

WIDTH_PX, HEIGHT_PX, SMALL_HEIGHT_PX = 520, 190, 56
GREY = "#a3abb3"

CURVE = Words(en="Cases in seven days, and what was expected", zh="7日病例数与预期值")
ONSETS = Words(
    en="Cases by day of onset; the newest days will still grow", zh="按发病日期；最近几日仍会补报"
)
REPRODUCTION = Words(
    en="How many each case infects (seven days of onset, 95 %)",
    zh="有效再生数（发病7日窗口，95%区间）",
)
SEASONS = Words(en="This season beside those before, by ISO week", zh="本季与往年同期（ISO周）")
AREAS = Words(en="By area: cases in seven days, half a year", zh="各区：7日病例数（近半年）")
AGES = Words(en="By age: last four weeks, and the four before", zh="年龄：近4周与前4周")
CASES = Words(en="cases", zh="病例")
EXPECTED = Words(en="expected", zh="预期")
THRESHOLD = Words(en="threshold", zh="阈值")
ALARM = Words(en="above the threshold", zh="超过阈值")
NOWCAST = Words(en="expected once all are reported", zh="预计补报后")
LAST, BEFORE = Words(en="last 4 weeks", zh="近4周"), Words(en="4 weeks before", zh="前4周")


@dataclass(frozen=True, slots=True, kw_only=True)
class EpidemicChart:
    """One chart; `title` also says it to those who cannot see it."""

    name: str
    title: Words
    spec: Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class EpidemicCharts:
    """A disease as figures and as charts; `view` None: nothing that the viewer may see."""

    view: DiseaseView | None
    charts: list[EpidemicChart]


def epidemic_charts(view: DiseaseView | None, *, language: Language) -> EpidemicCharts:
    """Return the charts of a disease in one language."""
    if view is None:
        return EpidemicCharts(view=None, charts=[])
    made = [
        ("curve", CURVE, _curve(view, language)),
        ("onsets", ONSETS, _onsets(view, language)),
        ("reproduction", REPRODUCTION, _reproduction(view, language)),
        ("seasons", SEASONS, _seasons(view, language)),
        ("areas", AREAS, _areas(view.areas, language)),
        ("ages", AGES, _ages(view, language)),
    ]
    return EpidemicCharts(
        view=view,
        charts=[
            EpidemicChart(name=name, title=title, spec=_whole(title.in_language(language), spec))
            for name, title, spec in made
            if spec is not None
        ],
    )


def _whole(title: str, spec: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": title,
        "title": {"text": title, "anchor": "start", "color": INK, "fontSize": 14, "offset": 10},
        "background": "#ffffff",
        "padding": 6,
        "config": {
            "font": ", ".join(FONT),
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK, "titleColor": FAINT, "titleFontWeight": "normal",
                "gridColor": "#e3e6e8", "domainColor": GREY, "tickColor": GREY,
            },
            "legend": {"labelColor": INK, "orient": "top", "title": None},
        },
    } | spec  # fmt: skip


def _x(language: Language, *, by_day: bool = False) -> dict[str, Any]:
    """Return the axis of days; months are told by number in Chinese, so that none is English."""
    months = "%-m月" if language == "zh" else "%b %Y"
    return {
        "field": "day", "type": "temporal", "title": None,
        "axis": {"format": "%m-%d" if by_day else months, "labelAngle": 0, "tickCount": 8},
    }  # fmt: skip


def _y(title: str | None) -> dict[str, Any]:
    return {"field": "cases", "type": "quantitative", "title": title, "axis": {"tickMinStep": 1}}


def _curve(view: DiseaseView, language: Language) -> Spec | None:
    rows = [
        {"day": week.last_day.isoformat(), "cases": week.cases, "expected": week.expected,
         "threshold": week.threshold, "alarm": week.alarm}
        for week in view.weeks
    ]  # fmt: skip
    names = {
        "cases": CASES.in_language(language), "expected": EXPECTED.in_language(language),
        "threshold": THRESHOLD.in_language(language), "alarm": ALARM.in_language(language),
    }  # fmt: skip
    tooltip = [
        {"field": "day", "type": "temporal", "format": "%Y-%m-%d", "title": " "},
        *(
            {"field": name, "type": "quantitative", "format": ".3~g", "title": names[name]}
            for name in ("cases", "expected", "threshold")
        ),
    ]
    colours = {
        "field": "what", "type": "nominal",
        "scale": {"domain": [names["expected"], names["threshold"], names["alarm"]],
                  "range": [INK, ORANGE, ORANGE]},
    }  # fmt: skip
    lines = [
        {
            "transform": [{"calculate": f"'{names[name]}'", "as": "what"}],
            "mark": {"type": "line", "strokeDash": dash, "strokeWidth": 1.6, "clip": True},
            "encoding": {
                "y": {"field": name, "type": "quantitative"}, "color": colours,
            },
        }
        for name, dash in (("expected", [2, 2]), ("threshold", [6, 3]))
    ]  # fmt: skip
    return {
        "width": WIDTH_PX, "height": HEIGHT_PX, "data": {"values": rows},
        "encoding": {"x": _x(language)},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE, "opacity": 0.75, "width": 7},
                "encoding": {"y": _y(names["cases"]), "tooltip": tooltip},
            },
            *lines,
            {
                "transform": [
                    {"filter": "datum.alarm"},
                    {"calculate": f"'{names['alarm']}'", "as": "what"},
                ],
                "mark": {"type": "point", "shape": "triangle-up", "filled": True, "size": 60,
                         "dy": -8, "opacity": 1},
                "encoding": {"y": {"field": "cases", "type": "quantitative"}, "color": colours,
                             "tooltip": tooltip},
            },
        ],
    }  # fmt: skip


def _onsets(view: DiseaseView, language: Language) -> Spec | None:
    if not view.onsets:
        return None
    rows = [
        {"day": one.day.isoformat(), "cases": one.cases, "median": one.median, "low": one.low,
         "high": one.high}
        for one in view.onsets
    ]  # fmt: skip
    name = NOWCAST.in_language(language)
    return {
        "width": WIDTH_PX, "height": HEIGHT_PX, "data": {"values": rows},
        "encoding": {"x": _x(language, by_day=True)},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE, "opacity": 0.75, "width": 5},
                "encoding": {
                    "y": _y(CASES.in_language(language)),
                    "tooltip": [
                        {"field": "day", "type": "temporal", "format": "%Y-%m-%d", "title": " "},
                        {"field": "cases", "title": CASES.in_language(language)},
                        {"field": "median", "title": name},
                    ],
                },
            },
            {
                "transform": [{"filter": "isValid(datum.median)"}],
                "mark": {"type": "area", "color": ORANGE, "opacity": 0.25,
                         "line": {"color": ORANGE, "strokeWidth": 0.8}},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"},
                },
            },
            {
                "transform": [
                    {"filter": "isValid(datum.median)"},
                    {"calculate": f"'{name}'", "as": "what"},
                ],
                "mark": {"type": "line", "strokeWidth": 1.6, "strokeDash": [4, 2]},
                "encoding": {
                    "y": {"field": "median", "type": "quantitative"},
                    "color": {"field": "what", "type": "nominal", "scale": {"range": [ORANGE]}},
                },
            },
        ],
    }  # fmt: skip


def _reproduction(view: DiseaseView, language: Language) -> Spec | None:
    rows = [
        {"day": one.day.isoformat(), "mean": one.mean, "low": one.low, "high": one.high}
        for one in view.reproduction.days
    ]
    if not rows:
        return None
    number = {"type": "quantitative", "format": ".2f"}
    return {
        "width": WIDTH_PX, "height": HEIGHT_PX, "data": {"values": rows},
        "encoding": {"x": _x(language, by_day=True)},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.mean)"}],
                "mark": {"type": "area", "color": BLUE, "opacity": 0.2},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative", "title": "R",
                          "scale": {"zero": True}},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.8,
                         "invalid": "break-paths-show-domains"},
                "encoding": {
                    "y": {"field": "mean", "type": "quantitative"},
                    "tooltip": [
                        {"field": "day", "type": "temporal", "format": "%Y-%m-%d", "title": " "},
                        {"field": "mean", "title": "R", **number},
                        {"field": "low", "title": "2.5 %", **number},
                        {"field": "high", "title": "97.5 %", **number},
                    ],
                },
            },
            {
                "data": {"values": [{"one": 1}]},
                "mark": {"type": "rule", "color": ORANGE, "strokeDash": [5, 3]},
                "encoding": {"x": None, "y": {"field": "one", "type": "quantitative"}},
            },
        ],
    }  # fmt: skip


def _seasons(view: DiseaseView, language: Language) -> Spec | None:
    newest = max((one.year for one in view.seasons), default=0)
    rows = [
        {"week": week, "cases": cases, "year": str(one.year), "now": one.year == newest}
        for one in view.seasons
        for week, cases in enumerate(one.cases, 1)
    ]
    if not rows:
        return None
    years = [str(one.year) for one in view.seasons]
    greys = ["#c9cfd4", "#b4bcc3", "#9aa4ad", "#7d8892", "#5f6971"][-(len(years) - 1) :]
    dashes = [[1, 2], [3, 2], [5, 2], [7, 3], [9, 3]][-(len(years) - 1) :]
    if len(years) == 1:
        greys, dashes = [], []
    return {
        "width": WIDTH_PX, "height": HEIGHT_PX, "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 1.8},
        "encoding": {
            "x": {"field": "week", "type": "quantitative", "title": None,
                  "scale": {"domain": [1, 53]}},
            "y": _y(CASES.in_language(language)),
            "color": {"field": "year", "type": "nominal",
                      "scale": {"domain": years, "range": [*greys, ORANGE]}},
            "strokeDash": {"field": "year", "type": "nominal",
                           "scale": {"domain": years, "range": [*dashes, [1, 0]]}},
            "tooltip": [{"field": "year"}, {"field": "week"}, {"field": "cases"}],
        },
    }  # fmt: skip


def _areas(areas: Sequence[AreaCurveView], language: Language) -> Spec | None:
    rows = [
        {"place": f"{one.place.in_language(language)} · {one.total:,}",
         "week": number - len(one.cases), "cases": cases}
        for one in areas
        for number, cases in enumerate(one.cases, 1)
    ]  # fmt: skip
    if not rows:
        return None
    order = [f"{one.place.in_language(language)} · {one.total:,}" for one in areas]
    return {
        "data": {"values": rows}, "columns": 4,
        "facet": {"field": "place", "type": "nominal", "title": None, "sort": order,
                  "header": {"labelColor": INK, "labelFontSize": 11, "labelAnchor": "start"}},
        "spec": {
            "width": 110, "height": SMALL_HEIGHT_PX,
            "mark": {"type": "bar", "color": BLUE, "opacity": 0.75},
            "encoding": {
                "x": {"field": "week", "type": "ordinal", "axis": None},
                "y": {"field": "cases", "type": "quantitative", "title": None,
                      "axis": {"tickCount": 2, "tickMinStep": 1}},
                "tooltip": [{"field": "cases", "title": CASES.in_language(language)}],
            },
        },
    }  # fmt: skip


def _ages(view: DiseaseView, language: Language) -> Spec | None:
    when = {LAST.in_language(language): "cases", BEFORE.in_language(language): "before"}
    rows = [
        {"age": one.age_group, "when": name, "cases": getattr(one, field)}
        for one in view.ages
        for name, field in when.items()
    ]
    if not rows:
        return None
    return {
        "width": WIDTH_PX, "height": {"step": 14}, "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "age", "type": "ordinal", "title": None, "sort": None},
            "yOffset": {"field": "when", "sort": list(when)},
            "x": {"field": "cases", "type": "quantitative", "title": CASES.in_language(language),
                  "axis": {"tickMinStep": 1}},
            "color": {"field": "when", "type": "nominal",
                      "scale": {"domain": list(when), "range": [BLUE, GREY]}},
            "tooltip": [{"field": "age"}, {"field": "when"}, {"field": "cases"}],
        },
    }  # fmt: skip
