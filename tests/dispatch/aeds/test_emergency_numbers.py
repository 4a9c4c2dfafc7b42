"""The numbers themselves, that nothing is said where none is known, and an installation's own."""

import pytest

from dispatch.aeds.emergency_numbers import BUILT_IN, load_numbers, read_numbers
from dispatch.aeds.errors import InvalidEmergencyNumbersError

KNOWN = {
    "AU": "000", "CA": "911", "CH": "144", "CL": "131", "CN": "120", "DE": "112", "ES": "112",
    "FI": "112", "GB": "999", "HK": "999", "JP": "119", "KR": "119", "LI": "144", "MO": "999",
    "NZ": "111", "TW": "119", "US": "911",
}  # fmt: skip
"""Written down a second time: a slip of a finger in one of the two is found."""
ARGENTINA = {
    "country": "AR", "number": "107", "source": "a statute, read 2026-11-30",
    "name": {"en": "Argentina", "zh": "阿根廷", "es": "Argentina"},
    "time_zones": ["America/Argentina/Buenos_Aires"],
}  # fmt: skip


def test_the_table_is_what_it_was_checked_to_be():
    assert {country: row.number for country, row in BUILT_IN.rows.items()} == KNOWN


@pytest.mark.parametrize("time_zone", ["", "Asia/Kolkata", "America/New_York", "UTC"])
def test_where_no_country_is_known_for_sure_it_is_neutral(time_zone):
    assert BUILT_IN.of_time_zone(time_zone) is None


def test_an_installation_adds_overrides_and_silences(tmp_path):
    path = tmp_path / "numbers.yaml"
    path.write_text(
        """
- {country: US, number: "911", source: "city contract, 2026-11-30", time_zones: [America/New_York]}
- {country: CL, number: "132", source: "a test, 2026-11-30"}
- {country: CN, number: null, source: "to be confirmed"}
""",
        encoding="utf-8",
    )
    numbers = load_numbers(path)
    assert numbers.of_time_zone("America/New_York") == "911"
    assert numbers.of_time_zone("America/Santiago") == "132"
    assert numbers.of_time_zone("Asia/Shanghai") is None
    assert {row.country for row in numbers.said()} == KNOWN.keys() - {"CN"}
    assert numbers.rows["CL"].source == "a test, 2026-11-30"
    assert numbers.rows["DE"] == BUILT_IN.rows["DE"]
    assert read_numbers([ARGENTINA]).of_time_zone("America/Argentina/Buenos_Aires") == "107"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "a list of rows"),
        ([{"number": "107"}], "two capital letters"),
        ([ARGENTINA | {"number": 107}], "in quotes"),
        ([ARGENTINA | {"number": "1o7"}], "digits"),
        ([{key: value for key, value in ARGENTINA.items() if key != "number"}], "`number`"),
        ([ARGENTINA | {"source": " "}], "`source`"),
        ([ARGENTINA | {"name": {"en": "Argentina"}}], "en, zh and es"),
        ([ARGENTINA | {"time_zones": ["Buenos Aires"]}], "America/Santiago"),
        ([ARGENTINA | {"zone": "x"}], "zone is not known"),
        ([ARGENTINA, ARGENTINA], "twice"),
        ([ARGENTINA, ARGENTINA | {"country": "UY"}], "is named for AR and for UY"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_a_sentence(content, says):
    with pytest.raises(InvalidEmergencyNumbersError, match=says):
        read_numbers(content)


def test_a_file_that_is_not_there_stops_the_start(tmp_path):
    with pytest.raises(InvalidEmergencyNumbersError, match=r"none\.yaml"):
        load_numbers(tmp_path / "none.yaml")
