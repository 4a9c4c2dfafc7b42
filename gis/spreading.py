"""Work shared out over a Dask cluster: as `map`, but elsewhere.

The libraries are an extra (`pip install "goldenhour[dask]"`), imported only by who gives an
address. Workers need this software in the same version, and one thread each.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from gis.errors import InvalidInputError, UnavailableError

Part = TypeVar("Part")
Found = TypeVar("Found")
Spread = Callable[[Callable[[Part], Found], Iterable[Part]], Iterable[Found]]

CONNECT_S = 15.0
PARTS_A_WORKER = 4
"""So that one who is slow, or begins late, keeps nobody waiting for long."""


class DaskMissingError(InvalidInputError):
    """An address of a scheduler is given, and the library is not there."""

    code = "dask_missing"

    def __init__(self) -> None:
        super().__init__(
            'Dask is not installed. Install it (pip install "goldenhour[dask]"), or leave out the '
            "address of the scheduler: the numbers are the same."
        )


class DaskUnreachableError(UnavailableError):
    """No scheduler answers at the address."""

    code = "dask_unreachable"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"No Dask scheduler with a worker answers at {address}. Start one, correct the "
            "address, or leave it out: the numbers are the same."
        )


@contextmanager
def over_dask(address: str) -> Iterator[tuple[Spread[Any, Any], int]]:
    """Connect to a scheduler; give a `map` over its workers, and into how many parts to cut.

    The function is sent once to each worker, the parts one by one; answers come in their order.

    Raises
    ------
    DaskMissingError
        The library is not installed.
    DaskUnreachableError
        There is no scheduler at the address, or it has no worker.
    """
    if find_spec("distributed") is None:
        raise DaskMissingError
    client_of: Any = import_module("distributed").Client

    try:
        client = client_of(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise DaskUnreachableError(address) from error
    with client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise DaskUnreachableError(address)

        def spread(work: Callable[[Part], Found], parts: Iterable[Part]) -> Iterable[Found]:
            held = client.scatter(work, broadcast=True)
            futures = [client.submit(_apply, held, part, pure=False) for part in parts]
            found: list[Found] = client.gather(futures)
            return found

        yield spread, workers * PARTS_A_WORKER


def _apply(work: Callable[[Part], Found], part: Part) -> Found:
    return work(part)
