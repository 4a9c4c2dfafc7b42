"""Pseudonyms of different purposes do not meet; only a reasoned, reviewed link says they do."""

import hashlib
import hmac
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from gis.access import EVERYWHERE, SYSTEM, Grant, Identity
from gis.database import Database
from gis.errors import PermissionDeniedError
from gis.permissions import IDENTITY_LINK, IDENTITY_LINK_REVIEW
from gis.pseudonyms import links
from gis.pseudonyms.errors import (
    LinkReasonMissingError,
    LinkReviewRefusedError,
    LinkUnknownError,
    PseudonymKeyUnknownError,
    PurposeInvalidError,
)
from gis.pseudonyms.keys import Pseudonym, PseudonymKeys

ID_NUMBER = "110101199001011234"
REASON = "Outbreak 2026-17: the same patient in both lists"


@pytest.fixture
def keys(tmp_path: Path) -> PseudonymKeys:
    return PseudonymKeys(tmp_path / "pseudonyms")


def test_many_at_once_are_those_of_each(keys: PseudonymKeys) -> None:
    keys.pseudonym("surveillance", "a")
    keys.rotate("surveillance")
    many = keys.pseudonyms("surveillance", ["a", " A ", "王伟"])
    each = [keys.pseudonym("surveillance", one) for one in ("a", " A ", "王伟")]
    assert [Pseudonym(many.key_id, digest) for digest in many.digests] == each
    assert many.digests[0] == many.digests[1] != many.digests[2]


def test_it_is_hmac_sha256_under_the_key_file(keys: PseudonymKeys) -> None:
    made = keys.pseudonym("surveillance", ID_NUMBER)
    key = (keys.folder / f"{made.key_id}.key").read_bytes()
    assert made.digest == hmac.new(key, ID_NUMBER.encode(), hashlib.sha256).digest()
    assert (len(key), made.key_id, made.purpose) == (32, "surveillance-0001", "surveillance")


def test_keys_are_for_their_owner_alone(keys: PseudonymKeys) -> None:
    keys.pseudonym("surveillance", ID_NUMBER)
    assert keys.folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in keys.folder.iterdir()] == [0o600]


