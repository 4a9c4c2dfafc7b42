"""What a phone is told of its position: the number of the country it is in, or none."""

from datetime import timedelta

import pytest

from dispatch.aeds.around import HOURS_KEPT, aeds_around
from dispatch.aeds.emergency_numbers import BUILT_IN
from gis.access import SYSTEM
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.kernels.opening_hours import is_open, periods

pytestmark = pytest.mark.database


def around(database, lon, lat, *, uncertainty_m=0.0):
    with database.read(SYSTEM) as uow:
        point = DeclaredPoint(lon, lat, Datum.WGS84, uncertainty_m)
        return aeds_around(uow, point=point, limit=10, numbers=BUILT_IN)


def test_the_number_is_that_of_the_position(database, city):
    assert around(database, 114.05, 22.55).emergency_number == "120"


def test_a_circle_that_leaves_the_areas_gets_no_number(database, city):
    # The two districts end 5.5 km north and south of here.
    assert around(database, 114.05, 22.55, uncertainty_m=500).emergency_number == "120"
    assert around(database, 114.05, 22.55, uncertainty_m=8_000).emergency_number is None


def test_elsewhere_there_is_neither_number_nor_city(database, city):
    found = around(database, -71.25, -29.9)
    assert (found.emergency_number, found.city, found.aeds) == (None, None, ())


def test_hours_come_as_periods_and_what_is_not_known_stays_so(database, city):
    found = around(database, 114.05, 22.55)
    assert found.valid_until_at - found.at == HOURS_KEPT
    assert {one.aed_id for one in found.aeds}
    for one in found.aeds:
        assert one.periods[0].from_at == found.at
        assert one.gcj02
        assert one.gcj02 != (one.lon, one.lat) != one.bd09
    assert None in {one.periods[0].open for one in found.aeds}


@pytest.mark.parametrize("hours", ["Mo-Fr 08:00-18:00; PH off", "24/7", None, "nonsense", "off"])
def test_periods_say_what_the_expression_says(database, hours, city):
    at = around(database, 114.05, 22.55).at
    found = periods(hours, at, end_at=at + HOURS_KEPT, time_zone="Asia/Shanghai")
    for step in range(7 * 24):
        moment = at + timedelta(hours=step, minutes=1)
        told = next(state for start, state in reversed(found) if start <= moment)
        assert told is is_open(hours, moment, time_zone="Asia/Shanghai")
