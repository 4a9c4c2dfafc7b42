"""Response times of a city from its own stamps, by the viewer's areas; files and bad input."""

from datetime import timedelta
from uuid import UUID

import duckdb
import pytest

from dispatch.arrivals.prediction import Prediction
from dispatch.assignments import service as assignments
from dispatch.errors import PeriodInvalidError
from dispatch.kpis.errors import KpiProfileUnknownError
from dispatch.kpis.files import FIELDS, file_of, rows_of
from dispatch.kpis.report import build
from dispatch.kpis.service import measure_city
from dispatch.model import AssignmentState, StampSource
from gis.access import SYSTEM, Identity
from gis.cities import CityUnknownError
from tests.dispatch.conftest import NOW
from tests.identities import granted

pytestmark = pytest.mark.database


def supervisor(area):
    """Return a supervisor of one area."""
    return Identity(UUID(int=9), "boss", "boss", grants=(granted("supervisor", area),))


@pytest.fixture
def handled(database, city, take, clock, dispatcher):
    """One call in the west, answered, sent to and reached after 60, 120 and 420 s."""
    incident = take(114.05)
    clock.advance(60.0)
    with database.unit_of_work(dispatcher) as uow:
        sent = assignments.assign(
            uow, incident.incident_id, unit_id=city.unit_ids[0], prediction=Prediction(
                300.0, "road", low_s=200.0, high_s=400.0, topology_id="t", conditions_id="c"
            ),
        )  # fmt: skip
    for state, wait_s in ((AssignmentState.EN_ROUTE, 60.0), (AssignmentState.ON_SCENE, 300.0)):
        clock.advance(wait_s)
        with database.unit_of_work(dispatcher) as uow:
            assignments.stamp(uow, sent.assignment_id, state=state, source=StampSource.CONSOLE)
    return incident


def test_stamps_of_the_log_become_intervals(database, city, handled, clock):
    """Chute 60 s, travel 300 s, response 360 s; of one record nothing is judged."""
    clock.advance(3600.0)
    with database.read(SYSTEM) as uow:
        view = measure_city(uow, city.city_id, profile="nfpa_1710")
        by_area = measure_city(uow, city.city_id, profile="nhs_arp", by="area")
        document = build(uow, city.city_id, None)
    spans = {one.interval: (one.used, one.median_s) for one in view.intervals}
    assert spans["chute"] == (1, 60.0)
    assert spans["travel"] == (1, 300.0)
    assert spans["response"] == (1, 360.0)
    assert all(one.met is None for one in view.standards)
    assert {one.group for one in by_area.intervals} == {city.west_code}
    assert document.tables
    csv = file_of(view, "csv").decode("utf-8-sig").splitlines()
    assert csv[0].split(",") == list(FIELDS)
    assert len(csv) == 1 + len(rows_of(view))


def test_parquet_holds_the_rows_of_the_csv(database, city, handled, tmp_path):
    """Same rows, with types: what is not known is null."""
    with database.read(SYSTEM) as uow:
        view = measure_city(uow, city.city_id, profile="china_2020", until=NOW + timedelta(hours=1))
    path = tmp_path / "kpis.parquet"
    path.write_bytes(file_of(view, "parquet"))
    assert duckdb.sql(f"SELECT * FROM '{path}'").fetchall() == rows_of(view)


def test_a_supervisor_of_the_east_sees_nothing_of_the_west(database, city, handled):
    """Areas limit what is measured; an area asked for besides never widens them."""
    with database.read(supervisor(city.east_code)) as uow:
        east = measure_city(uow, city.city_id, profile="nhs_arp", until=NOW + timedelta(hours=1))
        west = measure_city(
            uow, city.city_id, profile="nhs_arp", until=NOW + timedelta(hours=1),
            area=city.west_code,
        )  # fmt: skip
    assert (east.calls, west.calls) == (0, 0)
    assert all(one.value is None and one.met is None for one in east.standards)


def test_what_cannot_be_measured_is_said(database, city):
    """Strange cities, profiles and periods have each their sentence."""
    with database.read(SYSTEM) as uow:
        with pytest.raises(CityUnknownError):
            measure_city(uow, 10**9, profile="nhs_arp")
        with pytest.raises(KpiProfileUnknownError):
            measure_city(uow, city.city_id, profile="nhs")
        with pytest.raises(PeriodInvalidError):
            measure_city(uow, city.city_id, profile="nhs_arp", begin=NOW, until=NOW)
        with pytest.raises(PeriodInvalidError):
            measure_city(
                uow, city.city_id, profile="nhs_arp", begin=NOW - timedelta(days=500), until=NOW
            )
        for by in ("hour_of_week", "vulnerability", "category"):
            for records in ("dispatch", "recorded"):
                view = measure_city(
                    uow, city.city_id, profile="nhs_arp", by=by, records=records
                )  # fmt: skip
                assert view.calls == 0
