"""Simulated calls come from where people live, or where a stated risk of them is."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from dispatch.simulation.call_sites import sample_call_sites
from gis.access import SYSTEM
from gis.database import Database
from gis.indicators import Indication, put_indications
from gis.risks import RiskUnknownError
from tests.cities import grid_id

pytestmark = pytest.mark.database


def test_calls_are_drawn_where_the_stated_risk_is(grid_database: Database) -> None:
    city_id = grid_id(grid_database)
    with grid_database.unit_of_work(SYSTEM) as uow:
        put_indications(uow.session, [
            Indication("elderly_alone", "area", code, date(2025, 1, 1), date(2026, 1, 1), value,
                       None, "{person}", "census", datetime(2026, 1, 10, tzinfo=UTC))
            for code, value in (("440305", 70.0), ("440306", 0.0))
        ])  # fmt: skip
        west = uow.session.execute(
            text("SELECT ST_XMax(geom) FROM areas WHERE code = '440305'")
        ).scalar_one()
        plain = sample_call_sites(uow, city_id, count=60)
        by_risk = sample_call_sites(
            uow, city_id, count=60, weigh_by="indicator_elderly_alone"
        )  # fmt: skip
        assert any(lon > west + 1e-4 for lon, _ in plain)
        assert by_risk
        # A street on the border may lead a little beyond it.
        assert sum(lon > west + 1e-3 for lon, _ in by_risk) == 0
        # A risk of which nothing is known leaves people as they are.
        assert sample_call_sites(uow, city_id, count=20, weigh_by="vulnerability")
        with pytest.raises(RiskUnknownError):
            sample_call_sites(uow, city_id, count=1, weigh_by="indicator_wbgt")
