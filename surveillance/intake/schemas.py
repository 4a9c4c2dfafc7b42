"""The fields of a line list and of a table of counts, by what their columns are called."""

from collections.abc import Mapping
from typing import Any

from gis.intake.model import Field, Kind, Schema
from surveillance.cases.model import Classification, ReviewState

CLASSIFICATIONS: Mapping[str, str] = {
    "疑似病例": "suspect", "疑似": "suspect", "suspected": "suspect", "possible": "suspect",
    "临床诊断病例": "clinical", "临床诊断": "clinical",
    "可能病例": "probable", "可能": "probable",
    "确诊病例": "confirmed", "实验室确诊病例": "confirmed", "实验室诊断病例": "confirmed",
    "实验室确诊": "confirmed", "确诊": "confirmed", "laboratory confirmed": "confirmed",
    "病原携带者": "carrier", "携带者": "carrier",
    "阳性检测": "positive", "阳性检测结果": "positive", "positive test": "positive",
    "排除病例": "excluded", "排除": "excluded", "not a case": "excluded", "discarded": "excluded",
    "differential": "suspect", "provisional": "suspect", "refuted": "excluded",
    "unconfirmed": "suspect",
} | {one.value: one.value for one in Classification}  # fmt: skip
"""Word of a report → classification; the last ones are FHIR's verification status."""

COURSES: Mapping[str, str] = {
    "急性": "acute", "慢性": "chronic", "未分类": "unclassified", "未分型": "unclassified",
    "acute": "acute", "chronic": "chronic", "unclassified": "unclassified",
}  # fmt: skip

DELETED_WORD = "deleted"
REVIEW_STATES: Mapping[str, str] = {
    "未审核卡": "unreviewed", "未审核": "unreviewed", "本级未审核": "in_review",
    "上级未审核": "in_review", "已审核卡": "in_review", "已审核": "in_review",
    "县区已审核": "in_review", "地市已审核": "in_review", "已终审卡": "final", "已终审": "final",
    "终审": "final", "已删除卡": DELETED_WORD, "已删除": DELETED_WORD, "deleted": DELETED_WORD,
} | {one.value: one.value for one in ReviewState}  # fmt: skip
"""Word of a report → how far its review is; a deleted card says so here."""

SEXES: Mapping[str, str] = {
    "男": "male", "男性": "male", "m": "male", "male": "male", "1": "male",
    "女": "female", "女性": "female", "f": "female", "female": "female", "2": "female",
    "其他": "other", "other": "other", "diverse": "other",
}  # fmt: skip

DATUMS: Mapping[str, str] = {
    "wgs84": "wgs84", "wgs-84": "wgs84", "gps": "wgs84", "gcj02": "gcj02", "gcj-02": "gcj02",
    "高德": "gcj02", "腾讯": "gcj02", "火星": "gcj02", "bd09": "bd09", "bd-09": "bd09",
    "百度": "bd09", "cgcs2000": "cgcs2000", "国家2000": "cgcs2000",
}  # fmt: skip

MAX_CASES = 10_000_000


def _text(name: str, *synonyms: str, **more: Any) -> Field:
    return Field(name=name, synonyms=synonyms, **more)


def _moment(name: str, *synonyms: str, label: str, **more: Any) -> Field:
    return Field(name=name, synonyms=synonyms, kind=Kind.MOMENT, label=label, **more)


