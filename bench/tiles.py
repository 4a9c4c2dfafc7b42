"""The base map as one tile against its layers apart: bytes, requests and time of one screen.

    ./run bench tiles [coquimbo]

A server of its own on loopback with the modelled Shenzhen, or the sample named, over a private
cluster of its own. A screen is 1366 × 768 pixels in the middle of the city; six tiles are asked for
at once, as a browser does. Prints a Markdown table for docs/benchmarks.md.
"""

import gzip
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2

from bench.desk_http import serving
from bench.house import bench_settings, load_city, spread
from gis.access import SYSTEM
from gis.cities import CityRow, require_city
from gis.provision import bring_up, open_database
from maps.catalogue.basemap import BASEMAP
from maps.catalogue.service import catalogue

SCREEN_PIXELS = (1366, 768)
TILE_PIXELS = 512
ZOOMS = (10, 13, 15)
ROUNDS = 12
AT_ONCE = 6


def tiles_of(city: CityRow, z: int) -> list[tuple[int, int]]:
    """Return x and y of the tiles of one screen in the middle of a city."""
    lon, lat = (city.west + city.east) / 2, (city.south + city.north) / 2
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    half_x, half_y = (pixels / TILE_PIXELS / 2 for pixels in SCREEN_PIXELS)
    return [
        (column, row)
        for column in range(int(x - half_x), int(x + half_x) + 1)
        for row in range(int(y - half_y), int(y + half_y) + 1)
    ]


def screen(client: httpx2.Client, paths: list[str]) -> tuple[int, int, float]:
    """Ask for all paths, some at once: bytes, bytes compressed, seconds."""
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = [answer.content for answer in pool.map(client.get, paths)]
    took = time.perf_counter() - began
    return sum(map(len, bodies)), sum(len(gzip.compress(one)) for one in bodies), took


def main() -> None:
    """Measure and print."""
    lines = [
        "| zoom | base map | requests | kB | kB compressed | p50 / p95 |",
        "|---|---|---|---|---|---|",
    ]
    with bench_settings() as settings:
        bring_up(settings)
        city_id, _ = load_city(settings, sys.argv[1] if len(sys.argv) > 1 else "shenzhen")
        database = open_database(settings)
        with database.read(SYSTEM) as uow:
            city = require_city(uow, city_id)
            seconds = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                catalogue(uow, city)
                seconds.append(time.perf_counter() - began)
        with serving(settings) as port, httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=60
        ) as client:  # fmt: skip
            for z in ZOOMS:
                ways = {
                    "one tile": ["base"],
                    "apart": [layer.name for layer in BASEMAP if layer.minzoom <= z],
                }
                took: dict[str, list[float]] = {way: [] for way in ways}
                size = {}
                for _ in range(ROUNDS):
                    for way, names in ways.items():
                        paths = [
                            f"/v1/tiles/{city_id}/{name}/{z}/{x}/{y}.mvt"
                            for x, y in tiles_of(city, z)
                            for name in names
                        ]
                        plain, packed, one = screen(client, paths)
                        took[way].append(one)
                        size[way] = (len(paths), plain, packed)
                for way, (requests, plain, packed) in size.items():
                    lines.append(
                        f"| {z} | {way} | {requests} | {plain / 1000:,.0f} | "
                        f"{packed / 1000:,.0f} | {spread(took[way])} |"
                    )
        database.close()
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(f"\ncatalogue of one city, without HTTP (p50 / p95): {spread(seconds)}\n")


if __name__ == "__main__":
    main()
