"""All SQL of `data`: bulk loads through COPY, updates by (city, source, source_ref)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.model import COUNT_COLUMNS, CityData
from gis.aeds import note_checks
from gis.cities import IN_FORCE
from gis.tables import (
    NETWORK_VERSIONS,
    Aed,
    Area,
    AreaSuccessor,
    City,
    Facility,
    FacilityCapability,
    FacilityKind,
    FacilitySource,
    Place,
    Population,
    PopulationCell,
    RoadNode,
    RoadSegment,
    Station,
    TurnRestriction,
    WaterBody,
)

_COUNTED: dict[str, Any] = {
    "segments": RoadSegment, "turn_restrictions": TurnRestriction, "areas": Area,
    "facilities": Facility, "aeds": Aed, "stations": Station, "places": Place,
    "population_cells": PopulationCell,
}  # fmt: skip


def lock_city(session: Session, key: str) -> tuple[int, int] | None:
    """Lock the city of `key`; return its id and network version, None if there is none."""
    row = session.execute(
        select(City.city_id, City.network_version).where(City.key == key).with_for_update()
    ).one_or_none()
    return (row[0], row[1]) if row else None


def upsert_city(session: Session, city: CityData) -> tuple[int, int]:
    """Store the city's own row; return its id and its new network version."""
    values: dict[str, Any] = {
        "key": city.key, "name": city.name, "name_zh": city.name_zh, "source": city.source,
        "attribution": city.attribution, "modelled": city.modelled, "time_zone": city.time_zone,
        "extent": f"SRID=4326;{city.extent.wkt}",
    }  # fmt: skip
    changed = {name: value for name, value in values.items() if name != "key"}
    row = session.execute(
        insert(City)
        .values(values)
        .on_conflict_do_update(
            index_elements=[City.key],
            # Drawn once the row is locked: of two loads the later has the greater number.
            set_=changed
            | {"network_version": NETWORK_VERSIONS.next_value(), "network_at": func.now()},
        )
        .returning(City.city_id, City.network_version)
    ).one()
    return row[0], row[1]


def clear_network(session: Session, city_id: int) -> None:
    """Delete roads, restrictions and water of a city; they are loaded anew as a whole."""
    for table in (RoadSegment, RoadNode, TurnRestriction, WaterBody):
        session.execute(delete(table).where(table.city_id == city_id))


def replace_areas(
    session: Session, city_id: int, frame: gpd.GeoDataFrame, *, columns: Sequence[str], today: date
) -> None:
    """Store a city's areas by (code, valid_from), end those that are gone, join them to a tree."""
    session.execute(
        update(Area)
        .where(Area.city_id == city_id, Area.valid_to.is_(None))
        .values(valid_to=func.greatest(today, Area.valid_from + 1))
    )
    upsert_frame(
        session, "areas", frame, columns=columns, city_id=city_id, key=("code", "valid_from")
    )
    session.execute(select(func.link_areas(city_id)))


def put_populations(
    session: Session, city_id: int, areas: gpd.GeoDataFrame, counts: pd.DataFrame
) -> None:
    """Store residents of areas: `counts`, and the total of areas that have none in it."""
    ids = dict(
        session.execute(
            select(Area.code, Area.area_id).where(Area.city_id == city_id, Area.valid_to.is_(None))
        ).all()
    )
    dated = set(counts["code"])
    rows = [
        {"area_id": ids[str(code)]}
        | dict(zip(COUNT_COLUMNS[1:], (_plain(value) for value in values), strict=True))
        for code, *values in counts[list(COUNT_COLUMNS)].itertuples(index=False)
    ] + [
        {"area_id": ids[code], "counted_on": None, "age_from": 0, "age_below": None, "sex": "all",
         "base": "resident", "source": source, "persons": _plain(persons)}
        for code, source, persons, ends in zip(
            areas["code"], areas["source"], areas["population"], areas["valid_to"], strict=True
        )
        if code not in dated and _plain(persons) is not None and _plain(ends) is None
    ]  # fmt: skip
    if rows:
        statement = insert(Population)
        session.execute(
            statement.on_conflict_do_update(
                constraint="uq_populations_count", set_={"persons": statement.excluded.persons}
            ),
            rows,
        )


def put_successors(
    session: Session, city_id: int, successors: Iterable[tuple[str, str, date, float]]
) -> None:
    """Store which area (code) passed to which, on what day and by what share of its people.

    Of areas that had a code one after the other, the one that ended by that day passes and the one
    that is valid from then on follows.
    """
    for code, successor, day, share in successors:
        old = select(Area.area_id).where(
            Area.city_id == city_id, Area.code == code, Area.valid_from < day
        )
        new = select(Area.area_id).where(
            Area.city_id == city_id, Area.code == successor, Area.valid_from >= day
        )
        values = {
            "area_id": old.order_by(Area.valid_from.desc()).limit(1).scalar_subquery(),
            "successor_id": new.order_by(Area.valid_from).limit(1).scalar_subquery(),
            "happened_on": day, "share": share,
        }  # fmt: skip
        session.execute(
            insert(AreaSuccessor)
            .values(values)
            .on_conflict_do_update(
                index_elements=[AreaSuccessor.area_id, AreaSuccessor.successor_id],
                set_={"happened_on": day, "share": share},
            )
        )


