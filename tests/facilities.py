"""A hospital for tests."""

from sqlalchemy import text

from gis.database import UnitOfWork
from tests.areas import add_areas


def add_hospital(uow: UnitOfWork, name: str = "Test Hospital") -> int:
    """Store a hospital in a city of its own; return its id."""
    city_id = add_areas(uow, {"440305": None}, key=name)
    facility_id: int = uow.session.execute(
        text(
            "INSERT INTO facilities (city_id, source, source_ref, kind, name, geom) VALUES"
            " (:city, 'test', :name, 'hospital', :name, 'SRID=4326;POINT(0.5 0.5)')"
            " RETURNING facility_id"
        ),
        {"city": city_id, "name": name},
    ).scalar_one()
    return facility_id
