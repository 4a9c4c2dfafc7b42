"""Every layer's declaration held against what it serves, whichever room declares it."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
from sqlalchemy import insert, select, text, update

from api.rooms import HOUSE
from gis.access import SYSTEM
from gis.cities import CityRow, require_city
from gis.database import Database, UnitOfWork, WritingUnitOfWork
from gis.features import FeatureTable
from gis.indicators import Indication, put_indications
from gis.installation import installation_purpose
from gis.rooms.layers import (
    MAX_ZOOM,
    Categories,
    Export,
    Field,
    Layer,
    Ramp,
    Shown,
    Sql,
    TimeChoices,
)
from gis.tables import (
    Aed,
    AedState,
    Area,
    City,
    DisclosureCell,
    DisclosureRelease,
    Population,
    PopulationCell,
)
from maps.catalogue import exports
from maps.catalogue.exports import PROVENANCE, export, layer_features
from maps.catalogue.service import catalogue, layer_style
from maps.errors import ExportRefusedError, ExportTooLargeError, LayerTimeInvalidError
from maps.tiles import tile
from surveillance.indicators.catalogue import INDICATORS
from surveillance.vulnerability.service import ranked, store
from tests.cities import corner, grid_id
from tests.maps.tiles_read import read_all, tile_of

pytestmark = pytest.mark.database

LAYERS = HOUSE.layers
STORED = [name for name, layer in LAYERS.items() if isinstance(layer.source, Sql)]
EXPORTED = [name for name, layer in LAYERS.items() if layer.exports and name in STORED]
GEOMETRIES = {
    "point": {"Point", "MultiPoint"},
    "line": {"LineString", "MultiLineString"},
    "polygon": {"Polygon", "MultiPolygon"},
}
LON, LAT = corner(3, 3)


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[UnitOfWork]:
    with shared_grid.unit_of_work(SYSTEM) as opened:
        fill(opened, grid_id(shared_grid))
        yield opened
        opened.session.rollback()


@pytest.fixture
def city(uow: UnitOfWork, shared_grid: Database) -> CityRow:
    return require_city(uow, grid_id(shared_grid))


def fill(uow: WritingUnitOfWork, city_id: int) -> None:
    """Count the people of the grid's cells and areas by age and time of day."""
    session = uow.session
    bands = {"0-4": 100.0, "60-64": 50.0, "65-69": 30.0, "85+": 20.0}
    session.execute(update(PopulationCell).values(age_bands=bands, counted_on=date(2020, 11, 1)))
    cell = session.scalars(select(PopulationCell).order_by(PopulationCell.cell_id)).first()
    assert cell is not None
    for time_of_day, population in (("day", 5_000.0), ("night", 50.0)):
        session.execute(insert(PopulationCell).values(
            city_id=city_id, source="test", source_ref="middle", time_of_day=time_of_day,
            counted_on=date(2021, 1, 1), population=population, modelled=False, geom=cell.geom,
        ))  # fmt: skip
    for area in session.scalars(select(Area).where(Area.city_id == city_id)):
        for age_from, age_below, persons in ((0, None, 1000.0), (0, 65, 900.0), (65, None, 100.0)):
            session.execute(insert(Population).values(
                area_id=area.area_id, counted_on=date(2022, 1, 1), age_from=age_from,
                age_below=age_below, source="yearbook", persons=persons,
            ))  # fmt: skip
    codes = session.scalars(select(Area.code).where(Area.city_id == city_id)).all()
    put_indications(session, [
        Indication(one.code, "area", code, date(2022, 1, 1), date(2023, 1, 1), one.breaks[1], 100,
                   one.unit, "yearbook", datetime(2022, 12, 31, tzinfo=UTC))
        for one in INDICATORS.values() for code in sorted(set(codes))
    ])  # fmt: skip
    store(uow, city_id, ranked(uow, city_id, weights={"pm25": 2.0, "wbgt": 1.0}, level="district"))
    publish(uow, city_id)


def publish(uow: UnitOfWork, city_id: int) -> None:
    """Publish a week in which each other district's incidents are hidden."""
    release_id = uow.session.execute(
        insert(DisclosureRelease).returning(DisclosureRelease.release_id).values(
            subject="dispatch.incidents", city_id=city_id, period_from=date(2022, 1, 3),
            period_until=date(2022, 1, 10), smallest_told=5, sensitivity="health",
            made_at=uow.clock.now(),
        )
    ).scalar_one()  # fmt: skip
    codes = uow.session.scalars(select(Area.code).where(Area.city_id == city_id)).all()
    uow.session.execute(insert(DisclosureCell), [
        {"release_id": release_id, "area_code": code, "group_code": "*",
         "people": None if number % 2 else 30}
        for number, code in enumerate(codes)
    ])  # fmt: skip


