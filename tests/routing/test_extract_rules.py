"""Rules on real extracts, where they lie beside the checkout."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from data.osm.pbf import read_pbf
from routing.graph.build import build_graph
from routing.roads.model import Barriers, Coded, Profile, Restriction, Segments
from routing.roads.repository import mode_columns
from routing.rules.profiles import PROFILES, allowed_directions, contraflow_legs, speeds_m_s

SAME = ("osm_way_id", "from_node", "to_node", "length_m", "oneway", "layer", "is_bridge",
        "is_tunnel", "highway", "drive_access", "walk_access")  # fmt: skip
BARRIER_TAGS = ("drive_access", "walk_access", "barrier", "bicycle_access", "motorcycle_access",
                "emergency_access")  # fmt: skip


@pytest.fixture
def extract(shared_data: Path):
    def read(name: str):
        path = shared_data / name
        if not path.is_file():
            pytest.skip(f"needs {name} in ../shared/data, which is not part of the project")
        city = read_pbf(path, key="extract")
        frame, nodes = city.segments, city.road_nodes
        coords, line = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
        tags = frame["tags"].tolist()
        segments = Segments.from_columns(
            **{column: frame[column].tolist() for column in SAME},
            **mode_columns(
                [one.get("modes") for one in tags],
                oneway=frame["oneway"].tolist(),
                junction=[one.get("junction") for one in tags],
            ),
            maxspeed_kmh=frame["maxspeed_kmh"].astype(float),
            maxspeed_backward_kmh=frame["maxspeed_backward_kmh"].astype(float),
            segment_id=np.arange(len(frame)),
            coords=coords,
            offsets=np.concatenate(([0], np.cumsum(np.bincount(line)))),
        )
        found = [row for row, kind in zip(nodes["tags"], nodes["kind"], strict=True)
                 if kind == "barrier"]  # fmt: skip
        barriers = Barriers(
            nodes["node_id"][nodes["kind"] == "barrier"].to_numpy(np.int64),
            *(Coded.of([one.get(name) for one in found]) for name in BARRIER_TAGS),
        )
        restrictions = [
            Restriction(
                row.kind, row.from_way_id, row.to_way_id, row.via_node, tuple(row.via_way_ids),
                tuple(row.except_modes),
            )
            for row in city.restrictions.itertuples()
        ]  # fmt: skip
        return segments, barriers, restrictions

    return read


def check(segments, barriers, restrictions):
    """What holds for every profile on every extract."""
    legs = {}
    for profile, rules in PROFILES.items():
        allowed = np.column_stack(allowed_directions(segments, rules))
        speed = np.column_stack(speeds_m_s(segments, rules))
        assert (speed[allowed] > 0.2).all()
        assert (speed[allowed] < 60).all()
        against = contraflow_legs(segments, rules)
        assert not (against & allowed).any()
        graph = build_graph(segments, rules, barriers=barriers, restrictions=restrictions)
        report = graph.turn_report
        counted = report.applied + report.exempt + report.unresolved + report.ambiguous
        assert counted + report.unsupported + report.conditional == len(restrictions)
        # Most of what a profile may use hangs together.
        assert graph.usable_legs.sum() > 0.8 * allowed.sum()
        legs[profile] = int(allowed.sum())
    assert legs[Profile.CAR] <= legs[Profile.AMBULANCE] == legs[Profile.AMBULANCE_LIGHTS]
    return graph


def test_bayreuth_enforces_all_its_restrictions(extract):
    segments, barriers, restrictions = extract("osm/north-bayreuth.osm.gz")
    check(segments, barriers, restrictions)
    # 40 relations, of which two name ways beyond the extract's edge.
    assert len(restrictions) == 38
    report = build_graph(segments, Profile.CAR, restrictions=restrictions).turn_report
    assert (report.applied, report.ambiguous, report.unresolved) == (38, 0, 0)


def test_baltimore_has_ferries_for_people(extract):
    segments, barriers, restrictions = extract("osm_pbf/baltimore.osm.pbf")
    check(segments, barriers, restrictions)
    ferry = segments.highway.lookup({"ferry": 1.0}, default=0.0) > 0
    assert ferry.sum() >= 13
    assert allowed_directions(segments, PROFILES[Profile.WALK])[0][ferry].any()
    assert not allowed_directions(segments, PROFILES[Profile.CAR])[0][ferry].any()


def test_liechtenstein_and_motorcycles(extract):
    segments, barriers, restrictions = extract("osm_pbf/liechtenstein-latest.osm.pbf")
    check(segments, barriers, restrictions)
    assert (segments.motorcycle_access.codes >= 0).sum() > 100
    assert segments.is_ford.sum() >= 1


def test_sao_paulo_lets_bicycles_ride_against_one_ways(extract):
    segments, barriers, restrictions = extract("osm/sao-paulo-centre.osm.pbf")
    check(segments, barriers, restrictions)
    assert ((segments.oneway != 0) & (segments.oneway_bicycle == 0)).sum() > 192
    blocks = contraflow_legs(segments, PROFILES[Profile.AMBULANCE_LIGHTS]).any(axis=1)
    assert blocks.sum() > 1_000
    assert segments.length_m[blocks].max() <= 300
    assert not segments.is_tunnel[blocks].any()
