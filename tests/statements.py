"""Counting what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counted(engine: Engine, *, of_this_thread: bool = False) -> Iterator[list[str]]:
    """Collect the statements that `engine` sends, transaction control left out.

    `of_this_thread`: only what the thread sends that enters the block.
    """
    sent: list[str] = []
    entered = get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not of_this_thread or get_ident() == entered:
            sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
