"""What the command line does with studies: worked out in its own process, listed, compared."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from api.http.answers import json_text
from api.operations.command_jobs import Report, do_as_job
from api.operations.road_desk import road_desk
from gis.access import EVERYWHERE, SYSTEM
from gis.errors import InvalidInputError
from gis.provision import bring_up, open_database
from gis.settings import Settings
from planning.costs.model import Duty, Prices, prices_of, station_costs
from planning.coverage.views import PlaceName
from planning.studies.jobs import STUDY
from planning.studies.kinds import SITING, form_of, kind_of
from planning.studies.next_stations import NextStations, next_stations
from planning.studies.parameters import SitingForm
from planning.studies.service import compare_studies, keep_study, list_studies, read_study
from planning.studies.views import ComparisonView, SiteView, StudyLine, StudyView

MOST_SITES_SHOWN = 30


class StudyFileInvalidError(InvalidInputError):
    """A file given to a study command is not of the shape it wants."""

    code = "study_file_invalid"

    def __init__(self, file: Path, wanted: str) -> None:
        super().__init__(f"{file.name} cannot be used: {wanted}. Correct the file.")


def study_file(file: Path) -> tuple[str, str, Mapping[str, Any]]:
    """Return name, kind and parameters of a YAML file.

    Raises
    ------
    StudyFileInvalidError
        It is no YAML, or lacks one of them.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StudyFileInvalidError(file, "it is no YAML") from error
    if not isinstance(content, dict) or not isinstance(content.get("kind"), str):
        raise StudyFileInvalidError(file, "it needs `kind`, and may have `name` and `parameters`")
    strange = sorted(set(map(str, content)) - {"name", "kind", "parameters"})
    parameters = content.get("parameters") or {}
    if strange or not isinstance(parameters, dict):
        raise StudyFileInvalidError(file, "it has `name`, `kind` and `parameters`, nothing else")
    return str(content.get("name") or file.stem), content["kind"], parameters


def worked_out(
    settings: Settings,
    city_key: str,
    *,
    name: str,
    kind: str,
    parameters: Mapping[str, Any],
    shared: bool,
    show: Report,
) -> StudyView:
    """Keep a study of a city, work it out here, and return it."""
    with road_desk(settings, city_key) as desk:
        with desk.database.unit_of_work(SYSTEM) as uow:
            study_id = keep_study(
                uow, city_id=desk.city_id, name=name, kind=kind, parameters=parameters,
                shared=shared,
            )  # fmt: skip
        do_as_job(settings, STUDY, {"city_id": desk.city_id, "study_id": study_id}, show=show)
        with desk.database.read(SYSTEM) as uow:
            return read_study(uow, study_id)


def prices_file(file: Path) -> Prices:
    """Return the prices of a YAML file.

    Raises
    ------
    StudyFileInvalidError, CostsInputError
        It is no YAML mapping, or a price is missing, unknown or no number.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StudyFileInvalidError(file, "it is no YAML") from error
    if not isinstance(content, dict):
        raise StudyFileInvalidError(file, "it is a list of prices by name")
    return prices_of({str(name): value for name, value in content.items()})


def next_of(
    settings: Settings,
    city_key: str,
    parameters: Mapping[str, Any],
    *,
    prices: Prices | None,
    years: int,
    duty: str,
) -> NextStations:
    """Return what the next stations of a city buy; without prices they cost nothing."""
    form = form_of(SITING, parameters)
    assert isinstance(form, SitingForm)
    cost = 0.0 if prices is None else station_costs(prices, {Duty(duty): 1}, years=years).total
    with road_desk(settings, city_key) as desk:
        routing = desk.routing()
        with desk.database.read(SYSTEM) as uow, routing.at(uow, desk.city_id) as roads:
            return next_stations(
                uow, roads, desk.city_id, form, areas=(EVERYWHERE,), cost_each=cost
            )


def next_lines(
    view: NextStations, prices: Prices | None, *, as_json: bool
) -> Iterator[str]:  # fmt: skip
    """Yield what a person reads of it, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    for one in view.rows:
        share = one.people / one.of if one.of else 0.0
        told = f"+{one.more}: {one.people:,.0f} of {one.of:,.0f} people within reach ({share:.1%})"
        if one.more:
            told += (
                f", {one.gain:,.0f} more by this one (at least {one.gain_at_least:,.0f}, at most "
                f"{one.gain_at_most:,.0f})"
            )
            if prices is not None:
                each = "nobody" if one.cost_a_person is None else f"{one.cost_a_person:,.0f} each"
                told += f"; {one.cost:,.0f} {prices.currency} in all, {each}"
            told += f": {', '.join(one.new)}"
        yield told
    if prices is not None:
        yield f"Prices: {prices.source}."
    for sentence in view.sentences:
        yield sentence.en


