"""A door's class of work, declared at its router or beside a route, as a dependency."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Depends
from fastapi.params import Depends as Dependency
from starlette.requests import Request

from api.context import Context
from api.http.places import Work

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class TakesPlace:
    """Holds a place of `work` while the request is worked on."""

    work: Work

    async def __call__(self, request: Request, context: Context) -> AsyncIterator[None]:
        """Wait for the place without occupying a thread, and give it back."""
        async with context.places[self.work].one(request):
            yield


def place_for(work: Work) -> Dependency:
    """Return the dependency of a route of this class.

    A heavy answer is streamed while it is computed, so its place is kept until it is sent.
    """
    scope = "request" if work.is_heavy else "function"
    dependency = Depends(TakesPlace(work), scope=scope)  # type: ignore[arg-type]
    assert isinstance(dependency, Dependency)
    return dependency


_DECLARED = "goldenhour_work"


def works(work: Work) -> Callable[[Endpoint], Endpoint]:
    """Declare the class of one route that differs from its door's."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _DECLARED, work)
        return endpoint

    return declare


def declared_work(endpoint: Callable[..., object], default: Work) -> Work:
    """Return the class an endpoint declares, else `default`."""
    work = getattr(endpoint, _DECLARED, default)
    assert isinstance(work, Work)
    return work
