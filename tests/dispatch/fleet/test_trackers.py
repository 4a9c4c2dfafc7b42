"""What trackers send is stored or refused row by row, counted, and doubted where it jumps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.avl.formats import read_all, read_owntracks
from dispatch.avl.plausible import FASTEST_KMH
from dispatch.fleet import service as fleet
from dispatch.fleet import trackers
from dispatch.fleet.service import PositionReport
from gis.access import SYSTEM
from gis.datum import Datum

pytestmark = pytest.mark.database


def stored(database):
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text("SELECT count(*) FROM unit_positions")).scalar_one()


def place(database, city, unit_id):
    with database.read(SYSTEM) as uow:
        units = fleet.units_view(uow, city.city_id)
    return next(one.lon for one in units if one.unit_id == unit_id)


def test_rows_are_stored_or_refused_one_by_one(database, city, clock):
    at = int(clock.now().timestamp())
    good = {"_type": "location", "lon": 114.05, "lat": 22.55, "tst": at, "tid": "JJ"}
    rows = [
        good, good | {"tid": "XX"}, good | {"lon": 999}, {"_type": "lwt"}, good | {"vel": "?"},
        good | {"tst": at - 1024 * 7 * 86_400}, good | {"tst": at + 300},
    ]  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        trackers.put_on_board(uow, city.unit_ids[0], ref="JJ", datum=Datum.WGS84)
        found, refused = read_all(rows, read_owntracks)
        result = trackers.record_fixes(uow, found, refused, source="owntracks")
    assert result.accepted == stored(database) == 3
    assert [(one.index, one.code) for one in result.rejected] == [
        (1, "device_unknown"), (2, "place_missing"), (5, "time_too_old"),
    ]  # fmt: skip
    assert [(one.index, one.flags) for one in result.flagged] == [
        (4, ("no_vel",)), (6, ("clock_ahead",)),
    ]  # fmt: skip


def test_a_jump_is_kept_and_not_believed_until_three_agree(database, city, clock, monkeypatch):
    monkeypatch.setattr(fleet, "fastest_kmh", lambda _: FASTEST_KMH)
    known = city.unit_ids[0]

    def send(lon):
        clock.advance(5)
        with database.unit_of_work(SYSTEM) as uow:
            report = PositionReport(known, lon, 22.55, clock.now())
            result = fleet.record_positions(uow, [report], datum=Datum.WGS84, source="tablet")
        assert result.accepted == 1
        return [flag for one in result.flagged for flag in one.flags], place(database, city, known)

    assert send(114.02) == ([], 114.02)
    assert send(114.15) == (["doubtful"], 114.02)
    assert send(114.1501) == (["doubtful"], 114.02)
    assert send(114.1502) == (["new_anchor"], 114.1502)
    assert stored(database) == 4


def test_many_batches_at_once_lose_nothing(database, city, clock):
    """Eight senders of the same units at one instant: accepted = stored."""

    def send(turn):
        reports = [
            PositionReport(unit, 114.05, 22.55, clock.now() - timedelta(seconds=turn))
            for unit in (*city.unit_ids, *reversed(city.unit_ids))
        ]
        with database.unit_of_work(SYSTEM) as uow:
            return fleet.record_positions(
                uow, reports, datum=Datum.WGS84, source="tablet"
            ).accepted  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        accepted = sum(pool.map(send, range(8)))
    assert accepted == stored(database) == 8 * 2 * len(city.unit_ids)
