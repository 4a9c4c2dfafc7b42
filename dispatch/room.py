"""What this room says of itself: incidents, units, the simulated city."""

from dispatch.advisories.events import POSTED_BY
from dispatch.arrest.events import ARREST_EVENTS, FOLLOWED
from dispatch.calls.events import CALL_EVENTS
from dispatch.casualties.events import CASUALTY_EVENTS
from dispatch.coverage.events import COVERAGE_EVENTS
from dispatch.diversions.events import DIVERSION_EVENTS
from dispatch.fleet.crew_safety.events import CREW_EVENTS
from dispatch.incidents.published import INCIDENTS_BY_WEEK, INCIDENTS_LAYER
from dispatch.jobs import JOBS, TIMERS
from dispatch.kpis.room import KPI_EXPORT, KPI_PAGE, KPI_REPORT, KPI_RIGHT
from dispatch.model import STATE_EVENTS, STATE_WORDS
from dispatch.moveup.events import MOVEUP_EVENTS, UNIT_EVENTS
from dispatch.permissions import (
    ALARM_ESCALATION,
    ARRIVALS_READ,
    CLINICAL_REVIEW,
    COVERAGE_RULES,
    DISPATCH,
    INCIDENT_READ,
    INCIDENT_WRITE,
    KPIS_READ,
    PERSONAL_READ,
    PLACE_SEARCH,
    POSITION_WRITE,
    SIMULATION_CONTROL,
    SURGE_CONTROL,
    TELEPHONY,
    UNIT_STATUS_WRITE,
    VOLUNTEER_ADMIN,
    VOLUNTEER_RESPOND,
)
from dispatch.register import EXPORTS, FIELDS, SUBJECTS
from dispatch.scene_safety.events import SAFETY_EVENTS
from dispatch.waiting.events import SURGE_EVENTS, WAITING_EVENTS, WATCHED
from gis.permissions import (
    AED_MODERATE,
    EVENTS_READ,
    HOSPITAL_STATUS_WRITE,
    MAP_READ_OPERATIONAL,
    RESOURCE_READ,
)
from gis.rooms.model import Consumer, Event, Page, Right, Role, Room, Subject
from gis.words import Words
from routing.permissions import (
    CONTRAFLOW_SIGN,
    ROAD_CONDITIONS_READ,
    ROAD_CONDITIONS_WRITE,
    ROUTING_USE,
)

_STAMP = Words(en="{call_sign}: {state}", zh="{call_sign}: {state}")

_DISPATCHER = (
    INCIDENT_READ, INCIDENT_WRITE, DISPATCH, UNIT_STATUS_WRITE, POSITION_WRITE, PERSONAL_READ,
    RESOURCE_READ, PLACE_SEARCH, ROUTING_USE, MAP_READ_OPERATIONAL, EVENTS_READ,
    ROAD_CONDITIONS_READ, ROAD_CONDITIONS_WRITE,
)  # fmt: skip

