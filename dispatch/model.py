"""States, facts and snapshots of incidents, assignments and units. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.words import Words


class IncidentState(StrEnum):
    """Progress of an incident, derived from its facts and assignments, never set by hand."""

    RECEIVED = "received"
    CODED = "coded"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AssignmentState(StrEnum):
    """Progress of one unit on one incident, with its ways out."""

    SUGGESTED = "suggested"
    PRE_ALERTED = "pre_alerted"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    STAGING = "staging"
    ON_SCENE = "on_scene"
    AT_PATIENT = "at_patient"
    LEFT_SCENE = "left_scene"
    AT_DESTINATION = "at_destination"
    TRANSFERRED = "transferred"
    AVAILABLE = "available"
    HOME = "home"
    CANCELLED = "cancelled"
    DIVERTED = "diverted"
    HANDED_OVER = "handed_over"
    NO_TRANSPORT = "no_transport"


ETIMES: Mapping[AssignmentState, str] = {
    AssignmentState.NOTIFIED: "eTimes.03",
    AssignmentState.ACKNOWLEDGED: "eTimes.04",
    AssignmentState.EN_ROUTE: "eTimes.05",
    AssignmentState.ON_SCENE: "eTimes.06",
    AssignmentState.AT_PATIENT: "eTimes.07",
    AssignmentState.HANDED_OVER: "eTimes.08",
    AssignmentState.LEFT_SCENE: "eTimes.09",
    AssignmentState.AT_DESTINATION: "eTimes.11",
    AssignmentState.TRANSFERRED: "eTimes.12",
    AssignmentState.AVAILABLE: "eTimes.13",
    AssignmentState.CANCELLED: "eTimes.14",
    AssignmentState.HOME: "eTimes.15",
    AssignmentState.STAGING: "eTimes.17",
}
"""NEMSIS v3.5.1 element of each stamp; states without one have no NEMSIS time."""


STATE_WORDS: Mapping[str, Words] = {
    AssignmentState.SUGGESTED: Words(en="suggested", zh="建议派车"),
    AssignmentState.PRE_ALERTED: Words(en="pre-alerted", zh="预警"),
    AssignmentState.NOTIFIED: Words(en="notified", zh="已通知"),
    AssignmentState.ACKNOWLEDGED: Words(en="acknowledged", zh="已确认"),
    AssignmentState.EN_ROUTE: Words(en="on the way", zh="出车"),
    AssignmentState.STAGING: Words(en="waiting at staging point", zh="在集结点待命"),
    AssignmentState.ON_SCENE: Words(en="on scene", zh="到达现场"),
    AssignmentState.AT_PATIENT: Words(en="at the patient", zh="接触患者"),
    AssignmentState.LEFT_SCENE: Words(en="left the scene with the patient", zh="离开现场"),
    AssignmentState.AT_DESTINATION: Words(en="at the hospital", zh="到达医院"),
    AssignmentState.TRANSFERRED: Words(en="patient handed to the hospital", zh="完成交接"),
    AssignmentState.AVAILABLE: Words(en="available again", zh="恢复待命"),
    AssignmentState.HOME: Words(en="back at the station", zh="返回站点"),
    AssignmentState.CANCELLED: Words(en="cancelled", zh="取消"),
    AssignmentState.DIVERTED: Words(en="diverted to another incident", zh="改派其他事件"),
    AssignmentState.HANDED_OVER: Words(en="patient handed to another unit", zh="移交其他车组"),
    AssignmentState.NO_TRANSPORT: Words(en="no transport", zh="未转运"),
}

STATE_EVENTS: Mapping[str, str] = {
    "acknowledged": "The crew acknowledged the dispatch (eTimes.04).",
    "en_route": "The unit began to move (eTimes.05).",
    "staging": "The unit waits at a staging area (eTimes.17).",
    "on_scene": "The unit stopped at the scene (eTimes.06).",
    "at_patient": "The crew reached the patient (eTimes.07).",
    "left_scene": "The unit left the scene with a patient (eTimes.09).",
    "at_destination": "The patient arrived at the destination (eTimes.11).",
    "transferred": "The destination took over the patient's care (eTimes.12).",
    "available": "The unit is back in service (eTimes.13).",
    "home": "The unit is back at its station (eTimes.15).",
    "cancelled": "The unit was cancelled (eTimes.14).",
    "diverted": "The unit was sent to another incident instead.",
    "handed_over": "Care was handed over to another unit (eTimes.08).",
    "no_transport": "The unit left without taking a patient.",
    "notified": "The unit was told to go (eTimes.03).",
    "pre_alerted": "The unit was warned that it may have to go.",
    "suggested": "The unit was proposed and nothing sent yet.",
}
"""What the event of each stamp says."""


class UnitLevel(StrEnum):
    """Level of care of a unit."""

    FIRST_RESPONDER = "first_responder"
    BLS = "BLS"
    ALS = "ALS"
    CRITICAL_CARE = "critical_care"


LEVEL_RANK: Mapping[str, int] = {
    UnitLevel.FIRST_RESPONDER: 0,
    UnitLevel.BLS: 1,
    UnitLevel.ALS: 2,
    UnitLevel.CRITICAL_CARE: 3,
}
"""A unit serves every level at or below its own."""


class UnitAvailability(StrEnum):
    """Primary unit status, NENA EIDO names (NENA-STA-021.1b)."""

    AVAILABLE = "Available"
    CONDITIONALLY_AVAILABLE = "ConditionallyAvailable"
    NOT_AVAILABLE = "NotAvailable"


class CallSource(StrEnum):
    """Where a call came from."""

    PHONE = "phone"
    TEXT = "text"
    APP = "app"
    ALARM = "alarm"
    SIMULATION = "simulation"


class PlaceHeard(StrEnum):
    """How a crew said that it has the new place."""

    TABLET = "tablet"
    VOICE = "voice"


class Outcome(StrEnum):
    """How an incident ended. A fixed list: words of one's own could name a person for ever."""

    TRANSPORTED = "transported"
    TREATED_ON_SCENE = "treated_on_scene"
    REFUSED = "refused"
    NO_PATIENT = "no_patient"
    DECEASED = "deceased"
    HANDED_OVER = "handed_over"
    FALSE_ALARM = "false_alarm"


