"""Who gets which layer: in the catalogue, as tile, as style and as file."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rooms import HOUSE
from gis.access import Grant
from gis.rooms.layers import Computed, Layer
from tests.api.conftest import World

pytestmark = pytest.mark.database

LAYERS = HOUSE.layers
VIEWERS = (None, *HOUSE.roles)


def listed(client: TestClient, world: World, headers: dict[str, str]) -> dict[str, Any]:
    answer = client.get("/v1/map/layers", params={"city_id": world.city_id}, headers=headers)
    assert answer.status_code == 200
    return {layer["name"]: layer for layer in answer.json()["layers"]}


def sees(layer: Layer, role: str | None) -> bool:
    if layer.permission is None:
        return True
    return role is not None and layer.permission in HOUSE.holdings[role]


@pytest.mark.parametrize("role", VIEWERS)
def test_each_role_gets_a_layer_everywhere_or_nowhere(
    client: TestClient, world: World, role: str | None
) -> None:
    headers = world.bearer(Grant(role)) if role is not None else {}
    catalogue = listed(client, world, headers)
    assert set(catalogue) == {name for name, layer in LAYERS.items() if sees(layer, role)}
    for name, layer in LAYERS.items():
        style = client.get(f"/v1/map/layers/{name}/style", headers=headers)
        assert style.status_code == (200 if sees(layer, role) else 404), name
        for tiles in ("tiles", "guarded-tiles"):
            tile = client.get(
                f"/v1/{tiles}/{world.city_id}/{name}/14/13380/7140.mvt", headers=headers
            )
            assert tile.status_code == tile_status(layer, role, tiles), f"{tiles}: {name}"
            if tile.status_code == 200 and tiles == "guarded-tiles":
                assert tile.headers["cache-control"] == "private, no-store"
        file = client.get(
            f"/v1/map/layers/{name}/features",
            params={"city_id": world.city_id, "format": "csv"}, headers=headers,
        )  # fmt: skip
        assert file.status_code == file_status(layer, role), name
        if name in catalogue:
            assert catalogue[name]["exports"] == ([*layer.exports] if role is not None else [])


def tile_status(layer: Layer, role: str | None, tiles: str) -> int:
    """A door without a login shows what everybody may see, to whoever comes."""
    if isinstance(layer.source, Computed):
        return 401 if role is None and tiles == "guarded-tiles" else 404
    if tiles == "tiles":
        return 200 if layer.permission is None else 404
    if role is None:
        return 401
    return 200 if sees(layer, role) else 404


def file_status(layer: Layer, role: str | None) -> int:
    """Who is not logged in takes no files; a layer one may not see is not there."""
    if role is None:
        return 401
    if not sees(layer, role):
        return 404
    return 200 if layer.exports else 422


def test_a_layer_is_told_in_full(client: TestClient, world: World) -> None:
    catalogue = listed(client, world, world.bearer(Grant("cdc")))
    cells = catalogue["population_cells"]
    assert cells["title"] == {"en": "Population by cell", "zh": "格网人口"}
    assert cells["group"]["code"] == "people"
    assert cells["unit"] == {"code": "{person}/km2",
                             "words": {"en": "people/km²", "zh": "人/平方公里"}}  # fmt: skip
    assert cells["provenance"]["words"]["zh"] == "模型生成，非实测"
    assert cells["population_base"]["base"] == "present"
    assert [one["value"] for one in cells["time"]["values"]] == ["all", "day", "night"]
    assert cells["time"]["default"] == "all"
    assert (cells["count"], cells["empty"]) == (2, None)
    first, *_, last, unknown = cells["legend"]
    assert (first["at_least"], first["below"]) == (None, 1000.0)
    assert (last["at_least"], last["below"]) == (25000.0, None)
    assert unknown["words"]["zh"] == "未知"
    assert catalogue["facilities_burn"]["count"] == 0
    assert catalogue["facilities_burn"]["empty"]["zh"]
    aeds = catalogue["aeds_by_opening"]
    assert aeds["time"] == {"kind": "moment", "values": [], "default": None}
    assert aeds["tiles"].startswith(f"/v1/tiles/{world.city_id}/aeds_by_opening/")
    assert cells["tiles"].startswith(f"/v1/guarded-tiles/{world.city_id}/population_cells/")


def test_files_have_their_names(client: TestClient, world: World) -> None:
    headers = world.bearer(Grant("planner"))
    begins = {"geojson": b'{"type":"FeatureCollection"', "gpkg": b"SQLite format 3", "csv": b"\xef"}
    for format_, begin in begins.items():
        answer = client.get(
            "/v1/map/layers/stations/features",
            params={"city_id": world.city_id, "format": format_}, headers=headers,
        )  # fmt: skip
        assert answer.headers["content-type"] == "application/octet-stream"
        name = f'filename="grid-stations.{format_}"'
        assert name in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.content.startswith(begin)


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("layers", {"city_id": 99}, "city_unknown"),
        ("layers/secrets/style", {}, "layer_not_found"),
        ("layers/stations/style", {"theme": "sepia"}, "unknown_theme"),
        ("layers/stations/features", {"city_id": 99}, "city_unknown"),
        ("layers/roads/features", {"city_id": 1}, "layer_export_refused"),
        ("layers/stations/features", {"city_id": 1, "bbox": "1,2,3"}, "box_invalid"),
        ("layers/stations/features", {"city_id": 1, "bbox": "nan,0,1,1"}, "box_invalid"),
        ("layers/stations/features", {"city_id": 1, "bbox": "2,0,1,1"}, "box_invalid"),
        ("layers/stations/features", {"city_id": 1, "time": "day"}, "layer_time_invalid"),
        ("layers/stations/features", {"city_id": 1, "format": "shp"}, "invalid_request"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_a_sentence(
    client: TestClient, world: World, path: str, params: dict[str, Any], code: str
) -> None:
    answer = client.get(f"/v1/map/{path}", params=params, headers=world.bearer(Grant("planner")))
    assert answer.json()["code"] == code
    assert answer.json()["detail"].endswith(".")


def test_a_login_that_is_over_is_told_so(client: TestClient, world: World) -> None:
    answer = client.get(
        "/v1/map/layers", params={"city_id": world.city_id},
        headers={"Authorization": "Bearer nonsense"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
