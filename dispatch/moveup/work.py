"""What the jobs of coverage and of move-ups do."""

from datetime import timedelta

from dispatch.coverage import repository
from dispatch.coverage.service import city_picture, note_voids
from dispatch.jobs import WATCH_COVERAGE
from dispatch.moveup.service import follow
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.database import WritingUnitOfWork
from gis.jobs.running import Run
from gis.jobs.service import defer
from gis.rooms.model import ConsumedEvent
from routing.live.process import routing_of

MEASURED_OVER = timedelta(days=14)


def take_change(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Have coverage looked at: once for all changes that wait."""
    if event.city_id is not None:
        defer(
            uow, WATCH_COVERAGE, {"city_id": event.city_id}, key=f"coverage {event.city_id}"
        )  # fmt: skip


def watch_coverage(run: Run) -> None:
    """Note which voids opened and closed and what became of moves: of one city, or of all."""
    routing = routing_of(run)
    with run.database.read(SYSTEM) as uow:
        asked = run.arguments.get("city_id")
        of = [one.city_id for one in list_cities(uow.session)] if asked is None else [int(asked)]
        seen = []
        for city_id in of:
            with routing.at(uow, city_id) as roads:
                seen.append((city_id, *city_picture(uow, roads, city_id)))
    with run.effect() as uow:
        for city_id, picture, rules, points in seen:
            if picture is not None:
                note_voids(uow, city_id, picture, rules)
            follow(uow, city_id, points=points)


def measure_busy(run: Run) -> None:
    """Measure anew how busy each city's units are and how long their tasks last."""
    with run.effect() as uow:
        now = uow.clock.now()
        for city in list_cities(uow.session):
            repository.measure(
                uow.session, city.city_id, time_zone=city.time_zone, since=now - MEASURED_OVER,
                now=now,
            )  # fmt: skip
