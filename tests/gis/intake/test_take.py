"""Taking a table in: every row accepted or rejected once, every lost value told."""

import csv
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.datum import DatumRequiredError
from gis.intake.errors import ColumnMissingError, UnknownFieldError, UnknownTimeZoneError
from gis.intake.model import Field, How, Kind, Schema
from gis.intake.moments import TimeOptions
from gis.intake.take import IntakeOptions, refuse, take_in, write_rejects
from tests.gis.intake.tables import PEOPLE, as_csv, write_geojson

HEADER = ["ref", "name", "beds", "weight_kg", "born", "seen_at", "open", "kind"]
GOOD = ["A1", "Library", "12", "70.5", "1990-01-02", "2024-03-05 10:00", "yes", "hospital"]
PLACES = Schema(fields=(Field(name="ref", required=True),), placed=True)


def take(tmp_path, rows, *, schema=PEOPLE, options=None):
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv(rows))
    return take_in(path, schema, options or IntakeOptions())


def changed(number, **values):
    row = [f"R{number}", *GOOD[1:]]
    for name, value in values.items():
        row[HEADER.index(name)] = value
    return row


def test_one_bad_field_costs_one_field_and_one_bad_row_one_row(tmp_path):
    rows = [HEADER, GOOD, changed(2, beds="many", open="perhaps"), changed(3, ref="")]
    intake = take(tmp_path, rows)
    assert intake.table["ref"].tolist() == ["A1", "R2"]
    assert intake.table["beds"].isna().tolist() == [False, True]
    lost = intake.lost_fields[["row_number", "field", "value"]].to_numpy().tolist()
    assert lost == [[3, "beds", "many"], [3, "open", "perhaps"]]
    assert intake.rejects["reason"].tolist() == ["ref is missing"]
    assert intake.rejects["row_number"].tolist() == [4]
    report = intake.report
    assert (report.rows_read, report.rows_accepted, report.rows_rejected) == (3, 2, 1)
    assert report.fields_lost == 2


def test_guesses_are_told_and_what_is_given_goes_first(tmp_path):
    rows = [["编号", "名称", "nombre", "床位(张)", "other"], ["1", "甲", "Uno", "5", "7"]]
    intake = take(tmp_path, rows)
    name = next(use for use in intake.report.columns if use.field == "name")
    assert (name.column, name.how, name.also) == ("名称", How.GUESSED, ("nombre",))
    assert intake.table["beds"].tolist() == [5]
    assert intake.report.columns_unused == ("nombre", "other")
    told = "\n".join(intake.report.sentences())
    assert "name: guessed “名称” (not “nombre”)" in told
    assert "Not used: nombre, other." in told
    given = {"name": "nombre", "beds": "other", "kind": "=clinic"}
    intake = take(tmp_path, rows, options=IntakeOptions(mapping=given))
    assert intake.table[["name", "beds", "kind"]].to_numpy().tolist() == [["Uno", 7, "clinic"]]
    assert [use.how for use in intake.report.columns if use.field == "kind"] == [How.CONSTANT]


def test_what_is_refused_as_a_whole(tmp_path):
    with pytest.raises(ColumnMissingError, match="no column for ref"):
        take(tmp_path, [["name"], ["A"]])
    with pytest.raises(UnknownFieldError, match="“colour” is no field"):
        take(tmp_path, [HEADER, GOOD], options=IntakeOptions(mapping={"colour": "name"}))
    with pytest.raises(ColumnMissingError, match="name \\(title\\)"):
        take(tmp_path, [HEADER, GOOD], options=IntakeOptions(mapping={"name": "title"}))
    with pytest.raises(UnknownTimeZoneError):
        take(tmp_path, [HEADER, GOOD], options=IntakeOptions(time=TimeOptions("Nowhere")))
    with pytest.raises(DatumRequiredError):
        take(tmp_path, [["ref", "lon", "lat"], ["1", "1", "2"]], schema=PLACES)
    with pytest.raises(ColumnMissingError, match="longitude and latitude"):
        take(tmp_path, [["ref"], ["1"]], schema=PLACES, options=IntakeOptions(datum="wgs84"))


