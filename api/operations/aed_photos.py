"""Pictures of defibrillators' places from the command line."""

from datetime import date
from pathlib import Path

from api.operations.transactions import transaction
from dispatch.aeds import photos
from gis.settings import Settings


def put_photo(
    settings: Settings,
    aed_id: int,
    path: Path,
    *,
    source: str,
    licence: str,
    taken_on: date | None,
) -> None:
    """Store the picture of a device's place."""
    with transaction(settings) as uow:
        photos.put_photo(
            uow, aed_id, path.read_bytes(), source=source, licence=licence, taken_on=taken_on
        )


def remove_photo(settings: Settings, aed_id: int) -> None:
    """Take the picture of a device away."""
    with transaction(settings) as uow:
        photos.remove_photo(uow, aed_id)
