"""What is looked up while somebody types or waits: the gazetteer and opening hours.

Over a private cluster of its own that is removed at the end. Prints a Markdown table.
"""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
from gis.opening_hours import is_open, open_states
from sqlalchemy import create_engine, text

from dispatch.places.repository import search_places
from dispatch.places.scoring import parse_query
from gis.access import SYSTEM
from gis.cluster import APPLICATION_ROLE, PrivateCluster
from gis.database import Database
from gis.schema import migrate

ENTRIES = 300_000
QUERIES = ("深男大道", "avenida balmaseda", "shennan dadao", "人民医院")
FILL = text("""
INSERT INTO places (city_id, source, source_ref, kind, name, search_text, radius_m, geom)
SELECT :city, 'bulk', i::text, 'street', n.name, n.name, 30,
       ST_SetSRID(ST_MakePoint(114.0 + random() * 0.2, 22.5 + random() * 0.1), 4326)
FROM generate_series(1, :n) AS i
CROSS JOIN LATERAL (
    SELECT (array['中山','人民','解放','建设','和平','新华','文化','光明'])[1 + i % 8]
        || (array['东','西','南','北','中','一','二','三'])[1 + (i / 8) % 8]
        || (array['路','街','巷','大道'])[1 + (i / 64) % 4] || ' '
        || substr(md5(i::text), 1, 10) AS name
) AS n
""")
CITY = text("""
INSERT INTO cities (key, name, source, attribution, time_zone, extent)
VALUES ('bulk', 'Bulk', 'made', 'made', 'UTC', ST_MakeEnvelope(114, 22.5, 114.2, 22.6, 4326))
RETURNING city_id
""")


def gazetteer(database: Database, owner_url: str) -> tuple[str, str]:
    """Time candidates for misspelt names among `ENTRIES` places."""
    with database.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(CITY).scalar_one()
        uow.session.execute(FILL, {"city": city_id, "n": ENTRIES})
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("ANALYZE places"))
    owner.dispose()
    seconds = []
    with database.read(SYSTEM) as uow:
        for query in QUERIES * 10:
            for searched in parse_query(query).search_texts:
                began = perf_counter()
                search_places(uow.session, city_id, query=searched)
                seconds.append(perf_counter() - began)
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
    return f"gazetteer, {ENTRIES:,} entries, misspelt names, p50 / p95", f"{p50:.1f} / {p95:.1f} ms"


def opening_hours() -> list[tuple[str, str]]:
    """Time 5,000 opening hours at once and one by one."""
    at = datetime(2026, 5, 6, 2, tzinfo=UTC)
    rules = [f"Mo-Fr {8 + i % 3:02d}:{i % 60:02d}-20:00; PH off" for i in range(5000)]
    open_states(rules, at, time_zone="Asia/Shanghai")
    began = perf_counter()
    open_states(rules, at, time_zone="Asia/Shanghai")
    at_once = perf_counter() - began
    began = perf_counter()
    for rule in rules:
        is_open(rule, at, time_zone="Asia/Shanghai")
    return [
        ("5,000 opening hours, seen before", f"{at_once * 1000:.0f} ms"),
        ("the same one by one", f"{(perf_counter() - began) * 1000:.0f} ms"),
    ]


def main() -> None:
    """Print every row."""
    folder = Path(tempfile.mkdtemp(prefix="gh-lookups-"))
    folder.chmod(0o755)
    cluster = PrivateCluster(folder / "cluster")
    try:
        cluster.up()
        migrate(cluster.url(), purpose="simulation")
        database = Database(cluster.url(role=APPLICATION_ROLE), pool_size=2)
        rows = [gazetteer(database, cluster.url()), *opening_hours()]
        database.close()
    finally:
        cluster.down()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write("| | |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows))


if __name__ == "__main__":
    main()
