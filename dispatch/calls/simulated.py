"""Calls of a simulated exchange: a list of reports in order, repeatable by its seed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from dispatch.calls.model import Said

ABANDONED_SHARE = 0.08
REDIALS_SHARE = 0.5
HELD_SHARE = 0.05
TRANSFERRED_SHARE = 0.03
WITHHELD_SHARE = 0.04
"""Shares of a made-up exchange: for trying and training, no measurement."""

MEAN_RING_S = 6.0
MEAN_TALK_S = 110.0


@dataclass(frozen=True, slots=True, order=True)
class SimulatedReport:
    """One report, `after_s` seconds from the beginning. number: made up; None: withheld."""

    after_s: float
    exchange_ref: str
    order: int
    said: Said
    number: str | None


def simulated_calls(seed: int, *, calls: int, calls_a_minute: float) -> list[SimulatedReport]:
    """Return the reports of `calls` calls, in order of time; the same for the same seed.

    A call that is abandoned rings again from the same number half of the time.
    """
    chance = Random(seed)  # noqa: S311 (a simulation)
    reports: list[SimulatedReport] = []
    at_s = 0.0
    for number in range(calls):
        at_s += chance.expovariate(calls_a_minute / 60.0)
        who = None if chance.random() < WITHHELD_SHARE else f"199{chance.randrange(10**8):08d}"
        reports += _reports(chance, f"{seed}-{number}", who, at_s)
    return sorted(reports)


def _reports(
    chance: Random, ref: str, number: str | None, at_s: float
) -> Iterator[SimulatedReport]:  # fmt: skip
    yield SimulatedReport(at_s, ref, 0, Said.RANG, number)
    ring_s = chance.expovariate(1 / MEAN_RING_S)
    if chance.random() < ABANDONED_SHARE:
        yield SimulatedReport(at_s + ring_s, ref, 1, Said.ABANDONED, None)
        if number is not None and chance.random() < REDIALS_SHARE:
            again_s = at_s + ring_s + chance.uniform(5.0, 50.0)
            yield SimulatedReport(again_s, f"{ref}-again", 0, Said.RANG, number)
            yield SimulatedReport(again_s + 4.0, f"{ref}-again", 1, Said.ANSWERED, None)
            yield SimulatedReport(again_s + 90.0, f"{ref}-again", 2, Said.ENDED, None)
        return
    now_s = at_s + ring_s
    yield SimulatedReport(now_s, ref, 1, Said.ANSWERED, None)
    if chance.random() < HELD_SHARE:
        yield SimulatedReport(now_s + 20.0, ref, 2, Said.HELD, None)
        yield SimulatedReport(now_s + 35.0, ref, 3, Said.RESUMED, None)
        now_s += 35.0
    ended = Said.TRANSFERRED if chance.random() < TRANSFERRED_SHARE else Said.ENDED
    yield SimulatedReport(now_s + chance.expovariate(1 / MEAN_TALK_S), ref, 4, ended, None)
