"""What the jobs of retention do."""

from gis.access import SYSTEM
from gis.jobs.running import Run
from gis.retention import service
from gis.retention.journal import append_missing, journal_of
from gis.words import Words

_MESSAGE = Words(en="{done} of {total} rules", zh="{total}条规则中的第{done}条")


def carry_out(run: Run) -> None:
    """Erase what is past its period, rule by rule, in batches that can be stopped between."""
    with run.database.read(SYSTEM) as uow:
        nights = service.nights(uow)
    for done, night in enumerate(nights):
        run.report(_MESSAGE.filled(done=done + 1, total=len(nights)), done, len(nights))
        with run.database.unit_of_work(SYSTEM) as uow:
            night.begin(uow)
        more = True
        while more:
            run.go_on()
            with run.database.unit_of_work(SYSTEM) as uow:
                more = night.batch(uow)
        with run.database.unit_of_work(SYSTEM) as uow:
            night.end(uow)


def copy_erasures(run: Run) -> None:
    """Append to the list beside the backups what it lacks."""
    with run.database.read(SYSTEM) as uow:
        erasures = service.all_erasures(uow)
    if erasures:
        append_missing(journal_of(run.settings), erasures)
