"""A picture has its source and licence, and nothing that a camera wrote beside it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dispatch.aeds import photos
from dispatch.aeds.around import aeds_around
from dispatch.aeds.emergency_numbers import BUILT_IN
from dispatch.aeds.errors import (
    AedNotFoundError,
    AedPhotoNotFoundError,
    InvalidPhotoError,
)
from dispatch.aeds.jpeg import MOST_BYTES, without_metadata
from gis.access import ANONYMOUS, SYSTEM
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import Aed


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34" * 60 + b"\xff\xd9"
JFIF = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
TABLE = segment(0xDB, b"\x00" + bytes(range(64)))
EXIF = segment(0xE1, b"Exif\x00\x00GPS 29.9027 S 71.2519 W")
COMMENT = segment(0xFE, b"Maria's phone")
PICTURE = b"\xff\xd8" + JFIF + EXIF + TABLE + COMMENT + SCAN


def test_place_and_owner_are_left_out_and_the_picture_stays():
    assert without_metadata(PICTURE) == b"\xff\xd8" + JFIF + TABLE + SCAN
    assert without_metadata(without_metadata(PICTURE)) == without_metadata(PICTURE)


@given(cut=st.integers(0, len(PICTURE) - 1))
def test_a_part_of_a_file_is_refused(cut):
    with pytest.raises(InvalidPhotoError):
        without_metadata(PICTURE[:cut])


@given(st.binary(max_size=400))
def test_any_bytes_are_a_picture_or_refused(content):
    for given_bytes in (content, b"\xff\xd8" + content + b"\xff\xd9"):
        try:
            kept = without_metadata(given_bytes)
        except InvalidPhotoError:
            continue
        assert kept.startswith(b"\xff\xd8")
        assert len(kept) <= len(given_bytes)


def test_a_large_one_is_refused():
    with pytest.raises(InvalidPhotoError, match="400000"):
        without_metadata(PICTURE + b"\x00" * MOST_BYTES)


@pytest.mark.database
def test_a_device_shows_the_newest_picture_until_it_is_taken_away(database, city):
    with database.read(SYSTEM) as uow:
        aed_id = uow.session.scalars(select(Aed.aed_id)).first()

    def put(device, source):
        with database.unit_of_work(SYSTEM) as uow:
            photos.put_photo(
                uow, device, PICTURE, source=source, licence="CC BY 4.0", taken_on=None
            )

    def shown():
        with database.read(ANONYMOUS) as uow:
            point = DeclaredPoint(114.05, 22.55, Datum.WGS84)
            found = aeds_around(uow, point=point, limit=10, numbers=BUILT_IN)
            return {one.aed_id: one.photo for one in found.aeds}

    assert set(shown().values()) == {None}
    with pytest.raises(AedNotFoundError):
        put(999_999, "nobody")
    put(aed_id, "Red Cross")
    put(aed_id, "City of Shenzhen")
    photo = shown()[aed_id]
    assert (photo.source, photo.licence) == ("City of Shenzhen", "CC BY 4.0")
    with database.read(ANONYMOUS) as uow:
        assert photos.photo_of(uow, aed_id) == without_metadata(PICTURE)
    with database.unit_of_work(SYSTEM) as uow:
        photos.remove_photo(uow, aed_id)
    assert set(shown().values()) == {None}
    with pytest.raises(AedPhotoNotFoundError), database.read(ANONYMOUS) as uow:
        photos.photo_of(uow, aed_id)
    with pytest.raises(AedPhotoNotFoundError), database.unit_of_work(SYSTEM) as uow:
        photos.remove_photo(uow, aed_id)
