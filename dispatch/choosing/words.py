"""Reasons and shortfalls in every language, made from the codes of the kernels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.choosing.diverting import Loss
from dispatch.choosing.recommend import ReasonCode
from dispatch.triage.model import UnitNeed
from gis.words import Reason, Words, alike, listed, reason

LEVEL_WORDS: Mapping[str, Words] = {
    "first_responder": Words(en="first responder", zh="先遣急救员"),
    "BLS": Words(en="BLS", zh="基础救护车"),
    "ALS": Words(en="ALS", zh="高级救护车"),
    "critical_care": Words(en="critical care", zh="重症救护车"),
}

CAPABILITY_WORDS: Mapping[str, Words] = {
    "defibrillator": Words(en="defibrillator", zh="除颤器"),
    "emergency_department": Words(en="emergency department", zh="急诊科"),
    "pci": Words(en="PCI (heart catheter)", zh="急诊冠脉介入（PCI）"),
    "stroke_primary": Words(en="stroke unit", zh="卒中单元"),
    "stroke_comprehensive": Words(en="comprehensive stroke centre", zh="高级卒中中心"),
    "trauma": Words(en="trauma centre", zh="创伤中心"),
    "burn": Words(en="burn unit", zh="烧伤科"),
    "obstetrics": Words(en="obstetrics", zh="产科"),
    "paediatric": Words(en="paediatrics", zh="儿科"),
    "neonatal": Words(en="neonatal unit", zh="新生儿科"),
    "psychiatric": Words(en="psychiatry", zh="精神科"),
    "hyperbaric": Words(en="hyperbaric chamber", zh="高压氧舱"),
}
"""Unit and hospital capabilities; the latter after the meaning of NEMSIS eDisposition.23."""


OUT_OF_SERVICE_WORDS: Mapping[str, Words] = {
    "workshop": Words(en="workshop", zh="维修"),
    "cleaning": Words(en="cleaning", zh="清洁消毒"),
    "equipment": Words(en="equipment missing or broken", zh="设备缺失或故障"),
    "refuelling": Words(en="refuelling or charging", zh="加油或充电"),
    "break": Words(en="crew's break", zh="车组休息"),
    "no_crew": Words(en="no crew", zh="无车组人员"),
    "training": Words(en="training", zh="培训"),
    "other": Words(en="another reason", zh="其他原因"),
}
"""Why a unit is out of service, as `dispatch.fleet.duty.OutOfService`."""

LACKS = Words(en="Lacks: {what}", zh="缺少：{what}")
UNITS_SHORT = Words(
    en="{count} more {level} wanted, none can be sent now",
    zh="还需{count}辆{level}，目前无可派车辆",
)


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
    category: str | None = None
    loss: Loss | None = None
    shift_remaining_s: float | None = None
    ignoring_closures_s: float | None = None
    clear_s: tuple[float | None, float | None, float | None] = (None, None, None)


def clock_words(duration_s: float) -> str:
    """Return a duration as `4:10` (minutes:seconds), or `1:02:05` from an hour on."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


_AGES: tuple[tuple[float, float, Words], ...] = (
    (120.0, 1.0, Words(en="{n} s", zh="{n}秒")),
    (7200.0, 60.0, Words(en="{n} min", zh="{n}分钟")),
    (float("inf"), 3600.0, Words(en="{n} h", zh="{n}小时")),
)
"""Below how many seconds, seconds of a unit, its words."""


def age_words(age_s: float) -> Words:
    """Return an age in the largest fitting unit: `45 s`, `6 min`, `3 h`."""
    unit_s, words = next((unit_s, words) for limit_s, unit_s, words in _AGES if age_s < limit_s)
    return words.filled(n=f"{age_s / unit_s:.0f}")


def capability_words(names: Sequence[str]) -> Words:
    """Return a list of capabilities in words; an unknown name stands for itself."""
    return listed([CAPABILITY_WORDS.get(name) or alike(name) for name in names])


def unit_reasons(
    reasons: int, facts: UnitFacts, *, straight_line: bool = False
) -> tuple[Reason, ...]:
    """Return the reasons of one unit in the order a dispatcher reads them."""
    return tuple(
        reason(name, words(facts, straight_line))
        for bit, name, words in _UNIT_WORDS
        if reasons & bit
    )


def _time(facts: UnitFacts) -> str:
    return "–" if facts.travel_time_s is None else clock_words(facts.travel_time_s)


def _fastest(facts: UnitFacts, straight_line: bool) -> Words:
    words = (
        Words(en="Fastest by straight line: {time}", zh="按直线估算最快：{time}")
        if straight_line
        else Words(en="Fastest by road: {time}", zh="按道路最快：{time}")
    )
    return words.filled(time=_time(facts))


