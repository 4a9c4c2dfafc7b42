"""The numbers themselves, and that nothing is said of a country that is not in the table."""

import pytest

from dispatch.aeds.emergency_numbers import EMERGENCY_NUMBERS, number_of

KNOWN = {
    "AU": "000", "CA": "911", "CH": "144", "CL": "131", "CN": "120", "DE": "112", "ES": "112",
    "FI": "112", "GB": "999", "HK": "999", "JP": "119", "KR": "119", "LI": "144", "MO": "999",
    "NZ": "111", "TW": "119", "US": "911",
}  # fmt: skip
"""Written down a second time: a slip of a finger in one of the two is found."""


def test_the_table_is_what_it_was_checked_to_be():
    assert {country: row.number for country, row in EMERGENCY_NUMBERS.items()} == KNOWN


@pytest.mark.parametrize("country", [None, "", "IN", "XX"])
def test_a_country_that_is_not_in_it_is_neutral(country):
    assert number_of(country) is None
