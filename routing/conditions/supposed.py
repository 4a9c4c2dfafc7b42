"""Conditions that nobody has set: what if this were flooded, closed, or it were tonight. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID

import shapely

from routing.conditions.errors import DrawingInvalidError
from routing.conditions.model import DEFAULT_CLASSES, ConditionKind, Drawing
from routing.conditions.resolve import resolve_legs
from routing.conditions.snapshot import Condition, ConditionTable
from routing.roads.model import Segments

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Supposed:
    """A condition by its drawing, as if it held; numbers as its kind needs them."""

    kind: ConditionKind
    drawing: Drawing
    depth_m: float | None = None
    speed_kmh: float | None = None
    speed_factor: float | None = None


def supposed_table(
    stored: ConditionTable,
    supposed: Sequence[Supposed],
    *,
    segments: Segments,
    drawn_at: datetime | None = None,
) -> ConditionTable:
    """Return the stored conditions with those supposed, for the roads of `segments`.

    drawn_at : what is stored holds as it does then, whatever the time is; None: as it is

    Raises
    ------
    DrawingInvalidError
        A drawing hits no road.
    """
    begins, ends = _ALWAYS
    known = list(stored.conditions)
    if drawn_at is not None:
        known = [
            replace(one, starts_at=begins, expires_at=ends) for one in known
            if one.starts_at <= drawn_at < one.expires_at
        ]  # fmt: skip
    new = []
    for number, one in enumerate(supposed):
        legs = resolve_legs(segments, one.drawing)
        if not len(legs):
            raise DrawingInvalidError(
                f"Drawing {number + 1} ({one.kind.value}) hits no road of this city. Check where "
                "it lies and its datum."
            )
        new.append(Condition(
            UUID(int=number), 0, one.kind, begins, ends, DEFAULT_CLASSES[one.kind], legs,
            one.depth_m, one.speed_kmh, one.speed_factor,
        ))  # fmt: skip
    return ConditionTable.of((*known, *new))


def supposition_name(supposed: Sequence[Supposed], drawn_at: datetime | None) -> str:
    """Return a name for what is supposed, the same for the same."""
    told = [
        (
            one.kind.value,
            shapely.to_wkb(one.drawing.geometry),
            one.depth_m,
            one.speed_kmh,
            one.speed_factor,
        )
        for one in supposed
    ]
    return blake2b(repr((told, drawn_at)).encode(), digest_size=6).hexdigest()
