"""Studies on a street: the plan that a person would draw, today's state beside it, by district."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.siting.answer import Ended, Progress
from planning.siting.errors import CoverInfeasibleError, TooManySitesError
from planning.studies.errors import StudyParametersError
from planning.studies.model import changes
from planning.studies.parameters import AedsForm, CoverageForm, SitingForm, Stand, UnitsForm
from planning.studies.solving import Solved, Told, solve
from planning.studies.telling import answer_view, cells_record
from tests.planning.studies.cases import on_foot, street

TWO_MINUTES = 120.0


def told(solved: Solved) -> list[str]:
    """Return the keys of sites that stand in the end."""
    return list(solved.answer.sites)


def test_the_next_station_goes_where_most_people_gain() -> None:
    material, form = street(), SitingForm(reach_min=2)
    solved = solve(material, form, limit_s=TWO_MINUTES, told=Told())
    # The station reaches cells 0 to 2; at 6 the next one reaches 4 to 8, at 9 only three cells.
    assert told(solved) == ["station:0", "site:6"]
    assert (solved.value_before, solved.answer.value, solved.answer.bound) == (300, 800, 800)
    view = answer_view(material, form, solved, limited=False)
    city, first, second = view.districts
    assert (city.part, city.before, city.after) == ("city", 300, 800)
    assert (city.gains, city.loses) == (500, 0)
    assert (first.district.code, first.before, first.after) == ("A", 300, 400)
    assert (second.district.code, second.before, second.after) == ("B", 0, 400)
    assert first.people + second.people == city.people == 1000
    assert [site.new for site in view.sites] == [False, True]
    # Cell 9 stays beyond two minutes, and is nearer than it was.
    assert city.quicker == 100
    assert view.repeatable
    assert view.gap == 0.0
    assert "Uncalibrated" in view.sentences[0].en


def test_people_without_a_road_are_in_no_share_and_are_told() -> None:
    material, form = street(off_road=(1,)), SitingForm(reach_min=2)
    solved = solve(material, form, limit_s=TWO_MINUTES, told=Told())
    assert (solved.counted, solved.answer.value) == (900, 700)
    view = answer_view(material, form, solved, limited=True)
    assert (view.districts[0].people, view.districts[0].known) == (1000, 900)
    said = " ".join(one.en for one in view.sentences)
    assert "Of 100 people no road is known near by" in said
    assert "Only people within the areas" in said
    assert np.isnan(cells_record(material, solved).before_s[1])


def test_each_model_answers_its_own_question() -> None:
    material = street(candidates=(2, 5, 6, 9))

    def answer(model: str, **asked: object) -> Solved:
        form = SitingForm.model_validate({"model": model, "reach_min": 2, **asked})
        return solve(material, form, limit_s=TWO_MINUTES, told=Told())

    median = answer("p_median", keep_existing=False, new_sites=1)
    # 2, 1, 0, 1, 2 and 1, 0, 1, 2, 3 minutes of 100 people each.
    assert told(median) == ["site:2", "site:6"]
    assert (median.answer.value, median.value_before) == (1_300, 4_500)
    center = answer("p_center", keep_existing=False)
    assert (center.answer.value, center.value_before) == (180, 540)
    everybody = answer("lscp", keep_existing=False)
    assert (everybody.answer.value, everybody.answer.ended) == (3, Ended.PROVEN)
    fair = answer("fair_mclp")
    shares = [one.worst_share for one, _ in fair.front]
    values = [one.answer.value for one, _ in fair.front]
    assert shares == sorted(shares)
    assert values == sorted(values, reverse=True)
    assert told(fair) == list(fair.front[0][0].answer.sites)


def test_the_next_best_plans_and_phases_stand_beside_the_answer() -> None:
    material = street(candidates=(3, 6, 9))
    form = SitingForm(alternatives=3, phases=2)
    view = answer_view(
        material, form, solve(material, form, limit_s=TWO_MINUTES, told=Told()), limited=False
    )
    best = [one for one in view.plans if one.code == "alternative"]
    # Cells 4 to 8; then 3 to 5, which 3 adds to what the station has; then 7 to 9.
    assert [(one.number, one.value) for one in best] == [(1, 800), (2, 600), (3, 600)]
    assert best[0].sites[0].key == "site:6" == view.sites[1].key
    assert all(one.value <= one.bound for one in view.plans)
    first, second = (one for one in view.plans if one.code == "phase")
    assert (first.value, second.value) == (800, 900)
    assert {one.key for one in first.sites} < {one.key for one in second.sites}
    # More phases than there are sites: as many as there are, and the answer stands.
    many = solve(
        material, SitingForm(phases=20), limit_s=TWO_MINUTES, told=Told()
    )  # fmt: skip
    assert [number for code, number, _, _ in many.plans if code == "phase"] == [1, 2, 3]


def test_a_cover_that_cannot_be_names_who_is_out_of_reach() -> None:
    form = SitingForm(model="lscp", reach_min=2)
    with pytest.raises(CoverInfeasibleError, match="c9"):
        solve(street(candidates=(3, 6)), form, limit_s=TWO_MINUTES, told=Told())
    with pytest.raises(TooManySitesError, match="only 4 may be"):
        solve(street(), SitingForm(new_sites=9), limit_s=TWO_MINUTES, told=Told())
    with pytest.raises(StudyParametersError, match="no station 7 to close"):
        solve(street(), SitingForm(closed=(7,)), limit_s=TWO_MINUTES, told=Told())
    with pytest.raises(StudyParametersError, match="Nobody is known to live"):
        solve(street(people=(0.0, 0.0)), SitingForm(), limit_s=TWO_MINUTES, told=Told())


def test_a_closed_station_loses_people_who_had_it() -> None:
    material = street(stations=(0, 9), candidates=(5,))
    form = CoverageForm(closed=(1,), sites=(Stand(key="new", lon=0.05, lat=0.0, units=2),))
    solved = solve(material, form, limit_s=TWO_MINUTES, told=Told())
    view = answer_view(material, form, solved, limited=False)
    city = view.districts[0]
    # 7, 8 and 9 lose, 3 to 7 would gain: 7 keeps its station's reach by the new one.
    assert (city.before, city.after, city.gains, city.loses) == (600, 800, 400, 200)
    assert (view.value, view.bound, view.gap, view.solver) == (800, 800, 0.0, "evaluation")
    assert [one.key for one in view.sites] == ["station:0", "site:5"]


def test_two_more_units_raise_the_chance_of_a_free_one() -> None:
    material = street(candidates=(5,))
    form = UnitsForm(new_units=2, busy=0.5, units_a_site=2)
    solved = solve(material, form, limit_s=TWO_MINUTES, told=Told())
    # Both at 5, where five cells get 0.75; one each would be 5 x 0.5 + 3 x 0.25.
    assert told(solved) == ["station:0", "site:5", "site:5"]
    assert solved.value_before == pytest.approx(150)
    assert solved.answer.value == pytest.approx(150 + 500 * 0.75)
    view = answer_view(material, form, solved, limited=False)
    assert view.districts[0].gains == 375
    assert [site.units for site in view.sites] == [1, 2]
    with pytest.raises(StudyParametersError, match="do not find room"):
        solve(material, UnitsForm(new_units=9), limit_s=TWO_MINUTES, told=Told())


def test_aeds_that_stand_count_as_one_place_and_are_not_listed() -> None:
    material, form = on_foot(street(candidates=(3, 6, 9))), AedsForm(new_aeds=1)
    solved = solve(material, form, limit_s=TWO_MINUTES, told=Told())
    # The second point of the cells two minutes away is beyond: 250 people have one, 400 gain.
    assert (solved.value_before, solved.answer.value, solved.counted) == (250, 650, 1000)
    assert solved.outcome.before.tolist() == [1, 1, 0.5, *[0] * 7]
    assert solved.outcome.after[4:9].tolist() == [0.5, 1, 1, 1, 0.5]
    # Cell 3 keeps its way of three minutes and three and a half; cell 9 is reached by the new one.
    assert solved.outcome.after_s[[3, 9]].tolist() == [195, 195]
    assert solved.outcome.nearest[[0, 6]].tolist() == [0, 2]
    # Of cell 4 one point was four minutes away and the other farther than is kept.
    assert solved.outcome.before_s[[4, 5]].tolist() == [240, float("inf")]
    view = answer_view(material, form, solved, limited=False)
    assert [one.key for one in view.sites if one.new] == ["site:6"]
    assert (view.districts[0].slower, view.districts[0].loses) == (0, 0)
    anew = solve(material, AedsForm(new_aeds=1, keep_existing=False), limit_s=TWO_MINUTES,
                 told=Told())  # fmt: skip
    assert anew.answer.value == 400
    nobody = on_foot(street(off_road=(3, 4, 5, 6, 7, 8, 9)))
    assert solve(nobody, form, limit_s=TWO_MINUTES, told=Told()).counted == 300


def test_who_watches_is_told_of_plans_and_bounds_and_may_end_the_search() -> None:
    seen: list[Progress] = []
    plans: list[list[int]] = []
    watching = Told(
        lambda: True, seen.append, lambda units: plans.append(np.flatnonzero(units).tolist())
    )
    solved = solve(street(), SitingForm(), limit_s=TWO_MINUTES, told=watching)
    assert plans[-1] == [0, 2]
    assert seen[-1].value <= seen[-1].bound
    view = answer_view(street(), SitingForm(), solved, limited=False)
    # Proven before it could be stopped, or stopped with its bound: both say what they are.
    assert view.repeatable == (view.ended != "stopped")
    assert view.value <= view.bound


@given(
    people=st.lists(st.integers(1, 500).map(float), min_size=6, max_size=12),
    seed=st.integers(0, 3),
    new=st.integers(0, 3),
)
def test_more_stations_never_cover_fewer_and_answers_repeat(
    people: list[float], seed: int, new: int
) -> None:
    material = street(people=people, candidates=(1, 3, 5))
    form = SitingForm(new_sites=new, seed=seed, rounds=20)
    first, again = (solve(material, form, limit_s=60.0, told=Told()) for _ in range(2))
    assert first.answer.value == again.answer.value <= first.answer.bound
    assert told(first) == told(again)
    view = answer_view(material, form, first, limited=False)
    city, *parts = view.districts
    assert city.before <= city.after == round(first.answer.value)
    assert sum(one.gains for one in parts) == city.gains == city.after - city.before
    assert city.loses == 0


def test_what_becomes_of_a_cell() -> None:
    nan, inf = float("nan"), float("inf")
    before_s = [100, 100, 100, 100, 100, inf, inf, nan]
    after_s = [40, 160, 41, 159, 100, inf, 50, 10]
    before, after = [0, 0, 1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0, 0, 0]
    assert changes(before_s, after_s, before, after).tolist() == [
        "gains", "slower", "loses", "same", "same", "same", "quicker", "unknown",
    ]  # fmt: skip
