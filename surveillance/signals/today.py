"""The page of a morning: what the newest run found, what is still open, who may see how much."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.rows import AnyRow
from gis.words import Words, alike
from surveillance.counting import repository_counts
from surveillance.counting.frame import missing_reports
from surveillance.counting.model import DATE_BASIS_WORDS, DateBasis
from surveillance.counting.repository import area_words
from surveillance.counting.repository_counts import frame_rows
from surveillance.detect.model import OUTCOME_WORDS, Outcome
from surveillance.detect.registry import DETECTORS
from surveillance.permissions import CASES_READ
from surveillance.series.keys import ALL_DISEASES
from surveillance.signals import repository
from surveillance.signals.calls import CALLS
from surveillance.signals.errors import ReporterUnknownError
from surveillance.signals.institutions import LEAD, LEAD_WORDS
from surveillance.signals.model import IN_CITY, Kind
from surveillance.signals.naming import group_of, named
from surveillance.signals.views import (
    MissingView,
    OpinionView,
    ReporterEnded,
    RunView,
    SeriesView,
    SignalView,
    TodayView,
)

RECENT_DAYS = 60
"""Of the small picture of a signal."""
OUTLINE = Words(
    en="{group} is more frequent than usual in {place}. Numbers are for disease control there.",
    zh="{place}{group}高于平常水平。具体数字仅供当地疾控查看。",
)

LEADS: Mapping[str, Words] = {
    **{name: member.words for name, member in DETECTORS.items()}, LEAD: LEAD_WORDS,
}  # fmt: skip
"""Who can raise a signal: a detector, or a rule."""
Recent = Mapping[tuple[str, str | None, str], SeriesView]


def today(uow: UnitOfWork, city_id: int) -> TodayView:
    """Return the newest run of a city and its open signals.

    Who reads cases sees numbers in the areas that the right reaches; everybody else a signal's
    group and district.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    judged = repository.judged_cities(uow.session)
    run = repository.newest_run(uow.session, city_id)
    reads = uow.identity.holds_any([CASES_READ])
    opened = repository.open_signals(uow.session, city_id) if reads else []
    calls = signal_views(
        uow, city_id, DateBasis.ENTRY.value, [row for row in opened if row.kind == Kind.CALLS]
    )
    if run is None:
        return TodayView(
            city_id=city_id, run=None, judged=judged, basis=None, signals=[], earlier=[], kept=[],
            missing=[], calls=calls, drops=[], budget=None,
        )  # fmt: skip
    if not reads:
        return _outlines(uow, run, judged)
    drops = [row for row in opened if row.kind == Kind.DROP]
    rows = [row for row in opened if row.kind not in {Kind.CALLS, Kind.DROP}]
    views = signal_views(uow, city_id, run.date_basis, rows)
    found = [view for view in views if view.last_on == run.day]
    return TodayView(
        city_id=city_id,
        run=run,
        judged=judged,
        basis=DATE_BASIS_WORDS[DateBasis(run.date_basis)],
        signals=[view for view in found if view.told],
        earlier=[view for view in views if view.last_on < run.day and view.told],
        kept=[view for view in found if not view.told],
        missing=missing_views(uow, city_id, run.day),
        calls=calls,
        drops=signal_views(uow, city_id, run.date_basis, drops),
        budget=repository.newest_budget(uow.session, city_id),
    )


def missing_views(uow: UnitOfWork, city_id: int, day: date) -> list[MissingView]:
    """Return whose reports should have come by the end of a day and are not there."""
    missing = missing_reports(frame_rows(uow.session, city_id), day=day)
    places = area_words(
        uow.session, city_id, {one.frame.area_code for one in missing if one.frame.area_code}
    )
    return [
        MissingView(
            frame_id=one.frame.frame_id, source=one.frame.source,
            place=_place(one.frame.area_code, places), rhythm=one.frame.rhythm,
            periods=one.periods, reported_until=one.frame.reported_until,
        )
        for one in missing
    ]  # fmt: skip


def end_reporter(uow: WritingUnitOfWork, frame_id: int, until: date) -> ReporterEnded:
    """Say from which day on nobody waits for somebody's reports: they add nothing from then on.

    Raises
    ------
    ReporterUnknownError
    """
    if not repository_counts.end_reporter(uow.session, frame_id, until):
        raise ReporterUnknownError
    return ReporterEnded(frame_id=frame_id, until=until)


