"""The router of a door: every route has a class of work and reads its body strictly."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.http.bodies import DoorRequest, UnsupportedContentError, says_json
from api.http.places import Work
from api.http.work import declared_work, place_for


class DoorRoute(APIRoute):
    """A route whose body is JSON, strictly read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()
        takes_body = self.body_field is not None

        async def strictly(request: Request) -> Response:
            strict = DoorRequest(request.scope, request.receive)
            as_json = says_json(request.headers.get("content-type"))
            if takes_body and not as_json and await strict.body():
                raise UnsupportedContentError
            return await answer(strict)

        return strictly


class DoorRouter(APIRouter):
    """Routes of one subject; `work` is their class unless one says otherwise (`works`)."""

    def __init__(
        self, work: Work, *, prefix: str = "", include_in_schema: bool = True
    ) -> None:  # fmt: skip
        super().__init__(prefix=prefix, include_in_schema=include_in_schema, route_class=DoorRoute)
        self._work = work

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[Depends] | None = None,
        **options: Any,
    ) -> None:
        """Add a route; its place comes before everything else it depends on."""
        place = place_for(declared_work(endpoint, self._work))
        super().add_api_route(
            path, endpoint, dependencies=[place, *(dependencies or ())], **options
        )
