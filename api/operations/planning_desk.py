"""What the command line does in planning: coverage of a city, and a file of recorded responses."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from api.http.answers import json_text
from api.operations.road_desk import road_desk
from gis.access import SYSTEM
from gis.intake.moments import TimeOptions
from gis.intake.take import IntakeOptions, take_in, write_rejects
from gis.kernels.seats import AnswerStandard
from gis.settings import Settings
from gis.standards import Setting
from planning.coverage.model import EVERYBODY
from planning.coverage.service import Asked, coverage
from planning.coverage.supposed import Suppositions
from planning.coverage.views import CoverageView, PlaceName
from planning.history.forecasting import By
from planning.history.reading import understand
from planning.history.service import calibration, call_centre, forecast, store
from planning.history.views import CalibrationView, CallCentreView, ForecastView
from planning.opportunities.service import MEANS, opportunities
from planning.opportunities.views import ReachView
from planning.recorded.measure import Measured, measure
from planning.recorded.model import SPANS, Responses
from planning.recorded.schema import RESPONSES
from routing.roads.model import Profile


def coverage_of(
    settings: Settings,
    city_key: str,
    *,
    closed: tuple[int, ...],
    busy: float | None,
    setting: str | None,
) -> CoverageView:
    """Return who is covered in a city now, as the system sees it."""
    with road_desk(settings, city_key) as desk:
        routing = desk.routing()
        with desk.database.read(SYSTEM) as uow, routing.at(uow, desk.city_id) as roads:
            asked = Asked(
                city_id=desk.city_id, at=uow.clock.now(), supposed=Suppositions(closed=closed),
                busy=busy, setting=None if setting is None else Setting(setting),
            )  # fmt: skip
            return coverage(uow, roads, asked)


def coverage_lines(view: CoverageView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    words = {one.code: one.words.en for one in view.standards}
    yield (
        f"{view.people:,} people, {view.stations} stations, {view.units_on_duty} of "
        f"{view.units} units on duty."
    )
    for one in view.shares:
        if one.part == "city" and one.group == EVERYBODY and one.known + one.unknown:
            times = {1: "once", 2: "twice"}[one.fold]
            yield (
                f"{words[one.standard]}, {times}, {one.unit_class or 'any class'}: "
                f"{_percent(one.share)} ({one.covered:,} of {one.known:,}; {one.unknown:,} unknown)"
            )
    for what in view.expected:
        yield (
            f"{words[what.standard]}, expected with units busy {what.busy:.0%} of their time: "
            f"{_percent(what.share)}"
        )
    for change in view.change:
        yield (
            f"{words[change.standard]}, {_called(change.district)}: {change.loses:,} people lose "
            f"it, {change.slower:,} wait a minute longer or more"
        )
    for row in view.compliance:
        met = {True: "met", False: "NOT met", None: "not known"}[row.met]
        number, of = (
            "?" if one is None else f"{one:,.0f}" for one in (row.numerator, row.denominator)
        )
        yield f"{_called(row.district)}: {words[row.standard]}: {met} ({number} of {of})"
    for worst in view.worst:
        minutes = "no way" if worst.seconds is None else f"{worst.seconds / 60:.1f} min"
        yield f"worst served: {_called(worst.place)}: {worst.people:,} people, {minutes}"
    for sentence in view.sentences:
        yield sentence.en


def opportunities_of(
    settings: Settings, city_key: str, *, limit_min: float | None, by: Profile
) -> ReachView:
    """Return what people of a city reach of its hospitals now, as the system sees it."""
    with road_desk(settings, city_key) as desk:
        routing = desk.routing()
        with desk.database.read(SYSTEM) as uow, routing.at(uow, desk.city_id) as roads:
            return opportunities(uow, roads, desk.city_id, limit_min=limit_min, by=by)


def opportunities_lines(view: ReachView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield (
        f"{view.people:,} people ({view.unknown:,} without a road near by), {view.measure} to "
        f"{view.limit_min:g} min {MEANS[Profile(view.by)].en}."
    )
    for kind in view.kinds:
        yield (
            f"{kind.words.en}: {_per_1000(kind.per_1000)}; {kind.supply:,.0f} in all, "
            f"{kind.unused:,.0f} of them out of reach; {kind.of_unknown} hospitals do not say"
        )
        if kind.gini is not None and kind.theil is not None:
            palma = "not defined" if kind.palma is None else f"{kind.palma:.2f}"
            yield f"  Gini {kind.gini:.3f}, Theil {kind.theil:.3f}, Palma {palma}"
        for one in kind.districts:
            yield (
                f"  {one.name_en or one.name or 'outside all districts'}: "
                f"{_per_1000(one.per_1000)}; {one.without:,} of {one.people:,} people reach none"
            )
    for sentence in view.sentences:
        yield sentence.en


def recorded_lines(
    file: Path,
    *,
    datum: str,
    time_zone: str,
    by: tuple[str, ...],
    mapping: Mapping[str, str],
    rejects: Path | None,
) -> Iterator[str]:
    """Yield how a file of responses was read, and every span of it by group."""
    options = IntakeOptions(datum=datum, mapping=mapping, time=TimeOptions(time_zone=time_zone))
    taken = take_in(file, RESPONSES, options)
    yield from taken.report.sentences()
    if rejects is not None:
        write_rejects(taken.rejects, rejects)
    responses = Responses.of(taken.table, time_zone=time_zone)
    for span in SPANS:
        for one in measure(responses, span, by=by, first_only=span == "response"):
            yield _measured(one, by)


def store_recorded(
    settings: Settings,
    city_key: str,
    file: Path,
    *,
    datum: str,
    source: str,
    time_zone: str,
    mapping: Mapping[str, str],
    rejects: Path | None,
) -> Iterator[str]:
    """Yield how a file of responses was read, and how many are kept as records of a city."""
    options = IntakeOptions(datum=datum, mapping=mapping, time=TimeOptions(time_zone=time_zone))
    with road_desk(settings, city_key) as desk, desk.database.unit_of_work(SYSTEM) as uow:
        taken = understand(uow, file, city_id=desk.city_id, options=options)
        stored = store(uow, taken, city_id=desk.city_id, source=source, datum=datum)
    yield from taken.report.sentences()
    if rejects is not None:
        write_rejects(taken.rejects, rejects)
    yield f"{stored:,} responses are kept as recorded by {source}."


def calibration_of(settings: Settings, city_key: str) -> CalibrationView:
    """Return modelled travel beside what was recorded of a city, as the system sees it."""
    with road_desk(settings, city_key) as desk:
        routing = desk.routing()
        with desk.database.read(SYSTEM) as uow, routing.at(uow, desk.city_id) as roads:
            return calibration(uow, roads, desk.city_id)


def calibration_lines(view: CalibrationView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield (
        f"{view.compared:,} of {view.responses:,} responses have a modelled time (no place "
        f"{view.left_out['no_place']:,}, station not known here "
        f"{view.left_out['station_unknown']:,}, no way {view.left_out['no_way']:,})."
    )
    for said, errors in (("as modelled", view.before), ("corrected", view.after)):
        yield (
            f"{said}: median error {errors.median_s:+.0f} s, half off by less than "
            f"{errors.median_abs_s:.0f} s, nine of ten by less than {errors.p90_abs_s:.0f} s "
            f"({errors.responses:,} responses of the half that judges)"
        )
    yield f"The correction {'helps' if view.helps else 'does not help, so it is not used'}."
    for what, groups in (
        ("district", view.districts), ("hour", view.hours), ("class", view.classes),
    ):  # fmt: skip
        for one in groups:
            factor = "" if one.factor is None else f", factor {one.factor:.2f}"
            yield (
                f"  {what} {one.group}: median error {one.median_s:+.0f} s, half under "
                f"{one.median_abs_s:.0f} s ({one.responses:,}{factor})"
            )
    yield view.words.en


def seats_of(
    settings: Settings, city_key: str, *, share: float, within_s: float, handling_s: float
) -> CallCentreView:
    """Return the seats of a city's call centre by hour of the week, as the system sees it."""
    with road_desk(settings, city_key) as desk, desk.database.read(SYSTEM) as uow:
        return call_centre(
            uow, desk.city_id, standard=AnswerStandard(share, within_s), handling_s=handling_s
        )


