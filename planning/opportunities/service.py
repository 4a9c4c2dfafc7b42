"""Beds and emergency departments a person reaches by car, bicycle or on foot, on the roads now."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from gis.database import UnitOfWork
from gis.words import Words
from planning.access.model import Access, Target, TimeOfDay
from planning.access.service import access, question, seen_of
from planning.accessibility.decay import LUO_QI, Decay, within
from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.inequality import inequality
from planning.accessibility.measures import two_step
from planning.accessibility.model import FloatArray, TravelTimes
from planning.opportunities import repository
from planning.opportunities.repository import Offer
from planning.opportunities.views import DistrictReach, KindReach, ReachView
from planning.recorded.calibrate import UNCALIBRATED
from routing.live.pinned import DISPATCH_SNAP_LIMIT_M, PinnedRoads
from routing.roads.model import BoolArray, Profile

KINDS: Mapping[str, Words] = MappingProxyType(
    {
        "beds": Words(en="hospital beds", zh="医院床位"),
        "emergency_departments": Words(en="emergency departments", zh="急诊科"),
    }
)


MEANS: Mapping[Profile, Words] = MappingProxyType(
    {
        Profile.CAR: Words(en="by car", zh="驾车"),
        Profile.BICYCLE: Words(en="by bicycle", zh="骑行"),
        Profile.WALK: Words(en="on foot", zh="步行"),
    }
)
"""How people may travel; other profiles are those of ambulances."""


def opportunities(
    uow: UnitOfWork,
    roads: PinnedRoads,
    city_id: int,
    *,
    limit_min: float | None = None,
    by: Profile = Profile.CAR,
) -> ReachView:
    """Return what people reach by one of `MEANS`, shared among all who reach it.

    limit_min : everything within it counts alike (2SFCA); None: E2SFCA by Luo and Qi's steps to
    30 minutes. All people of the city compete; shown are those in the viewer's areas.

    Raises
    ------
    AccessibilityInputError
        The city has no people by cell, no roads, or no hospital.
    """
    asked = question(uow, city_id, Target.EMERGENCY, TimeOfDay.ALL)
    offers = repository.offers(uow.session, city_id)
    if not roads.has(by):
        raise AccessibilityInputError(
            f"Ways {MEANS[by].en} are not known in this city. Load its roads."
        )
    whole = access(uow, roads, asked)
    if not whole.cells.cell or not offers:
        raise AccessibilityInputError(
            "There are no people by cell, or no hospital, to reckon this from. Load them first."
        )
    decay: Decay = LUO_QI if limit_min is None else within(limit_min)
    lonlat = np.array([(one.lon, one.lat) for one in offers], np.float64)
    matrix = roads.matrix(whole.cells.lonlat, lonlat, profile=by)
    cells = whole.cells.cell
    times = TravelTimes.of_matrix(
        np.concatenate(list(matrix.blocks)) / np.float32(60.0), demand=cells,
        supply=[one.facility_id for one in offers],
    )  # fmt: skip
    supply = _supply(offers)
    people = dict(zip(cells, whole.cells.people.tolist(), strict=True))
    found = two_step(times, supply, population=people, decay=decay)
    shown = seen_of(uow, whole)
    row_of = {cell: row for row, cell in enumerate(cells)}
    rows = np.array([row_of[cell] for cell in shown.cells.cell], np.int64)
    near, _ = roads.snap(shown.cells.lonlat, profile=by, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    known = np.asarray(near.found, np.bool_)
    versions = whole.versions
    return ReachView(
        city_id=city_id,
        topology_id=None if versions is None else versions.topology_id,
        conditions_id=None if versions is None else versions.conditions_id,
        by=by.value,
        measure="e2sfca" if limit_min is None else "2sfca",
        limit_min=LUO_QI.upper_min[-1] if limit_min is None else limit_min,
        people=round(float(shown.cells.people.sum())),
        unknown=round(float(shown.cells.people[~known].sum())),
        kinds=tuple(
            _kind(
                kind, shown, found.of(kind)[rows], known,
                supply=sum(supply[kind].values()), of_unknown=_unsaid(offers)[kind],
                unused=sum(supply[kind][int(str(key))] for key in found.unused[kind]),
            )
            for kind in KINDS
        ),
        sentences=_sentences(shown, MEANS[by]),
    )  # fmt: skip


def _supply(offers: tuple[Offer, ...]) -> dict[str, dict[int, float]]:
    """Return kind → hospital → amount; what nobody says adds nothing, and is counted apart."""
    return {
        "beds": {one.facility_id: float(one.beds or 0) for one in offers},
        "emergency_departments": {one.facility_id: float(one.emergency is True) for one in offers},
    }


def _unsaid(offers: tuple[Offer, ...]) -> dict[str, int]:
    return {
        "beds": sum(one.beds is None for one in offers),
        "emergency_departments": sum(one.emergency is None for one in offers),
    }


def _kind(
    kind: str,
    shown: Access,
    value: FloatArray,
    known: BoolArray,
    *,
    supply: float,
    of_unknown: int,
    unused: float,
) -> KindReach:
    people = np.where(known, shown.cells.people, 0.0)
    shares = inequality(value, people) if float(value @ people) > 0.0 else None
    districts = [*range(len(shown.districts)), -1]
    parts = [(row, shown.cells.district == row) for row in districts]
    return KindReach(
        kind, KINDS[kind], supply, of_unknown, unused, _per_1000(value, people),
        None if shares is None else shares.gini,
        None if shares is None else shares.theil,
        None if shares is None else shares.palma,
        tuple(
            _district(shown, row, value[here], people[here]) for row, here in parts if here.any()
        ),
    )  # fmt: skip


def _district(shown: Access, row: int, value: FloatArray, people: FloatArray) -> DistrictReach:
    one = shown.districts[row] if row >= 0 else None
    return DistrictReach(
        code=None if one is None else one.code,
        name=None if one is None else one.name,
        name_zh=None if one is None else one.name_zh,
        name_en=None if one is None else one.name_en,
        people=round(float(people.sum())),
        per_1000=_per_1000(value, people),
        without=round(float(people[value == 0.0].sum())),
    )


def _per_1000(value: FloatArray, people: FloatArray) -> float | None:
    total = float(people.sum())
    return 1_000.0 * float(value @ people) / total if total > 0.0 else None


def _sentences(shown: Access, means: Words) -> tuple[Words, ...]:
    said = [
        UNCALIBRATED,
        Words(
            en=f"Minutes {means.en} on the roads as they are; who reaches a hospital shares it "
            "with all others who reach it. Whether a bed is free is not counted.",
            zh=f"按当前路况{means.zh}时间；能到达同一医院的人共享其资源。不计床位是否空闲。",
        ),
    ]
    if any(shown.cells.modelled):
        said.append(
            Words(
                en="People by cell are modelled, not surveyed.", zh="格网人口由模型生成，非实测。"
            )
        )
    if shown.limited:
        said.append(
            Words(
                en="Only people within the areas of your account are shown.",
                zh="仅显示您账号管辖范围内的人口。",
            )
        )
    return tuple(said)
