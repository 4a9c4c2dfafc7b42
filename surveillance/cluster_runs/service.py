"""Use case of cluster runs: a day is scanned, then stored with what became of those before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.rows import AnyRow
from gis.words import Words, alike
from surveillance.cluster_runs import repository
from surveillance.cluster_runs.day import clusters_of_day
from surveillance.cluster_runs.errors import ClustersOutOfOrderError
from surveillance.cluster_runs.following import Followed, Known, follow, gone
from surveillance.cluster_runs.material import Material, Scanned
from surveillance.cluster_runs.model import ClusterRules, FoundCluster, Opinion
from surveillance.cluster_runs.reasons import reason_of
from surveillance.cluster_runs.views import ClusterRunView
from surveillance.diseases.table import disease_table
from surveillance.scan.drawing import Spread
from surveillance.signals.repository import lock_city

SHOWN_DAYS = 60
"""Of the small picture of a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedDay:
    """A day that was scanned and is not stored: each cluster with the places it lies among."""

    material: Material
    rules: ClusterRules
    day: date
    as_of: datetime
    found: Sequence[tuple[FoundCluster, Scanned]]
    scanned: int
    too_few: int
    unplaced: int


def scanned_day(
    material: Material,
    day: date,
    *,
    as_of: datetime,
    rules: ClusterRules,
    spread: Spread = map,
    parts: int = 1,
    begin: Callable[[str], None] = lambda _: None,
) -> ScannedDay:
    """Scan a day. Takes seconds and no database: nobody waits for it in a transaction."""
    found: list[tuple[FoundCluster, Scanned]] = []
    enough = too_few = 0
    for scanned in material.levels:
        counts = material.counts(scanned, day, as_of=as_of, rules=rules)
        many = [one for one in counts.values() if one.sum() >= rules.least_of_disease]
        enough += len(many)
        too_few += len(counts) - len(many)
        found += [
            (one, scanned)
            for one in clusters_of_day(counts, scanned.where, rules, spread=spread, parts=parts,
                                       begin=begin)
        ]  # fmt: skip
    return ScannedDay(
        material=material, rules=rules, day=day, as_of=as_of, found=found, scanned=enough,
        too_few=too_few, unplaced=material.unplaced(day, as_of=as_of, rules=rules),
    )  # fmt: skip


def store_scanned(uow: WritingUnitOfWork, made: ScannedDay) -> ClusterRunView:
    """Store a scanned day; a day that was scanned before is scanned anew.

    Raises
    ------
    ClustersOutOfOrderError
        A later day was scanned before.
    """
    city_id = made.material.city.city_id
    lock_city(uow.session, city_id)
    newest = repository.newest_run(uow.session, city_id)
    if newest is not None and newest.day > made.day:
        raise ClustersOutOfOrderError(made.day, newest.day)
    run = _run_view(uow, made)
    before = repository.run_before(uow.session, run)
    rows = [] if before is None else repository.clusters_of(uow.session, before.run_id)
    repository.add_run(uow.session, asdict(run))
    found = [_row(uow.ids.new(), run, one, scanned) for one, scanned in made.found]
    earlier = [_known(row._mapping) for row in rows]
    followed = follow([_known(row) for row in found], earlier)
    for row, its in zip(found, followed, strict=True):
        row.update(_since(its, rows, run.day))
    repository.add_clusters(uow.session, found)
    if before is not None:
        lost = [rows[number].cluster_id for number in gone(followed, earlier)]
        repository.mark_gone(uow.session, before.run_id, lost, on=run.day)
    uow.emit(
        NewEvent(
            "cluster_run", str(run.run_id), "clusters.found",
            {"day": run.day.isoformat(), "told": sum(row["told"] for row in found)},
            run.made_at, city_id=city_id,
        )
    )  # fmt: skip
    return run


