"""A clinician in the control room."""

from uuid import UUID

import pytest

from gis.access import Identity
from tests.identities import granted


@pytest.fixture
def clinician() -> Identity:
    """Somebody who checks waiting patients of the whole city."""
    return Identity(
        UUID(int=99), "dr.chen", "dr.chen", grants=(granted("clinician", "4403"),)
    )  # fmt: skip
