"""Stations are found by what files call them, and by nothing that two of them are called."""

from planning.history.names import by_name, folded


def test_names_are_folded_and_shared_ones_stand_for_none():
    found = by_name([("01", "Central ", "中心站", None), ("2", "North", None, ""), ("3", "north")])
    assert found["1"] == found["central"] == found["中心站"] == 0
    assert found[folded(" 002 ")] == 1
    assert "north" not in found
    assert folded("000") == "000"
    assert folded(None) == ""
