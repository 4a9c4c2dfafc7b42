"""Taking tables in: rows a second by format, and the memory it takes.

    ./run bench intake                   a million rows of nine columns
    ./run bench intake --rows 100000     a quicker look

Each format is read by a process of its own: a text, a whole number, a decimal, a moment with a
time zone, a flag, a choice, longitude and latitude (gcj02), and a reference that must be unique.
The worst case has every decimal with a comma, every day as D/M/YYYY and every tenth row bad.
Prints a Markdown table for docs/benchmarks.md.
"""

import argparse
import csv
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from gis.intake.model import Field, Kind, Schema
from gis.intake.moments import TimeOptions
from gis.intake.take import IntakeOptions, take_in

SCHEMA = Schema(
    fields=(
        Field(name="ref", required=True),
        Field(name="name", synonyms=("名称",)),
        Field(name="beds", kind=Kind.WHOLE, lowest=0, highest=20_000),
        Field(name="size", kind=Kind.NUMBER),
        Field(name="seen_at", kind=Kind.MOMENT),
        Field(name="open", kind=Kind.FLAG),
        Field(name="kind", kind=Kind.CHOICE, choices={"hospital": "hospital", "诊所": "clinic"}),
    ),
    placed=True,
    key=("ref",),
)
HEADER = ("ref", "名称", "beds", "size", "seen_at", "open", "kind", "lon", "lat")
WORKBOOK_ROWS = 100_000
YARDSTICK = "the csv module alone, rows thrown away"


def main() -> None:
    """Write the files, read each in a fresh process, print a table."""
    parser = argparse.ArgumentParser(description="Taking tables in.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    sys.stdout.write(f"{platform.machine()}, {os.cpu_count()} cores\n\n")
    sys.stdout.write("| file | rows | rows/s | CPU s | peak MiB | accepted |\n")
    sys.stdout.write("|---|--:|--:|--:|--:|--:|\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, rows in files(Path(folder), given.rows):
            answer: Any = spawn.Queue()
            reader = yardstick if name == YARDSTICK else measure
            child = spawn.Process(target=reader, args=(path, answer))
            child.start()
            wall_s, cpu_s, peak, accepted = answer.get()
            child.join()
            sys.stdout.write(
                f"| {name} | {rows:,} | {rows / wall_s:,.0f} | {cpu_s:.1f} | {peak:.0f} | "
                f"{accepted:,} |\n"
            )
            sys.stdout.flush()


def files(folder: Path, count: int) -> list[tuple[str, Path, int]]:
    """Write one table in every format; return what it is, where, and how many rows."""
    # Not at the top: they would count in the memory of the processes that are measured.
    import duckdb
    import openpyxl

    plain, worst = folder / "plain.csv", folder / "worst.csv"
    chinese, parquet, book = folder / "gb.csv", folder / "t.parquet", folder / "t.xlsx"
    with plain.open("w") as file, worst.open("w") as bad:
        file.write(",".join(HEADER) + "\n")
        bad.write(";".join(HEADER) + "\n")
        for row in rows_of(count):
            file.write(",".join(row) + "\n")
            bad.write(";".join(worse(row)) + "\n")
    chinese.write_bytes(plain.read_text().encode("gb18030"))
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (FROM read_csv('{plain}')) TO '{parquet}' (FORMAT parquet)")
    sheet_rows = min(count, WORKBOOK_ROWS)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("t")
    sheet.append(HEADER)
    for row in rows_of(sheet_rows):
        sheet.append([*row[:2], int(row[2]), float(row[3]), *row[4:7], *map(float, row[7:])])
    workbook.save(book)
    return [
        (YARDSTICK, plain, count), ("CSV, UTF-8", plain, count), ("CSV, GB 18030", chinese, count),
        ("Parquet", parquet, count), ("Excel", book, sheet_rows),
        ("CSV, the worst case", worst, count),
    ]  # fmt: skip


def rows_of(count: int) -> "list[tuple[str, ...]]":
    """Return rows of text."""
    chance = np.random.default_rng(7)
    size = chance.random(count) * 100
    lon, lat = 113.9 + chance.random(count) * 0.3, 22.4 + chance.random(count) * 0.3
    return [
        (
            f"R{row}", f"第{row}医院", str(row % 900), f"{size[row]:.3f}",
            f"2024-0{row % 9 + 1}-1{row % 9} {row % 24:02d}:{row % 60:02d}:00",
            "是" if row % 2 else "否", "hospital" if row % 3 else "诊所",
            f"{lon[row]:.6f}", f"{lat[row]:.6f}",
        )
        for row in range(count)
    ]  # fmt: skip


def worse(row: tuple[str, ...]) -> list[str]:
    """Return the same row in the most laborious way to write it; every tenth without its key."""
    day, hour = row[4].split(" ")
    year, month, date = day.split("-")
    ref = "" if row[0].endswith("0") else row[0]
    local = f"{int(date)}/{int(month)}/{year} {hour}"
    return [ref, *row[1:3], row[3].replace(".", ","), local, *row[5:]]


def yardstick(path: Path, answer: Any) -> None:
    """Read the rows as lists of text and do nothing with them."""
    began, cpu = time.perf_counter(), time.process_time()
    with path.open(newline="", encoding="utf-8") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    answer.put((wall_s, cpu_s, peak_mib(), rows))


def measure(path: Path, answer: Any) -> None:
    """Read a file and tell seconds, CPU seconds, peak memory (MiB) and accepted rows."""
    began, cpu = time.perf_counter(), time.process_time()
    options = IntakeOptions(datum="gcj02", time=TimeOptions("Asia/Shanghai"))
    intake = take_in(path, SCHEMA, options)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    answer.put((wall_s, cpu_s, peak_mib(), len(intake.table)))


def peak_mib() -> float:
    """Return this process's own peak: getrusage tells that of the parent it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
