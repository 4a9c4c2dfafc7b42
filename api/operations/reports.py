"""Making a report from the command line: read once, then written beside one another."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from api.operations.errors import CityKeyUnknownError
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.provision import open_database
from gis.settings import Settings
from gis.words import Language
from maps.reports.errors import ReportFormatUnknownError, ReportUnknownError
from maps.reports.model import Format, file_name
from maps.reports.reading import read_report


def formats_named(names: str) -> tuple[Format, ...]:
    """Return formats named in one text, commas between them.

    Raises
    ------
    ReportFormatUnknownError
        One is no format.
    """
    known = {one.value: one for one in Format}
    asked = [name.strip() for name in names.split(",") if name.strip()]
    for name in asked:
        if name not in known:
            raise ReportFormatUnknownError(name, known)
    return tuple(known[name] for name in dict.fromkeys(asked)) or tuple(Format)


def write_report(
    settings: Settings,
    name: str,
    city_key: str,
    *,
    language: Language,
    formats: Sequence[Format],
    folder: Path,
    period: str | None = None,
    number: int | None = None,
    show: Callable[[str, float], None],
) -> list[Path]:
    """Write a report's files into `folder` and return them.

    Raises
    ------
    ReportUnknownError, CityKeyUnknownError
        There is none of that name.
    ReportHasNoPeriodError, ReportPeriodUnreadableError, ReportNumberError
    """
    show("reading", 0.0)
    with closing(open_database(settings)) as database, database.read(SYSTEM) as uow:
        report = uow.house.reports.get(name)
        if report is None:
            raise ReportUnknownError(name, uow.house.reports)
        cities = {city.key: city.city_id for city in list_cities(uow.session)}
        if city_key not in cities:
            raise CityKeyUnknownError(city_key, sorted(cities))
        found = read_report(uow, report, cities[city_key], period=period, number=number)
    from maps.reports.fonts import chinese_family, installed_families
    from maps.reports.rendering import render

    files = render(
        found.document, found.grounds, language=language, formats=formats,
        font=chinese_family(installed_families()),
        tell=lambda one: show(one, 0.2 + 0.7 * formats.index(one) / len(formats)),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one, content in files.items():
        path = folder / file_name(
            name, city_key, language, one, period=found.document.period
        )  # fmt: skip
        partial = path.with_suffix(path.suffix + ".partial")
        partial.write_bytes(content)
        partial.replace(path)
        written.append(path)
    return written
