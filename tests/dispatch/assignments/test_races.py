"""Two processes press dispatch for one unit at once: the database lets exactly one through."""

import subprocess
import sys

import pytest
from sqlalchemy import text

from data.service import store_city
from dispatch.fleet.service import create_fleet
from dispatch.incidents.calls import NewCall, take_call
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.sequencer import verify_log
from gis.settings import PROJECT_FOLDER
from tests.cities import grid_city

pytestmark = pytest.mark.database


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rounds", [20, pytest.param(1000, marks=pytest.mark.acceptance)])
def test_one_unit_dispatched_twice_at_once(database: Database, rounds: int) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
        create_fleet(uow, city_id)
        incidents = [
            take_call(
                uow, NewCall(city_id=city_id, source=CallSource.PHONE,
                             point=DeclaredPoint(114.002, 22.502, Datum.WGS84)),
            ).incident.incident_id
            for _ in range(2)
        ]  # fmt: skip
        unit_id = uow.session.execute(
            text("SELECT min(unit_id) FROM units WHERE city_id = :city"), {"city": city_id}
        ).scalar_one()
    url = database.url.render_as_string(hide_password=False)
    pressers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.dispatch.assignments.press", url, str(incident),
            str(unit_id)], cwd=PROJECT_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, )
        for incident in incidents
    ]  # fmt: skip

    def tell(word: str) -> list[str]:
        for presser in pressers:
            presser.stdin.write(word + "\n")
            presser.stdin.flush()
        return [presser.stdout.readline().strip() for presser in pressers]

    wins = [0, 0]
    try:
        for _ in range(rounds):
            answers = tell("go")
            assert sorted(answers) == ["lost", "won"]
            wins[answers.index("won")] += 1
            assert tell("free") == ["ok", "ok"]
    finally:
        for presser in pressers:
            presser.stdin.close()
            presser.stdout.close()
            presser.wait(10)
    assert sum(wins) == rounds
    with database.engine.connect() as connection:
        report = verify_log(connection)
        stored = connection.execute(
            text("SELECT count(*) FROM assignments WHERE state = 'cancelled'")
        ).scalar_one()
    assert report.intact, report.problems
    assert stored == rounds
