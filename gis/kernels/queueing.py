"""Queues of like servers: how often all are busy, how long one waits, how many are enough.

M/M/c with loss (Erlang B) and with waiting (Erlang C), first come first served. `offered_load` is
the arrival rate times the mean service time, in Erlang. Erlang B holds for any law of the service
time (insensitivity); the waiting times hold for exponential ones.

Source: A. K. Erlang 1917; R. B. Cooper, Introduction to Queueing Theory, 2nd ed. 1981, sections
3.3 and 3.5. Do not use them where servers differ or calls have a preferred one: that is
`gis.kernels.hypercube`.
"""

import math

import numpy as np
import numpy.typing as npt

from gis.kernels.errors import OverloadedQueueError

FloatArray = npt.NDArray[np.float64]


def erlang_b(servers: int, offered_load: npt.ArrayLike) -> FloatArray:
    """Return the probability that all servers are busy when calls are lost, for each load.

    Computed by the recursion of its reciprocal, which neither overflows into nonsense nor loses
    digits for thousands of servers; without servers it is 1.
    """
    load = np.asarray(offered_load, dtype=np.float64)
    inverse = np.ones_like(load)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for count in range(1, servers + 1):
            inverse = 1.0 + inverse * (count / load)
        blocking = np.where(load > 0.0, 1.0 / inverse, 0.0 if servers else 1.0)
    return np.asarray(blocking, dtype=np.float64)


def erlang_c(servers: int, offered_load: npt.ArrayLike) -> FloatArray:
    """Return the probability that a call waits, for each load; 1 where the queue never ends."""
    load = np.asarray(offered_load, dtype=np.float64)
    lost = erlang_b(servers, load)
    with np.errstate(divide="ignore", invalid="ignore"):
        use = load / servers if servers else np.full_like(load, np.inf)
        waiting = lost / (1.0 - use * (1.0 - lost))
    return np.asarray(np.where(use < 1.0, waiting, 1.0), dtype=np.float64)


def mean_wait_s(servers: int, offered_load: float, *, mean_service_s: float) -> float:
    """Return the mean waiting time over all calls, seconds.

    Raises
    ------
    OverloadedQueueError
        If the load is not below the number of servers.
    """
    _check_load(servers, offered_load)
    waits = float(erlang_c(servers, offered_load))
    return waits * mean_service_s / (servers - offered_load)


def wait_share_above(
    servers: int, offered_load: float, *, mean_service_s: float, wait_s: npt.ArrayLike
) -> FloatArray:
    """Return the share of calls that wait longer than `wait_s`.

    Raises
    ------
    OverloadedQueueError
        If the load is not below the number of servers.
    """
    _check_load(servers, offered_load)
    rate = (servers - offered_load) / mean_service_s
    waits = erlang_c(servers, offered_load)
    return np.asarray(waits * np.exp(-rate * np.asarray(wait_s, dtype=np.float64)))


def state_shares(servers: int, offered_load: float, *, waiting: bool) -> FloatArray:
    """Return the share of time in which 0, 1, … `servers` are busy: (servers + 1,).

    With `waiting` the last one includes all states with a queue; without, calls are lost.

    Raises
    ------
    OverloadedQueueError
        If calls wait and the load is not below the number of servers.
    """
    counts = np.arange(servers + 1, dtype=np.float64)
    logs = counts * math.log(offered_load) if offered_load > 0 else np.where(counts > 0, -np.inf, 0)
    logs = logs - np.array([math.lgamma(count + 1.0) for count in counts])
    weights = np.exp(logs - logs.max())
    if waiting:
        _check_load(servers, offered_load)
        weights[-1] /= 1.0 - offered_load / servers
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def servers_for_blocking(offered_load: float, *, most: float) -> int:
    """Return the fewest servers that lose at most the share `most` of calls."""
    inverse, servers = 1.0, 0
    while inverse * most < 1.0:
        servers += 1
        inverse = 1.0 + inverse * servers / offered_load if offered_load > 0 else math.inf
    return servers


def servers_for_wait(
    offered_load: float, *, mean_service_s: float, wait_s: float, most: float
) -> int:
    """Return the fewest servers with which at most the share `most` waits longer than `wait_s`."""
    servers = math.floor(offered_load) + 1
    while True:
        above = wait_share_above(
            servers, offered_load, mean_service_s=mean_service_s, wait_s=wait_s
        )  # fmt: skip
        if float(above) <= most:
            return servers
        servers += 1


def load_for_blocking(servers: int, *, blocking: float) -> float:
    """Return the offered load at which the share `blocking` of calls is lost (1e-9 relative)."""
    low, high = 0.0, float(servers)
    while float(erlang_b(servers, high)) < blocking:
        low, high = high, 2.0 * high
    while high - low > 1e-9 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if float(erlang_b(servers, middle)) < blocking else (low, middle)
    return 0.5 * (low + high)


def _check_load(servers: int, offered_load: float) -> None:
    if offered_load >= servers:
        raise OverloadedQueueError(servers, offered_load)
