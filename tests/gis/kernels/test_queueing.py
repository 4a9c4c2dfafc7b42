"""Queues of like servers against printed tables and against one another."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.kernels.errors import OverloadedQueueError
from gis.kernels.queueing import (
    erlang_b,
    erlang_c,
    load_for_blocking,
    mean_wait_s,
    servers_for_blocking,
    servers_for_wait,
    state_shares,
    wait_share_above,
)

# Exact rational results of M/M/c, computed apart: (servers, load, lost, waiting, mean wait in
# service times).
MMC = [
    (1, 0.5, 0.3333333333333333, 0.5, 1.0),
    (2, 1, 0.2, 0.33333333333333337, 0.33333333333333337),
    (3, 1.5, 0.1343283582089552, 0.23684210526315785, 0.15789473684210523),
    (5, 3, 0.11005434782608696, 0.23615160349854225, 0.11807580174927113),
    (5, 4, 0.19906687402799378, 0.5541125541125543, 0.5541125541125543),
    (10, 7, 0.07874088296957026, 0.2217312158838154, 0.07391040529460513),
    (10, 9, 0.16796322629158647, 0.6687315241076972, 0.6687315241076972),
    (20, 14, 0.030035483040503297, 0.09356124347143037, 0.015593540578571728),
    (20, 18, 0.10921284587252249, 0.5507690048161179, 0.27538450240805895),
    (50, 42.5, 0.03391680178407191, 0.18966022508427907, 0.02528803001123721),
    (100, 85, 0.011990441302886339, 0.07485049597455178, 0.004990033064970118),
]

# The 1 % column of the Erlang B table as printed in teletraffic handbooks: servers → load.
ONE_PERCENT = {1: 0.0101, 2: 0.153, 3: 0.455, 4: 0.869, 5: 1.361, 6: 1.909, 7: 2.501, 8: 3.128,
               9: 3.783, 10: 4.461, 15: 8.108, 20: 12.031, 50: 37.901, 100: 84.064}  # fmt: skip


@pytest.mark.parametrize(("servers", "load", "lost", "waiting", "wait"), MMC)
def test_the_values_of_mmc(servers, load, lost, waiting, wait):
    assert float(erlang_b(servers, load)) == pytest.approx(lost, rel=1e-13)
    assert float(erlang_c(servers, load)) == pytest.approx(waiting, rel=1e-12)
    assert mean_wait_s(servers, load, mean_service_s=60.0) == pytest.approx(60 * wait, rel=1e-12)


@pytest.mark.parametrize(("servers", "load"), ONE_PERCENT.items())
def test_the_printed_table_of_erlang_b(servers, load):
    assert load_for_blocking(servers, blocking=0.01) == pytest.approx(load, abs=6e-4)


@pytest.mark.parametrize(
    ("load", "beds"), [(10, 18), (20, 30), (50, 64), (100, 117), (200, 221), (500, 527)]
)
def test_beds_for_one_percent_refused(load, beds):
    assert servers_for_blocking(load, most=0.01) == beds
    assert float(erlang_b(beds, load)) <= 0.01 < float(erlang_b(beds - 1, load))


def test_thousands_of_servers_stay_exact():
    # At equal load and servers, B → sqrt(2 / (pi c)) (Jagerman 1974).
    for servers in (1_000, 100_000):
        near = math.sqrt(2 / (math.pi * servers))
        assert float(erlang_b(servers, servers)) == pytest.approx(near, rel=2 / math.sqrt(servers))
    assert float(erlang_b(5_000, 10.0)) == 0.0
    assert float(erlang_b(0, 3.0)) == 1.0
    assert float(erlang_b(4, 0.0)) == 0.0


@given(st.integers(1, 60), st.floats(0.01, 80.0))
def test_more_servers_lose_less_and_all_forms_agree(servers, load):
    lost = float(erlang_b(servers, load))
    assert float(erlang_b(servers + 1, load)) < lost <= 1.0
    shares = state_shares(servers, load, waiting=False)
    assert shares.sum() == pytest.approx(1.0)
    assert shares[-1] == pytest.approx(lost, rel=1e-9)
    assert shares @ np.arange(servers + 1) == pytest.approx(load * (1.0 - lost), rel=1e-9)
    if load < servers * 0.999:
        waiting = state_shares(servers, load, waiting=True)
        assert waiting[-1] == pytest.approx(float(erlang_c(servers, load)), rel=1e-7)
        assert lost <= float(erlang_c(servers, load)) <= 1.0


def test_waits_beyond_a_limit():
    above = wait_share_above(3, 1.5, mean_service_s=60.0, wait_s=[0.0, 40.0])
    assert above == pytest.approx([0.23684210526315785, 0.23684210526315785 * math.exp(-1.0)])
    enough = servers_for_wait(14.0, mean_service_s=60.0, wait_s=10.0, most=0.05)
    for servers, fine in ((enough, True), (enough - 1, False)):
        share = float(wait_share_above(servers, 14.0, mean_service_s=60.0, wait_s=10.0))
        assert (share <= 0.05) is fine


def test_too_much_work_has_no_steady_state():
    with pytest.raises(OverloadedQueueError, match="More than 3 servers"):
        mean_wait_s(3, 3.0, mean_service_s=1.0)
    assert float(erlang_c(3, 5.0)) == 1.0
