"""Erasing on demand from the command line."""

from contextlib import closing

from gis.access import SYSTEM
from gis.provision import bring_up, open_database
from gis.retention import service
from gis.retention.journal import erasures_beside
from gis.retention.views import ErasureList
from gis.settings import Settings


def forget(
    settings: Settings, *, incident: str | None, number: str | None, person: str | None, reason: str
) -> int:
    """Erase what is kept of an incident, a caller's number or a name; return how many values.

    The list beside the backups has it when this returns.

    Raises
    ------
    IncidentNotFoundError, NobodyToForgetError, ReasonMissingError, HeldError
    """
    bring_up(settings)
    with closing(open_database(settings)) as database:
        with database.unit_of_work(SYSTEM) as uow:
            done: list[ErasureList] = []
            if incident is not None:
                done.append(service.forget(uow, "incident", incident, reason=reason))
            if number is not None:
                done.append(service.forget_number(uow, number, reason=reason))
            if person is not None:
                done.append(service.forget_name(uow, person, reason=reason))
        with database.read(SYSTEM) as uow:
            erasures_beside(settings).append_missing(service.all_erasures(uow))
    return sum(one.erased for found in done for one in found.erasures)
