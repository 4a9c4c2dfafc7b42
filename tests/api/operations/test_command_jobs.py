"""What a command does is a job: it ends as the command does, and as the database stands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from api.operations.city_loading import BuiltInCityKeyUnknownError
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
        (job,) = service.list_jobs(uow).jobs
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


def failures(database: Database) -> int:
    with database.read(SYSTEM) as uow:
        return uow.session.execute(
            text("SELECT count(*) FROM events WHERE type = 'job.failed'")
        ).scalar_one()


def test_a_command_that_fails_says_so_in_the_log_of_events(
    database: Database, settings: Settings
) -> None:
    """It is tried once only: nobody else can do it."""
    work = broken_off(BuiltInCityKeyUnknownError("atlantis", "coquimbo"), after_effect=False)
    with pytest.raises(BuiltInCityKeyUnknownError):
        do_as_job(settings, LOAD_CITY, {}, show=lambda *_: None, work=work)
    failing = broken_off(OSError("the disk is gone"), after_effect=False)
    with pytest.raises(OSError, match="the disk is gone"):
        do_as_job(settings, LOAD_CITY, {}, show=lambda *_: None, work=failing)
    assert failures(database) == 2


def test_ctrl_c_is_no_error_of_the_job(database: Database, settings: Settings) -> None:
    with pytest.raises(KeyboardInterrupt):
        do_as_job(
            settings, LOAD_CITY, {}, show=lambda *_: None,
            work=broken_off(KeyboardInterrupt(), after_effect=False),
        )  # fmt: skip
    job = only_job(database)
    assert (job.state, job.error_code, failures(database)) == ("cancelled", None, 0)
