"""Use cases of signals: a day is run and stored; staff acknowledge, explain or mute."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.concurrency import check_version
from gis.database import WritingUnitOfWork
from gis.events import NewEvent
from gis.identity_errors import MissingPermissionError
from gis.rows import AnyRow
from surveillance.counting.model import Counted, DateBasis
from surveillance.counting.repository import area_words
from surveillance.detect.budget import Budget
from surveillance.diseases.model import SHARING, Sensitive
from surveillance.diseases.table import disease_table
from surveillance.nowcast.estimate import Nowcast
from surveillance.permissions import SIGNALS_WORK
from surveillance.series.keys import ALL_AGES, ALL_DISEASES, WHOLE_CITY
from surveillance.signals import repository
from surveillance.signals.day import judge_parts
from surveillance.signals.errors import (
    AdvisoryRefusedError,
    RunOutOfOrderError,
    SignalNotFoundError,
)
from surveillance.signals.lifecycle import (
    QUIET_DAYS,
    Before,
    Change,
    State,
    check_decided,
    found_again,
    is_over,
)
from surveillance.signals.material import Material
from surveillance.signals.model import IN_CITY, DayRun, Kind, Opinion, Rules, Signal
from surveillance.signals.naming import LEAST_TOLD, told_as
from surveillance.signals.views import BudgetView, RunView

AGED_DAYS = 400
"""Of age groups so many days are kept; of all ages the whole history, for seasons beside it."""
NOWCAST_DAYS = 21
LEAST_SHARE = 0.15
"""Of a day of which less is reported by now a nowcast says nothing worth showing."""

_EVENTS = {
    Change.RAISED: "signal.raised",
    Change.WOKEN: "signal.woken",
}
_DECIDED = {
    State.ACKNOWLEDGED: "signal.acknowledged",
    State.EXPLAINED: "signal.explained",
    State.MUTED: "signal.muted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDay:
    """A day that was judged and is not stored: what it was judged by, and what came of it."""

    material: Material
    rules: Rules
    counted: Counted
    made: DayRun
    covered: list[dict[str, Any]]
    series: list[dict[str, Any]]


def judged_day(material: Material, day: date, *, rules: Rules) -> JudgedDay:
    """Judge a day. Takes seconds and no database: nobody waits for it in a transaction."""
    counted = material.counted(material.cases, day)
    return JudgedDay(
        material=material,
        rules=rules,
        counted=counted,
        made=judge_parts(material.looked_at(counted, day, rules=rules), rules, day=day),
        covered=[
            asdict(one)
            | {"since": one.since.isoformat(), "until": one.until and one.until.isoformat()}
            for one in material.covered(day)
        ],
        series=_series_rows(material, counted, day),
    )


def store_judged(uow: WritingUnitOfWork, judged: JudgedDay) -> RunView:
    """Store a judged day and what it makes of signals, and say so by events.

    Raises
    ------
    RunOutOfOrderError
        A later day was judged before.
    """
    material, made = judged.material, judged.made
    city_id = material.city.city_id
    repository.lock_city(uow.session, city_id)
    newest = repository.newest_run(uow.session, city_id)
    if newest is not None and newest.day > made.day:
        raise RunOutOfOrderError(made.day, newest.day)
    run = _run_view(uow, judged)
    repository.add_run(uow.session, _stored(run))
    apply_signals(
        uow,
        (*made.signals, *made.drops),
        kinds=(Kind.SERIES, Kind.INSTITUTION, Kind.DROP),
        found=Found(
            city_id=city_id, run_id=run.run_id, day=run.day, at=run.made_at, by=run.made_by
        ),
    )
    repository.replace_series(uow.session, city_id, judged.series)
    uow.emit(
        NewEvent(
            "surveillance_run", str(run.run_id), "surveillance_run.judged",
            {"day": run.day.isoformat()}, run.made_at, city_id=city_id,
        )
    )  # fmt: skip
    return run


def decide(
    uow: WritingUnitOfWork,
    signal_id: UUID,
    *,
    wanted: State,
    note: str | None,
    expected_version: int | None = None,
) -> AnyRow:
    """Acknowledge, explain or mute a signal; the same again changes nothing.

    Raises
    ------
    SignalNotFoundError, SignalEndedError, StaleVersionError
    """
    found = repository.find_signal(uow.session, signal_id, lock=True)
    if found is None:
        raise SignalNotFoundError(signal_id)
    check_version(expected_version, found.version)
    if check_decided(State(found.state), wanted) or note != found.note:
        repository.change_signal(
            uow.session, signal_id,
            {"state": wanted.value, "state_at": uow.clock.now(), "state_by": uow.identity.label,
             "note": note},
        )  # fmt: skip
        uow.emit(_event(uow, _DECIDED[wanted], found))
        found = repository.find_signal(uow.session, signal_id)
        if found is None:
            raise SignalNotFoundError(signal_id)
    return found


def advise(uow: WritingUnitOfWork, signal_id: UUID, *, days: int) -> AnyRow:
    """Advise dispatch of a signal for some days: what and where, never a count of ill people.

    Calls are told by syndrome, district and number (at least `LEAST_TOLD`), since dispatch took
    them; cases by disease and district from `LEAST_TOLD` on, below that by the group of the disease
    only. The same again takes the place of the earlier one.

    Raises
    ------
    SignalNotFoundError, SignalEndedError, AdvisoryRefusedError
    """
    found = repository.find_signal(uow.session, signal_id, lock=True)
    if found is None:
        raise SignalNotFoundError(signal_id)
    check_decided(State(found.state), State.ACKNOWLEDGED)
    if found.kind == Kind.DROP or not SHARING[Sensitive(found.sensitive)].advisories:
        raise AdvisoryRefusedError
    now = uow.clock.now()
    today = now.astimezone(ZoneInfo(require_city(uow, found.city_id).time_zone)).date()
    until = today + timedelta(days=days)
    district = repository.district_of(uow.session, found.city_id, found.area_code)
    place = IN_CITY
    if district is not None:
        place = area_words(uow.session, found.city_id, [district])[district]
    few = found.observed < LEAST_TOLD
    of_calls = found.kind == Kind.CALLS
    repository.change_signal(uow.session, signal_id, {"advised_until": until})
    uow.emit(
        NewEvent(
            "signal", str(signal_id), "signal.advised",
            {
                "what": told_as(found.kind, found.disease, today, few=few).as_json(),
                "place": place.as_json(),
                "cases": int(found.observed) if of_calls and not few else None,
                "since": found.raised_on.isoformat(), "until": until.isoformat(),
            },
            now, city_id=found.city_id, area_code=district,
        )
    )  # fmt: skip
    changed = repository.find_signal(uow.session, signal_id)
    if changed is None:
        raise SignalNotFoundError(signal_id)
    return changed


def _run_view(uow: WritingUnitOfWork, judged: JudgedDay) -> RunView:
    material, made, counted, rules = judged.material, judged.made, judged.counted, judged.rules
    told = sum(signal.told for signal in made.signals)
    return RunView(
        run_id=uow.ids.new(),
        city_id=material.city.city_id,
        day=made.day,
        as_of=material.as_of(made.day),
        date_basis=material.date_basis.value,
        area_level=material.level,
        alarms_a_day=rules.alarms_a_day,
        false_share=rules.false_share,
        least_cases=rules.least_cases,
        series=made.series,
        judged=made.judged,
        unjudged={outcome.name.lower(): count for outcome, count in made.unjudged.items()},
        alarms=made.alarms,
        expected_false=made.expected_false,
        signals=told,
        kept=len(made.signals) - told,
        unplaced=counted.unplaced,
        undated=counted.undated,
        covered=judged.covered,
        threshold=None if made.budget is None else _threshold(made.budget),
        made_at=uow.clock.now(),
        made_by=uow.identity.label,
    )


def _threshold(budget: Budget) -> dict[str, Any]:
    return {
        "p": budget.cut, "alarms_a_day": budget.alarms_a_day, "false_a_day": budget.false_a_day,
        "days": budget.days, "words": budget.sentence.as_json(),
    }  # fmt: skip


def set_budget(uow: WritingUnitOfWork, city_id: int, alarms_a_day: int) -> BudgetView:
    """Say how many alarms a day staff of a city can verify; the next run holds to it.

    Raises
    ------
    CityUnknownError, MissingPermissionError
    """
    require_city(uow, city_id)
    if not uow.identity.allows(SIGNALS_WORK, EVERYWHERE):
        raise MissingPermissionError(SIGNALS_WORK)
    before = repository.newest_budget(uow.session, city_id)
    if before is None or before.alarms_a_day != alarms_a_day:
        repository.add_budget(
            uow.session, city_id, version=1 if before is None else before.version + 1,
            alarms_a_day=alarms_a_day, at=uow.clock.now(), by=uow.identity.label,
        )  # fmt: skip
    found = repository.newest_budget(uow.session, city_id)
    assert found is not None
    return found


def _stored(run: RunView) -> dict[str, Any]:
    return asdict(run) | {"unjudged": dict(run.unjudged), "alarms": dict(run.alarms)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where and when signals were found, and by whom; run_id None: by no run of cases."""

    city_id: int
    run_id: UUID | None
    day: date
    at: datetime
    by: str


