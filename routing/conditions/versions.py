"""Names of the state that an answer was computed from, in an order.

`conditions_id` names the live conditions as text, `"{city}-e{epoch}-n{network_version}-c{change}-t{transitions}-h{hour}"`:

- `epoch`: of the database, greater after each restore, whose counters go back;
- `network_version`: of the stored roads;
- `change`: the number of the last write of the city's conditions, drawn in its transaction;
- `transitions`: how many distinct instants at which something begins or expires by itself lie
  after that write and not after now, so that an expiry changes the name without a write;
- `hour`: whole hours since 1970 (UTC), since learned speeds go by the hour of the week.

Of two names of one city the greater is the newer, and equal names mean equal conditions.
"""  # noqa: E501

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Self

from routing.conditions.errors import ConditionsIdInvalidError

_PATTERN = re.compile(r"(?P<city>.+)-e(\d{1,18})-n(\d{1,18})-c(\d{1,18})-t(\d{1,18})-h(\d{1,18})")


@total_ordering
@dataclass(frozen=True, slots=True)
class ConditionsId:
    """The conditions of one city at one moment; ordered within a city."""

    city: str
    epoch: int
    network_version: int
    change: int
    transitions: int
    hour: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form.

        Raises
        ------
        ConditionsIdInvalidError
            If it is not one.
        """
        found = _PATTERN.fullmatch(text)
        if found is None:
            raise ConditionsIdInvalidError(text)
        numbers = (int(digits) for digits in found.groups()[1:])
        return cls(found["city"], *numbers)

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """What names of one city are compared by."""
        return (self.epoch, self.network_version, self.change, self.transitions, self.hour)

    def __str__(self) -> str:
        return (
            f"{self.city}-e{self.epoch}-n{self.network_version}-c{self.change}"
            f"-t{self.transitions}-h{self.hour}"
        )  # fmt: skip

    def __lt__(self, other: Self) -> bool:
        if self.city != other.city:
            msg = f"Conditions of {self.city} and {other.city} have no order; compare one city's."
            raise ValueError(msg)
        return self.order < other.order


def is_at_least(conditions_id: str, minimum: str) -> bool:
    """Say whether an answer from `conditions_id` is as new as `minimum` asks.

    Raises
    ------
    ConditionsIdInvalidError
        If either is no such name, or they are of two cities.
    """
    have, asked = ConditionsId.parse(conditions_id), ConditionsId.parse(minimum)
    if have.city != asked.city:
        raise ConditionsIdInvalidError(minimum)
    return have.order >= asked.order
