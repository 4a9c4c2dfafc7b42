"""Use cases of studies: make, list, read, stop, share, remove, and set two beside one another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.identity_errors import MissingPermissionError
from gis.jobs import service as jobs
from gis.jurisdiction import reach_of
from gis.permissions import USER_ADMIN
from gis.words import Words
from planning.access.model import TimeOfDay
from planning.access.repository import read_cells as cells_now
from planning.access.repository import stamp as stamp_now
from planning.coverage.views import PlaceName
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.studies import repository
from planning.studies.errors import (
    StudiesNotComparableError,
    StudyNotFinishedError,
    StudyOverError,
    StudyUnknownError,
)
from planning.studies.jobs import STUDY
from planning.studies.kinds import BUDGET, KINDS, UNITS, form_of, kind_of, measure_of
from planning.studies.material import aeds_part, demand_part, profile_of, stations_part
from planning.studies.model import Outcome, district_rows
from planning.studies.parameters import AedsForm, AnyForm, limit_s_of
from planning.studies.record import CellsRecord, StudyRecord, Viewer
from planning.studies.stored import from_json
from planning.studies.views import (
    AnswerView,
    ComparedRow,
    ComparisonView,
    InputPart,
    InputsView,
    KindsView,
    KindView,
    MeasureView,
    ParameterDifference,
    ProgressView,
    StudiesView,
    StudyLine,
    StudyView,
)
from routing.live.pinned import PinnedRoads
from routing.rules.defaults import WALK_SPEED_M_S

MAX_LISTED = 200

ROADS_CHANGED = Words(
    en="Its roads changed since: the network was loaded anew.", zh="路网已更新：此后重新加载过。"
)
CONDITIONS_CHANGED = Words(
    en="Its roads changed since: closures or speeds are other than they were.",
    zh="路况已变化：封闭或车速与当时不同。",
)
PART_CHANGED: Mapping[str, Words] = {
    "demand": Words(en="The people by cell changed since.", zh="格网人口此后有更新。"),
    "stations": Words(
        en="The stations or their units changed since.", zh="急救站或车辆此后有变化。"
    ),
    "aeds": Words(en="The AEDs changed since.", zh="AED此后有变化。"),
}
WITHIN_REACH = "who is within reach"
CELLS_TELL: Mapping[str, str] = {
    UNITS: "the chance of a free unit", BUDGET: "who is served by units with room",
}  # fmt: skip
"""What the cells of a kind tell, where it is not who is within reach."""
OTHER_INPUT = Words(en="they differ in: {part}", zh="两者不同：{part}")


def kinds() -> KindsView:
    """Return the kinds of studies with the schemas of their parameters."""
    return KindsView(tuple(
        KindView(one.code, one.words, one.says, one.form.model_json_schema())
        for one in KINDS.values()
    ))  # fmt: skip


def make_study(
    uow: WritingUnitOfWork,
    *,
    city_id: int,
    name: str,
    kind: str,
    parameters: Mapping[str, Any],
    shared: bool = False,
) -> StudyView:
    """Keep a study and ask for the job that works it out.

    It counts people in the areas that the maker's right to read reaches.

    Raises
    ------
    CityUnknownError, StudyKindUnknownError, StudyParametersError
    """
    study_id = keep_study(
        uow, city_id=city_id, name=name, kind=kind, parameters=parameters, shared=shared
    )
    view = jobs.request(uow, STUDY, {"city_id": city_id, "study_id": study_id})
    repository.change_study(uow.session, study_id, {"job_id": view.job_id})
    return read_study(uow, study_id)


def keep_study(
    uow: WritingUnitOfWork, *, city_id: int, name: str, kind: str, parameters: Mapping[str, Any],
    shared: bool,
) -> int:  # fmt: skip
    """Keep what is asked, with all that was left out, and return its number; no job is asked for.

    Raises
    ------
    CityUnknownError, StudyKindUnknownError, StudyParametersError
    """
    require_city(uow, city_id)
    form = form_of(kind, parameters)
    return repository.insert_study(
        uow.session,
        {
            "city_id": city_id, "name": name, "kind": kind,
            "parameters": form.model_dump(mode="json"),
            "areas": list(reach_of(uow.identity, ACCESS_READ) or (EVERYWHERE,)), "shared": shared,
            "made_at": uow.clock.now(), "made_by": uow.identity.label,
        },
    )  # fmt: skip


def defer_study(uow: WritingUnitOfWork, study_id: int, *, due_at: datetime) -> None:
    """Have a study that is kept worked out later; what programs ask for stands in no log.

    Raises
    ------
    StudyUnknownError
    """
    arguments = {"city_id": require_study(uow, study_id).city_id, "study_id": study_id}
    job_id = jobs.defer(uow, STUDY, arguments, due_at=due_at)
    repository.change_study(uow.session, study_id, {"job_id": job_id})


def list_studies(uow: UnitOfWork, city_id: int, *, limit: int = 50) -> StudiesView:
    """Return a city's studies that the viewer may see, newest first."""
    require_city(uow, city_id)
    found = repository.read_studies(
        uow.session, city_id, _viewer(uow), limit=min(limit, MAX_LISTED)
    )
    return StudiesView(tuple(StudyLine(**_line(uow, one)) for one in found))


