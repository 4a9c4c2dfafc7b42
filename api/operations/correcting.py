"""Correcting on demand from the command line."""

from contextlib import closing

from gis.access import SYSTEM
from gis.provision import bring_up, open_database
from gis.retention.correcting import all_corrections, correct
from gis.retention.journal import corrections_beside
from gis.retention.views import CorrectionView
from gis.rooms.personal import CorrectionAsked
from gis.settings import Settings


def put_right(
    settings: Settings, kind: str, subject: str, asked: CorrectionAsked, *, reason: str
) -> CorrectionView:
    """Correct what is kept of a call or patient, named by id.

    The list beside the backups has it when this returns.

    Raises
    ------
    NotFoundError, ReasonMissingError, CorrectionInvalidError, HeldError
    """
    bring_up(settings)
    with closing(open_database(settings)) as database:
        with database.unit_of_work(SYSTEM) as uow:
            done = correct(uow, kind, subject, asked, reason=reason)
        with database.read(SYSTEM) as uow:
            corrections_beside(settings).append_missing(all_corrections(uow))
    return done
