"""Use case of facilities: what registers say is stored, and what it comes to is made of it."""

from collections.abc import Collection, Sequence

from gis.database import WritingUnitOfWork
from gis.facilities import repository
from gis.facilities.errors import FacilityKindUnknownError
from gis.facilities.kinds import KINDS
from gis.facilities.model import Entry, FacilityRecord, Known, settle
from gis.promises.status import go_on


def record_facilities(
    uow: WritingUnitOfWork,
    city_id: int,
    records: Sequence[FacilityRecord],
    *,
    whole: Collection[str] = (),
) -> int:
    """Store what registers say of a city's facilities as of now; return how many records.

    A record is known again by (source, source_ref); of a pair given twice the last counts. Records
    describe one facility where one says so (`same_as`). The registers of `whole` are given as
    wholes: what they no longer hold ends, and a facility that no register holds any longer keeps
    its id and its names, and has no kind and no capabilities from now on.

    Of a facility with several records, each value is the first that one of them has: a register's
    before OpenStreetMap's before a model's, then that of the record whose words changed last. A
    capability holds if any of them says so, with the level of the first that says one. What a
    hospital reported goes on with it where it turns out to be another. Giving the same again
    changes nothing but when it was last seen.

    Raises
    ------
    FacilityKindUnknownError
        A record is of no kind that is known.
    """
    given = {record.entry: record for record in records}
    for record in given.values():
        if record.kind not in KINDS:
            raise FacilityKindUnknownError(record.kind)
    session = uow.session
    repository.lock_city(session, city_id)
    at = uow.clock.now()
    stored = {
        (row.source, row.source_ref): row for row in repository.list_records(session, city_id)
    }
    gone = [
        entry
        for entry, row in stored.items()
        if entry[0] in whole and entry not in given and row.ended_at is None
    ]
    known = [
        Known(
            entry, _same(row.same_source, row.same_ref), row.facility_id, row.first_seen_at
        )
        for entry, row in stored.items()
        if entry not in given and entry not in gone and row.ended_at is None
    ]  # fmt: skip
    for entry, record in given.items():
        before = stored.get(entry)
        known.append(
            Known(entry, record.same_as, None, at)
            if before is None
            else Known(
                entry, record.same_as, before.facility_id, before.first_seen_at,
                is_back=before.ended_at is not None,
            )
        )  # fmt: skip
    fresh = iter(repository.draw_ids(session, sum(entry not in stored for entry in given)))
    settled = settle(known, new_id=lambda: next(fresh, None) or repository.draw_ids(session, 1)[0])
    moved = {
        entry: facility_id
        for entry, facility_id in settled.facility_of.items()
        if entry in stored and stored[entry].facility_id != facility_id
    }
    touched = {settled.facility_of[entry] for entry in given} | set(moved.values())
    touched |= {stored[entry].facility_id for entry in (*gone, *moved)}
    touched |= {stored[entry].facility_id for entry in given if entry in stored}
    repository.lock_facilities(session, touched)
    if gone:
        repository.end_records(session, city_id, gone, at=at)
    repository.move_records(session, city_id, moved)
    repository.put_records(
        session, city_id, given.values(), facility_of=settled.facility_of, at=at
    )  # fmt: skip
    repository.put_facilities(session, touched, merged=settled.merged)
    go_on(uow, settled.merged)
    for table in ("facility_kinds", "facility_capabilities"):
        repository.put_dated(session, table, touched, at=at)
    return len(given)


def _same(source: str | None, source_ref: str | None) -> Entry | None:
    return None if source is None or source_ref is None else (source, source_ref)