def read_study(uow: UnitOfWork, study_id: int, roads: PinnedRoads | None = None) -> StudyView:
    """Return a study; with `roads` also what changed since it was read.

    Raises
    ------
    StudyUnknownError
    """
    record = require_study(uow, study_id)
    form = form_of(record.kind, record.parameters)
    inputs = from_json(InputsView, record.inputs)
    return StudyView(
        **_line(uow, record),
        parameters=record.parameters,
        job_id=record.job_id,
        started_at=record.started_at,
        error=record.job_error if record.state == "failed" else None,
        measure=_measure(record.kind, form),
        inputs=inputs,
        changed=()
        if roads is None or inputs is None or record.finished_at is None
        else _changed(uow, record, inputs, roads),
        progress=from_json(ProgressView, record.progress),
        answer=from_json(AnswerView, record.answer),
    )


def city_of(uow: UnitOfWork, study_id: int) -> int:
    """Return the city of a study; `StudyUnknownError` if there is none for this viewer."""
    return require_study(uow, study_id).city_id


def stop_study(uow: WritingUnitOfWork, study_id: int) -> StudyView:
    """Ask a study to end with the best plan it has; one that waits ends at once, without.

    Raises
    ------
    StudyUnknownError, MissingPermissionError
    StudyOverError
        It has ended.
    """
    record = _changeable(uow, study_id)
    if record.state not in {"waiting", "running"}:
        raise StudyOverError(record.name)
    now = uow.clock.now()
    values: dict[str, datetime] = {"stop_asked_at": record.stop_asked_at or now}
    if record.started_at is None:
        values["finished_at"] = now
    repository.change_study(uow.session, study_id, values)
    return read_study(uow, study_id)


def share_study(uow: WritingUnitOfWork, study_id: int, *, shared: bool) -> StudyView:
    """Show a study to whoever may read in its areas, or to its maker alone.

    Raises
    ------
    StudyUnknownError, MissingPermissionError
    """
    _changeable(uow, study_id)
    repository.change_study(uow.session, study_id, {"shared": shared})
    return read_study(uow, study_id)


def remove_study(uow: WritingUnitOfWork, study_id: int) -> StudiesView:
    """Remove a study with its answer, and return those left; one at work finds out and ends.

    Raises
    ------
    StudyUnknownError, MissingPermissionError
    """
    city_id = _changeable(uow, study_id).city_id
    repository.delete_study(uow.session, study_id)
    return list_studies(uow, city_id)


