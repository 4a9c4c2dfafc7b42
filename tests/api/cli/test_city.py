"""Cities and registers from the command line."""

import csv
import re
from pathlib import Path

import pytest

from gis.database import Database
from tests.api.cli.said import Run, count, done, refusal
from tests.api.conftest import World
from tests.cities import SOUTH, STEP, WEST, corner

SIZE = 6


def osm_file(folder: Path) -> Path:
    """Write a grid of streets with a hospital, a station and a defibrillator (OPL)."""
    lines = [
        f"n{1 + column + row * SIZE} v1 x{WEST + column * STEP} y{SOUTH + row * STEP} T"
        for row in range(SIZE) for column in range(SIZE)
    ]  # fmt: skip
    for number, tags in enumerate((
        "amenity=hospital,name=Grid,emergency=yes", "emergency=ambulance_station,name=North",
        "emergency=defibrillator,opening_hours=24/7,access=yes",
    )):  # fmt: skip
        lon, lat = corner(1 + number, 1)
        lines.append(f"n{900 + number} v1 x{lon + 0.0002} y{lat + 0.0002} T{tags}")
    ways = {}
    for n in range(SIZE):
        row = ",".join(f"n{1 + column + n * SIZE}" for column in range(SIZE))
        column = ",".join(f"n{1 + n + row * SIZE}" for row in range(SIZE))
        ways[1 + n] = f"Thighway=residential,name=Row%20%{n} N{row}"
        ways[101 + n] = f"Thighway=residential,name=Column%20%{n} N{column}"
    lines += [f"w{number} v1 {way}" for number, way in sorted(ways.items())]
    path = folder / "grid.opl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.database
def test_a_city_from_an_extract(
    goldenhour: Run, database: Database, tmp_path: Path, state_folder: Path
) -> None:
    file = osm_file(tmp_path)
    before = {table: count(database, table) for table in ("cities", "road_segments", "units")}
    told = done(goldenhour("city", "add", "fresh", "--pbf", file, "--units"))
    assert re.search(r"network version \d+\.", told)
    assert re.search(r"aeds: +1\b", told)
    segments = count(database, "road_segments") - before["road_segments"]
    assert segments == 2 * SIZE * (SIZE - 1)
    assert count(database, "units") > before["units"]
    assert list((state_folder / "graphs").iterdir())
    done(goldenhour("city", "add", "fresh", "--pbf", file))  # a refresh, not a second city
    assert count(database, "cities") == before["cities"] + 1
    assert "fresh" in done(goldenhour("city", "list"))
    assert "grid.opl" in refusal_words(goldenhour, "city", "add", "b", "--pbf", broken(file))
    assert count(database, "cities") == before["cities"] + 1


def broken(file: Path) -> Path:
    folder = file.parent / "broken"
    folder.mkdir()
    copy = folder / file.name
    copy.write_text("this is no OpenStreetMap file\n")
    return copy


def refusal_words(goldenhour: Run, *arguments: object) -> str:
    """Return the refusal's last line; a progress bar may have been drawn before it."""
    result = goldenhour(*arguments)
    assert result.returncode == 1, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.database
@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([], "one of --pbf, --place, --sample, --model"),
        (["--sample", "coquimbo", "--model", "shenzhen"], "one of --pbf"),
        (["--sample", "atlantis"], "atlantis"),
        (["--model", "atlantis"], "atlantis"),
        (["--pbf", "absent.osm.pbf"], "absent.osm.pbf"),
    ],
)
def test_a_city_from_nowhere_is_refused(goldenhour: Run, sources: list[str], words: str) -> None:
    said = refusal_words(goldenhour, "city", "add", "x", *sources)
    assert said.startswith("goldenhour: ")
    assert words in said


@pytest.mark.database
def test_a_register_with_bad_rows(
    goldenhour: Run, world: World, database: Database, tmp_path: Path
) -> None:
    before = count(database, "aeds")
    file = tmp_path / "register.csv"
    file.write_text(
        "id,name,lon,lat,opening_hours\n"
        "7,Library,114.002,22.502,24/7\n"
        "8,Swapped,22.502,114.002,24/7\n"
        "9,Gym,114.003,22.503,whenever\n"
        "10,School,114.004,22.504,Mo-Fr 08:00-17:00\n"
        ",,,,\n"
    )
    load = ("city", "import", "grid", "aeds", file, "--datum", "wgs84")
    told = done(goldenhour(*load))
    with file.with_suffix(".rejects.csv").open(encoding="utf-8-sig", newline="") as handle:
        rejected = {int(row["row_number"]): row for row in csv.DictReader(handle)}
    stored = count(database, "aeds") - before
    assert f"{stored} rows stored." in told
    assert f"{len(rejected)} rows refused" in told
    assert rejected.keys() == {3}
    assert stored == 3
    assert rejected[3]["name"] == "Swapped"
    assert all(row["reason"] for row in rejected.values())
    dry = goldenhour(*load, "--dry-run", "--source", "another")
    assert "3 rows would be stored." in done(dry)
    assert "name: guessed “name”" in dry.stderr
    assert "row 4: “whenever” is not in the opening-hours syntax" in dry.stderr
    assert count(database, "aeds") == before + stored
    done(goldenhour(*load))
    assert count(database, "aeds") == before + stored


@pytest.mark.database
def test_a_register_that_cannot_load(goldenhour: Run, world: World, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("id,name,lon,lat\n")
    undeclared = goldenhour("city", "import", "grid", "aeds", empty)
    assert undeclared.returncode == 2
    assert "--datum" in undeclared.stderr
    assert "Traceback" not in undeclared.stderr
    load = ("--datum", "wgs84")
    assert "empty.csv" in refusal(goldenhour("city", "import", "grid", "aeds", empty, *load))
    absent = tmp_path / "absent.csv"
    assert "absent.csv" in refusal(goldenhour("city", "import", "grid", "aeds", absent, *load))
    assert "Loaded: grid" in refusal(goldenhour("city", "import", "oz", "aeds", empty, *load))
    mapped = ("city", "import", "grid", "aeds", empty, *load, "--map", "name")
    assert "FIELD=COLUMN" in refusal(goldenhour(*mapped))
