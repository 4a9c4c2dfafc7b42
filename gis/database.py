"""Sessions and the unit of work: one transaction per use case, events inside it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.access import Identity
from gis.clock import Clock, IdFactory, SystemClock, SystemIds
from gis.cluster import APPLICATION_ROLE
from gis.cluster_errors import DatabaseUnreachableError
from gis.event_log import append
from gis.events import NewEvent, UnchainedEvent, canonical_json, commitment, new_salt
from gis.rooms.current import current_house
from gis.rooms.errors import UndeclaredEventError
from gis.rooms.house import House
from gis.tables import PersonalValue

_SET_IDENTITY = text(
    "SELECT set_config('goldenhour.' || name, value, true)"
    " FROM json_each_text(CAST(:settings AS json)) AS held(name, value)"
)
"""What row-level security reads; `true` ends it with the transaction."""

Asker = Identity | Callable[[Session, datetime], Identity]
"""Who opens a transaction: known already, or found out at a time by its first statement, which
then also sets what row-level security reads (`gis.identity.identified_by`)."""


class UnitOfWork:
    """One transaction of one identity. The door opens and commits it; services never do.

    Who only looks takes this type; it is given a `ReadingUnitOfWork` or a `WritingUnitOfWork`.
    """

    def __init__(
        self, session: Session, identity: Identity, *, clock: Clock, ids: IdFactory, house: House
    ) -> None:
        self.session = session
        self.identity = identity
        self.clock = clock
        self.ids = ids
        self.house = house

    @property
    def database_name(self) -> str:
        """Return what names its database among all that this process may ask, without secrets."""
        return self.session.get_bind().engine.url.render_as_string(hide_password=True)


class ReadingUnitOfWork(UnitOfWork):
    """A read-only transaction that sees one committed state throughout.

    Only what it saw may be kept for others in the process: what a writing one sees may roll back.
    """


class WritingUnitOfWork(UnitOfWork):
    """A transaction that may change rows and says what happened by events."""

    def emit(self, *events: NewEvent) -> None:
        """Append `events`, in order, to the log and to the outbox, within this transaction.

        One statement for all of them. Each subject's row must be locked by this transaction, or be
        new: its chain's next version is read there. A writer without the lock is refused by the
        unique (subject, version).

        Raises
        ------
        UndeclaredEventError
            No room declares the type, or it continues another kind of subject.
        """
        for event in events:
            declared = self.house.events.get(event.type)
            if declared is None or declared.subject != event.subject_kind:
                raise UndeclaredEventError(event.type, event.subject_kind)
        recorded_at = self.clock.now()
        unchained = [
            UnchainedEvent(
                event_id=self.ids.new(),
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
                type=event.type,
                actor=self.identity.label,
                city_id=event.city_id,
                area_code=event.area_code,
                occurred_at=event.occurred_at,
                recorded_at=recorded_at,
                payload=_plain_payload(event.payload),
            )
            for event in events
        ]
        append(self.session, unchained)

    def remember(
        self,
        subject_kind: str,
        subject_id: str,
        field: str,
        value: str,
        *,
        purpose: str,
        area_code: str | None = None,
    ) -> str:
        """Keep a personal value erasably; return the commitment that an event may carry."""
        kept = self.remember_all(
            subject_kind, subject_id, {field: value}, purpose=purpose, area_code=area_code
        )
        return kept[field]

    def remember_all(
        self,
        subject_kind: str,
        subject_id: str,
        values: Mapping[str, str],
        *,
        purpose: str,
        area_code: str | None = None,
    ) -> dict[str, str]:
        """Keep several personal values in one statement; return each field's commitment."""
        salts = {field: new_salt() for field in values}
        if values:
            self.session.execute(
                insert(PersonalValue).values([
                    {
                        "value_id": self.ids.new(), "subject_kind": subject_kind,
                        "subject_id": subject_id, "field": field, "value": value,
                        "salt": salts[field], "area_code": area_code, "purpose": purpose,
                        "created_at": self.clock.now(),
                    }
                    for field, value in values.items()
                ])
            )  # fmt: skip
        return {field: commitment(value, salts[field]) for field, value in values.items()}


def _plain_payload(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return `payload` as JSON would give it back, floats to 7 digits (1 cm in degrees)."""

    def default(value: object) -> str:
        return value.isoformat() if isinstance(value, datetime) else str(value)

    rounded = json.loads(json.dumps(dict(payload), default=default), parse_float=_rounded)
    return json.loads(canonical_json(rounded))  # type: ignore[no-any-return]


def _rounded(number: str) -> float:
    return round(float(number), 7)


class Database:
    """The way in: units of work and reads, as the application role.

    `as_owner` is for bulk loads, which also refresh the planner's statistics.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        pool_size: int = 10,
        as_owner: bool = False,
        clock: Clock | None = None,
        ids: IdFactory | None = None,
        house: House | None = None,
    ) -> None:
        self.url = make_url(url)
        self.clock: Clock = clock or SystemClock()
        self.ids: IdFactory = ids or SystemIds()
        self.house: House = house or current_house()
        role = "" if as_owner else f"-c role={APPLICATION_ROLE} "
        self.engine: Engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            # Parameters may be personal; a traceback in a log must not show them.
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                "options": f"{role}-c lock_timeout=10s"
                " -c idle_in_transaction_session_timeout=60s -c timezone=UTC",
            },
        )
        # BEGIN itself says so: no statement of its own.
        self._reading = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @contextmanager
    def unit_of_work(self, asker: Asker) -> Iterator[WritingUnitOfWork]:
        """Open a transaction for `asker`; commit when the block ends well, else roll back."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            identity = _introduced(session, asker, self.clock.now(), self.house)
            yield WritingUnitOfWork(
                session, identity, clock=self.clock, ids=self.ids, house=self.house
            )

    @contextmanager
    def read(self, asker: Asker) -> Iterator[ReadingUnitOfWork]:
        """Open a read-only transaction that sees one snapshot throughout."""
        with Session(self._reading, expire_on_commit=False) as session, session.begin():
            identity = _introduced(session, asker, self.clock.now(), self.house)
            yield ReadingUnitOfWork(
                session, identity, clock=self.clock, ids=self.ids, house=self.house
            )

    def check_reachable(self) -> None:
        """Ask the database for a sign of life.

        Raises
        ------
        DatabaseUnreachableError
            It does not answer.
        """
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError as error:
            raise DatabaseUnreachableError(str(error.orig).strip().splitlines()[0]) from error

    def close(self) -> None:
        """Give every pooled connection back."""
        self.engine.dispose()


def _introduced(session: Session, asker: Asker, at: datetime, house: House) -> Identity:
    """Tell the database who is asking, in one statement, and return it.

    Row-level security may ask for any permission that a room declares.
    """
    if not isinstance(asker, Identity):
        return asker(session, at)
    held = {
        permission: _array_literal(asker.jurisdictions(permission))
        for permission in (house.permissions if asker.all_powerful else asker.permissions)
    }
    session.execute(_SET_IDENTITY, {"settings": json.dumps({"actor": asker.label, **held})})
    return asker


def _array_literal(prefixes: tuple[str, ...]) -> str:
    return "{" + ",".join(f'"{prefix}"' for prefix in prefixes) + "}"
