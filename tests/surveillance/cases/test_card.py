"""The card of a case: all versions, who it is to its owner alone, and each look on record."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import shapely
from sqlalchemy import insert, select, text

from gis.access import SYSTEM, Grant, Identity
from gis.database import Database, WritingUnitOfWork
from gis.retention.errors import ReasonMissingError
from gis.tables import Area, PersonalAccess, Population
from surveillance.cases import repository
from surveillance.cases.card import CaseCard, read_card
from surveillance.cases.errors import CaseNotFoundError
from surveillance.cases.repository_card import shape_of
from surveillance.permissions import CASES_READ, CASES_SENSITIVE
from tests.surveillance.cases.reports import reports

pytestmark = pytest.mark.database

WEST, EAST = "440305", "440306"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOME = (114.0501, 22.5502)
WHY = "checking likely doubles"
BASE = {
    "name": "王芳", "phone": "13800138000", "address": "1 Elm", "institution": "Elm School",
    "residence_area": WEST, "owned_by_area": WEST, "reporting_area": EAST,
    "onset_on": date(2026, 3, 1), "residence": f"SRID=4326;POINT({HOME[0]} {HOME[1]})",
}  # fmt: skip


def reader(area: str, *more: str) -> Identity:
    permissions = frozenset({CASES_READ, *((CASES_SENSITIVE,) if more else ())})
    return Identity(UUID(int=9), area, area, grants=(Grant("x", area, permissions=permissions),))


@pytest.fixture(scope="module")
def cases(shared_grid: Database) -> dict[str, UUID]:
    with shared_grid.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        source_id = repository.lock_source(
            uow.session, city_id, "card", kind="line_list", at=NOW, by="test"
        ).source_id
        stated = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 4)]
        repository.store_reports(
            uow.session,
            reports([
                {"key": "a", "stated_at": stated[0], **BASE},
                {"key": "a", "stated_at": stated[1], **BASE, "classification": "confirmed"},
                {"key": "s", "stated_at": stated[0], **BASE, "disease": "syphilis",
                 "sensitive": "hiv_sti", "residence": None},
            ]),
            city_id=city_id, source_id=source_id, import_id=None, as_of=NOW, at=NOW,
        )  # fmt: skip
        west = uow.session.scalars(select(Area.area_id).where(Area.code == WEST)).one()
        uow.session.execute(
            insert(Population).values(area_id=west, persons=5_000, base="resident", source="t")
        )
        found = uow.session.execute(text("SELECT source_key, case_id FROM cases")).all()
    return {row.source_key: row.case_id for row in found}


@pytest.fixture
def look(shared_grid: Database) -> Callable[..., CaseCard]:
    def looked(identity: Identity, case_id: UUID, reason: str = WHY) -> CaseCard:
        with shared_grid.unit_of_work(identity) as uow:
            return read_card(uow, case_id, reason=reason)

    return looked


def noted(uow: WritingUnitOfWork, case_id: UUID) -> list[tuple[str, str | None]]:
    rows = uow.session.execute(
        select(PersonalAccess.actor, PersonalAccess.area_code)
        .where(PersonalAccess.subject_id == str(case_id))
        .order_by(PersonalAccess.access_id)
    )
    return [(row.actor, row.area_code) for row in rows]


def test_its_owner_reads_who_it_is_and_all_that_was_said(look, cases) -> None:
    card = look(reader(WEST), cases["a"])
    assert card.owner
    assert (card.person.name, card.person.phone) == ("王芳", "13800138000")
    assert (card.place.lon, card.place.lat, card.place.exact) == (*HOME, True)
    assert [one.classification.en for one in card.versions] == ["confirmed", "suspect"]
    assert [one.institution for one in card.versions] == ["Elm School"] * 2
    assert card.versions[1].known_until == card.versions[0].stated_at


def test_who_only_reported_it_reads_neither_who_nor_where(look, cases, shared_grid) -> None:
    card = look(reader(EAST), cases["a"])
    assert not card.owner
    assert card.person is None
    assert {one.institution for one in card.versions} == {None}
    assert not card.place.exact
    assert card.place.area_code == WEST
    assert (card.place.lon, card.place.lat) != HOME
    with shared_grid.read(SYSTEM) as uow:
        city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        shape = shape_of(uow.session, city_id, WEST)
    assert shapely.intersects_xy(shape, card.place.lon, card.place.lat)
    assert look(reader(EAST), cases["a"]).place == card.place
    for secret in ("王芳", "13800138000", "1 Elm", "Elm School", str(HOME[0])):
        assert secret not in repr(card)


def test_a_sensitive_case_asks_for_its_own_right(look, cases) -> None:
    with pytest.raises(CaseNotFoundError):
        look(reader(WEST), cases["s"])
    assert look(reader(WEST, "sensitive"), cases["s"]).place is None
    for nobody in (reader("110101"), Identity(UUID(int=3), "n", "n", grants=())):
        with pytest.raises(CaseNotFoundError):
            look(nobody, cases["a"])
    with pytest.raises(CaseNotFoundError):
        look(reader(WEST), uuid4())


def test_every_look_is_on_record_and_none_without_a_reason(look, cases, shared_grid) -> None:
    with shared_grid.read(SYSTEM) as uow:
        before = len(noted(uow, cases["a"]))
    look(reader(WEST), cases["a"])
    look(reader(EAST), cases["a"])
    with pytest.raises(ReasonMissingError):
        look(reader(WEST), cases["a"], " ")
    with shared_grid.read(SYSTEM) as uow:
        assert noted(uow, cases["a"])[before:] == [
            (f"user:{WEST}", WEST),
            (f"user:{EAST}", WEST),
        ]
