"""SQL that finds incidents again, newest first, a page at a time."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from dispatch.incidents.repository import SHOWN_COLUMNS
from gis.jurisdiction import within
from gis.paging import Cursor, older_than
from gis.rows import AnyRow
from gis.tables import Call, Incident, PersonalValue

COUNTRY_DIGITS = ("86", "56")
"""Codes of the countries whose numbers are also given without: China, Chile."""
LONGEST_NATIONAL = 11


def digits_of(number: str) -> list[str]:
    """Return the digits that a number may have been written down with.

    With the country's code or without, as `phone_digits` keeps them: the last eleven.
    """
    digits = re.sub(r"\D", "", number).removeprefix("00")
    if not digits:
        return []
    forms = {digits}
    for code in COUNTRY_DIGITS:
        forms.add(digits.removeprefix(code) or digits)
        forms.add(code + digits)
    return sorted({form[-LONGEST_NATIONAL:] for form in forms})


def find(
    session: Session,
    city_id: int,
    *,
    number: str | None,
    place: str | None,
    since: datetime | None,
    before: datetime | None,
    prefixes: Collection[str],
    after: Cursor | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return the incidents of a city that fit all that is given."""
    statement = select(*SHOWN_COLUMNS).where(
        Incident.city_id == city_id, within(Incident.area_code, prefixes)
    )
    if number:
        statement = statement.where(Incident.number.contains(number, autoescape=True))
    if place:
        statement = statement.where(Incident.place_label.icontains(place, autoescape=True))
    if since is not None:
        statement = statement.where(Incident.received_at >= since)
    if before is not None:
        statement = statement.where(Incident.received_at < before)
    if after is not None:
        statement = statement.where(older_than(after, Incident.received_at, Incident.incident_id))
    return session.execute(
        statement.order_by(Incident.received_at.desc(), Incident.incident_id.desc()).limit(limit)
    ).all()


def calls_from(
    session: Session,
    city_id: int,
    *,
    digits: Sequence[str],
    prefixes: Collection[str],
    after: Cursor | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return incidents, each with the ids of its calls from these numbers."""
    calls = (
        select(
            Call.incident_id.label("called"),
            func.array_agg(
                aggregate_order_by(PersonalValue.subject_id, PersonalValue.subject_id)
            ).label("call_ids"),
        )
        .join(Call, cast(Call.call_id, Text) == PersonalValue.subject_id)
        .where(
            PersonalValue.subject_kind == "call",
            PersonalValue.field == "caller_number",
            func.phone_digits(PersonalValue.value).in_(digits),
        )
        .group_by(Call.incident_id)
        .subquery()
    )
    statement = (
        select(*SHOWN_COLUMNS, calls.c.call_ids)
        .join(calls, calls.c.called == Incident.incident_id)
        .where(Incident.city_id == city_id, within(Incident.area_code, prefixes))
    )
    if after is not None:
        statement = statement.where(older_than(after, Incident.received_at, Incident.incident_id))
    return session.execute(
        statement.order_by(Incident.received_at.desc(), Incident.incident_id.desc()).limit(limit)
    ).all()
