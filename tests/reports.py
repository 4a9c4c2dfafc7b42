"""A report for tests: three districts, one nobody counted, names that try what they can."""

from datetime import UTC, date, datetime

import shapely

from gis.cities import CityRow
from gis.documents import Document, Mark, MarkClass, Marks
from gis.words import Words
from maps.reports.ground import AreaShape, Ground, RoadShape
from maps.resources.model import RESOURCES, CityResources, Count, District, Residents
from maps.resources.report import compose

AS_OF = datetime(2026, 5, 4, 8, 30, 15, 123456, tzinfo=UTC)
FORMULA = '=HYPERLINK("//evil","x")'
SCRIPT = "<script>alert(1)</script>"
LONG = "特别长的区名" * 20
CITY = CityRow(
    city_id=1, key="testburg", name="Testburg", name_zh="测试市", time_zone="Asia/Shanghai",
    modelled=False, attribution="© somebody, ODbL 1.0", network_version=1, west=114.0, south=22.5,
    east=114.3, north=22.6,
)  # fmt: skip


def counts(stations: int, hospitals: int, ambulances: int, aeds: int) -> dict[str, Count]:
    return {
        "stations": Count(stations, stations), "hospitals": Count(hospitals),
        "emergency_departments": Count(hospitals), "ambulances": Count(ambulances),
        "aeds": Count(aeds, aeds // 2),
    }  # fmt: skip


def people(persons: int, counted_on: date | None = date(2020, 11, 1)) -> Residents:
    return Residents(persons, counted_on, "census")


def district(
    code: str, name: str, residents: Residents | None, counted: dict[str, Count]
) -> District:
    return District(code, name, name, None, residents, counted)


NOTHING = dict.fromkeys(RESOURCES, Count())
FULL = CityResources(
    (
        district("440301", "东区", people(100_000), counts(2, 1, 10, 10)),
        district("440302", "西区", people(100_000), counts(1, 1, 2, 40)),
        district("440303", "南区", people(200_000), counts(3, 2, 20, 50)),
    ),
    NOTHING,
)
NASTY = CityResources(
    (
        district("440301", FORMULA, people(100_000), counts(2, 1, 10, 10)),
        district("440302", SCRIPT, people(100_000, None), counts(0, 0, 2, 40)),
        district("440303", LONG, None, counts(3, 2, 20, 50)),
    ),
    {**NOTHING, "aeds": Count(3)},
)
EMPTY = CityResources((), NOTHING)


def document(counted: CityResources = FULL, *, simulated: bool = False) -> Document:
    return compose(CITY, counted, as_of=AS_OF, simulated=simulated)


def ground(counted: CityResources = FULL) -> Ground:
    """What the document's map shows: districts side by side, a lake, a road, two marks."""
    station = MarkClass(Words(en="ambulance station", zh="急救站"), "#3f4a52", "S", hollow=False)
    return Ground(
        bounds=(114.0, 22.5, 114.3, 22.6),
        areas=tuple(
            AreaShape(
                one.code, Words(en=one.name, zh=one.name),
                shapely.box(114.0 + 0.1 * place, 22.5, 114.1 + 0.1 * place, 22.6),
                (114.05 + 0.1 * place, 22.55),
            )
            for place, one in enumerate(counted.districts)
        ),
        water=shapely.MultiPolygon([shapely.box(114.02, 22.51, 114.04, 22.53)]),
        roads=(RoadShape("trunk", shapely.LineString([(114.0, 22.54), (114.3, 22.56)])),),
        marks=(
            Marks(
                "stations", Words(en="Ambulance stations", zh="急救站"), (station,),
                (
                    Mark(114.06, 22.55, Words(en="Station 1", zh="一号站"), 0, modelled=False),
                    Mark(114.16, 22.55, Words(en=SCRIPT, zh=SCRIPT), 0, modelled=True),
                ),
            ),
        ),
    )  # fmt: skip
