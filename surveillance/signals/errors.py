"""What can be wrong with a run or with what is done to a signal."""

from datetime import date
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class SignalNotFoundError(NotFoundError):
    """No such signal, or not for this viewer."""

    code = "signal_not_found"

    def __init__(self, signal_id: UUID) -> None:
        super().__init__(f"There is no signal {signal_id} within your areas.")


class SignalEndedError(ConflictError):
    """The signal is over."""

    code = "signal_ended"

    def __init__(self) -> None:
        super().__init__(
            "This signal has ended: no run has found it for two weeks. If it comes back with a new "
            "case, it is a new one."
        )


class ReporterUnknownError(NotFoundError):
    """Nobody of that number is to report, or not before that day."""

    code = "reporter_unknown"

    def __init__(self) -> None:
        super().__init__(
            "There is no such reporter, or it began to report only after that day. Load the list "
            "anew."
        )


class AdvisoryRefusedError(ConflictError):
    """The disease is sensitive: it stands in no advisory."""

    code = "advisory_refused"

    def __init__(self) -> None:
        super().__init__(
            "This disease is sensitive and stands in no advisory. Talk to dispatch in person if it "
            "must know."
        )


class RunOutOfOrderError(InvalidInputError):
    """A later day has been judged already."""

    code = "run_out_of_order"

    def __init__(self, day: date, newest: date) -> None:
        super().__init__(
            f"{day} cannot be stored: days up to {newest} are judged, and signals follow the days. "
            "Look at it without storing it (--look)."
        )


class NothingReportedError(InvalidInputError):
    """The city has no case to count."""

    code = "nothing_reported"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to judge: this city has no reported case that was known by then. "
            "Import a line list first (goldenhour surveillance import)."
        )
