"""Profiles as data: the bundled ones say what their norms say, wrong ones are told where."""

import pytest

from dispatch.kpis.errors import KpiProfileInvalidError, KpiProfileUnknownError
from dispatch.kpis.profile import bundled, parse_profile, profile_named

GOOD = """
name: ours
edition: "1"
words: {en: Ours, zh: 本市}
source: council, 2026
standards:
  - {interval: response, statistic: share, share: 0.9, at_most_s: 480}
"""


def test_nhs_arp_says_its_published_limits():
    """C1 7 min mean, 15 min 90th; C2 18, 40; C3 120 min 90th; C4 180 (nwas.nhs.uk/?p=315)."""
    told = [
        (one.categories, one.statistic, one.at_most_s / 60)
        for one in profile_named("nhs_arp").standards
    ]
    assert told == [
        (("C1",), "mean", 7), (("C1",), "p90", 15), (("C2",), "mean", 18), (("C2",), "p90", 40),
        (("C3",), "p90", 120), (("C4",), "p90", 180),
    ]  # fmt: skip


def test_each_profile_carries_edition_and_source():
    """China 2020 and NFPA by edition are there, each with where it is from."""
    assert {"china_2020", "nfpa_1221_2016", "nfpa_1225_2022", "nfpa_1710"} <= set(bundled())
    assert all(one.edition and one.source for one in bundled().values())
    china = profile_named("china_2020").standards
    assert [(one.interval, one.share, one.at_most_s) for one in china] == [
        ("call_answering", 0.95, 10), ("chute", 0.95, 180),
    ]  # fmt: skip
    with pytest.raises(KpiProfileUnknownError, match="nhs_arp"):
        profile_named("\ud800" * 500)


@pytest.mark.parametrize(("change", "to", "says"), [
    ("interval: response", "interval: respons", "standards\\[0\\].interval: choose an interval"),
    ("0.9,", "90,", "at most 1"), ("0.9,", ".nan,", "at most 1"), ("480", "-1", "seconds above 0"),
    ("480", ".inf", "seconds above 0"), ("480", "true", "seconds above 0"),
    ("480", "480, at_most_s: 900", "stands twice"), ("480", "480, atmost: 1", "is no field"),
    ("share: 0.9, ", "", "needs `share`"), ("name: ours", "name: Our City", "small letters"),
    ("zh: 本市", "fr: x", "is no field"), ('edition: "1"', "edition: 1", "in quotes"),
    ("name: ours", "name: &a ours\nnotes: *a", "no YAML"),
    ("source: council, 2026", "", "`source`"),
    ("interval: response", "interval: clocked_response", "needs categories"),
    ("standards:", "standards: []\nx:", "is no field"),
])  # fmt: skip
def test_a_wrong_profile_is_told_where_and_what(change, to, says):
    """Each fault is one sentence with its place; two limits of one field are never one silently."""
    assert parse_profile(GOOD, where="ours.yaml").standards[0].share == 0.9
    with pytest.raises(KpiProfileInvalidError, match=says):
        parse_profile(GOOD.replace(change, to, 1), where="ours.yaml")


@pytest.mark.parametrize("text", ["", "[]", "- 1", "{", "\x00", "name: !!python/object:os.x {}"])
def test_no_profile_at_all(text):
    """What is no document of fields is refused with a sentence."""
    with pytest.raises(KpiProfileInvalidError):
        parse_profile(text, where="x")
