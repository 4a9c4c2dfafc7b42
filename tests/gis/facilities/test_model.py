"""Records are one facility by what they say of one another, and a facility stays who it is."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from gis.facilities.model import Known, Settled, settle

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def known(ref, same=None, facility=None, day=0, *, is_back=False):
    return Known(
        ("r", ref), None if same is None else ("r", same), facility, NOW + timedelta(days=day),
        is_back=is_back,
    )  # fmt: skip


def settled(*records: Known) -> Settled:
    ids = count(100)
    return settle(records, new_id=lambda: next(ids))


def by_ref(*records):
    return {ref: facility for (_, ref), facility in settled(*records).facility_of.items()}


def test_who_names_another_is_the_same_at_several_steps_and_whoever_came_first():
    assert by_ref(known("a", "b"), known("b", facility=7), known("c", "a"), known("d")) == {
        "a": 7, "b": 7, "c": 7, "d": 100,
    }  # fmt: skip
    assert by_ref(known("a", "b", facility=7), known("b")) == {"a": 7, "b": 7}


def test_two_facilities_that_turn_out_to_be_one_go_on_as_the_older():
    found = settled(known("a", "b", facility=9), known("b", facility=4))
    assert set(found.facility_of.values()) == {4}
    assert found.merged == {9: 4}


def test_records_that_are_no_longer_the_same_part_and_the_older_keeps_the_facility():
    assert by_ref(known("a", facility=4, day=1), known("b", facility=4)) == {"a": 100, "b": 4}


def test_a_record_that_comes_back_does_not_take_the_facility_from_who_went_on_with_it():
    assert by_ref(known("old", facility=4, is_back=True), known("new", facility=4, day=9)) == {
        "old": 100, "new": 4,
    }  # fmt: skip


records = st.lists(
    st.builds(
        known, st.sampled_from("abcdefgh"), st.none() | st.sampled_from("abcdefghxy"),
        st.none() | st.integers(1, 4), st.integers(0, 3),
    ),
    unique_by=lambda one: one.entry, max_size=8,
)  # fmt: skip


@given(records, st.randoms())
def test_settling_again_changes_nothing_and_the_order_does_not_matter(
    given_records: Sequence[Known], rng
):
    found = settled(*given_records)
    assert set(found.facility_of) == {one.entry for one in given_records}
    again = [
        Known(one.entry, one.same_as, found.facility_of[one.entry], one.first_seen_at)
        for one in given_records
    ]
    rng.shuffle(again)
    assert settled(*again) == Settled(found.facility_of, {})
    for one in given_records:
        if one.same_as in found.facility_of:
            assert found.facility_of[one.same_as] == found.facility_of[one.entry]
    facilities = set(found.facility_of.values())
    assert not facilities & set(found.merged)
    assert set(found.merged.values()) <= facilities
    # Nobody's facility is lost but to another one of the same records.
    held = {one.facility_id for one in given_records if one.facility_id is not None}
    assert held <= facilities | set(found.merged)
