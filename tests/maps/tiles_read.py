"""Vector tiles read by another program (GDAL), and where they lie."""

import math
from pathlib import Path

import geopandas as gpd
import pyogrio


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    """Return z, x, y of the Web Mercator tile that holds a point."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * 2**z), int(y * 2**z)


def read_all(
    body: bytes, folder: Path, z: int, x: int, y: int
) -> dict[str, gpd.GeoDataFrame]:  # fmt: skip
    """Return every layer of a tile by its name: WGS-84 features."""
    path = folder / str(z) / str(x) / f"{y}.mvt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return {
        name: pyogrio.read_dataframe(path, layer=name).to_crs(4326)
        for name, _ in pyogrio.list_layers(path)
    }
