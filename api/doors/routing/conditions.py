"""Live road conditions: closures, floods, roadworks, speeds and permits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.context import Context
from api.http.answers import Answer, fields_of
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import (
    ContraflowSigner,
    RoadConditionsEnder,
    RoadConditionsReader,
    RoadConditionsWriter,
)
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import (
    CityQuery,
    Code,
    DrawingIn,
    Instant,
    LongText,
    RowId,
    Shape,
    Text,
    parse_datum,
)
from api.http.versions import ExpectedVersion, VersionIfGiven
from gis.database import UnitOfWork
from gis.paging import Cursor
from gis.words import Words
from routing.conditions.closures import (
    NewCondition,
    end_condition,
    extend_condition,
    list_conditions,
    show_condition,
    sign_contraflow,
)
from routing.conditions.connectivity import CutOff
from routing.conditions.sketch import EdgeChoice, Sketch
from routing.conditions.snapshot import to_us
from routing.conditions.speeds import SpeedBatch, SpeedsStored, set_speeds
from routing.conditions.streets import NAMES_SHOWN, streets_of_conditions, streets_of_segments
from routing.conditions.views import ConditionPreview, ConditionView, Street
from routing.live import service as live

router = DoorRouter(Work.ORDINARY, prefix="/v1/routing/conditions")

MAX_SPEEDS = 50_000
_SHOWN = 200

Direction = Literal["both", "forward", "backward"]
Structure = Literal["ground", "bridge", "tunnel"]
Vehicle = Literal["car", "ambulance", "motorcycle", "bicycle", "walk"]
State = Literal["current", "active", "upcoming", "ended"]


class EdgeIn(Shape):
    """One road chosen by itself: a segment, or a whole OSM way; shares along it."""

    segment_id: RowId | None = None
    osm_way_id: RowId | None = None
    from_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    to_share: Annotated[float, Field(ge=0, le=1)] = 1.0
    direction: Direction = "both"


class SketchIn(Shape):
    """Where: a drawn GeoJSON polygon or line with its datum, chosen roads, or a jurisdiction."""

    drawn: Literal["polygon", "line", "edges", "area"]
    geometry: DrawingIn | None = None
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")
    edges: tuple[EdgeIn, ...] = Field((), max_length=5_000)
    area_code: Text | None = None
    direction: Direction = "both"
    layer_min: Annotated[int, Field(ge=-20, le=20)] | None = None
    layer_max: Annotated[int, Field(ge=-20, le=20)] | None = None
    structures: tuple[Structure, ...] = ()

    def sketch(self) -> Sketch:
        """Return what was drawn; the datum is required where there is a geometry."""
        values = self.model_dump(exclude={"datum", "edges"})
        datum = None if self.geometry is None else parse_datum(self.datum)
        edges = tuple(EdgeChoice(**edge.model_dump()) for edge in self.edges)
        return Sketch(**values, datum=datum, edges=edges)


class PreviewIn(Shape):
    """What a condition would be, to see what it hits."""

    city_id: RowId
    kind: Literal["closure", "flood", "roadworks", "speed", "contraflow_permit"] = "closure"
    sketch: SketchIn

    def condition(self) -> NewCondition:
        """Return it as far as a preview needs it."""
        return NewCondition(self.city_id, self.sketch.sketch(), expires_at=None)


class PermitIn(Shape):
    """A jurisdiction's permission to drive against one-way roads."""

    city_id: RowId
    sketch: SketchIn
    expires_at: Instant
    reason_zh: LongText | None = None
    reason_en: LongText | None = None
    starts_at: Instant | None = None
    vehicle_classes: list[Vehicle] | None = None
    source: Text = "console"
    legal_basis: LongText | None = None
    confirmed: bool = False

    def condition(self) -> NewCondition:
        """Return the condition to store."""
        return NewCondition(
            self.city_id, self.sketch.sketch(), self.expires_at, reason_zh=self.reason_zh,
            reason_en=self.reason_en, starts_at=self.starts_at,
            vehicle_classes=self.vehicle_classes, source=self.source,
            legal_basis=self.legal_basis, confirmed=self.confirmed,
        )  # fmt: skip


class ConditionIn(PermitIn):
    """A closure, flood, roadworks or speed. It always ends: `expires_at` is required."""

    kind: Literal["closure", "flood", "roadworks", "speed"]
    depth_m: float | None = None
    speed_kmh: float | None = None
    speed_factor: float | None = None


class ExtendIn(Shape):
    """A new end, later or earlier."""

    expires_at: Instant


class SpeedsIn(Shape):
    """Live speeds of one source at one time; columns of equal length."""

    city_id: RowId
    source: Text
    segment_id: Annotated[list[RowId], Field(min_length=1, max_length=MAX_SPEEDS)]
    direction: Annotated[list[Literal[0, 1]], Field(max_length=MAX_SPEEDS)]
    speed_kmh: Annotated[list[float], Field(max_length=MAX_SPEEDS)]
    observed_at: Instant
    expires_at: Instant
    confidence: Annotated[float, Field(gt=0, le=1)] = 1.0


