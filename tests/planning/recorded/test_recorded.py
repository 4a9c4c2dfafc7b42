"""Recorded responses: taken in from a real export, measured, and set beside modelled times."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.intake.moments import TimeOptions
from gis.intake.take import IntakeOptions, take_in
from planning.recorded.calibrate import calibrate
from planning.recorded.errors import RecordedInputError
from planning.recorded.measure import FEWEST, measure
from planning.recorded.model import Responses
from planning.recorded.schema import ORDER, RESPONSES

SAN_FRANCISCO = "America/Los_Angeles"


def responses(rows):
    """Return responses of {call, unit, **stamps in seconds after noon}; the rest is empty."""
    noon = pd.Timestamp("2026-03-01T12:00:00Z")
    frame = pd.DataFrame(rows)
    for name in ("district", "unit_class", "priority"):
        if name not in frame:
            frame[name] = None
    for name in ORDER:
        given_ = frame[name] if name in frame else pd.Series([None] * len(frame), dtype=float)
        frame[name] = noon + pd.to_timedelta(pd.to_numeric(given_), unit="s")
    return Responses.of(frame, time_zone="UTC")


def test_a_real_export_is_understood_by_its_own_column_names(shared_data):
    path = shared_data / "sf_fire_calls" / "sf_fire_calls_2016_2017_sample.parquet"
    options = IntakeOptions(datum="wgs84", time=TimeOptions(time_zone=SAN_FRANCISCO))
    taken = take_in(path, RESPONSES, options)
    assert (taken.report.rows_read, taken.report.rows_rejected) == (7_704, 0)
    found = Responses.of(taken.table, time_zone=SAN_FRANCISCO)
    assert len(set(found.call.tolist())) == 3_560
    assert int((~found.in_order).sum()) == 28  # as the data's own description counts them
    (whole,) = measure(found, "response", first_only=True)
    assert whole.counted + whole.out_of_order + whole.missing == 3_560
    # By a loop over the calls.
    first: dict = {}
    for row in range(len(found)):
        if found.in_order[row]:
            span = found.stamp_s["arrived_at"][row] - found.stamp_s["received_at"][row]
            if 0 <= span <= 12 * 3600:
                first.setdefault(found.call[row], []).append(
                    (found.stamp_s["arrived_at"][row], span)
                )
    spans = [min(arrivals)[1] for arrivals in first.values()]
    assert whole.counted == len(spans)
    assert (whole.median_s, whole.p90_s) == pytest.approx(
        (np.quantile(spans, 0.5), np.quantile(spans, 0.9))
    )
    kinds = measure(found, "response", by=["unit_class"])
    assert sum(one.counted + one.out_of_order + one.missing for one in kinds) == 7_704
    assert next(one.median_s for one in kinds if one.group == ("AIRPORT",)) is None  # 4 of them


def test_stamps_out_of_order_are_left_out_and_counted():
    rows = [
        {"call": f"c{n}", "unit": "A", "received_at": 0, "dispatched_at": 60, "moving_at": 90,
         "arrived_at": 300 + n}
        for n in range(FEWEST)
    ]  # fmt: skip
    rows += [
        {"call": "back", "unit": "A", "received_at": 0, "moving_at": 90, "arrived_at": 30},
        {"call": "never", "unit": "A", "received_at": 0, "moving_at": 90},
        {"call": "c0", "unit": "B", "received_at": 0, "moving_at": 40, "arrived_at": 100},
        {"call": "late", "unit": "A", "received_at": 0, "arrived_at": 86_400},
    ]
    found = responses(rows)
    (travel,) = measure(found, "travel")
    assert (travel.counted, travel.out_of_order, travel.missing) == (FEWEST + 1, 1, 2)
    (response,) = measure(found, "response", first_only=True)
    assert (response.counted, response.out_of_order, response.missing) == (FEWEST, 1, 2)
    assert response.median_s == pytest.approx(np.median([100, *range(301, 300 + FEWEST)]))


def recorded_city(factor, *, noise=0.1, calls=600, seed=1):
    """Return responses whose travel is modelled seconds times the factor of their district."""
    chance = np.random.default_rng(seed)
    rows, model = [], {}
    for n in range(calls):
        district = "hills" if n % 3 == 0 else "plain"
        seconds = chance.uniform(120, 900)
        took = seconds * factor[district] * np.exp(chance.normal(0, noise))
        rows.append({"call": f"c{n}", "unit": "A", "received_at": 0, "dispatched_at": 30,
                     "moving_at": 90, "arrived_at": 90 + took, "district": district})  # fmt: skip
        model[f"c{n}", "A"] = seconds
    return responses(rows), model


def test_a_correction_is_fitted_on_one_half_and_judged_by_the_other():
    recorded, model = recorded_city({"hills": 1.6, "plain": 1.1})
    found = calibrate(recorded, model, group=recorded.district)
    assert found.helps
    assert found.factor["hills"] == pytest.approx(1.6, rel=0.08)  # leans on the others
    assert found.factor["plain"] == pytest.approx(1.1, rel=0.03)
    assert found.after.median_abs_s < 0.5 * found.before.median_abs_s
    assert found.before.responses == found.after.responses < 600
    assert found.by_group["hills"].median_s < found.by_group["plain"].median_s < 0
    assert "Corrected by recorded responses" in found.words.en
    sums = found.corrected([100.0, 100.0, 100.0], ["hills", "plain", "new"])
    assert sums == pytest.approx([160.0, 110.0, 100.0 * found.overall], rel=0.08)


def test_a_model_that_is_right_is_not_made_worse():
    recorded, model = recorded_city({"hills": 1.0, "plain": 1.0}, noise=0.0)
    found = calibrate(recorded, model, group=recorded.district)
    assert not found.helps
    assert found.corrected([100.0], ["hills"]) == pytest.approx([100.0])
    assert "no correction helped" in found.words.en


@settings(max_examples=10)
@given(st.permutations(range(120)))
def test_the_order_of_the_file_changes_nothing(order):
    recorded, model = recorded_city({"hills": 1.4, "plain": 1.2}, calls=120)
    turned = Responses(
        *(column[order] for column in (recorded.call, recorded.unit, recorded.district,
                                       recorded.unit_class, recorded.priority, recorded.hour)),
        {name: stamp[order] for name, stamp in recorded.stamp_s.items()},
        recorded.in_order[order],
    )  # fmt: skip
    here = calibrate(recorded, model, group=recorded.district)
    there = calibrate(turned, model, group=turned.district)
    assert there.after.median_abs_s == pytest.approx(here.after.median_abs_s)
    assert dict(there.factor) == pytest.approx(dict(here.factor))


def test_what_cannot_be_compared_says_why():
    recorded, model = recorded_city({"hills": 1.0, "plain": 1.0})
    with pytest.raises(RecordedInputError, match="belong to no recorded response, the first to ca"):
        calibrate(recorded, model | {("c1", "Z"): 5.0})
    few = dict(list(model.items())[:40])
    with pytest.raises(RecordedInputError, match="Only 40 responses"):
        calibrate(recorded, few)
    with pytest.raises(RecordedInputError, match="negative or no number"):
        calibrate(recorded, model | {("c1", "A"): float("nan")})
