"""The register of personal fields of calls, patients, places and crews; what may be exported."""

from dispatch.permissions import INCIDENT_READ
from gis.permissions import PRIVACY_ADMIN
from gis.rooms.exports import ExportKind
from gis.rooms.personal import Correctable, PersonalField, PersonalSubject
from gis.words import Words

_CARE = "GDPR 6(1)(d)(e), 9(2)(c)(h); PIPL 13(3)(4), 28"
_TASK = "GDPR 6(1)(e); PIPL 13(3)(4)"
_WORK = "GDPR 6(1)(b)(e); PIPL 13(2)"
_RULES = "dispatch.incidents.retention.service"
_CORRECTING = "dispatch.incidents.correcting"
_INCIDENT_READ = Words(en="`incident_read` in the area", zh="辖区内`incident_read`")
_AUDITED = Words(
    en="`personal_read` in the area, each read recorded with its reason",
    zh="辖区内`personal_read`，每次读取均记录理由",
)
_ENDED = Words(en="end of the incident", zh="事件结束")
_HELP = Words(en="right response", zh="正确响应")
_ANSWER = Words(en="account for steps", zh="责任追溯")
_NO_ONE = Words(en="nobody", zh="无人")
_AS_IN_LOG = Words(en="for ever, as in the event log", zh="永久（与事件日志一致）")