def apply_signals(
    uow: WritingUnitOfWork,
    signals: Sequence[Signal],
    *,
    found: Found,
    kinds: Collection[Kind],
    quiet_days: int = QUIET_DAYS,
) -> None:
    """Raise, update, wake and end signals of some kinds by what was found of these."""
    known = {
        _identity(row.kind, row.disease, row.area_code, row.age_group, row.institution_key): row
        for row in repository.newest_signals(uow.session, found.city_id)
        if row.kind in kinds
    }
    added: list[dict[str, Any]] = []
    events: list[NewEvent] = []
    again = set()
    for signal in signals:
        key = signal.key
        area = None if key.area_code == WHOLE_CITY else key.area_code
        inside = None if signal.institution is None else signal.institution.key
        identity = _identity(signal.kind, key.disease, area, key.age_group, inside)
        again.add(identity)
        row = known.get(identity)
        change = found_again(_before(row), newest_case_on=signal.newest_case_on)
        if change is Change.SILENT:
            continue
        values = _values(signal) | {
            "run_id": found.run_id, "last_on": found.day, "area_code": area,
        }  # fmt: skip
        if row is None or change is Change.RAISED:
            made_row = values | {
                "signal_id": uow.ids.new(), "city_id": found.city_id, "disease": key.disease,
                "kind": signal.kind.value, "institution_key": inside,
                "age_group": key.age_group, "version": 1,
                "sensitive": _sensitive(signal),
                "state": State.NEW.value, "state_at": found.at, "state_by": found.by,
                "note": None, "raised_on": found.day,
            }  # fmt: skip
            added.append(made_row)
            events.append(_new_event(found, made_row))
            continue
        if change is Change.WOKEN:
            values |= {"state": State.NEW.value, "state_at": found.at, "state_by": found.by}
            events.append(_event(uow, _EVENTS[change], row))
        repository.change_signal(uow.session, row.signal_id, values)
    repository.add_signals(uow.session, added)
    for key_of, row in known.items():
        before = _before(row)
        if key_of in again or before is None or before.state is State.ENDED:
            continue
        if is_over(before, day=found.day, quiet_days=quiet_days):
            repository.change_signal(
                uow.session, row.signal_id,
                {"state": State.ENDED.value, "state_at": found.at, "state_by": found.by},
            )  # fmt: skip
            events.append(_event(uow, "signal.ended", row))
    uow.emit(*events)


