"""Who a report is about, as one key: what makes two reports of a person meet."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from gis.pseudonyms.keys import PseudonymKeys
from gis.text_fold import fold

PURPOSE = "surveillance"
Objects = npt.NDArray[np.object_]

_ID_18 = re.compile(r"\d{17}[\dXx]")
_ID_15 = re.compile(r"\d{15}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


def identity_number(written: str) -> str | None:
    """Return a number of a Chinese identity card (GB 11643) in its form of 18 signs.

    None where it is none: its check digit does not fit, or it holds no day of birth. One of 15
    signs is brought to 18, so that the two forms of one person meet.
    """
    plain = written.strip().upper()
    if _ID_15.fullmatch(plain):
        plain = f"{plain[:6]}19{plain[6:]}"
        plain += check_sign(plain)
    if not _ID_18.fullmatch(plain) or check_sign(plain[:17]) != plain[17]:
        return None
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None
    return plain


def check_sign(first_17: str) -> str:
    """Return the last sign of an identity number (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_SIGNS[total % 11]


def person_keys(
    *, id_number: Sequence[str | None], name: Sequence[str | None], sex: Sequence[str | None],
    born: Sequence[str | None], phone: Sequence[str | None],
) -> list[str | None]:  # fmt: skip
    """Return what identifies each of n persons, None where too little is known.

    The identity number where it is one, else any other number of a document; else name, sex and
    day of birth; else name and telephone.
    """
    keys: list[str | None] = []
    for number, called, is_of, birth, calls in zip(id_number, name, sex, born, phone, strict=True):
        if number and (known := identity_number(number)):
            keys.append(f"id:{known}")
        elif number and len(re.sub(r"\W", "", number)) >= 6:
            keys.append(f"document:{fold(number)}")
        else:
            keys.append(_by_name(called, sex=is_of, born=birth, phone=calls))
    return keys


def _by_name(
    name: str | None, *, sex: str | None, born: str | None, phone: str | None
) -> str | None:
    plain = fold(name) if name else ""
    if plain and born:
        return f"born:{plain}:{sex or ''}:{born}"
    digits = re.sub(r"\D", "", phone or "")[-11:]
    return f"phone:{plain}:{digits}" if plain and len(digits) >= 7 else None


def digests(
    keys: PseudonymKeys, identifiers: Sequence[str | None]
) -> tuple[str | None, Objects]:  # fmt: skip
    """Return the id of the newest key and (n,) keyed hashes, None where there is no identifier."""
    known = [one for one in dict.fromkeys(identifiers) if one is not None]
    found = np.full(len(identifiers), None, dtype=object)
    if not known:
        return None, found
    made = keys.pseudonyms(PURPOSE, known)
    by_identifier: Mapping[str, bytes] = dict(zip(known, made.digests, strict=True))
    found[:] = [None if one is None else by_identifier[one] for one in identifiers]
    return made.key_id, found
