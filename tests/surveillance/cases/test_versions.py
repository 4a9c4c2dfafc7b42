"""Reports become versions: the same in whatever order files come, and as known on any day."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from gis.access import EVERYWHERE, SYSTEM, Grant, Identity
from gis.database import Database, WritingUnitOfWork
from gis.tables.surveillance import Case, CasePerson, CaseVersion
from surveillance.cases import repository
from surveillance.cases.model import Stored, Version, timeline
from surveillance.permissions import CASES_READ, CASES_SENSITIVE
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

DAY_0 = datetime(2026, 3, 2, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def at(days: float) -> datetime:
    return DAY_0 + timedelta(days=days)


@pytest.fixture(scope="module")
def city(shared_grid: Database) -> tuple[Database, int]:
    with shared_grid.read(SYSTEM) as uow:
        return shared_grid, uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()


@pytest.fixture
def uow(city: tuple[Database, int]) -> Iterator[WritingUnitOfWork]:
    """A transaction that leaves nothing behind."""
    database, _ = city
    with database.unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


class Book:
    """One source of one city within a transaction."""

    def __init__(self, uow: WritingUnitOfWork, city_id: int, name: str = "cards") -> None:
        self.session, self.city_id = uow.session, city_id
        self.source_id = repository.lock_source(
            uow.session, city_id, name, kind="line_list", at=NOW, by="test"
        ).source_id

    def take(self, *rows: dict[str, Any], as_of: datetime = NOW) -> Stored:
        return repository.store_reports(
            self.session, reports(rows), city_id=self.city_id, source_id=self.source_id,
            import_id=None, as_of=as_of, at=NOW,
        )  # fmt: skip

    def versions(self) -> list[tuple[Any, ...]]:
        rows = self.session.execute(
            select(
                Case.source_key, CaseVersion.stated_at, CaseVersion.known_from,
                CaseVersion.known_until, CaseVersion.classification, CaseVersion.deleted_at,
                CaseVersion.digest,
            )
            .join(Case, Case.case_id == CaseVersion.case_id)
            .where(Case.source_id == self.source_id)
            .order_by(Case.source_key, CaseVersion.stated_at)
        )  # fmt: skip
        return [tuple(row) for row in rows]

    def known_on(self, moment: datetime) -> list[tuple[str, str]]:
        rows = self.session.execute(
            text(
                "SELECT c.source_key, v.classification FROM case_versions v JOIN cases c"
                " USING (case_id) WHERE c.source_id = :source AND v.known_from <= :moment"
                " AND coalesce(v.known_until, 'infinity') > :moment"
                " AND coalesce(v.deleted_at, 'infinity') > :moment ORDER BY 1"
            ),
            {"source": self.source_id, "moment": moment},
        )
        return [(row.source_key, row.classification) for row in rows]


@pytest.fixture
def book(uow: WritingUnitOfWork, city: tuple[Database, int]) -> Book:
    return Book(uow, city[1])


def card(key: str, day: float, classification: str = "suspect", **more: Any) -> dict[str, Any]:
    return {"key": key, "stated_at": at(day), "classification": classification,
            "entered_at": at(0), **more}  # fmt: skip


def test_a_curve_as_known_on_a_day_tells_what_was_known_then(book: Book) -> None:
    book.take(card("a", 0), card("b", 0), card("a", 3, "confirmed"))
    book.take(card("b", 5, "excluded"), card("c", 6, entered_at=at(6)))
    assert book.known_on(at(-1)) == []
    assert book.known_on(at(1)) == [("a", "suspect"), ("b", "suspect")]
    assert book.known_on(at(4)) == [("a", "confirmed"), ("b", "suspect")]
    assert book.known_on(at(7)) == [("a", "confirmed"), ("b", "excluded"), ("c", "suspect")]


def test_the_first_version_is_known_since_the_entry_of_its_card(book: Book) -> None:
    book.take(card("a", 9, "confirmed", entered_at=at(1)))
    assert book.known_on(at(2)) == [("a", "confirmed")]
    book.take(card("a", 4, "suspect", entered_at=at(1)))
    assert book.known_on(at(2)) == [("a", "suspect")]
    assert book.known_on(at(10)) == [("a", "confirmed")]


def test_a_deleted_card_counts_until_its_deletion(book: Book) -> None:
    assert book.take(card("a", 5, deleted_at=at(5))) == Stored(deleted=1)
    assert book.known_on(at(1)) == [("a", "suspect")]
    assert book.known_on(at(5)) == []


def test_the_same_reports_again_change_nothing(book: Book) -> None:
    rows = (card("a", 0), card("a", 3, "confirmed"), card("b", 1, age_years=4.5))
    assert book.take(*rows) == Stored(new=2, revised=1)
    before = book.versions()
    assert book.take(*rows) == Stored(unchanged=3)
    assert book.versions() == before


def test_reports_without_times_of_their_own_are_known_from_their_file_on(book: Book) -> None:
    book.take({"key": "a"}, as_of=at(1))
    assert book.take({"key": "a"}, as_of=at(2)) == Stored(unchanged=1)
    assert book.take({"key": "a", "classification": "confirmed"}, as_of=at(3)) == Stored(revised=1)
    assert book.known_on(at(2.5)) == [("a", "suspect")]
    assert book.known_on(at(3)) == [("a", "confirmed")]


def test_other_words_under_the_same_time_are_learned_of_with_their_file(book: Book) -> None:
    book.take(card("a", 0), as_of=at(1))
    assert book.take(card("a", 0, "confirmed"), as_of=at(2)) == Stored(revised=1)
    assert book.take(card("a", 0, "confirmed"), as_of=at(3)) == Stored(unchanged=1)
    assert book.known_on(at(1.5)) == [("a", "suspect")]
    assert book.known_on(at(2)) == [("a", "confirmed")]


def test_no_report_is_known_later_than_its_file(book: Book) -> None:
    book.take(card("a", 30), as_of=at(10))
    assert book.versions()[0][1] == at(10)


HISTORY = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(0, 12),
        st.sampled_from(["suspect", "probable", "confirmed", "excluded"]), st.booleans(),
    ),
    min_size=1, max_size=12, unique_by=lambda row: row[:2],
)  # fmt: skip


@given(history=HISTORY, seed=st.integers(0, 2**32), cuts=st.lists(st.integers(1, 4), max_size=6))
def test_imports_in_any_order_and_parts_end_in_the_same_state(
    city: tuple[Database, int], history: list[tuple[str, int, str, bool]], seed: int,
    cuts: list[int],
) -> None:  # fmt: skip
    rows = [
        card(key, day, said, entered_at=at(-1),
             deleted_at=at(day) if gone else None)
        for key, day, said, gone in history
    ]  # fmt: skip
    database, city_id = city
    with database.unit_of_work(SYSTEM) as uow:
        whole = Book(uow, city_id, "whole")
        whole.take(*rows)
        mixed = list(rows)
        random.Random(seed).shuffle(mixed)
        parts = Book(uow, city_id, "parts")
        for size in (*cuts, len(mixed)):
            part, mixed = mixed[:size], mixed[size:]
            parts.take(*part)
        parts.take(*rows[: len(rows) // 2])
        assert parts.versions() == whole.versions()
        for key in {row["key"] for row in rows}:
            stored = [row for row in whole.versions() if row[0] == key]
            plain = timeline([Version(stated_at=row[1], entered_at=at(-1), digest=row[6])
                              for row in stored])  # fmt: skip
            assert [(one.stated_at, one.known_from, one.known_until) for one in plain] == [
                row[1:4] for row in stored
            ]
        for day in (-2, 0, 3.5, 13):
            assert parts.known_on(at(day)) == [
                (key, last[2])
                for key in sorted({row[0] for row in history})
                if day >= -1
                and (last := max(
                    (row for row in history if row[0] == key and row[1] <= max(day, 0)),
                    key=lambda row: row[1],
                    default=min((row for row in history if row[0] == key), key=lambda row: row[1]),
                ))
                and not (last[3] and last[1] <= day)
            ]  # fmt: skip
        uow.session.rollback()


def test_the_newest_report_says_who_a_case_is(book: Book) -> None:
    book.take(card("a", 5, name="新名", phone="138"), card("b", 1))
    book.take(card("a", 2, "probable", name="旧名", phone="139"))
    persons = book.session.execute(select(CasePerson.name, CasePerson.phone)).all()
    assert [tuple(one) for one in persons] == [("新名", "138")]


def test_days_that_cannot_be_are_kept_to_be_worked_on(book: Book) -> None:
    book.take(card("a", 1, date_problems="{onset_after_entry,death_before_onset}"))
    found = book.session.scalars(text("SELECT problem FROM case_findings ORDER BY 1")).all()
    assert found == ["death_before_onset", "onset_after_entry"]


def test_texts_stand_as_they_came(book: Book) -> None:
    odd = "a\tb\nc\\d “\\N” 中"
    book.take(card("a", 1, institution=odd, onset_on=date(2026, 2, 28), age_years=0.25))
    row = book.session.execute(
        select(CaseVersion.institution, CaseVersion.onset_on, CaseVersion.age_years)
    ).one()
    assert tuple(row) == (odd, date(2026, 2, 28), 0.25)


def somebody(*permissions: Any, areas: tuple[str, ...] = (EVERYWHERE,)) -> Identity:
    return Identity(
        user_id=None, username="somebody", display_name="", grants=tuple(
            Grant("cdc", area, permissions=frozenset(permissions), codes=frozenset({area}))
            for area in areas
        ),
    )  # fmt: skip


def test_cases_are_seen_within_the_area_and_sensitive_ones_by_their_own_right(
    city: tuple[Database, int],
) -> None:
    database, city_id = city
    with database.unit_of_work(SYSTEM) as uow:
        book = Book(uow, city_id, "seen")
        book.take(
            card("here", 1, owned_by_area="1"), card("there", 1, owned_by_area="2"),
            card("reported here", 1, owned_by_area="2", reporting_area="1"),
            card("hiv", 1, owned_by_area="1", disease="hiv", sensitive="hiv_sti"),
        )  # fmt: skip
    try:
        for who, seen in (
            (somebody(CASES_READ, areas=("1",)), {"here", "reported here"}),
            (somebody(CASES_READ), {"here", "there", "reported here"}),
            (somebody(CASES_READ, CASES_SENSITIVE, areas=("1",)), {"here", "reported here", "hiv"}),
            (somebody(CASES_SENSITIVE), set()),
        ):
            with database.read(who) as uow:
                found = uow.session.scalars(
                    text("SELECT source_key FROM case_versions JOIN cases USING (case_id)")
                )
                assert set(found) == seen
    finally:
        with database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text("DELETE FROM case_sources WHERE name = 'seen'"))


def test_new_cases_are_numbered_in_the_order_of_their_file(book: Book) -> None:
    keys = ["q", "a", "z", "m", "b"]
    book.take(*(card(key, 0) for key in keys), card("z", 3, "confirmed"))
    stored = book.session.execute(
        select(Case.source_key).where(Case.source_id == book.source_id).order_by(Case.case_id)
    ).scalars()
    assert list(stored) == keys
