"""The life of an offer, and what it was decided on: pure functions.

Until it is accepted nothing changes for the patient whose unit is asked.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from dispatch.diversions.errors import DiversionEndedError, DiversionExpiredError


class OfferState(StrEnum):
    """Where an offer stands. All but the first are final."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def rested_on(
    incident: Mapping[str, Any], at_work: Collection[int], *, but: int
) -> Mapping[str, Any]:  # fmt: skip
    """Return what a decision about the unit `but` rests on of an incident, as plain JSON."""
    return {
        "category": incident["category"],
        "coded_at": _text(incident["coded_at"]),
        "located_at": _text(incident["located_at"]),
        "ended": incident["closed_at"] is not None or incident["cancelled_at"] is not None,
        "at_work": sorted(set(at_work) - {but}),
    }


def end(
    state: OfferState, wanted: OfferState, *, at: datetime, expires_at: datetime, call_sign: str
) -> bool:
    """Return whether an offer in `state` becomes `wanted`; False: it is that already.

    Raises
    ------
    DiversionExpiredError
        It is accepted or declined when its time is up, whether or not anybody has noted that.
    DiversionEndedError
        It has ended otherwise, or is to expire before its time is up.
    """
    if state is wanted:
        return False
    over = state is OfferState.EXPIRED or (state is OfferState.OFFERED and at >= expires_at)
    if over and wanted in {OfferState.ACCEPTED, OfferState.DECLINED}:
        raise DiversionExpiredError(call_sign)
    early = wanted is OfferState.EXPIRED and at < expires_at
    if state is not OfferState.OFFERED or early:
        raise DiversionEndedError(call_sign, state)
    return True


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
