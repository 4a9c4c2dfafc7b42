"""Tell an incident's events as a readable story, in English or Chinese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dispatch.model import AssignmentState, Words

Language = Literal["en", "zh"]

LATE_WORDS = Words(" (recorded {recorded}, late)", "（{recorded}补记）")
SKIPPED_WORDS = Words(" (skipped: {skipped})", "（缺少：{skipped}）")

STATE_WORDS: Mapping[str, Words] = {
    AssignmentState.SUGGESTED: Words("suggested", "建议派车"),
    AssignmentState.PRE_ALERTED: Words("pre-alerted", "预警"),
    AssignmentState.NOTIFIED: Words("notified", "已通知"),
    AssignmentState.ACKNOWLEDGED: Words("acknowledged", "已确认"),
    AssignmentState.EN_ROUTE: Words("on the way", "出车"),
    AssignmentState.STAGING: Words("waiting at staging point", "在集结点待命"),
    AssignmentState.ON_SCENE: Words("on scene", "到达现场"),
    AssignmentState.AT_PATIENT: Words("at the patient", "接触患者"),
    AssignmentState.LEFT_SCENE: Words("left the scene with the patient", "离开现场"),
    AssignmentState.AT_DESTINATION: Words("at the hospital", "到达医院"),
    AssignmentState.TRANSFERRED: Words("patient handed to the hospital", "完成交接"),
    AssignmentState.AVAILABLE: Words("available again", "恢复待命"),
    AssignmentState.HOME: Words("back at the station", "返回站点"),
    AssignmentState.CANCELLED: Words("cancelled", "取消"),
    AssignmentState.DIVERTED: Words("diverted to another incident", "改派其他事件"),
    AssignmentState.HANDED_OVER: Words("patient handed to another unit", "移交其他车组"),
    AssignmentState.NO_TRANSPORT: Words("no transport", "未转运"),
}

EVENT_WORDS: Mapping[str, Words] = {
    "incident.call_received": Words(
        "Call {number} received by {source}", "接到呼救{number}（{source}）"
    ),
    "incident.personal_values_erased": Words(
        "Personal values erased ({count})", "已删除个人信息（{count}项）"
    ),
    "incident.call_noted": Words("The caller's words were written down", "已记录来电内容"),
    "incident.queued": Words("Queued", "进入队列"),
    "incident.located": Words(
        "Place set ({place_source}; ±{uncertainty_m} m; {confirmed})",
        "定位（{place_source}；±{uncertainty_m}米；{confirmed}）",
    ),
    "incident.coded": Words(
        "Coded {determinant}, category {category}", "分诊：{determinant}，级别{category}"
    ),
    "incident.assigned": Words("{call_sign} assigned", "派出{call_sign}"),
    "incident.destination_set": Words(
        "{call_sign} goes to {destination_name}", "{call_sign}送往{destination_name}"
    ),
    "incident.patient_added": Words("Patient {ordinal} added", "新增患者{ordinal}"),
    "incident.closed": Words("Closed: {outcome}", "结束：{outcome}"),
    "incident.cancelled": Words("Cancelled", "取消"),
    "incident.reopened": Words("Reopened", "重新打开"),
    "incident.marked_duplicate": Words("Duplicate of {of_number}", "与{of_number}重复"),
    "incident.taken_over": Words("Taken over by {handled_by}", "由{handled_by}接手"),
    "road.closed": Words("Roads closed until {expires_at}", "道路封闭至{expires_at}"),
    "road.flooded": Words(
        "Roads under {depth_m} m of water until {expires_at}",
        "道路积水{depth_m}米，至{expires_at}",
    ),
    "road.roadworks_set": Words("Roadworks until {expires_at}", "道路施工至{expires_at}"),
    "road.speed_set": Words(
        "Speed {speed_kmh} km/h until {expires_at}",
        "车速定为{speed_kmh}公里/时，至{expires_at}",
    ),
    "road.contraflow_signed": Words(
        "Contraflow permitted until {expires_at}", "准许逆行至{expires_at}"
    ),
    "road.contraflow_revoked": Words("Contraflow no longer permitted", "逆行许可已撤销"),
    "road.reopened": Words("Roads open again", "道路恢复通行"),
    "road.extended": Words("Now until {expires_at}", "改为至{expires_at}"),
    "road.place_cut_off": Words("{place_name} has no road connection", "{place_name}道路交通中断"),
    "road.speeds_updated": Words("Live speeds of {count} roads", "更新{count}条实时路况"),
    "road.profiles_learned": Words(
        "{count} speeds by hour of the week learned", "学习到{count}条分时车速"
    ),
    "road.conditions_remapped": Words(
        "{count} road conditions carried over to the new road network",
        "{count}条道路状况已转到新路网",
    ),
}
"""Text of each event type; names in braces are payload fields."""

CONFIRMED_WORDS = {True: Words("confirmed", "已确认"), False: Words("UNCONFIRMED", "未确认")}
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event as the story needs it."""

    subject_version: int
    type: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def event_words(event: StoryEvent, language: Language) -> str:
    """Return one event as a sentence without its time; unknown types stand for themselves."""
    fields = _Fields(event.payload)
    if "place_confirmed" in fields:
        fields["confirmed"] = _in(CONFIRMED_WORDS[bool(fields["place_confirmed"])], language)
    if event.type.startswith("assignment."):
        return _stamp_words(event, language)
    template = EVENT_WORDS.get(event.type)
    if template is None:
        return event.type
    present = {key: "–" if value is None else value for key, value in fields.items()}
    return _in(template, language).format_map(_Fields(present))


def story_lines(events: Iterable[StoryEvent], *, language: Language, time_zone: str) -> list[str]:
    """Return one line for each event: local time, since the call, what happened, by whom."""
    lines: list[str] = []
    zone = ZoneInfo(time_zone)
    start: datetime | None = None
    for event in sorted(events, key=lambda event: (event.occurred_at, event.subject_version)):
        start = start or event.occurred_at
        since_s = (event.occurred_at - start).total_seconds()
        minutes, seconds = divmod(round(since_s), 60)
        lines.append(
            f"{event.occurred_at.astimezone(zone):{TIME_FORMAT}}  +{minutes:02d}:{seconds:02d}  "
            f"{event_words(event, language)}  [{event.actor}]"
        )
    return lines


def _stamp_words(event: StoryEvent, language: Language) -> str:
    state = event.type.removeprefix("assignment.")
    known = STATE_WORDS.get(state)
    words = _in(known, language) if known else state
    text = f"{event.payload.get('call_sign', '–')}: {words}"
    if event.payload.get("late"):
        recorded = f"{event.recorded_at:%H:%M:%S}Z"
        text += _in(LATE_WORDS, language).format(recorded=recorded)
    skipped = event.payload.get("skipped") or ()
    if skipped:
        names = [_in(STATE_WORDS[name], language) for name in skipped if name in STATE_WORDS]
        text += _in(SKIPPED_WORDS, language).format(skipped=", ".join(names))
    return text


def _in(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en
