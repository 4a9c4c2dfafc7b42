"""Backup and restore: a real drill, and what is refused leaves the present database alone."""

import io
import json
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError

from api.operations.backup import (
    BackupUnreadableError,
    RestoreCheckFailedError,
    restore_backup,
    write_backup,
)
from api.operations.reading import check_log
from api.processes.supervisor import keys, pseudonym_keys
from dispatch.incidents import calls
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.cluster import PrivateCluster
from gis.database import Database
from gis.retention import correcting
from gis.retention import service as retention
from gis.retention.journal import corrections_beside, erasures_beside
from gis.rooms.personal import AskedBy, CorrectionAsked
from gis.sequencer import Sequencer, SigningKey
from gis.settings import Settings
from tests.api.conftest import World
from tests.seeds import SEED_KEY

pytestmark = pytest.mark.database

CALLS = 3
PERSON = "110101199001011234"


@pytest.fixture
def settings(owner_url: str, state_folder: Path) -> Settings:
    return Settings(database_url=owner_url, state_folder=state_folder, purpose="simulation")


@pytest.fixture
def kept_name(owner_url: str, cluster: PrivateCluster) -> Iterator[str]:
    """The name under which a restore keeps the old database; it is dropped afterwards."""
    name = make_url(owner_url).database
    yield f"{name}_before_restore"
    for leftover in (f"{name}_before_restore", f"{name}_restored"):
        execute(cluster.url("postgres"), f'DROP DATABASE IF EXISTS "{leftover}" WITH (FORCE)')


@pytest.fixture
def busy(world: World, database: Database, settings: Settings) -> World:
    """A city with calls, their personal values, and a signed stream."""
    take_calls(world, CALLS)
    keys(settings).mkdir(parents=True)
    (keys(settings) / "stream.pem").write_bytes(
        SEED_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    pseudonym_keys(settings).pseudonym("surveillance", PERSON)
    pseudonym_keys(settings).pseudonym("referral", PERSON)
    key = SigningKey.load_or_make(keys(settings) / "stream.pem")
    Sequencer(database.engine, key=lambda: key, clock=database.clock).run_once()
    return world


@pytest.fixture
def saved(busy: World, settings: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "evening.goldenhour"
    report = write_backup(settings, file)
    assert (report.problems, report.size_bytes) == ((), file.stat().st_size)
    return file


def take_calls(world: World, count: int) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        for number in range(count):
            calls.take_call(
                uow,
                calls.NewCall(world.city_id, CallSource.PHONE, caller_number=f"1380013800{number}"),
            )


def execute(url: str, statement: str) -> None:
    """Run a statement as the owner past every trigger, as a tamperer would."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
    engine.dispose()


def contents(url: str) -> dict[str, list]:
    """Return what must come back whole."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table: sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")).all()))
            for table in ("calls", "incidents", "events", "stream", "personal_values", "users")
        }
    engine.dispose()
    return found


def repacked(file: Path, name: str, **replaced: bytes) -> Path:
    """Return a copy of a backup with members replaced; `record` stands for record.json."""
    copy = file.with_name(name)
    with tarfile.open(file) as source, tarfile.open(copy, "w") as target:
        for member in source:
            words = replaced.get(member.name.split(".")[0], source.extractfile(member).read())
            member.size = len(words)
            target.addfile(member, io.BytesIO(words))
    return copy


def record_of(file: Path) -> dict:
    with tarfile.open(file) as archive:
        return json.loads(archive.extractfile("record.json").read())


def test_the_drill(  # noqa: PLR0917
    saved: Path, busy: World, settings: Settings, owner_url: str, kept_name: str,
    cluster: PrivateCluster,
) -> None:  # fmt: skip
    """Save, lose everything, restore under a server that keeps coming back, and go on working."""
    before = contents(owner_url)
    key = (keys(settings) / "stream.pem").read_bytes()
    pseudonym = pseudonym_keys(settings).pseudonym("surveillance", PERSON)
    assert saved.stat().st_mode & 0o777 == 0o600
    execute(owner_url, "TRUNCATE calls, personal_values")
    shutil.rmtree(keys(settings))
    lost = contents(owner_url)
    stop = threading.Event()

    def come_back() -> None:
        while not stop.is_set():
            try:
                with busy.database.engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
            except DBAPIError:
                continue

    server = threading.Thread(target=come_back)
    server.start()
    try:
        report = restore_backup(settings, saved)
    finally:
        stop.set()
        server.join()
    assert report.problems == ()
    assert contents(owner_url) == before
    assert len(before["calls"]) == CALLS
    assert contents(cluster.url(kept_name)) == lost
    assert (keys(settings) / "stream.pem").read_bytes() == key
    assert pseudonym_keys(settings).all_pseudonyms("surveillance", PERSON) == [pseudonym]
    assert pseudonym_keys(settings).folder.stat().st_mode & 0o777 == 0o700
    log = check_log(settings)
    assert (log.intact, log.events, log.heads_checked) == (True, len(before["events"]), 2)

    take_calls(busy, 1)  # as the application's role, with the rights it had before
    assert check_log(settings).waiting > 0
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events", "DELETE FROM stream"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            busy.database.unit_of_work(SYSTEM) as uow,
        ):
            uow.session.execute(text(statement))


