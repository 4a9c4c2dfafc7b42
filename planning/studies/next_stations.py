"""What the next station buys, and the one after it: people within reach, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gis.database import UnitOfWork
from gis.words import Words
from planning.siting.answer import Limits
from planning.siting.interventions import NextSite, next_sites
from planning.studies.errors import StudyParametersError
from planning.studies.material import read_material
from planning.studies.model import StudySite
from planning.studies.parameters import SitingForm
from planning.studies.solving import siting_instance
from routing.live.pinned import PinnedRoads


@dataclass(frozen=True, slots=True)
class NextStations:
    """Today's stations and the next ones; `sentences`: what the numbers rest on."""

    rows: "tuple[NextStation, ...]"
    sentences: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class NextStation:
    """So many stations more than today: people within reach, at most (`bound`), new names, cost.

    gain : people more than with one station fewer; at least and at most by the bounds of both
    cost_a_person : of this one station by each person it adds; None where it adds nobody
    """

    more: int
    people: float
    bound: float
    of: float
    new: tuple[str, ...]
    cost: float
    gain: float
    gain_at_least: float
    gain_at_most: float
    cost_a_person: float | None


def next_stations(
    uow: UnitOfWork,
    roads: PinnedRoads,
    city_id: int,
    form: SitingForm,
    *,
    areas: Sequence[str],
    cost_each: float,
) -> NextStations:
    """Return today's stations, then one more, up to `form.new_sites` more, each chosen anew (MCLP).

    Raises
    ------
    StudyParametersError, SitingInputError and its kinds
        What is asked for cannot be done; the sentence says why.
    """
    limit_s = form.reach_min * 60.0
    material = read_material(uow, roads, city_id, form, areas=areas, limit_s=limit_s).finish()
    instance, stands = siting_instance(material, form.closed)
    if not stands:
        raise StudyParametersError("No station stands here, so there is no next one.")
    names = {one.key: _name(one) for one in material.sites}
    rows = next_sites(
        instance, stands, most=form.new_sites, reach=limit_s, cost_each=cost_each,
        limits=Limits(seconds=form.seconds, gap=form.gap, rounds=form.rounds, seed=form.seed),
    )  # fmt: skip
    of = float(np.sum(instance.weight))
    told = tuple(_told(one, of, set(stands), names) for one in rows)
    return NextStations(told, (material.calibration, *material.notes))


def _told(one: NextSite, of: float, stands: set[str], names: dict[str, str]) -> NextStation:
    return NextStation(
        one.more, one.answer.value, one.answer.bound, of,
        tuple(names[key] for key in one.answer.sites if key not in stands), one.cost, one.gain,
        one.gain_at_least, one.gain_at_most, one.cost_of_gain,
    )  # fmt: skip


def _name(one: StudySite) -> str:
    """Return a site's name with where it lies: several may be called after one district."""
    name = next((name for name in (one.name_en, one.name, one.name_zh) if name), one.key)
    return f"{name} ({one.lat:.4f}, {one.lon:.4f})"
