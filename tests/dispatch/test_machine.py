"""Dispatchers, crews, timers and faults in any order: what must hold after every step.

A step is a use case in a transaction of its own. A fault is the same step whose process dies before
the commit: nothing of it may be left. Two desks are two threads with the same press.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from dispatch.arrivals.prediction import UNASKED
from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.diversions import service as diversions
from dispatch.fleet import duty
from dispatch.fleet.duty import OutOfService
from dispatch.incidents import calls, outcomes
from dispatch.incidents.lifecycle import ENDED
from dispatch.incidents.merging import service as merging
from dispatch.incidents.records import derive_state
from dispatch.model import AssignmentState, CallSource, Outcome, StampSource
from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.database import Database, UnitOfWork, WritingUnitOfWork
from gis.datum import Datum
from gis.errors import GoldenHourError
from gis.geometry import DeclaredPoint
from gis.sequencer import verify_log
from gis.tables import OPEN_ASSIGNMENT_STATES, Event, Incident
from routing.live.routing import Routing
from tests.dispatch.conftest import TestCity

pytestmark = pytest.mark.database

ANSWER_WITHIN_S = 30.0
COMPLAINTS = ("2301099", "2301087", "2301031", "2301065")
"""One of each category, whatever is answered: C1 to C4."""
OPEN_SQL = "(" + ", ".join(f"'{state}'" for state in sorted(OPEN_ASSIGNMENT_STATES)) + ")"
_PLACES = st.sampled_from((114.02, 114.05, 114.1, 114.15))
_ANY = st.integers(0, 5)


class DiedError(Exception):
    """The process died before the commit."""


class Centre(RuleBasedStateMachine):
    """Two desks, the crews of Testburg and a clock."""

    def __init__(
        self, database: Database, *, city: TestCity, routing: Routing, dispatcher: Identity
    ) -> None:
        super().__init__()
        self.database, self.city, self.routing = database, city, routing
        self.dispatcher = dispatcher
        assert isinstance(database.clock, FixedClock)
        self.clock = database.clock
        self.incidents: list[UUID] = []
        self.assignments: list[UUID] = []
        self.offers: list[UUID] = []

    @initialize(lon=_PLACES)
    def begin(self, lon: float) -> None:
        """Take the first call."""
        self.take(lon=lon, dies=False)

    def do(self, step: Callable[[WritingUnitOfWork], Any], *, dies: bool = False) -> Any:
        """Run a use case; None where it is refused with a sentence, or dies before the commit."""
        before = self.picture() if dies else None
        done = None
        with (
            contextlib.suppress(GoldenHourError, DiedError),
            self.database.unit_of_work(self.dispatcher) as uow,
        ):
            done = step(uow)
            if dies:
                raise DiedError
        if not dies:
            return done
        assert self.picture() == before, "a step that was not committed left something"
        return None

    def picture(self) -> list[Any]:
        """Return what the tables and the log say of everything that these steps can change."""
        with self.database.read(SYSTEM) as uow:
            return [
                uow.session.execute(text(statement)).all()
                for statement in (
                    "SELECT incident_id, version, state FROM incidents ORDER BY 1",
                    "SELECT assignment_id, unit_id, incident_id, state FROM assignments ORDER BY 1",
                    "SELECT unit_id, version FROM units ORDER BY 1",
                    "SELECT count(*) FROM assignment_stamps",
                    "SELECT diversion_id, state FROM diversions ORDER BY 1",
                    "SELECT subject_id, max(subject_version) FROM events GROUP BY 1 ORDER BY 1",
                )
            ]

    def incident(self, which: int) -> UUID:
        return self.incidents[which % len(self.incidents)]

    def unit(self, which: int) -> int:
        return self.city.unit_ids[which % len(self.city.unit_ids)]

    @rule(lon=_PLACES, dies=st.booleans())
    def take(self, lon: float, dies: bool) -> None:
        call = calls.NewCall(
            self.city.city_id, CallSource.PHONE,
            point=DeclaredPoint(lon, 22.55, Datum.WGS84, 10.0),
        )  # fmt: skip
        taken = self.do(lambda uow: calls.take_call(uow, call).incident.incident_id, dies=dies)
        if taken is not None:
            self.incidents.append(taken)

    @rule(which=_ANY, complaint=st.sampled_from(COMPLAINTS))
    def code(self, which: int, complaint: str) -> None:
        self.do(
            lambda uow: calls.code_triage(
                uow, self.incident(which), complaint_code=complaint, answers={}
            )
        )

    @rule(which=_ANY, unit=_ANY, dies=st.booleans())
    def send(self, which: int, unit: int, dies: bool) -> None:
        made = self.do(
            lambda uow: assignments.assign(uow, self.incident(which), unit_id=self.unit(unit)),
            dies=dies,
        )
        if made is not None:
            self.assignments.append(made.assignment_id)

    @rule(one=_ANY, other=_ANY, unit=_ANY)
    def two_desks_send_one_unit(self, one: int, other: int, unit: int) -> None:
        def press(which: int) -> Any:
            return self.do(
                lambda uow: assignments.assign(uow, self.incident(which), unit_id=self.unit(unit))
            )

        with ThreadPoolExecutor(2) as desks:
            sent = [made for made in desks.map(press, (one, other)) if made is not None]
        assert len(sent) <= 1
        self.assignments += [made.assignment_id for made in sent]

    @rule(which=_ANY, state=st.sampled_from(list(AssignmentState)), dies=st.booleans())
    def stamp(self, which: int, state: AssignmentState, dies: bool) -> None:
        if self.assignments:
            one = self.assignments[which % len(self.assignments)]
            self.do(
                lambda uow: assignments.stamp(
                    uow, one, state=state, source=StampSource.TABLET,
                    handover_facility_id=self.city.facility_ids[0],
                ), dies=dies,
            )  # fmt: skip

    @rule(which=_ANY)
    def undo_stamp(self, which: int) -> None:
        if self.assignments:
            one = self.assignments[which % len(self.assignments)]
            self.do(lambda uow: _undo_last(uow, one))

    @rule(which=_ANY, unit=_ANY, dies=st.booleans())
    def ask_a_crew(self, which: int, unit: int, dies: bool) -> None:
        with self.database.read(self.dispatcher) as uow:
            ranked = choosing.recommend(uow, self.routing, self.incident(which))
        made = self.do(
            lambda uow: diversions.offer(
                uow, self.incident(which), unit_id=self.unit(unit), ranked=ranked,
                answer_within_s=ANSWER_WITHIN_S,
            ), dies=dies,
        )  # fmt: skip
        if made is not None:
            self.offers.append(made.diversion_id)

    @rule(which=_ANY, yes=st.booleans(), dies=st.booleans())
    def crew_answers(self, which: int, yes: bool, dies: bool) -> None:
        if not self.offers:
            return
        one = self.offers[which % len(self.offers)]
        if yes:
            self.do(
                lambda uow: diversions.accept(
                    uow, one, source=StampSource.TABLET, prediction=UNASKED
                ), dies=dies,
            )  # fmt: skip
        else:
            self.do(lambda uow: diversions.decline(uow, one, source=StampSource.TABLET), dies=dies)
        with self.database.read(SYSTEM) as uow:
            self.assignments = _all_ids(uow, "assignments", "assignment_id", self.incidents)

    @rule(seconds=st.sampled_from((5, 31, 61, 600)))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        for one in self.offers:
            with self.database.unit_of_work(SYSTEM) as uow:
                diversions.ask_next(uow, one, answer_within_s=ANSWER_WITHIN_S)
        with self.database.read(SYSTEM) as uow:
            self.offers = _all_ids(uow, "diversions", "diversion_id", self.incidents)

    @rule(which=_ANY, into=_ANY, dies=st.booleans())
    def merge(self, which: int, into: int, dies: bool) -> None:
        self.do(
            lambda uow: diversions.merge(uow, self.incident(which), into=self.incident(into)),
            dies=dies,
        )

    @rule(which=_ANY)
    def undo_merge(self, which: int) -> None:
        self.do(lambda uow: merging.undo(uow, self.incident(which)))

    @rule(which=_ANY, outcome=st.sampled_from(list(Outcome)), dies=st.booleans())
    def close(self, which: int, outcome: Outcome, dies: bool) -> None:
        self.do(lambda uow: outcomes.close(uow, self.incident(which), outcome=outcome), dies=dies)

    @rule(which=_ANY)
    def cancel(self, which: int) -> None:
        self.do(lambda uow: outcomes.cancel(uow, self.incident(which), reason="slip"))

    @rule(which=_ANY, at_once=st.booleans())
    def open_again(self, which: int, at_once: bool) -> None:
        step = outcomes.undo_end if at_once else outcomes.reopen
        self.do(lambda uow: step(uow, self.incident(which)))

    @rule(unit=_ANY, out=st.booleans())
    def service(self, unit: int, out: bool) -> None:
        if out:
            self.do(lambda uow: duty.put_out(uow, self.unit(unit), reason=next(iter(OutOfService))))
        else:
            self.do(lambda uow: duty.put_back(uow, self.unit(unit)))

    @invariant()
    def no_unit_is_in_two_places(self) -> None:
        assert not self.found(
            f"SELECT unit_id FROM assignments WHERE state IN {OPEN_SQL}"
            " GROUP BY unit_id HAVING count(*) > 1"
        )

    @invariant()
    def no_incident_has_ended_with_a_unit_on_it(self) -> None:
        assert not self.found(
            "SELECT i.number, a.state FROM incidents i JOIN assignments a USING (incident_id)"
            " WHERE (i.closed_at IS NOT NULL OR i.cancelled_at IS NOT NULL)"
            f" AND a.state IN {OPEN_SQL}"
        )

    @invariant()
    def nobody_is_asked_twice_at_once(self) -> None:
        assert not self.found(
            "SELECT unit_id FROM diversions WHERE state = 'offered' GROUP BY unit_id"
            " HAVING count(*) > 1"
        )

    @invariant()
    def no_patient_loses_a_crew_twice(self) -> None:
        assert not self.found(
            "SELECT losing_incident_id FROM diversions WHERE state = 'accepted'"
            " GROUP BY losing_incident_id HAVING count(*) > 1"
        )

    @invariant()
    def the_present_is_what_follows_from_facts_and_from_the_log(self) -> None:
        with self.database.read(SYSTEM) as uow:
            rows = uow.session.execute(
                select(Incident).where(Incident.incident_id.in_(self.incidents))
            ).scalars().all()  # fmt: skip
            for row in rows:
                states = uow.session.execute(
                    text("SELECT state FROM assignments WHERE incident_id = :one"),
                    {"one": row.incident_id},
                ).scalars().all()  # fmt: skip
                facts = {
                    name: getattr(row, name)
                    for name in ("coded_at", "queued_at", "closed_at", "cancelled_at")
                }
                if row.state not in ENDED:
                    assert row.state == derive_state(facts, states)
                told = uow.session.execute(
                    select(Event.payload)
                    .where(Event.subject_kind == "incident")
                    .where(Event.subject_id == str(row.incident_id))
                    .order_by(Event.subject_version.desc()).limit(1)
                ).scalar_one()  # fmt: skip
                assert (told["state"], told["version"]) == (row.state, row.version)

    def found(self, statement: str) -> list[Any]:
        with self.database.read(SYSTEM) as uow:
            return list(uow.session.execute(text(statement)).all())

    def teardown(self) -> None:
        """Leave no unit at work for the next example; the log is whole."""
        with self.database.unit_of_work(SYSTEM) as uow:
            assert not verify_log(uow.session.connection()).problems
            for statement in (
                f"UPDATE assignments SET state = 'available' WHERE state IN {OPEN_SQL}",
                "UPDATE diversions SET state = 'withdrawn' WHERE state = 'offered'",
                "UPDATE incidents SET cancelled_at = now() WHERE state != 'closed'",
                "UPDATE incidents SET state = 'cancelled' WHERE cancelled_at IS NOT NULL",
            ):
                uow.session.execute(text(statement))
            uow.session.execute(
                text("UPDATE units SET out_of_service_reason = NULL, out_of_service_since = NULL")
            )


def _undo_last(uow: WritingUnitOfWork, assignment_id: UUID) -> None:
    state = uow.session.execute(
        text("SELECT state FROM assignments WHERE assignment_id = :one"), {"one": assignment_id}
    ).scalar_one()
    assignments.undo_stamp(uow, assignment_id, state=AssignmentState(state))


def _all_ids(uow: UnitOfWork, table: str, column: str, incidents: list[UUID]) -> list[UUID]:
    return list(
        uow.session.execute(
            text(f"SELECT {column} FROM {table} WHERE incident_id = ANY(:ids) ORDER BY 1"),
            {"ids": incidents},
        ).scalars()
    )


@pytest.mark.parametrize(
    "examples", [pytest.param(4), pytest.param(120, marks=pytest.mark.acceptance)]
)
def test_whatever_happens_in_whatever_order(
    database: Database, city: TestCity, routing: Routing, dispatcher: Identity, examples: int
) -> None:
    run_state_machine_as_test(
        lambda: Centre(database, city=city, routing=routing, dispatcher=dispatcher),
        settings=hypothesis.settings(
            max_examples=examples, stateful_step_count=30, deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )  # fmt: skip
