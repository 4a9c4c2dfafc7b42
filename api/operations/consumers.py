"""Consumers of events from the command line."""

from contextlib import closing

from api.operations.transactions import transaction
from gis.consumers.errors import ParkedEventNotFoundError
from gis.consumers.repository import list_parked, list_standings
from gis.consumers.service import retry_parked
from gis.provision import bring_up, open_database
from gis.settings import Settings


def consumer_lines(settings: Settings) -> list[str]:
    """Return how far each consumer is, and below it each event it gave up on."""
    with transaction(settings) as uow:
        parked = list_parked(uow.session)
        lines = []
        for one in list_standings(uow.session):
            waits = ""
            if one.retry_at is not None:
                waits = f"; failed {one.failures} times, again at {one.retry_at:%H:%M:%S}Z: "
                waits += one.reason or ""
            lines.append(f"{one.consumer}: at {one.position}, {one.behind} behind{waits}")
            lines += [
                f"  ✗ {event.position} {event.event_type} of {event.subject_kind} "
                f"{event.subject_id}, parked {event.parked_at:%Y-%m-%d %H:%M}Z: {event.reason}"
                for event in parked
                if event.consumer == one.consumer
            ]
        return lines


def retry_event(settings: Settings, consumer: str, position: int) -> None:
    """Handle a parked event now.

    Raises
    ------
    ParkedEventNotFoundError
        This version has no such consumer, or it has not parked that event.
    """
    bring_up(settings)
    with closing(open_database(settings)) as database:
        known = {one.name: one for one in database.house.consumers}
        if consumer not in known:
            raise ParkedEventNotFoundError(consumer, position)
        retry_parked(database, known[consumer], position)
