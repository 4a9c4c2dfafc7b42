"""A device reported gone is not sent for; one of which nothing is known is."""

import pytest
from sqlalchemy import text

from dispatch.aeds import repository
from gis.access import SYSTEM

pytestmark = pytest.mark.database


def names(database, city):
    with database.read(SYSTEM) as uow:
        rows = repository.nearest_aeds(uow.session, city.city_id, lon=114.05, lat=22.55, limit=10)
    return {row.source_ref for row in rows}


def test_a_missing_device_is_left_out(database, city):
    assert names(database, city) == {"closed", "open", "unknown"}
    with database.unit_of_work(SYSTEM) as uow:
        for ref, state in (("open", "missing"), ("closed", "in_service")):
            uow.session.execute(
                text(
                    "INSERT INTO aed_states (aed_id, state, reported_at)"
                    " SELECT aed_id, :state, now() FROM aeds WHERE source_ref = :ref"
                ),
                {"ref": ref, "state": state},
            )
    assert names(database, city) == {"closed", "unknown"}
