"""Times and radii that cannot be true are refused with a sentence, before anything is stored."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from api.doors.dispatch.aeds import NearestAedsIn
from api.doors.dispatch.calls import CallIn
from api.http.schemas import PointIn

POINT = {"lon": 114.0, "lat": 22.5, "datum": "wgs84"}


def _ahead(**difference):
    return (datetime.now(tz=UTC) + timedelta(**difference)).isoformat()


REFUSED = "between 2000-01-01 and one day from now|between 1901 and 2198"
IMPOSSIBLE = ("0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
              _ahead(days=2))  # fmt: skip
POSSIBLE = ("2000-01-01T00:00:00Z", _ahead(hours=23))


@pytest.mark.parametrize("at", IMPOSSIBLE, ids=range(len(IMPOSSIBLE)))
def test_impossible_times_are_refused(at):
    for field in ("received_at", "answered_at"):
        with pytest.raises(ValidationError, match=REFUSED):
            CallIn.model_validate({"city_id": 1, "source": "phone", field: at})
    with pytest.raises(ValidationError, match=REFUSED):
        NearestAedsIn.model_validate({"city_id": 1, "point": POINT, "at": at})


@pytest.mark.parametrize("at", POSSIBLE, ids=range(len(POSSIBLE)))
def test_possible_times_are_taken(at):
    call = CallIn.model_validate({"city_id": 1, "source": "phone", "received_at": at})
    assert call.received_at == datetime.fromisoformat(at)
    assert NearestAedsIn.model_validate({"city_id": 1, "point": POINT, "at": at}).at is not None


@pytest.mark.parametrize("uncertainty_m", [-1.0, 100_001.0])
def test_impossible_radii_are_refused(uncertainty_m):
    with pytest.raises(ValidationError, match="uncertainty_m"):
        PointIn.model_validate(POINT | {"uncertainty_m": uncertainty_m})
