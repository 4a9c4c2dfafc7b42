"""Tainan's outbreak of 2015, day by day: what the demo shows to disease control."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from api.operations.made_reports import confirmed_reports
from data.service import store_city
from data.tainan.cases import dengue_cases
from data.tainan.city import KEY, tainan
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.database import Database
from gis.jobs.model import Queue
from gis.jobs.running import Run
from gis.jobs.service import defer
from gis.provision import open_as_owner
from gis.words import Words
from surveillance.cases.model import Reports
from surveillance.diseases.table import disease_table
from surveillance.signals.jobs import REPLAY
from surveillance.signals.replay import take_reports
from surveillance.signals.today import judged_on
from surveillance.signals.work import judge_city, rules_of

SOURCE = "Taiwan CDC"
FIRST_DAY, CAUGHT_UP, LAST_DAY = date(2015, 6, 15), date(2015, 7, 27), date(2016, 1, 31)
"""The first day that is judged; the day that is shown at first; the last."""
A_DAY_S = 90.0
"""Seconds of the demo for one day of the outbreak."""
REPORTED_AT = time(18)


def replay(run: Run) -> None:
    """Bring the city to the next day: at first many days at once, then one, and so on.

    Whenever this ends, what is there is whole: a day's reports come in once, then it is judged.
    """
    city_id = _city(run)
    with run.database.read(SYSTEM) as uow:
        judged = judged_on(uow, city_id)
    frame = dengue_cases()
    zone = ZoneInfo(tainan().time_zone)
    if judged is None:
        before = FIRST_DAY - timedelta(days=1)
        run.report(Words(en="earlier years", zh="往年病例"), 0.0)
        with run.database.unit_of_work(SYSTEM) as uow:
            take_reports(
                uow, city_id, source=SOURCE, file_name=f"until {before}.csv",
                reports=reports_of(frame[frame["confirmed"].dt.date <= before], zone),
                as_of=_end_of(before, zone),
            )  # fmt: skip
    day = FIRST_DAY if judged is None else judged + timedelta(days=1)
    until = max(CAUGHT_UP, day)
    days = (until - day).days + 1
    for number in range(days):
        now = day + timedelta(days=number)
        if now > LAST_DAY:
            return
        run.report(Words(en=f"replaying {now}", zh=f"回放{now}"), number, days)
        with run.database.unit_of_work(SYSTEM) as uow:
            take_reports(
                uow, city_id, source=SOURCE, file_name=f"{now}.csv",
                reports=reports_of(frame[frame["confirmed"].dt.date == now], zone),
                as_of=_end_of(now, zone),
            )  # fmt: skip
        judge_city(run.database, city_id, now, rules=rules_of(run.settings))
    with run.database.unit_of_work(SYSTEM) as uow:
        defer(
            uow, REPLAY, {"city_id": city_id}, key=REPLAY.name, queue=Queue.LIGHT,
            due_at=uow.clock.now() + timedelta(seconds=A_DAY_S),
        )  # fmt: skip


def _city(run: Run) -> int:
    """Return Tainan's id, loading it first where it is not there."""
    with run.database.read(SYSTEM) as uow:
        for city in list_cities(uow.session):
            if city.key == KEY:
                return city.city_id
    owner: Database = open_as_owner(run.settings)
    try:
        with owner.unit_of_work(SYSTEM) as uow:
            return store_city(uow, tainan()).city_id
    finally:
        owner.close()


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(seconds=1)


def reports_of(frame: pd.DataFrame, zone: ZoneInfo) -> Reports:
    """Return cases as reports: each known, and entered, from the day of its confirmation.

    Before that it was one of many suspects, whom the source does not list. The day of diagnosis is
    that of the notification. Children have no point.
    """
    table = disease_table()
    age = frame["age_from"].to_numpy(np.float64)
    sensitive = [table.sensitivity("dengue", years).value for years in age]
    area = frame["village"].where(frame["village"].notna(), frame["district"])
    places = [
        None if np.isnan(lon) or kept != "ordinary" else f"SRID=4326;POINT({lon} {lat})"
        for lon, lat, kept in zip(frame["lon"], frame["lat"], sensitive, strict=True)
    ]
    entered = _days(frame["confirmed"])
    # 18 h there is 10 h UTC; the zone has had no other offset since the first case.
    hours = REPORTED_AT.hour - _offset_h(zone)
    return confirmed_reports(
        keys=frame["key"].tolist(),
        diseases=["dengue"] * len(frame),
        sensitive=sensitive,
        areas=area.tolist(),
        sexes=frame["sex"].tolist(),
        age_years=age,
        days={
            "onset_on": _days(frame["onset"]), "diagnosed_on": _days(frame["notified"]),
            "entered_on": entered, "reviewed_on": entered,
        },
        known_at=np.asarray(entered + np.timedelta64(hours * 3600, "s"), "datetime64[us]"),
        places=places,
    )  # fmt: skip


def _days(column: "pd.Series[pd.Timestamp]") -> np.ndarray:
    days: np.ndarray = column.to_numpy("datetime64[us]")
    return days


def _offset_h(zone: ZoneInfo) -> int:
    offset = datetime.combine(FIRST_DAY, time(), zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 3600)