def _suggested(facts: UnitFacts, _: bool) -> Words:
    level = LEVEL_WORDS.get(facts.suggested_level or "", Words(en="unit", zh="车辆"))
    words = Words(en="Suggested as {level}: {time}", zh="建议作为{level}：{time}")
    return words.filled(level=level, time=_time(facts))


def _assigned(facts: UnitFacts, _: bool) -> Words:
    other = Words(en="another incident", zh="其他事件")
    words = Words(en="Assigned to {incident}", zh="已派往{incident}")
    return words.filled(incident=facts.assigned_to or other)


def _out_of_service(facts: UnitFacts, _: bool) -> Words:
    unsaid = Words(en="no reason given", zh="未说明原因")
    reason = facts.out_of_service_reason or ""
    why = OUT_OF_SERVICE_WORDS.get(reason) or (alike(reason) if reason else unsaid)
    return Words(en="Out of service: {why}", zh="停用：{why}").filled(why=why)


def _level_too_low(facts: UnitFacts, _: bool) -> Words:
    level = LEVEL_WORDS.get(facts.level_needed or "", Words(en="level", zh="所需级别"))
    return Words(en="No {level}", zh="不是{level}").filled(level=level)


def _capability_missing(facts: UnitFacts, _: bool) -> Words:
    return LACKS.filled(what=capability_words(facts.missing_capabilities))


def _position_stale(facts: UnitFacts, _: bool) -> Words:
    age = age_words(facts.position_age_s or 0.0)
    return Words(en="Position {age} old", zh="位置为{age}前").filled(age=age)


def _shift_ends_soon(facts: UnitFacts, _: bool) -> Words:
    words = Words(en="Shift ends in {time}", zh="{time}后下班")
    return words.filled(time=clock_words(facts.shift_remaining_s or 0.0))


def _cut_off(facts: UnitFacts, _: bool) -> Words:
    if facts.ignoring_closures_s is None:
        return Words(en="Cut off by closed roads", zh="道路封闭，无法到达")
    return Words(
        en="Cut off by closed roads; {time} if they were open",
        zh="道路封闭，无法到达；若开放需{time}",
    ).filled(time=clock_words(facts.ignoring_closures_s))


def _diversion(facts: UnitFacts, _: bool) -> Words:
    if facts.loss is None:
        words = Words(
            en="On the way to a {category}, nearer than who is free",
            zh="正前往{category}事件，比空闲车辆更近",
        )
    elif facts.loss.loss_s is None:
        words = Words(
            en="Could be diverted from a {category}; nobody can replace it there",
            zh="可从{category}事件改派；那里无车可替",
        )
    else:
        words = Words(
            en="Could be diverted from a {category}; its patient waits {time} longer",
            zh="可从{category}事件改派；其患者将多等{time}",
        )
    lost_s = 0.0 if facts.loss is None else facts.loss.loss_s or 0.0
    return words.filled(category=facts.category or "–", time=clock_words(lost_s))


def _clears_soon(facts: UnitFacts, _: bool) -> Words:
    low, middle, high = ("–" if one is None else clock_words(one) for one in facts.clear_s)
    return Words(
        en="At a hospital, expected free in {middle} ({low} to {high}); ranked by the latest",
        zh="正在医院，预计{middle}后恢复待命（{low}至{high}）；按最晚时间排序",
    ).filled(middle=middle, low=low, high=high)


def _always(words: Words) -> "UnitWords":
    return lambda _facts, _straight_line: words


UnitWords = Callable[[UnitFacts, bool], Words]

_WORDS_BY_CODE: Mapping[ReasonCode, UnitWords] = {
    ReasonCode.FASTEST: _fastest,
    ReasonCode.SUGGESTED: _suggested,
    ReasonCode.ASSIGNED: _assigned,
    ReasonCode.OFF_SHIFT: _always(Words(en="Off shift", zh="不在班")),
    ReasonCode.OUT_OF_SERVICE: _out_of_service,
    ReasonCode.LEVEL_TOO_LOW: _level_too_low,
    ReasonCode.CAPABILITY_MISSING: _capability_missing,
    ReasonCode.NO_ROAD: _always(Words(en="No road from its position", zh="其位置没有可达道路")),
    ReasonCode.CUT_OFF: _cut_off,
    ReasonCode.POSITION_STALE: _position_stale,
    ReasonCode.STATION_POSITION: _always(
        Words(en="No position reported; taken as at its station", zh="未上报位置，按在站计算")
    ),
    ReasonCode.SHIFT_ENDS_SOON: _shift_ends_soon,
    ReasonCode.STRAIGHT_LINE: _always(
        Words(en="Straight line: no road network loaded", zh="直线估算：未加载路网")
    ),
    ReasonCode.DIVERSION: _diversion,
    ReasonCode.CLEARS_SOON: _clears_soon,
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
        reason("units_short", UNITS_SHORT.filled(count=count, level=LEVEL_WORDS[need.level]))
        for need, count in missing
    )
