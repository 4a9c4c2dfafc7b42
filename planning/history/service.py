"""Use cases of recorded calls and responses: taken in, measured, compared, by hour of the week."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.intake.model import Intake
from gis.jurisdiction import reach_of
from gis.kernels.seats import AnswerStandard, seats_by_hour
from gis.week import hour_of_week
from gis.words import Words
from planning.demand.forecast import TRAINED_DAYS, choose
from planning.demand.week import WEEK_H, WeeklyRates, weekly_rates
from planning.history import repository
from planning.history.errors import NothingRecordedError
from planning.history.forecasting import By, scores_of, series_of, steps_of, words_of
from planning.history.names import by_name, folded
from planning.history.views import (
    CalibrationView,
    CallCentreView,
    DemandView,
    ErrorsView,
    ForecastView,
    HourOfWeekView,
    RecordedView,
    SeatsView,
    SpanView,
)
from planning.permissions import ACCESS_READ
from planning.recorded.calibrate import (
    FEWEST,
    Calibration,
    Errors,
    calibrate,
    errors_of,
)
from planning.recorded.errors import TooFewRecordsError
from planning.recorded.measure import measure
from planning.recorded.model import SPANS, Responses
from planning.recorded.schema import ORDER
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile

if TYPE_CHECKING:
    import pandas as pd

PROFILE = Profile.AMBULANCE_LIGHTS
OWN_DAYS = 91
DECIMALS = 3
"""Places are kept to a thousandth of a degree, about 100 m: enough for minutes, too coarse for a
door."""


def store(
    uow: WritingUnitOfWork, taken: Intake, *, city_id: int, source: str, datum: str
) -> int:  # fmt: skip
    """Store the responses of a file whole, places to about 100 m; return how many."""
    rows = _rows(uow, taken, city_id=city_id, datum=datum)
    if rows:
        repository.put(
            uow.session, city_id, rows, source=source, at=uow.clock.now(), by=uow.identity.label
        )
    return len(rows)


def recorded(uow: UnitOfWork, city_id: int, *, by: Sequence[str] = ()) -> RecordedView:
    """Return every span of all recorded responses by group; response by the first unit there.

    Raises
    ------
    NothingRecordedError
        Nothing is stored of the city.
    RecordedInputError
        Responses are not parted by such a thing.
    """
    responses, frame = _responses(uow, city_id, reach=reach_of(uow.identity, ACCESS_READ))
    said = repository.stamp(uow.session, city_id)
    spans = [
        SpanView(
            one.span, tuple(None if value is None else str(value) for value in one.group),
            one.counted, one.out_of_order, one.missing, _rounded(one.median_s),
            _rounded(one.p90_s),
        )
        for span in SPANS
        for one in measure(responses, span, by=by, first_only=span == "response")
    ]  # fmt: skip
    return RecordedView(
        city_id, tuple(said.sources or ()), len(responses), len(set(responses.call.tolist())),
        frame["received_at"].min().to_pydatetime(), frame["received_at"].max().to_pydatetime(),
        tuple(by), tuple(spans),
    )  # fmt: skip


def calibration(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> CalibrationView:
    """Return modelled travel from each unit's station beside what was recorded.

    Raises
    ------
    NothingRecordedError
        Nothing is stored of the city.
    TooFewRecordsError
        Too few responses name a station of the city and have a place and a travel time.
    """
    responses, frame = _responses(uow, city_id, reach=reach_of(uow.identity, ACCESS_READ))
    modelled, left_out = _modelled(uow, roads, frame, city_id)
    found = calibrate(responses, modelled, group=responses.district)
    model_s = np.array([
        modelled.get(name, np.nan)
        for name in zip(responses.call.tolist(), responses.unit.tolist(), strict=True)
    ])  # fmt: skip
    recorded_s = responses.span_s("travel")

    def parted(group: Any) -> tuple[ErrorsView, ...]:
        return tuple(
            _errors(errors, name) for name, errors in errors_of(
                found.corrected(model_s, responses.district), recorded_s, group
            ).items()
        )  # fmt: skip

    return CalibrationView(
        city_id=city_id,
        sources=tuple(repository.stamp(uow.session, city_id).sources or ()),
        responses=len(responses),
        compared=len(modelled),
        left_out=dict(left_out),
        before=_errors(found.before),
        after=_errors(found.after, factor=found.overall),
        helps=found.helps,
        districts=tuple(
            _errors(errors, name, factor=found.factor.get(name))
            for name, errors in found.by_group.items()
        ),
        hours=parted([f"{hour:02d}" for hour in responses.hour.tolist()]),
        classes=parted(responses.unit_class),
        words=found.words,
    )


def correction(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> Calibration | None:
    """Return the correction by district that recorded responses give; None: too few are stored.

    Worked out once for the roads in force and what is stored.
    """
    said = repository.stamp(uow.session, city_id)
    if said.responses < FEWEST or not roads.has(PROFILE):
        return None

    def make() -> Calibration | None:
        responses, frame = _responses(uow, city_id, reach=None)
        modelled, _ = _modelled(uow, roads, frame, city_id)
        try:
            return calibrate(responses, modelled, group=responses.district)
        except TooFewRecordsError:
            return None

    return roads.kept(("recorded", said.responses, said.taken_in_at), make)


def demand(uow: UnitOfWork, city_id: int) -> DemandView:
    """Return calls by hour of the week: of what was recorded, else of the incidents taken here.

    Raises
    ------
    NothingRecordedError
        Neither covers a whole week.
    """
    city, reach = require_city(uow, city_id), reach_of(uow.identity, ACCESS_READ)
    source, hours = "recorded", repository.calls_by_hour(uow.session, city_id, reach=reach)
    if not hours:
        since = uow.clock.now() - timedelta(days=OWN_DAYS)
        source = "own"
        hours = repository.own_calls_by_hour(uow.session, city_id, since=since, reach=reach)
    if not hours or hours[-1][0] - hours[0][0] < timedelta(hours=WEEK_H - 1):
        raise NothingRecordedError(
            "No whole week of calls is recorded of this city. Import calls and responses "
            "(goldenhour plan recorded --store), or wait until a week of calls was taken here."
        )
    first, last = hours[0][0], hours[-1][0]
    rates = _rates(hours, first=first, last=last, time_zone=city.time_zone)
    return DemandView(
        city_id, source, sum(calls for _, calls in hours), first, last,
        tuple(
            HourOfWeekView(
                hour, round(float(rates.rate[hour]), 4), round(float(rates.low[hour]), 4),
                round(float(rates.high[hour]), 4), int(rates.hours[hour]),
            )
            for hour in range(WEEK_H)
        ), _DEMAND[source],
    )  # fmt: skip


def forecast(
    uow: UnitOfWork, city_id: int, *, days: int, by: By = "day", area_code: str | None = None
) -> ForecastView:
    """Return the calls expected in the days after the last whole one, of the city or of an area.

    Of what was recorded, else of the incidents taken here. A model is shown only if it beat last
    week's counts by its error and by its interval.

    Raises
    ------
    DemandInputError
        There are too few weeks of counts.
    NothingRecordedError
        The area is none that the viewer's right reaches.
    """
    city, reach = require_city(uow, city_id), reach_of(uow.identity, ACCESS_READ)
    if area_code is not None:
        if not repository.lies_within(uow.session, area_code, reach):
            raise NothingRecordedError(f"No calls are told of the area “{area_code}”.")
        reach = (area_code,)
    source, hours = "recorded", repository.calls_by_hour(uow.session, city_id, reach=reach)
    if not hours:
        since = uow.clock.now() - timedelta(days=TRAINED_DAYS)
        source = "own"
        hours = repository.own_calls_by_hour(uow.session, city_id, since=since, reach=reach)
    series = series_of(hours, by=by, time_zone=city.time_zone)
    chosen = choose(series, days=days)
    return ForecastView(
        city_id, area_code, source, by, series.days, chosen.shown.model, chosen.beats_naive,
        chosen.shown.level, scores_of(chosen),
        steps_of(chosen, series, until=hours[-1][0], time_zone=city.time_zone),
        (words_of(chosen), _DEMAND[source]),
    )  # fmt: skip


def call_centre(
    uow: UnitOfWork, city_id: int, *, standard: AnswerStandard, handling_s: float
) -> CallCentreView:
    """Return the seats of the call centre by hour of the week for a standard of answering.

    Raises
    ------
    NothingRecordedError
        As `demand`.
    SeatsInputError
        A call takes no time.
    """
    found = demand(uow, city_id)
    usual, high = (
        np.array([getattr(one, name) for one in found.week]) for name in ("calls_an_hour", "high")
    )
    needed, cautious = (
        seats_by_hour(one, mean_handling_s=handling_s, standard=standard) for one in (usual, high)
    )
    week = tuple(
        SeatsView(
            one.hour_of_week,
            one.calls_an_hour,
            int(needed.needed[at]),
            int(cautious.needed[at]),
            round(float(needed.answered[at]), 4),
        )
        for at, one in enumerate(found.week)
    )
    return CallCentreView(
        city_id, standard.share, standard.within_s, handling_s, found, week,
        int(needed.needed.sum()), (found.words, *_SEATS),
    )  # fmt: skip


_DEMAND = {
    "recorded": Words(
        en="Calls are those of the imported records, each once however many units went.",
        zh="呼叫数来自导入的历史记录，每次呼叫计一次。",
    ),
    "own": Words(
        en="Calls are the incidents taken here; calls that led to none are not counted.",
        zh="呼叫数为本系统受理的事件，未形成事件的来电不计。",
    ),
}
_SEATS = (
    Words(
        en="Each hour stands by itself, nobody hangs up, and calls do not come in clumps: an "
        "accident with many callers needs more.",
        zh="各小时独立计算，假定无人挂断且来电不集中；多人来电的事故需要更多席位。",
    ),
    Words(
        en="Calls that are no emergencies keep seats busy too: add those your switch counts.",
        zh="非急救来电同样占用席位，请按话务系统统计另行加入。",
    ),
)


def _rows(
    uow: UnitOfWork, taken: Intake, *, city_id: int, datum: str
) -> list[dict[str, Any]]:  # fmt: skip
    table = taken.table
    lonlat = np.round(np.column_stack([taken.lon, taken.lat]), DECIMALS)
    placed = np.isfinite(taken.lon) & np.isfinite(taken.lat)
    at = np.flatnonzero(placed)
    codes = repository.areas_at(
        uow.session, city_id, [(lon, lat) for lon, lat in lonlat[at].tolist()]
    )
    area = {int(at[row]): code for row, code in codes.items()}
    names = ("determinant", "priority", "unit_class", "district", "station")
    rows: list[dict[str, Any]] = []
    for row, one in enumerate(table.to_dict("records")):
        here = bool(placed[row])
        rows.append(
            {"call_ref": one["call"], "unit_ref": one["unit"]}
            | {name: _given(one[name]) for name in (*ORDER, *names)}
            | {
                "lon": float(lonlat[row, 0]) if here else None,
                "lat": float(lonlat[row, 1]) if here else None,
                "declared_datum": datum if here else None, "area_code": area.get(row),
            }
        )  # fmt: skip
    return rows


def _given(value: Any) -> Any:
    """Return a cell as the database takes it: NULL for what pandas calls missing."""
    import pandas as pd

    return None if pd.isna(value) else value


def _rates(
    hours: Sequence[tuple[datetime, int]], *, first: datetime, last: datetime, time_zone: str
) -> WeeklyRates:
    """Return the rates of the hours between the first and the last with a call; others had none.

    Hours of the week follow one another in UTC from the first on: where clocks are changed, half of
    the year stands an hour beside the other.
    """
    calls = np.zeros((last - first) // timedelta(hours=1) + 1)
    for at, count in hours:
        calls[(at - first) // timedelta(hours=1)] = count
    return weekly_rates(calls, first_hour_of_week=hour_of_week(first, time_zone=time_zone))


def _modelled(
    uow: UnitOfWork, roads: PinnedRoads, frame: "pd.DataFrame", city_id: int
) -> tuple[dict[tuple[str, str], float], Counter[str]]:
    """Return seconds by road from its station to its call, by call and unit; and what has none."""
    stations = repository.stations(uow.session, city_id)
    row_of = by_name([one.names for one in stations])
    start = np.array([row_of.get(folded(name), -1) for name in frame["station"]], np.int64)
    lonlat = frame[["lon", "lat"]].to_numpy(np.float64)
    placed = np.isfinite(lonlat).all(axis=1)
    seconds = np.full(len(frame), np.inf)
    for row in sorted(set(start[placed].tolist()) - {-1}):
        mine = np.flatnonzero(placed & (start == row))
        here = np.array([stations[row].lon, stations[row].lat])
        seconds[mine] = roads.times_from(here, lonlat[mine], profile=PROFILE).time_s
    reached = np.isfinite(seconds)
    left_out = Counter({
        "no_place": int((~placed).sum()), "station_unknown": int((placed & (start < 0)).sum()),
        "no_way": int((placed & (start >= 0) & ~reached).sum()),
    })  # fmt: skip
    names = zip(frame["call"].tolist(), frame["unit"].tolist(), strict=True)
    found = {
        name: float(time_s) for name, time_s, fine in zip(names, seconds, reached, strict=True)
        if fine
    }  # fmt: skip
    return found, left_out


def _errors(errors: Errors, group: str | None = None, *, factor: float | None = None) -> ErrorsView:
    return ErrorsView(
        group, errors.responses, round(errors.median_s, 1), round(errors.median_abs_s, 1),
        round(errors.p90_abs_s, 1), None if factor is None else round(factor, 4),
    )  # fmt: skip


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _responses(
    uow: UnitOfWork, city_id: int, *, reach: tuple[str, ...] | None
) -> tuple[Responses, "pd.DataFrame"]:
    frame = repository.read(uow.session, city_id, reach=reach)
    if frame.empty:
        raise NothingRecordedError(
            "No recorded responses of this city are stored. Import them: "
            "goldenhour plan recorded FILE --store."
        )
    return Responses.of(frame, time_zone=require_city(uow, city_id).time_zone), frame
