"""Rules of the road by jurisdiction, built in and from a file."""

import pytest

from routing.roads.model import Profile
from routing.rules.errors import InvalidJurisdictionError
from routing.rules.jurisdiction import load_jurisdictions, rules_for
from routing.rules.model import DrivingSide
from routing.rules.profiles import PROFILES

LIGHTS = Profile.AMBULANCE_LIGHTS


def file(tmp_path, body, *, version=1):
    path = tmp_path / "own.yaml"
    path.write_text(f"version: {version}\njurisdictions:\n{body}", encoding="utf-8")
    return path


@pytest.mark.parametrize("profile", list(Profile))
def test_without_a_jurisdiction_the_defaults_hold(profile):
    assert rules_for(profile).fingerprint() == PROFILES[profile].fingerprint()


@pytest.mark.parametrize(
    ("city", "codes", "zone", "key"),
    [
        ("shenzhen", [], None, "cn"),
        ("anything", ["440304"], "Asia/Shanghai", "cn"),
        ("anything", ["810000", "440000", "810001"], "Asia/Shanghai", "hk"),
        ("anything", ["440304", "810000", "440305"], "Asia/Shanghai", "cn"),
        ("anything", ["810000"], None, "hk"),
        ("anything", ["13055"], "Europe/Paris", "default"),
        ("anything", [], "Asia/Tokyo", "left-hand"),
        ("anything", [], "Europe/Berlin", "de"),
        ("baltimore", [], "America/New_York", "us-md"),
        ("anything", ["osm-17"], None, "default"),
    ],
)
def test_to_whom_a_city_belongs(city, codes, zone, key):
    assert load_jurisdictions().of_city(city, area_codes=codes, time_zone=zone).key == key


def test_what_the_built_in_entries_change():
    assert rules_for(LIGHTS).ban_penalty_s is None
    assert rules_for(LIGHTS, "cn").ban_penalty_s == 10
    assert rules_for(Profile.AMBULANCE, "cn").ban_penalty_s is None
    assert rules_for(Profile.CAR, "hk").driving_side is DrivingSide.LEFT
    assert not any(entry.cautions for entry in load_jurisdictions().by_key.values())


def test_every_field_takes_effect(tmp_path):
    own = load_jurisdictions(file(tmp_path, """
  cn:
    class_speed_kmh: {primary: 50}
    free_flow_factor: {primary: 0.6}
    siren_uplift: 1.2
    signal_delay_s: {ambulance_lights: 1, car: 20}
    turn_delay_s: {ambulance_lights: {near_s: 0, far_s: 1, u_turn_s: 9}}
    barrier_wait_s: {gate: 7}
    ferry_wait_s: 60
    walking_speed_m_s: 1.1
    bus_lanes_for_ambulances: false
    contraflow: {classes: [residential], max_block_m: 100, factor: 4}
""")).get("cn")  # fmt: skip
    rules = rules_for(LIGHTS, own)
    assert (rules.class_speed_kmh["primary"], rules.class_speed_kmh["trunk"]) == (50, 80)
    assert (rules.free_flow_factor["primary"], rules.uplift) == (0.6, 1.2)
    assert (rules.signal_delay_s, rules.turn.far_s, rules.ferry_wait_s) == (1, 1, 60)
    assert (rules.barrier_wait_s["gate"], rules.barrier_wait_s["lift_gate"]) == (7, 5)
    assert "bus" not in rules.access
    assert "oneway_bus" not in rules.oneway_columns
    assert rules.contraflow.classes == {"residential"}
    assert (rules.contraflow.max_block_m, rules.contraflow.factor) == (100, 4)
    assert rules.ban_penalty_s == 10  # from the entry that comes with the software
    assert rules_for(Profile.WALK, own).walk_speed_m_s == 1.1
    assert rules_for(Profile.CAR, own).uplift == 1
    assert rules_for(Profile.BICYCLE, own).class_speed_kmh["primary"] == 15
    assert rules.fingerprint() != rules_for(LIGHTS, "cn").fingerprint()


def test_an_uplift_beyond_the_sources_is_taken_with_a_caution(tmp_path):
    own = load_jurisdictions(file(tmp_path, "  nz: {driving_side: left, siren_uplift: 1.43}\n"))
    assert rules_for(LIGHTS, own.get("nz")).uplift == 1.43
    (caution,) = own.get("nz").cautions
    assert "1.43 lies outside 1.1-1.25" in caution


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{speed: 3}", "unknown field 'speed'; allowed are"),
        ("{driving_side: middle}", "must be right or left"),
        ("{driving_side: [right]}", "must be right or left"),
        ("{siren_uplift: 5}", "is 5; a number from 0.8 to 2 is needed"),
        ("{siren_uplift: fast}", "a number from"),
        ("{siren_uplift: true}", "a number from"),
        ("{siren_uplift: .nan}", "a number from"),
        ("{walking_speed_m_s: 0}", "a number from"),
        ("{class_speed_kmh: {primary: -50}}", "'class_speed_kmh' primary is -50"),
        ("{class_speed_kmh: {highroad: 50}}", "does not know 'highroad'"),
        ("{class_speed_kmh: 50}", "must be a table"),
        ("{signal_delay_s: {tank: 5}}", "does not know 'tank'"),
        ("{turn_delay_s: {car: {left_s: 5}}}", "does not know 'left_s'"),
        ("{contraflow: {classes: [motorway]}}", "'motorway' is never driven against"),
        ("{contraflow: {classes: [primary]}}", "'primary' is never driven against"),
        ("{contraflow: {factor: 0.5}}", "a number from 1 to 10"),
        ("{contraflow: {signed: true}}", "does not know 'signed'"),
        ("{bans_bind_with_lights: maybe}", "must be true or false"),
        ("{area_codes: [44]}", "write codes in quotes"),
        ("17", "needs fields below its key"),
    ],
)
def test_nonsense_is_refused_with_the_entry_and_what_is_allowed(tmp_path, entry, sentence):
    with pytest.raises(InvalidJurisdictionError) as caught:
        load_jurisdictions(file(tmp_path, f"  mine: {entry}\n"))
    assert sentence in str(caught.value)


def test_files_that_are_none_are_refused(tmp_path):
    for path in (tmp_path / "absent.yaml", file(tmp_path, "  a: {}\n", version=2),
                 file(tmp_path, "  a: [\n")):  # fmt: skip
        with pytest.raises(InvalidJurisdictionError):
            load_jurisdictions(path)
    with pytest.raises(InvalidJurisdictionError, match="no jurisdiction 'mars'; known are"):
        rules_for(LIGHTS, "mars")
