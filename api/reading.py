"""What the command line reads: the story of an incident, the state of the log."""

from dispatch.service import story

from gis.access import SYSTEM
from gis.provision import bring_up, open_as_owner, open_database
from gis.sequencer import ChainReport, verify_log
from gis.settings import Settings


def check_log(settings: Settings) -> ChainReport:
    """Check every chain, the stream and its signatures."""
    bring_up(settings)
    with open_as_owner(settings).engine.connect() as connection:
        return verify_log(connection)


def incident_story(settings: Settings, incident: str, *, language: str) -> tuple[list[str], bool]:
    """Return the lines of an incident's story and whether its chain is intact."""
    bring_up(settings)
    with open_database(settings).read(SYSTEM) as uow:
        told = story(uow, incident)
        return told.lines(language), told.chain_intact
