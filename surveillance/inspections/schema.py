"""The columns of a file of inspections: where and when, of how many, how it came out."""

from gis.intake.model import Field, Kind, Schema
from gis.text_fold import fold

PASSED, FAILED = "passed", "failed"
_OUTCOMES = {
    PASSED: ("passed", "pass", "ok", "合格", "通过", "良好"),
    FAILED: ("failed", "fail", "violation", "不合格", "未通过", "违规", "较差"),
}


def _count(name: str, *synonyms: str, label: str) -> Field:
    return Field(
        name=name, synonyms=synonyms, kind=Kind.WHOLE, lowest=0, highest=1_000_000, label=label,
        costs_row=True,
    )  # fmt: skip


SCHEMA = Schema(
    placed=True,
    fields=(
        Field(name="inspected_on", kind=Kind.DAY, required=True, label="the day",
              synonyms=("日期", "date", "day", "observed_on", "监测日期", "检查日期", "调查日期",
                        "inspection_date")),
        Field(name="source_ref", label="the inspection's number", max_length=200,
              synonyms=("编号", "检查编号", "监测点编号", "inspection_id", "id", "ref", "number")),
        _count("premises", "检查户数", "houses", "houses_inspected", "premises_inspected", "户数",
               label="the premises that were inspected"),
        _count("premises_positive", "阳性户数", "houses_positive", "positive_premises",
               label="the positive premises"),
        _count("containers", "检查容器数", "containers_inspected", "积水容器数",
               label="the containers with water"),
        _count("containers_positive", "阳性容器数", "positive_containers",
               label="the positive containers"),
        Field(name="outcome", kind=Kind.CHOICE, costs_row=True, label="the outcome",
              choices={fold(word): code for code, words in _OUTCOMES.items() for word in words},
              synonyms=("结果", "检查结果", "结论", "result", "监督结果")),
    ),
)  # fmt: skip
