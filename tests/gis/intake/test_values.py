"""Numbers, days, moments, flags, choices and units: understood, or refused with a reason."""

import math
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.intake.errors import UnknownTimeZoneError
from gis.intake.model import Field, Kind
from gis.intake.moments import FAST_SHAPES, TimeOptions, parse_moments
from gis.intake.numbers import parse_numbers
from gis.intake.units import UNITS, WORDS, conversion, split_header, unit_code
from gis.intake.words import parse_choices, parse_flags, parse_texts


def column(*values):
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells


def numbers(*values, header="", **field):
    parsed = parse_numbers(column(*values), Field(name="size", **field), header=header)
    plain = [None if pd.isna(value) else float(value) for value in parsed.values]
    return plain, parsed


def whole(*values, **field):
    return numbers(*values, kind=Kind.WHOLE, **field)


@given(st.lists(st.floats(allow_subnormal=False), min_size=1))
def test_every_finite_float_comes_back_as_it_was(values):
    read, parsed = numbers(*(repr(value) for value in values))
    for row, value in enumerate(values):
        assert read[row] == (value if math.isfinite(value) else None)
        assert (row in parsed.problems) is math.isinf(value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1,234", "2.5"], [1234.0, 2.5]),
        (["1,234", "2,5"], [1.234, 2.5]),
        (["1.234", "2,5"], [1234.0, 2.5]),
        (["1,234,567", "0.5"], [1234567.0, 0.5]),
        (["1.234.567,8"], [1234567.8]),
        (["1 234 567", "1'234.5", "1\u202f234"], [1234567.0, 1234.5, 1234.0]),
        (["１２３", "１，２３４．５", "٣"], [123.0, 1234.5, 3.0]),
        (["−5", "+5", "-.5", "5."], [-5.0, 5.0, -0.5, 5.0]),
        (["1e3", "1,5e3"], [1000.0, 1500.0]),
        ([None, "nan", "N/A", "-", "—", "未知", "NULL"], [None] * 7),
    ],
)
def test_numbers_as_people_write_them(written, read):
    got, parsed = numbers(*written)
    assert got == read
    assert not parsed.problems


@pytest.mark.parametrize(
    "written",
    ["12,34,56", "1.2.3", "--5", "5²", "0x10", "1_0", "east", "1e", "1 23", "True", "½x", "."],
)
def test_what_is_no_number_is_refused(written):
    read, parsed = numbers(written)
    assert read == [None]
    assert parsed.problems == {0: f"size “{written}” is not a number"}


def test_hostile_numbers_are_refused_one_by_one():
    read, parsed = numbers("9" * 5_000, "inf", "1e999", "5e-324", "7")
    assert read == [None, None, None, None, 7.0]
    words = ["too long", "not a finite", "not a finite", "too small"]
    assert all(word in parsed.problems[row] for row, word in enumerate(words))
    assert all(len(reason) < 150 for reason in parsed.problems.values())


def test_two_ways_to_read_a_number_need_evidence():
    assert "may be a decimal" in numbers("1,234")[1].problems[0]
    assert "may be a decimal" in numbers("1,234", "5.678")[1].problems[1]
    assert numbers("1,2", "3.4", "5,678", "5.678")[0] == [1.2, 3.4, None, None]
    assert whole("1,234")[0] == [1234.0]
    assert numbers("114,050", grouped=False)[0] == [114.05]


def test_what_was_decided_for_a_column_is_told():
    assert "separating thousands" in numbers("1,234", "2.5")[1].remarks[0]
    assert "decimal mark" in numbers("1,234", "2,5")[1].remarks[0]


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_are_exact(value):
    parsed = parse_numbers(column(str(value)), Field(name="n", kind=Kind.WHOLE), header="")
    assert parsed.values[0] == value


