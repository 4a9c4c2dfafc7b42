"""What a study is asked: refused with a sentence, filled up, and a schema that makes a form."""

import json

import pytest

from planning.studies.errors import StudyKindUnknownError, StudyParametersError
from planning.studies.kinds import KINDS, form_of, kind_of, measure_of


def test_what_is_left_out_stands_in_the_form() -> None:
    form = form_of("siting", {"new_sites": 2})
    given = form.model_dump(mode="json")
    assert (given["new_sites"], given["model"], given["reach_min"]) == (2, "mclp", 8.0)
    # What is stored is read back as the same.
    assert form_of("siting", json.loads(json.dumps(given))) == form
    assert measure_of("siting", form_of("siting", {"model": "p_median"})).sense == "least"


@pytest.mark.parametrize(
    ("kind", "parameters", "named"),
    [
        ("siting", {"new_sites": -1}, "new_sites"),
        ("siting", {"reach_min": float("nan")}, "reach_min"),
        ("siting", {"new_site": 1}, "new_site"),
        ("siting", {"candidates": [{"key": "a", "lon": 0, "lat": 91}]}, "candidates"),
        (
            "siting",
            {"candidates": [{"key": "a", "lon": 0, "lat": 0}, {"key": "a", "lon": 1, "lat": 0}]},
            "names a site twice: a",
        ),
        ("units", {"busy": 1.0}, "busy"),
        ("coverage", {"sites": [{"key": "a", "lon": 0, "lat": 0, "units": 0}]}, "units"),
        ("aeds", {"hour": 24}, "hour"),
        ("siting", {"inside": [{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}]}, "inside"),
    ],
)
def test_what_cannot_be_meant_is_named(kind: str, parameters: dict, named: str) -> None:
    with pytest.raises(StudyParametersError, match=named):
        form_of(kind, parameters)


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(StudyParametersError, match=r"new_units: .*\. bussy: ") as refused:
        form_of("units", {"new_units": "two", "bussy": 0.3})
    assert ".." not in str(refused.value)
    with pytest.raises(StudyParametersError, match=r"\(2 more are wrong\.\)$"):
        form_of("siting", {f"strange_{number}": 1 for number in range(10)})


def test_a_kind_that_there_is_none_of() -> None:
    with pytest.raises(StudyKindUnknownError, match="siting, units, budget, coverage, aeds"):
        kind_of("stations")


@pytest.mark.parametrize("kind", KINDS)
def test_each_property_says_how_a_form_asks_it(kind: str) -> None:
    schema = KINDS[kind].form.model_json_schema()
    for name, asked in schema["properties"].items():
        assert asked["x-widget"] in {"number", "choice", "switch", "sites", "stations", "areas"}
        assert asked["x-words"]["en"], name
        assert asked["x-words"]["zh"], name
        assert set(asked["x-help"]) == {"en", "zh"}
        assert "default" in asked
        if asked["x-widget"] == "choice":
            assert set(asked["x-choices"])