def compare_studies(uow: UnitOfWork, first_id: int, second_id: int) -> ComparisonView:
    """Return two studies beside one another: sites, parameters, people by district.

    Raises
    ------
    StudyUnknownError, StudyNotFinishedError
    StudiesNotComparableError
        They are of two cities, count other cells, or have other limits.
    """
    first, second = require_study(uow, first_id), require_study(uow, second_id)
    firsts, seconds = compared_cells(uow, first, second)
    answers = [_answer(one) for one in (first, second)]
    asked = [form_of(one.kind, one.parameters) for one in (first, second)]
    keys = [{site.key: site.units for site in one.sites} for one in answers]
    both = {key for key in keys[0] if keys[1].get(key) == keys[0][key]}
    names = [row.district for row in answers[0].districts if row.part == "district"]
    differences = _differing_inputs(first, second)
    return ComparisonView(
        first=StudyLine(**_line(uow, first)),
        second=StudyLine(**_line(uow, second)),
        measure=_measure(first.kind, asked[0]),
        limit_s=limit_of(asked[0]),
        same_inputs=not differences,
        differences=differences,
        parameters=_differing_parameters(*asked),
        sites_of_both=tuple(one for one in answers[0].sites if one.key in both),
        sites_of_first=tuple(one for one in answers[0].sites if one.key not in both),
        sites_of_second=tuple(one for one in answers[1].sites if one.key not in both),
        districts=_compared_rows(firsts, seconds, names),
    )


def compared_cells(
    uow: UnitOfWork, first: StudyRecord, second: StudyRecord
) -> tuple[CellsRecord, CellsRecord]:
    """Return the cells of two studies, which are the same in the same order.

    Raises
    ------
    StudyNotFinishedError, StudiesNotComparableError
    """
    if first.city_id != second.city_id:
        raise StudiesNotComparableError(
            "The two studies are of two cities. Choose two of the same city."
        )
    found = [cells_of(uow, one) for one in (first, second)]
    limits = [limit_of(form_of(one.kind, one.parameters)) for one in (first, second)]
    means = [profile_of(form_of(one.kind, one.parameters)) for one in (first, second)]
    if limits[0] != limits[1] or means[0] is not means[1]:
        raise StudiesNotComparableError(
            f"“{first.name}” counts who is within {limits[0]:g} s and “{second.name}” within "
            f"{limits[1]:g} s, or by another means of travel. Make one of them anew."
        )
    tells = [CELLS_TELL.get(one.kind, WITHIN_REACH) for one in (first, second)]
    if tells[0] != tells[1]:
        raise StudiesNotComparableError(
            f"“{first.name}” tells {tells[0]} of each cell and “{second.name}” {tells[1]}: "
            "a difference would say nothing. Compare two of one kind."
        )
    same = list(found[0].cells) == list(found[1].cells)
    if not same or not np.array_equal(found[0].people, found[1].people):
        raise StudiesNotComparableError(
            "The two studies count other people: the population, the time of day or the areas "
            "differ. Make the older one anew."
        )
    return found[0], found[1]


def require_study(uow: UnitOfWork, study_id: int) -> StudyRecord:
    """Return a study; `StudyUnknownError` if there is none for this viewer."""
    record = repository.read_study(uow.session, study_id, _viewer(uow))
    if record is None:
        raise StudyUnknownError(study_id)
    return record


def cells_of(uow: UnitOfWork, record: StudyRecord) -> CellsRecord:
    """Return the cells of a study's answer; `StudyNotFinishedError` if it has none."""
    found = repository.read_cells(uow.session, record.study_id)
    if found is None:
        raise StudyNotFinishedError(record.name)
    return found


def limit_of(form: AnyForm) -> float:
    """Return the limit of a study in seconds."""
    return limit_s_of(form, walk_speed_m_s=WALK_SPEED_M_S)


def _measure(kind: str, form: AnyForm) -> MeasureView:
    found = measure_of(kind, form)
    return MeasureView(found.code, found.words, found.unit, found.sense, limit_of(form))


def _answer(record: StudyRecord) -> AnswerView:
    found = from_json(AnswerView, record.answer)
    if found is None:
        raise StudyNotFinishedError(record.name)
    return found


def _viewer(uow: UnitOfWork) -> Viewer | None:
    if uow.identity.allows(USER_ADMIN):
        return None
    return Viewer(uow.identity.label, reach_of(uow.identity, ACCESS_READ))


def _may_change(uow: UnitOfWork, record: StudyRecord) -> bool:
    return uow.identity.holds_any((STUDY_WRITE,)) and (
        record.made_by == uow.identity.label or uow.identity.allows(USER_ADMIN)
    )


