"""Pseudonyms: HMAC-SHA-256 (RFC 2104) of an identifier under a key of its purpose.

The same person has another pseudonym for each purpose, and nobody can go from one to the other or
back without the keys. They stand in the state folder, like the key of the stream, and never in the
database or its backups.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from gis.errors import InvalidInputError, NotFoundError

_PURPOSE = re.compile(r"[a-z][a-z_]{1,31}")
_KEY_FILE = re.compile(r"(?P<purpose>[a-z][a-z_]{1,31})-(?P<number>\d{4})\.key")
_KEY_BYTES = 32


class PurposeInvalidError(InvalidInputError):
    """A purpose is one short word."""

    code = "purpose_invalid"

    def __init__(self, purpose: str) -> None:
        super().__init__(
            f"“{purpose}” names no purpose: give a word of small letters, e.g. surveillance."
        )


class PseudonymKeyUnknownError(NotFoundError):
    """The key was destroyed, or never stood here."""

    code = "pseudonym_key_unknown"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"There is no key {key_id} here. Restore it, or make the pseudonyms anew.")


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
class PseudonymKeys:
    """The keys of one installation, files of mode 0600 in `folder`, one or more a purpose."""

    folder: Path
    _read: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def key_ids(self, purpose: str) -> list[str]:
        """Return the keys of a purpose, the newest last; the first use makes one.

        Raises
        ------
        PurposeInvalidError
        """
        if not _PURPOSE.fullmatch(purpose):
            raise PurposeInvalidError(purpose)
        found = self._stored(purpose)
        if not found:
            self._make(purpose, 1)
            found = self._stored(purpose)
        return found

    def pseudonym(self, purpose: str, identifier: str) -> Pseudonym:
        """Return the pseudonym of `identifier` under the newest key of a purpose."""
        return self._under(self.key_ids(purpose)[-1], identifier)

    def all_pseudonyms(self, purpose: str, identifier: str) -> list[Pseudonym]:
        """Return the pseudonyms under every key of a purpose: what to look for after a rotation."""
        return [self._under(key_id, identifier) for key_id in self.key_ids(purpose)]

    def rotate(self, purpose: str) -> str:
        """Make a new key, under which pseudonyms are made from now on; return its id."""
        newest = self.key_ids(purpose)[-1]
        self._make(purpose, int(newest.rpartition("-")[2]) + 1)
        return self.key_ids(purpose)[-1]

    def destroy(self, key_id: str) -> None:
        """Delete a key: nobody can ever say again whose its pseudonyms were.

        Raises
        ------
        PseudonymKeyUnknownError
        """
        self._read.pop(key_id, None)
        try:
            (self.folder / f"{key_id}.key").unlink()
        except FileNotFoundError:
            raise PseudonymKeyUnknownError(key_id) from None

    def _stored(self, purpose: str) -> list[str]:
        if not self.folder.is_dir():
            return []
        names = (_KEY_FILE.fullmatch(path.name) for path in self.folder.iterdir())
        return sorted(
            f"{name['purpose']}-{name['number']}"
            for name in names
            if name is not None and name["purpose"] == purpose
        )

    def _make(self, purpose: str, number: int) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.folder / f".{purpose}-{number:04d}.{secrets.token_hex(4)}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(secrets.token_bytes(_KEY_BYTES))
        # Of two processes that begin at once one key stays, for both: a link refuses what is there.
        try:
            (self.folder / f"{purpose}-{number:04d}.key").hardlink_to(unfinished)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()

    def _under(self, key_id: str, identifier: str) -> Pseudonym:
        key = self._read.get(key_id)
        if key is None:
            try:
                key = self._read[key_id] = (self.folder / f"{key_id}.key").read_bytes()
            except FileNotFoundError:
                raise PseudonymKeyUnknownError(key_id) from None
        plain = unicodedata.normalize("NFKC", identifier).strip().casefold()
        return Pseudonym(key_id, hmac.digest(key, plain.encode(), "sha256"))
