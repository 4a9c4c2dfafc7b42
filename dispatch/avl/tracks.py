"""Batches judged by what is known of each vehicle, whose track is locked meanwhile."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatch.avl import repository
from dispatch.avl.plausible import Flag, Seen, Track, judge
from gis.database import UnitOfWork
from gis.geometry import Wgs84Point
from gis.rows import AnyRow


@dataclass(frozen=True, slots=True)
class Arrived:
    """A position that may be stored: its unit, place (WGS-84) and time as it is taken."""

    unit_id: int
    place: Wgs84Point
    at: datetime
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is stored of a position: when it counts as received, its time, flags, whether it counts.

    received_at: the time of receipt, a microsecond apart where a unit sends several, never twice
    the same.
    """

    received_at: datetime
    at: datetime
    flags: tuple[Flag, ...]
    counts: bool


def accept(
    uow: UnitOfWork, arrived: Sequence[Arrived], *, fastest_kmh: float
) -> list[Accepted]:  # fmt: skip
    """Judge positions, in the order of their times within each unit; store the tracks.

    Every one of them is accepted: doubtful and late ones are kept for the history.
    """
    now = uow.clock.now()
    stored = repository.lock_tracks(uow.session, {one.unit_id for one in arrived})
    tracks = {unit_id: _track(row) for unit_id, row in stored.items()}
    last = {unit_id: row.received_at for unit_id, row in stored.items()}
    accepted: list[Accepted | None] = [None] * len(arrived)
    for index in sorted(range(len(arrived)), key=lambda at: (arrived[at].at, at)):
        one = arrived[index]
        judged = judge(
            tracks[one.unit_id], Seen(one.place, one.at), flags=one.flags, fastest_kmh=fastest_kmh
        )
        tracks[one.unit_id] = judged.track
        before = last[one.unit_id]
        received_at = now if before is None else max(now, before + timedelta(microseconds=1))
        last[one.unit_id] = received_at
        accepted[index] = Accepted(received_at, judged.at, judged.flags, judged.counts)
    repository.store_tracks(uow.session, _columns(tracks, last))
    return [one for one in accepted if one is not None]


def _track(row: AnyRow) -> Track:
    if row.anchor_at is None:
        return Track()
    anchor = Seen(Wgs84Point(row.anchor_lon, row.anchor_lat, row.anchor_accuracy_m), row.anchor_at)
    return Track(
        anchor,
        tuple(
            Seen(Wgs84Point(lon, lat, accuracy_m), datetime.fromisoformat(at))
            for lon, lat, accuracy_m, at in row.doubtful
        ),
    )


def _columns(
    tracks: Mapping[int, Track], last: Mapping[int, datetime | None]
) -> dict[str, list[Any]]:
    anchors = [track.anchor for track in tracks.values()]
    return {
        "unit_id": list(tracks),
        "received_at": [last[unit_id] for unit_id in tracks],
        "anchor_at": [None if one is None else one.at for one in anchors],
        "lon": [None if one is None else one.place.lon for one in anchors],
        "lat": [None if one is None else one.place.lat for one in anchors],
        "accuracy_m": [None if one is None else one.place.uncertainty_m for one in anchors],
        "doubtful": [
            json.dumps([
                [one.place.lon, one.place.lat, one.place.uncertainty_m, one.at.isoformat()]
                for one in track.doubtful
            ])
            for track in tracks.values()
        ],
    }  # fmt: skip
