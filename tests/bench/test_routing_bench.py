"""The routing benchmark runs on a small city without peers, and its answers are exact."""

import numpy as np
import pytest

from bench import peers, routing
from bench.routing_graphs import GRAPHS, from_edges, merge


@pytest.mark.acceptance
def test_quick_run_answers_like_dijkstra_everywhere(capsys, tmp_path):
    target = tmp_path / "routing.md"
    routing.main(["--quick", "--write", str(target)])
    words = target.read_text()
    assert words == capsys.readouterr().out
    compared = [line for line in words.splitlines() if "differ" in line]
    assert len(compared) == 9
    assert all(": 0 differ" in line for line in compared), compared
    for work in ("one-to-one time", "matrix 100 × 20,000", "closure seen by dispatch"):
        assert f"| {work} |" in words


def test_unknown_names_are_refused():
    with pytest.raises(SystemExit, match="Unknown graphs: atlantis"):
        routing.main(["--graphs", "atlantis"])
    with pytest.raises(SystemExit, match="Unknown peers: horse"):
        routing.chosen_peers("horse", "core")


def test_peers_that_are_not_there_are_named_with_the_way_to_bring_them(
    capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("GOLDENHOUR_STATE_FOLDER", str(tmp_path))
    assert peers.absent(["scipy", "osrm", "valhalla"]) == ["scipy", "osrm", "valhalla"]
    sheet = routing.Sheet("sample", "", routing.METROPOLIS_MUSTS, judged=False)
    monkeypatch.setattr(routing, "measure_graph", lambda name, peers: sheet)
    routing.main(["--graphs", "sample", "--peers", "osrm,valhalla"])
    told = capsys.readouterr()
    assert "Not measured, since not there: osrm, valhalla. `./run bench peers` brings" in told.out
    assert "./run bench peers" in told.err


def test_merging_keeps_times_and_every_choice():
    # 0 - 1 - 2 is one street, 2 a junction with a loop road and a one-way street to 3.
    tail = np.array([0, 1, 2, 1, 2, 3, 2, 4, 4, 5, 5, 2])
    head = np.array([1, 0, 1, 2, 3, 2, 4, 2, 5, 4, 2, 5])
    ms = np.arange(100, 112, dtype=np.int32)
    merged = merge(tail, head, ms, n=6)
    assert merged.node.tolist() == [0, 2, 3]
    joined = dict(zip(zip(merged.tail.tolist(), merged.head.tolist(), strict=True),
                      merged.ms.tolist(), strict=True))  # fmt: skip
    assert joined == {(0, 1): 100 + 103, (1, 0): 102 + 101, (1, 2): 104, (2, 1): 105}


def test_graph_names_are_all_known():
    assert set(routing.FULL_RUN) <= set(GRAPHS)
    assert set(routing.JUDGED) <= set(GRAPHS)


def test_only_the_strongly_connected_part_stays():
    lonlat = np.zeros((4, 2))
    graph = from_edges(lonlat, np.array([0, 1, 1, 2]), np.array([1, 0, 2, 2]), np.full(4, 7))
    assert graph.n == 2
    assert sorted(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)) == [(0, 1), (1, 0)]
