"""Pseudonyms: HMAC-SHA-256 (RFC 2104) of an identifier under a key of its purpose.

The same person has another pseudonym for each purpose, and nobody can go from one to the other or
back without the keys. They stand in the state folder, beside the key of the stream, and never in
the database; a backup holds them beside its dump. They are read from there each time, so that a key
destroyed by one process serves no other; an empty file stays in its place, so that its id never
comes back.
"""

import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.pseudonyms.errors import PseudonymKeyUnknownError, PurposeInvalidError

_PURPOSE = re.compile(r"[a-z][a-z_]{1,31}")
KEY_FILE = re.compile(r"(?P<purpose>[a-z][a-z_]{1,31})-(?P<number>\d{4})\.key")
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """A keyed hash (32 bytes) and the key it was made with; `key_id` begins with its purpose."""

    key_id: str
    digest: bytes

    @property
    def purpose(self) -> str:
        """Return what the pseudonym was made for."""
        return self.key_id.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Keyed hashes (32 bytes each) made with one key."""

    key_id: str
    digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PseudonymKeys:
    """The keys of one installation, files of mode 0600 in `folder`, one or more a purpose."""

    folder: Path

    def key_ids(self, purpose: str) -> list[str]:
        """Return the keys of a purpose, the newest last; the first use makes one.

        Raises
        ------
        PurposeInvalidError
        """
        if not _PURPOSE.fullmatch(purpose):
            raise PurposeInvalidError(purpose)
        while not (found := self._stored(purpose)):
            self._make(purpose)
        return found

    def pseudonym(self, purpose: str, identifier: str) -> Pseudonym:
        """Return the pseudonym of `identifier` under the newest key of a purpose."""
        return self._under(self.key_ids(purpose)[-1], identifier)

    def pseudonyms(self, purpose: str, identifiers: Sequence[str]) -> Pseudonyms:
        """Return the pseudonyms of many under the newest key of a purpose, which is read once."""
        key_id = self.key_ids(purpose)[-1]
        key = self._usable(key_id)
        return Pseudonyms(key_id, tuple(_keyed(key, one) for one in identifiers))

    def all_pseudonyms(self, purpose: str, identifier: str) -> list[Pseudonym]:
        """Return the pseudonyms under every key of a purpose: what to look for after a rotation."""
        return [self._under(key_id, identifier) for key_id in self.key_ids(purpose)]

    def rotate(self, purpose: str) -> str:
        """Make a new key, under which pseudonyms are made from now on; return its id."""
        self.key_ids(purpose)
        self._make(purpose)
        return self.key_ids(purpose)[-1]

    def destroy(self, key_id: str) -> None:
        """Delete a key: nobody can ever say again whose its pseudonyms were.

        Raises
        ------
        PseudonymKeyUnknownError
        """
        if key_id not in self._stored(key_id.rpartition("-")[0]):
            raise PseudonymKeyUnknownError(key_id)
        # The file itself, not its name alone: also under the name of a maker that died meanwhile.
        os.truncate(self._path(key_id), 0)

    def copies(self) -> dict[str, bytes]:
        """Return id → key of every one ever made, for a backup; empty where none can be used."""
        if not self.folder.is_dir():
            return {}
        found = sorted(path for path in self.folder.iterdir() if KEY_FILE.fullmatch(path.name))
        return {path.stem: self._key(path.stem) or b"" for path in found}

    def put_back(self, copies: Mapping[str, bytes]) -> None:
        """Take the keys of a backup. What was destroyed, here or there, stays destroyed.

        Keys that the backup does not know stay; one of the same id gives way to the backup's, under
        which the rows of the restored database were made.
        """
        for key_id, key in copies.items():
            path = self._path(key_id)
            if not path.exists():
                self._unfinished(key_id, key).rename(path)
            elif not key:
                os.truncate(path, 0)
            elif path.stat().st_size:
                self._unfinished(key_id, key).rename(path)

    def _stored(self, purpose: str) -> list[str]:
        """Return the keys of a purpose that can be used, the newest last."""
        return [key_id for key_id in self._ever_made(purpose) if self._key(key_id) is not None]

    def _ever_made(self, purpose: str) -> list[str]:
        if not self.folder.is_dir():
            return []
        names = (KEY_FILE.fullmatch(path.name) for path in self.folder.iterdir())
        return sorted(
            f"{name['purpose']}-{name['number']}"
            for name in names
            if name is not None and name["purpose"] == purpose
        )

    def _make(self, purpose: str) -> None:
        newest = self._ever_made(purpose)[-1:]
        number = int(newest[0].rpartition("-")[2]) + 1 if newest else 1
        key_id = f"{purpose}-{number:04d}"
        unfinished = self._unfinished(key_id, secrets.token_bytes(KEY_BYTES))
        # Of two processes that begin at once one key stays, for both: a link refuses what is there.
        try:
            self._path(key_id).hardlink_to(unfinished)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()

    def _unfinished(self, key_id: str, key: bytes) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.folder / f".{key_id}.{secrets.token_hex(4)}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(key)
        return unfinished

    def _path(self, key_id: str) -> Path:
        return self.folder / f"{key_id}.key"

    def _key(self, key_id: str) -> bytes | None:
        """Return a key's bytes; None: it was destroyed, or never stood here."""
        try:
            key = self._path(key_id).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == KEY_BYTES else None

    def _under(self, key_id: str, identifier: str) -> Pseudonym:
        return Pseudonym(key_id, _keyed(self._usable(key_id), identifier))

    def _usable(self, key_id: str) -> bytes:
        key = self._key(key_id)
        if key is None:
            raise PseudonymKeyUnknownError(key_id)
        return key


def _keyed(key: bytes, identifier: str) -> bytes:
    whole = identifier if identifier.isascii() else unicodedata.normalize("NFKC", identifier)
    plain = whole.strip().casefold()
    return hmac.digest(key, plain.encode(), "sha256")
