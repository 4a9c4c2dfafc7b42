"""SQL of the defibrillators of a city."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class DeviceRow(NamedTuple):
    """One defibrillator; `gone`: out of service, in use or missing."""

    aed_id: int
    lon: float
    lat: float
    access: str
    opening_hours: str | None
    floor: str | None
    gone: bool


_DEVICES = text("""
SELECT aed.aed_id, ST_X(aed.geom) AS lon, ST_Y(aed.geom) AS lat, aed.access, aed.opening_hours,
       aed.floor, COALESCE(told.state IN ('in_use', 'missing', 'out_of_service'), false) AS gone
FROM aeds AS aed
LEFT JOIN aed_states AS told USING (aed_id)
WHERE aed.city_id = :city_id
ORDER BY aed.aed_id
""")


def devices(session: Session, city_id: int) -> tuple[DeviceRow, ...]:
    """Return all defibrillators of a city that its registers know."""
    return tuple(DeviceRow(*row) for row in session.execute(_DEVICES, {"city_id": city_id}))
