"""Every HTTP route with who may use it, read from the routes themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import DOORS
from api.http.permissions import Access, NoDatabase, OpenToAll, Requires, RequiresViewer
from api.http.places import Work
from api.http.work import TakesPlace


@dataclass(frozen=True, slots=True)
class DescribedRoute:
    """One route as the documentation lists it."""

    method: str
    path: str
    permission: str
    work: Work
    summary: str


def declarations(dependant: Dependant) -> Iterator[Access]:
    """Yield every statement of access among an endpoint's dependencies."""
    if isinstance(dependant.call, Requires | RequiresViewer | OpenToAll | NoDatabase):
        yield dependant.call
    for sub in dependant.dependencies:
        yield from declarations(sub)


def work_of(route: APIRoute) -> Work:
    """Return the class of work of a route: its first dependency is a place of that class."""
    taken = route.dependant.dependencies[0].call
    assert isinstance(taken, TakesPlace)
    return taken.work


def described_routes() -> list[DescribedRoute]:
    """Return every route, ordered by path and method."""
    found = []
    for door in DOORS:
        for route in door.router.routes:
            if not isinstance(route, APIRoute):
                continue
            access = next(declarations(route.dependant))
            work = work_of(route)
            words = (route.endpoint.__doc__ or "").strip().split("\n")[0]
            found += [
                DescribedRoute(method, route.path, _who(access), work, words)
                for method in sorted(route.methods or ())
            ]
    return sorted(found, key=lambda route: (route.path, route.method))


def _who(access: Access) -> str:
    if isinstance(access, OpenToAll | NoDatabase):
        return "everybody"
    return " or ".join(access.any_of) or "logged in"
