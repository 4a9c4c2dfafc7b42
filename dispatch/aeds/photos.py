"""Use cases of pictures: shown with their source and licence, or not there at all."""

from datetime import date

from dispatch.aeds import repository_photos as repository
from dispatch.aeds import repository_reports
from dispatch.aeds.errors import AedNotFoundError, AedPhotoNotFoundError
from dispatch.aeds.jpeg import without_metadata
from gis.database import ReadingUnitOfWork, WritingUnitOfWork


def put_photo(
    uow: WritingUnitOfWork,
    aed_id: int,
    content: bytes,
    *,
    source: str,
    licence: str,
    taken_on: date | None,
) -> None:
    """Store the picture of a device's place in the place of the one before.

    Raises
    ------
    AedNotFoundError
        There is no such device.
    InvalidPhotoError
        The picture cannot be used.
    """
    cleaned = without_metadata(content)
    if repository_reports.find_aed(uow.session, aed_id) is None:
        raise AedNotFoundError(aed_id)
    repository.put_photo(uow.session, {
        "aed_id": aed_id, "content": cleaned, "source": source, "licence": licence,
        "taken_on": taken_on, "added_at": uow.clock.now(), "added_by": uow.identity.label,
    })  # fmt: skip


def remove_photo(uow: WritingUnitOfWork, aed_id: int) -> None:
    """Take the picture of a device away.

    Raises
    ------
    AedPhotoNotFoundError
        There is none.
    """
    if not repository.remove_photo(uow.session, aed_id):
        raise AedPhotoNotFoundError(aed_id)


def photo_of(uow: ReadingUnitOfWork, aed_id: int) -> bytes:
    """Return the picture of a device, JPEG.

    Raises
    ------
    AedPhotoNotFoundError
        There is none.
    """
    content = repository.find_photo(uow.session, aed_id)
    if content is None:
        raise AedPhotoNotFoundError(aed_id)
    return content
