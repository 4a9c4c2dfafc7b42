"""If-Match on rows with a version."""

import re
from typing import Annotated

from fastapi import Depends, Header

from gis.concurrency import VersionRequiredError

_ETAG = re.compile(r'"?([0-9]{1,18})"?')


async def _if_given(if_match: Annotated[str | None, Header()] = None) -> int | None:
    if if_match is None:
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise VersionRequiredError
    return int(found[1])


async def _required(version: Annotated[int | None, Depends(_if_given)]) -> int:
    if version is None:
        raise VersionRequiredError
    return version


ExpectedVersion = Annotated[int, Depends(_required)]
"""The version a change is based on; 428 when it is missing."""
VersionIfGiven = Annotated[int | None, Depends(_if_given)]
"""For steps the database itself decides: checked when the client names a version."""
