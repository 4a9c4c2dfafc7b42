"""Having road graphs and metrics made: deferred with the transaction that changes the roads."""

from datetime import datetime

from gis.database import WritingUnitOfWork
from gis.jobs.service import defer
from routing.jobs import BUILD, METRICS


def want_metrics(uow: WritingUnitOfWork, city_id: int, *, due_at: datetime | None = None) -> None:
    """Have a city's road times follow its conditions as this transaction leaves them.

    `due_at` : when they change by themselves; None = now.
    """
    defer(uow, METRICS, {"city_id": city_id}, key=f"{METRICS.name} {city_id}", due_at=due_at)


def want_graphs(uow: WritingUnitOfWork) -> None:
    """Have the road graphs of new networks built, once this transaction is committed."""
    defer(uow, BUILD, key=BUILD.name)
