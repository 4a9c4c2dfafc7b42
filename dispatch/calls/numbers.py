"""One spelling of a telephone number, so that its keyed hash is the same however it was given."""

import re

COUNTRY_CODES = ("86", "56")
"""Codes of the countries whose numbers are also given without: China, Chile."""

LONGEST_NATIONAL = 11
SHORTEST = 3
PURPOSE = "callers"
"""The pseudonyms' purpose: nobody can go from it to those of another."""


def one_spelling(number: str | None) -> str | None:
    """Return the digits of a number without the country's code and the trunk's zero.

    None where nothing is left to tell one caller from another: withheld, or two digits.
    """
    if number is None:
        return None
    digits = "".join(sign for sign in re.sub(r"\D", "", number) if sign.isascii())
    digits = digits.removeprefix("00")
    for code in COUNTRY_CODES:
        if digits.startswith(code) and len(digits) - len(code) >= LONGEST_NATIONAL - 2:
            digits = digits.removeprefix(code)
            break
    digits = digits.lstrip("0")[-LONGEST_NATIONAL:]
    return digits if len(digits) >= SHORTEST else None
