"""Place search: typos, 中文 and Latin, crossings, house numbers, and never a guess far apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places.scoring import (
    FAR_APART_M,
    SIMILAR_SCORE,
    PlaceCandidate,
    choose,
    core_of,
    name_score,
    parse_query,
    score,
)
from gis.geometry import Wgs84Point

METRE = 1 / 111_195.0


def place(name, *, zh=None, kind="facility", lon=114.0, lat=22.5, place_id=1, number=None,
          street=None):  # fmt: skip
    return PlaceCandidate(
        place_id, kind, name, zh, None, street, number, "", lon, lat, radius_m=30.0, modelled=False
    )


@pytest.mark.parametrize(
    ("text", "crossing"),
    [
        ("深南大道与新洲路", ("深南大道", "新洲路")),
        ("深南大道和新洲路交叉口", ("深南大道", "新洲路")),
        ("Balmaceda & Prat", ("balmaceda", "prat")),
        ("Balmaceda con Prat", ("balmaceda", "prat")),
        ("Cordovez/Balmaceda", ("cordovez", "balmaceda")),
        ("和平路", None),
        ("Plaza de Armas", None),
    ],
)
def test_crossings_are_recognised(text, crossing):
    assert parse_query(text).crossing == crossing


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Balmaceda 1500", "balmaceda", "1500"),
        ("Av. Balmaceda, Nº 1500", "av balmaceda", "1500"),
        ("12 Main Street", "main street", "12"),
        ("深南大道2008号", "深南大道", "2008"),
        ("深南大道", None, None),
    ],
)
def test_house_numbers_are_recognised(text, street, number):
    query = parse_query(text)
    assert (query.street, query.house_number) == (street, number)


@pytest.mark.parametrize(
    ("query", "name", "zh"),
    [
        ("hospital san pablo", "Hospital San Pablo", None),
        ("ospital sanpablo", "Hospital San Pablo", None),
        ("Hopsital San Pablo", "Hospital San Pablo", None),
        ("Peñuelas", "Penuelas", None),
        ("深南大道", "Shennan Boulevard", "深南大道"),
        ("深男大道", "深南大道", "深南大道"),
        ("shennan dadao", "深南大道", "深南大道"),
        ("人民医元", "人民医院", "人民医院"),
        ("avenida balmacedda", "Avenida Balmaceda", None),
        ("avenida balmacedda", "Balmaceda", None),
        ("av balmacedda", "José Manuel Balmaceda", None),
        ("calle prat", "Prat", None),
    ],
)
def test_misspelt_names_are_picked(query, name, zh):
    right = place(name, zh=zh)
    others = [
        place("Estación Central", lon=114.1, place_id=2),
        place("福田区", lon=114.2, place_id=3),
    ]
    answer = choose(parse_query(query), [*others, right], limit=5)
    assert answer.picked is not None
    assert answer.picked.place_id == 1


@pytest.mark.parametrize(
    ("name", "core", "kind"),
    [
        ("avenida balmaceda", "balmaceda", "avenida"),
        ("av del mar", "del mar", "avenida"),
        ("main street", "main", "street"),
        ("深南大道", "深南", "大道"),
        ("新洲路", "新洲", "路"),
        ("avenida", "avenida", None),
        ("道路", "道路", None),
    ],
)
def test_street_words_are_taken_off_if_more_remains(name, core, kind):
    assert core_of(name) == (core, frozenset({kind} if kind else ()))


def test_a_shared_street_word_makes_no_two_streets_alike():
    streets = [place("Avenida Balmaceda"), place("Avenida Bolivia", lon=114.1, place_id=2),
               place("Calle Balmaceda Norte", lon=114.2, place_id=3)]  # fmt: skip
    answer = choose(parse_query("avenida balmacedda"), streets, limit=5)
    assert answer.picked is not None
    assert answer.picked.place_id == 1
    assert answer.places[-1].name == "Avenida Bolivia"
    assert answer.places[-1].score < 0.6
    exact = [place("Calle Prat"), place("Prat", lon=114.1, place_id=2),
             place("Avenida Prat", lon=114.2, place_id=3)]  # fmt: skip
    assert choose(parse_query("calle prat"), exact, limit=5).picked.place_id == 1
    roads = [place("人民路", zh="人民路"), place("人民街", zh="人民街", lon=114.1, place_id=2)]
    assert choose(parse_query("人民路"), roads, limit=5).picked.place_id == 1


def test_the_bare_name_is_looked_up_as_well():
    assert "balmacedda" in parse_query("Avenida Balmacedda").search_texts
    assert "balmacedda" in parse_query("Av. Balmacedda 1500").search_texts
    assert parse_query("人民路").search_texts == ("人民路", "renminlu")


def test_two_like_places_far_apart_are_never_picked():
    twins = [place("人民医院"), place("人民医院", lon=114.1, place_id=2)]
    answer = choose(parse_query("人民医院"), twins, limit=5, near=Wgs84Point(114.0, 22.5))
    assert (answer.ambiguous, answer.picked) == (True, None)
    assert [one.place_id for one in answer.places] == [1, 2]


def test_two_like_places_at_one_spot_are():
    twins = [place("人民医院"), place("人民医院", lat=22.5 + 150 * METRE, place_id=2)]
    assert choose(parse_query("人民医院"), twins, limit=5).picked is not None


def test_a_poor_match_is_shown_but_not_picked():
    answer = choose(parse_query("Universidad"), [place("Aeropuerto")], limit=5)
    assert (len(answer.places), answer.picked, answer.ambiguous) == (1, None, False)


def test_a_crossing_scores_as_its_worse_side_in_either_order():
    crossing = place("新洲路 & 深南大道", zh="新洲路与深南大道交叉口", kind="intersection")
    assert score(parse_query("深南大道与新洲路"), crossing) == 1.0
    assert score(parse_query("深男大道与新洲路"), crossing) == pytest.approx(0.93)
    assert score(parse_query("深南大道与彩田路"), crossing) < 0.72
    street = place("深南大道", zh="深南大道", kind="street", place_id=2, lon=114.05)
    assert (
        choose(parse_query("深南大道"), [crossing, street], limit=5).picked
        == choose(parse_query("深南大道"), [street], limit=5).picked
    )


def test_the_right_number_beats_its_neighbour_and_the_bare_street():
    houses = [
        place("Balmaceda", street="Avenida Balmaceda", number=number, kind="address",
              place_id=i, lon=114.0 + i * 0.01)
        for i, number in enumerate(("1480", "1500", "15"))
    ]  # fmt: skip
    street = place("Avenida Balmaceda", kind="street", place_id=9, lon=114.2)
    answer = choose(parse_query("Av Balmaceda 1500"), [*houses, street], limit=5)
    assert answer.places[0].house_number == "1500"
    assert choose(parse_query("Av Balmaceda 1500"), [street], limit=5).picked is None


@given(st.text(max_size=12), st.text(max_size=12))
def test_scores_stay_between_nought_and_one(query, name):
    assert 0.0 <= score(parse_query(query), place(name or "x")) <= 1.0
    assert name_score(query, names=[query]) == 1.0


@given(
    st.lists(
        st.tuples(st.sampled_from(["人民医院", "人民医园", "中医院", "Hospital"]),
                  st.floats(0, 2000)),
        max_size=6,
    )
)  # fmt: skip
def test_a_pick_never_has_a_like_rival_far_away(spots):
    places = [
        place(name, lat=22.5 + metres * METRE, place_id=i) for i, (name, metres) in enumerate(spots)
    ]
    answer = choose(parse_query("人民医院"), places, limit=10)
    if answer.picked is None:
        return
    here = Wgs84Point(answer.picked.lon, answer.picked.lat)
    for other in answer.places:
        far = here.distance_m(Wgs84Point(other.lon, other.lat)) > FAR_APART_M
        assert not (far and answer.picked.score - other.score <= SIMILAR_SCORE)
