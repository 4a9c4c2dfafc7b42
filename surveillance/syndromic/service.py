"""Use cases of syndromic streams: following the calls, and reading what they come to."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from gis.cities import find_city, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.rooms.model import ConsumedEvent
from surveillance.syndromic import repository
from surveillance.syndromic.errors import StreamPeriodInvalidError
from surveillance.syndromic.following import after
from surveillance.syndromic.model import CodedCall, StreamCount, Streams
from surveillance.syndromic.syndromes import syndromes

MOST_DAYS = 400


def follow_call(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Keep what an event of dispatch says of a call. An incident without a city counts nowhere."""
    city = None if event.city_id is None else find_city(uow.session, event.city_id)
    if city is None:
        return
    digest = repository.digest_of(event.subject_id)
    call = repository.take_call(uow.session, digest) or CodedCall(
        city_id=city.city_id, area_code=None, first_coded_on=None, complaint_code=None,
        determinant=None, category=None, cancelled=False, repeats=False, ended_as=None,
    )  # fmt: skip
    zone = ZoneInfo(city.time_zone)
    changed = after(call, event, day=event.occurred_at.astimezone(zone).date())
    repository.put_call(uow.session, digest, changed)


def streams(uow: UnitOfWork, city_id: int, *, since: date, before: date) -> Streams:
    """Return the calls of a city by syndrome, day and area.

    Raises
    ------
    StreamPeriodInvalidError
        `before` is not after `since`, or more than `MOST_DAYS` later.
    CityNotFoundError
    """
    require_city(uow, city_id)
    if not 0 < (before - since).days <= MOST_DAYS:
        raise StreamPeriodInvalidError(MOST_DAYS)
    table = syndromes()
    counts: Counter[tuple[str, date, str | None]] = Counter()
    for complaint, day, area, calls in repository.calls_by_day(
        uow.session, city_id, since=since, before=before
    ):
        for syndrome in table.of(complaint):
            counts[syndrome, day, area] += calls
    return Streams(
        city_id=city_id, version=table.version, since=since, before=before,
        first_day=repository.first_coded_day(uow.session, city_id),
        syndromes={code: one.words for code, one in table.by_code.items()},
        counts=tuple(
            StreamCount(syndrome=syndrome, day=day, area_code=area, calls=calls)
            for (syndrome, day, area), calls in sorted(
                counts.items(), key=lambda item: (item[0][1], item[0][0], item[0][2] or "")
            )
        ),
    )  # fmt: skip