@pytest.mark.parametrize("written", ["1.5", "-1", "20001", str(2**60)])
def test_whole_numbers_have_bounds(written):
    read, parsed = whole(written, lowest=0, highest=20_000, label="the number of beds")
    assert read == [None]
    assert parsed.problems[0].endswith("is not a whole number from 0 to 20000")


@pytest.mark.parametrize(
    ("values", "header", "unit", "read"),
    [
        (["1.5", "2"], "距离(km)", "m", [1500.0, 2000.0]),
        (["1.5 km", "300", "1 mi"], "", "m", [1500.0, 300.0, 1609.344]),
        (["1.5 km", "2"], "distance [km]", "m", [1500.0, 2000.0]),
        (["90", "2 h"], "响应时间（分钟）", "s", [5400.0, 7200.0]),
        (["98.6"], "temp (°F)", "Cel", [37.0]),
        (["3万", "5人"], "", "1", [30_000.0, 5.0]),
        (["7"], "size (2024)", "m", [7.0]),
    ],
)
def test_units_of_cells_and_headers(values, header, unit, read):
    assert numbers(*values, header=header, unit=unit)[0] == pytest.approx(read)


def test_a_unit_of_another_kind_is_refused():
    assert numbers("5 kg", unit="m")[1].problems == {0: "size “5 kg” is not a number in m"}
    read, parsed = numbers("5", header="size (kg)", unit="m")
    assert read == [None]
    assert "the unit “kg” of column “size (kg)” is no m" in parsed.problems[0]


def test_the_table_of_units_agrees_with_itself():
    for code, words in WORDS.items():
        assert code in UNITS
        for word in words:
            assert unit_code(word) == code, word
    factor, offset = conversion("[degF]", "Cel")
    assert (212.0 * factor + offset, 32.0 * factor + offset) == pytest.approx((100.0, 0.0))
    assert conversion("kg", "m") is None
    assert split_header("床位数") == ("床位数", None)


def moments(*values, kind=Kind.MOMENT, **options):
    parsed = parse_moments(column(*values), Field(name="day", kind=kind), TimeOptions(**options))
    read = [None if pd.isna(one) else one.to_pydatetime() for one in pd.Series(parsed.values)]
    return read, parsed


def midnight(day):
    return datetime.fromisoformat(f"{day}T00:00:00")


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05 15:04:05", "2024/3/5 15:04:05", "2024.03.05 15:04:05", "20240305150405",
        "2024年3月5日 15时04分05秒", "2024年3月5日下午3:04:05", "5.3.2024 15:04:05",
        "5 March 2024 15:04:05", "March 5, 2024 3:04:05 PM", "5 de marzo de 2024, 15:04:05",
        "2024-03-05T23:04:05+08:00", "2024-03-05T15:04:05Z", "2024-03-05T15:04:05.000",
        "２０２４-０３-０５ １５：０４：０５", "2024-03-05 星期二 15:04:05",
        datetime.fromisoformat("2024-03-05T15:04:05"),
    ],
)  # fmt: skip
def test_shapes_of_moments(written):
    assert moments(written)[0] == [datetime(2024, 3, 5, 15, 4, 5, tzinfo=UTC)]


def test_days_and_serials_of_excel():
    written = ["2024-03-05", "20240305", "45356", 45356.0, date(2024, 3, 5), "2024-03-05 23:59"]
    read, parsed = moments(*written, kind=Kind.DAY)
    assert read == [midnight("2024-03-05")] * 6
    assert "Excel" in parsed.remarks[0]
    assert moments("45356.75")[0] == [datetime(2024, 3, 5, 18, tzinfo=UTC)]