LINE_LIST = Schema(
    fields=(
        _text("source_key", "卡片ID", "卡片编号", "病例编号", "报告卡编号", "case_id", "case id",
              "card_id", "report_id", "record_id", "identifier", "编号", "id",
              required=True, label="the report's number", max_length=200),
        _text("disease", "疾病名称", "病种", "疾病", "病名", "诊断名称", "诊断", "disease name",
              "condition", "diagnosis", "icd10", "icd-10", "icd_10", "疾病编码",
              required=True, label="the disease", max_length=200),
        _text("classification", "病例分类", "分类", "case classification", "case_status",
              "case status", "verification_status", kind=Kind.CHOICE, choices=CLASSIFICATIONS,
              label="the classification"),
        _text("course", "病例分类2", "acute_chronic", kind=Kind.CHOICE, choices=COURSES,
              label="the course"),
        _text("review_state", "审核状态", "review status", kind=Kind.CHOICE,
              choices=REVIEW_STATES, label="the state of review"),
        _text("onset", "发病日期", "发病时间", "onset date", "date_onset", "onset_date",
              "symptom_onset", "date of onset", kind=Kind.DAY, label="the day of onset"),
        _moment("diagnosed", "诊断时间", "诊断日期", "diagnosis date", "diagnosis_date",
                "diagnosed_at", "date of diagnosis", label="the time of diagnosis"),
        _moment("entered", "报告卡录入时间", "录入时间", "录卡时间", "录入日期", "报告日期",
                "报告时间", "report date", "report_date", "reported_at", "date_report",
                "entry_date", "notification_date", label="the time of entry"),
        _moment("reviewed", "终审时间", "省市审核时间", "省级审核时间", "final review",
                "reviewed_at", label="the time of the final review"),
        _moment("reviewed_city", "地市审核时间", "市级审核时间",
                label="the time of the city's review"),
        _moment("reviewed_county", "县区审核时间", "县级审核时间", "审核时间",
                label="the time of the county's review"),
        _moment("corrected", "订正报告时间", "订正时间", "updated_at", "last_updated",
                "corrected_at", label="the time of correction"),
        _moment("corrected_review", "订正终审时间", label="the review of the correction"),
        _moment("deleted", "删除时间", "deleted_at", label="the time of deletion"),
        _text("deleted_reason", "删除原因", "reason for deletion", label="why it was deleted"),
        _text("died", "死亡日期", "死亡时间", "date of death", "death_date", "date_death",
              kind=Kind.DAY, label="the day of death"),
        _text("outcome", "转归", "outcome", "结局", max_length=200),
        _text("transferred_to", "转出地区", "转卡地区", "transferred to", max_length=200,
              label="where it was transferred"),
        _text("reporting_unit", "报告单位", "填报单位", "reporting unit", "reporting_facility",
              "hospital", "facility", max_length=200, label="who reported"),
        _text("reporting_area", "报告单位地区编码", "报告地区编码", "报告地区", "reporting area",
              max_length=200, label="the area that reported"),
        _text("residence_area", "现住地址国标", "现住地址编码", "现住址国标", "现住地区",
              "居住地区编码", "地区编码", "区县", "行政区", "residence area", "area_code", "adcode",
              "district", "area", "county", max_length=200, label="the area of residence"),
        _text("exposure_area", "感染地区", "感染地", "暴露地区", "exposure area", "infected in",
              max_length=200, label="the area of exposure"),
        _text("address", "现住详细地址", "详细地址", "现住址", "家庭住址", "地址", "address",
              "residence", label="the address"),
        _text("lon", "lng", "long", "longitude", "经度", "x", kind=Kind.NUMBER, grouped=False,
              label="longitude", lowest=-180.0, highest=180.0),
        _text("lat", "latitude", "纬度", "y", kind=Kind.NUMBER, grouped=False, label="latitude",
              lowest=-90.0, highest=90.0),
        _text("datum", "坐标系", "coordinate system", kind=Kind.CHOICE, choices=DATUMS,
              label="the datum"),
        _text("name", "患者姓名", "姓名", "病人姓名", "patient name", "patient", max_length=200),
        _text("guardian", "患儿家长姓名", "家长姓名", "监护人", "parent", max_length=200),
        _text("id_number", "有效证件号", "身份证号", "证件号", "身份证号码", "national id",
              "id number", "nhs_number", max_length=100, label="the number of the identity card"),
        _text("phone", "联系电话", "电话", "telephone", "tel", max_length=100),
        _text("sex", "性别", "gender", kind=Kind.CHOICE, choices=SEXES, label="the sex"),
        _text("born", "出生日期", "birth date", "date of birth", "dob", "birth_date",
              kind=Kind.DAY, label="the day of birth"),
        _text("age", "年龄", "age_years", max_length=40, label="the age"),
        _text("occupation", "人群分类", "职业", "occupation", "profession", max_length=200),
        _text("institution", "患者工作单位", "工作单位", "学校", "学校名称", "单位", "school",
              "workplace", "institution", max_length=300, label="the school or worksite"),
    ),
)  # fmt: skip
"""One case a row. Header names of the national report card stand among the synonyms."""