@pytest.mark.acceptance
def test_what_is_no_whole_backup_is_refused(
    saved: Path, settings: Settings, owner_url: str, kept_name: str, cluster: PrivateCluster
) -> None:
    before = contents(owner_url)
    record = record_of(saved)
    short = saved.with_name("short.goldenhour")
    without_key = saved.with_name("keyless.goldenhour")
    without_key.write_bytes(saved.read_bytes()[: member_end(saved, "database.dump")])
    without_pseudonyms = saved.with_name("forgetful.goldenhour")
    without_pseudonyms.write_bytes(saved.read_bytes()[: member_end(saved, "stream.pem")])
    text_file = saved.with_name("notes.txt")
    text_file.write_text("not a backup at all\n" * 100)

    def cut(share: float) -> Path:
        short.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
        return short

    def with_record(**changed: object) -> Path:
        return repacked(saved, "changed.goldenhour", record=json.dumps(record | changed).encode())

    more = record["counts"] | {"events": record["counts"]["events"] + 1}
    cases: list[tuple[Callable[[], Path], type[Exception], str]] = [
        (lambda: cut(0.5), BackupUnreadableError, "not a complete"),
        (lambda: cut(0.0001), BackupUnreadableError, "not a complete"),
        (lambda: without_key, BackupUnreadableError, "signing key"),
        (lambda: without_pseudonyms, BackupUnreadableError, "keys of pseudonyms"),
        (lambda: repacked(saved, "damaged.goldenhour", **{"pseudonyms/referral-0001": b"short"}),
         BackupUnreadableError, "damaged"),
        (lambda: text_file, BackupUnreadableError, "not a complete"),
        (lambda: saved.with_name("absent"), BackupUnreadableError, "not found"),
        (lambda: with_record(purpose="live"), BackupUnreadableError, "of a live database"),
        (lambda: with_record(format=9), BackupUnreadableError, "another format"),
        (lambda: with_record(counts=more), RestoreCheckFailedError, "events: . rows instead of"),
        (lambda: repacked(saved, "dump.goldenhour", database=b"PGDMP, but no more"),
         BackupUnreadableError, "pg_restore"),
    ]  # fmt: skip
    for make, error, words in cases:
        with pytest.raises(error, match=words) as refused:
            restore_backup(settings, make())
        assert "the present database was not touched" in str(refused.value).lower()
    assert contents(owner_url) == before
    assert leftovers(cluster, kept_name) == []


def test_a_pseudonym_key_destroyed_since_stays_destroyed_and_a_new_one_stays(
    saved: Path, settings: Settings, kept_name: str
) -> None:
    held = pseudonym_keys(settings)
    new = held.rotate("surveillance")
    held.destroy("referral-0001")
    restore_backup(settings, saved)
    assert held.key_ids("surveillance") == ["surveillance-0001", new]
    assert held.key_ids("referral") == ["referral-0002"]


def test_a_backup_without_pseudonyms_of_an_older_version_is_restored(
    saved: Path, settings: Settings, kept_name: str
) -> None:
    record = record_of(saved)
    del record["pseudonym_keys"]
    older = repacked(saved, "older.goldenhour", record=json.dumps(record).encode())
    older.write_bytes(older.read_bytes()[: member_end(older, "stream.pem")])
    held = pseudonym_keys(settings).copies()
    restore_backup(settings, older)
    assert pseudonym_keys(settings).copies() == held


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        ("DELETE FROM events WHERE type = 'incident.call_received'", "rows instead of"),
        ("UPDATE events SET payload = payload || '{\"more\": 1}'", "does not fit its chain"),
    ],
)  # fmt: skip
def test_a_tampered_dump_is_refused(  # noqa: PLR0917
    saved: Path, settings: Settings, owner_url: str, kept_name: str, cluster: PrivateCluster,
    tampering: str, problem: str,
) -> None:  # fmt: skip
    execute(owner_url, tampering)
    tampered = saved.with_name("tampered.goldenhour")
    assert write_backup(settings, tampered).problems  # and says so when it is made
    forged = repacked(tampered, "forged.goldenhour", record=json.dumps(record_of(saved)).encode())
    before = contents(owner_url)
    with pytest.raises(RestoreCheckFailedError, match=problem):
        restore_backup(settings, forged)
    assert contents(owner_url) == before
    assert leftovers(cluster, kept_name) == []


