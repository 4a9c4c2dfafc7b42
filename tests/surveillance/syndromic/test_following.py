"""Calls count once, as what they were last coded, whatever happens to them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dispatch.triage.protocol import default_protocol
from gis.rooms.model import ConsumedEvent
from surveillance.syndromic.errors import SyndromesRefusedError
from surveillance.syndromic.following import FOLLOWED, after
from surveillance.syndromic.model import CodedCall
from surveillance.syndromic.syndromes import parse, syndromes

DAY = date(2026, 5, 4)
NEW = CodedCall(
    city_id=1, area_code=None, first_coded_on=None, complaint_code=None, determinant=None,
    category=None, cancelled=False, repeats=False, ended_as=None,
)  # fmt: skip
OWN = "1f6d0a38-0000-7000-8000-000000000001"
OTHER = "1f6d0a38-0000-7000-8000-000000000002"


def event(type_: str, area: str | None = "440399", **payload: object) -> ConsumedEvent:
    return ConsumedEvent(
        position=1, event_id=UUID(int=1), type=type_, subject_kind="incident", subject_id=OWN,
        subject_version=1, occurred_at=datetime(2026, 5, 4, 8, tzinfo=UTC), actor="user:d",
        payload=payload, city_id=1, area_code=area,
    )  # fmt: skip


def coded(complaint: str, category: str = "C2") -> ConsumedEvent:
    return event(
        "incident.coded", complaint_code=complaint, determinant=f"x.{complaint}", category=category
    )


EVENTS = st.one_of(
    st.builds(coded, st.sampled_from(["2301013", "2301043"]), st.sampled_from(["C1", "C3"])),
    st.sampled_from([
        event("incident.located", area="440398"),
        event("incident.cancelled"), event("incident.reopened"),
        event("incident.closed", outcome="false_alarm"),
        event("incident.closed", outcome="transported"),
        event("incident.marked_duplicate", of=OTHER), event("incident.link_undone", of=OTHER),
        event("incident.merged", merged=OTHER, category="C1"),
        event("incident.merged_into", into=OTHER), event("incident.merge_undone", merged=OWN),
        event("incident.merge_undone", merged=OTHER),
    ]),
)  # fmt: skip


def told(events: list[ConsumedEvent]) -> bool:
    """Whether the call counts, read from the whole history at once."""
    names = [one.type.removeprefix("incident.") for one in events]

    def last(*wanted: str) -> str | None:
        found = [name for name in names if name in wanted]
        return found[-1] if found else None

    ends = [
        ("merged_into" if one.type.endswith(("duplicate", "into")) else "undone")
        for one in events
        if one.type.endswith(("marked_duplicate", "merged_into", "link_undone"))
        or (one.type.endswith("merge_undone") and one.payload["merged"] == OWN)
    ]
    opened = max((n for n, name in enumerate(names) if name == "reopened"), default=-1)
    closed = [one for one in events[opened + 1 :] if one.type == "incident.closed"]
    return (
        "coded" in names
        and last("cancelled", "reopened") != "cancelled"
        and (not ends or ends[-1] == "undone")
        and not (closed and closed[-1].payload["outcome"] == "false_alarm")
    )


@given(st.lists(EVENTS, max_size=12))
def test_a_call_counts_as_its_whole_history_says(events: list[ConsumedEvent]) -> None:
    call = NEW
    for number, one in enumerate(events):
        call = after(call, one, day=date(2026, 5, 4 + number))
    assert call.counts == told(events)
    codings = [one for one in events if one.type == "incident.coded"]
    assert call.complaint_code == (codings[-1].payload["complaint_code"] if codings else None)
    first = next((n for n, one in enumerate(events) if one.type == "incident.coded"), None)
    assert call.first_coded_on == (None if first is None else date(2026, 5, 4 + first))


@given(st.lists(EVENTS, max_size=8), EVENTS)
def test_an_event_that_comes_twice_changes_nothing_more(
    events: list[ConsumedEvent], again: ConsumedEvent
) -> None:
    call = NEW
    for one in [*events, again]:
        call = after(call, one, day=DAY)
    assert after(call, again, day=DAY) == call


def test_a_place_that_is_corrected_moves_the_call() -> None:
    call = after(NEW, coded("2301013"), day=DAY)
    assert after(call, event("incident.located", area="440398"), day=DAY) == replace(
        call, area_code="440398"
    )
    assert after(call, event("incident.cancelled", area=None), day=DAY).area_code == "440399"


def test_every_followed_event_is_one_of_dispatch() -> None:
    from dispatch.room import ROOM

    assert set(FOLLOWED) <= {one.type for one in ROOM.events}


def test_complaints_of_the_syndromes_are_complaints_of_the_protocol() -> None:
    known = set(default_protocol().complaints)
    used = {code for one in syndromes().by_code.values() for code in one.complaints}
    assert used <= known
    assert syndromes().of("2301019") == ("cardiac", "collapse")
    assert syndromes().of("2301065") == ()


WORDS = {"en": "x", "zh": "某"}


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"syndromes": {}}, "version"),
        ({"version": "1", "syndromes": {}}, "names no syndrome"),
        ({"version": "1", "syndromes": {"a": {"words": WORDS, "complaints": [2301013]}}}, "quotes"),
        ({"version": "1", "syndromes": {"a": {"words": WORDS, "complaints": []}}}, "complaints"),
        ({"version": "1", "syndromes": {"a": {"words": {"en": "x"}, "complaints": ["1"]}}}, "zh"),
        ({"version": "1", "syndromes": {"a": {"words": WORDS, "complaints": ["1", "1"]}}}, "twice"),
        ([], "lacks"),
    ],
)
def test_a_file_of_syndromes_that_cannot_be_used_is_refused(document: object, fault: str) -> None:
    with pytest.raises(SyndromesRefusedError, match=fault):
        parse(document)
