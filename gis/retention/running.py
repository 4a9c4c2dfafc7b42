"""What the jobs of retention do."""

from gis.access import SYSTEM
from gis.jobs.running import Run
from gis.retention import correcting, service
from gis.retention.journal import corrections_beside, erasures_beside
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
    """Append to the lists beside the backups what they lack of erasures and corrections."""
    with run.database.read(SYSTEM) as uow:
        erasures = service.all_erasures(uow)
        corrections = correcting.all_corrections(uow)
    if erasures:
        erasures_beside(run.settings).append_missing(erasures)
    if corrections:
        corrections_beside(run.settings).append_missing(corrections)
