"""Inspections stored as points; indices of areas and months follow them and their corrections."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from gis.access import EVERYWHERE, SYSTEM, Identity
from gis.cities import require_city
from gis.database import Database, WritingUnitOfWork
from gis.indicators import latest_indications
from maps.catalogue.exports import layer_features
from maps.errors import ExportRefusedError, LayerNotFoundError
from maps.tiles import tile
from surveillance.inspections.service import store, understand
from tests.cities import corner, grid_id
from tests.identities import granted
from tests.maps.tiles_read import read_all, tile_of

pytestmark = pytest.mark.database

HEAD = "id,date,lon,lat,premises,premises_positive,containers,containers_positive,outcome\n"
LON, LAT = corner(3, 3)


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[WritingUnitOfWork]:
    with shared_grid.unit_of_work(SYSTEM) as opened:
        yield opened
        opened.session.rollback()


def take(uow: WritingUnitOfWork, database: Database, folder: Path, rows: list[str]) -> int:
    path = folder / "points.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    city_id = grid_id(database)
    composed = understand(uow, path, city_id=city_id, datum="wgs84")
    assert len(composed.intake.rejects) == 0, composed.intake.rejects["reason"].tolist()
    return store(uow, composed, city_id=city_id, source="teams").values


def newest(uow: WritingUnitOfWork, indicator: str) -> dict[tuple[str, date], tuple[float, int]]:
    codes = uow.session.execute(text("SELECT code FROM areas")).scalars().all()
    return {
        (one.subject_id, one.period_from): (one.value, one.n or 0)
        for one in latest_indications(
            uow.session, indicator, subject_kind="area", subject_ids=set(codes)
        )
    }


def test_the_breteau_index_of_an_area_is_of_all_its_points(
    uow: WritingUnitOfWork, shared_grid: Database, tmp_path: Path
) -> None:
    june = date(2026, 6, 1)
    rows = [f"a,2026-06-02,{LON},{LAT},40,5,70,8,", f"b,2026-06-20,{LON + 5e-4},{LAT},60,1,50,2,",
            f"c,2026-06-21,{LON},{LAT + 5e-4},4,0,,,"]  # fmt: skip
    assert take(uow, shared_grid, tmp_path, rows) > 0
    found = newest(uow, "breteau_index")
    # 10 positive containers in 100 premises; the third says nothing of containers.
    assert found
    assert set(found.values()) == {(10.0, 100)}
    assert {month for _, month in found} == {june}
    ((value, n),) = set(newest(uow, "house_index").values())
    assert (value, n) == (pytest.approx(600 / 104), 104)
    ((value, n),) = set(newest(uow, "container_index").values())
    assert (value, n) == (pytest.approx(1000 / 120), 120)
    # The same file again says nothing new.
    assert take(uow, shared_grid, tmp_path, rows) == 0

    # A correction of one takes its place, and one that moves to another month leaves the first.
    take(uow, shared_grid, tmp_path, [rows[0].replace(",8,", ",3,")])
    assert set(newest(uow, "breteau_index").values()) == {(5.0, 100)}
    take(uow, shared_grid, tmp_path, [row.replace("2026-06", "2026-05") for row in rows])
    later = newest(uow, "breteau_index")
    assert {month for _, month in later} == {june}
    assert {n for _, n in later.values()} == {0}
    _, table = layer_features(
        uow, "indicator_breteau_index", require_city(uow, grid_id(shared_grid))
    )
    assert table.columns["code"] == []


def test_of_few_premises_an_area_has_no_index(
    uow: WritingUnitOfWork, shared_grid: Database, tmp_path: Path
) -> None:
    take(uow, shared_grid, tmp_path, [f"a,2026-06-02,{LON},{LAT},4,4,9,9,",
                                      f"b,2026-06-02,{LON},{LAT},,,,,failed"])  # fmt: skip
    assert newest(uow, "breteau_index") == {}
    assert newest(uow, "inspection_failed") == {}


def test_points_are_of_four_weeks_and_for_who_reads_cases_there(
    uow: WritingUnitOfWork, shared_grid: Database, tmp_path: Path
) -> None:
    city_id = grid_id(shared_grid)
    take(uow, shared_grid, tmp_path, [
        f"a,2026-06-02,{LON},{LAT},40,5,70,8,", f"b,2026-06-20,{LON},{LAT},60,0,50,0,",
        f"c,2026-06-20,{LON},{LAT},,,,,不合格",
    ])  # fmt: skip

    def days(time: str) -> list[object]:
        z, x, y = tile_of(LON, LAT, 16)
        body = tile(uow, city_id, "mosquito_inspections", z, x, y, time=time)
        if not body:
            return []
        found = read_all(body, tmp_path, z, x, y)["mosquito_inspections"]
        return [*zip(found["inspected_on"], found["found"], strict=True)]

    assert days("2026-06-03T04:00:00+00:00") == [("2026-06-02", "positive")]
    assert days("2026-06-25T04:00:00+00:00") == [
        ("2026-06-20", "negative"), ("2026-06-02", "positive"),
    ]  # fmt: skip
    assert days("2026-07-10T04:00:00+00:00") == [("2026-06-20", "negative")]
    assert days("2026-05-01T04:00:00+00:00") == []
    with pytest.raises(ExportRefusedError):
        layer_features(uow, "mosquito_inspections", require_city(uow, city_id))


def test_who_reads_no_cases_there_gets_no_point(grid_database: Database, tmp_path: Path) -> None:
    database = grid_database
    city_id = grid_id(database)
    with database.unit_of_work(SYSTEM) as uow:
        take(uow, database, tmp_path, [f"a,2026-06-02,{LON},{LAT},40,5,70,8,"])
        (own,) = uow.session.execute(text("SELECT area_code FROM inspections")).scalars()
        others = uow.session.execute(
            text("SELECT code FROM areas WHERE level = 'district' AND code <> :own"), {"own": own}
        ).scalars()
        other = next(iter(others))
    at = {"time": "2026-06-25T04:00:00+00:00"}
    address = tile_of(LON, LAT, 16)

    def seen(role: str, area: str) -> bytes:
        who = Identity(None, role, role, grants=(granted(role, area, codes=[area]),))
        with database.read(who) as uow:
            return tile(uow, city_id, "mosquito_inspections", *address, **at)

    assert seen("cdc", own)
    assert seen("cdc", other) == b""
    for role in ("planner", "supervisor", "dispatcher"):
        with pytest.raises(LayerNotFoundError):
            seen(role, EVERYWHERE)
    # Nor by a statement without the layer's own filter: the rows are not there.
    planner = Identity(None, "p", "P", grants=(granted("planner"),))
    with database.read(planner) as uow:
        assert uow.session.execute(text("SELECT count(*) FROM inspections")).scalar_one() == 0
