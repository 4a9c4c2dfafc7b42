"""Backups: what is there, and one more; they are restored by command only."""

from typing import Annotated

from fastapi import Depends

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceRequired
from api.http.permissions import RequiresViewer, Viewer, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.operations.backup_files import BackupList, list_backups
from api.processes.supervisor import backups
from gis.accounts.service import check_everywhere
from gis.database import WritingUnitOfWork
from gis.jobs import service
from gis.jobs.house import MAKE_BACKUP
from gis.jobs.model import JobView
from gis.permissions import USER_ADMIN

router = DoorRouter(Work.ORDINARY, prefix="/v1/admin/backups")

Administrator = Annotated[Viewer, Depends(RequiresViewer((USER_ADMIN,)), scope="function")]
BackupMaker = Annotated[WritingUnitOfWork, Depends(writes(USER_ADMIN), scope="function")]


@router.get("", summary="Backups in the installation's folder")
def get_backups(viewer: Administrator, context: Context) -> Answer[BackupList]:  # noqa: ARG001
    """Return the backups that were made from a page or put there, newest first."""
    return Answer(list_backups(backups(context.settings)))


@router.post("", summary="Make a backup", status_code=202)
def post_backup(uow: BackupMaker, once: OnceRequired) -> Answer[JobView]:
    """Ask for the job that writes database and keys of all areas into one file."""
    check_everywhere(uow)
    return once.answer(
        uow, None,
        create=lambda: service.request(uow, MAKE_BACKUP, {}),
        status_code=202,
    )  # fmt: skip
