"""Mosquito indices by their definitions."""

import numpy as np

from surveillance.indicators.mosquito import breteau_index, container_index, house_index


def test_the_three_indices_of_one_inspection() -> None:
    # 200 houses, 12 positive; 500 containers, 18 positive.
    assert house_index(12, 200) == 6.0
    assert container_index(18, 500) == 3.6
    assert breteau_index(18, 200) == 9.0


def test_without_a_house_there_is_no_index() -> None:
    found = breteau_index(np.array([0.0, 3.0]), np.array([0.0, 50.0]))
    assert np.isnan(found[0])
    assert found[1] == 6.0