def judged_on(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the newest day that was judged."""
    run = repository.newest_run(uow.session, city_id)
    return None if run is None else run.day


def one_signal(uow: UnitOfWork, row: AnyRow) -> SignalView:
    """Return one signal as shown."""
    run = repository.newest_run(uow.session, row.city_id)
    basis = DateBasis.ENTRY.value if run is None else run.date_basis
    return signal_views(uow, row.city_id, basis, [row])[0]


def signal_views(
    uow: UnitOfWork, city_id: int, date_basis: str, rows: Sequence[AnyRow]
) -> list[SignalView]:
    """Return signals as shown, each with the last days of its series."""
    codes = {row.area_code for row in rows if row.area_code is not None}
    places = area_words(uow.session, city_id, codes)
    series = {
        (one.disease, one.area_code, one.age_group): one
        for one in repository.find_series(
            uow.session, city_id, diseases={row.disease for row in rows},
            date_basis=date_basis, age_groups={row.age_group for row in rows},
            last_days=RECENT_DAYS,
        )
    }  # fmt: skip
    return [_view(row, places, series) for row in rows]


def _view(row: AnyRow, places: Mapping[str, Words], series: Recent) -> SignalView:
    return SignalView(
        signal_id=row.signal_id,
        version=row.version,
        kind=row.kind,
        institution=row.institution,
        numbers=True,
        disease=None if row.kind == Kind.CALLS or row.disease == ALL_DISEASES else row.disease,
        disease_words=CALLS.filled(syndrome=named(row.kind, row.disease))
        if row.kind == Kind.CALLS
        else named(row.kind, row.disease),
        area_code=row.area_code,
        place=_place(row.area_code, places),
        age_group=row.age_group,
        state=row.state,
        state_at=row.state_at,
        state_by=row.state_by,
        note=row.note,
        raised_on=row.raised_on,
        last_on=row.last_on,
        newest_case_on=row.newest_case_on,
        cases_7=row.cases_7,
        lead=LEADS[row.lead],
        obliged=row.obliged,
        told=row.told,
        observed=row.observed,
        expected=row.expected,
        threshold=row.threshold,
        p_value=row.p_value,
        false_rate=row.false_rate,
        weight=row.weight,
        reason=Words.from_json(row.reason),
        opinions=[_opinion(one) for one in row.opinions],
        advised_until=row.advised_until,
        recent=_recent(row, series),
    )


def _recent(row: AnyRow, series: Recent) -> list[int | None]:
    if row.recent is not None:
        return list(row.recent)
    found = series.get((row.disease, row.area_code, row.age_group))
    return [] if found is None else found.cases


def _place(area_code: str | None, places: Mapping[str, Words]) -> Words:
    if area_code is None:
        return IN_CITY
    return places.get(area_code, alike(area_code))


def _opinion(one: Mapping[str, Any]) -> OpinionView:
    outcome = Outcome[str(one["outcome"]).upper()]
    return OpinionView(
        detector=one["detector"],
        words=DETECTORS[one["detector"]].words,
        alarm=one["alarm"],
        observed=one["observed"],
        expected=one["expected"],
        threshold=one["threshold"],
        p_value=one["p_value"],
        why_not=OUTCOME_WORDS.get(outcome),
    )


def outline_views(uow: UnitOfWork, city_id: int, day: date) -> list[SignalView]:
    """Return the open signals of a city as those see them who may see no number.

    day: whose law says what group a disease is of.
    """
    rows = repository.outlines(uow.session, city_id)
    places = area_words(
        uow.session, city_id, {row.area_code for row in rows if row.area_code is not None}
    )
    return _told_apart(rows, places, day)


def _outlines(uow: UnitOfWork, run: RunView, judged: list[int]) -> TodayView:
    """Return signals of the newest run as those see them who may see no number."""
    views = outline_views(uow, run.city_id, run.day)
    return TodayView(
        city_id=run.city_id,
        run=replace(
            run,
            unjudged={},
            alarms={},
            unplaced=0,
            undated=0,
            covered=[],
            threshold=None,
            signals=len(views),
            kept=0,
        ),
        judged=judged,
        basis=None,
        signals=[view for view in views if view.last_on == run.day],
        earlier=[view for view in views if view.last_on < run.day],
        kept=[],
        missing=[],
        calls=[],
        drops=[],
        budget=None,
    )


def _told_apart(
    rows: Collection[AnyRow], places: Mapping[str, Words], day: date
) -> list[SignalView]:
    """Return one outline a group and place: how many diseases or ages it were is not told."""
    views: dict[tuple[str, str | None], SignalView] = {}
    for row in rows:
        group = group_of(row.disease, day)
        place = _place(row.area_code, places)
        views.setdefault(
            (group.en, row.area_code),
            SignalView(
                signal_id=row.signal_id, version=0, kind=Kind.SERIES.value, institution=None,
                numbers=False, disease=None,
                disease_words=group, area_code=row.area_code, place=place, age_group=None,
                state="new", state_at=row.state_at, state_by=None, note=None,
                raised_on=row.raised_on, last_on=row.last_on, newest_case_on=None, cases_7=None,
                lead=None, obliged=False, told=True, observed=None, expected=None, threshold=None,
                p_value=None, false_rate=None, weight=None,
                reason=OUTLINE.filled(group=group, place=place), opinions=[], recent=[],
                advised_until=None,
            ),
        )  # fmt: skip
    return list(views.values())
