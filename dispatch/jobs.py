"""The jobs of dispatch: alarms are kept up to date, offers to divert end and go on."""

from datetime import timedelta

from dispatch.permissions import INCIDENT_READ
from gis.jobs.model import Job, Queue, Timer
from gis.words import Words

WATCH_ALARMS = Job(
    name="dispatch.alarms",
    queue=Queue.TIMERS,
    label=Words(en="Watch alarms", zh="检查警报"),
    run="dispatch.incidents.alarms.service:watch_alarms",
    permission=INCIDENT_READ,
    attempts=1,
    kept=timedelta(minutes=10),
)

WELFARE_DUE = Job(
    name="dispatch.welfare",
    queue=Queue.TIMERS,
    label=Words(en="A crew is to be heard of", zh="车组应报平安"),
    run="dispatch.fleet.crew_safety.service:welfare_due",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

ASK_NEXT = Job(
    name="dispatch.diversion",
    queue=Queue.TIMERS,
    label=Words(en="End an offer to divert, ask the next unit", zh="结束改派询问并询问下一车组"),
    run="dispatch.diversions.work:ask_next_unit",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

WATCH_ARRIVALS = Job(
    name="dispatch.arrivals",
    queue=Queue.LIGHT,
    label=Words(en="See which units are overdue", zh="检查迟到或停滞的车组"),
    run="dispatch.arrivals.watch:watch_arrivals",
    permission=INCIDENT_READ,
    attempts=1,
    kept=timedelta(minutes=10),
)

CALL_BACK_DUE = Job(
    name="dispatch.call_back",
    queue=Queue.TIMERS,
    label=Words(en="See whether somebody called back", zh="检查是否已回拨"),
    run="dispatch.calls.work:see_call_back",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

NOTE_DEADLINE = Job(
    name="dispatch.deadline",
    queue=Queue.TIMERS,
    label=Words(en="Note that a call-back or an answer is overdue", zh="记录回访或答复逾期"),
    run="dispatch.waiting.work:note_deadline",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

NEXT_UNIT = Job(
    name="dispatch.next_unit",
    queue=Queue.LIGHT,
    label=Words(en="Find the next unit for a crew that is silent", zh="为未答复车组查找下一车组"),
    run="dispatch.waiting.work:find_next_unit",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

ALERT_EXPIRES = Job(
    name="dispatch.volunteer",
    queue=Queue.TIMERS,
    label=Words(
        en="End an alert without an answer, ask the next volunteer",
        zh="结束未答复的呼叫并呼叫下一位志愿者",
    ),
    run="dispatch.arrest.work:expire_alert",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

CLAIM_EXPIRES = Job(
    name="dispatch.aed_claim",
    queue=Queue.TIMERS,
    label=Words(en="Free an AED that nobody fetched in time", zh="释放逾时未取的AED"),
    run="dispatch.arrest.work:expire_claim",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

RECALL_UNHEARD = Job(
    name="dispatch.recall",
    queue=Queue.TIMERS,
    label=Words(en="Say that a recall was not heard", zh="提示召回未被确认"),
    run="dispatch.arrest.work:say_recall_unheard",
    permission=INCIDENT_READ,
    pause_s=1.0,
    kept=timedelta(days=1),
)

WATCH_COVERAGE = Job(
    name="dispatch.coverage",
    queue=Queue.LIGHT,
    label=Words(en="See whom the free units reach", zh="检查空闲车组的覆盖"),
    run="dispatch.moveup.work:watch_coverage",
    permission=INCIDENT_READ,
    attempts=1,
    kept=timedelta(minutes=10),
)

MEASURE_BUSY = Job(
    name="dispatch.busy",
    queue=Queue.LIGHT,
    label=Words(en="Measure how busy units are", zh="统计车组繁忙程度"),
    run="dispatch.moveup.work:measure_busy",
    permission=INCIDENT_READ,
    attempts=1,
    kept=timedelta(days=1),
)

JOBS = (
    WELFARE_DUE,
    CALL_BACK_DUE,
    WATCH_ALARMS,
    ASK_NEXT,
    WATCH_ARRIVALS,
    NOTE_DEADLINE,
    NEXT_UNIT,
    ALERT_EXPIRES,
    CLAIM_EXPIRES,
    RECALL_UNHEARD,
    WATCH_COVERAGE,
    MEASURE_BUSY,
)
TIMERS = (
    Timer(WATCH_ALARMS, cron="* * * * * */15"),
    Timer(WATCH_ARRIVALS, cron="* * * * * */30"),
    Timer(WATCH_COVERAGE, cron="* * * * * */30"),
    Timer(MEASURE_BUSY, cron="*/10 * * * *"),
)
