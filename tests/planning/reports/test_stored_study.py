"""A stored study's report: only of what all its readers may see, and as it stands in the city."""

from typing import Any

import pytest
from sqlalchemy import text

from gis.access import SYSTEM, Grant, Identity
from gis.database import Database
from gis.documents import MapFigure
from gis.settings import Settings
from maps.reports.model import Format
from maps.reports.reading import read_report
from maps.reports.service import list_reports, request_report
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.reports.errors import StudyNotSharedError
from planning.studies.errors import StudyNotFinishedError, StudyUnknownError
from planning.studies.jobs import STUDY
from planning.studies.service import keep_study, share_study
from planning.studies.work import work_out
from tests.cities import corner
from tests.running import running

pytestmark = pytest.mark.database


def planner(name: str) -> Identity:
    rights = frozenset({ACCESS_READ, STUDY_WRITE})
    return Identity(None, name, name, grants=(Grant("planner", "", permissions=rights),))


def test_a_report_is_asked_for_by_number_of_a_study_that_is_shared_and_done(
    shared_grid: Database, tmp_path: Any
) -> None:
    maker, other = planner("ann"), planner("bob")
    with shared_grid.unit_of_work(maker) as uow:
        city_id = int(uow.session.execute(text("SELECT city_id FROM cities")).scalar_one())
        sites = [
            {"key": name, "lon": corner(*at)[0], "lat": corner(*at)[1], "name": f"Corner {name}"}
            for name, at in (("a", (1, 6)), ("b", (6, 1)))
        ]
        study_id = keep_study(
            uow, city_id=city_id, name="One more", kind="siting", shared=False,
            parameters={"candidates": sites, "reach_min": 1.0, "rounds": 50},
        )  # fmt: skip

    def ask(who: Identity) -> None:
        with shared_grid.unit_of_work(who) as uow:
            request_report(
                uow, "study", city_id=city_id, language="en", formats=[Format.HTML],
                number=study_id,
            )  # fmt: skip
            uow.session.rollback()

    try:
        for who, refused in ((other, StudyUnknownError), (maker, StudyNotSharedError)):
            with pytest.raises(refused):
                ask(who)
        with shared_grid.unit_of_work(maker) as uow:
            share_study(uow, study_id, shared=True)
        with pytest.raises(StudyNotFinishedError):
            ask(other)
        settings = Settings(state_folder=tmp_path, purpose="simulation")
        work_out(running(shared_grid, STUDY, settings=settings, study_id=study_id))
        ask(other)
        with shared_grid.read(other) as uow:
            assert {one.name: one.of_one for one in list_reports(uow, city_id=None).kinds} == {
                "study": True
            }
            found = read_report(uow, uow.house.reports["study"], city_id, number=study_id)
            with pytest.raises(StudyUnknownError):
                read_report(uow, uow.house.reports["study"], city_id, number=study_id + 1)
    finally:
        with shared_grid.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text("DELETE FROM studies"))
    document = found.document
    assert document.period == str(study_id)
    assert "One more" in document.title.en
    figure = next(one for one in document.blocks if isinstance(one, MapFigure))
    assert figure.surfaces
    assert found.grounds[figure.name].areas