def rows_of(uow: UnitOfWork, city: CityRow, name: str, **options: Any) -> FeatureTable:
    _, table = layer_features(uow, name, city, **options)
    return table


def fits(value: object, field: Field) -> bool:
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    wanted = kinds[field.type]
    if value is None or value != value:  # noqa: PLR0124 (NaN)
        return True
    if field.type == "integer" and isinstance(value, float):
        return value.is_integer()  # a column with gaps, as pandas holds it
    if field.type == "boolean":
        return value in {True, False}
    return isinstance(value, wanted) and not isinstance(value, bool)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", STORED)
def test_a_tile_holds_the_declared_fields_where_they_are_declared(
    uow: UnitOfWork, city: CityRow, name: str, tmp_path: Path
) -> None:
    layer = LAYERS[name]
    for z in range(MAX_ZOOM + 1):
        address = tile_of(LON, LAT, z)
        body = tile(uow, city.city_id, name, *address)
        if not layer.minzoom <= z <= layer.maxzoom:
            assert body == b""
        if body:
            found = read_all(body, tmp_path, *address)
            assert set(found) == {name}
            check_features(layer, found[name])


def check_features(layer: Layer, found: gpd.GeoDataFrame) -> None:
    fields = {field.name: field for field in layer.fields}
    # GDAL adds the feature's number within the tile.
    columns = [column for column in found.columns if column not in {"geometry", "mvt_id"}]
    assert set(columns) <= set(fields)
    for column in columns:
        assert all(fits(value, fields[column]) for value in found[column].tolist()), column
    if layer.geometry != "mixed":
        assert set(found.geometry.geom_type) <= GEOMETRIES[layer.geometry]


@pytest.mark.parametrize("name", EXPORTED)
def test_rows_are_the_declared_fields_and_every_value_has_its_class(
    uow: UnitOfWork, city: CityRow, name: str
) -> None:
    layer, table = layer_features(uow, name, city)
    assert set(table.columns) == {PROVENANCE} | {field.name for field in layer.fields}
    for field in layer.fields:
        assert all(fits(value, field) for value in table.columns[field.name]), field.name
    assert set(table.columns[PROVENANCE]) <= {"recorded", "modelled", "simulated"}
    match layer.classes:
        case Categories(field=str(field_name), entries=entries):
            assert set(table.columns[field_name]) <= {one.value for one in entries}
        case Ramp(field=field_name):
            assert all(value is None or value >= 0 for value in table.columns[field_name])


@pytest.mark.parametrize("name", STORED)
def test_the_catalogue_tells_what_is_declared(uow: UnitOfWork, city: CityRow, name: str) -> None:
    layer = LAYERS[name]
    view = next(one for one in catalogue(uow, city) if one.name == name)
    assert (view.title, view.fields, view.legend) == (layer.words, layer.fields, layer.legend)
    assert view.tiles is not None
    assert ("guarded" in view.tiles) == (layer.permission is not None)
    assert view.licence.words.zh
    assert view.attribution == city.attribution
    if layer.population_base is not None:
        assert view.population_base is not None
        assert view.population_base.year in {2021, 2022}
    if layer.shown is Shown.BASE:
        assert (view.empty is None) == (name != "water")  # the grid has none
    if layer.exports:
        assert view.count == len(rows_of(uow, city, name))
        assert (view.empty is None) == (view.count > 0)
        if view.count:
            said = set(rows_of(uow, city, name).columns[PROVENANCE])
            assert (view.provenance.code == "modelled") == ("modelled" in said)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_layer_is_drawn_from_its_fields_and_in_its_legend_s_colours(
    uow: UnitOfWork, name: str, theme: str
) -> None:
    layer = LAYERS[name]
    styles = layer_style(uow, name, theme=theme, language="en")
    assert bool(styles) == (layer.shown is not Shown.BASE)
    assert all(style["source"] == name for style in styles)
    drawn = json.dumps(styles)
    if layer.draw is None:
        for entry in layer.legend:
            assert (entry.on_dark if theme == "dark" else entry.colour) in drawn


def test_a_city_without_any_says_so(uow: UnitOfWork, shared_grid: Database) -> None:
    made = uow.session.execute(
        insert(City)
        .values(key="bare", name="Bare", source="test", attribution="-", time_zone="UTC",
                extent="SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))")
        .returning(City.city_id)
    ).scalar_one()  # fmt: skip
    for view in catalogue(uow, require_city(uow, made)):
        if view.shown is Shown.BASE:
            assert view.empty == LAYERS[view.name].empty
        if view.count is not None:
            assert view.count == 0
            assert view.empty == LAYERS[view.name].empty
            declared = LAYERS[view.name].provenance
            expected = "simulated" if LAYERS[view.name].operational else declared
            assert view.provenance.code == expected