def copy_frame(
    session: Session, table: str, frame: pd.DataFrame, *, columns: Sequence[str], city_id: int
) -> int:
    """Append `frame` to `table` by COPY; `geometry` goes to `geom`. Returns the row count."""
    names = ["city_id", *columns]
    has_geometry = isinstance(frame, gpd.GeoDataFrame)
    if has_geometry:
        names.append("geom")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    connection = _driver(session)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _rows(frame, columns, city_id=city_id, with_geometry=has_geometry):
            copy.write_row(row)
    return len(frame)


def upsert_frame(
    session: Session,
    table: str,
    frame: gpd.GeoDataFrame,
    *,
    columns: Sequence[str],
    city_id: int,
    key: Sequence[str],
) -> int:
    """Insert or update rows by city and `key`. Returns the row count."""
    staging = f"staging_{table}"
    names = ["city_id", *columns, "geom"]
    identifiers = sql.SQL(", ").join(map(sql.Identifier, names))
    updates = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name))
        for name in names
        if name not in {"city_id", *key}
    )
    session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{staging}"))
    session.execute(
        text(
            f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS"  # noqa: S608 (a table of ours)
            f" SELECT * FROM {table} WITH NO DATA"
        )
    )
    count = copy_frame(session, staging, frame, columns=columns, city_id=city_id)
    with _driver(session).cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "INSERT INTO {target} ({names}) SELECT {names} FROM {staging}"
                " ON CONFLICT (city_id, {key}) DO UPDATE SET {updates}"
            ).format(
                target=sql.Identifier(table), names=identifiers, staging=sql.Identifier(staging),
                updates=updates, key=sql.SQL(", ").join(map(sql.Identifier, key)),
            )
        )  # fmt: skip
    return count


def put_checks(session: Session, city_id: int, aeds: gpd.GeoDataFrame) -> None:
    """Store when devices were last checked, by their registers; an older word changes nothing."""
    known = {
        (row.source, row.source_ref): row.aed_id
        for row in session.execute(
            select(Aed.source, Aed.source_ref, Aed.aed_id).where(Aed.city_id == city_id)
        )
    }
    rows = [
        {"aed_id": known[source, ref], "last_checked_at": at}
        for source, ref, at in zip(
            aeds["source"], aeds["source_ref"], map(_plain, aeds["last_checked_at"]), strict=True
        )
        if at is not None
    ]
    note_checks(session, rows)


def city_counts(session: Session, city_id: int) -> dict[str, int]:
    """Return how many rows of each kind the city has; of areas and facilities, those in force."""
    return {
        name: session.execute(
            select(func.count())
            .select_from(table)
            .where(table.city_id == city_id, *IN_FORCE.get(table, ()))
        ).scalar_one()
        for name, table in _COUNTED.items()
    }


def analyse(session: Session) -> None:
    """Refresh the planner's statistics after a bulk load, within its transaction."""
    for table in (*_COUNTED.values(), FacilitySource, FacilityKind, FacilityCapability):
        session.execute(text(f"ANALYZE {table.__tablename__}"))
    session.execute(_SETTLE_SEARCH)


_SETTLE_SEARCH = text("""
SELECT gin_clean_pending_list(oid) FROM pg_class
WHERE relname = 'ix_places_search_text_trgm' AND pg_has_role(current_user, relowner, 'USAGE')
""")
"""Else every search reads the rows that were added last one by one, until a vacuum. The owner's."""


def city_outline(session: Session, city_id: int) -> shapely.Geometry:
    """Return the city's extent polygon (WGS-84)."""
    wkb = session.execute(
        select(func.ST_AsBinary(City.extent)).where(City.city_id == city_id)
    ).scalar_one()
    outline: shapely.Geometry = shapely.from_wkb(bytes(wkb))
    return outline


def district_outlines(session: Session, city_id: int) -> gpd.GeoDataFrame:
    """Return code, name, name_zh and geometry of the city's districts (WGS-84)."""
    rows = session.execute(
        select(Area.code, Area.name, Area.name_zh, func.ST_AsBinary(Area.geom).label("wkb")).where(
            Area.city_id == city_id, Area.level == "district", Area.valid_to.is_(None)
        )
    ).all()
    return gpd.GeoDataFrame(
        {"code": [row.code for row in rows], "name": [row.name for row in rows],
         "name_zh": [row.name_zh for row in rows]},
        geometry=shapely.from_wkb([bytes(row.wkb) for row in rows]), crs=4326,
    )  # fmt: skip


def _driver(session: Session) -> PsycopgConnection[Any]:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, PsycopgConnection)
    return driver


def _rows(
    frame: pd.DataFrame, columns: Sequence[str], *, city_id: int, with_geometry: bool
) -> Iterator[tuple[Any, ...]]:
    series: list[Iterable[Any]] = [[_plain(value) for value in frame[name]] for name in columns]
    if with_geometry:
        geometry = gpd.GeoSeries(frame.geometry)
        series.append(shapely.to_wkb(geometry.to_numpy(), hex=True, include_srid=False))
    for values in zip(*series, strict=True):
        yield (city_id, *values)


def _plain(value: Any) -> Any:
    """Return `value` as psycopg writes it: missing as None, dicts as JSON, numpy as Python."""
    if value is None or isinstance(value, (str, bool, int, date, datetime)):
        return None if value is pd.NaT else value
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:  # noqa: PLR0124 (NaN is missing)
        return None
    return None if value is pd.NA else value
