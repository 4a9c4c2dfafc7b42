"""Use cases of advisories: one comes in from another room, is shown, and acknowledged once."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.advisories import repository
from dispatch.advisories.errors import AdvisoryNotFoundError
from dispatch.advisories.views import AdvisoryList, AdvisoryView
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from gis.cities import find_city, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.rooms.model import ConsumedEvent
from gis.rows import AnyRow
from gis.words import Words


def take_advisory(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Post what another room advises; the same subject again takes the place of the earlier one."""
    city = None if event.city_id is None else find_city(uow.session, event.city_id)
    if city is None:
        return
    says, advisory_id = event.payload, UUID(event.subject_id)
    repository.put_advisory(
        uow.session,
        advisory_id,
        {
            "city_id": city.city_id,
            "area_code": event.area_code,
            "what": says["what"],
            "place": says["place"],
            "cases": says["cases"],
            "since": date.fromisoformat(says["since"]),
            "until": date.fromisoformat(says["until"]),
            "posted_at": event.occurred_at,
        },
    )
    uow.emit(
        NewEvent(
            "advisory", str(advisory_id), "advisory.posted",
            {"until": says["until"]}, uow.clock.now(), city_id=city.city_id,
            area_code=event.area_code,
        )
    )  # fmt: skip


def advisories(uow: UnitOfWork, city_id: int) -> AdvisoryList:
    """Return the advisories of a city that are not over, in the viewer's areas.

    Raises
    ------
    CityUnknownError
    """
    city = require_city(uow, city_id)
    rows = repository.list_advisories(
        uow.session, city_id, uow.identity.jurisdictions(INCIDENT_READ),
        day=uow.clock.now().astimezone(ZoneInfo(city.time_zone)).date(),
    )  # fmt: skip
    return AdvisoryList(advisories=tuple(map(_view, rows)))


def acknowledge(uow: WritingUnitOfWork, advisory_id: UUID) -> AdvisoryView:
    """Say that dispatch has seen an advisory; the first who did stays.

    Raises
    ------
    AdvisoryNotFoundError
    """
    reach = uow.identity.jurisdictions(INCIDENT_WRITE)
    row = repository.find_advisory(uow.session, advisory_id, reach)
    if row is not None and row.acknowledged_at is None:
        now = uow.clock.now()
        repository.acknowledge(uow.session, advisory_id, at=now, by=uow.identity.label)
        uow.emit(
            NewEvent(
                "advisory", str(advisory_id), "advisory.acknowledged", {}, now,
                city_id=row.city_id, area_code=row.area_code,
            )
        )  # fmt: skip
        row = repository.find_advisory(uow.session, advisory_id, reach)
    if row is None:
        raise AdvisoryNotFoundError(advisory_id)
    return _view(row)


def _view(row: AnyRow) -> AdvisoryView:
    return AdvisoryView(
        advisory_id=row.advisory_id, what=Words.from_json(row.what),
        place=Words.from_json(row.place), cases=row.cases, since=row.since, until=row.until,
        posted_at=row.posted_at, acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )  # fmt: skip
