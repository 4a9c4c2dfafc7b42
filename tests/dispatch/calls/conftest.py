"""Keys of pseudonyms in a folder of the test's own, and an exchange that reports."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch.calls.model import Said
from dispatch.calls.service import ExchangeReport, report
from dispatch.calls.views import TelephoneCallView
from gis.access import SYSTEM
from gis.database import Database
from gis.pseudonyms.keys import PseudonymKeys

Tell = Callable[..., TelephoneCallView]


@pytest.fixture
def keys(tmp_path: Path) -> PseudonymKeys:
    return PseudonymKeys(tmp_path / "pseudonyms")


@pytest.fixture
def tell(database: Database, city: Any, keys: PseudonymKeys) -> Tell:
    """Report a step of a call as the exchange does."""

    def told(ref: str, said: str, **more: Any) -> TelephoneCallView:
        with database.unit_of_work(SYSTEM) as uow:
            return report(
                uow, keys,
                ExchangeReport(
                    city_id=city.city_id, exchange="main", exchange_ref=ref, said=Said(said),
                    **more,
                ),
            )  # fmt: skip

    return told
