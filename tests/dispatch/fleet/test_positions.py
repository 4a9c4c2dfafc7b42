"""Vehicle positions: a datum or nothing, bad rows refused alone, newest device time wins."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from dispatch.choosing import service as choosing
from dispatch.fleet import service as fleet
from dispatch.fleet.service import PositionReport
from gis.access import SYSTEM
from gis.datum import Datum, DatumRequiredError

pytestmark = pytest.mark.database


def record(database, reports, *, datum=Datum.WGS84, identity=SYSTEM):
    with database.unit_of_work(identity) as uow:
        return fleet.record_positions(uow, reports, datum=datum, source="tablet")


def unit(database, city, unit_id):
    with database.read(SYSTEM) as uow:
        units = fleet.units_view(uow, city.city_id)
    return next(one for one in units if one.unit_id == unit_id)


def test_a_missing_datum_is_refused(database, city, clock):
    with pytest.raises(DatumRequiredError):
        record(database, [PositionReport(city.unit_ids[0], 114.05, 22.55, clock.now())], datum=None)


def test_bad_rows_are_refused_one_by_one(database, city, clock):
    now, known = clock.now(), city.unit_ids[0]
    naive = datetime(2026, 5, 4, 8, 0)  # noqa: DTZ001 (the fault under test)
    reports = [
        PositionReport(known, 114.05, 22.55, now, heading_deg=90.0, speed_kmh=40.0),
        PositionReport(999_999, 114.05, 22.55, now),
        PositionReport(known, 116.4, 39.9, now),
        PositionReport(known, 22.55, 114.05, now),
        PositionReport(known, 114.05, 22.55, now + timedelta(days=2)),
        PositionReport(known, 114.05, 22.55, naive),
        PositionReport(known, 114.05, 22.55, datetime.min.replace(tzinfo=UTC)),
        PositionReport(known, 114.05, 22.55, now, heading_deg=360.5),
        PositionReport(known, 114.05, 22.55, now, speed_kmh=-1.0),
        PositionReport(known, 114.05, 22.55, now, accuracy_m=1e9),
    ]
    result = record(database, reports)
    assert result.accepted == 1
    assert [(one.index, one.code) for one in result.rejected] == [
        (1, "unit_unknown"), (2, "place_outside_city"), (3, "coordinates_out_of_range"),
        (4, "time_in_future"), (5, "time_without_zone"), (6, "time_too_old"),
        *((index, "measurement_out_of_range") for index in (7, 8, 9)),
    ]  # fmt: skip
    seen = unit(database, city, known)
    assert (seen.lon, seen.lat, seen.heading_deg) == (114.05, 22.55, 90.0)


def test_an_older_device_time_never_replaces_a_newer(database, city, clock):
    now, known = clock.now(), city.unit_ids[0]
    record(database, [
        PositionReport(known, 114.06, 22.55, now - timedelta(seconds=5)),
        PositionReport(known, 114.07, 22.55, now),
    ])  # fmt: skip
    clock.advance(10)
    record(database, [PositionReport(known, 114.05, 22.55, now - timedelta(seconds=60))])
    assert unit(database, city, known).lon == 114.07
    with database.read(SYSTEM) as uow:
        assert uow.session.execute(text("SELECT count(*) FROM unit_positions")).scalar_one() == 3


def test_gcj02_positions_are_stored_as_wgs84(database, city, clock):
    known = city.unit_ids[0]
    record(database, [PositionReport(known, 114.055, 22.547, clock.now())], datum=Datum.GCJ02)
    assert 0.003 < 114.055 - unit(database, city, known).lon < 0.007


def test_another_jurisdiction_may_not_move_a_unit(database, city, clock, eastern_dispatcher):
    result = record(
        database,
        [PositionReport(city.unit_ids[0], 114.05, 22.55, clock.now()),
         PositionReport(city.unit_ids[2], 114.15, 22.55, clock.now())],
        identity=eastern_dispatcher,
    )  # fmt: skip
    assert (result.accepted, result.rejected[0].code) == (1, "unit_unknown")


def test_stale_positions_are_flagged_in_the_recommendation(database, city, clock, routing, take):
    record(database, [PositionReport(city.unit_ids[2], 114.051, 22.55, clock.now())])
    clock.advance(360)
    incident = take()
    with database.read(SYSTEM) as uow:
        ranked = choosing.recommend(uow, routing, incident.incident_id, limit=2)
    assert len(ranked.units) == 2
    best = ranked.units[0]
    assert (best.unit_id, best.position_stale, best.position_age_s) == (
        city.unit_ids[2], True, 360.0,
    )  # fmt: skip
    reasons = {reason.code: reason.en for reason in best.reasons}
    assert reasons["position_stale"] == "Position 6 min old"
    assert ranked.units[1].position_age_s is None
    assert "station_position" in {reason.code for reason in ranked.units[1].reasons}


def test_the_fleet_is_made_once(database, city):
    with database.unit_of_work(SYSTEM) as uow:
        again = fleet.create_fleet(uow, city.city_id)
        units = fleet.units_view(uow, city.city_id)
    assert (again.units, len(units)) == (0, 4)
    assert [one.call_sign for one in units] == ["A101", "A102", "A201", "A202"]
    assert {one.level for one in units} == {"ALS", "BLS"}
    assert all(one.on_shift and one.modelled and one.status == "Available" for one in units)
    assert {one.area_code for one in units} == {city.west_code, city.east_code}
