"""Facilities for tests."""

from sqlalchemy import text

from gis.database import WritingUnitOfWork
from gis.facilities.model import FacilityRecord
from gis.facilities.service import record_facilities
from tests.areas import add_areas


def record(ref: str, **said: object) -> FacilityRecord:
    """Return what a register says of a hospital at 0.5, 0.5, changed by what is `said`."""
    values: dict[str, object] = {
        "source": "test", "source_ref": ref, "kind": "hospital", "name": ref, "lon": 0.5, "lat": 0.5
    }  # fmt: skip
    return FacilityRecord(**(values | said))


def add_hospital(uow: WritingUnitOfWork, name: str = "Test Hospital") -> int:
    """Store a hospital in a city of its own; return its id."""
    city_id = add_areas(uow, {"440305": None}, key=name)
    record_facilities(uow, city_id, [record(name)])
    facility_id: int = uow.session.execute(
        text("SELECT facility_id FROM facilities WHERE city_id = :city"), {"city": city_id}
    ).scalar_one()
    return facility_id
