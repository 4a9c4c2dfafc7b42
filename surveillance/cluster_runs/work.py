"""What the job does: clusters of a city's newest judged day, at first of the day before too."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from gis.access import SYSTEM
from gis.jobs.running import Run
from gis.settings import Settings
from gis.spreading import over_dask
from gis.words import Words
from routing.live.routing import Routing
from routing.roads.model import Profile
from surveillance.cluster_runs import repository
from surveillance.cluster_runs.material import Material, read_material
from surveillance.cluster_runs.model import ClusterRules
from surveillance.cluster_runs.service import scanned_day, store_scanned
from surveillance.cluster_runs.views import ClusterRunView
from surveillance.counting.model import DateBasis
from surveillance.diseases.table import disease_table
from surveillance.scan.drawing import Spread
from surveillance.scan.model import FloatArray
from surveillance.scan.null import Replicates
from surveillance.signals.repository import newest_runs_by_day
from surveillance.signals.views import RunView

PARTS = 16
"""Into so many parts the null data sets are cut: between two of them the job may be stopped."""


def rules_of(settings: Settings) -> ClusterRules:
    """Return what staff of this installation decided."""
    return ClusterRules(
        least_cases=settings.surveillance_least_cases,
        replicates=settings.surveillance_cluster_replicates,
        recurrence_days=settings.surveillance_cluster_recurrence_days,
    )


def find_clusters(run: Run) -> None:
    """Scan the newest judged day; before the first one also the day before it.

    So the first morning says already what changed since the day before.
    """
    city_id = int(run.arguments["city_id"])
    rules = rules_of(run.settings)
    with run.database.read(SYSTEM) as uow:
        judged = newest_runs_by_day(uow.session, city_id, days=2)
        newest = repository.newest_run(uow.session, city_id)
    due = judged if newest is None else [one for one in judged[:1] if _is_newer(one, newest)]
    if not due:
        return
    days = {one.day: one.as_of for one in reversed(due)}
    material = _material(run, city_id, days, DateBasis(due[0].date_basis), rules)
    steps = len(days) * sum(len(one.diseases) for one in material.levels)
    done = 0

    def begin(disease: str) -> None:
        nonlocal done
        words = disease_table().get(disease).words
        run.report(
            Words(en=f"clusters of {words.en}", zh=f"扫描聚集：{words.zh}"), done, max(steps, 1)
        )  # fmt: skip
        done += 1

    with _spread(run) as (spread, parts):
        for day, as_of in days.items():
            made = scanned_day(
                material, day, as_of=as_of, rules=rules, spread=spread, parts=parts, begin=begin
            )
            with run.database.unit_of_work(SYSTEM) as writing:
                store_scanned(writing, made)


@contextmanager
def _spread(run: Run) -> Iterator[tuple[Spread, int]]:
    """Give who searches null data sets: a Dask cluster where one is named, else this process."""
    address = run.settings.dask_scheduler
    if address is None:
        yield _stoppable(run), PARTS
        return
    with over_dask(address) as given:
        yield given


def _is_newer(judged: RunView, scanned: ClusterRunView) -> bool:
    """Say whether a day was judged that was not scanned, or judged anew since it was."""
    return judged.day > scanned.day or (
        judged.day == scanned.day and judged.made_at > scanned.made_at
    )


def _material(
    run: Run, city_id: int, days: dict[date, datetime], basis: DateBasis, rules: ClusterRules
) -> Material:
    run.report(Words(en="reading cases and roads", zh="读取病例与路网"), 0.0)
    routing = Routing(
        run.database, run.settings.graph_cache_folder, profiles=(Profile.CAR,),
        jurisdictions_file=run.settings.jurisdictions_file, only_city=city_id,
    )  # fmt: skip
    routing.refresh()
    with run.database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
        return read_material(
            uow, city_id, days=list(days), as_of=max(days.values()), date_basis=basis, rules=rules,
            roads=roads,
        )  # fmt: skip


def _stoppable(run: Run) -> Spread:
    """Return a `map` that stops when the job is asked to."""

    def spread(
        search: Callable[[Replicates], FloatArray], parts: Iterable[Replicates]
    ) -> Iterator[FloatArray]:
        for part in parts:
            run.go_on()
            yield search(part)

    return spread
