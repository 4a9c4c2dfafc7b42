"""The story is told in local time, with late and skipped stamps named."""

from datetime import UTC, datetime, timedelta

from api.rooms import HOUSE
from dispatch.incidents.replay import StoryEvent, event_words, story_lines
from dispatch.model import STATE_WORDS, AssignmentState

T0 = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def event(version, kind, payload, *, after_s=0.0):
    at = T0 + timedelta(seconds=after_s)
    return StoryEvent(version, kind, "user:li.na", at, at, payload)


EVENTS = [
    event(1, "incident.call_received", {"number": "20260504-0001", "source": "phone"}),
    event(2, "incident.located", {"place_source": "gazetteer", "uncertainty_m": 30,
                                  "place_confirmed": True}, after_s=20),
    event(3, "incident.coded", {"complaint_code": "2301021", "category": "C2"}, after_s=45),
    event(4, "assignment.on_scene", {"call_sign": "A101", "late": True,
                                     "skipped": ["acknowledged", "en_route"]}, after_s=605),
    event(5, "something.new", {}, after_s=700),
]  # fmt: skip


def test_a_story_in_english():
    lines = story_lines(EVENTS, language="en", time_zone="Asia/Shanghai", declared=HOUSE.events)
    assert lines[0] == (
        "2026-05-04 16:00:00  +00:00  Call 20260504-0001 received by telephone  [user:li.na]"
    )
    assert "Place set (found by name; ±30 m; confirmed)" in lines[1]
    assert "+10:05  A101: on scene (recorded 08:10:05Z, late) (skipped: acknowledged, on the way)" \
        in lines[3]  # fmt: skip
    assert "something.new" in lines[4]


def test_a_story_in_chinese():
    lines = story_lines(EVENTS, language="zh", time_zone="Asia/Shanghai", declared=HOUSE.events)
    assert "分诊：胸痛（非外伤），级别C2" in lines[2]
    assert "A101: 到达现场" in lines[3]


def test_missing_fields_are_dashes():
    assert (
        event_words(event(1, "incident.assigned", {}), "en", declared=HOUSE.events) == "– assigned"
    )


def test_every_assignment_state_has_words():
    assert set(STATE_WORDS) == set(AssignmentState)
