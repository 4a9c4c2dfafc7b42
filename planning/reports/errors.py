"""What a report on a study cannot be made of."""

from gis.errors import ConflictError


class StudyNotSharedError(ConflictError):
    """A report would show a study to others than its maker."""

    code = "study_not_shared"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}” is not shared. A report is seen by all who may read such reports: share the "
            "study first."
        )