def seats_lines(view: CallCentreView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield (
        f"{view.share:.0%} answered within {view.within_s:g} s, a call keeps its seat for "
        f"{view.handling_s:g} s; {view.demand.calls:,} calls from {view.demand.first_at:%Y-%m-%d} "
        f"to {view.demand.last_at:%Y-%m-%d}."
    )
    for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        hours = view.week[24 * day : 24 * (day + 1)]
        yield f"{name} {' '.join(f'{one.needed:2d}' for one in hours)}"
    yield f"{view.seat_hours:,} seat-hours a week."
    for sentence in view.sentences:
        yield sentence.en


def forecast_of(
    settings: Settings, city_key: str, *, days: int, by: By, area_code: str | None
) -> ForecastView:
    """Return the calls expected in a city, as the system sees it."""
    with road_desk(settings, city_key) as desk, desk.database.read(SYSTEM) as uow:
        return forecast(uow, desk.city_id, days=days, by=by, area_code=area_code)


def forecast_lines(view: ForecastView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield f"{view.counted_days} days counted; shown: {view.model}, interval of {view.level:.0%}."
    for one in view.scores:
        yield (
            f"{one.model}: mean error {one.mae:.2f} calls, {one.held:.0%} within the interval, "
            f"interval score {one.interval_score:.1f}"
        )
    form = "%a %Y-%m-%d" if view.by == "day" else "%a %Y-%m-%d %H:%M"
    for step in view.steps:
        yield f"{step.at:{form}}  {step.calls:8.1f}  {step.low:.1f} to {step.high:.1f}"
    for sentence in view.sentences:
        yield sentence.en


def _measured(one: Measured, by: tuple[str, ...]) -> str:
    group = ", ".join(
        f"{name} {'not recorded' if value is None else value}"
        for name, value in zip(by, one.group, strict=True)
    )
    times = (
        "too few to say"
        if one.median_s is None or one.p90_s is None
        else f"median {one.median_s:.0f} s, P90 {one.p90_s:.0f} s"
    )
    return (
        f"{one.span}{f' ({group})' if group else ''}: {times}; {one.counted:,} counted, "
        f"{one.out_of_order:,} out of order, {one.missing:,} without it"
    )


def _called(place: PlaceName) -> str:
    return place.name_en or place.name or "outside all districts"


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"


def _per_1000(value: float | None) -> str:
    return "nobody lives there" if value is None else f"{value:.3g} for 1,000 people"
