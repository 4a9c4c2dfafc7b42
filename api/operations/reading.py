"""What the command line reads: the story of an incident, the state of the log."""

from contextlib import closing
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.processes.supervisor import keys
from dispatch.errors import IncidentNotFoundError
from dispatch.incidents.finding.service import Wanted, find_incidents
from dispatch.incidents.outcomes import show_incident, story
from dispatch.incidents.replay import StoryEvent, story_lines
from dispatch.incidents.repository import incident_id_by_number
from gis.access import SYSTEM
from gis.cities import CityUnknownError, find_city, list_cities
from gis.database import UnitOfWork
from gis.provision import bring_up, open_as_owner, open_database
from gis.sequencer import ChainReport, SigningKey, verify_log
from gis.settings import Settings


def check_log(settings: Settings) -> ChainReport:
    """Check every chain, the stream and its signatures."""
    bring_up(settings)
    with (
        closing(open_as_owner(settings)) as database,
        database.engine.connect() as connection,
    ):
        return verify_log(connection, trusted_key_id=_own_key_id(settings))


def _own_key_id(settings: Settings) -> str | None:
    """Return the id of the key in the state folder; None where nothing was ever signed."""
    path = keys(settings) / "stream.pem"
    return SigningKey.load_or_make(path).key_id if path.exists() else None


def incident_story(settings: Settings, incident: str, *, language: str) -> tuple[list[str], bool]:
    """Return the lines of an incident's story, and whether its chain is intact.

    `incident` is its id or its number.

    Raises
    ------
    IncidentNotFoundError
        There is no such incident.
    """
    bring_up(settings)
    with closing(open_database(settings)) as database, database.read(SYSTEM) as uow:
        incident_id = _find(uow, incident)
        shown = show_incident(uow, incident_id)
        city = find_city(uow.session, shown.city_id)
        told = story(uow, incident_id)
        events = [
            StoryEvent(**{name: getattr(event, name) for name in StoryEvent.__slots__})
            for event in told.events
        ]
        lines = story_lines(
            events, language="zh" if language == "zh" else "en",
            time_zone=city.time_zone if city else "UTC", declared=uow.house.events,
        )  # fmt: skip
        return lines, told.chain_intact


def found_incidents(
    settings: Settings,
    city_key: str,
    *,
    number: str | None,
    place: str | None,
    since: datetime | None,
    before: datetime | None,
    limit: int,
) -> list[str]:
    """Return a line for each incident that fits, newest first.

    Raises
    ------
    CityUnknownError, NothingToFindError
        The city is not loaded, or nothing was given to look for.
    """
    bring_up(settings)
    with closing(open_database(settings)) as database, database.read(SYSTEM) as uow:
        city = next((one for one in list_cities(uow.session) if one.key == city_key), None)
        if city is None:
            raise CityUnknownError(city_key)
        wanted = Wanted(
            city_id=city.city_id, number=number, place=place, since=since, before=before
        )
        zone = ZoneInfo(city.time_zone)
        return [
            "  ".join((
                one.number, one.received_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                one.category or "--", one.outcome or one.state, one.place_label or "",
            )).rstrip()
            for one in find_incidents(uow, wanted, limit=limit).incidents
        ]  # fmt: skip


def _find(uow: UnitOfWork, incident: str) -> UUID:
    found = _as_id(incident) or incident_id_by_number(uow.session, incident)
    if found is None:
        raise IncidentNotFoundError(incident)
    return found


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
