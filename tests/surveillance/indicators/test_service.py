"""Values of indicators stored, shown as they were on a day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gis.access import SYSTEM
from gis.cities import require_city
from gis.database import Database, WritingUnitOfWork
from maps.catalogue.exports import layer_features
from surveillance.indicators.service import store, understand
from tests.cities import grid_id

pytestmark = pytest.mark.database

SAID = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[WritingUnitOfWork]:
    with shared_grid.unit_of_work(SYSTEM) as opened:
        yield opened
        opened.session.rollback()


def take(uow: WritingUnitOfWork, city_id: int, path: Path, text: str) -> int:
    path.write_text(text, encoding="utf-8")
    return store(uow, understand(uow, path, city_id=city_id, source="cdc", as_of=SAID))


def test_a_correction_is_a_later_value_and_maps_show_any_day(
    uow: WritingUnitOfWork, shared_grid: Database, tmp_path: Path
) -> None:
    city_id, path = grid_id(shared_grid), tmp_path / "pm.csv"
    head = "area,indicator,year,value\n"
    assert take(uow, city_id, path, f"{head}440305,pm25,2024,40\n440305,pm25,2025,30\n") == 2
    # The same moment again: what is taken in later is believed.
    assert take(uow, city_id, path, f"{head}440305,pm25,2025,28\n440306,pm25,2025,50\n") == 2

    def shown(**more: str) -> dict[object, object]:
        city = require_city(uow, city_id)
        _, table = layer_features(uow, "indicator_pm25", city, **more)
        return dict(zip(table.columns["code"], table.columns["value"], strict=True))

    assert shown() == {"440305": 28.0, "440306": 50.0}
    assert shown(time="2024-06-01T00:00:00+00:00") == {"440305": 40.0}


def test_counts_of_people_stay_on_one_level(
    uow: WritingUnitOfWork, shared_grid: Database, tmp_path: Path
) -> None:
    city_id, path = grid_id(shared_grid), tmp_path / "alone.csv"
    head = "area,indicator,date,value\n"
    day = date(2025, 12, 1)
    assert take(uow, city_id, path, f"{head}440305,elderly_alone,{day},70\n") == 1
    path.write_text(f"{head}440306,elderly_alone,{day + timedelta(days=1)},4\n", encoding="utf-8")
    composed = understand(uow, path, city_id=city_id, source="register", as_of=None)
    assert composed.values == ()
    assert len(composed.intake.rejects) == 1