MERGED = "merged"
"""What stands for an outcome of an incident that goes on with another; nobody chooses it."""

OUTCOME_WORDS: Mapping[str, Words] = {
    Outcome.TRANSPORTED: Words(en="taken to hospital", zh="送院"),
    Outcome.TREATED_ON_SCENE: Words(en="treated on scene", zh="现场处置"),
    Outcome.REFUSED: Words(en="refused care", zh="拒绝救治"),
    Outcome.NO_PATIENT: Words(en="no patient found", zh="未见患者"),
    Outcome.DECEASED: Words(en="deceased", zh="死亡"),
    Outcome.HANDED_OVER: Words(en="handed over", zh="移交"),
    Outcome.FALSE_ALARM: Words(en="false alarm", zh="误报"),
    MERGED: Words(en="merged", zh="已合并"),
}

DEADLINE_WORDS: Mapping[str, Words] = {
    "call_back": Words(en="call the patient back", zh="回访患者"),
    "answer": Words(en="a crew has not answered", zh="车组未接令"),
    "replacement": Words(en="a replacing crew has not answered", zh="接替车组未接令"),
}
"""What has to be done until a deadline."""

CALL_BACK_WORDS: Mapping[str, Words] = {
    "better": Words(en="better", zh="好转"),
    "same": Words(en="the same", zh="相同"),
    "worse": Words(en="worse", zh="加重"),
    "no_answer": Words(en="nobody answered", zh="无人接听"),
}
"""What a call-back found."""

SOURCE_WORDS: Mapping[str, Words] = {
    CallSource.PHONE: Words(en="telephone", zh="电话"),
    CallSource.TEXT: Words(en="text message", zh="短信"),
    CallSource.APP: Words(en="app", zh="应用程序"),
    CallSource.ALARM: Words(en="alarm system", zh="报警系统"),
    CallSource.SIMULATION: Words(en="simulation", zh="仿真"),
}


class Deviation(StrEnum):
    """Why another unit was sent than the one that would be there first."""

    CREW_SKILL = "crew_skill"
    LOCAL_KNOWLEDGE = "local_knowledge"
    KEEPS_COVER = "keeps_cover"
    REQUESTED = "requested"
    OTHER_UNFIT = "other_unfit"
    OTHER_REASON = "other_reason"


DEVIATION_WORDS: Mapping[str, Words] = {
    Deviation.CREW_SKILL: Words(en="crew or equipment fits better", zh="车组或装备更合适"),
    Deviation.LOCAL_KNOWLEDGE: Words(en="is in truth nearer", zh="实际更近"),
    Deviation.KEEPS_COVER: Words(en="keeps cover elsewhere", zh="保留其他区域力量"),
    Deviation.REQUESTED: Words(en="was asked for", zh="现场或来电要求"),
    Deviation.OTHER_UNFIT: Words(en="the nearer one could not go", zh="较近车组无法出动"),
    Deviation.OTHER_REASON: Words(en="another reason, see the log", zh="其他原因，见备注"),
}

HEARD_WORDS: Mapping[str, Words] = {
    PlaceHeard.TABLET: Words(en="by tablet", zh="平板"),
    PlaceHeard.VOICE: Words(en="by voice", zh="语音"),
}

PLACE_SOURCE_WORDS: Mapping[str, Words] = {
    "gazetteer": Words(en="found by name", zh="按名称查得"),
    "map": Words(en="from the map", zh="在地图上选定"),
    "call": Words(en="with the call", zh="随来电获得"),
}
"""Where an incident's place is from."""


class StampSource(StrEnum):
    """Who or what reported a status stamp."""

    CONSOLE = "console"
    TABLET = "tablet"
    GEOFENCE = "geofence"
    SIMULATION = "simulation"


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """The stored facts from which an incident's state follows."""

    coded_at: datetime | None = None
    queued_at: datetime | None = None
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """One status stamp: what was reached, when it happened and when that was written down."""

    state: AssignmentState
    occurred_at: datetime
    recorded_at: datetime
    source: str
    late: bool = False
    skipped: tuple[AssignmentState, ...] = ()
    etimes: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit on one incident, with its stamps in order of recording."""

    assignment_id: UUID
    incident_id: UUID
    unit_id: int
    state: AssignmentState
    version: int
    stamps: tuple[Stamp, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """Primary status with its secondary names (NENA EIDO)."""

    primary: UnitAvailability
    secondary: tuple[str, ...] = field(default=())
