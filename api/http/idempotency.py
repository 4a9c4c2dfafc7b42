"""A repeated change gives the first one's answer: the key is stored in the same transaction."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import Text, cast, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from starlette.requests import Request

from api.http.answers import Answer, Content
from api.http.request_errors import IdempotencyKeyRequiredError, IdempotencyKeyReusedError
from gis.database import WritingUnitOfWork
from gis.tables import IdempotencyKey

REPLAY_HEADER = "Idempotent-Replay"
_KEY = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True, slots=True)
class Once:
    """The key of one request (None: the client gave none) and what it asks for."""

    key: str | None
    operation: str

    def answer(
        self,
        uow: WritingUnitOfWork,
        body: BaseModel | None,
        *,
        create: Callable[[], Content],
        status_code: int = 201,
        versioned: str | None = None,
    ) -> Answer[Content]:
        """Return the stored answer of this key, or call `create` and store what it returns.

        A second request with the same key waits here until the first has committed or failed: the
        primary key of the stored row puts them in a row. A failing `create` rolls the key back
        with everything else, so that the repeat does the work.

        `versioned` : the part of the answer whose version is its ETag; None = the whole.

        Raises
        ------
        IdempotencyKeyReusedError
            The key belongs to another request.
        """
        if self.key is None:
            return _answer(create(), status_code, versioned)
        digest = self._digest(body)
        mine = (IdempotencyKey.actor == uow.identity.label) & (IdempotencyKey.key == self.key)
        fresh = uow.session.execute(
            insert(IdempotencyKey)
            .values(actor=uow.identity.label, key=self.key, request_hash=digest)
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        ).first()
        if fresh is None:
            stored = uow.session.execute(
                select(
                    IdempotencyKey.request_hash, IdempotencyKey.status_code, IdempotencyKey.response
                ).where(mine)
            ).one()
            if bytes(stored.request_hash) != digest:
                raise IdempotencyKeyReusedError
            answer = _answer(stored.response, stored.status_code, versioned)
            answer.headers[REPLAY_HEADER] = "true"
            return answer
        answer = _answer(create(), status_code, versioned)
        written = cast(literal(bytes(answer.body).decode(), Text), JSONB)
        uow.session.execute(
            update(IdempotencyKey).where(mine).values(status_code=status_code, response=written)
        )
        return answer

    def change(
        self, uow: WritingUnitOfWork, body: BaseModel | None, *, do: Callable[[], Content]
    ) -> Answer[Content]:
        """Return the stored answer of this key, or do the change and store what it returns.

        A repeat of one's own success is answered, though the version it names is stale by then.

        Raises
        ------
        IdempotencyKeyReusedError
            The key belongs to another request.
        """
        return self.answer(uow, body, create=do, status_code=200)

    def _digest(self, body: BaseModel | None) -> bytes:
        text = "" if body is None else body.model_dump_json()
        return hashlib.sha256(f"{self.operation}\n{text}".encode()).digest()


def _answer(content: Any, status_code: int, versioned: str | None) -> Answer[Any]:
    row = content if versioned is None else _field(content, versioned)
    return Answer(content, status_code, version=_field(row, "version"))


def _field(content: Any, name: str) -> Any:
    """Return a field of a view, or of its JSON read back; None where it has none."""
    return content.get(name) if isinstance(content, Mapping) else getattr(content, name, None)


async def _optional(
    request: Request, idempotency_key: Annotated[str | None, Header()] = None
) -> Once:  # fmt: skip
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise IdempotencyKeyRequiredError
    return Once(idempotency_key, f"{request.method} {request.url.path}")


async def _required(once: Annotated[Once, Depends(_optional)]) -> Once:
    if once.key is None:
        raise IdempotencyKeyRequiredError
    return once


OnceRequired = Annotated[Once, Depends(_required)]
"""For creates: 400 without the header."""
OnceOptional = Annotated[Once, Depends(_optional)]
"""For every other change: with the header a repeat is answered and changes nothing."""