DATE_BASES: Mapping[str, str] = {
    "onset": "onset", "发病日期": "onset", "发病": "onset", "diagnosis": "diagnosis",
    "诊断日期": "diagnosis", "诊断": "diagnosis", "entry": "entry", "录入日期": "entry",
    "报告日期": "entry", "report": "entry", "review": "review", "终审日期": "review",
    "终审": "review",
}  # fmt: skip
PLACE_BASES: Mapping[str, str] = {
    "residence": "residence", "现住地址": "residence", "现住址": "residence",
    "reporting": "reporting", "报告地区": "reporting", "报告单位": "reporting",
    "exposure": "exposure", "感染地": "exposure",
}  # fmt: skip

COUNTS = Schema(
    fields=(
        _text("disease", "疾病名称", "病种", "疾病", "病名", "condition", "diagnosis", "icd10",
              required=True, label="the disease", max_length=200),
        _text("area", "地区", "地区编码", "行政区", "区县", "area_code", "adcode", "district",
              "county", "region", max_length=200, label="the area"),
        _text("period_from", "开始日期", "起始日期", "日期", "date", "day", "from", "start",
              "week_start", "周起始日", kind=Kind.DAY, label="the first day"),
        _text("period_until", "结束日期", "终止日期", "end", "to", "week_end", kind=Kind.DAY,
              label="the last day"),
        _text("year", "年", "年份", "epi_year", kind=Kind.WHOLE, lowest=1900, highest=2100,
              label="the year"),
        _text("week", "周", "周次", "epi_week", "epiweek", "iso_week", kind=Kind.WHOLE, lowest=1,
              highest=53, label="the week"),
        _text("month", "月", "月份", kind=Kind.WHOLE, lowest=1, highest=12, label="the month"),
        _text("date_basis", "日期口径", "时间口径", kind=Kind.CHOICE, choices=DATE_BASES,
              label="which day is counted on", costs_row=True),
        _text("place_basis", "地区口径", kind=Kind.CHOICE, choices=PLACE_BASES,
              label="which place is counted at", costs_row=True),
        _text("age_from", "年龄下限", "min_age", kind=Kind.WHOLE, lowest=0, highest=129,
              label="the lowest age", costs_row=True),
        _text("age_below", "年龄上限", kind=Kind.WHOLE, lowest=1, highest=130,
              label="the age below which", costs_row=True),
        _text("age_group", "年龄组", "age group", "ages", max_length=40, label="the ages"),
        _text("sex", "性别", "gender", kind=Kind.CHOICE,
              choices={**SEXES, "合计": "all", "all": "all"}, label="the sex", costs_row=True),
        _text("classification", "病例分类", "case classification", kind=Kind.CHOICE,
              choices={**CLASSIFICATIONS, "合计": "all", "all": "all"}, costs_row=True,
              label="the classification"),
        _text("cases", "病例数", "发病数", "例数", "count", "number", "n", "counts", "casos",
              kind=Kind.WHOLE, required=True, lowest=0, highest=MAX_CASES,
              label="the number of cases"),
        _text("deaths", "死亡数", "死亡人数", kind=Kind.WHOLE, lowest=0, highest=MAX_CASES,
              label="the number of deaths"),
    ),
)  # fmt: skip
"""One count a row: a disease in an area and a period, maybe of one group."""
