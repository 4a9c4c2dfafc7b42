"""Files of cases taken in: what each odd row becomes, and the sentence that says so."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.database import Database, WritingUnitOfWork
from gis.datum import Datum, DatumMismatchError, from_wgs84
from gis.pseudonyms.keys import PseudonymKeys
from surveillance.cases import repository
from surveillance.cases.errors import AsOfInFutureError, CaseSourceKindError
from surveillance.cases.model import ImportView, RejectView
from surveillance.intake.errors import PointsWithoutDatumError
from surveillance.intake.mapping import SourceMapping
from surveillance.intake.service import Given, look_up, prepare, store
from tests.conftest import opened
from tests.surveillance.intake.files import line_list, report_cards

pytestmark = pytest.mark.database

AS_OF = datetime(2026, 4, 1, tzinfo=UTC)
HEADER = ("case_id", "disease", "onset date", "district")


@pytest.fixture(scope="module")
def city(cluster: Any, clone: Callable[..., str]) -> Iterator[tuple[Database, int]]:
    """Testburg: districts 440399 (west) and 440398 (east)."""
    with opened(cluster, clone(seed="testburg")) as database:
        database.clock = SystemClock()
        with database.read(SYSTEM) as uow:
            city_id = uow.session.execute(text("SELECT city_id FROM cities")).scalar_one()
        yield database, city_id


class Desk:
    """Takes files in within one transaction."""

    def __init__(self, uow: WritingUnitOfWork, city_id: int, keys: PseudonymKeys) -> None:
        self.uow, self.city_id, self.keys = uow, city_id, keys

    def take(self, path: Path, source: str = "test", **more: Any) -> ImportView:
        given = Given(
            path=path, file_name=path.name, city_id=self.city_id, source=source,
            **{"as_of": AS_OF, **more},
        )  # fmt: skip
        prepared = prepare(given, look_up(self.uow, given), self.keys)
        return store(self.uow, given, prepared, by="test")

    def rejects(self, taken: ImportView) -> list[RejectView]:
        return repository.rejects_of(self.uow.session, taken.import_id)

    def all(self, columns: str) -> list[tuple[Any, ...]]:
        rows = self.uow.session.execute(
            text(
                f"SELECT {columns} FROM case_versions AS v JOIN cases USING (case_id)"
                " LEFT JOIN case_persons AS p USING (case_id) ORDER BY source_key, v.stated_at"
            )
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def desk(city: tuple[Database, int], tmp_path: Path) -> Iterator[Desk]:
    database, city_id = city
    with database.unit_of_work(SYSTEM) as uow:
        yield Desk(uow, city_id, PseudonymKeys(tmp_path / "keys"))
        uow.session.rollback()


def counted(taken: ImportView) -> tuple[int, ...]:
    """Read, new, revised, deleted, unchanged, repeated, rejected."""
    return (taken.rows_read, taken.rows_new, taken.rows_revised, taken.rows_deleted,
            taken.rows_unchanged, taken.rows_repeated, taken.rows_rejected)  # fmt: skip


def test_an_export_of_report_cards_is_read_as_it_comes(desk: Desk, tmp_path: Path) -> None:
    taken = desk.take(report_cards(tmp_path / "cards.csv", {}))
    assert counted(taken) == (1, 1, 0, 0, 0, 0, 0)
    assert "Read by the built-in mapping of the national report card (a guess)." in taken.told
    assert any("gb18030" in one.casefold() for one in taken.told)
    (row,) = desk.all(
        "source_key, disease, classification, course, review_state, onset_on, diagnosed_on,"
        " entered_on, reviewed_on, died_on, residence_area, reporting_area, reporting_unit,"
        " age_years, sex, name, phone, guardian, sensitive, date_problems, place_source"
    )
    assert row == (
        "8a9b0001", "dengue", "clinical", None, "final", date(2026, 3, 1), date(2026, 3, 2),
        date(2026, 3, 2), date(2026, 3, 3), None, "440399", "440398", "测试市人民医院",
        76.0, "male", "王伟", "13800138000", None, "ordinary", [], "code",
    )  # fmt: skip
    # Beijing's time: entered at 16:30 on the 2nd, finally reviewed at 09:00 on the 3rd.
    assert desk.all("known_from, v.stated_at") == [
        (datetime(2026, 3, 2, 8, 30, tzinfo=UTC), datetime(2026, 3, 3, 1, 0, tzinfo=UTC))
    ]


def test_cards_are_corrected_reclassified_and_deleted_as_versions(
    desk: Desk, tmp_path: Path
) -> None:
    desk.take(report_cards(tmp_path / "1.csv", {"审核状态": "未审核卡", "病例分类": "疑似病例",
                                                "县区审核时间": "."}))  # fmt: skip
    taken = desk.take(
        report_cards(tmp_path / "2.csv", {"病例分类": "确诊病例", "疾病名称": "恙虫病",
                                          "订正报告时间": "2026/3/5 12:00:00"}),
    )  # fmt: skip
    assert counted(taken) == (1, 0, 1, 0, 0, 0, 0)
    taken = desk.take(
        report_cards(tmp_path / "3.csv", {"审核状态": "已删除卡", "删除原因": "误报",
                                          "删除时间": "2026/3/9 12:00:00"}),
    )  # fmt: skip
    assert counted(taken) == (1, 0, 0, 1, 0, 0, 0)
    assert desk.all("disease, classification, deleted_reason, known_until IS NULL") == [
        ("dengue", "suspect", None, False), ("scrub_typhus", "confirmed", None, False),
        ("dengue", "clinical", "误报", True),
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing_and_is_told_as_it_was(
    desk: Desk, tmp_path: Path
) -> None:
    path = report_cards(tmp_path / "cards.csv", {}, {"卡片ID": "'8a9b0002"})
    first = desk.take(path)
    assert desk.take(path, as_of=None) == first
    again = report_cards(tmp_path / "more.csv", {}, {"卡片ID": "'8a9b0002"}, {"卡片ID": "3"})
    assert counted(desk.take(again)) == (3, 1, 0, 0, 2, 0, 0)


def test_one_bad_row_costs_one_row_and_one_bad_field_one_field(desk: Desk, tmp_path: Path) -> None:
    taken = desk.take(report_cards(
        tmp_path / "cards.csv",
        {},
        {"卡片ID": "2", "疾病名称": "怪病"},
        {"卡片ID": "."},
        {"卡片ID": "4", "年龄": "很老", "性别": "不知", "发病日期": "2026/13/1",
         "现住地址国标": "某地", "现住详细地址": "."},
        {"卡片ID": "5", "发病日期": "2027/3/1"},
        {},
        {"病例分类": "确诊病例"},
    ))  # fmt: skip
    rejected = {(one.row_number, one.field): one for one in desk.rejects(taken)}
    assert counted(taken) == (7, 3, 0, 0, 0, 1, 3)
    assert taken.fields_lost == 5
    assert rejected[5, None].reason.startswith("“怪病” is no disease of the table; write its name")
    assert rejected[5, None].cells["患者姓名"] == "王伟"
    assert rejected[6, None].reason == "the report's number is missing"
    assert "is not understood" in rejected[7, "age"].reason
    assert "2026/13/1" in rejected[7, "onset"].reason
    assert rejected[7, "residence_area"].reason.startswith("the area “某地” is not known here")
    assert rejected[8, "onset"].reason.endswith("lies outside 1900-01-01 to 2026-04-01")
    assert rejected[9, None].reason == "the same report stands in row 4"
    assert rejected[10, None].reason == (
        "row 4 says something else of the same report at the same time"
    )
    stored = {
        row[0]: row[1:] for row in desk.all("source_key, onset_on, round(age_years::numeric)")
    }
    assert stored["4"] == stored["5"] == (None, 76)


def test_days_in_an_impossible_order_are_kept_to_be_worked_on(desk: Desk, tmp_path: Path) -> None:
    taken = desk.take(report_cards(
        tmp_path / "cards.csv",
        {"卡片ID": "1", "发病日期": "2026/3/3"},
        {"卡片ID": "2", "死亡日期": "2026/2/1"},
        {"卡片ID": "3", "诊断时间": "2026/3/2 16:31:00"},
    ))  # fmt: skip
    assert taken.rows_new == 3
    assert desk.all("source_key, date_problems") == [
        ("1", ["onset_after_diagnosis", "onset_after_entry"]), ("2", ["death_before_onset"]),
        ("3", ["diagnosis_after_entry"]),
    ]  # fmt: skip


def test_what_is_sensitive_has_no_point(desk: Desk, tmp_path: Path) -> None:
    path = line_list(
        tmp_path / "a.csv", (*HEADER, "age", "lon", "lat"),
        ("1", "dengue", "2026-03-01", "440399", "30", 114.05, 22.55),
        ("2", "dengue", "2026-03-01", "440399", "8月", 114.05, 22.55),
        ("3", "HIV", "2026-03-01", "440399", "30", 114.05, 22.55),
    )  # fmt: skip
    desk.take(path, mapping=SourceMapping(datum=Datum.WGS84))
    assert desk.all("source_key, sensitive, residence IS NULL, residence_area") == [
        ("1", "ordinary", False, "440399"), ("2", "minor", True, "440399"),
        ("3", "hiv_sti", True, "440399"),
    ]  # fmt: skip


def test_places_are_found_by_code_name_point_and_gazetteer(desk: Desk, tmp_path: Path) -> None:
    lon, lat = (float(one) for one in from_wgs84(114.15, 22.55, Datum.GCJ02))
    path = line_list(
        tmp_path / "a.csv", (*HEADER, "address", "lon", "lat", "坐标系"),
        ("code", "dengue", "2026-03-01", "440399001003", "", "", "", ""),
        ("elsewhere", "dengue", "2026-03-01", "110105", "", "", "", ""),
        ("gazetteer", "dengue", "2026-03-01", "", "测试市深南大道12号", "", "", ""),
        ("nowhere", "dengue", "2026-03-01", "", "没有的路1号", "", "", ""),
        ("outside", "dengue", "2026-03-01", "440399", "", 114.19, 22.55, "wgs84"),
        ("point", "dengue", "2026-03-01", "", "", lon, lat, "GCJ02"),
        ("undeclared", "dengue", "2026-03-01", "440399", "", 114.05, 22.55, ""),
        *((f"fine {n}", "dengue", "2026-03-01", "440399", "", 114.05, 22.55, "wgs84")
          for n in range(9)),
    )  # fmt: skip
    taken = desk.take(path)
    found = {row[0]: row[1:] for row in desk.all(
        "source_key, residence_area, place_source, residence IS NULL, owned_by_area"
    )}  # fmt: skip
    assert found["code"] == ("440399", "code", True, "440399")
    assert found["elsewhere"] == ("110105", "code", True, None)
    assert found["gazetteer"] == ("440399", "gazetteer", True, "440399")
    assert found["nowhere"] == (None, None, True, None)
    assert found["outside"] == ("440399", "code", True, "440399")
    assert found["point"] == ("440398", "point", False, "440398")
    assert found["undeclared"] == ("440399", "code", True, "440399")
    why = {one.row_number: one.reason for one in desk.rejects(taken)}
    assert why[6] == "the point lies outside the area 440399, which the row names"
    assert why[8] == "the datum of the point is not said"


def test_points_without_a_datum_and_of_another_one_refuse_the_file(
    desk: Desk, tmp_path: Path
) -> None:
    rows = [("1", "dengue", "2026-03-01", "440399", 114.05, 22.55)]
    path = line_list(tmp_path / "a.csv", (*HEADER, "lon", "lat"), *rows)
    with pytest.raises(PointsWithoutDatumError, match="names no datum"):
        desk.take(path)
    moved = line_list(
        tmp_path / "b.csv", (*HEADER, "lon", "lat"),
        *((str(n), "dengue", "2026-03-01", "440399", 114.15, 22.55) for n in range(10)),
    )  # fmt: skip
    with pytest.raises(DatumMismatchError):
        desk.take(moved, mapping=SourceMapping(datum=Datum.WGS84))
    assert desk.all("1") == []


def test_a_child_s_school_is_one_school_whatever_the_class(desk: Desk, tmp_path: Path) -> None:
    path = line_list(
        tmp_path / "a.csv", (*HEADER, "学校"),
        *((str(n), "水痘", "2026-03-01", "440399", name) for n, name in enumerate((
            "测试市第一小学三年级2班", "测试市第一小学 三年级（2）班", "测试市第一小学",
            "测试市第一小学五（1）班", "测试市第二小学",
        ))),
    )  # fmt: skip
    desk.take(path)
    keys = [row[0] for row in desk.all("institution_key")]
    assert keys == ["测试市第一小学"] * 4 + ["测试市第二小学"]


def test_a_person_meets_herself_by_her_number_or_by_name_and_birth(
    desk: Desk, tmp_path: Path
) -> None:
    path = line_list(
        tmp_path / "a.csv", (*HEADER, "name", "身份证号", "出生日期"),
        ("1", "dengue", "2026-03-01", "440399", "王伟", "11010519491231002X", ""),
        ("2", "dengue", "2026-03-01", "440399", "王 伟", "11010519491231002x", ""),
        ("3", "dengue", "2026-03-01", "440399", "李娜", "", "1990-01-01"),
        ("4", "dengue", "2026-03-01", "440399", "李娜", "", "1990/1/1"),
        ("5", "dengue", "2026-03-01", "440399", "", "", ""),
    )  # fmt: skip
    desk.take(path)
    keys = [row[0] for row in desk.all("person_digest")]
    assert keys[0] == keys[1]
    assert keys[2] == keys[3]
    assert len({*keys}) == 3
    assert keys[4] is None


def test_aggregate_counts_know_zeros_from_missing_reports(desk: Desk, tmp_path: Path) -> None:
    header = ("病种", "地区编码", "year", "week", "年龄组", "病例数")
    first = line_list(
        tmp_path / "1.csv", header,
        ("手足口病", "440399", 2026, 1, "0-4岁", 3), ("手足口病", "440399", 2026, 1, "85+", 0),
        ("手足口病", "440398", 2025, 53, "", 1), ("怪病", "440398", 2026, 1, "", 1),
        ("手足口病", "440398", 2026, 1, "老人", 1), ("手足口病", "440399", 2026, 1, "0-4", 4),
        ("手足口病", "440398", 2026, 40, "", 1), ("手足口病", "440398", 2026, "", "", 1),
        ("手足口病", "440398", 2026, 2, "", -1),
    )  # fmt: skip
    weekly = SourceMapping(kind="counts", date_basis="entry")
    taken = desk.take(first, mapping=weekly)
    why = {one.row_number: one.reason for one in desk.rejects(taken)}
    assert counted(taken) == (9, 2, 0, 0, 0, 1, 6)
    second = line_list(
        tmp_path / "2.csv", header,
        ("手足口病", "440399", 2026, 1, "0-4", 5), ("手足口病", "440399", 2026, 1, "85+", 0),
    )  # fmt: skip
    assert counted(desk.take(second)) == (2, 0, 1, 0, 1, 0, 0)
    rows = desk.uow.session.execute(
        text(
            "SELECT period_from, period_until, age_from, age_below, cases, date_basis,"
            " known_until IS NULL FROM case_counts ORDER BY age_from, known_from"
        )
    )
    week_1 = (date(2025, 12, 29), date(2026, 1, 5))
    assert [tuple(row) for row in rows] == [
        (*week_1, 0, 5, 3, "entry", False), (*week_1, 0, 5, 5, "entry", True),
        (*week_1, 85, None, 0, "entry", True),
    ]  # fmt: skip
    assert why[4] == "the year has no such week"
    assert why[6].startswith("the ages “老人” are not understood")
    assert why[7] == "the same entry stands in row 2"
    assert why[8] == "the period begins after the file's time"
    assert why[9] == "no day, week or month is given"
    assert why[10].endswith("is not a whole number from 0 to 10000000")


def test_a_source_keeps_to_its_kind(desk: Desk, tmp_path: Path) -> None:
    desk.take(line_list(tmp_path / "a.csv", HEADER, ("1", "dengue", "2026-03-01", "440399")))
    counts = line_list(
        tmp_path / "b.csv", ("disease", "date", "cases"), ("dengue", "2026-03-01", 1)
    )
    with pytest.raises(CaseSourceKindError, match="has given single cases so far"):
        desk.take(counts, mapping=SourceMapping(kind="counts"))


def test_a_file_of_tomorrow_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = line_list(tmp_path / "a.csv", HEADER, ("1", "dengue", "2026-03-01", "440399"))
    with pytest.raises(AsOfInFutureError):
        desk.take(path, as_of=datetime(2999, 1, 1, tzinfo=UTC))
