"""100,000 report cards taken in, understood, placed and stored: seconds, processor time, memory.

    ./run bench cases

A throw-away cluster with the sample city; cards in GB18030 as the national system exports them, one
in three with a point, the others with a code of an area or only an address. Then the same file
again, and the same cards with a tenth corrected. Prints a Markdown table for docs/benchmarks.md.
"""

import csv
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.engine import make_url

import api  # noqa: F401 (it says where the rooms are)
from bench.intake import peak_mib
from gis.access import SYSTEM
from gis.cluster import APPLICATION_ROLE, PrivateCluster
from gis.database import Database
from gis.pseudonyms.keys import PseudonymKeys
from gis.schema import create_database_if_absent, migrate
from surveillance.intake.mapping import report_card
from surveillance.intake.service import Given, look_up, prepare, store

CARDS = 100_000
DISEASES = (
    "登革热",
    "手足口病",
    "流行性感冒",
    "其它感染性腹泻病",
    "水痘",
    "肺结核",
    "乙肝",
    "淋病",
)
HEADER = (
    "卡片ID", "患者姓名", "有效证件号", "性别", "出生日期", "年龄", "患者工作单位", "联系电话",
    "现住地址国标", "现住详细地址", "人群分类", "病例分类", "病例分类2", "发病日期", "诊断时间",
    "死亡日期", "疾病名称", "报告单位地区编码", "报告单位", "报告卡录入时间", "县区审核时间",
    "审核状态", "订正报告时间", "订正终审时间", "经度", "纬度", "坐标系",
)  # fmt: skip
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 12, 31, tzinfo=UTC)


def main() -> None:
    """Make the city and the files, take them in by a fresh process each, print a table."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = PrivateCluster(folder / "cluster", ephemeral=True)
        cluster.up()
        try:
            create_database_if_absent(make_url(cluster.url("postgres")), "bench")
            migrate(cluster.url("bench"), purpose="simulation")
            url = str(cluster.url("bench", role=APPLICATION_ROLE))
            city_id, codes, extent = _city(url)
            _write(folder / "first.csv", codes, extent, corrected=False)
            _write(folder / "second.csv", codes, extent, corrected=True)
            sys.stdout.write(
                "| file | s | CPU s | CPU s of PostgreSQL | peak MiB | new | revised | same |\n"
            )
            sys.stdout.write("|---|--:|--:|--:|--:|--:|--:|--:|\n")
            for what, file in (("100,000 cards", "first"), ("the same file again", "first"),
                               ("a tenth corrected", "second")):  # fmt: skip
                answer: Any = spawn.Queue()
                path = folder / f"{file}.csv"
                child = spawn.Process(target=take, args=(url, city_id, path, folder, answer))
                child.start()
                child.join()
                if child.exitcode:
                    raise SystemExit(child.exitcode)
                sys.stdout.write(f"| {what} | {answer.get()}\n")
                sys.stdout.flush()
        finally:
            cluster.down()


def _city(url: str) -> tuple[int, list[str], tuple[float, ...]]:
    # Not at the top: the processes that are measured import this module too.
    from data.coquimbo.city import coquimbo
    from data.service import store_city

    database = Database(url, pool_size=2)
    with database.unit_of_work(SYSTEM) as uow:
        city = coquimbo()
        city_id = store_city(uow, city).city_id
        codes = list(uow.session.scalars(text("SELECT code FROM areas ORDER BY code")))
    database.close()
    return city_id, codes, city.extent.bounds


def take(url: str, city_id: int, path: Path, folder: Path, answer: Any) -> None:
    """Take one file in and tell a row of the table."""
    database = Database(url, pool_size=2)
    keys = PseudonymKeys(folder / "keys")
    given = Given(
        path=path, file_name=path.name, city_id=city_id, source="cards", mapping=report_card(),
        as_of=AS_OF if path.stem == "first" else AS_OF + timedelta(days=1),
    )  # fmt: skip
    database.clock = _At(AS_OF + timedelta(days=2))
    began, cpu = time.perf_counter(), time.process_time()
    with database.read(SYSTEM) as uow:
        known = look_up(uow, given)
    prepared = prepare(given, known, keys)
    understood = time.perf_counter() - began
    with database.unit_of_work(SYSTEM) as uow:
        backend = int(uow.session.execute(text("SELECT pg_backend_pid()")).scalar_one())
        before = _cpu_s(backend)
        taken = store(uow, given, prepared, by="bench")
        server_s = _cpu_s(backend) - before
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    answer.put(
        f"{wall_s:.1f} ({understood:.1f} until understood) | {cpu_s:.1f} |"
        f" {server_s:.1f} | {peak_mib():.0f} |"
        f" {taken.rows_new:,} | {taken.rows_revised:,} | {taken.rows_unchanged:,} |"
    )
    database.close()


def _cpu_s(pid: int) -> float:
    """Return the processor time of another process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _At:
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the one moment."""
        return self._moment


def _write(
    path: Path, codes: list[str], extent: tuple[float, ...], *, corrected: bool
) -> None:  # fmt: skip
    chance = np.random.default_rng(11)
    west, south, east, north = extent
    day = chance.integers(0, 300, CARDS)
    hour, minute = chance.integers(8, 18, CARDS), chance.integers(0, 60, CARDS)
    lon, lat = chance.uniform(west, east, CARDS), chance.uniform(south, north, CARDS)
    age, kind = chance.integers(0, 90, CARDS), chance.integers(0, len(DISEASES), CARDS)
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["传染病报告卡"])
        writer.writerow(HEADER)
        for n in range(CARDS):
            onset = FIRST_DAY + timedelta(days=int(day[n]))
            seen = onset + timedelta(days=1, hours=int(hour[n]), minutes=int(minute[n]))
            placed = n % 3 == 0
            again = corrected and n % 10 == 0
            writer.writerow([
                f"'8a{n:030x}", f"姓名{n}", f"'{11010519491200000 + n}", "男" if n % 2 else "女",
                f"{onset.year - int(age[n])}/1/1", f"{age[n]}岁", f"第{n % 500}小学{n % 6 + 1}年级",
                f"138{n:08d}", codes[n % len(codes)] if n % 3 == 1 else ".",
                f"Calle Los Carrera {n % 900}", "学生",
                "确诊病例" if again else "临床诊断病例", ".",
                f"{onset:%Y/%m/%d}", f"{seen:%Y/%m/%d %H:%M:%S}", ".", DISEASES[kind[n]],
                codes[n % len(codes)], f"第{n % 300}医院",
                f"{seen + timedelta(hours=5):%Y/%m/%d %H:%M:%S}",
                f"{seen + timedelta(hours=20):%Y/%m/%d %H:%M:%S}", "已终审卡",
                f"{seen + timedelta(hours=30):%Y/%m/%d %H:%M:%S}" if again else ".", ".",
                f"{lon[n]:.6f}" if placed else ".",
                f"{lat[n]:.6f}" if placed else ".", "wgs84" if placed else ".",
            ])  # fmt: skip


if __name__ == "__main__":
    main()
