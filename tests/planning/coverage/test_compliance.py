"""Compliance with standards: what is met, missed, and not known."""

import pytest

from gis.standards import (
    CHINA_2020,
    PROFILES,
    Measure,
    Setting,
    Standard,
    StandardsContradictError,
    check,
)
from gis.words import Words
from planning.coverage.compliance import DistrictFacts, Part, compliance
from planning.coverage.errors import CoverageInputError

WORDS = Words(en="a standard", zh="标准")


def standard(code, limit, share, **more):
    return Standard(
        code=code, measure=Measure.TRAVEL, words=WORDS, limit=limit, share=share, **more
    )


def by_code(facts):
    return {row.standard.code: row for row in compliance(CHINA_2020, [facts])}


def test_a_district_that_recorded_everything():
    rows = by_code(
        DistrictFacts(
            district="Nanshan", people=90_001, setting=Setting.URBAN, ambulances=3,
            negative_pressure=2,
            within={
                "radius_urban": Part(90_000, 90_001), "answered_10_s": Part(95, 100),
                "turnout_3_min": Part(947, 1000),
            },
        )
    )  # fmt: skip
    assert "radius_rural" not in rows
    assert rows["radius_urban"].met is False  # one person lives farther away
    # 30,000 people an ambulance: 90,001 need a fourth.
    assert (rows["people_per_ambulance"].numerator, rows["people_per_ambulance"].denominator) == (
        3, 4,
    )  # fmt: skip
    assert rows["people_per_ambulance"].met is False
    assert rows["negative_pressure"].value == pytest.approx(2 / 3)
    assert rows["negative_pressure"].met is True
    assert rows["answered_10_s"].met is True  # at the limit is within it
    assert rows["turnout_3_min"].met is False


def test_what_nobody_recorded_is_unknown_and_no_zero():
    rows = by_code(DistrictFacts(district="Yantian", people=60_000, ambulances=2))
    for code in ("radius_urban", "radius_rural", "negative_pressure", "answered_10_s"):
        assert (rows[code].value, rows[code].met) == (None, None)
    assert rows["negative_pressure"].denominator == 2  # ambulances are known, their kind is not
    assert rows["people_per_ambulance"].met is True
    none = by_code(DistrictFacts(district="Pingshan", within={"answered_10_s": Part(0, 0)}))
    assert none["answered_10_s"].met is None  # no call, no share
    assert none["people_per_ambulance"].met is None
    with pytest.raises(CoverageInputError, match="no part"):
        Part(3, 2)


def test_no_ambulance_is_a_number():
    row = by_code(DistrictFacts(district="x", people=1, ambulances=0))["people_per_ambulance"]
    assert (row.numerator, row.denominator, row.met) == (0, 1, False)


def test_standards_that_contradict_are_refused():
    with pytest.raises(StandardsContradictError, match="a asks 90% within 480 and b 75% within"):
        check((standard("a", 480.0, 0.9), standard("b", 720.0, 0.75)))
    with pytest.raises(StandardsContradictError, match="both cannot be meant"):
        check((standard("a", 480.0, 0.9), standard("b", 480.0, 0.75)))
    check((standard("a", 480.0, 0.9), standard("b", 480.0, 0.75, triage="C2")))
    with pytest.raises(StandardsContradictError, match="given twice"):
        check((standard("a", 480.0, 0.9), standard("a", 720.0, 0.95)))
    with pytest.raises(StandardsContradictError, match="above 0 and a share of at most 1"):
        check((standard("a", 480.0, 1.5),))
    with pytest.raises(StandardsContradictError, match="limits nothing"):
        check((standard("a", None, None),))
    for profile in PROFILES.values():
        check(profile.standards)
