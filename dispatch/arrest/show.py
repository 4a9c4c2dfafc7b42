"""What the console sees of an arrest: who can come, what it is worth, how each volunteer stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from dispatch.aeds.fetchable import APART_WORDS
from dispatch.arrest import repository
from dispatch.arrest.release import BLOCK_WORDS
from dispatch.arrest.search import Helpers, find_helpers
from dispatch.arrest.service import standing_blocks
from dispatch.arrest.survival import survival_percent
from dispatch.arrest.views import AlertView, ApartAed, ArrestView, CrewOption, SurvivalOption
from dispatch.arrest.wave import plan_wave
from dispatch.choosing.service import recommend
from dispatch.incidents.records import read_incident
from dispatch.model import LEVEL_RANK, UnitLevel
from dispatch.permissions import DISPATCH
from dispatch.triage.service import rules_of_incident
from dispatch.volunteers import repository as volunteers
from dispatch.volunteers.lifecycle import ALERT_WORDS, AlertState
from gis.database import UnitOfWork
from gis.rows import AnyRow
from gis.words import Words, reason
from routing.live.routing import Routing

SUGGESTED = 2
APART_SHOWN = 10

_OPTIONS = {
    "crews": Words(en="crews alone", zh="仅车组"),
    "volunteers": Words(en="with volunteers straight to the patient", zh="加志愿者直接到患者处"),
    "volunteers_aed": Words(en="with volunteers and a fetched AED", zh="加志愿者并取AED"),
}


@dataclass(frozen=True, slots=True)
class Crews:
    """The crews that could be sent, soonest first, and whether each carries a defibrillator."""

    options: tuple[CrewOption, ...] = ()

    @property
    def carriers(self) -> tuple[CrewOption, ...]:
        """Return those known to carry one."""
        return tuple(one for one in self.options if one.defibrillator)

    @property
    def aed_s(self) -> float | None:
        """Return when the first of them that carries one is there; None: not known."""
        return _soonest(self.carriers)

    @property
    def als_s(self) -> float | None:
        """Return when advanced care is there."""
        return _soonest(
            one for one in self.options if LEVEL_RANK[one.level] >= LEVEL_RANK[UnitLevel.ALS]
        )


def find_crews(uow: UnitOfWork, routing: Routing, incident_id: UUID) -> Crews:
    """Return the crews of the recommendation that may be sent, with what they carry."""
    ranked = recommend(uow, routing, incident_id, limit=25)
    sent = [unit for unit in ranked.units if unit.eligible and unit.travel_time_s is not None]
    known = repository.equipment(uow.session, [unit.unit_id for unit in sent])
    options = (
        CrewOption(
            unit.unit_id, unit.call_sign, unit.level, unit.travel_time_s or 0.0,
            known.get(unit.unit_id),
        )
        for unit in sent
    )  # fmt: skip
    return Crews(tuple(sorted(options, key=lambda one: (one.travel_time_s, one.unit_id))))


def show(uow: UnitOfWork, routing: Routing, incident_id: UUID) -> ArrestView:
    """Return an arrest as the console shows it.

    Raises
    ------
    IncidentNotFoundError
    """
    read_incident(uow, incident_id, DISPATCH)
    return shown(
        uow, incident_id, find_helpers(uow, routing, incident_id),
        find_crews(uow, routing, incident_id),
    )  # fmt: skip


def shown(uow: UnitOfWork, incident_id: UUID, helpers: Helpers, crews: Crews) -> ArrestView:
    """Return the view of what was searched already."""
    incident = read_incident(uow, incident_id, DISPATCH)
    bundle = repository.find_bundle(uow.session, incident_id)
    against = standing_blocks(uow, incident)
    rules = rules_of_incident(uow, incident).volunteers
    alerts = volunteers.alerts_of(uow.session, incident_id)
    wave = rules.wave_size if bundle is None else bundle.wave_size
    elapsed_s = (uow.clock.now() - incident.received_at).total_seconds()
    stands = "not_begun" if bundle is None else "ended" if bundle.ended_at else "open"
    return ArrestView(
        incident_id=incident_id, stands=stands,
        ended_why=None if bundle is None else bundle.ended_why,
        blocks=tuple(reason(block.value, BLOCK_WORDS[block]) for block in against),
        wave_size=wave,
        volunteers_near=int(np.isfinite(helpers.direct_s).sum()), aeds_near=len(helpers.aeds),
        crews=crews.options[:SUGGESTED], carriers=crews.carriers[:SUGGESTED],
        options=_options(helpers, crews, wave=wave, elapsed_s=elapsed_s,
                         asks=not against and stands != "ended", alerts=alerts),
        apart=tuple(
            ApartAed(row.aed_id, row.name, row.name_zh, row.distance_m,
                     reason(why.value, APART_WORDS[why]))
            for row, why in helpers.apart[:APART_SHOWN]
        ),
        alerts=_alerts(uow, alerts),
    )  # fmt: skip


def _options(
    helpers: Helpers, crews: Crews, *, wave: int, elapsed_s: float, asks: bool,
    alerts: Sequence[AnyRow],
) -> tuple[SurvivalOption, ...]:  # fmt: skip
    """Return the options, worst first: those who are asked already come as predicted then."""
    first_s, shock_s, als_s = _soonest(crews.options), crews.aed_s, crews.als_s
    options = [_option("crews", (first_s, shock_s, als_s), elapsed_s)]
    plan = plan_wave(
        helpers.direct_s, helpers.delivery_s, size=wave if asks else 0, fetches=wave // 2,
        useful_within_s=np.inf if shock_s is None else shock_s,
    )  # fmt: skip
    coming = [row for row in alerts if AlertState(row.state) in _HELPS]
    left = {row.alert_id: max(row.predicted_s - (helpers.at - row.alerted_at).total_seconds(), 0.0)
            for row in coming}  # fmt: skip
    direct = [float(helpers.direct_s[v]) for v in plan.direct]
    direct += [left[row.alert_id] for row in coming if row.route == "direct"]
    fetched = [float(helpers.delivery_s[v, a]) for v, a in plan.fetches]
    fetched += [left[row.alert_id] for row in coming if row.route == "via_aed"]
    if direct:
        cpr_s = _least(first_s, min(direct))
        options.append(_option("volunteers", (cpr_s, shock_s, als_s), elapsed_s))
    if fetched:
        soonest = min(fetched)
        cpr_s = _least(first_s, min([*direct, soonest]))
        with_aed_s = _least(shock_s, soonest)
        options.append(_option("volunteers_aed", (cpr_s, with_aed_s, als_s), elapsed_s))
    return tuple(options)


_HELPS = frozenset({
    AlertState.ALERTED, AlertState.SEEN, AlertState.ACCEPTED, AlertState.ROUTED_DIRECT,
    AlertState.ROUTED_VIA_AED, AlertState.ON_SCENE, AlertState.WITH_PATIENT, AlertState.HAS_AED,
})  # fmt: skip


def _option(
    name: str, times_s: tuple[float | None, float | None, float | None], elapsed_s: float
) -> SurvivalOption:
    cpr_s, shock_s, als_s = times_s
    percent = survival_percent(cpr_s=cpr_s, shock_s=shock_s, als_s=als_s, elapsed_s=elapsed_s)
    return SurvivalOption(name, reason(name, _OPTIONS[name]), cpr_s, shock_s, als_s, percent)


def _alerts(uow: UnitOfWork, alerts: Sequence[AnyRow]) -> tuple[AlertView, ...]:
    found = []
    for row in alerts:
        aed = None if row.aed_id is None else volunteers.find_aed(uow.session, row.aed_id)
        recalled = row.state == AlertState.RECALLED
        who = volunteers.find_volunteer(uow.session, row.volunteer_id) if recalled else None
        found.append(AlertView(
            alert_id=row.alert_id, state=row.state,
            words=reason(row.state, ALERT_WORDS[AlertState(row.state)]), route=row.route,
            aed_id=row.aed_id, aed_name=None if aed is None else aed.name,
            aed_name_zh=None if aed is None else aed.name_zh,
            predicted_s=row.predicted_s, alerted_at=row.alerted_at, answered_at=row.answered_at,
            on_scene_at=row.on_scene_at, with_patient_at=row.with_patient_at,
            aed_taken_at=row.aed_taken_at, recalled_at=row.recalled_at,
            recall_heard_at=row.recall_heard_at, call=None if who is None else who.phone,
        ))  # fmt: skip
    return tuple(found)


def _soonest(crews: Iterable[CrewOption]) -> float | None:
    return min((one.travel_time_s for one in crews), default=None)


def _least(one_s: float | None, other_s: float) -> float:
    return other_s if one_s is None else min(one_s, other_s)
