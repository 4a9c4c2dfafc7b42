"""Reasons and shortfalls in English and Chinese, made from the codes of the kernels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.choosing.recommend import ReasonCode
from dispatch.model import Reason, Words
from dispatch.triage.protocol import UnitNeed

LEVEL_WORDS: Mapping[str, Words] = {
    "first_responder": Words("first responder", "先遣急救员"),
    "BLS": Words("BLS", "基础救护车"),
    "ALS": Words("ALS", "高级救护车"),
    "critical_care": Words("critical care", "重症救护车"),
}

CAPABILITY_WORDS: Mapping[str, Words] = {
    "defibrillator": Words("defibrillator", "除颤器"),
    "emergency_department": Words("emergency department", "急诊科"),
    "pci": Words("PCI (heart catheter)", "急诊冠脉介入（PCI）"),
    "stroke_primary": Words("stroke unit", "卒中单元"),
    "stroke_comprehensive": Words("comprehensive stroke centre", "高级卒中中心"),
    "trauma": Words("trauma centre", "创伤中心"),
    "burn": Words("burn unit", "烧伤科"),
    "obstetrics": Words("obstetrics", "产科"),
    "paediatric": Words("paediatrics", "儿科"),
    "neonatal": Words("neonatal unit", "新生儿科"),
    "psychiatric": Words("psychiatry", "精神科"),
    "hyperbaric": Words("hyperbaric chamber", "高压氧舱"),
}
"""Unit and hospital capabilities; the latter after the meaning of NEMSIS eDisposition.23."""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the words about one unit need to know."""

    travel_time_s: float | None
    position_age_s: float | None
    level_needed: str | None = None
    missing_capabilities: tuple[str, ...] = ()
    assigned_to: str | None = None
    out_of_service_reason: str | None = None
    suggested_level: str | None = None
    shift_remaining_s: float | None = None
    ignoring_closures_s: float | None = None


