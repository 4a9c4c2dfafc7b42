"""Surveillance from the command line."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.api.cli.said import Run, done
from tests.api.conftest import World
from tests.cities import corner


def test_zones_are_compared_on_the_roads_of_a_city(goldenhour: Run, world: World) -> None:
    told = done(
        goldenhour("surveillance", "compare-zones", "grid", "--places", "12", "--outbreaks", "1")
    )
    rows = [line for line in told.splitlines() if line.startswith("| by ")]
    assert len(rows) == 4, world.city_id


def test_a_file_of_cases_is_looked_at_taken_in_and_its_rejects_are_written(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    file, mapping = tmp_path / "cases.csv", tmp_path / "mapping.yaml"
    file.write_text("Nr,disease,onset\n1,Dengue,2026-03-01\n2,怪病,2026-03-01\n", encoding="utf-8")
    mapping.write_text("columns: {source_key: Nr}")
    words = ("surveillance", "import", str(file), "--city", "grid", "--source", "我院")
    looked = done(goldenhour(*words, "--mapping", str(mapping), "--dry-run"))
    assert "2 rows read: 1 can be stored, 1 rejected" in looked
    told = done(goldenhour(*words, "--mapping", str(mapping)))
    assert "1 new, 0 revised." in told
    assert "怪病" in file.with_suffix(".rejects.csv").read_text("utf-8-sig")
    # The mapping is remembered: the same file again is the same import.
    assert re.search("Import .*", told)[0] in done(goldenhour(*words))
    import_id = re.search("Import (.*)\\.", told)[1]
    again = tmp_path / "again.csv"
    done(goldenhour("surveillance", "rejects", import_id, "--to", str(again)))
    assert "“怪病” is no disease of the table" in again.read_text("utf-8-sig"), world.city_id


@pytest.mark.acceptance
def test_a_day_is_looked_at_and_judged_and_days_go_forward(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    words = ("surveillance", "run", "--city", "grid", "--day")
    yesterday = datetime.now(tz=ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
    nothing = goldenhour(*words, f"{yesterday}")
    assert nothing.returncode == 1
    assert "no reported case" in nothing.stderr
    file, mapping = tmp_path / "cases.csv", tmp_path / "mapping.yaml"
    rows = "".join(f"{number},Dengue,{yesterday}\n" for number in range(5))
    file.write_text(f"Nr,disease,onset\n{rows}", encoding="utf-8")
    mapping.write_text("columns: {source_key: Nr}")
    done(goldenhour("surveillance", "import", str(file), "--city", "grid", "--source", "cards",
                    "--mapping", str(mapping)))  # fmt: skip
    looked = done(goldenhour(*words, f"{yesterday}", "--look"))
    assert "series judged; nothing stored." in looked, world.city_id
    told = done(goldenhour(*words, f"{yesterday}"))
    assert told.startswith(f"grid, {yesterday}: ")
    early = goldenhour(*words, "2026-03-01")
    assert early.returncode == 1
    assert "known by then" in early.stderr


def test_a_scan_says_what_it_needs(goldenhour: Run, world: World) -> None:
    refused = goldenhour("surveillance", "scan", "--city", "grid")
    assert refused.returncode == 2, world.city_id
    assert "--coordinates" in refused.stderr


@pytest.mark.acceptance
def test_own_cases_are_scanned_for_clusters(goldenhour: Run, world: World, tmp_path: Path) -> None:
    yesterday = datetime.now(tz=ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
    rows = [f"{n},Dengue,{yesterday},440305" for n in range(12)]
    rows += [f"{n + 20},Dengue,{yesterday - timedelta(days=40 + n)},440306" for n in range(14)]
    file, mapping, to = (tmp_path / name for name in ("cases.csv", "mapping.yaml", "found.geojson"))
    file.write_text("\n".join(["Nr,disease,onset,area", *rows]), encoding="utf-8")
    mapping.write_text("columns: {source_key: Nr, residence_area: area}")
    done(goldenhour("surveillance", "import", str(file), "--city", "grid", "--source", "cards",
                    "--mapping", str(mapping)))  # fmt: skip
    told = done(goldenhour("surveillance", "scan", "--city", "grid", "--day", f"{yesterday}",
                           "--replicates", "199", "--to", str(to)))  # fmt: skip
    assert "1 diseases scanned, 0 with too few cases; nothing stored." in told, world.city_id
    assert re.search(r"dengue +own past of the places, circles +440305 ", told)
    found = json.loads(to.read_text("utf-8"))["features"]
    assert found[0]["properties"]["area_code"] == "440305"
    assert found[0]["properties"]["area_observed"] == 12


def test_indicators_are_looked_at_taken_in_and_weighed(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "indicators.csv"
    rows = "440305,pm25,2025,30\n440306,细颗粒物PM2.5,2025,50\n440305,elderly_alone,2025,3\n"
    file.write_text(f"area,indicator,year,value\n{rows}", encoding="utf-8")
    words = ("surveillance", "indicators")
    handed = (*words, "import", str(file), "--city", "grid", "--source", "yearbook")
    looked = done(goldenhour(*handed, "--dry-run"))
    assert "2 values understood, 0 stored." in looked
    told = done(goldenhour(*handed))
    assert "2 values understood, 2 stored." in told
    assert "fewer than 5 people" in file.with_suffix(".rejects.csv").read_text("utf-8-sig")
    ranked = done(goldenhour(*words, "vulnerability", "--city", "grid", "--weight", "pm25=2"))
    first, second = [line.split("\t") for line in ranked.splitlines()[1:3]]
    assert (first[0], first[1], first[4]) == ("1", "1–1", "440306"), world.city_id
    assert second[4] == "440305"
    refused = goldenhour(*words, "vulnerability", "--city", "grid", "--weight", "pm25=-1")
    assert refused.returncode == 2
    assert "no indicator with a weight above 0" in " ".join(refused.stderr.split())
    assert "wbgt\tCel" in done(goldenhour(*words, "list"))


@pytest.mark.acceptance
def test_points_become_indices_and_indices_a_stored_vulnerability(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    lon, lat = corner(3, 3)
    file = tmp_path / "points.csv"
    file.write_text(
        "日期,经度,纬度,检查户数,阳性容器数\n"
        f"2026-06-02,{lon},{lat},50,4\n2026-06-03,{lon},{lat},50,x\n2026-06-04,0,{lat},50,1\n",
        encoding="utf-8",
    )
    words = ("surveillance", "indicators", "points", str(file), "--city", "grid", "--source", "t")
    assert goldenhour(*words, "--datum", "mars").returncode == 1
    looked = done(goldenhour(*words, "--datum", "wgs84", "--dry-run"))
    assert "1 inspections understood." in looked
    assert "stored" not in looked.split("understood.")[1]
    told = done(goldenhour(*words, "--datum", "wgs84"))
    assert "1 stored, 1 values of areas reckoned anew." in told
    assert len(file.with_suffix(".rejects.csv").read_text("utf-8-sig").splitlines()) == 3
    weigh = ("surveillance", "indicators", "vulnerability", "--city", "grid", "--weight")
    assert "Nothing stored." in done(goldenhour(*weigh, "breteau_index=2", "--look"))
    stored = done(goldenhour(*weigh, "breteau_index=2"))
    assert "Stored as version 1: 1 areas." in stored, world.city_id
    assert "it stands." in done(goldenhour(*weigh, "breteau_index=2"))
    assert goldenhour(*weigh, "wbgt=1").returncode == 1
