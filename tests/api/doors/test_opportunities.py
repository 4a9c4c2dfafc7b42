"""What people reach of hospitals by each means, through the door."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gis.access import Grant
from tests.api.conftest import World

pytestmark = pytest.mark.database


@pytest.fixture
def ask(app: FastAPI, client: TestClient, world: World) -> Callable[..., Any]:
    """Return a function that asks as a planner, with the roads loaded."""
    app.state.context.routing.refresh()

    def asked(status: int = 200, area: str = "", **query: Any) -> Any:
        answer = client.get(
            "/v1/planning/opportunities", params={"city_id": world.city_id, **query},
            headers=world.bearer(Grant("planner", area)),
        )  # fmt: skip
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def beds(view: Any) -> Any:
    return next(one for one in view["kinds"] if one["kind"] == "beds")


def test_who_walks_reaches_less_and_shares_it_alike(ask: Callable[..., Any]) -> None:
    found = {by: ask(by=by) for by in ("car", "bicycle", "walk")}
    for by, words in (("car", "by car"), ("bicycle", "by bicycle"), ("walk", "on foot")):
        view = found[by]
        assert (view["by"], view["measure"], view["people"]) == (by, "e2sfca", 3_000)
        assert any(words in one["en"] for one in view["sentences"])
        # Whoever reaches the hospital shares its hundred beds: they add up.
        shared = sum(
            one["per_1000"] * one["people"] / 1_000 for one in beds(view)["districts"]
            if one["per_1000"] is not None
        )  # fmt: skip
        assert shared == pytest.approx(100.0)
    # Some 800 m on foot are over ten minutes: there is a limit that only wheels keep.
    limits = {by: ask(by=by, limit_min=5) for by in found}
    without = {
        by: sum(one["without"] for one in beds(view)["districts"]) for by, view in limits.items()
    }
    assert without["car"] == 0 < without["walk"]
    assert limits["walk"]["measure"] == "2sfca"


def test_who_sees_one_district_is_told_of_it_and_strange_means_are_refused(
    ask: Callable[..., Any],
) -> None:
    part = ask(area="440305")
    assert {one["code"] for one in beds(part)["districts"]} == {"440305"}
    assert any("areas of your account" in one["en"] for one in part["sentences"])
    ask(422, by="rocket")
