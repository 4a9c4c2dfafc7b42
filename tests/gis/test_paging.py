"""One form of cursor for every list: an opaque word that gives back exactly its row."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from gis.access import SYSTEM
from gis.database import Database
from gis.paging import Cursor, CursorInvalidError, older_than, page_of
from gis.tables import Incident
from tests.areas import add_areas


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_gives_back_its_row(at: datetime, row_id: UUID) -> None:
    cursor = Cursor(at, row_id)
    assert Cursor.parse(cursor.text()) == cursor
    assert cursor.text().isascii()


@given(st.text())
def test_other_words_are_refused_and_nothing_else_happens(word: str) -> None:
    with suppress(CursorInvalidError):
        assert Cursor.parse(word) is not None


def test_a_time_without_zone_is_none_of_ours() -> None:
    with pytest.raises(CursorInvalidError):
        Cursor.parse(Cursor(datetime(2026, 1, 1), uuid4()).text())  # noqa: DTZ001


def test_no_cursor_is_the_first_page() -> None:
    assert Cursor.parse(None) is None


@given(st.lists(st.integers()), st.integers(1, 5))
def test_another_page_follows_only_where_a_row_is_left(rows: list[int], limit: int) -> None:
    page, last = page_of(rows, limit)
    assert list(page) == rows[:limit]
    assert last == (rows[limit - 1] if len(rows) > limit else None)


@pytest.mark.database
def test_pages_meet_every_row_once_also_of_one_moment(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        city_id = add_areas(uow, {})
        uow.session.execute(
            text(
                "INSERT INTO incidents (incident_id, city_id, number, state, received_at)"
                " SELECT gen_random_uuid(), :city, n::text, 'received',"
                " timestamptz '2026-01-01' + (n / 3) * interval '1 s'"
                " FROM generate_series(1, 11) AS n"
            ),
            {"city": city_id},
        )
        order = Incident.received_at.desc(), Incident.incident_id.desc()
        columns = select(Incident.received_at, Incident.incident_id)
        met: list[UUID] = []
        cursor: Cursor | None = None
        while True:
            asked = columns
            if cursor is not None:
                cursor = Cursor.parse(cursor.text())
                assert cursor is not None
                asked = columns.where(
                    older_than(cursor, Incident.received_at, Incident.incident_id)
                )
            page, last = page_of(uow.session.execute(asked.order_by(*order).limit(3)).all(), 2)
            met += [row.incident_id for row in page]
            if last is None:
                break
            cursor = Cursor(last.received_at, last.incident_id)
        assert met == list(
            uow.session.execute(select(Incident.incident_id).order_by(*order)).scalars()
        )