def test_a_defibrillator_is_open_only_where_it_is_known(uow: UnitOfWork, city: CityRow) -> None:
    point = f"SRID=4326;POINT({LON} {LAT})"
    known: dict[str, str | None] = {"always": "24/7", "week": "Mo-Fr 09:00-17:00", "odd": "when?",
                                    "none": None, "maybe": "unknown", "broken": "24/7"}  # fmt: skip
    for name, hours in known.items():
        aed_id = uow.session.execute(insert(Aed).values(
            city_id=city.city_id, source="here", source_ref=name, name=name, access="public",
            opening_hours=hours, geom=point,
        ).returning(Aed.aed_id)).scalar_one()  # fmt: skip
        if name == "broken":
            uow.session.execute(insert(AedState).values(
                aed_id=aed_id, state="out_of_service", reported_at=uow.clock.now()
            ))  # fmt: skip

    def at(time: str) -> dict[str, object]:
        table = rows_of(uow, city, "aeds_by_opening", time=time)
        return {
            str(name): opening
            for name, opening in zip(
                table.columns["name"], table.columns["opening"], strict=True
            )
            if name in known
        }  # fmt: skip

    shut = {"odd": "unknown", "none": "unknown", "maybe": "unknown", "broken": "closed"}
    # Monday 10:00 in the city (UTC+8) is 02:00 UTC; 10:00 UTC is 18:00 there.
    assert at("2026-05-04T02:00:00Z") == {"always": "open", "week": "open", **shut}
    assert at("2026-05-04T10:00:00Z") == {"always": "open", "week": "closed", **shut}
    assert at("2026-05-04T10:00:00+08:00") == at("2026-05-04T02:00:00Z")


def test_people_by_day_and_by_night(uow: UnitOfWork, city: CityRow) -> None:
    people = {
        time: sum(map(float, rows_of(uow, city, "population_cells", time=time).columns[
            "population"]))  # type: ignore[arg-type]
        for time in ("all", "day", "night")
    }  # fmt: skip
    assert people == {"all": 3000.0, "day": 5000.0, "night": 50.0}
    both = rows_of(uow, city, "population_day_night").columns
    assert (both["by_day"], both["by_night"], both["share_by_day"]) == ([5000.0], [50.0], [99.0])
    table = rows_of(uow, city, "age_cells")
    assert set(table.columns["share_65"]) == {25.0}
    assert set(table.columns["people_65"]) == {50.0}
    assert set(rows_of(uow, city, "age_areas").columns["share_65"]) == {10.0}


