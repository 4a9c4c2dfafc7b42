"""The map of a bulletin: districts by how their rate stands to the whole, else by cases."""

from collections.abc import Sequence

from gis.documents import MapFigure, Shade
from gis.kernels.rates import rate_per_1e5
from gis.words import Words, listed
from surveillance.bulletin.model import AreaRow, Bulletin, Count, Of

# Okabe and Ito's sky blue and orange, told apart by all; letters for print without colour.
_UNKNOWN = Shade(Words(en="not known", zh="未知"), "#FFFFFF", "?")
_RATES = (
    Shade(Words(en="clearly below the whole", zh="明显低于总体"), "#56B4E9", "−"),
    Shade(Words(en="not told apart from the whole", zh="与总体无明显差别"), "#E3E6E8", "="),
    Shade(Words(en="clearly above the whole", zh="明显高于总体"), "#E69F00", "+"),
    _UNKNOWN,
)
_FROM = (0, 1, 5, 20, 100, 500)
_COLOURS = ("#F4F5F6", "#FCE7CF", "#F9C78F", "#F1A04B", "#D97414", "#A64800")
_CASES = (
    *(
        Shade(
            Words(en=f"{first} cases", zh=f"{first}例")
            if first == 0
            else Words(en=f"{first} and more", zh=f"{first}例及以上")
            if following is None
            else Words(en=f"{first} to {following - 1}", zh=f"{first}至{following - 1}例"),
            colour, str(place),
        )
        for place, (first, following, colour) in enumerate(
            zip(_FROM, (*_FROM[1:], None), _COLOURS, strict=True)
        )
    ),
    _UNKNOWN,
)  # fmt: skip


def district_map(bulletin: Bulletin, disease: str | None) -> MapFigure:
    """Return the map of a disease's cases of the period by district; None: of districts only."""
    if disease is None:
        title = Words(en="Districts", zh="各区")
        return MapFigure(name="map", title=title, alt=title, layers=())
    (row,) = (one for one in bulletin.rows if one.code == disease)
    counts = [one.by_disease.get(disease, Count(0)) for one in bulletin.areas]
    whole = row.cases[Of.PERIOD].value
    rated = (
        whole is not None and bulletin.residents is not None and bool(bulletin.areas)
        and all(one.residents for one in bulletin.areas)
    )  # fmt: skip
    shades = _RATES if rated else _CASES
    places = [
        _rate_class(count, one, whole or 0, bulletin.residents or 1) if rated else _class(count)
        for count, one in zip(counts, bulletin.areas, strict=True)
    ]
    titled = _BY_RATE if rated else _BY_CASES
    return MapFigure(
        name="map", layers=(), shades=shades,
        shade_of={one.code: place for one, place in zip(bulletin.areas, places, strict=True)},
        title=titled.filled(disease=row.words),
        alt=Words(en="Map. {parts}.", zh="地图。{parts}。").filled(
            parts=listed(_parts(shades, places, bulletin.areas))
        ),
        shades_title=_RATES_TITLE if rated else _CASES_TITLE,
        values={
            one.code: _value(count) for one, count in zip(bulletin.areas, counts, strict=True)
        },
        note=None if rated else Words(
            en="By cases, as the residents of some district are not known: where more people live, "
            "more fall ill.",
            zh="部分区人口未知，故按病例数着色：人口多的区病例自然较多。",
        ),
    )  # fmt: skip


def _class(count: Count) -> int:
    if count.value is None:
        return len(_FROM)
    return max(place for place, first in enumerate(_FROM) if count.value >= first)


def _rate_class(count: Count, one: AreaRow, whole: int, residents: int) -> int:
    """Return how a district's rate stands to the whole: told apart only beyond its interval."""
    if count.value is None or not one.residents:
        return len(_RATES) - 1
    rate, total = rate_per_1e5(count.value, one.residents), rate_per_1e5(whole, residents).value
    return 0 if rate.high < total else 2 if rate.low > total else 1


def _value(count: Count) -> Words:
    cell = count.cell
    if isinstance(cell, Words):
        return cell
    return _UNKNOWN.words if cell is None else _N_CASES.filled(n=f"{cell:,}")


def _parts(shades: Sequence[Shade], places: Sequence[int], areas: Sequence[AreaRow]) -> list[Words]:
    return [
        Words(en="{shade}: {districts}", zh="{shade}：{districts}").filled(
            shade=shade.words,
            districts=listed(
                [one.words for one, its in zip(areas, places, strict=True) if its == place]
            ),
        )
        for place, shade in enumerate(shades)
        if place in places
    ]


_N_CASES = Words(en="{n} cases", zh="{n}例")
_BY_RATE = Words(
    en="{disease}: districts by cases per resident", zh="{disease}：各区发病率与总体比较"
)
_BY_CASES = Words(en="{disease}: cases by district", zh="{disease}：各区病例数")
_RATES_TITLE = Words(en="Cases per resident", zh="发病率")
_CASES_TITLE = Words(en="Cases of the period", zh="本期病例数")
