"""Grants as they are read with an account, for tests that need no account."""

from collections.abc import Collection

from api.rooms import HOUSE
from gis.access import EVERYWHERE, Grant


def granted(
    role: str,
    jurisdiction: str = EVERYWHERE,
    facility_id: int | None = None,
    *,
    codes: Collection[str] = (),
) -> Grant:
    """Return a grant of a role with what its room says it holds."""
    return Grant(role, jurisdiction, facility_id, frozenset(codes), HOUSE.holdings[role])
