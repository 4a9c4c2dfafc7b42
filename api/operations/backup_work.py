"""The job of a backup: the same file as by command, into the installation's own folder."""

from api.operations.backup import save_database
from api.processes.supervisor import backups
from gis.jobs.running import Run
from gis.provision import address_of
from gis.words import Words


def make_backup(run: Run) -> None:
    """Write a backup named after the moment it was asked for; tried again, it is the same file."""
    run.report(Words(en="writing", zh="正在写入"), 0.0)
    asked = run.record.created_at
    file = backups(run.settings) / f"goldenhour-{asked:%Y%m%dT%H%M%SZ}-{run.record.job_id}.tar"
    report = save_database(run.settings, address_of(run.settings), file)
    with run.effect() as uow:
        run.give(uow, {"name": file.name, "size_bytes": report.size_bytes,
                       "events": report.events, "problems": list(report.problems)})  # fmt: skip
    run.report(Words(en="done", zh="完成"), 1.0)
