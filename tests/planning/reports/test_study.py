"""The report on a study: its figures, its bound, who gains, and what it does not say."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import shapely

from gis.documents import Column, Document, MapFigure, Paragraph, Table, Tone
from gis.rooms.layers import Provenance
from gis.words import LANGUAGES
from maps.reports.ground import Ground
from maps.reports.html_file import make
from maps.reports.pictures import draw
from planning.recorded.calibrate import UNCALIBRATED
from planning.reports import caveats
from planning.reports.study import compose
from planning.studies.errors import StudyNotFinishedError
from planning.studies.kinds import form_of, kind_of, measure_of
from planning.studies.solving import Told, solve
from planning.studies.telling import answer_view, cells_record
from planning.studies.views import InputPart, InputsView, MeasureView, StudyView
from tests.planning.studies.cases import street
from tests.reports import CITY, SCRIPT

DEMAND = InputPart("demand", kind_of("siting").words, "test, 2020", "aa" * 16)
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def study(kind: str = "siting", name: str = "One more", **asked: Any) -> tuple[StudyView, Any]:
    """A study of a street of ten cells, worked out; its station stands at one end."""
    material = street(units=1)
    shapes = [
        shapely.to_wkb(shapely.box(x - 0.005, -0.005, x + 0.005, 0.005))
        for x in material.cells.lonlat[:, 0].tolist()
    ]
    material = replace(material, cells=replace(material.cells, shapes=shapes))
    search = {} if kind == "coverage" else {"rounds": 20}
    form = form_of(kind, {"reach_min": 2.0, **search, **asked})
    solved = solve(material, form, limit_s=120.0, told=Told())
    answer = answer_view(material, form, solved, limited=False)
    measure = measure_of(kind, form)
    view = StudyView(
        study_id=7, city_id=1, name=name, kind=kind, kind_words=kind_of(kind).words, state="done",
        shared=True, mine=True, may_change=True, made_at=NOW, made_by="planner", finished_at=NOW,
        value=answer.value, bound=answer.bound, gap=answer.gap, ended=answer.ended,
        parameters=form.model_dump(mode="json"), job_id=1, started_at=NOW, error=None,
        measure=MeasureView(
            measure.code, measure.words, measure.unit, measure.sense, 120.0
        ),
        inputs=InputsView("ff" * 16, 1, (DEMAND,)),
        changed=(), progress=None, answer=answer,
    )  # fmt: skip
    return view, cells_record(material, solved)


def report(kind: str = "siting", **asked: Any) -> Document:
    view, cells = study(kind, **asked)
    return compose(CITY, view, cells, as_of=NOW, simulated=False)


def table(document: Document, name: str) -> Table:
    return next(one for one in document.tables if one.name == name)


def said(document: Document, tone: Tone | None = None) -> str:
    return "\n".join(
        one.words.en
        for one in document.blocks
        if isinstance(one, Paragraph) and tone in {None, one.tone}
    )


def test_what_it_finds_is_what_the_study_found() -> None:
    view, cells = study()
    document = compose(CITY, view, cells, as_of=NOW, simulated=False)
    assert view.answer is not None
    whole = view.answer.districts[0]
    found = said(document, Tone.FINDING)
    assert f"{whole.gains:,} gain, {whole.loses:,} lose" in found
    assert "proven to be the best" in found
    assert "gap 0 %" in found
    assert "New sites (1): at " in found
    total = table(document, "districts").total
    assert total is not None
    assert total[1:6] == (
        whole.people, whole.share_before * 100, whole.share_after * 100, whole.gains, whole.loses
    )  # fmt: skip
    # Those who gain are the surface of those who gain, cell by cell.
    figure = next(one for one in document.blocks if isinstance(one, MapFigure))
    gained = np.asarray(cells.after) - np.asarray(cells.before) > 0
    drawn = {one.shade.letter: one.shape.area for one in figure.surfaces}
    assert drawn["+"] == pytest.approx(1e-4 * gained.sum())
    assert {one.letter for layer in figure.marks for one in layer.used} == {"S", "N"}


def test_it_says_what_it_does_not_say_and_what_it_came_from() -> None:
    document = report()
    assert said(document, Tone.CAUTION).startswith(UNCALIBRATED.en)
    text = said(document)
    for words in (*caveats.EVERY_STUDY, caveats.WITHIN_IS_NOT_SERVED):
        assert words.en in text
    assert document.provenance is Provenance.MODELLED
    assert document.period == "7"
    rows = table(document, "inputs").rows
    assert rows[-1][-1].en.replace(" ", "") == "ff" * 16  # type: ignore[union-attr]
    asked = {row[0].en: row[1].en for row in table(document, "parameters").rows}  # type: ignore[union-attr]
    assert asked["reach, minutes by road"] == "2"


def test_a_change_without_a_search_shows_no_search() -> None:
    document = report("coverage", sites=[])
    assert document.charts == ()
    assert "no plan can be better" not in said(document)
    assert caveats.BOUND_MEANS.en not in said(document)


def test_units_are_told_by_what_people_can_expect() -> None:
    found = said(report("units", new_units=1), Tone.FINDING)
    assert "with a free unit to be expected within 2 min" in found
    assert "More units at stations that stand" in found or "New sites" in found


def test_a_study_without_an_answer_has_no_report() -> None:
    view, cells = study()
    with pytest.raises(StudyNotFinishedError):
        compose(CITY, replace(view, answer=None), cells, as_of=NOW, simulated=False)


def test_it_is_a_page_in_both_languages_and_a_name_stays_a_name() -> None:
    view, cells = study(name=SCRIPT)
    document = compose(CITY, view, cells, as_of=NOW, simulated=True)
    ground = Ground((-0.01, -0.01, 0.11, 0.01), (), shapely.MultiPolygon(), (), ())
    for language in LANGUAGES:
        page = make(document, draw(document, {"change": ground}, language)).decode()
        assert SCRIPT not in page
        assert "<svg" in page
        assert document.title.in_language(language)[:3] in page
    columns = table(document, "districts").columns
    assert all(isinstance(one, Column) for one in columns)
