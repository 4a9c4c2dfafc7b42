"""What can be wrong with a study, or with what is asked of it."""

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class StudyUnknownError(NotFoundError):
    """There is no such study, or not for this viewer."""

    code = "study_unknown"

    def __init__(self, study_id: int) -> None:
        super().__init__(f"There is no study {study_id}. See the list of studies of the city.")


class StudyKindUnknownError(InvalidInputError):
    """A kind of study that there is none of."""

    code = "study_kind_unknown"

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no kind of study {kind!r}. There are: {', '.join(known)}.")


class StudyParametersError(InvalidInputError):
    """What a study is asked cannot be meant; the sentence says which part."""

    code = "study_parameters"


class StudyNotFinishedError(ConflictError):
    """The study has no answer yet, or never had one."""

    code = "study_not_finished"

    def __init__(self, name: str) -> None:
        super().__init__(f"The study “{name}” has no answer. Wait for its end, or make it anew.")


class StudyOverError(ConflictError):
    """The study has ended and cannot be stopped any more."""

    code = "study_over"

    def __init__(self, name: str) -> None:
        super().__init__(f"The study “{name}” has ended; there is nothing left to stop.")


class StudiesNotComparableError(ConflictError):
    """Two studies count other things, so that a difference would say nothing."""

    code = "studies_not_comparable"


class StudyPlaceUnknownError(NotFoundError):
    """Nobody lives at a place, as far as the study's cells know."""

    code = "study_place_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The study has no cell at this place: nobody lives there, or it lies outside. Choose "
            "a place within its cells."
        )
