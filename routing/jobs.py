"""The jobs and timers of the roads."""

from datetime import timedelta

from gis.jobs.model import Job, Queue, Timer
from gis.words import Words
from routing.permissions import ROAD_CONDITIONS_READ

BUILD = Job(
    name="roads.build",
    queue=Queue.HEAVY,
    label=Words(en="Build road graphs", zh="构建路网"),
    run="routing.live.work:build_graphs",
    permission=ROAD_CONDITIONS_READ,
    kept=timedelta(days=1),
)
METRICS = Job(
    name="roads.metrics",
    queue=Queue.LIGHT,
    label=Words(en="Bring road times up to date", zh="更新行车时间"),
    run="routing.live.work:keep_metrics",
    permission=ROAD_CONDITIONS_READ,
    pause_s=1.0,
    attempts=8,
    kept=timedelta(hours=1),
)
SWEEP_SPEEDS = Job(
    name="roads.sweep_speeds",
    queue=Queue.LIGHT,
    label=Words(en="Sweep expired live speeds", zh="清除过期路况速度"),
    run="routing.live.work:sweep_expired_speeds",
    permission=ROAD_CONDITIONS_READ,
    kept=timedelta(hours=1),
)
LEARN = Job(
    name="roads.learn",
    queue=Queue.HEAVY,
    label=Words(en="Learn road speeds", zh="学习道路速度"),
    run="routing.learning.night:learn_night",
    permission=ROAD_CONDITIONS_READ,
    pause_s=3600.0,
)
LEARNING_DUE = Job(
    name="roads.learning_due",
    queue=Queue.TIMERS,
    label=Words(en="See which city is to learn", zh="检查夜间学习"),
    run="routing.learning.due:defer_due",
    permission=ROAD_CONDITIONS_READ,
    attempts=1,
)

JOBS = (BUILD, METRICS, SWEEP_SPEEDS, LEARN, LEARNING_DUE)
TIMERS = (
    Timer(BUILD, cron="15 2 * * *", at_start=True),
    Timer(SWEEP_SPEEDS, cron="*/10 * * * *"),
    Timer(LEARNING_DUE, cron="* * * * *"),
)