def _sensitive(signal: Signal) -> str:
    if signal.kind is Kind.CALLS or signal.key.disease == ALL_DISEASES:
        return Sensitive.ORDINARY.value
    return disease_table().get(signal.key.disease).sensitive.value


def _identity(
    kind: str, disease: str, area_code: str | None, age_group: str, inside: str | None
) -> tuple[str | None, ...]:
    """Return what makes two signals one: an institution is the same wherever its cases live."""
    area = area_code if inside is None else None
    return str(kind), disease, area, age_group, inside


def _before(row: AnyRow | None) -> Before | None:
    if row is None:
        return None
    return Before(
        state=State(row.state), last_on=row.last_on, newest_case_on=row.newest_case_on
    )  # fmt: skip


def _values(signal: Signal) -> dict[str, Any]:
    """Return the columns that every run that finds a signal writes."""
    return {
        "newest_case_on": signal.newest_case_on, "cases_7": signal.cases_7, "lead": signal.lead,
        "obliged": signal.obliged, "told": signal.told, "observed": signal.observed,
        "expected": signal.expected, "threshold": signal.threshold, "p_value": signal.p_value,
        "false_rate": signal.false_rate, "weight": signal.weight,
        "reason": {"code": signal.reason.code} | signal.reason.as_json(),
        "opinions": [_opinion(one) for one in signal.opinions],
        "institution": None if signal.institution is None else signal.institution.name,
        "recent": None if signal.recent is None else list(signal.recent),
    }  # fmt: skip


