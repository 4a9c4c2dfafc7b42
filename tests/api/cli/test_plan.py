"""Planning from the command line."""

import json
from pathlib import Path

import pytest

from api.operations.study_desk import (
    StudyFileInvalidError,
    schema_text,
    study_file,
)
from tests.api.cli.said import Run, done, refusal
from tests.api.conftest import World
from tests.cities import corner

CALLS = """任务编号,车牌号,受理时间,出车时间,到达时间,行政区,经度,纬度
1,粤A1,2026-03-01 08:00:00,2026-03-01 08:02:00,2026-03-01 08:10:00,福田区,114.05,22.54
1,粤A2,2026-03-01 08:00:00,2026-03-01 08:03:00,2026-03-01 08:09:00,福田区,114.05,22.54
2,粤A1,2026-03-01 09:00:00,2026-03-01 09:02:00,2026-03-01 08:59:00,福田区,114.06,22.54
2,粤A1,2026-03-01 09:00:00,2026-03-01 09:02:00,2026-03-01 09:12:00,福田区,114.06,22.54
"""


@pytest.mark.acceptance
def test_who_is_covered_is_printed_for_people_and_for_programs(
    goldenhour: Run, world: World
) -> None:
    told = done(goldenhour("plan", "coverage", "grid", "--busy", "0.3", "--setting", "urban"))
    assert "3,000 people, 3 stations" in told
    assert "within 12 min by road, twice, any class" in told
    assert "expected with units busy 30% of their time" in told
    assert "95 % of calls answered in 10 s: not known (? of ?)" in told
    assert "Uncalibrated" in told
    view = json.loads(done(goldenhour("plan", "coverage", "grid", "--json")))
    assert view["city_id"] == world.city_id
    assert "no station 987" in refusal(goldenhour("plan", "coverage", "grid", "--closed", "987"))


@pytest.mark.acceptance
def test_beds_are_shared_among_who_reaches_them(goldenhour: Run, world: World) -> None:
    told = done(goldenhour("plan", "access", "grid"))
    assert "e2sfca to 30 min by car" in told
    assert "Uncalibrated" in told
    view = json.loads(done(goldenhour("plan", "access", "grid", "--limit-min", "15", "--json")))
    assert (view["city_id"], view["measure"], view["people"]) == (world.city_id, "2sfca", 3000)
    for kind in view["kinds"]:
        # All of the small city is within 15 minutes: everybody has an equal share, nothing is lost.
        reached = kind["supply"] - kind["unused"]
        assert kind["per_1000"] * 3 == pytest.approx(reached)
        assert sum(
            one["per_1000"] * one["people"] / 1000 for one in kind["districts"]
        ) == pytest.approx(reached)  # fmt: skip
        if reached:
            assert kind["gini"] == pytest.approx(0.0, abs=1e-9)
        else:
            assert kind["gini"] is None
    assert any(kind["supply"] for kind in view["kinds"])


def test_a_file_of_responses_is_measured(goldenhour: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS, encoding="utf-8")
    told = done(
        goldenhour("plan", "recorded", file, "--datum", "wgs84", "--time-zone", "Asia/Shanghai",
                   "--by", "district", "--rejects", tmp_path / "rejects.csv")
    )  # fmt: skip
    assert "4 rows read: 3 can be stored, 1 rejected (1 of them repeated)" in told
    assert "response (district 福田区): too few to say; 1 counted, 1 out of order, 0" in told
    assert "travel (district 福田区): too few to say; 2 counted, 1 out of order" in told
    strange = goldenhour("plan", "recorded", file, "--datum", "wgs84", "--time-zone", "UTC",
                         "--by", "colour")  # fmt: skip
    assert strange.returncode == 1
    assert "Responses are not parted by colour" in strange.stderr
    assert "the same entry stands in row 4" in (tmp_path / "rejects.csv").read_text("utf-8-sig")


@pytest.mark.acceptance
def test_a_study_from_its_file_to_its_comparison(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    file, sites = tmp_path / "more.yaml", tmp_path / "sites.csv"
    lon, lat = corner(1, 6)
    sites.write_text(f"key,lon,lat,name\na,{lon},{lat},Corner a\n", encoding="utf-8")
    file.write_text(
        "name: One more\nkind: siting\nparameters:\n  reach_min: 1\n  candidates:\n"
        f"    - {{key: a, lon: {lon}, lat: {lat}, name: Corner a}}\n",
        encoding="utf-8",
    )
    told = done(goldenhour("plan", "study", "grid", file))
    assert "1: One more (siting), done, gap 0.000%" in told
    assert "new: Corner a" in told
    assert "no plan beats" in told
    assert "Uncalibrated" in told
    asked = ("plan", "site", "grid", "--reach-min", "1", "--sites", sites, "--shared", "--json")
    assert json.loads(done(goldenhour(*asked)))["shared"]
    told = done(goldenhour("plan", "compare", "1", "2"))
    assert "both: 4 sites: Corner a" in told
    assert "the whole city" in told
    assert "1: One more" in done(goldenhour("plan", "studies", "grid"))
    file.write_text("kind: siting\nparameters: {new_sites: -1}\n", encoding="utf-8")
    assert "new_sites" in refusal(goldenhour("plan", "study", "grid", file))


@pytest.mark.acceptance
def test_what_the_next_station_buys(goldenhour: Run, world: World, tmp_path: Path) -> None:
    prices, sites = tmp_path / "prices.yaml", tmp_path / "sites.csv"
    prices.write_text(
        "currency: CNY\nsource: the bureau, 2026\nbuild: 3e6\nrent_a_year: 0\nvehicle: 600000\n"
        "crew_a_year: 1500000\n", encoding="utf-8",
    )  # fmt: skip
    (a, b), (c, d) = corner(1, 6), corner(6, 1)
    sites.write_text(f"key,lon,lat,name\na,{a},{b},Corner a\nb,{c},{d},Corner b\n", "utf-8")
    asked = ("plan", "next", "grid", "--most", "2", "--reach-min", "0.5", "--sites", sites)
    told = done(goldenhour(*asked, "--prices", prices))
    assert "+0: " in told
    assert "22,200,000 CNY in all" in told
    assert "Corner a (" in told
    assert "Corner b (" in told
    assert "Prices: the bureau, 2026." in told
    rows = json.loads(done(goldenhour(*asked, "--json")))["rows"]
    assert [one["more"] for one in rows] == [0, 1, 2]
    assert rows[0]["people"] <= rows[1]["people"] <= rows[2]["people"] <= rows[2]["of"]
    prices.write_text("build: 1\n", encoding="utf-8")
    assert "lacks currency" in refusal(goldenhour(*asked, "--prices", prices))


def test_files_of_studies_are_read_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("kind: units\nparameters: {new_units: 3}\n", encoding="utf-8")
    assert study_file(file) == ("more", "units", {"new_units": 3})
    for content in ("parameters: {}", "kind: units\nseed: 1", "kind: units\nparameters: 3", "{"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(StudyFileInvalidError, match="more"):
            study_file(file)
    assert json.loads(schema_text("units"))["properties"]["busy"]["default"] == 0.3
