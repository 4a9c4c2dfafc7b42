"""Simulated cases for a simulated city: drawn by its residents, stored as reports of one source."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from api.operations.errors import ResidentsUnknownError
from api.operations.made_reports import confirmed_reports
from gis.cities import require_city
from gis.database import WritingUnitOfWork
from gis.installation import refuse_simulation_in_live
from surveillance.counting.repository import area_residents
from surveillance.diseases.table import disease_table
from surveillance.signals.replay import take_reports
from surveillance.simulation.diseases import DISEASES
from surveillance.simulation.draw import choose_outbreaks, draw_cases, fresh_outbreaks

SOURCE = "simulation"


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was stored, and which outbreaks are in it."""

    cases: int
    outbreaks: tuple[str, ...]


def simulate_cases(
    uow: WritingUnitOfWork,
    city_id: int,
    *,
    until: date,
    years: int,
    a_year: float,
    seed: int,
    fresh: bool = False,
) -> Simulated:
    """Store `years` years of cases of a city up to the day before `until`; again, they change none.

    a_year: outbreaks a year. fresh: two more that began a few days before `until`. Areas are the
    finest of which residents are known; south of the equator seasons lie half a year later.

    Raises
    ------
    SimulationRefusedError
        The installation is a live one.
    ResidentsUnknownError
        Nobody is known to live in the city's areas.
    """
    refuse_simulation_in_live(uow)
    city = require_city(uow, city_id)
    residents = area_residents(uow.session, city_id)
    if not residents:
        raise ResidentsUnknownError(city.key)
    codes, first = list(residents), until - timedelta(days=round(365.25 * years))
    outbreaks = choose_outbreaks(
        len(codes), first=first, until=until, diseases=DISEASES, a_year=a_year, seed=seed
    )
    people = np.array([residents[code] for code in codes], dtype=np.float64)
    if fresh:
        outbreaks = (*outbreaks, *fresh_outbreaks(people, until=until))
    drawn = draw_cases(
        people, first=first, until=until,
        diseases=DISEASES, outbreaks=outbreaks, southern=(city.south + city.north) < 0, seed=seed,
    )  # fmt: skip
    reported = drawn.reported < np.datetime64(until, "D")
    table = disease_table()
    diseases = [drawn.diseases[number] for number in drawn.disease[reported]]
    age = drawn.age[reported].astype(np.float64)
    offset = datetime.combine(first, time(12), ZoneInfo(city.time_zone)).utcoffset() or timedelta()
    entered = drawn.reported[reported].astype("datetime64[us]")
    later = np.timedelta64(int((timedelta(hours=12) - offset).total_seconds()), "s")
    at_noon = np.asarray(entered + later, "datetime64[us]")
    take_reports(
        uow, city_id, source=SOURCE, file_name=f"seed {seed}, {first} to {until}",
        reports=confirmed_reports(
            keys=[f"S{seed}-{number}" for number in np.flatnonzero(reported)],
            diseases=diseases,
            sensitive=[
                table.sensitivity(code, years_old).value
                for code, years_old in zip(diseases, age, strict=True)
            ],
            areas=[codes[number] for number in drawn.area[reported]],
            sexes=np.where(drawn.female[reported], "female", "male").tolist(),
            age_years=age,
            days={
                "onset_on": drawn.onset[reported].astype("datetime64[us]"), "entered_on": entered,
            },
            known_at=at_noon,
        ),
        as_of=datetime.combine(until, time(), ZoneInfo(city.time_zone)) - timedelta(seconds=1),
    )  # fmt: skip
    return Simulated(
        int(reported.sum()),
        tuple(
            f"{one.starts_on} {one.disease} {codes[one.area]}: {one.cases} cases"
            for one in outbreaks
        ),
    )