@given(st.text(min_size=1), st.text(min_size=1))
def test_same_person_same_purpose_same_pseudonym(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "shared-keys"
    first, again = PseudonymKeys(folder), PseudonymKeys(folder)
    assert first.pseudonym("referral", one) == again.pseudonym("referral", one)
    assert first.pseudonym("referral", one).digest != first.pseudonym("surveillance", one).digest
    if first.pseudonym("referral", one) == first.pseudonym("referral", other):
        assert one.strip().casefold() == other.strip().casefold() or not one.isascii()


def test_width_and_case_are_no_difference(keys: PseudonymKeys) -> None:
    assert keys.pseudonym("referral", " １１Ａ ") == keys.pseudonym("referral", "11a")


def test_after_a_rotation_old_pseudonyms_are_still_found(keys: PseudonymKeys) -> None:
    old = keys.pseudonym("surveillance", ID_NUMBER)
    assert keys.rotate("surveillance") == "surveillance-0002"
    new = keys.pseudonym("surveillance", ID_NUMBER)
    assert new.digest != old.digest
    assert keys.all_pseudonyms("surveillance", ID_NUMBER) == [old, new]
    keys.destroy(old.key_id)
    assert keys.all_pseudonyms("surveillance", ID_NUMBER) == [new]
    with pytest.raises(PseudonymKeyUnknownError):
        keys.destroy(old.key_id)


def test_the_id_of_a_destroyed_key_never_comes_back(keys: PseudonymKeys) -> None:
    other = PseudonymKeys(keys.folder)
    old = other.pseudonym("surveillance", ID_NUMBER)
    keys.destroy(old.key_id)
    assert (keys.folder / f"{old.key_id}.key").read_bytes() == b""
    assert other.all_pseudonyms("surveillance", ID_NUMBER) == [
        Pseudonym("surveillance-0002", keys.pseudonym("surveillance", ID_NUMBER).digest)
    ]
    keys.destroy("surveillance-0002")
    assert other.rotate("surveillance") == "surveillance-0004"


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["use", "rotate", "destroy"]))))
def test_a_key_id_means_one_key_whoever_rotates_and_destroys(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    both = PseudonymKeys(folder), PseudonymKeys(folder)
    digests: dict[str, bytes] = {}
    destroyed: set[str] = set()
    for who, step in steps:
        keys, other = both[who], both[1 - who]
        if step == "rotate":
            keys.rotate("referral")
        if step == "destroy":
            destroyed.add(gone := keys.key_ids("referral")[0])
            keys.destroy(gone)
        for one in other.all_pseudonyms("referral", ID_NUMBER):
            assert digests.setdefault(one.key_id, one.digest) == one.digest
            assert one.key_id not in destroyed
    assert len(set(digests.values())) == len(digests)


def test_processes_that_rotate_and_destroy_at_once_share_every_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as processes:
        made = [one for found in processes.map(_churn, [folder] * 3) for one in found]
    assert len({one.key_id for one in made}) == len(set(made))


def _churn(folder: Path) -> list[Pseudonym]:
    """Use, rotate and destroy keys beside others who do; return the pseudonyms of one person."""
    keys, made = PseudonymKeys(folder), []
    for _ in range(30):
        with suppress(PseudonymKeyUnknownError):
            made.append(keys.pseudonym("referral", ID_NUMBER))
            keys.rotate("referral")
            keys.destroy(keys.key_ids("referral")[0])
    return made


def test_a_key_that_a_dead_process_left_twice_is_destroyed_twice(keys: PseudonymKeys) -> None:
    key_id = keys.pseudonym("referral", ID_NUMBER).key_id
    left = keys.folder / f".{key_id}.0a0a0a0a"
    left.hardlink_to(keys.folder / f"{key_id}.key")
    keys.destroy(key_id)
    assert left.read_bytes() == b""


def test_keys_put_back_serve_again_and_the_destroyed_stay_destroyed(
    keys: PseudonymKeys, tmp_path: Path
) -> None:
    first = keys.pseudonym("referral", ID_NUMBER)
    keys.rotate("referral")
    keys.pseudonym("surveillance", ID_NUMBER)
    keys.destroy("surveillance-0001")
    copies = keys.copies()
    assert copies["surveillance-0001"] == b""
    other = PseudonymKeys(tmp_path / "other")
    assert other.copies() == {}
    other.put_back(copies)
    assert other.copies() == copies
    assert other.all_pseudonyms("referral", ID_NUMBER) == keys.all_pseudonyms("referral", ID_NUMBER)
    assert {path.stat().st_mode & 0o777 for path in other.folder.iterdir()} == {0o600}
    assert {path.suffix for path in other.folder.iterdir()} == {".key"}
    assert other.key_ids("surveillance") == ["surveillance-0002"]
    later = other.pseudonym("surveillance", ID_NUMBER)
    other.destroy(first.key_id)
    other.put_back(copies)
    assert other.key_ids("referral") == ["referral-0002"]
    assert other.pseudonym("surveillance", ID_NUMBER) == later


def test_a_key_gives_way_to_the_one_that_restored_rows_were_made_with(
    keys: PseudonymKeys, tmp_path: Path
) -> None:
    there = keys.pseudonym("referral", ID_NUMBER)
    here = PseudonymKeys(tmp_path / "here")
    assert here.pseudonym("referral", ID_NUMBER) != there
    here.put_back(keys.copies())
    assert here.pseudonym("referral", ID_NUMBER) == there
    keys.destroy(there.key_id)
    here.put_back(keys.copies())
    assert here.key_ids("referral") == ["referral-0002"]


def test_a_damaged_key_is_mended_by_a_backup(keys: PseudonymKeys) -> None:
    made = keys.pseudonym("referral", ID_NUMBER)
    copies = keys.copies()
    (keys.folder / f"{made.key_id}.key").write_bytes(b"half of it")
    assert keys.copies() == {made.key_id: b""}
    keys.put_back(copies)
    assert keys.all_pseudonyms("referral", ID_NUMBER) == [made]


@pytest.mark.parametrize("key_id", ["referral-0002", "../outside-0001", "referral", ""])
def test_only_a_key_is_destroyed(keys: PseudonymKeys, key_id: str) -> None:
    keys.pseudonym("referral", ID_NUMBER)
    (keys.folder.parent / "outside-0001.key").write_bytes(bytes(32))
    with pytest.raises(PseudonymKeyUnknownError):
        keys.destroy(key_id)
    assert (keys.folder.parent / "outside-0001.key").stat().st_size == 32


@pytest.mark.parametrize("purpose", ["", "../x", "A", "x-1", "two words"])
def test_a_purpose_is_a_word(keys: PseudonymKeys, purpose: str) -> None:
    with pytest.raises(PurposeInvalidError):
        keys.pseudonym(purpose, ID_NUMBER)


def person(name: str, *held: str) -> Identity:
    grant = Grant("cdc", EVERYWHERE, permissions=frozenset(held))  # type: ignore[arg-type]
    return Identity(uuid4(), name, name, grants=(grant,))


WRITER = person("li", IDENTITY_LINK, IDENTITY_LINK_REVIEW)
REVIEWER = person("wu", IDENTITY_LINK_REVIEW)
PAIR = Pseudonym("surveillance-0001", bytes(32)), Pseudonym("referral-0001", bytes(range(32)))


@pytest.mark.database
def test_a_link_has_a_reason_and_another_person_reviews_it(database: Database) -> None:
    with database.unit_of_work(WRITER) as uow:
        with pytest.raises(LinkReasonMissingError):
            links.link(uow, *PAIR, reason="because ")
        link_id = links.link(uow, *PAIR, reason=REASON)
    with database.unit_of_work(WRITER) as uow, pytest.raises(LinkReviewRefusedError):
        links.review(uow, link_id)
    with database.unit_of_work(REVIEWER) as uow:
        assert [one.reason for one in links.unreviewed(uow)] == [REASON]
        links.review(uow, link_id)
        assert links.unreviewed(uow) == []
        with pytest.raises(LinkReviewRefusedError):
            links.review(uow, link_id)
        with pytest.raises(LinkUnknownError):
            links.review(uow, uuid4())


@pytest.mark.database
def test_without_the_permission_nothing_is_linked_or_seen(database: Database) -> None:
    with database.unit_of_work(REVIEWER) as uow, pytest.raises(PermissionDeniedError):
        links.link(uow, *PAIR, reason=REASON)
    with database.read(person("xu")) as uow, pytest.raises(PermissionDeniedError):
        links.unreviewed(uow)


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity_links SET reason = 'something else entirely'",
        "DELETE FROM identity_links",
        "UPDATE identity_links SET reviewed_at = now(), reviewed_by = made_by",
    ],
)
def test_the_database_keeps_a_link_as_it_was_made(database: Database, statement: str) -> None:
    with database.unit_of_work(WRITER) as uow:
        links.link(uow, *PAIR, reason=REASON)
    with pytest.raises((DBAPIError, IntegrityError)), database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(statement))


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity_links SET reason = 'something else entirely'",
        "UPDATE identity_links SET reviewed_at = now(), reviewed_by = 'user:xu', made_by = 'x'",
        "DELETE FROM identity_links",
        "TRUNCATE identity_links",
    ],
)
def test_even_the_owner_keeps_a_link_as_it_was_made(
    database: Database, owner_url: str, statement: str
) -> None:
    with database.unit_of_work(WRITER) as uow:
        links.link(uow, *PAIR, reason=REASON)
    engine = create_engine(owner_url)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.database
