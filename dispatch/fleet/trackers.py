"""Use cases of trackers: which is on board of which unit, and what they send."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dispatch.avl import repository
from dispatch.avl.errors import TrackerElsewhereError
from dispatch.avl.formats import Fix, Refused
from dispatch.errors import UnitUnknownError
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.service import PositionReport, record_positions
from dispatch.fleet.views import FlaggedPosition, PositionsResult, RejectedPosition
from dispatch.permissions import DISPATCH, POSITION_WRITE
from gis.database import UnitOfWork
from gis.datum import Datum


@dataclass(frozen=True, slots=True)
class TrackerOnBoard:
    """A tracker, by the name it gives itself, the unit it is on board of and its datum."""

    ref: str
    unit_id: int
    datum: str


def put_on_board(uow: UnitOfWork, unit_id: int, *, ref: str, datum: Datum) -> TrackerOnBoard:
    """Put a tracker on board of a unit; it leaves the one where it was.

    Raises
    ------
    UnitUnknownError
        There is no such unit within the viewer's jurisdiction.
    TrackerElsewhereError
        A tracker of another city calls itself so.
    """
    prefixes = uow.identity.jurisdictions(DISPATCH)
    city_id = repository_fleet.unit_cities(uow.session, [unit_id], prefixes=prefixes).get(unit_id)
    if city_id is None:
        raise UnitUnknownError(unit_id)
    if not repository.put_tracker(
        uow.session,
        city_id=city_id,
        unit_id=unit_id,
        ref=ref,
        datum=datum.value,
        at=uow.clock.now(),
    ):
        raise TrackerElsewhereError(ref)
    return TrackerOnBoard(ref, unit_id, datum.value)


def record_fixes(
    uow: UnitOfWork,
    fixes: Sequence[tuple[int, Fix]],
    refused: Sequence[tuple[int, Refused]],
    *,
    source: str,
) -> PositionsResult:
    """Store what trackers sent; each row is stored, or refused with a reason, and counted.

    A field that could not be read is named among the row's flags, as *no_* and its name.
    """
    known = repository.trackers(
        uow.session, {fix.device for _, fix in fixes},
        prefixes=uow.identity.jurisdictions(POSITION_WRITE),
    )  # fmt: skip
    rejected = [RejectedPosition(index, one.code, one.detail) for index, one in refused]
    rejected += [
        RejectedPosition(
            index, "device_unknown",
            "No unit has this tracker on board; put it there first.",
        )
        for index, fix in fixes
        if fix.device not in known
    ]  # fmt: skip
    flags = {
        index: tuple(f"no_{name}" for name in fix.faults)
        for index, fix in fixes
        if fix.device in known
    }
    accepted = 0
    mine = sorted(
        ((known[fix.device].datum, index, fix) for index, fix in fixes if fix.device in known),
        key=lambda one: one[:2],
    )
    for datum, group in groupby(mine, key=lambda one: one[0]):
        rows = [(index, fix) for _, index, fix in group]
        result = record_positions(
            uow,
            [
                PositionReport(
                    known[fix.device].unit_id, fix.lon, fix.lat, fix.device_at,
                    heading_deg=fix.heading_deg, speed_kmh=fix.speed_kmh,
                    accuracy_m=fix.accuracy_m,
                )
                for _, fix in rows
            ],
            datum=Datum(datum), source=source,
        )  # fmt: skip
        accepted += result.accepted
        for refusal in result.rejected:
            index = rows[refusal.index][0]
            rejected.append(RejectedPosition(index, refusal.code, refusal.detail))
            flags.pop(index, None)
        for flagged in result.flagged:
            flags[rows[flagged.index][0]] += flagged.flags
    return PositionsResult(
        accepted,
        tuple(sorted(rejected, key=lambda one: one.index)),
        tuple(FlaggedPosition(index, said) for index, said in sorted(flags.items()) if said),
    )
