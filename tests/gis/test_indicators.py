"""Indicator values are appended; the newest of each subject stands apart."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from gis.access import SYSTEM
from gis.database import Database
from gis.indicators import Indication, latest_indications, put_indications

pytestmark = pytest.mark.database


def value(year: int, number: float, *, as_of: int = 1, subject: str = "440305") -> Indication:
    return Indication(
        "smr", "area", subject, date(year, 1, 1), date(year + 1, 1, 1), number, 120, "1", "cdc",
        datetime(2026, 11, as_of, tzinfo=UTC),
    )  # fmt: skip


def newest(database: Database, *subjects: str) -> list[float]:
    with database.read(SYSTEM) as uow:
        found = latest_indications(
            uow.session, "smr", subject_kind="area", subject_ids=subjects or ("440305",)
        )
    return [one.value for one in found]


def test_the_latest_period_and_then_the_latest_word_count(database: Database) -> None:
    for one in (value(2024, 1.0), value(2025, 2.0), value(2023, 3.0, as_of=9)):
        with database.unit_of_work(SYSTEM) as uow:
            put_indications(uow.session, [one])
    assert newest(database) == [2.0]
    with database.unit_of_work(SYSTEM) as uow:
        put_indications(uow.session, [value(2025, 2.5, as_of=2), value(2025, 1.1, subject="x")])
    assert newest(database) == [2.5]
    assert newest(database, "440305", "x") == [2.5, 1.1]
    with database.read(SYSTEM) as uow:
        assert uow.session.execute(text("SELECT count(*) FROM indicator_values")).scalar() == 5


def test_partitions_of_the_years_take_their_values(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        for changed in (3, 0):
            made = uow.session.execute(text("SELECT maintain_indicator_partitions('2025-06-01')"))
            assert made.scalar_one() == changed
        put_indications(uow.session, [value(2025, 2.0), value(1999, 1.0)])
        where = uow.session.execute(
            text("SELECT tableoid::regclass::text FROM indicator_values ORDER BY period_from")
        )
        assert list(where.scalars()) == ["indicator_values_default", "indicator_values_2025"]


@pytest.mark.parametrize("statement", ["UPDATE {} SET value = 1", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(
    "table", ["indicator_values", "indicator_values_default", "indicator_values_2025"]
)
def test_a_value_is_never_changed_or_deleted_by_anybody(
    database: Database, owner_url: str, statement: str, table: str
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("SELECT maintain_indicator_partitions('2025-06-01')"))
        put_indications(uow.session, [value(2025, 2.0), value(1999, 1.0)])
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        database.unit_of_work(SYSTEM) as uow,
    ):
        uow.session.execute(text(statement.format(table)))
    engine = create_engine(owner_url)
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement.format(table)))
    engine.dispose()


def test_values_of_old_years_are_forgotten_in_the_declared_way_alone(
    database: Database, owner_url: str
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("SELECT maintain_indicator_partitions('2025-06-01')"))
        put_indications(uow.session, [value(year, float(year)) for year in (1999, 2024, 2025)])
        put_indications(uow.session, [value(2024, 7.0, subject="x")])
    forget = text("SELECT forget_indicator_values(2025)")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        database.unit_of_work(SYSTEM) as uow,
    ):
        uow.session.execute(forget)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        assert connection.execute(forget).scalar_one() == 3
    assert newest(database, "440305", "x") == [2025.0]
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM indicator_values"))
    engine.dispose()
