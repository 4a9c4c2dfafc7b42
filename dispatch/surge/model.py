"""What a surge mode is, and what it changes: it never lowers a category and closes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.words import Words


class SurgeReason(StrEnum):
    """Why a supervisor began it. A fixed list: words of one's own could name a person."""

    DEMAND = "demand"
    FLEET = "fleet"
    DISASTER = "disaster"
    WEATHER = "weather"
    EVENT = "event"
    EPIDEMIC = "epidemic"
    OTHER = "other"


REASON_WORDS: Mapping[str, Words] = {
    SurgeReason.DEMAND: Words(en="more calls than units", zh="呼救多于车组"),
    SurgeReason.FLEET: Words(en="units missing", zh="车组不足"),
    SurgeReason.DISASTER: Words(en="disaster", zh="灾害"),
    SurgeReason.WEATHER: Words(en="weather", zh="恶劣天气"),
    SurgeReason.EVENT: Words(en="large event", zh="大型活动"),
    SurgeReason.EPIDEMIC: Words(en="epidemic", zh="疫情"),
    SurgeReason.OTHER: Words(en="another reason, see the log", zh="其他原因，见备注"),
}

CALL_BACK_SHARE = 0.5
"""In a surge C3 and C4, who wait longest, are called again after this share of the usual time. A
stated rule of this desk, no norm."""

CALLED_SOONER = frozenset({"C3", "C4"})


def call_back_s(seconds: float, category: str, *, surge: bool) -> float:
    """Return after how many seconds a waiting patient is called again."""
    return seconds * CALL_BACK_SHARE if surge and category in CALLED_SOONER else seconds


@dataclass(frozen=True, slots=True)
class SurgeView:
    """A surge mode; `ended_at` null while it lasts."""

    surge_id: UUID
    city_id: int
    reason: str
    reason_words: Words
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SurgeList:
    """The surge modes of a city, the newest first; at most one lasts."""

    surges: tuple[SurgeView, ...]
