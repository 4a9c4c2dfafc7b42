"""The table of diseases answers by name, code, ICD-10 and day as the law of that day has it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.detect.cidars import FIXED_VALUES, PERCENTILES
from surveillance.detect.institutions import RULES
from surveillance.diseases.errors import DiseaseTableRefusedError, DiseaseUnknownError
from surveillance.diseases.model import SHARING, Sensitive
from surveillance.diseases.table import disease_table, read_table_of_diseases

TABLE = disease_table()
CODES = sorted(TABLE.diseases)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 12, 31))


def law(code: str, day: date) -> tuple[str, str, int] | None:
    term = TABLE.get(code).term_on(day)
    return term and (term.legal_class, term.managed_as, term.hours)


def test_mpox_is_of_class_b_from_20_september_2023() -> None:
    assert law("mpox", date(2023, 9, 19)) is None
    assert law("mpox", date(2023, 9, 20)) == ("B", "B", 24)


def test_covid_19_was_managed_as_class_a_until_8_january_2023() -> None:
    assert law("covid_19", date(2020, 1, 19)) is None
    assert law("covid_19", date(2023, 1, 7)) == ("B", "A", 2)
    assert law("covid_19", date(2023, 1, 8)) == ("B", "B", 24)


def test_avian_influenzas_are_one_entry_from_1_september_2025_and_one_series() -> None:
    assert law("avian_influenza_h7n9", date(2025, 8, 31)) == ("B", "B", 24)
    for code in ("avian_influenza_h7n9", "avian_influenza_h5n1"):
        assert law(code, date(2025, 9, 1)) is None
        assert TABLE.series_of(code, date(2025, 8, 31)) == code
        assert TABLE.series_of(code, date(2025, 9, 1)) == "novel_influenza"
    assert TABLE.counted_in("novel_influenza") == {
        "novel_influenza", "avian_influenza_h7n9", "avian_influenza_h5n1"
    }  # fmt: skip


def test_plague_and_cholera_are_reported_within_two_hours() -> None:
    assert {code for code in CODES if (found := law(code, date(2026, 1, 1))) and found[0] == "A"} \
        == {"plague", "cholera"}  # fmt: skip
    assert law("plague", date(2026, 1, 1)) == ("A", "A", 2)
    assert law("anthrax_pulmonary", date(2026, 1, 1)) == ("B", "A", 2)


def test_the_law_in_force_from_september_2025_has_40_diseases() -> None:
    """2 of class A, 27 of class B, 11 of class C; forms of a disease are no disease of their own.

    Law on the Prevention and Treatment of Infectious Diseases, revised 2025, article 3.
    """
    in_force = [
        term.legal_class
        for disease in TABLE
        if disease.parent is None and (term := disease.term_on(date(2025, 9, 1)))
    ]
    assert [in_force.count(one) for one in "ABC"] == [2, 27, 11]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("登革热", "dengue"), ("Dengue", "dengue"), ("A90", "dengue"), ("a97.1", "dengue"),
        ("乙肝", "hepatitis_b"), ("伤寒", "typhoid"), ("A010", "typhoid"),
        ("A01", "typhoid_paratyphoid"),
        ("新型冠状病毒肺炎", "covid_19"), ("U07.1", "covid_19"), ("A22.1", "anthrax_pulmonary"),
        ("其它感染性腹泻病", "infectious_diarrhoea"),
        ("hand, foot and mouth disease", "hand_foot_mouth"),
        ("B20.1", "aids"), ("肝炎(未分型)", "hepatitis_other"),
        ("no such disease", None), ("A", None), ("Z99", None),
    ],
)  # fmt: skip
def test_a_disease_is_found_by_what_reports_write(written: str, code: str | None) -> None:
    assert TABLE.find(written) == code


def test_detectors_name_diseases_of_the_table() -> None:
    named = {*PERCENTILES, *FIXED_VALUES, *(one for rule in RULES for one in rule.diseases)}
    assert named <= set(CODES)


def test_every_name_leads_to_one_disease() -> None:
    for disease in TABLE:
        for name in (disease.code, disease.words.zh, disease.words.en, *disease.written):
            assert TABLE.find(name) == disease.code, name


@given(st.sampled_from(CODES), DAYS, DAYS)
def test_once_joined_a_series_stays_joined(code: str, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    joined = TABLE.series_of(code, later)
    assert TABLE.series_of(TABLE.series_of(code, earlier), later) == joined
    assert code in TABLE.counted_in(joined)


def test_hiv_is_kept_close_at_any_age_and_dengue_of_a_child() -> None:
    assert TABLE.sensitivity("hiv", 40) is Sensitive.HIV_STI
    assert TABLE.sensitivity("hiv", 3) is Sensitive.HIV_STI
    assert TABLE.sensitivity("tuberculosis", None) is Sensitive.TUBERCULOSIS
    assert TABLE.sensitivity("dengue", 13.9) is Sensitive.MINOR
    assert TABLE.sensitivity("dengue", 14) is Sensitive.ORDINARY
    assert TABLE.sensitivity("dengue", None) is Sensitive.ORDINARY


def test_what_is_sensitive_has_no_points_and_a_higher_threshold() -> None:
    ordinary = SHARING[Sensitive.ORDINARY]
    for sensitive in set(Sensitive) - {Sensitive.ORDINARY}:
        sharing = SHARING[sensitive]
        assert (sharing.points, sharing.advisories, sharing.exports) == (False, False, False)
        assert sharing.smallest_told > ordinary.smallest_told
        assert sharing.area_level == "district"


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    with pytest.raises(DiseaseUnknownError, match="no disease of the table"):
        TABLE.get("nothing")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"parent": "nothing"}, "names the unknown nothing"),
        ({"joins": {"into": "nothing", "from": date(2020, 1, 1)}}, "names the unknown nothing"),
        ({"terms": [{"from": date(2020, 1, 1), "class": "B", "hours": 24}] * 2}, "do not ascend"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(change: dict, why: str) -> None:
    row = {"code": "x", "zh": "某病", "en": "X", "icd10": [], "terms": []} | change
    with pytest.raises(DiseaseTableRefusedError, match=why):
        read_table_of_diseases({"version": "1", "diseases": [row]})
    with pytest.raises(DiseaseTableRefusedError, match="stands twice"):
        read_table_of_diseases({"version": "1", "diseases": [row, row]})
