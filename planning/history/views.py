"""What is shown of recorded calls and responses: dataclasses whose fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime

from gis.words import Words


@dataclass(frozen=True, slots=True)
class SpanView:
    """One span of the responses of one group; None with too few to say.

    group : one value for each of `by`; None: not recorded
    """

    span: str
    group: tuple[str | None, ...]
    counted: int
    out_of_order: int
    missing: int
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class RecordedView:
    """Spans of all recorded responses of a city, the largest groups first."""

    city_id: int
    sources: tuple[str, ...]
    responses: int
    calls: int
    first_at: datetime | None
    last_at: datetime | None
    by: tuple[str, ...]
    spans: tuple[SpanView, ...]


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """Modelled less recorded seconds: signed median, and within which half and nine tenths lie."""

    group: str | None
    responses: int
    median_s: float
    median_abs_s: float
    p90_abs_s: float
    factor: float | None


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """Modelled travel beside recorded: in the half that judges, without and with the correction.

    compared : responses with both times; `left_out` by reason: station that is not known here, no
    place, no way, no travel recorded
    """

    city_id: int
    sources: tuple[str, ...]
    responses: int
    compared: int
    left_out: dict[str, int]
    before: ErrorsView
    after: ErrorsView
    helps: bool
    districts: tuple[ErrorsView, ...]
    hours: tuple[ErrorsView, ...]
    classes: tuple[ErrorsView, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class HourOfWeekView:
    """Calls an hour in one hour of the week (0 is Monday 0:00, local), with their interval."""

    hour_of_week: int
    calls_an_hour: float
    low: float
    high: float
    hours: int


@dataclass(frozen=True, slots=True)
class DemandView:
    """Calls by hour of the week; `source` `recorded` or `own`: the incidents taken here."""

    city_id: int
    source: str
    calls: int
    first_at: datetime
    last_at: datetime
    week: tuple[HourOfWeekView, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class SeatsView:
    """Seats of the call centre in one hour of the week.

    needed : for the calls that are usual then; cautious : for as many as the interval holds
    answered : share of calls in time by `needed` seats
    """

    hour_of_week: int
    calls_an_hour: float
    needed: int
    cautious: int
    answered: float


@dataclass(frozen=True, slots=True)
class CallCentreView:
    """Seats by hour of the week for a standard of answering (Erlang C)."""

    city_id: int
    share: float
    within_s: float
    handling_s: float
    demand: DemandView
    week: tuple[SeatsView, ...]
    seat_hours: int
    sentences: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class ScoreView:
    """How a model did from earlier origins: mean absolute error, share of counts in its interval.

    width : of the interval, in the mean; interval_score : the less, the better
    """

    model: str
    mae: float
    held: float
    width: float
    interval_score: float


@dataclass(frozen=True, slots=True)
class ForecastStepView:
    """Calls expected in a day or hour that begins `at`, and the interval."""

    at: datetime
    calls: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ForecastView:
    """Calls of the days after the last whole one that was counted.

    source : as of `DemandView`; model : that which is shown, `seasonal_naive` where none was better
    level : share of counts that the interval is to hold
    """

    city_id: int
    area_code: str | None
    source: str
    by: str
    counted_days: int
    model: str
    beats_naive: bool
    level: float
    scores: tuple[ScoreView, ...]
    steps: tuple[ForecastStepView, ...]
    sentences: tuple[Words, ...]
