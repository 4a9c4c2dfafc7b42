"""A picture without what a camera writes beside it: place, owner, thumbnails, comments."""

from dispatch.aeds.errors import InvalidPhotoError

MOST_BYTES = 400_000
_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN, _COMMENT = 0xDA, 0xFE
_APP0, _APP15 = 0xE0, 0xEF
_KEPT_APPS = {0xE0, 0xE2, 0xEE}
"""JFIF, colour profile, and what Adobe says of the colours: without them a picture looks wrong."""


def without_metadata(content: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, comments and whatever else its camera or program added.

    Raises
    ------
    InvalidPhotoError
        It is no whole JPEG, or too large.
    """
    if len(content) > MOST_BYTES:
        raise InvalidPhotoError(f"It has {len(content)} bytes; at most {MOST_BYTES} are taken.")
    if not content.startswith(_START) or _END not in content[-16:]:
        raise InvalidPhotoError("It is not a whole JPEG file.")
    kept, at = [_START], len(_START)
    while True:
        if content[at : at + 1] != b"\xff" or at + 4 > len(content):
            raise InvalidPhotoError("It is not a whole JPEG file.")
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _SCAN:
            return b"".join(kept) + content[at:]
        if length < 2 or at + 2 + length > len(content):
            raise InvalidPhotoError("It is not a whole JPEG file.")
        dropped = marker == _COMMENT or (_APP0 <= marker <= _APP15 and marker not in _KEPT_APPS)
        if not dropped:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
