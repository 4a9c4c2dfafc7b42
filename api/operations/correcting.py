"""Correcting on demand from the command line."""

from contextlib import closing

from gis.access import SYSTEM
from gis.provision import bring_up, open_database
from gis.retention.correcting import correct
from gis.retention.views import CorrectionView
from gis.rooms.personal import CorrectionAsked
from gis.settings import Settings


def put_right(
    settings: Settings, kind: str, subject: str, asked: CorrectionAsked, *, reason: str
) -> CorrectionView:
    """Correct what is kept of a call or patient, named by id.

    Raises
    ------
    NotFoundError, ReasonMissingError, CorrectionInvalidError, HeldError
    """
    bring_up(settings)
    with closing(open_database(settings)) as database, database.unit_of_work(SYSTEM) as uow:
        return correct(uow, kind, subject, asked, reason=reason)
