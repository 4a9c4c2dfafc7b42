"""The medical emergency number of a place: by the country a position lies in, never by a guess.

A wrong number costs more than none: whoever's circle of uncertainty leaves the areas we hold, or
stands in a country that is not in the table, is told to call the number of the place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gis.words import Words


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """Whom to call for a medical emergency in one country or area (ISO 3166-1 alpha-2)."""

    country: str
    number: str
    name: Words
    name_es: str
    source: str

    def name_in(self, language: str) -> str:
        """Return the country's name in a language of the pages for anybody."""
        return {"es": self.name_es, "zh": self.name.zh}.get(language, self.name.en)


_TABLE = (
    EmergencyNumber(
        "CN", "120", Words(en="mainland China", zh="中国内地"), "China continental",
        "Measures for pre-hospital emergency care (2013)",
    ),
    EmergencyNumber("HK", "999", Words(en="Hong Kong", zh="香港"), "Hong Kong", "ITU-T E.129"),
    EmergencyNumber("MO", "999", Words(en="Macao", zh="澳门"), "Macao", "ITU-T E.129"),
    EmergencyNumber("TW", "119", Words(en="Taiwan", zh="台湾"), "Taiwán", "ITU-T E.129"),
    EmergencyNumber("CL", "131", Words(en="Chile", zh="智利"), "Chile", "Minsal, SAMU"),
    EmergencyNumber("CH", "144", Words(en="Switzerland", zh="瑞士"), "Suiza", "ITU-T E.129"),
    EmergencyNumber(
        "LI", "144", Words(en="Liechtenstein", zh="列支敦士登"), "Liechtenstein", "ITU-T E.129"
    ),
    EmergencyNumber(
        "DE", "112", Words(en="Germany", zh="德国"), "Alemania",
        "Directive (EU) 2018/1972, article 109",
    ),
    EmergencyNumber(
        "FI", "112", Words(en="Finland", zh="芬兰"), "Finlandia",
        "Directive (EU) 2018/1972, article 109",
    ),
    EmergencyNumber(
        "NZ", "111", Words(en="New Zealand", zh="新西兰"), "Nueva Zelanda", "ITU-T E.129"
    ),
)  # fmt: skip

EMERGENCY_NUMBERS: Mapping[str, EmergencyNumber] = {row.country: row for row in _TABLE}
"""Country → its number, in the order in which a page lists them."""


def number_of(country: str | None) -> str | None:
    """Return the number of a country; None where there is none in the table."""
    row = EMERGENCY_NUMBERS.get(country or "")
    return row.number if row else None
