"""Danger answered, and crews that wait: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.scene_safety.errors import DangerAnswerError, StagingError
from dispatch.scene_safety.model import (
    DANGER_WORDS,
    Danger,
    DangerAnswer,
    DangerState,
    Order,
    Staging,
    StagingStep,
    checked,
    combined,
    next_staging,
    orders_at,
    staging_of,
)

KINDS = st.lists(st.sampled_from(Danger), max_size=5)


@given(st.sampled_from(DangerAnswer), KINDS, KINDS)
@settings(max_examples=30)
def test_only_an_answer_clears_and_a_hazard_of_the_place_is_always_known(answer, kinds, of_place):
    if (answer is DangerAnswer.KNOWN) != bool(kinds):
        with pytest.raises(DangerAnswerError):
            checked(answer, kinds)
        return
    said = checked(answer, kinds)
    both = combined(said, of_place)
    assert both.is_clear == (answer is DangerAnswer.NONE and not of_place)
    assert set(both.kinds) == {*kinds, *of_place}
    assert (both.answer is DangerAnswer.KNOWN) == bool(both.kinds)
    assert combined(both, of_place) == both


def test_unknown_is_never_none_and_every_kind_has_its_words():
    assert not DangerState(DangerAnswer.UNKNOWN).is_clear
    assert set(DANGER_WORDS) == set(Danger)


def test_a_scene_is_released_only_after_crews_were_told_to_wait():
    with pytest.raises(StagingError):
        next_staging(Staging.NOT_ASKED, StagingStep.RELEASE)
    assert next_staging(Staging.WAIT, StagingStep.STAGE) is Staging.WAIT
    assert next_staging(Staging.WAIT, StagingStep.RELEASE) is Staging.RELEASED
    assert next_staging(Staging.RELEASED, StagingStep.STAGE) is Staging.WAIT


def test_what_holds_has_to_be_heard_and_what_holds_no_more_has_not():
    at = datetime(2026, 11, 30, tzinfo=UTC)
    later = at + timedelta(minutes=5)
    clear = DangerState(DangerAnswer.NONE)
    assert staging_of(None, None) is Staging.NOT_ASKED
    assert orders_at(staged_at=at, released_at=None, danger_at=at, danger=clear) == [
        (Order.STAGE, at)
    ]
    fire = DangerState(DangerAnswer.KNOWN, (Danger.FIRE,))
    assert orders_at(staged_at=at, released_at=later, danger_at=at, danger=fire) == [
        (Order.RELEASE, later), (Order.DANGER, at)
    ]  # fmt: skip
