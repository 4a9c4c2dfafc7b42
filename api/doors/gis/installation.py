"""What the doctor finds, for administrators who have no shell."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends

from api.context import Context
from api.http.answers import Answer
from api.http.permissions import RequiresViewer, Viewer
from api.http.places import Work
from api.http.router import DoorRouter
from api.operations.doctor import examine
from gis.permissions import USER_ADMIN
from gis.words import Words

router = DoorRouter(Work.HEAVY, prefix="/v1/admin")

Administrator = Annotated[Viewer, Depends(RequiresViewer((USER_ADMIN,)), scope="function")]
_STATES: dict[str, Literal["fine", "notice", "broken"]] = {
    "✓": "fine", "!": "notice", "✗": "broken",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding: fine, worth knowing, or broken until it is mended; the words say how.

    `code`: of the error that the look ended with; its words are English then.
    """

    state: Literal["fine", "notice", "broken"]
    subject: Words
    words: Words
    code: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the doctor found, in the order it looked."""

    findings: tuple[FindingView, ...]


@router.get("/health", summary="What the doctor finds")
def get_health(viewer: Administrator, context: Context) -> Answer[Findings]:  # noqa: ARG001
    """Look at versions, folders, disk, databases, learning and pages, as `goldenhour doctor`."""
    found = examine(context.settings)
    return Answer(
        Findings(
            tuple(FindingView(_STATES[one.mark], one.subject, one.words, one.code) for one in found)
        )
    )
