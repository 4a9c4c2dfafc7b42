"""Tell an incident's events as a readable story, in any language of the house."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.model import (
    CALL_BACK_WORDS,
    DEADLINE_WORDS,
    DEVIATION_WORDS,
    HEARD_WORDS,
    OUTCOME_WORDS,
    PLACE_SOURCE_WORDS,
    SOURCE_WORDS,
    STATE_WORDS,
)
from dispatch.triage.protocol import default_protocol
from gis.rooms.model import Event
from gis.words import Language, Words

LATE_WORDS = Words(en=" (recorded {recorded}, late)", zh="（{recorded}补记）")
SKIPPED_WORDS = Words(en=" (skipped: {skipped})", zh="（缺少：{skipped}）")

CONFIRMED_WORDS = {
    True: Words(en="confirmed", zh="已确认"),
    False: Words(en="UNCONFIRMED", zh="未确认"),
}
CODE_WORDS: Mapping[str, Mapping[str, Words]] = {
    "source": SOURCE_WORDS, "place_source": PLACE_SOURCE_WORDS, "heard": HEARD_WORDS,
    "outcome": OUTCOME_WORDS, "undone": STATE_WORDS, "deviation": DEVIATION_WORDS,
    "deadline": DEADLINE_WORDS, "result": CALL_BACK_WORDS,
}  # fmt: skip
"""Fields of events that hold codes, and the words for these."""

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event as the story needs it."""

    subject_version: int
    type: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def event_words(
    event: StoryEvent, language: Language, *, declared: Mapping[str, Event]
) -> str:  # fmt: skip
    """Return one event as a sentence without its time; undeclared types stand for themselves."""
    known = declared.get(event.type)
    if known is None:
        return event.type
    fields = _Fields(event.payload)
    if "place_confirmed" in fields:
        fields["confirmed"] = CONFIRMED_WORDS[bool(fields["place_confirmed"])].in_language(language)
    for field, known_words in CODE_WORDS.items():
        if fields.get(field) in known_words:
            fields[field] = known_words[fields[field]].in_language(language)
    complaint = default_protocol().complaints.get(fields.get("complaint_code", ""))
    if complaint is not None:
        fields["complaint"] = complaint.name.in_language(language)
    present = {key: "–" if value is None else value for key, value in fields.items()}
    text = known.words.in_language(language).format_map(_Fields(present))
    return text + _reservations(event, language)


def story_lines(
    events: Iterable[StoryEvent],
    *,
    language: Language,
    time_zone: str,
    declared: Mapping[str, Event],
) -> list[str]:
    """Return one line for each event: local time, since the call, what happened, by whom."""
    lines: list[str] = []
    zone = ZoneInfo(time_zone)
    start: datetime | None = None
    for event in sorted(events, key=lambda event: (event.occurred_at, event.subject_version)):
        start = start or event.occurred_at
        since_s = (event.occurred_at - start).total_seconds()
        minutes, seconds = divmod(round(since_s), 60)
        lines.append(
            f"{event.occurred_at.astimezone(zone):{TIME_FORMAT}}  +{minutes:02d}:{seconds:02d}  "
            f"{event_words(event, language, declared=declared)}  [{event.actor}]"
        )
    return lines


def _reservations(event: StoryEvent, language: Language) -> str:
    """Return that a stamp was recorded late, and which it left out."""
    text = ""
    if event.payload.get("late"):
        recorded = f"{event.recorded_at:%H:%M:%S}Z"
        text += LATE_WORDS.in_language(language).format(recorded=recorded)
    skipped = event.payload.get("skipped") or ()
    if skipped:
        names = [STATE_WORDS[name].in_language(language) for name in skipped if name in STATE_WORDS]
        text += SKIPPED_WORDS.in_language(language).format(skipped=", ".join(names))
    return text
