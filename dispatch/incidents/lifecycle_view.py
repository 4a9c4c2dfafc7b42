"""The tables of the lifecycle as pages read them, so that no page keeps a copy."""

from dataclasses import dataclass

from dispatch.incidents.alarms.table import ALARMS, AlarmKind
from dispatch.incidents.lifecycle import (
    APPROACHING,
    ENDED,
    EXITS,
    NEEDS_DESTINATION,
    PATH,
    PHASES,
    USUAL,
    WAITING,
    UnitPhase,
)
from dispatch.model import AssignmentState, IncidentState, Outcome
from gis.tables import OPEN_ASSIGNMENT_STATES


@dataclass(frozen=True, slots=True)
class IncidentStateView:
    """What a state of an incident means: it has ended; nobody has been sent yet."""

    state: IncidentState
    ended: bool
    waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentStateView:
    """What a state of an assignment means.

    open : it holds the unit; exit : nothing follows; usual : a step that crews usually report
    approaching : the arrival is still to come; needs_destination : the hospital is chosen now
    phase : what the unit is doing; null: its own status says
    """

    state: AssignmentState
    open: bool
    exit: bool
    usual: bool
    approaching: bool
    needs_destination: bool
    phase: UnitPhase | None


@dataclass(frozen=True, slots=True)
class LifecycleView:
    """All states in the order of their progress, how an incident may end, and what sounds."""

    incident_states: tuple[IncidentStateView, ...]
    assignment_states: tuple[AssignmentStateView, ...]
    outcomes: tuple[Outcome, ...]
    alarms: tuple[AlarmKind, ...]


def lifecycle_view() -> LifecycleView:
    """Return the tables of `dispatch.incidents.lifecycle`."""
    return LifecycleView(
        tuple(
            IncidentStateView(state, ended=state in ENDED, waiting=state in WAITING)
            for state in IncidentState
        ),
        tuple(
            AssignmentStateView(
                state=state,
                open=state in OPEN_ASSIGNMENT_STATES,
                exit=state in EXITS,
                usual=state in USUAL,
                approaching=state in APPROACHING,
                needs_destination=state in NEEDS_DESTINATION,
                phase=PHASES.get(state),
            )
            for state in (*PATH, *EXITS)
        ),
        tuple(Outcome),
        ALARMS,
    )
