"""What becomes of clusters from one run to the next, and the sentences about them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.words import alike
from surveillance.cluster_runs.following import Known, follow, gone
from surveillance.cluster_runs.model import Change
from surveillance.cluster_runs.reasons import reason_of

DAY = date(2026, 6, 10)


def known(
    places: str, *, observed: int = 10, disease: str = "dengue", ends_on: date = DAY
) -> Known:
    return Known(
        disease=disease, places=frozenset(places), starts_on=ends_on - timedelta(days=6),
        ends_on=ends_on, observed=observed,
    )  # fmt: skip


def test_a_cluster_is_new_grown_shrunk_the_same_or_gone() -> None:
    before = [known("abc"), known("xyz", observed=5), known("pq", disease="mumps")]
    now = [known("bcd", observed=14), known("xy", observed=4), known("pq"), known("k")]
    followed = follow(now, before)
    assert [one.change for one in followed] == [
        Change.GROWN, Change.SHRUNK, Change.NEW, Change.NEW,
    ]  # fmt: skip
    assert [one.before for one in followed] == [0, 1, None, None]
    assert (followed[0].joined, followed[0].left) == (("d",), ("a",))
    assert gone(followed, before) == [2]
    assert [one.change for one in follow(before, before)] == [Change.SAME] * 3


def test_one_that_split_goes_on_as_the_part_that_shares_more() -> None:
    followed = follow([known("ab"), known("cde")], [known("abcde")])
    assert [one.before for one in followed] == [None, 0]


def test_one_of_long_ago_is_not_gone_on_with() -> None:
    earlier = known("abc", ends_on=DAY - timedelta(days=9))
    assert follow([known("abc")], [earlier])[0].change is Change.NEW
    touching = known("abc", ends_on=DAY - timedelta(days=7))
    assert follow([known("abc")], [touching])[0].change is Change.SAME


SETS = st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), max_size=5)


@given(SETS, SETS)
def test_each_cluster_goes_on_at_most_once_and_all_are_accounted_for(now, before) -> None:
    these, those = ([known("".join(one)) for one in part] for part in (now, before))
    followed = follow(these, those)
    kept = [one.before for one in followed if one.before is not None]
    assert len(kept) == len(set(kept))
    assert sorted([*kept, *gone(followed, those)]) == list(range(len(those)))
    assert all((one.before is None) == (one.change is Change.NEW) for one in followed)


def says(**more):
    its = {
        "disease": alike("Dengue"), "place": alike("Gongyuan"), "areas": 5, "radius_m": 1234.0,
        "radius_s": None, "since": DAY, "observed": 34, "expected": 9.31, "recurrence_days": 1240.0,
    } | more  # fmt: skip
    return reason_of(**its)


def test_the_sentence_says_where_since_when_how_many_and_how_seldom() -> None:
    assert says().en == (
        "Dengue, 5 areas within 1.2 km of Gongyuan: 34 cases since 2026-06-10, 9.3 expected "
        "(3.7 times as many). By chance as strong once in 3 years."
    )
    assert says().zh == (
        "Dengue，Gongyuan周围1.2公里内5个区域：自2026-06-10起34例，预期9.3例（3.7倍）。"
        "偶然出现同样强的聚集约3年一次。"
    )
    assert "11 minutes by road of Gongyuan" in says(radius_m=None, radius_s=640.0).en
    assert says(areas=1).en.startswith("Dengue, Gongyuan: ")
    assert "once in 150 days" in says(recurrence_days=150.4).en
    assert "百年不足一次" in says(recurrence_days=1e9).zh
