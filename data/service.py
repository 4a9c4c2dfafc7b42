"""Use cases of `data`: a city is stored whole or not at all; registers update, never duplicate."""

import time
from dataclasses import dataclass

import geopandas as gpd

from data import repository
from data.facility_records import facility_records
from data.model import (
    AED_COLUMNS,
    AREA_COLUMNS,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
    REGISTER_KEYS,
    RESTRICTION_COLUMNS,
    ROAD_NODE_COLUMNS,
    SEGMENT_COLUMNS,
    STATION_COLUMNS,
    WATER_COLUMNS,
    CityData,
    Progress,
)
from gis.database import WritingUnitOfWork
from gis.events import NewEvent
from gis.facilities.service import record_facilities

_NETWORK = (
    ("road_segments", "segments", SEGMENT_COLUMNS),
    ("road_nodes", "road_nodes", ROAD_NODE_COLUMNS),
    ("turn_restrictions", "restrictions", RESTRICTION_COLUMNS),
    ("water_bodies", "water", WATER_COLUMNS),
)
_AED_TABLE_COLUMNS = tuple(name for name in AED_COLUMNS if name != "last_checked_at")
_AREA_TABLE_COLUMNS = tuple(name for name in AREA_COLUMNS if name != "population")
_REGISTERS = {
    "aeds": _AED_TABLE_COLUMNS,
    "stations": STATION_COLUMNS,
    "population_cells": POPULATION_COLUMNS,
    "places": PLACE_COLUMNS,
}
_REGISTER_FRAMES = {"population_cells": "population"}

IMPORT_TABLES = {
    "aeds": "aeds", "stations": "stations", "population": "population_cells",
}  # fmt: skip
"""Kind of register → table, of those whose rows go to a table as they are."""


@dataclass(frozen=True, slots=True)
class CityReport:
    """What was stored."""

    city_id: int
    key: str
    network_version: int
    counts: dict[str, int]
    seconds: float


def store_city(
    uow: WritingUnitOfWork, city: CityData, *, progress: Progress = lambda _step, _share: None
) -> CityReport:
    """Store `city` in this transaction, updating it where its key is already there.

    Roads, restrictions and water are replaced as a whole and raise the network version; AEDs,
    stations, population and places are updated by `REGISTER_KEYS`, areas by code and start: those
    that are gone end today, since incidents and events name them. So do facilities that a source
    of `city` held and holds no longer; a source of which `city` has none is not spoken of.
    """
    began = time.perf_counter()
    session = uow.session
    repository.lock_city(session, city.key)
    city_id, network_version = repository.upsert_city(session, city)
    repository.clear_network(session, city_id)
    repository.replace_areas(
        session, city_id, city.areas, columns=_AREA_TABLE_COLUMNS, today=uow.clock.now().date()
    )
    repository.put_populations(session, city_id, city.areas, city.populations)
    steps = len(_NETWORK) + len(_REGISTERS)
    for number, (table, frame, columns) in enumerate(_NETWORK):
        progress(table, number / steps)
        repository.copy_frame(
            session, table, getattr(city, frame), columns=columns, city_id=city_id
        )
    for number, (table, columns) in enumerate(_REGISTERS.items(), len(_NETWORK)):
        progress(table, number / steps)
        frame = _REGISTER_FRAMES.get(table, table)
        repository.upsert_frame(
            session, table, getattr(city, frame), columns=columns, city_id=city_id,
            key=REGISTER_KEYS[frame],
        )  # fmt: skip
    record_facilities(
        uow, city_id, facility_records(city.facilities), whole=set(city.facilities["source"])
    )
    repository.put_checks(session, city_id, city.aeds)
    repository.analyse(session)
    counts = repository.city_counts(session, city_id)
    uow.emit(
        NewEvent(
            "city", str(city_id), "city.stored",
            {"key": city.key, "source": city.source, "network_version": network_version,
             "counts": counts},
            uow.clock.now(), city_id=city_id,
        )
    )  # fmt: skip
    progress("stored", 1.0)
    return CityReport(city_id, city.key, network_version, counts, time.perf_counter() - began)


def store_register(
    uow: WritingUnitOfWork,
    frame: gpd.GeoDataFrame,
    *,
    kind: str,
    city_id: int,
    source: str,
    whole: bool = False,
) -> int:
    """Store the good rows of a register; rows known by `REGISTER_KEYS` are updated.

    Of facilities, those of `source` that a `whole` register no longer holds end.
    """
    if kind == "facilities":
        count = record_facilities(
            uow, city_id, facility_records(frame), whole={source} if whole else set()
        )
    else:
        table = IMPORT_TABLES[kind]
        count = repository.upsert_frame(
            uow.session, table, frame, columns=_REGISTERS[table], city_id=city_id,
            key=REGISTER_KEYS[kind],
        )  # fmt: skip
    if kind == "aeds":
        repository.put_checks(uow.session, city_id, frame)
    uow.emit(
        NewEvent(
            "city", str(city_id), "city.register_imported",
            {"kind": kind, "source": source, "rows": count}, uow.clock.now(), city_id=city_id,
        )
    )  # fmt: skip
    return count