FIELDS = (
    PersonalField(
        name="casualties.colours", table="casualty_colours",
        columns=("colour", "method", "decided_by", "sorted_by"),
        what=Words(
            en="colours of a casualty known by the number on its tag, by whom and by which finding",
            zh="以标签编号登记的伤员的历次检伤分级、依据与分检人",
        ),
        purpose=_HELP, legal_basis=_CARE, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="casualties.course", table="casualties",
        columns=("tag", "colour", "state", "sector", "overload_by"),
        what=Words(
            en="number on a casualty's tag, colour, sector, and who sent it to a full hospital",
            zh="伤员标签编号、分级、位置，以及决定送往满员医院的人",
        ),
        purpose=_HELP, legal_basis=_CARE, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="mass_casualties.who", table="mass_casualties", columns=("declared_by", "ended_by"),
        what=Words(
            en="who declared and ended a mass casualty incident", zh="群体伤亡事件的宣布人与结束人"
        ),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="aid.who", table="aid_requests", columns=("service", "asked_by"),
        what=Words(
            en="which service was asked for help, and who wrote it down",
            zh="请求支援的机构与记录人",
        ),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="crews.accounts", table="crew_accounts", columns=("bound_by",),
        what=Words(en="who bound an account to a unit", zh="账户与车组绑定的操作人"),
        purpose=_ANSWER, legal_basis=_TASK, readers=_NO_ONE, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="crews.distress", table="distress_calls", columns=("acknowledged_by", "ended_by"),
        what=Words(en="who answered a crew's distress", zh="车组求助的确认人与结束人"),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="crews.welfare", table="welfare_timers", columns=("started_by",),
        what=Words(en="who asked for a crew's welfare timer", zh="报平安计时的启动人"),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="scene.who", table="scene_safety",
        columns=("answered_by", "staged_by", "released_by"),
        what=Words(
            en="who answered about danger, let crews wait, released a scene",
            zh="现场危险的回答人、待命与解除的下令人",
        ),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="scene.heard_by", table="crew_orders_heard", columns=("heard_by",),
        what=Words(en="who wrote down that a crew heard an order", zh="车组确认指令的记录人"),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="scene.told", table="agencies_told", columns=("to_whom", "recorded_by"),
        what=Words(
            en="whom at an agency outside somebody told of an incident, and who wrote it down",
            zh="向外部机构通知事件时的接收人与记录人",
        ),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="hazards", table="premise_hazards",
        columns=("kind", "geom", "created_by", "ended_by"),
        what=Words(
            en="hazard of a place, which may be a home, with its author",
            zh="场所（可能是住宅）的危险及记录人",
        ),
        purpose=Words(en="warn crews", zh="提醒车组"), legal_basis=_TASK,
        readers=_INCIDENT_READ, keep_days=30, since=Words(en="its end", zh="失效时"),
        carry_out="dispatch.scene_safety.service:hazards_past",
    ),
    PersonalField(
        name="advisory.acknowledged_by", table="dispatch_advisories",
        columns=("acknowledged_by",),
        what=Words(en="who acknowledged an advisory", zh="提示的确认人"), purpose=_ANSWER,
        legal_basis=_TASK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="call.caller", table="personal_values", columns=("value", "salt"),
        what=Words(
            en="caller's number, name, words, access to the place, all versions; remarks in the "
            "incident's log",
            zh="来电号码、姓名、所述内容与现场进入方式的各版本；事件备注",
        ),
        purpose=Words(en="call back, understand the call", zh="回拨与理解呼救"),
        legal_basis=_CARE, readers=_AUDITED, keep_days=730,
        since=Words(en="writing down", zh="记录时"), carry_out=f"{_RULES}:call_values_past",
    ),
    PersonalField(
        name="call.digest", table="caller_digests", columns=("digest",),
        what=Words(en="keyed hash of a caller's number", zh="来电号码的加密摘要"),
        purpose=Words(en="know who calls again", zh="识别重复来电"),
        legal_basis=_CARE, readers=_NO_ONE, keep_days=365,
        since=Words(en="call", zh="来电时"), carry_out="dispatch.calls.service:digests_past",
    ),
    PersonalField(
        name="call.phone_place", table="caller_fixes",
        columns=("geom", "altitude_m", "floor", "digest"),
        what=Words(en="where a caller's phone said it was", zh="来电手机上报的位置"),
        purpose=Words(en="find the patient", zh="找到患者"),
        legal_basis=_CARE, readers=_INCIDENT_READ, keep_days=90,
        since=Words(en="receipt", zh="收到时"), carry_out="dispatch.calls.locating:fixes_past",
    ),
    PersonalField(
        name="patient.name", table="personal_values", columns=("value", "salt"),
        what=Words(
            en="patient's name; earlier versions of what was corrected of the patient",
            zh="患者姓名；患者信息更正前的版本",
        ),
        purpose=Words(en="hand over the right patient", zh="准确交接患者"),
        legal_basis=_CARE, readers=_AUDITED, keep_days=730,
        since=Words(en="writing down", zh="记录时"), carry_out=f"{_RULES}:patient_values_past",
    ),
    PersonalField(
        name="patient.details", table="patients", columns=("age_years", "sex", "triage_colour"),
        what=Words(en="patient's age, sex, triage colour", zh="患者年龄、性别、检伤分级"),
        purpose=Words(en="right unit and hospital", zh="选择合适车组与医院"),
        legal_basis=_CARE, readers=_INCIDENT_READ, keep_days=1825,
        since=Words(en="writing down", zh="记录时"), carry_out=f"{_RULES}:patient_details_past",
    ),
    PersonalField(
        name="incidents.answers", table="incidents", columns=("triage_answers", "cancel_reason"),
        what=Words(en="triage answers; reason of a cancellation", zh="分诊回答；取消原因"),
        purpose=_HELP, legal_basis=_CARE, readers=_INCIDENT_READ, keep_days=1825, since=_ENDED,
        carry_out=f"{_RULES}:answers_past",
    ),
    PersonalField(
        name="incidents.place", table="incidents", columns=("geom", "place_label"),
        what=Words(
            en="place of an incident and its label, also of its calls; afterwards about 1 km",
            zh="事件与来电的位置及描述；期满后模糊至约1公里",
        ),
        purpose=Words(en="find the patient", zh="找到患者"),
        legal_basis=_CARE, readers=_INCIDENT_READ, keep_days=1825, since=_ENDED,
        carry_out=f"{_RULES}:places_past",
    ),
    PersonalField(
        name="assignments.times", table="assignments",
        columns=("predicted_travel_time_s", "predicted_low_s", "predicted_high_s",
                 "predicted_distance_m", "shown_travel_time_s"),
        what=Words(
            en="time and distance from each unit sent to the place, as predicted and as shown "
            "(those of several units point to a home)",
            zh="各车组到现场的预测与显示时间及距离（多车组合可指向住址）",
        ),
        purpose=Words(
            en="tell when help arrives; find out whether these times are right",
            zh="告知到达时间并检验预测",
        ),
        legal_basis=_TASK, readers=_INCIDENT_READ, keep_days=730,
        since=Words(en="dispatch", zh="派车时"), carry_out=f"{_RULES}:times_past",
    ),
    PersonalField(
        name="events.times", table="events", columns=("payload",),
        what=Words(
            en="of a dispatch, the time by road in steps of 30 s", zh="派车的行车时间（30秒一级）"
        ),
        purpose=Words(en="account for steps", zh="责任追溯"), legal_basis=_TASK,
        readers=Words(en="`events_read`", zh="`events_read`"),
        otherwise=Words(en="for ever: the log never changes", zh="永久：日志不可更改"),
    ),
    PersonalField(
        name="diversions.loss", table="diversions", columns=("loss_s",),
        what=Words(
            en="how much longer a patient waits whose unit was asked elsewhere, in steps of 30 s",
            zh="车组改派后原患者多等的时间（30秒一级）",
        ),
        purpose=Words(en="decide, and account for it", zh="决策与责任追溯"), legal_basis=_TASK,
        readers=_INCIDENT_READ,
        otherwise=Words(en="for ever, as in the event log", zh="永久（与事件日志一致）"),
    ),
    PersonalField(
        name="volunteers.person", table="volunteers",
        columns=("user_id", "phone", "verified_by", "enrolled_by"),
        what=Words(
            en="that an account is a volunteer, the number for a call back, who verified it",
            zh="志愿者账户、召回电话、核实人",
        ),
        purpose=Words(
            en="alert adults who were verified, call them back",
            zh="呼叫并召回已核实的成年志愿者",
        ),
        legal_basis="GDPR 6(1)(a); PIPL 13(1)",
        readers=Words(
            en="`volunteer_admin` in the city; the number: `dispatch` while a recall is not heard",
            zh="本市`volunteer_admin`；电话：召回未确认期间`dispatch`",
        ),
        otherwise=Words(
            en="the number until the service ends, the rest with the account",
            zh="电话至服务结束，其余随账户删除",
        ),
    ),
    PersonalField(
        name="volunteers.position", table="volunteer_positions",
        columns=("geom", "uncertainty_m", "at"),
        what=Words(
            en="latest position of a volunteer on duty, no earlier one",
            zh="在岗志愿者的最新位置（不留历史）",
        ),
        purpose=Words(en="ask who is near", zh="呼叫就近志愿者"),
        legal_basis="GDPR 6(1)(a); PIPL 13(1)", readers=_NO_ONE, keep_days=1,
        since=Words(
            en="report; sooner at stand-down and off duty", zh="上报时；解除或离岗时立即删除"
        ),
        carry_out="dispatch.volunteers.service:positions_past",
    ),
    PersonalField(
        name="volunteers.alerts", table="volunteer_alerts",
        columns=("volunteer_id", "predicted_s"),
        what=Words(
            en="which volunteer was asked when and answered what; the way in steps of 30 s",
            zh="何时呼叫哪位志愿者及其答复；路程以30秒为级",
        ),
        purpose=_ANSWER, legal_basis=_TASK, readers=_INCIDENT_READ,
        otherwise=Words(en="with the account", zh="随账户删除"),
    ),
    PersonalField(
        name="arrest_bundles.started_by", table="arrest_bundles", columns=("started_by",),
        what=Words(en="who began an arrest", zh="启动心脏骤停处置的人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="incidents.outcome", table="incidents",
        columns=("outcome", "complaint_code", "category"),
        what=Words(en="complaint, category and outcome of an incident", zh="主诉、级别与结果"),
        purpose=Words(en="account for it, count", zh="责任追溯与统计"), legal_basis=_CARE,
        readers=_INCIDENT_READ,
        otherwise=Words(
            en="for ever; without name and exact place after their periods",
            zh="永久；期满后不再有姓名与精确位置",
        ),
    ),
    PersonalField(
        name="aed_reports.words", table="aed_reports", columns=("words",),
        what=Words(
            en="what a citizen wrote about a defibrillator", zh="公众上报AED问题时填写的文字"
        ),
        purpose=Words(en="find out what is wrong with it", zh="核实设备问题"), legal_basis=_TASK,
        readers=Words(en="`aed_moderate` in the area", zh="辖区内`aed_moderate`"), keep_days=90,
        since=Words(en="report", zh="上报时"), carry_out="dispatch.aeds.reports:words_past",
    ),
    PersonalField(
        name="aed_reports.sender", table="aed_reports", columns=("sender_salt", "sender_digest"),
        what=Words(
            en="salted digest of the address a report came from", zh="上报来源地址的加盐摘要"
        ),
        purpose=Words(en="count the reports of a day", zh="限制每日上报次数"), legal_basis=_TASK,
        readers=Words(en="nobody", zh="无人"), keep_days=1,
        since=Words(en="report", zh="上报时"), carry_out="dispatch.aeds.reports:senders_past",
    ),
    PersonalField(
        name="crew.shifts", table="shift_crew", columns=("crew_member_id", "seat"),
        what=Words(en="who was on board during a shift, and as what", zh="班次随车人员与岗位"),
        purpose=Words(en="who was on board", zh="确认随车人员"), legal_basis=_WORK,
        readers=Words(en="no page or route shows it yet", zh="尚无页面或接口显示"),
        keep_days=1825, since=Words(en="end of the shift", zh="班次结束"),
        carry_out=f"{_RULES}:crews_past",
    ),
    PersonalField(
        name="crew.qualification", table="crew_members", columns=("qualification",),
        what=Words(en="crew member's qualification, without a name", zh="车组人员资质（无姓名）"),
        purpose=Words(en="who was on board", zh="确认随车人员"), legal_basis=_WORK,
        readers=Words(en="no page or route shows it yet", zh="尚无页面或接口显示"),
        otherwise=Words(en="until you delete it", zh="直至人工删除"),
    ),
    PersonalField(
        name="units.positions", table="unit_positions", columns=("geom", "received_at"),
        what=Words(
            en="vehicle positions (they show where a crew was)", zh="车辆位置（反映车组行踪）"
        ),
        purpose=Words(en="nearest unit, replay", zh="就近派车与回放"), legal_basis=_WORK,
        readers=Words(en="operational roles see the newest", zh="业务角色可见最新位置"),
        otherwise=Words(
            en="30 days (`GOLDENHOUR_POSITION_RETENTION_DAYS`), by the worker, a day at a time; "
            "of an incident on hold until that ends",
            zh="30天（`GOLDENHOUR_POSITION_RETENTION_DAYS`），由后台按日删除；事件保全期间保留",
        ),
    ),
    PersonalField(
        name="units.track", table="unit_tracks",
        columns=("anchor_lon", "anchor_lat", "doubtful"),
        what=Words(en="last believed place of a vehicle", zh="车辆最近可信位置"),
        purpose=Words(en="tell true positions from false", zh="判别位置真伪"), legal_basis=_WORK,
        readers=_NO_ONE, otherwise=Words(en="until the next position", zh="至下一次上报"),
    ),
    PersonalField(
        name="calls.taken_by", table="calls", columns=("taken_by",),
        what=Words(en="who took a call, as an account's id", zh="接警人（账户编号）"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="incidents.handled_by", table="incidents", columns=("handled_by",),
        what=Words(en="who works on an incident, as an account's id", zh="事件处理人（账户编号）"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="assignments.dispatched_by", table="assignments", columns=("dispatched_by",),
        what=Words(en="who sent a unit, as an account's id", zh="派车人（账户编号）"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="diversions.offered_by", table="diversions", columns=("offered_by",),
        what=Words(
            en="who asked a unit to divert, as an account's id", zh="改派询问人（账户编号）"
        ),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="coverage_rules.set_by", table="coverage_rules", columns=("set_by",),
        what=Words(en="who set a city's rules of coverage", zh="覆盖规则的设定人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="coverage_voids.acknowledged_by", table="coverage_voids",
        columns=("acknowledged_by",),
        what=Words(en="who saw that an area is uncovered", zh="覆盖空白的确认人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="deadlines.ended_by", table="deadlines",
        columns=("ended_by", "clinician", "result"),
        what=Words(
            en="who called a waiting patient again, as an account's id, and whether the patient is "
            "better, the same or worse",
            zh="回访候诊患者的人（账户编号）及患者情况（好转、相同、加重）",
        ),
        purpose=_ANSWER, legal_basis=_CARE, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="surges.began_by", table="surges", columns=("began_by", "ended_by"),
        what=Words(
            en="who began and ended a surge mode, as an account's id",
            zh="开始与结束高峰模式的人（账户编号）",
        ),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="moveups.decided_by", table="moveups", columns=("decided_by",),
        what=Words(en="who decided about moving a unit up", zh="车组前移的决定人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="aed_states.reported_by", table="aed_states", columns=("reported_by",),
        what=Words(en="who reported the state of an AED", zh="AED状态的报告人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_NO_ONE, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="aed_photos.source", table="aed_photos", columns=("source", "added_by"),
        what=Words(
            en="who took the picture of an AED's place, and who put it in",
            zh="AED位置照片的作者与录入人",
        ),
        purpose=Words(en="name the author, as the licence asks", zh="按许可署名"),
        legal_basis=_WORK,
        readers=Words(en="everybody; who put it in: nobody", zh="作者：所有人；录入人：无人"),
        otherwise=Words(en="as long as the picture is shown", zh="照片展示期间"),
    ),
    PersonalField(
        name="aed_reports.decided_by", table="aed_reports",
        columns=("decided_by", "check_requested_by"),
        what=Words(
            en="who decided about a report of an AED or had it checked",
            zh="AED报告的处理人、核查发起人",
        ),
        purpose=_ANSWER, legal_basis=_WORK,
        readers=Words(en="`aed_moderate` in the area", zh="辖区内`aed_moderate`"),
        otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="alarms.acknowledged_by", table="alarms", columns=("acknowledged_by",),
        what=Words(en="who silenced an alarm", zh="静音警报的人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_INCIDENT_READ, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="hospital_status.reported_by", table="hospital_status", columns=("reported_by",),
        what=Words(en="who reported the status of a hospital", zh="医院状态的报告人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_NO_ONE, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="bed_pools.reported_by", table="bed_pools", columns=("reported_by",),
        what=Words(en="who reported a hospital's beds", zh="医院床位的报告人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_NO_ONE, otherwise=_AS_IN_LOG,
    ),
    PersonalField(
        name="bed_promises.promised_by", table="bed_promises", columns=("promised_by",),
        what=Words(en="who promised a bed", zh="床位的预留人"),
        purpose=_ANSWER, legal_basis=_WORK, readers=_NO_ONE, otherwise=_AS_IN_LOG,
    ),
)  # fmt: skip

SUBJECTS = (
    PersonalSubject(
        "incident", Words(en="incident with its calls and patients", zh="事件及其来电与患者"),
        find=f"{_RULES}:find_incident", forget=f"{_RULES}:forget_incident",
        held_with=f"{_RULES}:held_with_incident",
    ),
    PersonalSubject(
        "call", Words(en="call", zh="来电"), find=f"{_RULES}:find_call",
        forget=f"{_RULES}:forget_call", held_with=f"{_RULES}:held_with_call",
        by_number=f"{_RULES}:calls_from", by_name=f"{_RULES}:calls_of_name",
        correctable=(
            Correctable("caller_number", Words(en="caller's number", zh="来电号码")),
            Correctable("caller_name", Words(en="caller's name", zh="来电人姓名")),
            Correctable("access", Words(en="access to the place", zh="现场进入方式")),
            Correctable("words", Words(en="what the caller said", zh="来电所述")),
        ),
        read=f"{_CORRECTING}:read_call", correct=f"{_CORRECTING}:correct_call",
    ),
    PersonalSubject(
        "patient", Words(en="patient", zh="患者"), find=f"{_RULES}:find_patient",
        forget=f"{_RULES}:forget_patient", held_with=f"{_RULES}:held_with_patient",
        by_name=f"{_RULES}:patients_of_name",
        correctable=(
            Correctable("name", Words(en="patient's name", zh="患者姓名")),
            Correctable("age_years", Words(en="patient's age in years", zh="患者年龄（岁）")),
            Correctable("sex", Words(en="patient's sex", zh="患者性别")),
        ),
        read=f"{_CORRECTING}:read_patient", correct=f"{_CORRECTING}:correct_patient",
    ),
)  # fmt: skip

EXPORTS = (
    ExportKind(
        "incidents",
        Words(en="incidents, one row each, without names", zh="事件逐条记录（不含姓名）"),
        ("number", "received_at", "coded_at", "closed_at", "cancelled_at", "state", "outcome",
         "complaint_code", "determinant", "category", "area_code", "patient_count", "simulated"),
        INCIDENT_READ, build="dispatch.incidents.exports.service:incidents",
    ),
    ExportKind(
        "callers", Words(en="what callers said", zh="来电内容"),
        ("incident", "received_at", "call_id", "field", "value"), PRIVACY_ADMIN,
        build="dispatch.incidents.exports.service:callers",
    ),
    ExportKind(
        "access_copy", Words(en="everything kept of one caller", zh="某来电人的全部信息副本"),
        ("what", "at", "where", "value"), PRIVACY_ADMIN,
        build="dispatch.incidents.exports.service:access_copy",
        about=Words(en="the caller's number", zh="来电号码"),
    ),
)  # fmt: skip
