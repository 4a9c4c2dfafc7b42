"""Real unit responses of San Francisco: all are read, the wrong ones left out and counted."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from dispatch.kpis.measure import nearest_rank
from dispatch.kpis.model import Reason, Responses, out_of_order
from dispatch.kpis.profile import profile_named
from dispatch.kpis.service import measured
from gis.words import alike

GOLDEN = Path(__file__).parents[2] / "golden" / "dispatch" / "sf_unit_responses.csv"
NAMES = {
    "called": "received_dttm", "notified": "dispatch_dttm", "en_route": "response_dttm",
    "on_scene": "on_scene_dttm", "left_scene": "transport_dttm",
    "at_destination": "hospital_dttm", "available": "available_dttm",
}  # fmt: skip
NOW_S = 1_600_000_000.0


def responses_of(frame: pd.DataFrame) -> Responses:
    """Return the rows as responses; seconds of local time, of which only differences are used."""
    n = len(frame)
    stamps = {}
    for name, column in NAMES.items():
        moments = pd.to_datetime(frame[column])
        seconds = (moments - pd.Timestamp("1970-01-01")) / pd.Timedelta(seconds=1)
        stamps[name] = seconds.to_numpy(dtype=float)
    return Responses(
        frame["call_number"].to_numpy(dtype=np.int64), stamps,
        frame["final_priority"].astype(str).to_numpy(dtype=str),
        np.full(n, "", dtype=str), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64),
        np.ones(n, dtype=bool),
    )  # fmt: skip


def test_all_7704_are_measured_and_the_28_out_of_order_counted(shared_data):
    """28 contradict themselves, as the data's description says; figures as by a plain loop."""
    path = shared_data / "sf_fire_calls" / "sf_fire_calls_2016_2017_sample.parquet"
    columns = ", ".join(["call_number", "final_priority", *NAMES.values()])
    frame = duckdb.sql(f"SELECT {columns} FROM '{path}'").df()
    found = responses_of(frame)
    assert (len(found), len(np.unique(found.call))) == (7_704, 3_560)
    wrong = out_of_order(found)
    assert int(wrong.sum()) == 28
    intervals, _ = measured(
        found, profile_named("nfpa_1710"), group=np.zeros(7_704, dtype=np.int64),
        labels=[("all", alike("all"))], now_s=NOW_S,
    )  # fmt: skip
    by_name = {one.interval: one for one in intervals}
    ends = {
        "chute": ("notified", "en_route"), "travel": ("en_route", "on_scene"),
        "response": ("notified", "on_scene"), "total": ("notified", "available"),
    }  # fmt: skip
    for name, (start, end) in ends.items():
        one = by_name[name]
        assert one.used + one.future + one.out_of_order + one.out_of_bounds + one.missing == 7_704
        longest = {"chute": 3600, "travel": 7200, "response": 21600, "total": 86400}[name]
        spans = []
        for row in range(7_704):
            span = found.stamp_s[end][row] - found.stamp_s[start][row]
            if not wrong[row] and 0 <= span <= longest:
                spans.append(span)
        assert one.used == len(spans)
        assert (one.median_s, one.p90_s) == (
            nearest_rank(np.sort(spans), 500), nearest_rank(np.sort(spans), 900),
        )  # fmt: skip
    first = by_name["call_to_scene"]
    assert first.used + first.out_of_order + first.missing + first.out_of_bounds == 3_560


def test_the_extract_counts_its_wrong_ones():
    """The extract of 30 calls: units out of order are in no interval and counted in each."""
    found = responses_of(pd.read_csv(GOLDEN))
    wrong = out_of_order(found)
    assert len(np.unique(found.call)) == 30
    assert int(wrong.sum()) >= 6
    intervals, judged = measured(
        found, profile_named("nfpa_1710"), group=np.zeros(len(found), dtype=np.int64),
        labels=[("all", alike("all"))], now_s=NOW_S,
    )  # fmt: skip
    total = next(one for one in intervals if one.interval == "total")
    assert total.out_of_order == int(wrong.sum())
    assert total.used == len(found) - total.out_of_order - total.missing - total.out_of_bounds
    answering = next(one for one in judged if one.interval == "call_answering")
    assert (answering.used, answering.value, answering.met) == (0, None, None)
    assert Reason.USED == 0
