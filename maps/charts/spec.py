"""A chart as Vega-Lite: titles in one language, Okabe–Ito colours, provenance inside the chart.

The same specification is drawn by the pages (vega-embed) and into reports (`maps.charts.drawing`).
Altair is loaded by whoever asks for a chart, not by every process.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from gis.cartography import FONT
from gis.documents import BADGES, UNKNOWN, Cell, Chart, ChartKind, Interval
from gis.rooms.layers import Provenance
from gis.words import Language, Words
from maps.charts.colours import BLUE, FAINT, INK, ORANGE, Spec

WIDTH_PX, ROW_PX, LINES_HEIGHT_PX, BARS_HEIGHT_PX = 440, 20, 220, 110
LONGEST_LABEL_PX, LONGEST_TITLE_PX = 190, 620
FAR = 0.1
"""Of two stairs: farther than this share from where they end, nobody looks."""
NARROW = 0.005
"""The least that the frame of two stairs holds above and below their end, as a share of it."""
_STAIRS = ("value", "beside")


def vega_lite(chart: Chart, *, language: Language, provenance: Provenance) -> Spec:
    """Return a chart's Vega-Lite specification (version 6), JSON-ready, with its data inside.

    Modelled and simulated data say so in the chart's subtitle, which goes along with every copy.
    """
    drawn = _DRAWN[chart.kind]
    spec: Spec = (
        drawn(chart, language)
        .properties(
            title=_title(chart, language, provenance),
            description=chart.alt.in_language(language),
            width=WIDTH_PX,
        )
        .configure(font=", ".join(FONT), background="#ffffff", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=FAINT, titleFontWeight="normal", labelFontSize=11,
            titleFontSize=11, titlePadding=8, gridColor="#e3e6e8",
            domainColor="#a3abb3", tickColor="#a3abb3",
        )
        .to_dict()
    )  # fmt: skip
    return spec


def _title(chart: Chart, language: Language, provenance: Provenance) -> alt.TitleParams:
    badge = BADGES[provenance]
    return alt.TitleParams(
        chart.title.in_language(language), anchor="start", color=INK, fontSize=14, offset=12,
        limit=LONGEST_TITLE_PX, subtitle=badge.in_language(language) if badge else [],
        subtitleColor=ORANGE, subtitleFontSize=10.5,
    )  # fmt: skip


def _axis_title(chart: Chart, language: Language) -> list[str]:
    words = (chart.table.columns[chart.table.column(chart.value)].words, chart.note)
    return [one.in_language(language) for one in words if one is not None]


def _ranked_dots(chart: Chart, language: Language) -> alt.LayerChart:
    rows = _rows(chart, language)
    order = [row["across"] for row in rows]
    unit = chart.table.columns[chart.table.column(chart.value)]
    y = alt.Y(
        "across:N", sort=order, title=None,
        axis=alt.Axis(labelLimit=LONGEST_LABEL_PX, grid=True, ticks=False, domain=False),
    )  # fmt: skip
    title = _axis_title(chart, language)
    x = alt.X("value:Q", title=title, scale=alt.Scale(zero=True, nice=True))
    base = _chart(rows).encode(y=y)
    layers: list[alt.Chart] = [
        base.mark_rule(strokeWidth=3, color=BLUE, opacity=0.35).encode(
            x=alt.X("low:Q", title=title), x2="high:Q"
        ),
        base.mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(
            x=x, tooltip=_tooltip(chart, language)
        ),
        base.transform_filter("datum.value !== null")
        .mark_text(align="right", fontSize=11, color=INK)
        .encode(x=alt.value(WIDTH_PX + 34), text=alt.Text("value:Q", format=f",.{unit.digits}f")),
        base.transform_filter("datum.value === null")
        .mark_text(align="right", fontSize=11, color=FAINT, fontStyle="italic")
        .encode(x=alt.value(WIDTH_PX + 34), text="said:N"),
    ]
    if chart.reference is not None:
        layers = [*_reference(chart.reference, language, unit.digits), *layers]
    return alt.LayerChart(layer=layers).properties(height=alt.Step(ROW_PX))


def _chart(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(rows)))


def _reference(
    reference: tuple[float, Words], language: Language, digits: int
) -> list[alt.Chart]:  # fmt: skip
    value, words = reference
    said = f"{words.in_language(language)} {value:,.{digits}f}"
    base = _chart([{"value": value, "said": said}]).encode(x="value:Q")
    return [
        base.mark_rule(color=ORANGE, strokeDash=[5, 3], strokeWidth=1.4),
        base.mark_text(align="center", y=-7, color=ORANGE, fontSize=10.5).encode(text="said:N"),
    ]


def _lines(chart: Chart, language: Language) -> alt.LayerChart:
    x = alt.X("across:T", title=None, axis=alt.Axis(format="%Y-%m-%d", labelAngle=0))
    y = alt.Y("value:Q", title=_axis_title(chart, language))
    base = _chart(_rows(chart, language)).encode(x=x)
    layers = [
        base.mark_area(color=BLUE, opacity=0.2).encode(y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(color=BLUE, strokeWidth=2, point=True).encode(
            y=y, tooltip=_tooltip(chart, language)
        ),
    ]
    if chart.reference is not None:
        value, words = chart.reference
        line = _chart([{"value": value, "said": words.in_language(language)}]).encode(y="value:Q")
        layers += [
            line.mark_rule(color=ORANGE, strokeDash=[5, 3]),
            line.mark_text(align="left", x=2, dy=-6, color=ORANGE).encode(text="said:N"),
        ]
    return alt.LayerChart(layer=layers).properties(height=LINES_HEIGHT_PX)


def _bars(chart: Chart, language: Language) -> alt.LayerChart:
    """Draw bars over time, and another column as a dashed line; a legend says which is which."""
    x = alt.X(
        "across:T", title=None, axis=alt.Axis(format="%Y-%m-%d", labelAngle=0, tickCount=6)
    )  # fmt: skip
    drawn = [(chart.value, "value:Q", BLUE)]
    if chart.beside is not None:
        drawn.append((chart.beside, "beside:Q", ORANGE))
    names = [
        chart.table.columns[chart.table.column(key)].words.in_language(language)
        for key, _, _ in drawn
    ]
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=names, range=[one for _, _, one in drawn]),
        legend=alt.Legend(orient="top", title=None, labelLimit=LONGEST_TITLE_PX),
    )  # fmt: skip
    title = None if chart.note is None else chart.note.in_language(language)
    layers: list[alt.Chart] = []
    for (_, field, _), name in zip(drawn, names, strict=True):
        base = (
            _chart(_rows(chart, language))
            .transform_calculate(what=json.dumps(name))
            .encode(x=x, y=alt.Y(field, title=title, axis=alt.Axis(tickMinStep=1)), color=colour)
        )
        layers.append(
            base.mark_line(strokeDash=[5, 3], strokeWidth=1.6)
            if layers
            else base.mark_bar(opacity=0.8, width=5).encode(tooltip=_tooltip(chart, language))
        )
    return alt.LayerChart(layer=layers).properties(height=BARS_HEIGHT_PX)


def _steps(chart: Chart, language: Language) -> alt.LayerChart:
    """Draw two stairs over a number, shade what lies between them, name them in a legend."""
    assert chart.beside is not None
    across, found, proved = (
        chart.table.columns[chart.table.column(key)].words.in_language(language)
        for key in (chart.across, chart.value, chart.beside)
    )
    rows, scale = _near_the_end(_rows(chart, language))
    x = alt.X("across:Q", title=across, scale=alt.Scale(zero=True, nice=False))
    title = None if chart.note is None else chart.note.in_language(language)
    y = alt.Y("value:Q", title=title, scale=scale)
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=[found, proved], range=[BLUE, ORANGE]),
        legend=alt.Legend(orient="top", title=None, labelLimit=LONGEST_TITLE_PX),
    )  # fmt: skip
    both = "datum.value !== null && datum.beside !== null"
    between = (
        _chart(rows)
        .transform_filter(both)
        .mark_area(color=BLUE, opacity=0.12, interpolate="step-after")
        .encode(x=x, y=y, y2="beside:Q")
    )
    stairs = [
        _chart(rows)
        .transform_filter(f"datum.{field} !== null")
        .transform_calculate(what=json.dumps(name))
        .mark_line(interpolate="step-after", strokeWidth=2, strokeDash=dash)
        .encode(x=x, y=alt.Y(f"{field}:Q", title=title, scale=scale), color=colour)
        for field, name, dash in (("value", found, [1, 0]), ("beside", proved, [5, 3]))
    ]
    return alt.LayerChart(layer=[between, *stairs]).properties(height=LINES_HEIGHT_PX)


def _near_the_end(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[Sequence[Mapping[str, Any]], alt.Scale]:
    """Return rows and scale with what lies far from the last value at the edge: it hides the rest.

    A first, idle bound is such; the table has it. Not left to a clip: a line that begins a mile
    above the page is drawn dash by dash by some readers of print.
    """
    told = [row[key] for row in rows for key in _STAIRS if row[key] is not None]
    if not told:
        return rows, alt.Scale(zero=False)
    ends = [rows[-1][key] for key in _STAIRS if rows[-1][key] is not None] or told[-1:]
    near = [one for one in told if abs(one - ends[0]) <= FAR * abs(ends[0])] + ends
    low, high = min(near), max(near)
    # What differs by rounding alone is drawn as one line.
    least = NARROW * abs(ends[0])
    low, high = min(low, ends[0] - least), max(high, ends[0] + least)
    held = [
        {**row, **{key: None if row[key] is None else min(max(row[key], low), high)
                   for key in _STAIRS}}
        for row in rows
    ]  # fmt: skip
    return held, alt.Scale(zero=False, domain=[low, high] if low < high else alt.Undefined)


_DRAWN = {
    ChartKind.RANKED_DOTS: _ranked_dots, ChartKind.LINES: _lines, ChartKind.BARS: _bars,
    ChartKind.STEPS: _steps,
}  # fmt: skip


def _tooltip(chart: Chart, language: Language) -> list[alt.Tooltip]:
    across, value = (
        chart.table.columns[chart.table.column(key)].words.in_language(language)
        for key in (chart.across, chart.value)
    )
    digits = chart.table.columns[chart.table.column(chart.value)].digits
    number = f",.{digits}f"
    return [
        alt.Tooltip("across:N", title=across),
        alt.Tooltip("value:Q", title=value, format=number),
        alt.Tooltip("low:Q", title="2.5 %", format=number),
        alt.Tooltip("high:Q", title="97.5 %", format=number),
    ]


def _rows(chart: Chart, language: Language) -> list[Mapping[str, Any]]:
    """Return the chart's data: largest value first, what is unknown last, as its words."""
    across, value = chart.table.column(chart.across), chart.table.column(chart.value)
    beside = None if chart.beside is None else chart.table.column(chart.beside)
    rows: list[Mapping[str, Any]] = []
    for row in chart.table.rows:
        cell, name = row[value], row[across]
        number = cell.value if isinstance(cell, Interval) else cell
        if isinstance(number, Words):
            number = None
        rows.append({
            "across": _named(name, chart, language),
            "value": number,
            "low": cell.low if isinstance(cell, Interval) else None,
            "high": cell.high if isinstance(cell, Interval) else None,
            "said": UNKNOWN.in_language(language),
            **({} if beside is None else {"beside": _plain(row[beside])}),
        })  # fmt: skip
    if chart.kind is ChartKind.RANKED_DOTS:
        rows.sort(key=lambda row: (row["value"] is None, -(row["value"] or 0.0)))
    return rows


def _named(cell: Cell, chart: Chart, language: Language) -> str | float | None:
    if isinstance(cell, Words):
        return cell.in_language(language)
    return _plain(cell) if chart.kind is ChartKind.STEPS else str(cell)


def _plain(cell: Cell) -> float | None:
    return cell if isinstance(cell, int | float) else None
