"""The medical emergency number of a place: by the country a position lies in, never by a guess.

A wrong number costs more than none: whoever's circle of uncertainty leaves the areas we hold, or
stands in a country that is not in the table, is told to call the number of the place.

The rows are what is generally known, not read off an official list: whoever runs an installation
confirms those of its countries before the page is made public. A country whose number differs from
region to region or for which the police answers first stands here only if every caller of the
number reaches an ambulance by it; others are left out, since neutral is right then.
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

    def name_in(self, language: str) -> str:
        """Return the country's name in a language of the pages for anybody."""
        return {"es": self.name_es, "zh": self.name.zh}.get(language, self.name.en)


_TABLE = (
    EmergencyNumber("CN", "120", Words(en="mainland China", zh="中国内地"), "China continental"),
    EmergencyNumber("HK", "999", Words(en="Hong Kong", zh="香港"), "Hong Kong"),
    EmergencyNumber("MO", "999", Words(en="Macao", zh="澳门"), "Macao"),
    EmergencyNumber("TW", "119", Words(en="Taiwan", zh="台湾"), "Taiwán"),
    EmergencyNumber("CL", "131", Words(en="Chile", zh="智利"), "Chile"),
    EmergencyNumber("AU", "000", Words(en="Australia", zh="澳大利亚"), "Australia"),
    EmergencyNumber("CA", "911", Words(en="Canada", zh="加拿大"), "Canadá"),
    EmergencyNumber("CH", "144", Words(en="Switzerland", zh="瑞士"), "Suiza"),
    EmergencyNumber("DE", "112", Words(en="Germany", zh="德国"), "Alemania"),
    EmergencyNumber("ES", "112", Words(en="Spain", zh="西班牙"), "España"),
    EmergencyNumber("FI", "112", Words(en="Finland", zh="芬兰"), "Finlandia"),
    EmergencyNumber("GB", "999", Words(en="United Kingdom", zh="英国"), "Reino Unido"),
    EmergencyNumber("JP", "119", Words(en="Japan", zh="日本"), "Japón"),
    EmergencyNumber("KR", "119", Words(en="South Korea", zh="韩国"), "Corea del Sur"),
    EmergencyNumber("LI", "144", Words(en="Liechtenstein", zh="列支敦士登"), "Liechtenstein"),
    EmergencyNumber("NZ", "111", Words(en="New Zealand", zh="新西兰"), "Nueva Zelanda"),
    EmergencyNumber("US", "911", Words(en="United States", zh="美国"), "Estados Unidos"),
)

EMERGENCY_NUMBERS: Mapping[str, EmergencyNumber] = {row.country: row for row in _TABLE}
"""Country → its number, in the order in which a page lists them."""


def number_of(country: str | None) -> str | None:
    """Return the number of a country; None where there is none in the table."""
    row = EMERGENCY_NUMBERS.get(country or "")
    return row.number if row else None
