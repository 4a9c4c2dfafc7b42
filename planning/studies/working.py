"""What the job of a study does: read the city, search, keep the best so far, keep the answer."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from gis.access import EVERYWHERE, SYSTEM
from gis.jobs.repository import stop_asked as job_stop_asked
from gis.jobs.running import Run
from gis.spreading import over_dask
from gis.words import Words
from planning.siting.answer import Progress, relative_gap
from planning.siting.warm_up import prepare_kernels
from planning.studies import repository
from planning.studies.kinds import form_of, measure_of
from planning.studies.material import digest_of, profile_of, read_material
from planning.studies.model import CountArray, Material
from planning.studies.parameters import AnyForm, limit_s_of
from planning.studies.record import StudyRecord
from planning.studies.solving import Told, solve
from planning.studies.stored import as_json
from planning.studies.telling import answer_view, cells_record, gap_words, progress_view, sites_of
from planning.studies.views import InputsView
from routing.live.routing import Routing
from routing.rules.defaults import WALK_SPEED_M_S

WRITE_EVERY_S = 1.0
"""The best so far is kept so often at most: what a killed worker loses."""

READING = Words(en="reading people and roads", zh="读取人口与路网")
WAYS = Words(en="working out ways", zh="计算路径时间")
SEARCHING = Words(en="searching", zh="搜索中")


def work_out(run: Run) -> None:
    """Work a study out and keep its answer; one that has ended stays as it is.

    Who asks the study to stop, or cancels its job, gets the best plan until then with its bound.
    A process that is told to end for another reason leaves the study to the next try.

    Raises
    ------
    JobCancelledError
        The process is to end, and nobody asked this study to.
    """
    study_id = int(run.arguments["study_id"])
    with run.database.unit_of_work(SYSTEM) as writing:
        record = repository.read_study(writing.session, study_id, None)
        if record is None or record.finished_at is not None:
            return
        repository.change_study(
            writing.session,
            study_id,
            {"started_at": record.started_at or writing.clock.now(), "job_id": run.record.job_id},
        )
    form = form_of(record.kind, record.parameters)
    limit_s = limit_s_of(form, walk_speed_m_s=WALK_SPEED_M_S)
    run.report(READING, 0.0)
    routing = Routing(
        run.database, run.settings.graph_cache_folder, profiles=(profile_of(form),),
        jurisdictions_file=run.settings.jurisdictions_file, only_city=record.city_id,
    )  # fmt: skip
    routing.refresh()
    with run.database.read(SYSTEM) as uow, routing.at(uow, record.city_id) as roads:
        unfinished = read_material(
            uow, roads, record.city_id, form, areas=record.areas, limit_s=limit_s
        )
    material = unfinished.finish(lambda share: run.report(WAYS, 0.05 + 0.05 * share))
    inputs = inputs_of(record, form, material)
    with run.database.unit_of_work(SYSTEM) as writing:
        repository.change_study(
            writing.session, study_id, {"inputs": as_json(inputs), "digest": inputs.digest}
        )
    run.report(SEARCHING, 0.1)
    # What the search takes is told, not what compiling it takes.
    prepare_kernels()
    best = _BestSoFar(run, record, form, material)
    with _told(best, run.settings.dask_scheduler) as told:
        solved = solve(material, form, limit_s=limit_s, told=told)
    best.write()
    if run.stop.is_set() and not best.asked_to_stop():
        run.go_on()
    answer = answer_view(material, form, solved, limited=EVERYWHERE not in record.areas)
    with run.database.unit_of_work(SYSTEM) as writing:
        if not repository.lock_study(writing.session, study_id):
            return
        repository.insert_cells(writing.session, study_id, cells_record(material, solved))
        repository.change_study(
            writing.session, study_id,
            {"answer": as_json(answer), "finished_at": writing.clock.now()},
        )  # fmt: skip
        run.give(writing, {"study_id": study_id})


def inputs_of(record: StudyRecord, form: AnyForm, material: Material) -> InputsView:
    """Return the hashes of all that a study read."""
    asked: Mapping[str, object] = form.model_dump(mode="json")
    digests = [one.digest for one in material.parts]
    return InputsView(
        digest_of(record.kind, sorted(asked.items()), *digests),
        int(getattr(form, "seed", 0)), material.parts,
    )  # fmt: skip


@contextmanager
def _told(best: "_BestSoFar", scheduler: str | None) -> Iterator[Told]:
    """Give who is told; parts go over a Dask cluster where one is named, else one after another."""
    told = Told(best.stop, best.progress, best.incumbent)
    if scheduler is None:
        yield told
        return
    with over_dask(scheduler) as (spread, parts):
        yield replace(told, spread=spread, parts=parts)


class _BestSoFar:
    """Keeps the best plan and the bound of a search in the study, about once a second.

    A try after one that was killed leaves what that one kept until it has found as good a plan.
    """

    def __init__(
        self, run: Run, record: StudyRecord, form: AnyForm, material: Material
    ) -> None:  # fmt: skip
        self._run, self._record, self._form, self._material = run, record, form, material
        self._measure = measure_of(record.kind, form)
        self._trace: list[Progress] = []
        self._units: CountArray | None = None
        self._is_new = False
        self._looked_at_s = time.monotonic()
        self._asked = False
        kept = record.progress or {}
        self._kept: float | None = kept.get("value") if kept.get("sites") else None

    def progress(self, one: Progress) -> None:
        """Take a better value or bound; one of a later plan of a front does not count."""
        if self._trace and self._is_worse(one.value, self._trace[-1].value):
            return
        self._trace.append(one)
        self._is_new = True

    def incumbent(self, units: CountArray) -> None:
        """Take a better plan."""
        self._units = units.copy()

    def stop(self) -> bool:
        """Return whether to end; looks about once a second, and writes what is new."""
        if time.monotonic() - self._looked_at_s >= WRITE_EVERY_S:
            self._looked_at_s = time.monotonic()
            self._asked = self._asked or self.asked_to_stop()
            self.write()
        return self._asked or self._run.stop.is_set()

    def asked_to_stop(self) -> bool:
        """Return whether somebody asked this study, or its job, to stop."""
        with self._run.database.read(SYSTEM) as uow:
            return repository.stop_asked(
                uow.session, self._record.study_id
            ) or job_stop_asked(uow.session, self._run.record.job_id)  # fmt: skip

    def write(self) -> None:
        """Keep the best so far, unless an earlier try kept a better one."""
        if not self._is_new:
            return
        self._is_new = False
        last = self._trace[-1]
        if self._kept is not None and self._is_worse(last.value, self._kept):
            return
        sites = None
        if self._units is not None:
            sites = sites_of(self._material, self._form, self._units)
        view = progress_view(self._trace, relative_gap(last.value, last.bound), sites)
        with self._run.database.unit_of_work(SYSTEM) as writing:
            repository.change_study(
                writing.session, self._record.study_id, {"progress": as_json(view)}
            )
        if not self._run.stop.is_set():
            self._run.report(gap_words(self._measure, view), 0.5)

    def _is_worse(self, value: float, other: float) -> bool:
        return value < other if self._measure.sense == "most" else value > other