ROOM = Room(
    name="dispatch",
    published=(INCIDENTS_BY_WEEK,),
    layers=(INCIDENTS_LAYER,),
    personal_fields=FIELDS,
    personal_subjects=SUBJECTS,
    export_kinds=(*EXPORTS, KPI_EXPORT),
    reports=(KPI_REPORT,),
    jobs=JOBS,
    timers=TIMERS,
    permissions=(
        Right(INCIDENT_READ, Words(en="see incidents", zh="查看事件")),
        Right(INCIDENT_WRITE, Words(en="take calls and change incidents", zh="接警并修改事件")),
        Right(DISPATCH, Words(en="send units", zh="派车")),
        Right(UNIT_STATUS_WRITE, Words(en="report a unit's progress", zh="上报车组进度")),
        Right(POSITION_WRITE, Words(en="report positions", zh="上报位置")),
        Right(
            PERSONAL_READ,
            Words(
                en="read callers' and patients' values",
                zh="查看来电人与患者信息",
            ),
            break_glass=True,
        ),
        Right(PLACE_SEARCH, Words(en="search places", zh="查找地点")),
        Right(TELEPHONY, Words(en="report calls of the exchange", zh="上报交换机来电")),
        Right(SIMULATION_CONTROL, Words(en="control the simulated city", zh="控制仿真城市")),
        Right(
            VOLUNTEER_RESPOND, Words(en="come as a volunteer", zh="作为志愿者响应")
        ),
        Right(
            VOLUNTEER_ADMIN, Words(en="enrol and verify volunteers", zh="登记与核实志愿者")
        ),
        Right(
            ALARM_ESCALATION,
            Words(en="be told of alarms that nobody silenced", zh="接收无人处理的警报"),
        ),
        KPI_RIGHT,
        Right(
            SURGE_CONTROL,
            Words(en="begin and end a surge mode", zh="开始与结束高峰模式"),
        ),
        Right(
            CLINICAL_REVIEW,
            Words(
                en="check waiting patients as a clinician: categories may become less urgent",
                zh="以临床人员身份复核候诊患者（可下调级别）",
            ),
        ),
        Right(
            COVERAGE_RULES,
            Words(en="set the rules of coverage and move-ups", zh="设定覆盖与前移规则"),
        ),
        Right(
            ARRIVALS_READ,
            Words(en="see how right predicted arrivals were", zh="查看到达时间预测的准确度"),
        ),
    ),
    roles=(
        Role("dispatcher", Words(en="dispatcher", zh="调度员"), _DISPATCHER),
        Role(
            "supervisor", Words(en="supervisor", zh="值班主任"),
            (*_DISPATCHER, HOSPITAL_STATUS_WRITE, SIMULATION_CONTROL, CONTRAFLOW_SIGN,
             ALARM_ESCALATION, KPIS_READ, SURGE_CONTROL,
             VOLUNTEER_ADMIN, COVERAGE_RULES),
        ),
        Role(
            "clinician", Words(en="clinician in the control room", zh="调度室临床人员"),
            (INCIDENT_READ, INCIDENT_WRITE, PERSONAL_READ, RESOURCE_READ, EVENTS_READ,
             CLINICAL_REVIEW),
        ),
        Role("exchange", Words(en="exchange", zh="电话交换机"), (TELEPHONY, INCIDENT_WRITE)),
        Role(
            "responder", Words(en="ambulance crew", zh="急救车组"),
            (ROUTING_USE, ROAD_CONDITIONS_READ, UNIT_STATUS_WRITE, POSITION_WRITE),
        ),
        Role("volunteer", Words(en="volunteer", zh="志愿者"), (VOLUNTEER_RESPOND,)),
    ),
    pages=(
        KPI_PAGE,
        Page(
            "/console", Words(en="Dispatch", zh="调度台"), "console/main.js",
            Words(
                en="Take a call, place it, code it, send a unit, follow it, close it.",
                zh="接听、定位、分级、派车、跟踪、结束。",
            ),
            permission=(INCIDENT_READ,), order=10, landing_for=("dispatcher", "supervisor"),
            styles=("console.css",), markup="console.html",
        ),
        Page(
            "/locate", Words(en="Send your location", zh="发送位置"), "locate/main.js",
            Words(
                en="A caller's phone sends where it is, by a link that works once.",
                zh="来电人用一次性链接发送手机位置。",
            ),
            permission=None, order=None, styles=("plain.css",), markup="locate.html",
        ),
        Page(
            "/aed-reports", Words(en="AED reports", zh="AED上报"), "aed_reports/main.js",
            Words(
                en="What citizens report of defibrillators: check it, confirm it or dismiss it.",
                zh="公众上报的AED问题：核查、确认或驳回。",
            ),
            permission=(AED_MODERATE,), order=650, styles=("admin.css",),
        ),
    ),
    subjects=(
        Subject("incident", INCIDENT_READ, "dispatch.incidents.live:incident_views"),
        Subject("unit", RESOURCE_READ, "dispatch.fleet.live:unit_views"),
        Subject("call", INCIDENT_READ),
        Subject("simulation", EVENTS_READ),
        Subject("advisory", INCIDENT_READ),
        Subject("coverage", INCIDENT_READ),
        Subject("moveup", INCIDENT_READ),
        Subject("hazard", INCIDENT_READ),
        Subject("surge", INCIDENT_READ),
        Subject("aed", AED_MODERATE),
    ),
    consumers=(
        Consumer("dispatch.coverage", UNIT_EVENTS, "dispatch.moveup.work:take_change"),
        Consumer("dispatch.advisories", POSTED_BY, "dispatch.advisories.service:take_advisory"),
        Consumer("dispatch.deadlines", WATCHED, "dispatch.waiting.service:take_event"),
        Consumer(
            "dispatch.surge", tuple(SURGE_EVENTS), "dispatch.waiting.service:take_surge"
        ),
        Consumer("dispatch.arrest", FOLLOWED, "dispatch.arrest.service:follow_incident"),
    ),
    events=(
        *SAFETY_EVENTS,
        *CREW_EVENTS,
        *CASUALTY_EVENTS,
        *CALL_EVENTS,
        Event(
            "advisory.posted", "advisory", "Another room advises dispatch to mind something.",
            Words(en="Advised to mind something until {until}", zh="收到提示，至{until}"),
        ),
        Event(
            "advisory.acknowledged", "advisory", "Somebody at dispatch has seen an advisory.",
            Words(en="Advisory acknowledged", zh="提示已确认"),
        ),
        Event(
            "incident.call_received", "incident",
            "A call came in; a new incident was made for it.",
            Words(en="Call {number} received by {source}", zh="接到呼救{number}（{source}）"),
        ),
        Event(
            "incident.call_noted", "incident",
            "The caller's words or number were written down or corrected.",
            Words(en="The caller's words were written down", zh="已记录来电内容"),
        ),
        Event(
            "incident.remarked", "incident",
            "A remark was written into the incident's log, or corrected by a new one.",
            Words(en="A remark was written down", zh="已写入备注"),
        ),
        Event(
            "incident.alarm_acknowledged", "incident",
            "An alarm of the incident was silenced at every desk.",
            Words(en="Alarm silenced", zh="警报已静音"),
        ),
        Event(
            "incident.alarm_escalated", "incident",
            "Nobody silenced an alarm of the incident in time; it was passed on.",
            Words(en="Alarm passed on: nobody silenced it", zh="警报无人处理，已上报"),
        ),
        Event(
            "incident.located", "incident", "The incident's place was set or corrected.",
            Words(
                en="Place set ({place_source}; ±{uncertainty_m} m; {confirmed})",
                zh="定位（{place_source}；±{uncertainty_m}米；{confirmed}）",
            ),
        ),
        Event(
            "assignment.overdue", "incident",
            "A unit under way will be late by the roads as they are now, or stands still.",
            Words(en="{call_sign} is late or stands still", zh="{call_sign}迟到或停滞"),
        ),
        Event(
            "assignment.in_time", "incident",
            "A unit that was late or stood still is neither any more.",
            Words(en="{call_sign} is in time again", zh="{call_sign}恢复正常行驶"),
        ),
        Event(
            "assignment.deviation_explained", "incident",
            "Why another unit was sent than the one that would be there first.",
            Words(
                en="{call_sign} was sent though another was nearer: {deviation}",
                zh="派出{call_sign}而非更近车组：{deviation}",
            ),
        ),
        Event(
            "incident.place_acknowledged", "incident",
            "A crew under way has the place that was corrected.",
            Words(
                en="{call_sign} has the new place ({heard})",
                zh="{call_sign} 已确认新地点（{heard}）",
            ),
        ),
        Event(
            "incident.coded", "incident",
            "Triage gave the incident a determinant and a category.",
            Words(
                en="Coded: {complaint}, category {category}",
                zh="分诊：{complaint}，级别{category}",
            ),
        ),
        Event(
            "incident.queued", "incident", "The incident waits for a unit.",
            Words(en="Queued", zh="进入队列"),
        ),
        Event(
            "incident.assigned", "incident", "A unit was sent (eTimes.03).",
            Words(en="{call_sign} assigned", zh="派出{call_sign}"),
        ),
        Event(
            "incident.destination_set", "incident", "A hospital was chosen for a unit's patient.",
            Words(
                en="{call_sign} goes to {destination_name}",
                zh="{call_sign}送往{destination_name}",
            ),
        ),
        Event(
            "incident.patient_added", "incident", "A patient was added to the incident.",
            Words(en="Patient {ordinal} added", zh="新增患者{ordinal}"),
        ),
        Event(
            "incident.closed", "incident", "The incident was closed with its outcome.",
            Words(en="Closed: {outcome}", zh="结束：{outcome}"),
        ),
        Event(
            "incident.cancelled", "incident", "The incident was cancelled with a reason.",
            Words(en="Cancelled", zh="取消"),
        ),
        Event(
            "incident.reopened", "incident", "A closed or cancelled incident was opened again.",
            Words(en="Reopened", zh="重新打开"),
        ),
        Event(
            "incident.end_undone", "incident",
            "A close or a cancellation of a moment before was taken back.",
            Words(en="The end was undone", zh="已撤销结束"),
        ),
        Event(
            "assignment.undone", "incident",
            "A unit's last stamp was taken back; one that was called back is notified again.",
            Words(en="{call_sign}: {undone} undone", zh="{call_sign}：撤销{undone}"),
        ),
        Event(
            "incident.taken_over", "incident", "A dispatcher took the incident over.",
            Words(en="Taken over", zh="已接手"),
        ),
        Event(
            "incident.personal_values_erased", "incident",
            "The caller's and patients' personal values were erased.",
            Words(en="Personal values erased ({count})", zh="已删除个人信息（{count}项）"),
        ),
        Event(
            "incident.personal_value_corrected", "incident",
            "A personal value was corrected at the request of the person concerned.",
            Words(
                en="Personal value corrected on request ({field})",
                zh="已应请求更正个人信息（{field}）",
            ),
        ),
        Event(
            "incident.marked_duplicate", "incident",
            "The incident was linked to the one it repeats.",
            Words(en="Duplicate of {of_number}", zh="与{of_number}重复"),
        ),
        Event(
            "incident.link_undone", "incident", "The link to the incident it repeats was undone.",
            Words(en="Link to {of_number} undone", zh="已取消与{of_number}的关联"),
        ),
        Event(
            "incident.merged", "incident",
            "Another incident was merged into this one: its calls, patients and units go on here.",
            Words(en="{merged_number} merged into this incident", zh="{merged_number}已并入本事件"),
        ),
        Event(
            "incident.merged_into", "incident", "The incident goes on with another one.",
            Words(en="Merged into {into_number}", zh="已并入{into_number}"),
        ),
        Event(
            "incident.merge_undone", "incident",
            "A merge was undone: calls, patients and units are each incident's own again.",
            Words(en="Merge of {merged_number} undone", zh="已撤销{merged_number}的合并"),
        ),
        *(
            Event(
                f"assignment.{state}", "incident", says,
                _STAMP.filled(call_sign="{call_sign}", state=STATE_WORDS[state]),
            )
            for state, says in STATE_EVENTS.items()
        ),
        *(
            Event(f"incident.{kind}_{state}", "incident", says, words)
            for kind, told in DIVERSION_EVENTS.items()
            for state, (says, words) in told.items()
        ),
        *(
            Event(name, "incident", says, words)
            for name, (says, words) in WAITING_EVENTS.items()
        ),
        *(Event(name, "surge", says, words) for name, (says, words) in SURGE_EVENTS.items()),
        *ARREST_EVENTS,
        *COVERAGE_EVENTS,
        *MOVEUP_EVENTS,
        Event(
            "unit.status_changed", "unit", "A unit's availability changed.",
            Words(en="{call_sign}: {status}", zh="{call_sign}：{status}"),
        ),
        Event(
            "unit.out_of_service", "unit", "A unit was taken out of service, or corrected in it.",
            Words(en="{call_sign} out of service: {reason}", zh="{call_sign}停用：{reason}"),
        ),
        Event(
            "unit.back_in_service", "unit", "A unit was put into service again.",
            Words(en="{call_sign} in service again", zh="{call_sign}恢复启用"),
        ),
        Event(
            "unit.shift_changed", "unit", "A unit's shift ends at another time.",
            Words(en="{call_sign}: shift ends {ends_at}", zh="{call_sign}：班次结束于{ends_at}"),
        ),
        Event(
            "aed.reported", "aed", "Somebody reported a defibrillator missing or broken.",
            Words(en="An AED was reported: {kind}", zh="有人上报AED问题：{kind}"),
        ),
        Event(
            "aed.check_requested", "aed",
            "A moderator asked somebody to look at a reported defibrillator.",
            Words(en="A check of an AED was asked for", zh="已请人核查AED"),
        ),
        Event(
            "aed.report_decided", "aed",
            "A report about a defibrillator was accepted, which takes it out, or dismissed.",
            Words(en="Report of an AED: {decision}", zh="AED上报处理：{decision}"),
        ),
        Event(
            "aed.returned", "aed", "A defibrillator was put back into service.",
            Words(en="An AED is in service again", zh="AED已恢复使用"),
        ),
        Event(
            "simulation.changed", "simulation",
            "The simulated city's speed or dispatching was changed.",
            Words(en="Simulation changed", zh="仿真设置已更改"),
        ),
    ),
)  # fmt: skip
