"""Reports are cut at the crews' stamps and at stops; what is under way at the end is known."""

import numpy as np
import pytest

from routing.learning.trip_model import LIGHTS, PLAIN, STANDING, Positions, Received, Stamps
from routing.learning.trips import FEWEST_REPORTS, LONGEST_STAMP_S, trips
from routing.matching.errors import InvalidTraceError
from routing.roads.plane import LocalPlane

PLANE = LocalPlane(114.0, 22.5, 102_800.0, 110_750.0)
NO_STAMPS = Stamps(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int16))


def eastward(at_s, moved_s=None) -> Positions:
    """A unit that drives 2 m a second while `moved_s` grows."""
    moved_s = at_s if moved_s is None else moved_s
    lonlat = np.column_stack((114.0 + moved_s * 2e-5, np.full(at_s.size, 22.5)))
    unknown = np.full(at_s.size, np.nan)
    return Positions(at_s, lonlat, unknown, unknown)


def stamps_of(*rows: tuple[int, float, int]) -> Stamps:
    unit_id, at_s, drives = zip(*rows, strict=True)
    return Stamps(np.array(unit_id), np.array(at_s), np.array(drives, dtype=np.int16))


def spans(reports, stamps, unit_id: int = 7):
    found, _ = trips(reports, stamps, unit_id=unit_id, plane=PLANE)
    return [(one.siren, reports.at_s[one.first], reports.at_s[one.last]) for one in found]


def test_with_lights_means_from_leaving_to_arriving() -> None:
    day = eastward(np.arange(0.0, 600.0, 5.0))
    stamps = stamps_of(
        (6, 0.0, LIGHTS), (7, 100.0, STANDING), (7, 200.0, LIGHTS), (7, 300.0, STANDING),
        (7, 400.0, PLAIN), (8, 0.0, LIGHTS),
    )  # fmt: skip
    assert spans(day, stamps) == [(False, 0.0, 95.0), (True, 200.0, 295.0), (False, 400.0, 595.0)]
    # Of an unknown unit nothing says that it had its lights on.
    assert [siren for siren, *_ in spans(day, stamps, 9)] == [False]


@pytest.mark.parametrize("stamp", [LIGHTS, STANDING])
def test_what_was_never_stamped_as_ended_did_end(stamp: int) -> None:
    day = eastward(np.arange(0.0, LONGEST_STAMP_S + 600.0, 5.0))
    found = spans(day, stamps_of((7, 0.0, stamp)))
    plain = (False, LONGEST_STAMP_S + 5.0, LONGEST_STAMP_S + 595.0)
    assert found == ([(True, 0.0, LONGEST_STAMP_S)] if stamp == LIGHTS else []) + [plain]


def test_a_new_drive_with_lights_is_another_trip() -> None:
    day = eastward(np.arange(0.0, 200.0, 5.0))
    stamps = stamps_of((7, 0.0, LIGHTS), (7, 100.0, LIGHTS))
    assert spans(day, stamps) == [(True, 0.0, 95.0), (True, 100.0, 195.0)]


def test_a_stop_parts_two_trips() -> None:
    at_s = np.arange(0.0, 1_200.0, 5.0)
    (_, _, end), (_, begin, _) = spans(
        eastward(at_s, np.minimum(at_s, 300.0) + np.maximum(at_s - 800.0, 0.0)), NO_STAMPS
    )
    # Some metres before and after are within the noise that a receiver may have.
    assert 280.0 <= end <= 300.0
    assert 800.0 <= begin <= 820.0


def test_few_reports_are_no_trip() -> None:
    assert spans(eastward(np.arange(FEWEST_REPORTS - 1) * 5.0), NO_STAMPS) == []
    assert len(spans(eastward(np.arange(FEWEST_REPORTS) * 5.0), NO_STAMPS)) == 1
    nothing = trips(Positions.none(), NO_STAMPS, unit_id=7, plane=PLANE)
    assert nothing == ([], 0)


@pytest.mark.parametrize("cut_s", [70.0, 310.0, 395.0, 500.0, 640.0, 805.0, 1_000.0])
def test_read_in_two_pieces_the_trips_are_the_same(cut_s: float) -> None:
    at_s = np.arange(0.0, 1_200.0, 5.0)
    day = eastward(at_s, np.minimum(at_s, 300.0) + np.maximum(at_s - 800.0, 0.0))
    stamps = stamps_of((7, 150.0, LIGHTS), (7, 250.0, PLAIN))
    whole = spans(day, stamps)
    early = day.take(day.at_s < cut_s)
    found, under_way = trips(early, stamps, unit_id=7, plane=PLANE)
    done = [
        (one.siren, early.at_s[one.first], early.at_s[one.last])
        for one in found if one.first < under_way
    ]  # fmt: skip
    rows = np.arange(early.at_s.size) >= under_way
    late = early.take(rows).with_more(day.take(day.at_s >= cut_s))
    assert done + spans(late, stamps) == whole


def test_what_is_under_way_for_hours_is_cut() -> None:
    _, under_way = trips(eastward(np.arange(0.0, 11_000.0, 10.0)), NO_STAMPS,
                         unit_id=7, plane=PLANE)  # fmt: skip
    assert under_way == 1_100
    _, under_way = trips(eastward(np.arange(0.0, 10_000.0, 10.0)), NO_STAMPS,
                         unit_id=7, plane=PLANE)  # fmt: skip
    assert under_way == 0


def test_a_trace_that_contradicts_itself_is_refused_when_asked_for() -> None:
    day = eastward(np.arange(0.0, 200.0, 5.0))
    bad = Positions(day.at_s, day.lonlat, day.heading_deg, np.full(day.at_s.size, -1.0))
    (trip,), _ = trips(bad, NO_STAMPS, unit_id=7, plane=PLANE)
    with pytest.raises(InvalidTraceError):
        trip.trace(bad)


def test_each_report_counts_once_the_first_that_came() -> None:
    day = eastward(np.array([10.0, 5.0, 10.0, 5.0, 20.0, 90_000.0, 0.0]))
    received = Received(
        day, np.array([11.0, 12.0, 13.0, 14.0, 20.0, 100.0, 90_000.0]),
        np.array([False, True, True, True, True, True, True]),
    )  # fmt: skip
    believed, untimely = received.believed()
    # 10 came before the period; one device is a day ahead, one a day behind.
    assert believed.at_s.tolist() == [5.0, 20.0]
    assert untimely == 2
