"""What the jobs of cities read: built-in cities, and the registers that people hand in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from api.operations.errors import CityKeyUnknownError
from data.model import CityData, Progress
from data.service import store_register
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.database import Database, WritingUnitOfWork
from gis.errors import NotFoundError
from gis.provision import open_as_owner
from gis.settings import Settings

if TYPE_CHECKING:
    from data.registers.result import ImportResult
    from gis.intake.take import IntakeOptions


class BuiltInCityKeyUnknownError(NotFoundError):
    """There is no built-in city of this name."""

    code = "built_in_city_unknown"

    def __init__(self, name: str, known: str) -> None:
        super().__init__(f"There is no built-in city '{name}'; there is: {known}.")


def _quiet(_step: str, _share: float) -> None:
    """Report progress to nobody."""


def _whole(database: Database) -> AbstractContextManager[WritingUnitOfWork]:
    """Open a transaction of the system."""
    return database.unit_of_work(SYSTEM)


def city_id_of(database: Database, key: str) -> int:
    """Return the city of a key, or raise `CityKeyUnknownError`."""
    with database.read(SYSTEM) as uow:
        cities = {row.key: row.city_id for row in list_cities(uow.session)}
    if key not in cities:
        raise CityKeyUnknownError(key, sorted(cities))
    return cities[key]


def read_sample(name: str) -> CityData:
    """Return an embedded city."""
    match name:
        case "coquimbo":
            from data.coquimbo.city import coquimbo

            return coquimbo()
        case "tainan":
            from data.tainan.city import tainan

            return tainan()
    raise BuiltInCityKeyUnknownError(name, "--sample coquimbo, --sample tainan")


def read_model(name: str, *, seed: int, progress: Progress = _quiet) -> CityData:
    """Return the generated metropolis."""
    if name != "shenzhen":
        raise BuiltInCityKeyUnknownError(name, "--model shenzhen")
    from data.shenzhen.city import shenzhen

    return shenzhen(seed=seed, progress=progress)


def import_file(
    settings: Settings,
    city_key: str,
    kind: str,
    file: Path,
    *,
    datum: str,
    source: str,
    reject_file: Path,
    options: "IntakeOptions",
    dry_run: bool = False,
    whole: bool = False,
    effect: Callable[[Database], AbstractContextManager[WritingUnitOfWork]] = _whole,
) -> "ImportResult":
    """Import one register file, or only say what would happen to it; write its rejects.

    A `whole` register of facilities ends those it no longer holds, unless a row was refused: that
    one may be the one missed. `effect` opens the transaction in which the good rows are stored.
    """
    from data.registers.importers import read_register
    from data.repository import city_outline, district_outlines
    from gis.datum import Datum
    from gis.intake.take import write_rejects

    database: Database = open_as_owner(settings)
    try:
        city_id = city_id_of(database, city_key)
        with database.read(SYSTEM) as uow:
            extent = city_outline(uow.session, city_id)
            districts = district_outlines(uow.session, city_id)
        result = read_register(
            file, kind=kind, datum=Datum(datum), city_extent=extent, districts=districts,
            source=source, options=options,
        )  # fmt: skip
        if len(result.good) and not dry_run:
            with effect(database) as uow:
                store_register(
                    uow, result.good, kind=kind, city_id=city_id, source=source,
                    whole=whole and not len(result.rejects),
                )  # fmt: skip
        if len(result.rejects):
            write_rejects(result.rejects, reject_file)
        return result
    finally:
        database.close()
