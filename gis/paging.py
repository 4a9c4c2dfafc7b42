"""Pages of lists by keyset: a page begins after a row, so that new rows shift nothing.

Every list is ordered by a time and then by an id, newest first; the cursor names the last row of
a page, as one opaque word.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_

from gis.errors import InvalidInputError

R = TypeVar("R")


class CursorInvalidError(InvalidInputError):
    """A place in a list that no page gave."""

    code = "cursor_invalid"

    def __init__(self) -> None:
        super().__init__("The cursor is not one of ours. Begin again at the first page.")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row a page begins after: its time and its id."""

    at: datetime
    row_id: UUID

    def text(self) -> str:
        """Return the word that stands for it."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()} {self.row_id}".encode()).decode()

    @classmethod
    def parse(cls, word: str | None) -> "Cursor | None":
        """Invert `text`; None stands for the first page.

        Raises
        ------
        CursorInvalidError
            `word` is none that a page gave.
        """
        if word is None:
            return None
        try:
            at, row_id = base64.urlsafe_b64decode(word.encode()).decode().split(" ")
            parsed = cls(datetime.fromisoformat(at), UUID(row_id))
        except (binascii.Error, ValueError) as error:
            raise CursorInvalidError from error
        if parsed.at.tzinfo is None:
            raise CursorInvalidError
        return parsed


def older_than(cursor: Cursor, at: Any, row_id: Any) -> ColumnElement[bool]:
    """Return the condition that a row, by its columns of time and id, comes after `cursor`."""
    return tuple_(at, row_id) < (cursor.at, cursor.row_id)


def page_of(rows: Sequence[R], limit: int) -> tuple[Sequence[R], R | None]:
    """Split `limit` + 1 rows read: those of the page, and its last one if another page follows."""
    page = rows[:limit]
    return page, page[-1] if len(rows) > limit else None
