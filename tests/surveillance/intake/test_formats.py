"""Workbooks with merged headers, Parquet, FHIR bundles and mappings come to the same rows."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.datum import Datum, DatumRequiredError
from gis.pseudonyms.keys import PseudonymKeys
from surveillance.diseases.table import disease_table
from surveillance.intake.compose import age_years, institution_key
from surveillance.intake.counted import age_band
from surveillance.intake.errors import BundleRefusedError, MappingRefusedError
from surveillance.intake.mapping import SourceMapping, mapping_of, parse_mapping, report_card
from surveillance.intake.persons import check_sign, identity_number
from surveillance.intake.places import Areas
from surveillance.intake.schemas import LINE_LIST
from surveillance.intake.service import Given, Known, Prepared, prepare

AS_OF = datetime(2026, 4, 1, tzinfo=UTC)


def understood(path: Path, folder: Path, **mapping: Any) -> Prepared:
    known = Known(
        source_kind=None, mapping=SourceMapping(**mapping) if mapping else None, areas=Areas([]),
        gazetteer={}, time_zone="Asia/Shanghai", as_of=AS_OF,
    )  # fmt: skip
    given = Given(path=path, file_name=path.name, city_id=1, source="test")
    return prepare(given, known, PseudonymKeys(folder / "keys"))


def days(prepared: Prepared, name: str) -> list[str]:
    assert prepared.reports is not None
    return [str(day)[:10] for day in prepared.reports.columns[name]]


def test_a_merged_header_of_two_rows_and_excel_s_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某市传染病报告卡"])
    sheet.append(["卡片ID", "病种", "日期", None, None])
    sheet.append([None, None, "发病日期", "诊断时间", "录入时间"])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("C2:E2")
    seen = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 (local, as all of Excel's)
    sheet.append([1, "登革热", date(2026, 3, 1), seen, 46083.5])
    book.save(tmp_path / "a.xlsx")
    prepared = understood(tmp_path / "a.xlsx", tmp_path)
    assert days(prepared, "onset_on") == ["2026-03-01"]
    assert days(prepared, "diagnosed_on") == ["2026-03-02"]
    assert days(prepared, "entered_on") == ["2026-03-02"]
    assert "the time of entry: numbers were read as days of Excel (1900 system)." in prepared.told


def test_a_row_of_data_below_a_plain_header_stays_data(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["case_id", "disease", "sex"], ["1", "dengue", "female"], ["2", "dengue", "m"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert understood(tmp_path / "a.xlsx", tmp_path).intake.report.rows_accepted == 2


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "COPY (SELECT 7 AS case_id, 'A90' AS disease, DATE '2026-03-01' AS onset)"
            f" TO '{path}' (FORMAT parquet)"
        )
    prepared = understood(path, tmp_path)
    assert prepared.reports is not None
    assert list(prepared.reports.source_key) == ["7"]
    assert list(prepared.reports.columns["disease"]) == ["dengue"]
    assert days(prepared, "onset_on") == ["2026-03-01"]


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection",
         "entry": [{"resource": one} for one in resources]}
    )  # fmt: skip


PATIENT = {
    "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990-05-05",
    "name": [{"family": "李", "given": ["娜"]}],
    "telecom": [{"system": "phone", "value": "13900000000"}],
    "address": [{"text": "一号", "postalCode": "440399", "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/geolocation", "extension": [
            {"url": "latitude", "valueDecimal": 22.5}, {"url": "longitude", "valueDecimal": 114.0},
        ]}
    ]}],
}  # fmt: skip
CONDITION = {
    "resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "A90"}]},
    "onsetDateTime": "2026-03-01", "recordedDate": "2026-03-02T08:00:00Z",
    "meta": {"lastUpdated": "2026-03-04T00:00:00Z"},
}  # fmt: skip
OBSERVATION = {
    "resourceType": "Observation", "id": "o", "status": "final",
    "subject": {"reference": "Patient/p"}, "code": {"text": "Dengue"},
    "interpretation": [{"coding": [{"code": "POS"}]}], "effectiveDateTime": "2026-03-03",
}  # fmt: skip
ENCOUNTER = {
    "resourceType": "Encounter", "id": "e", "status": "finished",
    "subject": {"reference": "Patient/p"}, "period": {"start": "2026-03-05T01:00:00+08:00"},
    "reasonCode": [{"text": "Influenza-like illness"}],
    "serviceProvider": {"display": "人民医院"},
}  # fmt: skip


def test_a_bundle_gives_conditions_positive_tests_and_encounters(tmp_path: Path) -> None:
    negative = OBSERVATION | {"id": "n", "interpretation": [{"coding": [{"code": "NEG"}]}]}
    wrong = CONDITION | {
        "id": "w",
        "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
    }
    path = tmp_path / "a.json"
    path.write_text(bundle(PATIENT, CONDITION, OBSERVATION, negative, ENCOUNTER, wrong), "utf-8")
    prepared = understood(path, tmp_path)
    reports = prepared.reports
    assert reports is not None
    assert list(reports.source_key) == [
        "Condition/c", "Observation/o", "Encounter/e#1", "Condition/w"
    ]  # fmt: skip
    assert list(reports.columns["disease"]) == [
        "dengue", "dengue", "influenza_like_illness", "dengue"
    ]  # fmt: skip
    assert list(reports.columns["classification"]) == [
        "confirmed", "positive", "suspect", "unknown"
    ]  # fmt: skip
    assert days(prepared, "onset_on")[0] == "2026-03-01"
    assert days(prepared, "entered_on")[0] == "2026-03-02"
    assert str(reports.stated_at[0])[:19] == "2026-03-04T00:00:00"
    assert [str(one)[:4] for one in reports.columns["deleted_at"]] == ["NaT"] * 3 + ["2026"]
    assert list(reports.persons["name"]) == ["李娜"] * 4
    assert reports.columns["reporting_unit"][2] == "人民医院"
    assert len(set(reports.person_digest)) == 1


@pytest.mark.parametrize("content", [bundle(PATIENT), '{"resourceType": "Bundle"}', '{"Bundle"'])
def test_a_bundle_without_cases_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    if '"resourceType": "Bundle"' in content or content == '{"Bundle"':
        with pytest.raises(BundleRefusedError, match="Nothing was loaded"):
            understood(path, tmp_path)


MAPPING = """
name: our list
columns: {source_key: Nr, disease: =dengue, onset: Beginn, phone: }
diseases: {DEN: dengue}
day_first: true
datum: gcj02
time_zone: Europe/Berlin
"""


def test_a_mapping_is_written_and_read_again(tmp_path: Path) -> None:
    table = disease_table()
    mapping = parse_mapping(MAPPING, table)
    assert mapping.columns["phone"] == "="
    assert mapping.datum is Datum.GCJ02
    assert parse_mapping(mapping.as_yaml(), table) == mapping
    assert mapping_of(json.loads(json.dumps(mapping.as_json())), table) == mapping
    path = tmp_path / "a.csv"
    path.write_text("Nr;Beginn;Telefon;phone\n1;03/04/2025;1;2\n")
    prepared = understood(path, tmp_path, columns=mapping.columns, day_first=True)
    assert days(prepared, "onset_on") == ["2025-04-03"]
    assert prepared.reports is not None
    assert list(prepared.reports.persons["phone"]) == [None]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("- a", "no names with values"), ("a: [", "no YAML"), ("colour: red", "no part of one"),
        ("kind: x", "kind is one of line_list, counts"), ("columns: {x: y}", "is no field"),
        ("diseases: {x: y}", "is no code of the table"), ("day_first: 1", "true or false"),
        ("columns: x", "columns has fields"), ("diseases: x", "diseases has words"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_says_why(content: str, why: str) -> None:
    with pytest.raises(MappingRefusedError, match=why):
        parse_mapping(content, disease_table())


def test_a_mapping_with_an_unknown_datum_is_refused() -> None:
    with pytest.raises(DatumRequiredError):
        parse_mapping("datum: moon", disease_table())


def test_the_built_in_mapping_names_fields_that_are() -> None:
    assert set(report_card().columns) <= {one.name for one in LINE_LIST.fields}


def test_identity_numbers_are_checked_and_brought_to_one_form() -> None:
    """11010519491231002X is the example of GB 11643-1999."""
    assert identity_number("11010519491231002X") == "11010519491231002X"
    assert identity_number("11010519491231002x ") == "11010519491231002X"
    assert identity_number("110105491231002") == "11010519491231002X"
    assert identity_number("110105194912310021") is None
    assert identity_number("11010519491331" + "002" + check_sign("11010519491331002")) is None


@given(st.integers(0, 129), st.sampled_from(["", "岁", " y", " years"]))
def test_ages_in_years_are_read_as_written(age: int, unit: str) -> None:
    assert age_years(f"{age}{unit}") == age


@pytest.mark.parametrize(
    ("written", "years"),
    [("8月", 8 / 12), ("8个月", 8 / 12), ("20天", 20 / 365.25), ("3 weeks", 21 / 365.25),
     ("0", 0.0), ("130", None), ("old", None), ("", None), ("-1", None)],
)  # fmt: skip
def test_ages_of_small_children_and_none(written: str, years: float | None) -> None:
    assert age_years(written) == pytest.approx(years)


@pytest.mark.parametrize(
    ("written", "band"),
    [("0-4", (0, 5)), ("0～4岁", None), ("5岁以下", (0, 5)), ("<5", (0, 5)), ("合计", (0, None)),
     ("85+", (85, None)), ("85岁及以上", (85, None)), ("x", None)],
)  # fmt: skip
def test_age_bands(written: str, band: tuple[int, int | None] | None) -> None:
    found = age_band(written)
    if band is None:
        assert found is None
        return
    assert found is not None
    assert found[0] == band[0]
    assert (None if found[1] != found[1] else found[1]) == band[1]


@given(st.text(max_size=60))
def test_institutions_keep_a_name(name: str) -> None:
    assert institution_key(institution_key(name)) == institution_key(name)