def member_end(file: Path, name: str) -> int:
    with tarfile.open(file) as archive:
        member = archive.getmember(name)
        return member.offset_data + (member.size + 511) // 512 * 512


def leftovers(cluster: PrivateCluster, kept_name: str) -> list[str]:
    """Return the databases that a refused restore should not have left."""
    engine = create_engine(cluster.url("postgres"))
    with engine.connect() as connection:
        names = connection.execute(
            text("SELECT datname FROM pg_database WHERE datname IN (:kept, :copy)"),
            {"kept": kept_name, "copy": kept_name.replace("_before_restore", "_restored")},
        ).scalars().all()  # fmt: skip
    engine.dispose()
    return list(names)


@pytest.mark.parametrize("known_to", ["database", "list", "both"])
def test_nobody_who_was_forgotten_comes_back_with_a_backup(
    saved: Path, busy: World, settings: Settings, *, owner_url: str, kept_name: str, known_to: str
) -> None:
    with busy.database.unit_of_work(SYSTEM) as uow:
        retention.forget_number(uow, "13800138000", reason="asked by the person")
    with busy.database.read(SYSTEM) as uow:
        erasures = retention.all_erasures(uow)
    if known_to != "database":
        erasures_beside(settings).append_missing(erasures)
    if known_to == "list":
        execute(owner_url, "DELETE FROM erasures")
    report = restore_backup(settings, saved)
    assert report.problems == ()
    found = contents(owner_url)
    assert len(found["personal_values"]) == CALLS - 1
    assert not any("13800138000" in row for row in found["personal_values"])
    assert check_log(settings).intact
    with busy.database.read(SYSTEM) as uow:
        assert retention.all_erasures(uow) == erasures
    # The list names them still: once more, and nothing is left to repeat.
    restore_backup(settings, saved)
    assert len(contents(owner_url)["personal_values"]) == CALLS - 1


def correct(world: World, number: str, value: str, *, strike: bool) -> str:
    """Correct the number of the call from `number`; return the call's id."""
    with world.database.unit_of_work(SYSTEM) as uow:
        (kept,) = correcting.find_kept(uow, "number", number, reason="asked by the person").kept
        asked = CorrectionAsked("caller_number", value, AskedBy.PERSON, strike=strike)
        correcting.correct(uow, "call", kept.subject_id, asked, reason="asked by the person")
    return kept.subject_id


def numbers(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT value FROM personal_values")).scalars().all()
    engine.dispose()
    return set(found)


@pytest.mark.parametrize("known_to", ["database", "both"])
def test_what_was_put_right_stays_right_after_a_restore(
    saved: Path, busy: World, settings: Settings, *, owner_url: str, kept_name: str, known_to: str
) -> None:
    correct(busy, "13800138000", "13900139000", strike=False)
    correct(busy, "13800138001", "13900139998", strike=True)
    correct(busy, "13900139998", "13900139001", strike=False)
    correct(busy, "13800138002", "13900139002", strike=False)
    with busy.database.unit_of_work(SYSTEM) as uow:
        retention.forget_number(uow, "13900139002", reason="asked by the person")
        corrections = correcting.all_corrections(uow)
        if known_to == "both":
            corrections_beside(settings).append_missing(corrections)
    report = restore_backup(settings, saved)
    assert report.to_correct == ()
    # The first keeps what it was before; the second is struck, and the third forgotten.
    assert numbers(owner_url) == {"13800138000", "13900139000", "13900139001"}
    assert check_log(settings).intact
    with busy.database.read(SYSTEM) as uow:
        assert correcting.all_corrections(uow) == corrections
    again = restore_backup(settings, saved)
    assert again.to_correct == ()
    assert numbers(owner_url) == {"13800138000", "13900139000", "13900139001"}


def test_what_cannot_be_put_right_again_is_said(
    saved: Path, busy: World, settings: Settings, *, owner_url: str, kept_name: str
) -> None:
    call_id = correct(busy, "13800138000", "13900139000", strike=True)
    with busy.database.read(SYSTEM) as uow:
        corrections_beside(settings).append_missing(correcting.all_corrections(uow))
    listed = corrections_beside(settings).file.read_text()
    assert call_id in listed
    assert "13900139000" not in listed
    for table in ("corrections", "personal_values"):
        execute(owner_url, f"DELETE FROM {table}")
    report = restore_backup(settings, saved)
    assert [(one.subject_id, one.field, one.struck) for one in report.to_correct] == [
        (call_id, "caller_number", True)
    ]
    assert "13800138000" in numbers(owner_url)
