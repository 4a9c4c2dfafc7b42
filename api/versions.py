"""If-Match on rows with a version, and opaque cursors of keyset pages."""

import base64
import binascii
import json
import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from api.request_errors import CursorInvalidError
from dispatch.errors import VersionRequiredError

_ETAG = re.compile(r'"?(\d{1,18})"?')


async def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    found = _ETAG.fullmatch((if_match or "").strip())
    if found is None:
        raise VersionRequiredError
    return int(found[1])


ExpectedVersion = Annotated[int, Depends(_if_match)]
"""The version a change is based on; 428 when it is missing."""


def encode_cursor(received_at: datetime, row_id: UUID) -> str:
    """Return the cursor that continues after this row."""
    body = json.dumps([received_at.isoformat(), str(row_id)])
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Return what `encode_cursor` put in.

    Raises
    ------
    CursorInvalidError
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        received_at, row_id = json.loads(base64.urlsafe_b64decode(padded))
        at = datetime.fromisoformat(received_at)
        row = UUID(row_id)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise CursorInvalidError from error
    if at.tzinfo is None:
        raise CursorInvalidError
    return at, row
