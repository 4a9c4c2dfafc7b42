"""START and SALT as published, step by step; what was not looked for is never assumed."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.casualties.errors import AidStepError, CasualtyStepError
from dispatch.casualties.model import (
    AID_STEPS,
    CASUALTY_STEPS,
    Aid,
    CasualtyState,
    CasualtyStep,
    Offer,
    departure_order,
    may_overload,
    next_aid,
    next_state,
    ranked,
)
from dispatch.casualties.sorting import (
    COLOUR_WORDS,
    ESCENE_08,
    Colour,
    SaltFindings,
    StartFindings,
    salt,
    start,
)

MAYBE = st.none() | st.booleans()
START = st.builds(
    StartFindings, walks=MAYBE, breathes=MAYBE, breathes_after_opening=MAYBE,
    breaths_per_min=st.none() | st.integers(0, 60), radial_pulse=MAYBE,
    refill_s=st.none() | st.floats(0, 10), obeys=MAYBE,
)  # fmt: skip
SALT = st.builds(SaltFindings, **{field.name: MAYBE for field in fields(SaltFindings)})
LYING = StartFindings(walks=False, breathes=True, breaths_per_min=20, radial_pulse=True, obeys=True)
WELL = SaltFindings(
    breathes=True, obeys_or_moves_with_purpose=True, peripheral_pulse=True,
    no_respiratory_distress=True, bleeding_controlled=True, minor_injuries_only=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "colour"),
    [
        (StartFindings(walks=True), Colour.GREEN),
        (StartFindings(walks=False, breathes=False, breathes_after_opening=False), Colour.BLACK),
        (StartFindings(walks=False, breathes=False, breathes_after_opening=True), Colour.RED),
        (replace(LYING, breaths_per_min=31), Colour.RED),
        (replace(LYING, breaths_per_min=30), Colour.YELLOW),
        (replace(LYING, radial_pulse=False), Colour.RED),
        (replace(LYING, radial_pulse=None, refill_s=2.1), Colour.RED),
        (replace(LYING, radial_pulse=None, refill_s=2.0), Colour.YELLOW),
        (replace(LYING, obeys=False), Colour.RED),
        (LYING, Colour.YELLOW),
    ],
)
def test_start_as_published(found, colour):
    """Benson, Koenig, Schultz 1996: walking, 30 breaths, pulse or refill of 2 s, commands."""
    assert start(found).colour is colour


@pytest.mark.parametrize(
    ("found", "colour"),
    [
        (SaltFindings(breathes=False), Colour.BLACK),
        (WELL, Colour.YELLOW),
        (replace(WELL, minor_injuries_only=True), Colour.GREEN),
        (replace(WELL, peripheral_pulse=False, likely_to_survive=True), Colour.RED),
        (replace(WELL, bleeding_controlled=False, likely_to_survive=False), Colour.GREY),
        (replace(WELL, obeys_or_moves_with_purpose=False, likely_to_survive=True), Colour.RED),
    ],
)
def test_salt_as_published(found, colour):
    """Lerner et al. 2008: four questions, then minor injuries or the chance to survive."""
    assert salt(found).colour is colour


@given(START, SALT)
@settings(max_examples=30)
def test_a_colour_rests_on_what_was_found_and_on_nothing_assumed(found, other):
    for sort, findings in ((start, found), (salt, other)):
        decided = sort(findings)
        if decided.colour is None:
            continue
        # Filling in what was not looked for changes nothing; of pulse and refill the worse decides.
        for field in fields(findings):
            if getattr(findings, field.name) is None and field.name not in {
                "refill_s", "radial_pulse"
            }:  # fmt: skip
                for answer in (True, False) if "per_min" not in field.name else (10, 50):
                    more = sort(replace(findings, **{field.name: answer}))
                    assert more.colour is decided.colour


def test_nothing_looked_for_gives_no_colour_and_names_the_first_step():
    assert start(StartFindings()) == start(StartFindings(obeys=True))
    assert start(StartFindings()).colour is None
    assert salt(SaltFindings()).colour is None
    assert salt(replace(WELL, peripheral_pulse=False)).colour is None


def test_each_colour_has_its_nemsis_code_and_words():
    assert ESCENE_08 == {
        Colour.RED: "2708001", Colour.YELLOW: "2708003", Colour.GREEN: "2708005",
        Colour.GREY: "2708007", Colour.BLACK: "2708009",
    }  # fmt: skip
    assert set(COLOUR_WORDS) == set(Colour)


def test_the_red_leave_first_the_unsorted_before_the_yellow_the_dead_last():
    waiting = [(Colour.BLACK, 0), (Colour.YELLOW, 1), (None, 2), (Colour.RED, 3), (Colour.RED, 4)]
    assert list(departure_order(waiting)) == [3, 4, 2, 1, 0]


@given(st.lists(st.tuples(
    st.none() | st.integers(0, 3), st.none() | st.booleans(), st.none() | st.floats(0, 1e5),
), max_size=8))  # fmt: skip
@settings(max_examples=30)
def test_unknown_capacity_is_neither_full_nor_free_and_nothing_is_left_out(drawn):
    offers = [Offer(n, *one) for n, one in enumerate(drawn)]
    order = list(ranked(offers))
    assert sorted(one.facility_id for one in order) == list(range(len(drawn)))
    rooms = [1 if one.free is None else 0 if one.free else 2 for one in order]
    assert rooms == sorted(rooms)


def test_a_red_one_is_never_refused_another_only_while_there_is_room_elsewhere():
    assert may_overload(Colour.RED, room_elsewhere=True)
    assert not may_overload(Colour.YELLOW, room_elsewhere=True)
    assert may_overload(Colour.YELLOW, room_elsewhere=False)


def test_what_the_tables_do_not_name_is_refused():
    for state in CasualtyState:
        for step in CasualtyStep:
            if (state, step) in CASUALTY_STEPS:
                assert next_state(state, step) is CASUALTY_STEPS[state, step]
            else:
                with pytest.raises(CasualtyStepError):
                    next_state(state, step)
    for now in Aid:
        assert next_aid(now, now) is now
        for wanted in set(Aid) - {now, *AID_STEPS[now]}:
            with pytest.raises(AidStepError):
                next_aid(now, wanted)
