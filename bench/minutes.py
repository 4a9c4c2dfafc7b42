"""Minutes by road to the nearest station or hospital for every population cell, after a closure.

    ./run bench minutes

The Shenzhen model over a private cluster of its own and a real server process, over loopback: each
round closes the streets around a call through the door, then asks what a map asks. Prints a
Markdown table for docs/benchmarks.md.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bench.desk_http import Desk, dispatcher_token, serving
from bench.house import Rows, bench_settings, load_city, spread, timed
from dispatch.simulation.call_sites import sample_call_sites
from gis.access import SYSTEM
from gis.provision import bring_up, open_database
from planning.access.model import Target

ROUNDS = 20
HALF_DEG = 0.003
"""Half the side of a closed square: some 600 m of streets around a call."""


def rounds(desk: Desk, city_id: int, sites: Sequence[tuple[float, float]]) -> Rows:
    """Time the first question of each kind after a closure, and a second one."""
    took: dict[str, list[float]] = {}

    def ask(name: str, path: str) -> dict[str, object]:
        answer, seconds = timed(lambda: desk.ask("GET", path))
        took.setdefault(name, []).append(seconds)
        assert isinstance(answer, dict)
        return answer

    for number, (lon, lat) in enumerate(sites):
        target = tuple(Target)[number % len(Target)]
        base = f"/v1/planning/minutes/{target}"
        desk.ask("POST", "/v1/routing/conditions", closure(city_id, lon, lat))
        ask("the features of a target, first after a closure", f"{base}/features?city_id={city_id}")
        ask("then its sums by class and district", f"{base}?city_id={city_id}")
        ask("then its cells as columns", f"{base}/cells?city_id={city_id}")
    return [(f"{name} (p50 / p95)", spread(seconds)) for name, seconds in took.items()]


def closure(city_id: int, lon: float, lat: float) -> dict[str, object]:
    """Return the body that closes the streets around a place for an hour."""
    ring = [
        (lon + x * HALF_DEG, lat + y * HALF_DEG)
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    return {
        "city_id": city_id,
        "kind": "closure",
        "sketch": {
            "drawn": "polygon", "datum": "wgs84",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        "expires_at": (datetime.now(tz=UTC) + timedelta(hours=1)).isoformat(),
        "reason_en": "benchmark",
        "confirmed": True,
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    with bench_settings() as settings:
        bring_up(settings)
        city_id, _ = load_city(settings, "shenzhen")
        database = open_database(settings)
        with database.read(SYSTEM) as uow:
            sites = sample_call_sites(uow, city_id, count=ROUNDS)
        with serving(settings) as port:
            desk = Desk(port, dispatcher_token(database))
            for target in Target:
                desk.ask("GET", f"/v1/planning/minutes/{target}?city_id={city_id}")
            rows = rounds(desk, city_id, sites)
        database.close()
    sys.stdout.write("| minutes by road, Shenzhen model | measured |\n|---|---|\n")
    for what, measured in rows:
        sys.stdout.write(f"| {what} | {measured} |\n")


if __name__ == "__main__":
    main()