def _rows_handled(plan: dict[str, Any]) -> float:
    """Return how many rows all steps of an executed plan handed on or looked at."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    own += plan.get("Rows Removed by Join Filter", 0)
    return float(own * plan["Actual Loops"]) + sum(map(_rows_handled, plan.get("Plans", ())))


def test_a_city_of_many_cells_is_counted_at_once(uow: UnitOfWork, city: CityRow) -> None:
    uow.session.execute(
        text(
            "INSERT INTO population_cells (city_id, source, source_ref, counted_on, population,"
            " age_bands, geom) SELECT :city_id, 'grid', g::text, '2020-11-01', 300,"
            ' \'{"0-64": 250, "65+": 50}\', ST_MakeEnvelope(114, 22.5, 114.006, 22.506, 4326)'
            " FROM generate_series(1, 6000) AS g"
        ),
        {"city_id": city.city_id},
    )
    # The worst plan of a database that knows nothing of its rows yet.
    for kind in ("indexscan", "indexonlyscan", "bitmapscan", "hashjoin", "mergejoin", "material"):
        uow.session.execute(text(f"SET LOCAL enable_{kind} = off"))
    for name in ("population_cells", "age_cells"):
        rows = (files("maps") / "sql" / "rows" / f"{name}.sql").read_text(encoding="utf-8")
        plan = uow.session.execute(
            text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {rows}"),
            {"city_id": city.city_id, "time": "all"},
        ).scalar_one()[0]["Plan"]
        # Each cell compared with all others would be 36 million.
        assert _rows_handled(plan) < 30 * 6002
    counts = {view.name: view.count for view in catalogue(uow, city)}
    assert counts["population_cells"] == counts["age_cells"] == 6002


def test_the_smallest_known_areas_cover_a_place_once(uow: UnitOfWork, city: CityRow) -> None:
    district = uow.session.scalars(select(Area).where(Area.code == "440305")).one()
    uow.session.execute(insert(Area).values(
        city_id=city.city_id, code="440305001", parent_id=district.area_id, level="street",
        name="Street", valid_from=date(2000, 1, 1), source="test", geom=district.geom,
    ))  # fmt: skip
    assert sorted(rows_of(uow, city, "population_areas").columns["code"]) == ["440305", "440306"]  # type: ignore[type-var]
    street = uow.session.scalars(select(Area).where(Area.code == "440305001")).one()
    uow.session.execute(insert(Population).values(
        area_id=street.area_id, source="yearbook", persons=400.0
    ))  # fmt: skip
    known = rows_of(uow, city, "population_areas").columns["code"]
    assert sorted(map(str, known)) == ["440305001", "440306"]


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("population_cells", "noon"), ("stations", "day"), ("aeds_by_opening", "now"),
        ("aeds_by_opening", "2026-05-04T02:00:00"), ("aeds_by_opening", "9999-12-31T00:00:00Z"),
    ],
)  # fmt: skip
def test_a_time_that_a_layer_does_not_have_is_refused(
    uow: UnitOfWork, city: CityRow, name: str, time: str
) -> None:
    with pytest.raises(LayerTimeInvalidError, match=name):
        tile(uow, city.city_id, name, *tile_of(LON, LAT, 14), time=time)


def test_times_are_offered_with_their_default() -> None:
    for layer in LAYERS.values():
        if isinstance(layer.time, TimeChoices):
            assert layer.time.default in {one.value for one in layer.time.values}


@pytest.mark.parametrize("name", EXPORTED)
def test_every_file_says_by_row_and_as_a_whole_what_is_modelled(
    uow: UnitOfWork, city: CityRow, name: str, tmp_path: Path
) -> None:
    table = rows_of(uow, city, name)
    layer = LAYERS[name]
    said = "modelled" if "modelled" in table.columns[PROVENANCE] else "recorded"
    if layer.operational:
        said = "simulated"

    held = export(uow, name, city, Export.GEOJSON)
    collection = json.loads(held.content)
    assert held.name == f"grid-{name}.geojson"
    assert collection["metadata"]["provenance"] == said
    assert collection["metadata"]["attribution"] == city.attribution
    features = collection["features"]
    assert [one["properties"][PROVENANCE] for one in features] == table.columns[PROVENANCE]

    sheet = export(uow, name, city, Export.CSV).content.decode("utf-8-sig")
    head = [line for line in sheet.splitlines() if line.startswith("#")]
    assert f"# provenance: {said}" in head
    rows = list(csv.DictReader(io.StringIO(sheet.split("\r\n", len(head))[-1])))
    assert [row[PROVENANCE] for row in rows] == table.columns[PROVENANCE]

    package = tmp_path / "held.gpkg"
    package.write_bytes(export(uow, name, city, Export.GPKG).content)
    assert pyogrio.read_info(package, layer=name)["layer_metadata"]["provenance"] == said
    frame = pyogrio.read_dataframe(package, layer=name)
    assert frame[PROVENANCE].tolist() == table.columns[PROVENANCE]
    assert frame.crs == 4326
    if len(frame):
        assert set(frame.geom_type) <= GEOMETRIES[layer.geometry]


def test_the_conditions_of_a_simulation_are_simulated(uow: UnitOfWork, city: CityRow) -> None:
    assert installation_purpose(uow.session) == "simulation"
    views = {view.name: view.provenance for view in catalogue(uow, city)}
    assert views["conditions"].code == "simulated"
    assert views["conditions"].words.zh == "演示数据"
    assert views["stations"].code == "modelled"


def test_a_text_that_looks_like_a_formula_stays_a_text(uow: UnitOfWork, city: CityRow) -> None:
    uow.session.execute(insert(Aed).values(
        city_id=city.city_id, source="here", source_ref="x", name='=HYPERLINK("evil")',
        access="public", geom=f"SRID=4326;POINT({LON} {LAT})",
    ))  # fmt: skip
    sheet = export(uow, "aeds", city, Export.CSV).content.decode()
    assert '"\'=HYPERLINK(""evil"")"' in sheet
    called = replace(city, attribution="© a, b,=HYPERLINK(1); -2+3")
    sheet = export(uow, "aeds", called, Export.CSV).content.decode()
    assert "# attribution: © a, b,'=HYPERLINK(1); '-2+3\r\n" in sheet


def test_too_large_an_export_is_refused_and_a_part_of_it_is_not(
    uow: UnitOfWork, city: CityRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ExportTooLargeError, match="more than 1 features"):
        layer_features(uow, "aeds", city, cap=1)
    lon, lat = corner(3, 3)
    near = (lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    _, table = layer_features(uow, "aeds", city, cap=1, box=near)
    assert table.columns["name"] == ["Lobby"]
    assert exports.EXPORT_CAP == 50_000


def test_a_layer_of_the_base_tile_is_not_exported(uow: UnitOfWork, city: CityRow) -> None:
    with pytest.raises(ExportRefusedError, match="roads is not exported"):
        export(uow, "roads", city, Export.CSV)