def clock_words(duration_s: float) -> str:
    """Return a duration as `4:10` (minutes:seconds), or `1:02:05` from an hour on."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def age_words(age_s: float) -> Words:
    """Return an age in the largest fitting unit: `45 s`, `6 min`, `3 h`."""
    for limit_s, unit_s, en, zh in (
        (120.0, 1.0, "s", "秒"), (7200.0, 60.0, "min", "分钟"),
    ):  # fmt: skip
        if age_s < limit_s:
            return Words(f"{age_s / unit_s:.0f} {en}", f"{age_s / unit_s:.0f}{zh}")
    return Words(f"{age_s / 3600:.0f} h", f"{age_s / 3600:.0f}小时")


def capability_words(names: Sequence[str]) -> Words:
    """Return a list of capabilities in words; an unknown name stands for itself."""
    known = [CAPABILITY_WORDS.get(name, Words(name, name)) for name in names]
    return Words(", ".join(word.en for word in known), "、".join(word.zh for word in known))


def unit_reasons(
    reasons: int, facts: UnitFacts, *, straight_line: bool = False
) -> tuple[Reason, ...]:
    """Return the reasons of one unit in the order a dispatcher reads them."""
    return tuple(
        Reason(name, *words(facts, straight_line))
        for bit, name, words in _UNIT_WORDS
        if reasons & bit
    )


def _time(facts: UnitFacts) -> str:
    return "–" if facts.travel_time_s is None else clock_words(facts.travel_time_s)


def _fastest(facts: UnitFacts, straight_line: bool) -> tuple[str, str]:
    en, zh = ("by straight line", "按直线估算") if straight_line else ("by road", "按道路")
    return f"Fastest {en}: {_time(facts)}", f"{zh}最快：{_time(facts)}"


def _suggested(facts: UnitFacts, _: bool) -> tuple[str, str]:
    level = LEVEL_WORDS.get(facts.suggested_level or "", Words("unit", "车辆"))
    return f"Suggested as {level.en}: {_time(facts)}", f"建议作为{level.zh}：{_time(facts)}"


def _assigned(facts: UnitFacts, _: bool) -> tuple[str, str]:
    return (
        f"Assigned to {facts.assigned_to or 'another incident'}",
        f"已派往{facts.assigned_to or '其他事件'}",
    )


def _out_of_service(facts: UnitFacts, _: bool) -> tuple[str, str]:
    return (
        f"Out of service: {facts.out_of_service_reason or 'no reason given'}",
        f"停用：{facts.out_of_service_reason or '未说明原因'}",
    )


def _level_too_low(facts: UnitFacts, _: bool) -> tuple[str, str]:
    level = LEVEL_WORDS.get(facts.level_needed or "", Words("level", "所需级别"))
    return f"No {level.en}", f"不是{level.zh}"


def _capability_missing(facts: UnitFacts, _: bool) -> tuple[str, str]:
    missing = capability_words(facts.missing_capabilities)
    return f"Lacks: {missing.en}", f"缺少：{missing.zh}"


def _position_stale(facts: UnitFacts, _: bool) -> tuple[str, str]:
    age = age_words(facts.position_age_s or 0.0)
    return f"Position {age.en} old", f"位置为{age.zh}前"


def _shift_ends_soon(facts: UnitFacts, _: bool) -> tuple[str, str]:
    remaining = clock_words(facts.shift_remaining_s or 0.0)
    return f"Shift ends in {remaining}", f"{remaining}后下班"


def _cut_off(facts: UnitFacts, _: bool) -> tuple[str, str]:
    if facts.ignoring_closures_s is None:
        return "Cut off by closed roads", "道路封闭，无法到达"
    without = clock_words(facts.ignoring_closures_s)
    return (
        f"Cut off by closed roads; {without} if they were open",
        f"道路封闭，无法到达；若开放需{without}",
    )


def _always(en: str, zh: str) -> "UnitWords":
    return lambda _facts, _straight_line: (en, zh)


UnitWords = Callable[[UnitFacts, bool], tuple[str, str]]

_WORDS_BY_CODE: Mapping[ReasonCode, UnitWords] = {
    ReasonCode.FASTEST: _fastest,
    ReasonCode.SUGGESTED: _suggested,
    ReasonCode.ASSIGNED: _assigned,
    ReasonCode.OFF_SHIFT: _always("Off shift", "不在班"),
    ReasonCode.OUT_OF_SERVICE: _out_of_service,
    ReasonCode.LEVEL_TOO_LOW: _level_too_low,
    ReasonCode.CAPABILITY_MISSING: _capability_missing,
    ReasonCode.NO_ROAD: _always("No road from its position", "其位置没有可达道路"),
    ReasonCode.CUT_OFF: _cut_off,
    ReasonCode.POSITION_STALE: _position_stale,
    ReasonCode.STATION_POSITION: _always(
        "No position reported; taken as at its station", "未上报位置，按在站计算"
    ),
    ReasonCode.SHIFT_ENDS_SOON: _shift_ends_soon,
    ReasonCode.STRAIGHT_LINE: _always(
        "Straight line: no road network loaded", "直线估算：未加载路网"
    ),
}
_UNIT_WORDS = tuple(
    (int(code), str(code.name).lower(), words) for code, words in _WORDS_BY_CODE.items()
)


def shortfalls(needs: Sequence[UnitNeed], filled: Sequence[Sequence[int]]) -> tuple[Reason, ...]:
    """Say which of the plan's needs the eligible units do not meet."""
    missing = [
        (need, need.count - len(chosen))
        for need, chosen in zip(needs, filled, strict=True)
        if len(chosen) < need.count
    ]
    return tuple(
        Reason(
            "units_short",
            f"{count} more {LEVEL_WORDS[need.level].en} wanted, none can be sent now",
            f"还需{count}辆{LEVEL_WORDS[need.level].zh}，目前无可派车辆",
        )
        for need, count in missing
    )
