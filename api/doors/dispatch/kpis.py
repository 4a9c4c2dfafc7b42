"""Response times by the standards of a profile: shown, judged, taken away."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.http.answers import Answer, Binary
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, CityQuery, Instant, Shape
from dispatch.kpis.files import Form, file_of
from dispatch.kpis.profile import MOST_BYTES, parse_profile
from dispatch.kpis.service import list_profiles, measure_city
from dispatch.kpis.views import KpiView, ProfileList
from dispatch.permissions import KPIS_READ
from gis.database import ReadingUnitOfWork

router = DoorRouter(Work.HEAVY, prefix="/v1/kpis")

KpiReader = Annotated[ReadingUnitOfWork, Depends(reads(KPIS_READ), scope="function")]
ProfileName = Annotated[str, Query(max_length=80, description="One of GET /v1/kpis/profiles.")]
Since = Annotated[Instant | None, Query(alias="from", description="With its zone.")]
Until = Annotated[Instant | None, Query(alias="to", description="With its zone.")]
By = Literal["none", "area", "hour_of_week", "vulnerability", "category"]
Records = Literal["dispatch", "recorded"]
_CODE = r"^[\w.\-]+$"
AreaCode = Annotated[
    str | None, Query(max_length=64, pattern=_CODE, description="Only calls within this area.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be measured."""

    city_id: CityQuery
    profile: ProfileName = "nhs_arp"
    begin: Since = None
    until: Until = None
    by: By = "none"
    records: Records = "dispatch"
    area: AreaCode = None


AskedQuery = Annotated[Asked, Depends()]


class KpiFile(Binary):
    """Response times as a file."""

    media_type = "application/octet-stream"
    shape = bytes


class OwnProfileIn(Shape):
    """A profile of one's own as YAML, and what is to be judged by it."""

    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    profile_yaml: Annotated[str, Field(min_length=1, max_length=MOST_BYTES)]
    begin: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    by: By = "none"
    records: Records = "dispatch"
    area: Annotated[str | None, Field(max_length=64, pattern=_CODE)] = None


@router.get("/profiles", summary="The standards that response times are judged by")
def get_profiles(uow: KpiReader) -> Answer[ProfileList]:  # noqa: ARG001 (who may)
    """Return the bundled profiles with edition, source and demands."""
    return Answer(list_profiles())


@router.get("", summary="Response times by a profile's standards")
def get_kpis(uow: KpiReader, asked: AskedQuery) -> Answer[KpiView]:
    """Return every interval with mean, median, 90th percentile and what was left out by reason.

    Of calls from `from` (28 days before the end) to `to` (now), at most 400 days, in the viewer's
    areas. `records=recorded`: of imported responses of another system.
    """
    return Answer(_view(uow, asked))


@router.get("/file", summary="Response times as CSV or Parquet")
def get_kpis_file(uow: KpiReader, asked: AskedQuery, form: Form = "csv") -> KpiFile:
    """Return one row a statistic and group; counts and times, nothing of one person."""
    view = _view(uow, asked)
    name = f"kpis-{view.profile.name}-{view.begin:%Y%m%d}.{form}"
    return KpiFile(
        file_of(view, form),
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@router.post("/judged", summary="Response times by a profile of one's own")
def post_judged(uow: KpiReader, body: OwnProfileIn) -> Answer[KpiView]:
    """Judge by a YAML profile that is sent along; nothing is stored. Faults name their place."""
    profile = parse_profile(body.profile_yaml, where="profile")
    return Answer(
        measure_city(
            uow, body.city_id, profile=profile, begin=body.begin, until=body.until, by=body.by,
            records=body.records, area=body.area,
        )
    )  # fmt: skip


def _view(uow: ReadingUnitOfWork, asked: Asked) -> KpiView:
    return measure_city(
        uow, asked.city_id, profile=asked.profile, begin=asked.begin, until=asked.until,
        by=asked.by, records=asked.records, area=asked.area,
    )  # fmt: skip
