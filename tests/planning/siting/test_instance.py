"""What does not fit together is refused by a sentence, never a smaller number."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.siting.errors import (
    BudgetTooSmallError,
    SitingDemandError,
    SitingInputError,
    SitingKeysError,
    TooManySitesError,
)
from planning.siting.instance import Choice, of_matrix, of_pairs, room
from planning.siting.maximal import mclp, mexclp
from planning.siting.whole import lscp, p_center
from tests.planning.siting import cases

TRAVEL = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
PEOPLE = {"a": 10.0, "b": 20.0, "c": 30.0}


def three(**changed):
    given = {"weight": PEOPLE, "sites": ["s", "t"], "travel": TRAVEL, "rows": ["a", "b", "c"],
             "columns": ["s", "t"], **changed}  # fmt: skip
    return of_matrix(given["weight"], given["sites"], given["travel"], rows=given["rows"],
                     columns=given["columns"])  # fmt: skip


@given(st.permutations(range(3)), st.permutations(range(2)))
def test_the_order_of_rows_and_columns_does_not_matter(rows, columns):
    mixed = three(travel=np.array(TRAVEL)[np.ix_(rows, columns)], rows=["abc"[at] for at in rows],
                  columns=["st"[at] for at in columns])  # fmt: skip
    assert mixed.digest() == three().digest()
    assert (mixed.dense() == TRAVEL).all()


def test_pairs_are_the_matrix():
    pairs = [(place, site, TRAVEL["abc".index(place)]["st".index(site)])
             for site in "ts" for place in "cab"]  # fmt: skip
    assert of_pairs(PEOPLE, ["s", "t"], pairs).digest() == three().digest()
    some = of_pairs(PEOPLE, ["s", "t"], pairs[:4], complete=False)
    full = np.array(TRAVEL)
    full[[0, 1], 0] = np.inf
    assert (some.dense() == full).all()
    with pytest.raises(SitingKeysError, match="lacks 2 of 6 pairs: a to s, b to s"):
        of_pairs(PEOPLE, ["s", "t"], pairs[:4])
    with pytest.raises(SitingKeysError, match="1 pairs more than once: c to t"):
        of_pairs(PEOPLE, ["s", "t"], [*pairs, pairs[0]])
    with pytest.raises(SitingKeysError, match=r"Unknown place.*: x"):
        of_pairs(PEOPLE, ["s", "t"], [*pairs, ("x", "s", 1.0)])
    with pytest.raises(SitingKeysError, match=r"Unknown site.*: z"):
        of_pairs(PEOPLE, ["s", "t"], [*pairs, ("a", "z", 1.0)])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rows": ["a", "b", "x"]}, "no row of the travel matrix for c; a row .* without .*: x"),
        ({"rows": ["a", "b", "b"]}, "named more often: b"),
        ({"columns": ["s", "z"]}, "no column of the travel matrix for t"),
        ({"sites": ["s", "s"]}, "named more often: s"),
        ({"rows": ["a", "b"]}, "3 × 2, but 2 rows and 2 columns are named"),
        ({"weight": {"a": 1.0}}, "a row of the travel matrix without place with demand: b, c"),
    ],
)
def test_keys_that_do_not_match_are_refused(changed, said):
    with pytest.raises(SitingInputError, match=said):
        three(**changed)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_demand_is_positive(bad):
    with pytest.raises(SitingDemandError, match=r"it is not for b \("):
        three(weight={**PEOPLE, "b": bad})


def test_a_city_without_people_has_nothing_to_plan():
    with pytest.raises(SitingDemandError, match="no place with demand"):
        of_pairs({}, ["s"], [])


@pytest.mark.parametrize(("bad", "said"), [(np.nan, "not a number"), (-1.0, "negative")])
def test_travel_is_a_number_of_zero_or_more(bad, said):
    with pytest.raises(SitingInputError, match=said):
        three(travel=[[1.0, 2.0], [bad, 4.0], [5.0, 6.0]])


@pytest.mark.parametrize(
    ("choice", "kind", "said"),
    [
        (Choice(count=3), TooManySitesError, "3 sites are to be chosen, but only 2 may be"),
        (Choice(count=0), TooManySitesError, "At least one"),
        (Choice(count=2, forbidden=["t"]), TooManySitesError, "only 1 may be"),
        (Choice(count=1, fixed=["s", "t"]), TooManySitesError, "2 sites are fixed, but only 1"),
        (Choice(count=1, fixed=["x"]), SitingKeysError, "Unknown fixed site"),
        (Choice(count=1, fixed=["s"], forbidden=["s"]), SitingKeysError, "at once: s"),
        (Choice(), SitingInputError, "either how many sites .* or the budget"),
        (Choice(count=1, price={"s": 2.0}), SitingInputError, "Prices need a budget"),
        (Choice(budget=5, price={"s": 7, "t": 6}), BudgetTooSmallError, "cheapest site costs 6"),
        (Choice(budget=5, price={"s": 7}, fixed=["s"]), BudgetTooSmallError, "fixed sites cost 7"),
        (Choice(budget=np.nan), BudgetTooSmallError, "number of zero or more"),
        (Choice(budget=5, price={"s": -1}), SitingInputError, "Prices of sites"),
    ],
)
def test_choices_that_cannot_be_are_refused(choice, kind, said):
    with pytest.raises(kind, match=said):
        room(three(), choice)


def test_san_franciscos_demand_by_other_keys_is_refused():
    # By position it is taken for another order and gives 870,187 people instead of 875,247.
    with cases.file("spopt_sf", cases.SF_DEMAND).open() as lines:
        rows = list(csv.DictReader(lines))
    with pytest.raises(SitingKeysError, match="Unknown place"):
        cases.san_francisco({row["OBJECTID"]: float(row["POP2000"]) for row in rows})
    with pytest.raises(SitingKeysError, match="Unknown place"):
        cases.san_francisco({row["NAME"]: float(row["POP2000"]) for row in rows[1:]})


def test_models_refuse_what_they_cannot_mean():
    place = three()
    for reach in (np.nan, -1.0, np.inf):
        with pytest.raises(SitingInputError, match="reach"):
            mclp(place, Choice(count=1), reach=reach)
        with pytest.raises(SitingInputError, match="reach"):
            lscp(place, reach=reach)
    with pytest.raises(SitingInputError, match="below 1"):
        mexclp(place, Choice(count=1), reach=1, busy_share=1.0)
    with pytest.raises(SitingInputError, match="do not find room"):
        mexclp(place, Choice(count=3), reach=1, busy_share=0.5, units_a_site=1)
    with pytest.raises(SitingInputError, match="counts sites"):
        p_center(place, Choice(budget=1))