def _run_view(uow: WritingUnitOfWork, made: ScannedDay) -> ClusterRunView:
    rules, levels = made.rules, made.material.levels
    return ClusterRunView(
        run_id=uow.ids.new(),
        city_id=made.material.city.city_id,
        day=made.day,
        as_of=made.as_of,
        date_basis=made.material.date_basis.value,
        area_level=levels[0].where.level if levels else "district",
        window_days=rules.window_days,
        longest_days=rules.longest_days,
        largest_share=rules.largest_share,
        replicates=rules.replicates,
        seed=rules.seed,
        least_cases=rules.least_cases,
        recurrence_days=rules.recurrence_days,
        scanned=made.scanned,
        too_few=made.too_few,
        unplaced=made.unplaced,
        residents=any(one.where.residents is not None for one in levels),
        topology_id=made.material.topology_id,
        made_at=uow.clock.now(),
        made_by=uow.identity.label,
    )


def _since(followed: Followed, before: Sequence[AnyRow], day: date) -> dict[str, Any]:
    """Return the columns that say what became of a cluster since the run before."""
    its = None if followed.before is None else before[followed.before]
    return {
        "change": followed.change.value,
        "before_id": None if its is None else its.cluster_id,
        "first_on": day if its is None else its.first_on,
        "joined": list(followed.joined),
        "parted": list(followed.left),
        "gone_on": None,
    }


def _known(row: Mapping[Any, Any]) -> Known:
    return Known(
        disease=row["disease"], places=frozenset(row["places"]), starts_on=row["starts_on"],
        ends_on=row["ends_on"], observed=row["observed"],
    )  # fmt: skip


def _row(
    cluster_id: UUID, run: ClusterRunView, one: FoundCluster, scanned: Scanned
) -> dict[str, Any]:
    codes = [scanned.where.codes[place] for place in one.places]
    centre = scanned.where.codes[one.centre]
    lon, lat = scanned.where.lonlat[one.centre].tolist()
    starts_on = run.day - timedelta(days=run.window_days - 1 - one.first)
    its = disease_table().get(one.disease)
    said = reason_of(
        disease=its.words, place=_place(scanned, centre if len(codes) > 1 else codes[0]),
        areas=len(codes), radius_m=one.radius_m, radius_s=one.radius_s, since=starts_on,
        observed=one.observed, expected=one.expected, recurrence_days=one.recurrence_days,
    )  # fmt: skip
    return {
        "cluster_id": cluster_id,
        "run_id": run.run_id,
        "city_id": run.city_id,
        "disease": one.disease,
        "sensitive": its.sensitive.value,
        "model": one.method.model.value,
        "shape": one.method.shape.value,
        "centre": centre,
        "lon": lon,
        "lat": lat,
        "radius_m": one.radius_m,
        "radius_s": one.radius_s,
        "starts_on": starts_on,
        "ends_on": run.day - timedelta(days=run.window_days - 1 - one.last),
        "observed": one.observed,
        "expected": one.expected,
        "relative_risk": one.relative_risk,
        "log_likelihood_ratio": one.log_likelihood_ratio,
        "p_value": one.p,
        "gumbel_p": one.gumbel_p,
        "recurrence_days": one.recurrence_days,
        "told": one.recurrence_days >= run.recurrence_days,
        "places": codes,
        "members": [
            {"area_code": code, "observed": observed, "expected": expected}
            for code, observed, expected in zip(
                codes, one.place_observed, one.place_expected, strict=True
            )
        ],
        "by_day": list(one.by_day[-SHOWN_DAYS:]),
        "also": [_opinion(other) for other in one.also],
        "reason": {"code": said.code} | said.as_json(),
    }


def _place(scanned: Scanned, code: str) -> Words:
    return scanned.words.get(code, alike(code))


def _opinion(one: Opinion) -> dict[str, Any]:
    return {
        "model": one.method.model.value, "shape": one.method.shape.value, "places": one.places,
        "observed": one.observed, "expected": one.expected, "relative_risk": one.relative_risk,
        "p_value": one.p, "recurrence_days": one.recurrence_days,
    }  # fmt: skip


def scanned_on(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the newest day that was scanned."""
    run = repository.newest_run(uow.session, city_id)
    return None if run is None else run.day
