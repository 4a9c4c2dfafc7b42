import pytest

from data.osm.maxspeed import maxspeeds, parse_maxspeed


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        ("50", 50), ("30 mph", 48.280), ("30mph", 48.280), ("10 knots", 18.52), ("60 km/h", 60),
        ("CN:urban", 50), ("CN:motorway", 120), ("CL:urban", 50), ("NZ:rural", 100),
        ("NZ:urban", 50), ("DE:zone:30", 30), ("DE:zone30", 30), ("gb:nsl_single", 96.56064),
        ("GB:zone20", 32.187), ("XX:rural", 80), ("none", 130), ("walk", 7), ("60;80", 60),
        ("80|60", 60), ("signals", None), ("variable", None), ("fast", None), ("0", None),
        ("500", None), ("", None), (None, None), ("UK:nsl_single", 96.56064),
        ("40 mph;30 mph", 48.280), ("-50", None), ("nan", None), ("inf", None), ("DE:rural", 100),
        ("BE-VLG:urban", 50), ("RU:living_street", 20),
    ],
)  # fmt: skip
def test_parse(value, kmh):
    assert parse_maxspeed(value) == (None if kmh is None else pytest.approx(kmh, abs=0.001))


def test_each_direction_has_its_own_limit():
    assert maxspeeds({"maxspeed": "50", "maxspeed:forward": "70"}) == (70, 50)
    assert maxspeeds({"maxspeed:backward": "30"}) == (None, 30)


def test_without_a_number_the_legal_code_counts():
    assert maxspeeds({"source:maxspeed": "CN:urban"}) == (50, 50)
    assert maxspeeds({"maxspeed": "40", "maxspeed:type": "CN:urban"}) == (40, 40)
    assert maxspeeds({"source:maxspeed": "sign"}) == (None, None)
