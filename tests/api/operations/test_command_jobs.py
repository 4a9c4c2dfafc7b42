"""What a command does is a job: it ends as the command does, and as the database stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.operations.command_jobs import do_as_job
from data.jobs import LOAD_CITY
from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import service
from gis.jobs.errors import JobCancelledError
from gis.jobs.model import JobView
from gis.jobs.running import Run
from gis.settings import Settings

pytestmark = pytest.mark.database


def broken_off(
    error: Exception | KeyboardInterrupt, *, after_effect: bool
) -> Callable[[Run], None]:
    """Return work that ends by `error`."""

    def work(run: Run) -> None:
        if after_effect:
            with run.effect():
                pass
        raise error

    return work


@pytest.fixture
def settings(owner_url: str, state_folder: Path) -> Settings:
    return Settings(database_url=owner_url, state_folder=state_folder, purpose="simulation")


def only_job(database: Database) -> JobView:
    with database.read(SYSTEM) as uow:
        (job,) = service.list_jobs(uow, uow.house.jobs).jobs
    return job


@pytest.mark.parametrize("error", [KeyboardInterrupt(), JobCancelledError()])
@pytest.mark.parametrize(("after_effect", "state"), [(False, "cancelled"), (True, "done")])
def test_a_command_that_is_broken_off_is_cancelled_unless_its_effect_was_made(
    database: Database,
    settings: Settings,
    error: KeyboardInterrupt | JobCancelledError,
    after_effect: bool,
    state: str,
) -> None:
    work = broken_off(error, after_effect=after_effect)
    with pytest.raises(type(error)):
        do_as_job(settings, LOAD_CITY, {}, show=lambda *_: None, work=work)
    assert only_job(database).state == state