def test_places_anywhere_on_earth_without_bounds(tmp_path):
    rows = [["ref", "经度", "纬度"], ["1", "-71,25", "-29,9"], ["2", "200", "10"], ["3", "", "1"]]
    intake = take(tmp_path, rows, schema=PLACES, options=IntakeOptions(datum="wgs84"))
    assert (intake.lon.tolist(), intake.lat.tolist()) == ([-71.25], [-29.9])
    assert "no place on Earth" in intake.rejects["reason"].tolist()[0]
    assert "coordinates are missing" in intake.rejects["reason"].tolist()[1]


def test_the_second_of_two_equal_rows_is_rejected_with_the_number_of_the_first(tmp_path):
    intake = take(tmp_path, [HEADER, GOOD, changed(2), GOOD, GOOD])
    assert intake.table["ref"].tolist() == ["A1", "R2"]
    assert intake.rejects["reason"].tolist() == ["the same entry stands in row 2"] * 2
    assert intake.report.rows_repeated == 2


def test_a_room_can_refuse_rows_afterwards(tmp_path):
    intake = take(tmp_path, [HEADER, GOOD, changed(2, beds="x"), changed(3)])
    later = refuse(intake, {1: "it is closed"})
    assert later.table["ref"].tolist() == ["A1", "R3"]
    assert later.rejects["reason"].tolist() == ["it is closed"]
    assert later.report.fields_lost == 0
    assert later.report.rows_read == later.report.rows_accepted + later.report.rows_rejected == 3


def test_rejects_open_in_a_spreadsheet_and_run_nothing(tmp_path):
    rows = [HEADER, changed(1, ref="", name="=1+1"), changed(2, ref="", name="甲")]
    write_rejects(take(tmp_path, rows).rejects, tmp_path / "rejects.csv")
    content = (tmp_path / "rejects.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["name"] for row in read] == ["'=1+1", "甲"]
    assert [row["row_number"] for row in read] == ["2", "3"]


def test_lone_surrogates_and_endless_digits_in_json_cost_their_fields(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", [HEADER, GOOD])
    document = json.loads(path.read_text())
    document["features"][0]["properties"]["name"] = "\ud800"
    text = json.dumps(document).replace('"beds": "12"', '"beds": ' + "9" * 5_000)
    path.write_text(text.replace('"weight_kg": "70.5"', '"weight_kg": NaN'))
    intake = take_in(path, PEOPLE, IntakeOptions())
    assert intake.report.rows_accepted == 1
    assert intake.lost_fields["field"].tolist() == ["name", "beds"]
    assert intake.table["weight_kg"].isna().all()


bad_values = st.sampled_from(
    [("beds", "-1"), ("beds", "1.5"), ("born", "2024-02-30"), ("seen_at", "x"), ("open", "?!"),
     ("kind", "shop"), ("weight_kg", "heavy"), ("name", "a\x00b")]
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.lists(bad_values, max_size=3, unique_by=lambda bad: bad[0])),
        min_size=1, max_size=25,
    ),
    seed=st.integers(0, 999),
)  # fmt: skip
def test_exactly_the_injected_rows_and_values_fall_out(tmp_path, rows, seed):
    written = [HEADER]
    for number, (torn, bad) in enumerate(rows):
        written.append(changed(number, **dict(bad), **({"ref": ""} if torn else {})))
    order = random.Random(seed).sample(range(len(HEADER)), len(HEADER))
    intake = take(tmp_path, [[row[at] for at in order] for row in written])
    numbered = list(enumerate(rows, start=2))
    assert intake.rejects["row_number"].tolist() == [row for row, (torn, _) in numbered if torn]
    assert intake.row_number.tolist() == [row for row, (torn, _) in numbered if not torn]
    lost = zip(intake.lost_fields["row_number"], intake.lost_fields["field"], strict=True)
    assert {(int(row), field) for row, field in lost} == {
        (row, field) for row, (torn, bad) in numbered if not torn for field, _ in bad
    }
    report = intake.report
    assert report.rows_read == len(rows) == report.rows_accepted + report.rows_rejected
    assert report.fields_lost == len(intake.lost_fields)


def test_kinds_have_the_types_they_promise(tmp_path):
    table = take(tmp_path, [HEADER, GOOD]).table
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {
        "ref": "object", "name": "object", "beds": "Int64", "weight_kg": "float64",
        "born": "datetime64[us]", "seen_at": "datetime64[us, UTC]", "open": "boolean",
        "kind": "object",
    }  # fmt: skip
    assert {field.kind for field in PEOPLE.fields} == set(Kind)
