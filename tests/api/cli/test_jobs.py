"""Jobs from the command line."""

from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import repository, service
from gis.jobs.model import JobState
from routing.jobs import BUILD
from tests.api.cli.said import Run, done, refusal


def test_jobs_are_listed_shown_stopped_and_begun_again(goldenhour: Run, database: Database) -> None:
    assert done(goldenhour("jobs", "list")) == "None.\n"
    with database.unit_of_work(SYSTEM) as uow:
        waiting, failed = (service.defer(uow, BUILD) for _ in range(2))
        repository.note_error(uow.session, failed, code="x", sentence="The disk is full.")
        repository.finish(uow.session, failed, JobState.FAILED)
    listed = done(goldenhour("jobs", "list")).splitlines()
    assert [line.split()[:2] for line in listed] == [
        [str(failed), "failed"], [str(waiting), "waiting"],
    ]  # fmt: skip
    assert "The disk is full." in done(goldenhour("jobs", "show", failed))
    assert "cancelled" in done(goldenhour("jobs", "cancel", waiting))
    assert "is over" in refusal(goldenhour("jobs", "cancel", failed))
    assert "waiting" in done(goldenhour("jobs", "retry", failed))
    assert "only a job that failed" in refusal(goldenhour("jobs", "retry", failed))
    assert "no job 99" in refusal(goldenhour("jobs", "show", 99))
    assert "cancelled" in done(goldenhour("jobs", "watch", waiting))


def test_what_a_command_does_is_a_job_with_its_end(
    goldenhour: Run, database: Database, tmp_path
) -> None:
    file = tmp_path / "aeds.csv"
    file.write_text("id,name,lon,lat\n")
    refusal(goldenhour("city", "import", "nowhere", "aeds", file, "--datum", "wgs84"))
    (line,) = done(goldenhour("jobs", "list")).splitlines()
    assert "failed" in line
    assert "Import a register (city.import)" in line
    assert "nowhere" in line