def listed(settings: Settings, city_key: str) -> Iterator[str]:
    """Yield a line for each study of a city."""
    with road_desk(settings, city_key) as desk, desk.database.read(SYSTEM) as uow:
        for one in list_studies(uow, desk.city_id).studies:
            yield _line(one)


def compared(settings: Settings, first: int, second: int) -> ComparisonView:
    """Return two studies beside one another."""
    bring_up(settings)
    with closing(open_database(settings)) as database, database.read(SYSTEM) as uow:
        return compare_studies(uow, first, second)


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind's parameters; `StudyKindUnknownError` if there is none."""
    return json_text(kind_of(kind).form.model_json_schema())


def study_lines(view: StudyView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of a study, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield _line(view)
    answer = view.answer
    if answer is None:
        return
    today = "not known" if answer.value_before is None else f"{answer.value_before:,.1f}"
    limit_min = view.measure.limit_s / 60.0
    yield (
        f"{view.measure.words.en} ({limit_min:.3g} min): {answer.value:,.1f}, today "
        f"{today}, of {answer.of:,.0f} people counted; no plan beats {answer.bound:,.1f}"
    )
    yield (
        f"{answer.solver}, seed {answer.seed}, {answer.seconds:.1f} s, ended: {answer.ended}; "
        f"input {view.inputs.digest if view.inputs else 'not known'}"
    )
    changed = [one for one in answer.sites if one.new or one.units > one.units_before]
    for site in changed[:MOST_SITES_SHOWN]:
        chosen = "" if site.share_chosen is None else f", chosen in {site.share_chosen:.0%}"
        what = "new" if site.new else f"{site.units - site.units_before} more"
        yield f"{what}: {_site(site)}{chosen}"
    if len(changed) > MOST_SITES_SHOWN:
        yield f"and {len(changed) - MOST_SITES_SHOWN} more sites; --json has all of them"
    for row in answer.districts:
        yield (
            f"{_called(row.part, row.district)}: {_percent(row.share_before)} -> "
            f"{_percent(row.share_after)} of {row.known:,} people; {row.gains:,} gain, "
            f"{row.loses:,} lose"
        )
    for plan in answer.front:
        yield (
            f"front: {plan.value:,.0f} people, worst district "
            f"{_called('district', plan.worst_district)} {plan.worst_share:.1%}"
            + ("" if plan.tail_s is None else f", worst tenth {plan.tail_s / 60:.1f} min")
        )
    for other in answer.plans:
        gap = "" if other.gap is None else f", gap {other.gap:.3%}"
        yield (
            f"{other.code} {other.number}: {other.value:,.1f}, bound {other.bound:,.1f}{gap}: "
            f"{'; '.join(map(_site, other.sites))}"
        )
    for sentence in answer.sentences:
        yield sentence.en


def comparison_lines(view: ComparisonView, *, as_json: bool) -> Iterator[str]:
    """Yield what a person reads of two studies, or all of it as JSON."""
    if as_json:
        yield json_text(view)
        return
    yield f"first:  {_line(view.first)}"
    yield f"second: {_line(view.second)}"
    for said in view.differences:
        yield said.en
    for one in view.parameters:
        yield f"{one.words.en}: {one.first} | {one.second}"
    for which, sites in (
        ("both", view.sites_of_both), ("first alone", view.sites_of_first),
        ("second alone", view.sites_of_second),
    ):  # fmt: skip
        new = [_site(site) for site in sites if site.new]
        yield f"{which}: {len(sites)} sites{': ' if new else ''}{'; '.join(new)}"
    for row in view.districts:
        yield (
            f"{_called(row.part, row.district)}: {_percent(row.share_first)} | "
            f"{_percent(row.share_second)}; {row.gains:,} gain by the second, {row.loses:,} lose"
        )


def _line(one: StudyLine) -> str:
    gap = "" if one.gap is None else f", gap {one.gap:.3%}"
    return f"{one.study_id}: {one.name} ({one.kind}), {one.state}{gap}"


def _site(site: SiteView) -> str:
    name = site.name_en or site.name or site.key
    count = f", {site.units} units" if site.units > 1 else ""
    return f"{name} ({site.lon:.5f}, {site.lat:.5f}{count})"


def _called(part: str, place: PlaceName) -> str:
    if part == "city":
        return "the whole city"
    return place.name_en or place.name or "outside all districts"


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"