def _opinion(one: Opinion) -> dict[str, Any]:
    return asdict(one) | {"outcome": one.outcome.name.lower()}


def _new_event(found: Found, row: Mapping[str, Any]) -> NewEvent:
    return NewEvent(
        "signal", str(row["signal_id"]), "signal.raised",
        {"disease": row["disease"], "age_group": row["age_group"], "lead": row["lead"],
         "day": found.day.isoformat()},
        found.at, city_id=found.city_id, area_code=row["area_code"],
    )  # fmt: skip


def _event(uow: WritingUnitOfWork, kind: str, row: AnyRow) -> NewEvent:
    return NewEvent(
        "signal", str(row.signal_id), kind,
        {"disease": row.disease, "age_group": row.age_group}, uow.clock.now(),
        city_id=row.city_id, area_code=row.area_code,
    )  # fmt: skip


def _series_rows(material: Material, counted: Counted, day: date) -> list[dict[str, Any]]:
    """Return what is kept of the series: by the run's date, and of all ages also by onset."""
    onset = material.counted(material.onsets, day)
    bases = [(material.date_basis, counted)]
    if material.date_basis is not DateBasis.ONSET:
        bases.append((DateBasis.ONSET, onset))
    nowcasts = {
        disease: _nowcast(material.nowcast(disease, day), day)
        for disease in {key.disease for key in counted.keys}
    }
    table = disease_table()
    rows = []
    for basis, its in bases:
        for key, counts in zip(its.keys, its.counts, strict=True):
            whole = key.age_group == ALL_AGES
            if not whole and basis is not material.date_basis:
                continue
            kept = counts if whole else counts[-AGED_DAYS:]
            in_city = key.area_code == WHOLE_CITY
            rows.append({
                "city_id": material.city.city_id, "date_basis": basis.value,
                "disease": key.disease, "area_code": None if in_city else key.area_code,
                "age_group": key.age_group,
                "sensitive": table.get(key.disease).sensitive.value,
                "starts_on": day - timedelta(days=kept.size - 1),
                "cases": [None if np.isnan(one) else int(one) for one in kept],
                "nowcast": nowcasts[key.disease]
                if whole and in_city and basis is DateBasis.ONSET else None,
            })  # fmt: skip
    return rows


def _nowcast(made: Nowcast | None, day: date) -> dict[str, Any] | None:
    if made is None:
        return None
    sure = made.share >= LEAST_SHARE
    return {
        "starts_on": (day - timedelta(days=NOWCAST_DAYS - 1)).isoformat(),
        **{
            name: [
                None if np.isnan(one) or not known else float(one)
                for one, known in zip(values[-NOWCAST_DAYS:], sure[-NOWCAST_DAYS:], strict=True)
            ]
            for name, values in (("median", made.median), ("low", made.low), ("high", made.high))
        },
    }
