"""A stored cluster that tests begin with."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from gis.database import WritingUnitOfWork
from gis.tables.clusters import Cluster, ClusterRun
from tests.surveillance.signals.stored import AT, DAY


def store_cluster_run(uow: WritingUnitOfWork, city_id: int, day: date = DAY) -> UUID:
    """Store a run that scanned two diseases."""
    run_id = uuid4()
    uow.session.execute(
        insert(ClusterRun).values(
            run_id=run_id, city_id=city_id, day=day, as_of=AT, date_basis="entry",
            area_level="district", window_days=365, longest_days=28, largest_share=0.5,
            replicates=999, seed=1, least_cases=3, recurrence_days=100.0, scanned=2, too_few=1,
            unplaced=1, residents=True, topology_id=None, made_at=AT, made_by="system",
        )
    )  # fmt: skip
    return run_id


def store_cluster(
    uow: WritingUnitOfWork, city_id: int, *, places: Sequence[str], run_id: UUID,
    disease: str = "dengue", observed: int = 9, at: tuple[float, float] = (0.0, 0.0), **more: Any,
) -> UUID:  # fmt: skip
    """Store a cluster of a run; return its id. All its cases are in the first of `places`."""
    cluster_id = uuid4()
    members = [
        {"area_code": code, "observed": observed if number == 0 else 0, "expected": 0.5}
        for number, code in enumerate(places)
    ]
    uow.session.execute(
        insert(Cluster).values(
            {
                "cluster_id": cluster_id, "run_id": run_id, "city_id": city_id,
                "disease": disease, "sensitive": "ordinary", "model": "permutation",
                "shape": "circle", "centre": places[0], "lon": at[0], "lat": at[1],
                "radius_m": 700.0, "radius_s": None, "starts_on": DAY - timedelta(days=6),
                "ends_on": DAY, "observed": observed, "expected": 0.5 * len(places),
                "relative_risk": 8.0, "log_likelihood_ratio": 12.3, "p_value": 0.001,
                "gumbel_p": 1e-5, "recurrence_days": 1240.0, "told": True, "places": list(places),
                "members": members, "by_day": [0] * 53 + [1] * 7,
                "also": [
                    {"model": "poisson", "shape": "circle", "places": 1, "observed": 8,
                     "expected": 0.9, "relative_risk": 7.0, "p_value": 0.004,
                     "recurrence_days": 250.0}
                ],
                "reason": {"code": "cluster", "en": f"{observed} cases", "zh": f"{observed}例"},
                "change": "new", "before_id": None, "first_on": DAY, "joined": [], "parted": [],
                "gone_on": None,
            } | more
        )
    )  # fmt: skip
    return cluster_id