def _changeable(uow: WritingUnitOfWork, study_id: int) -> StudyRecord:
    require_study(uow, study_id)
    repository.lock_study(uow.session, study_id)
    record = require_study(uow, study_id)
    if not _may_change(uow, record):
        raise MissingPermissionError(STUDY_WRITE)
    return record


def _line(uow: UnitOfWork, record: StudyRecord) -> dict[str, Any]:
    best: Mapping[str, Any] = record.answer or record.progress or {}
    return {
        "study_id": record.study_id, "city_id": record.city_id, "name": record.name,
        "kind": record.kind, "kind_words": kind_of(record.kind).words, "state": record.state,
        "shared": record.shared, "mine": record.made_by == uow.identity.label,
        "may_change": _may_change(uow, record), "made_at": record.made_at,
        "made_by": record.made_by, "finished_at": record.finished_at,
        "value": best.get("value"), "bound": best.get("bound"), "gap": best.get("gap"),
        "ended": best.get("ended"),
    }  # fmt: skip


def _changed(
    uow: UnitOfWork, record: StudyRecord, inputs: InputsView, roads: PinnedRoads
) -> tuple[Words, ...]:
    form = form_of(record.kind, record.parameters)
    was = {one.code: one for one in inputs.parts}
    said: list[Words] = []
    versions = roads.versions(profile_of(form))
    if versions is not None:
        topology, conditions = was["roads"].version.split(" ", maxsplit=1)
        if str(versions.topology_id) != topology:
            said.append(ROADS_CHANGED)
        elif str(versions.conditions_id) != conditions:
            said.append(CONDITIONS_CHANGED)
    if isinstance(form, AedsForm):
        standing = aeds_part(uow, record.city_id, form.hour)[1]
    else:
        standing = stations_part(uow, record.city_id, uow.clock.now()).part
    if standing.digest != was[standing.code].digest:
        said.append(PART_CHANGED[standing.code])
    if _other_people(uow, record, form.time_of_day, was["demand"]):
        said.append(PART_CHANGED["demand"])
    return tuple(said)


def _other_people(
    uow: UnitOfWork, record: StudyRecord, time_of_day: TimeOfDay, was: InputPart
) -> bool:
    """Say whether the people by cell are others; of a part of a city, whether they were written."""
    stamp = stamp_now(uow.session, record.city_id, time_of_day)
    if stamp == was.stamp:
        return False
    # The same people written anew, as a backup that is put back does, are no others.
    cells, _ = cells_now(uow.session, record.city_id, time_of_day)
    now = demand_part(cells, time_of_day, stamp)
    return EVERYWHERE not in record.areas or now.digest != was.digest


def _differing_inputs(first: StudyRecord, second: StudyRecord) -> tuple[Words, ...]:
    parts = [
        {one.code: one for one in (from_json(InputsView, of.inputs) or InputsView("", 0, ())).parts}
        for of in (first, second)
    ]
    shared = [code for code in parts[0] if code in parts[1] and code not in {"sites", "travel"}]
    return tuple(
        OTHER_INPUT.filled(part=parts[0][code].words)
        for code in shared
        if parts[0][code].digest != parts[1][code].digest
    )


def _differing_parameters(first: AnyForm, second: AnyForm) -> tuple[ParameterDifference, ...]:
    given = [one.model_dump(mode="json") for one in (first, second)]
    asked = {**type(second).model_json_schema()["properties"],
             **type(first).model_json_schema()["properties"]}  # fmt: skip
    return tuple(
        ParameterDifference(
            name, Words.from_json(one["x-words"]), given[0].get(name), given[1].get(name)
        )
        for name, one in asked.items()
        if given[0].get(name) != given[1].get(name)
    )


def _compared_rows(
    first: CellsRecord, second: CellsRecord, names: Sequence[PlaceName]
) -> tuple[ComparedRow, ...]:
    outcome = Outcome(
        first.after_s.astype(np.float32), second.after_s.astype(np.float32), first.after,
        second.after, np.full(len(first.cells), -1),
    )  # fmt: skip
    return tuple(
        ComparedRow(
            one.part, one.district, one.people, one.known, one.before, one.after, one.share_before,
            one.share_after, one.gains, one.loses, one.quicker, one.slower,
        )
        for one in district_rows(first.people, first.district, names, outcome)
    )  # fmt: skip
