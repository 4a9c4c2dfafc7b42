"""Names that are nearly alike are suggested; what tells two places apart never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.institutions.likeness import nearly_alike


def suggested(*names: str) -> dict[str, str]:
    return nearly_alike(
        {name: name for name in names}, {name: 9 - at for at, name in enumerate(names)}
    )


@pytest.mark.parametrize(
    ("more", "fewer"),
    [
        ("育才实验学校", "育材实验学校"),
        ("育才实验学校", "育才实验学校。"),
        ("育才实验学校", "育才实学校"),
        ("育才小学", "深圳市南山区育才小学"),
        ("Lincoln Elementary", "Lincon elementary"),
    ],
)
def test_a_slip_and_the_name_of_the_area_are_suggested(more: str, fewer: str) -> None:
    assert suggested(more, fewer) == {fewer: more}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("育才第一小学", "育才第二小学"), ("育才小学", "育才中学"), ("东湖幼儿园", "西湖幼儿园"),
        ("School No 12 Lake", "School No 13 Lake"), ("一小", "一校"),
        ("育才小学", "新育才小学"), ("育才小学", "英才小学附属育才小学"),
    ],
)  # fmt: skip
def test_what_tells_two_places_apart_is_never_suggested(one: str, other: str) -> None:
    assert suggested(one, other) == {}


def test_of_several_the_one_with_most_cases_is_suggested() -> None:
    found = suggested("育才实验学校", "育材实验学校", "育才实研学校")
    assert found == {"育材实验学校": "育才实验学校", "育才实研学校": "育才实验学校"}


@given(st.lists(st.text("育才实验学校小abc12", min_size=1, max_size=9), unique=True))
def test_a_suggestion_goes_to_more_cases_and_never_in_a_circle(names: list[str]) -> None:
    order = {name: at for at, name in enumerate(names)}
    for fewer, more in suggested(*names).items():
        assert order[more] < order[fewer]
