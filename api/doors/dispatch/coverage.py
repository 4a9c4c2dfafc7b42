"""Coverage as it is now and in the next hour, its rules, its voids; units moved up for it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import (
    CoverageRuler,
    Dispatcher,
    IncidentReader,
    IncidentWriter,
)
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, RowId, Shape
from api.http.versions import ExpectedVersion
from dispatch.coverage import service as coverage
from dispatch.coverage.ahead import MOST_AHEAD_S
from dispatch.coverage.model import Rules
from dispatch.coverage.views import CoverageRulesView, CoveredCellsView, LiveCoverageView, VoidView
from dispatch.moveup import service as moveup
from dispatch.moveup.views import MoveUpList, MoveUpPlanView, MoveUpView

router = DoorRouter(Work.ORDINARY)

AheadQuery = Annotated[int, Query(ge=0, le=int(MOST_AHEAD_S))]


class RulesIn(Shape):
    """Rules as they are to be."""

    standard: Annotated[str, Field(max_length=40)]
    assumed_busy: Annotated[float | None, Field(gt=0, lt=1)] = None
    void_opens_people: Annotated[int, Field(ge=1, le=100_000_000)]
    void_closes_people: Annotated[int, Field(ge=1, le=100_000_000)]
    void_holds_s: Annotated[int, Field(ge=0, le=3_600)]
    moves_per_hour: Annotated[int, Field(ge=0, le=1_000)]
    least_gain_points: Annotated[float, Field(gt=0, le=100)]
    least_area_share: Annotated[float, Field(ge=0, le=1)]
    moves_per_shift: Annotated[int, Field(ge=0, le=100)]
    rest_s: Annotated[int, Field(ge=0, le=86_400)]


class MoveUpIn(Shape):
    """A suggested move, and what is decided about it.

    declined_because : why not; None: it is made
    """

    city_id: RowId
    unit_id: RowId
    station_id: RowId
    declined_because: Literal["crew", "break", "workload", "other"] | None = None


@router.get("/v1/coverage", summary="Whom the free units reach now, and where nobody does")
def get_coverage(
    uow: IncidentReader, context: Context, city_id: CityQuery
) -> Answer[LiveCoverageView]:
    """Return expected coverage by the city's standard, what it rests on, and the open voids."""
    with context.routing.at(uow, city_id) as roads:
        return Answer(coverage.coverage(uow, roads, city_id))


@router.get("/v1/coverage/cells", summary="Coverage of each cell, now or within the next hour")
def get_cells(
    uow: IncidentReader, context: Context, city_id: CityQuery, ahead_s: AheadQuery = 0
) -> Answer[CoveredCellsView]:
    """Return by cell the chance that a unit is there in time; units expected back count."""
    with context.routing.at(uow, city_id) as roads:
        return Answer(coverage.cells(uow, roads, city_id, ahead_s=ahead_s))


@router.post("/v1/coverage/voids/{void_id}/acknowledge", summary="Say that a void was seen")
def post_acknowledge(uow: IncidentWriter, once: OnceOptional, void_id: UUID) -> Answer[VoidView]:
    """Note who saw it first; it stays on the console until it closes."""
    return once.change(uow, None, do=lambda: coverage.acknowledge(uow, void_id))


@router.get("/v1/coverage/rules", summary="A city's rules of coverage and move-ups")
def get_rules(uow: IncidentReader, city_id: CityQuery) -> Answer[CoverageRulesView]:
    """Return the rules in force; version 0: nobody has set any."""
    return Answer(coverage.rules_view(uow, city_id))


@router.put("/v1/coverage/rules", summary="Set a city's rules of coverage and move-ups")
def put_rules(
    uow: CoverageRuler,
    once: OnceOptional,
    *,
    city_id: CityQuery,
    version: ExpectedVersion,
    body: RulesIn,
) -> Answer[CoverageRulesView]:
    """Store the rules as the next version; the earlier ones stay on record."""
    rules = Rules(**body.model_dump())
    return once.change(
        uow, body, do=lambda: coverage.set_rules(uow, city_id, rules, expected_version=version)
    )


@router.get("/v1/moveups/plan", summary="Which units are worth moving up now")
def get_plan(uow: IncidentReader, context: Context, city_id: CityQuery) -> Answer[MoveUpPlanView]:
    """Return the moves with what each adds, within the budget and the rules; nothing is moved."""
    with context.routing.at(uow, city_id) as roads:
        return Answer(moveup.suggested(uow, roads, city_id))


@router.get("/v1/moveups", summary="Moves decided in the last day, and what came of them")
def get_moves(uow: IncidentReader, city_id: CityQuery) -> Answer[MoveUpList]:
    """Return the decisions of the last day, the newest first."""
    return Answer(moveup.moves(uow, city_id))


@router.post("/v1/moveups", status_code=201, summary="Accept or decline a suggested move")
def post_move(
    uow: Dispatcher, context: Context, once: OnceRequired, body: MoveUpIn
) -> Answer[MoveUpView]:
    """Store the decision. The plan is reckoned anew at the press."""
    # Before anything is locked, the repeat's key included: a plan can take long.
    with context.routing.at(uow, body.city_id) as roads:
        offered = moveup.suggested(uow, roads, body.city_id)
    return once.answer(
        uow, body,
        create=lambda: moveup.decide(
            uow, offered, unit_id=body.unit_id, station_id=body.station_id,
            because=body.declined_because,
        ),
    )  # fmt: skip


@router.post("/v1/moveups/{move_id}/end", summary="Call a moved unit back")
def post_end(uow: Dispatcher, once: OnceOptional, move_id: UUID) -> Answer[MoveUpView]:
    """End the move; the unit counts where it is again."""
    return once.change(uow, None, do=lambda: moveup.end(uow, move_id))
