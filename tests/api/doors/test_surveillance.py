"""Signals over HTTP: numbers for who may see them, a group and a district for everybody else."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.tables import Area
from tests.api.conftest import World, new_key
from tests.cities import corner
from tests.surveillance.cluster_runs.stored import store_cluster, store_cluster_run
from tests.surveillance.signals.stored import store_run, store_signal

pytestmark = pytest.mark.database


@pytest.fixture
def districts(world: World) -> list[str]:
    with world.database.read(SYSTEM) as uow:
        return list(
            uow.session.scalars(
                select(Area.code)
                .where(Area.city_id == world.city_id, Area.level == "district")
                .order_by(Area.code)
            )
        )


@pytest.fixture
def signals(world: World, districts: list[str]) -> dict[str, str]:
    """Three cases of dengue in one district, two of mumps in another, one of syphilis."""
    with world.database.unit_of_work(SYSTEM) as uow:
        run_id = store_run(uow, world.city_id)
        made = {
            "dengue": store_signal(uow, world.city_id, area_code=districts[0], run_id=run_id),
            "mumps": store_signal(
                uow, world.city_id, area_code=districts[1], run_id=run_id, disease="mumps", cases=2
            ),
            "syphilis": store_signal(
                uow, world.city_id, area_code=districts[0], run_id=run_id, disease="syphilis",
                sensitive="hiv_sti",
            ),
        }  # fmt: skip
    return {name: str(signal_id) for name, signal_id in made.items()}


def today(client: TestClient, world: World, *grants: Grant) -> dict[str, Any]:
    answer = client.get(
        "/v1/surveillance/today", params={"city_id": world.city_id}, headers=world.bearer(*grants)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_disease_control_sees_numbers_of_its_ordinary_signals(
    client: TestClient, world: World, signals: dict[str, str]
) -> None:
    found = today(client, world, Grant("cdc"))
    assert {one["signal_id"] for one in found["signals"]} == {signals["dengue"], signals["mumps"]}
    assert all(one["numbers"] and one["cases_7"] for one in found["signals"])
    assert found["run"]["unjudged"] == {"too_few_cases": 3}


def test_sensitive_diseases_ask_for_their_own_right(
    client: TestClient, world: World, signals: dict[str, str]
) -> None:
    found = today(client, world, Grant("cdc_sensitive"))
    assert signals["syphilis"] in {one["signal_id"] for one in found["signals"]}


def test_disease_control_of_one_district_sees_that_district(
    client: TestClient, world: World, signals: dict[str, str], districts: list[str]
) -> None:
    found = today(client, world, Grant("cdc", districts[1]))
    assert [one["signal_id"] for one in found["signals"]] == [signals["mumps"]]


def test_others_are_told_a_group_and_a_district_and_nothing_that_counts_people(
    client: TestClient, world: World, signals: dict[str, str], districts: list[str]
) -> None:
    found = today(client, world, Grant("supervisor"))
    assert {one["area_code"] for one in found["signals"]} == set(districts[:2])
    for one in found["signals"]:
        assert not one["numbers"]
        assert "class" in one["disease_words"]["en"]
        hidden = ("disease", "cases_7", "observed", "expected", "threshold", "p_value", "weight",
                  "age_group", "newest_case_on", "lead")  # fmt: skip
        assert all(one[name] is None for name in hidden)
        assert (one["recent"], one["opinions"]) == ([], [])
    said = json.dumps(found, ensure_ascii=False)
    for word in ("dengue", "mumps", "syphilis", "登革热", "3 cases", "2例"):
        assert word not in said.lower()
    for path in ("/v1/surveillance/diseases/seen", "/v1/surveillance/diseases/dengue/curves",
                 "/v1/map/layers/surveillance_signals/features"):  # fmt: skip
        answer = client.get(
            path, params={"city_id": world.city_id}, headers=world.bearer(Grant("supervisor"))
        )
        assert answer.status_code in {403, 404}, path


def test_who_dispatches_asks_for_no_signals(client: TestClient, world: World) -> None:
    answer = client.get(
        "/v1/surveillance/today", params={"city_id": world.city_id},
        headers=world.bearer(Grant("dispatcher")),
    )  # fmt: skip
    assert answer.status_code == 403


def test_a_decision_says_who_and_when_and_a_stale_one_is_refused(
    client: TestClient, world: World, signals: dict[str, str]
) -> None:
    path = f"/v1/surveillance/signals/{signals['dengue']}/decision"
    cdc = world.bearer(Grant("cdc"))
    body = {"state": "explained", "note": "backlog of a hospital"}
    done = client.post(path, json=body, headers=cdc | new_key() | {"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["note"]) == ("explained", "backlog of a hospital")
    assert done.json()["state_by"].startswith("user:")
    stale = client.post(path, json={"state": "muted"}, headers=cdc | new_key() | {"If-Match": "1"})
    assert stale.status_code == 412
    other = client.post(path, json=body, headers=world.bearer(Grant("supervisor")) | new_key())
    assert other.status_code == 403


def test_a_signal_of_another_district_cannot_be_decided_on(
    client: TestClient, world: World, signals: dict[str, str], districts: list[str]
) -> None:
    answer = client.post(
        f"/v1/surveillance/signals/{signals['dengue']}/decision", json={"state": "muted"},
        headers=world.bearer(Grant("cdc", districts[1])) | new_key(),
    )  # fmt: skip
    assert answer.status_code == 404
    assert answer.json()["code"] == "signal_not_found"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_disease_comes_as_figures_and_as_charts(
    client: TestClient, world: World, signals: dict[str, str], districts: list[str], language: str
) -> None:
    cdc = world.bearer(Grant("cdc"))
    query = {"city_id": world.city_id, "area_code": districts[0], "language": language}
    found = client.get("/v1/surveillance/diseases/dengue/curves", params=query, headers=cdc).json()
    assert found["view"]["weeks"][-1]["cases"] == 3
    assert [one["name"] for one in found["charts"]] == ["curve", "seasons", "areas"]
    title = found["charts"][0]["spec"]["title"]["text"]
    assert title == found["charts"][0]["title"][language]
    hidden = client.get(
        "/v1/surveillance/diseases/syphilis/curves", params=query, headers=cdc
    ).json()
    assert hidden == {"view": None, "charts": []}


@pytest.fixture
def clusters(world: World, districts: list[str]) -> dict[str, str]:
    """Nine cases of dengue over both districts, four of mumps in one, six of syphilis."""
    with world.database.unit_of_work(SYSTEM) as uow:
        run_id = store_cluster_run(uow, world.city_id)
        at = corner(2, 2)
        made = {
            "dengue": store_cluster(
                uow, world.city_id, places=districts[:2], run_id=run_id, at=at
            ),
            "mumps": store_cluster(
                uow, world.city_id, places=districts[1:2], run_id=run_id, disease="mumps",
                observed=4, at=at,
            ),
            "syphilis": store_cluster(
                uow, world.city_id, places=districts[:1], run_id=run_id, disease="syphilis",
                observed=6, sensitive="hiv_sti", at=at,
            ),
        }  # fmt: skip
    return {name: str(cluster_id) for name, cluster_id in made.items()}


def found_clusters(client: TestClient, world: World, *grants: Grant) -> list[dict[str, Any]]:
    answer = client.get(
        "/v1/surveillance/clusters", params={"city_id": world.city_id},
        headers=world.bearer(*grants),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    views: list[dict[str, Any]] = answer.json()["clusters"]
    return views


def test_disease_control_sees_clusters_with_members_and_zones(
    client: TestClient, world: World, clusters: dict[str, str], districts: list[str]
) -> None:
    found = found_clusters(client, world, Grant("cdc"))
    assert {one["cluster_id"] for one in found} == {clusters["dengue"], clusters["mumps"]}
    dengue = next(one for one in found if one["disease"] == "dengue")
    assert [one["area_code"] for one in dengue["members"]] == districts[:2]
    assert (dengue["observed"], dengue["expected"], dengue["p_value"]) == (9, 1.0, 0.001)
    zone = client.get(
        f"/v1/surveillance/clusters/{clusters['dengue']}/zone", headers=world.bearer(Grant("cdc"))
    )
    assert zone.status_code == 200, zone.text
    parts = [one["properties"]["part"] for one in zone.json()["features"]]
    assert parts == ["member", "member", "circle", "centre"]
    sensitive = found_clusters(client, world, Grant("cdc_sensitive"))
    assert clusters["syphilis"] in {one["cluster_id"] for one in sensitive}


def test_who_reads_cases_of_one_district_sees_no_number_of_what_reaches_beyond(
    client: TestClient, world: World, clusters: dict[str, str], districts: list[str]
) -> None:
    grant = Grant("cdc", districts[1])
    found = {one["cluster_id"]: one for one in found_clusters(client, world, grant)}
    assert found.keys() == {clusters["dengue"], clusters["mumps"]}
    assert found[clusters["mumps"]]["observed"] == 4
    beyond = found[clusters["dengue"]]
    assert (beyond["numbers"], beyond["disease"], beyond["members"]) == (False, None, [])
    for name, status in (("mumps", 200), ("dengue", 404), ("syphilis", 404)):
        answer = client.get(
            f"/v1/surveillance/clusters/{clusters[name]}/zone", headers=world.bearer(grant)
        )
        assert answer.status_code == status, name


def test_others_are_told_a_group_and_districts_of_a_cluster_and_nothing_that_counts(
    client: TestClient, world: World, clusters: dict[str, str], districts: list[str]
) -> None:
    supervisor = Grant("supervisor")
    found = found_clusters(client, world, supervisor)
    assert len(found) == 2
    told = {"cluster_id", "numbers", "disease_words", "districts", "place", "first_on", "told",
            "change", "reason"}  # fmt: skip
    for one in found:
        assert not any(value for name, value in one.items() if name not in told)
    said = json.dumps(found, ensure_ascii=False).lower()
    for word in ("dengue", "mumps", "syphilis", "登革热", "9 cases", "4例"):
        assert word not in said
    for path in (f"/v1/surveillance/clusters/{clusters['mumps']}/zone",
                 "/v1/map/layers/surveillance_clusters/features"):  # fmt: skip
        answer = client.get(
            path, params={"city_id": world.city_id}, headers=world.bearer(supervisor)
        )
        assert answer.status_code in {403, 404}, path
