"""What moved among the jobs is read once for all readers, however much it is."""

import pytest

from api.live.jobs import JobFeed
from data.jobs import LOAD_CITY
from gis.access import SYSTEM
from gis.database import Database
from gis.jobs.service import MAX_PAGE, defer

pytestmark = pytest.mark.database


def test_more_jobs_than_a_page_move_at_once_and_later_ones_are_seen_too(
    database: Database,
) -> None:
    feed = JobFeed(database)
    assert feed.read() == []
    with database.unit_of_work(SYSTEM) as uow:
        many = {defer(uow, LOAD_CITY, {"n": number}) for number in range(MAX_PAGE + 50)}
    assert {job.job_id for job in feed.read()} == many
    with database.unit_of_work(SYSTEM) as uow:
        one = defer(uow, LOAD_CITY, {})
    assert [job.job_id for job in feed.read()] == [one]
    assert feed.read() == []
