"""A replay asks no road: nothing has to be compiled for them."""

import pytest


@pytest.fixture(scope="session")
def kernels() -> None:
    """Stand for the compiled searches, which these tests do without."""