@pytest.mark.parametrize(
    "again",
    ["reviewed_at = now(), reviewed_by = 'user:xu'", "reviewed_at = NULL, reviewed_by = NULL"],
)
def test_the_database_takes_no_second_review(
    database: Database, owner_url: str, again: str
) -> None:
    with database.unit_of_work(WRITER) as uow:
        link_id = links.link(uow, *PAIR, reason=REASON)
    with database.unit_of_work(REVIEWER) as uow:
        links.review(uow, link_id)
    statement = text(f"UPDATE identity_links SET {again}")
    with (
        pytest.raises(IntegrityError, match="reviewed once"),
        database.unit_of_work(SYSTEM) as uow,
    ):
        uow.session.execute(statement)
    engine = create_engine(owner_url)
    with pytest.raises(IntegrityError, match="reviewed once"), engine.begin() as connection:
        connection.execute(statement)
    engine.dispose()


@pytest.mark.database
def test_reviewed_links_are_forgotten_in_the_declared_way_alone(
    database: Database, owner_url: str
) -> None:
    with database.unit_of_work(WRITER) as uow:
        reviewed, waiting = (links.link(uow, *PAIR, reason=REASON) for _ in range(2))
    with database.unit_of_work(REVIEWER) as uow:
        links.review(uow, reviewed)
    forget = text("SELECT forget_identity_links(now() + interval '1 day')")
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        database.unit_of_work(SYSTEM) as uow,
    ):
        uow.session.execute(forget)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        assert connection.execute(forget).scalar_one() == 1
        left = connection.execute(text("SELECT link_id FROM identity_links")).scalars().all()
        assert left == [waiting]
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM identity_links"))
    engine.dispose()


@pytest.mark.database
def test_no_reason_and_no_digest_stand_in_the_log(database: Database) -> None:
    with database.unit_of_work(WRITER) as uow:
        links.link(uow, *PAIR, reason=REASON)
        log = uow.session.execute(text("SELECT payload::text FROM events")).scalar_one()
    assert "Outbreak" not in log
    assert bytes(range(32)).hex() not in log