def test_day_or_month_is_decided_by_the_column_or_refused():
    assert "may be 03 April or 04 March" in moments("03/04/2024")[1].problems[0]
    read, parsed = moments("03/04/2024", "13/04/2024", kind=Kind.DAY)
    assert read == [midnight("2024-04-03"), midnight("2024-04-13")]
    assert "the day comes first" in parsed.remarks[0]
    assert moments("03/04/2024", "04/13/2024", kind=Kind.DAY)[0][0] == midnight("2024-03-04")
    both = moments("03/04/2024", "13/04/2024", "04/13/2024", "05/05/2024", kind=Kind.DAY)
    assert list(both[1].problems) == [0]
    assert moments("03/04/2024", kind=Kind.DAY, day_first=True)[0] == [midnight("2024-04-03")]
    assert moments("03/04/2024", kind=Kind.DAY, day_first=False)[0] == [midnight("2024-03-04")]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2024-02-30", "no day that exists"),
        ("2024-01-01 25:00", "no day or time that exists"),
        ("2024-01-01 10:61", "no day or time that exists"),
        ("0001-01-01", "lies outside 1900-01-01"),
        ("9999-12-31", "lies outside"),
        ("9999-12-31T23:59:59-12:00", "no day or time that exists"),
        ("5/3/24", "two digits"),
        ("2024", "not a date"),
        ("99999", "not a date"),
        ("soon", "not a date"),
        ("1" * 5_000, "too long"),
    ],
)
def test_what_is_no_moment_is_refused(written, reason):
    read, parsed = moments(written)
    assert read == [None]
    assert reason in parsed.problems[0]


def test_local_times_follow_the_zone_and_its_changes():
    read, parsed = moments(
        "2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 02:30+01:00", "2024-07-01 12:00",
        time_zone="Europe/Berlin",
    )  # fmt: skip
    assert read[:2] == [None, None]
    assert all("does not exist or exists twice" in why for why in parsed.problems.values())
    assert read[2] == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert read[3] == datetime(2024, 7, 1, 10, tzinfo=UTC)
    with pytest.raises(UnknownTimeZoneError):
        TimeOptions("Mars/Olympus").zone()


@given(
    st.datetimes(midnight("1900-01-02"), midnight("2100-12-30")),
    st.sampled_from(sorted(FAST_SHAPES.values())),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/Santiago", "Pacific/Auckland"]),
)
def test_the_fast_way_agrees_with_the_plain_one(moment, form, zone):
    written = moment.strftime(form)
    fast = moments(written, time_zone=zone)[0][0]
    # A first row of another shape sends all rows the plain way.
    assert moments("1 March 2024", written, time_zone=zone)[0][1] == fast
    if fast is not None:
        local = fast.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert local.strftime(form) == written


@given(
    st.from_regex(
        r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True
    )
)
def test_the_fast_way_refuses_what_the_plain_one_refuses(written):
    assert moments("1 March 2024", written)[0][1] == moments(written)[0][0]


def test_flags_and_choices():
    written = ["是", "Yes", "NO", "0", "Sí", "x", None, "n/a", "maybe", 1.0, True]
    flags = parse_flags(column(*written), Field(name="open"))
    assert [None if pd.isna(flag) else bool(flag) for flag in flags.values] == [
        True, True, False, False, True, True, None, None, None, True, True,
    ]  # fmt: skip
    assert flags.problems == {8: "open “maybe” is neither yes nor no"}
    field = Field(name="kind", choices={"Hospital": "hospital", "医院": "hospital",
                                        "Clínica": "clinic"})  # fmt: skip
    kinds = parse_choices(column("HOSPITAL", "医院", "clinica", "shop", None), field)
    assert kinds.values.tolist() == ["hospital", "hospital", "clinic", None, None]
    assert kinds.problems == {3: "kind “shop” is not known; write one of hospital, clinic"}


def test_texts_that_the_database_cannot_hold_are_refused():
    written = column("fine", "a\x00b", "\ud800", "x" * 5_000, 7.0, None)
    texts = parse_texts(written, Field(name="note"))
    assert texts.values.tolist() == ["fine", None, None, None, "7", None]
    assert list(texts.problems) == [1, 2, 3]
    assert all(reason.isprintable() for reason in texts.problems.values())
