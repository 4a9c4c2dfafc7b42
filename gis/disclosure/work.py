"""What the job of publishing does: one transaction a period, so that it may break off anywhere."""

from gis.access import SYSTEM
from gis.cities import list_cities
from gis.disclosure.service import due_periods, release
from gis.jobs.running import Run
from gis.words import Words

_SAYS = Words(en="{subject}, {city}: {day}", zh="{subject}，{city}：{day}")


def release_due(run: Run) -> None:
    """Publish every complete period of every subject and city that is not published yet.

    Done again it does nothing: the database holds one release of a period.
    """
    with run.database.read(SYSTEM) as uow:
        due = [
            (subject, city, period)
            for subject in uow.house.published.values()
            for city in list_cities(uow.session)
            for period in due_periods(uow, subject, city)
        ]
    for done, (subject, city, period) in enumerate(due):
        run.report(
            _SAYS.filled(subject=subject.words, city=city.name, day=period.first.isoformat()),
            done, len(due),
        )  # fmt: skip
        with run.database.unit_of_work(SYSTEM) as uow:
            release(uow, subject, city, period)
