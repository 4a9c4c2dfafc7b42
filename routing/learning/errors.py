"""What can go wrong with learning speeds from what was driven."""

from collections.abc import Mapping
from datetime import datetime

from gis.errors import ConflictError, InvalidInputError


class LearnedMeanwhileError(ConflictError):
    """Another process learns this city's speeds, or did meanwhile; counting twice is refused."""

    code = "learned_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Another process is learning this city's speeds, or has learned them meanwhile, from "
            "the same positions. What is not stored yet is learned the next time: run it again "
            "later."
        )


class LearningPeriodError(InvalidInputError):
    """A period to learn from ends too near to now, or before it begins."""

    code = "learning_period_invalid"

    def __init__(self, *, from_at: datetime | None, to_at: datetime, latest_at: datetime) -> None:
        self.from_at, self.to_at, self.latest_at = from_at, to_at, latest_at
        begin = "" if from_at is None else f"from {from_at.isoformat()} "
        super().__init__(
            f"Speeds cannot be learned {begin}to {to_at.isoformat()}: positions received after "
            f"{latest_at.isoformat()} may not all be stored yet, and what is counted once is not "
            "looked at again. End the period at that time or earlier, and after it begins."
        )


class LearnedOnOldMapError(ConflictError):
    """The city's road map was replaced while speeds were learned on the one before."""

    code = "learned_on_old_map"

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        super().__init__(
            f"The road map of city {city_id} is newer than the one its positions were matched to. "
            "What was not stored by then is not lost: run it again once the new roads are loaded, "
            "in a minute or two."
        )


class TracesRefusedError(InvalidInputError):
    """So many trips cannot be matched that something is wrong with the positions."""

    code = "traces_refused"

    def __init__(self, reasons: Mapping[str, int], *, n_trips: int) -> None:
        self.reasons, self.n_trips = dict(reasons), n_trips
        named = ", ".join(f"{code} {count}" for code, count in sorted(self.reasons.items()))
        super().__init__(
            f"{sum(self.reasons.values())} of {n_trips} trips cannot be matched to roads "
            f"({named}). Nothing was learned from that day. Look at what the vehicles send, "
            "or leave the day out with a later --from."
        )