@dataclass(frozen=True, slots=True)
class ConditionShown(ConditionView):
    """A condition with the streets it holds for, the longest part first."""

    streets: Sequence[Street]
    street_count: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """A page of conditions; `next_after` leads to the next, null at the end."""

    conditions: tuple[ConditionShown, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOffView:
    """A station or hospital that a closure cuts off, in words too."""

    place_kind: str
    place_id: int
    name: str
    name_zh: str | None
    can_leave: bool
    can_be_reached: bool
    text: Words


@dataclass(frozen=True, slots=True)
class ConditionStored(ConditionShown):
    """A new condition and what it cuts off."""

    cut_off: tuple[CutOffView, ...]


@dataclass(frozen=True, slots=True)
class PreviewShown(ConditionPreview):
    """What a drawing would hit and cut off."""

    streets: Sequence[Street]
    street_count: int
    cut_off: tuple[CutOffView, ...]


@router.get("", summary="Road conditions of a city, newest first")
def get_conditions(
    uow: RoadConditionsReader,
    city_id: CityQuery,
    state: Annotated[State, Query(description="current is active and upcoming")] = "current",
    limit: Annotated[int, Query(ge=1, le=_SHOWN)] = _SHOWN,
    after: Annotated[str | None, Query(max_length=200, description="next_after")] = None,
) -> Answer[Conditions]:
    """Return the conditions with the streets they hold for; `next_after` leads to the next page."""
    states = ("active", "upcoming") if state == "current" else (state,)
    page = list_conditions(uow, city_id, states=states, after=Cursor.parse(after), limit=limit)
    following = None if page.next_after is None else page.next_after.text()
    return Answer(Conditions(_shown(uow, page.items), following))


@router.post("/preview", summary="What a drawn condition would hit")
def preview_condition(
    uow: RoadConditionsReader, context: Context, body: PreviewIn
) -> Answer[PreviewShown]:
    """Return roads, streets and the places that would be cut off; stores nothing."""
    seen = live.preview_condition(uow, context.routing, body.kind, body.condition())
    streets = streets_of_segments(uow, body.city_id, seen.preview.segment_ids)
    return Answer(PreviewShown(
        **fields_of(seen.preview), **_named(streets), cut_off=tuple(map(_cut, seen.cut_off))
    ))  # fmt: skip


@router.post("", summary="Close roads, report a flood, set roadworks or a speed", status_code=201)
def post_condition(
    uow: RoadConditionsWriter, context: Context, once: OnceRequired, body: ConditionIn
) -> Answer[ConditionStored]:
    """Store the condition; the next recommendation knows it. Says which places it cuts off."""

    def create() -> ConditionStored:
        stored = live.set_condition(
            uow, context.routing, body.kind, body.condition(), depth_m=body.depth_m,
            speed_kmh=body.speed_kmh, speed_factor=body.speed_factor,
        )  # fmt: skip
        (shown,) = _shown(uow, [stored.condition])
        return ConditionStored(**fields_of(shown), cut_off=tuple(map(_cut, stored.cut_off)))

    return once.answer(uow, body, create=create)


@router.post("/permits", summary="Permit driving against one-way roads", status_code=201)
def post_permit(
    uow: ContraflowSigner, once: OnceRequired, body: PermitIn
) -> Answer[ConditionShown]:
    """Store the permit of a jurisdiction; without one nobody is routed against a one-way road."""

    def create() -> ConditionShown:
        return _shown(uow, [sign_contraflow(uow, body.condition())])[0]

    return once.answer(uow, body, create=create)


@router.put("/speeds", summary="Live speeds of many roads from one source")
def put_speeds(
    uow: RoadConditionsWriter, once: OnceOptional, body: SpeedsIn
) -> Answer[SpeedsStored]:
    """Store all speeds or none; older ones of the same source and road are kept out."""
    batch = SpeedBatch(
        body.segment_id, body.direction, body.speed_kmh,
        observed_us=to_us(body.observed_at), expires_us=to_us(body.expires_at),
        confidence=body.confidence,
    )  # fmt: skip
    return once.change(
        uow, body, do=lambda: set_speeds(uow, body.city_id, batch, source=body.source)
    )


@router.get("/{condition_id}", summary="One road condition")
def get_condition(uow: RoadConditionsReader, condition_id: UUID) -> Answer[ConditionShown]:
    """Return the condition, also one that is over."""
    found = show_condition(uow, condition_id)
    return Answer(_shown(uow, [found])[0], version=found.version)


@router.post("/{condition_id}/end", summary="Reopen roads, or revoke a permit")
def post_end(
    uow: RoadConditionsEnder, condition_id: UUID, version: VersionIfGiven, once: OnceOptional
) -> Answer[ConditionShown]:
    """End the condition now."""

    def end() -> ConditionShown:
        ended = end_condition(uow, condition_id, expected_version=version)
        return _shown(uow, [ended])[0]

    return once.change(uow, None, do=end)


@router.post("/{condition_id}/extend", summary="Move the end of a road condition")
def post_extend(
    uow: RoadConditionsEnder,
    once: OnceOptional,
    condition_id: UUID,
    version: ExpectedVersion,
    body: ExtendIn,
) -> Answer[ConditionShown]:
    """Store the new end."""

    def extend() -> ConditionShown:
        extended = extend_condition(
            uow, condition_id, expires_at=body.expires_at, expected_version=version
        )
        return _shown(uow, [extended])[0]

    return once.change(uow, body, do=extend)


def _shown(uow: UnitOfWork, conditions: Sequence[ConditionView]) -> tuple[ConditionShown, ...]:
    streets = streets_of_conditions(uow, [one.condition_id for one in conditions])
    return tuple(
        ConditionShown(**fields_of(one), **_named(streets[one.condition_id])) for one in conditions
    )


def _named(streets: Sequence[Street]) -> dict[str, Any]:
    return {"streets": streets[:NAMES_SHOWN], "street_count": len(streets)}


def _cut(one: CutOff) -> CutOffView:
    return CutOffView(
        place_kind=one.place.kind, place_id=one.place.place_id, name=one.place.name,
        name_zh=one.place.name_zh, can_leave=one.can_leave, can_be_reached=one.can_be_reached,
        text=one.text,
    )  # fmt: skip
