"""Cases nobody handed in: simulated ones of a city, and those of Tainan as reports."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import delete, func, select

from api.demo import outbreak
from api.operations.errors import ResidentsUnknownError
from api.operations.simulated_cases import simulate_cases
from data.tainan.cases import dengue_cases
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.settings import Settings
from gis.tables import Area, Population
from gis.tables.surveillance import CaseVersion
from surveillance.cases.model import CONTENT
from surveillance.signals.today import judged_on, today
from tests.api.conftest import World

UNTIL = date(2026, 6, 1)


@pytest.mark.database
def test_simulated_cases_are_stored_once_with_their_outbreaks(world: World) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(delete(Population))
        with pytest.raises(ResidentsUnknownError):
            simulate_cases(uow, world.city_id, until=UNTIL, years=1, a_year=4, seed=2)
        for area_id in uow.session.scalars(select(Area.area_id)).all():
            uow.session.add(
                Population(
                    area_id=area_id, counted_on=None, age_from=0, age_below=None, sex="all",
                    base="resident", source="test", persons=50_000,
                )
            )  # fmt: skip
        uow.session.flush()
        made = simulate_cases(uow, world.city_id, until=UNTIL, years=1, a_year=8, seed=2)
        again = simulate_cases(uow, world.city_id, until=UNTIL, years=1, a_year=8, seed=2)
        stored = uow.session.scalar(select(func.count()).select_from(CaseVersion))
        newest = uow.session.scalar(select(func.max(CaseVersion.entered_on)))
        fresh = simulate_cases(
            uow, world.city_id, until=UNTIL, years=1, a_year=0, seed=3, fresh=True
        )
    assert [one.split()[1] for one in fresh.outbreaks] == ["dengue", "infectious_diarrhoea"]
    assert made == again
    assert made.cases == stored > 300
    assert made.outbreaks
    assert newest < UNTIL


def test_tainans_cases_are_reports_from_the_day_of_their_confirmation() -> None:
    frame = dengue_cases().iloc[3000:3300]
    reports = outbreak.reports_of(frame, ZoneInfo("Asia/Taipei"))
    assert set(reports.columns) == set(CONTENT)
    assert len(reports) == 300
    first = frame.iloc[0]
    assert reports.stated_at[0] == np.datetime64(first["confirmed"].date(), "us") + np.timedelta64(
        10, "h"
    )
    assert (reports.columns["entered_on"] == frame["confirmed"].to_numpy("datetime64[us]")).all()
    minors = frame["age_from"].to_numpy() < 14
    assert set(reports.columns["sensitive"][minors]) == {"minor"}
    assert all(place is None for place in reports.columns["residence"][minors])
    assert any(place is not None for place in reports.columns["residence"])


@pytest.mark.database
def test_the_demo_replays_days_and_asks_for_the_next(world: World, monkeypatch, tmp_path) -> None:
    frame = dengue_cases()
    monkeypatch.setattr(outbreak, "dengue_cases", lambda: frame[frame["onset"] >= "2015-06-01"])
    monkeypatch.setattr(outbreak, "FIRST_DAY", date(2015, 7, 20))
    monkeypatch.setattr(outbreak, "CAUGHT_UP", date(2015, 7, 21))
    deferred = []
    monkeypatch.setattr(outbreak, "defer", lambda *given, **named: deferred.append(named["due_at"]))
    with world.database.unit_of_work(SYSTEM) as uow:
        tainan_id = outbreak.store_city(uow, outbreak.tainan()).city_id
    run = SimpleNamespace(
        database=world.database, settings=Settings(state_folder=tmp_path), report=lambda *_: None
    )
    outbreak.replay(run)
    with world.database.read(SYSTEM) as uow:
        assert [city.key for city in list_cities(uow.session)][-1] == outbreak.KEY
        assert judged_on(uow, tainan_id) == date(2015, 7, 21)
        known = uow.session.scalar(select(func.max(CaseVersion.entered_on)))
    assert known == date(2015, 7, 21)
    outbreak.replay(run)
    with world.database.read(SYSTEM) as uow:
        assert judged_on(uow, tainan_id) == date(2015, 7, 22)
        assert today(uow, tainan_id).run.as_of == datetime(2015, 7, 22, 16, tzinfo=UTC)
    assert len(deferred) == 2
