"""The nightly run of every city that has reports."""

from datetime import timedelta

from gis.jobs.model import Job, Queue, Timer
from gis.words import Words
from surveillance.permissions import CASES_READ

RUN = Job(
    name="surveillance.run",
    queue=Queue.HEAVY,
    label=Words(en="Judge the day in every city", zh="各城市每日监测预警"),
    run="surveillance.signals.work:run_cities",
    permission=CASES_READ,
)
REPLAY = Job(
    name="surveillance.replay",
    queue=Queue.HEAVY,
    label=Words(en="Replay an outbreak, day by day", zh="逐日回放一次疫情"),
    run="api.demo.outbreak_work:replay",
    permission=CASES_READ,
    kept=timedelta(hours=1),
)
"""Deferred by the demo alone."""
SIMULATE = Job(
    name="surveillance.simulate",
    queue=Queue.HEAVY,
    label=Words(en="Make up cases of a simulated city", zh="生成仿真城市的病例"),
    run="api.demo.cases_work:simulate",
    permission=CASES_READ,
    kept=timedelta(hours=1),
)
"""Deferred by the demo alone."""
CLUSTERS = Job(
    name="surveillance.clusters",
    queue=Queue.HEAVY,
    label=Words(en="Look for clusters of the day", zh="扫描当日病例聚集"),
    run="surveillance.cluster_runs.work:find_clusters",
    permission=CASES_READ,
)
"""Deferred by whatever judged a day."""
CALLS = Job(
    name="surveillance.calls",
    queue=Queue.HEAVY,
    label=Words(en="Judge the day's ambulance calls", zh="急救呼叫症状监测"),
    run="surveillance.signals.calls_work:run_calls",
    permission=CASES_READ,
    kept=timedelta(hours=1),
)
JOBS = (RUN, REPLAY, SIMULATE, CLUSTERS, CALLS)
TIMERS = (
    Timer(RUN, cron="30 20 * * *", at_start=True),
    Timer(CALLS, cron="*/15 * * * *"),
)
"""Half past four in the morning in China: before those come who read it. Calls all day."""
