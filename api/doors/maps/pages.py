"""The pages and their files: pages are asked for anew, numbered and pinned files are kept."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from api.context import AppContext, Context
from api.http.permissions import PublicPage
from api.http.places import Work
from api.http.router import DoorRouter
from gis.errors import GoldenHourError
from gis.rooms.current import current_house
from gis.rooms.model import Page
from maps.assets import STATIC_FOLDER
from maps.files import TREE, CompressedFiles, accepted_encoding
from maps.pages import render_page
from maps.spoken import wanted_language

router = DoorRouter(Work.ORDINARY, include_in_schema=False)

_NUMBERED = re.compile(r"([0-9a-f]{12})/(.*)")
_FOR_EVER = "public, max-age=31536000, immutable"
_COMPRESSED = CompressedFiles()


class HouseFiles(StaticFiles):
    """Static files: what has its version or the tree's number in its address is kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, compressed where the browser can read it, with its caching rule."""
        numbered = _NUMBERED.fullmatch(path)
        inner = numbered[2] if numbered else path
        response = await super().get_response(inner, scope)
        if response.status_code == 200:
            response = await self._compressed(inner, scope, response)
        response.headers["Vary"] = "Accept-Encoding"
        # A page of before an update may ask by the old number: it gets the file, but not to keep.
        lasting = inner.startswith("vendor/") or (
            numbered is not None and numbered[1] == await to_thread.run_sync(TREE.number)
        )
        response.headers["Cache-Control"] = _FOR_EVER if lasting else "no-cache"
        return response

    async def _compressed(self, path: str, scope: Scope, response: Response) -> Response:
        encoding = accepted_encoding(Headers(scope=scope).get("accept-encoding", ""))
        full_path, _ = self.lookup_path(path)
        if encoding is None:
            return response
        content = await to_thread.run_sync(_COMPRESSED.content, Path(full_path), encoding)
        if content is None:
            return response
        etag = f'{response.headers["etag"][:-1]}-{encoding}"'
        compressed = Response(
            content, media_type=response.media_type,
            headers={"ETag": etag, "Content-Encoding": encoding},
        )  # fmt: skip
        if self.is_not_modified(compressed.headers, Headers(scope=scope)):
            return NotModifiedResponse(compressed.headers)
        return compressed


def _door(page: Page) -> Callable[[None, Request, AppContext], HTMLResponse]:
    def door(_: PublicPage, request: Request, context: Context) -> HTMLResponse:
        if not page.spoken:
            return HTMLResponse(render_page(page), headers={"Cache-Control": "no-cache"})
        language = wanted_language(
            request.query_params.get("lang"), request.headers.get("accept-language", "")
        )
        return HTMLResponse(
            render_page(page, language, context.emergency_numbers),
            headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"},
        )

    door.__doc__ = f"Return the page {page.path}; it holds nothing that is not public."
    return door


for _page in current_house().pages.values():
    router.add_api_route(_page.path, _door(_page), methods=["GET"], name=_page.path)


@router.get("/aed/worker.js")
def citizen_worker(_: PublicPage) -> Response:
    """Return the script that keeps the citizen's page for when there is no network."""
    script = (STATIC_FOLDER / "js/aed/worker.js").read_text(encoding="utf-8")
    return Response(
        script,
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/aed"},
    )


@router.get("/docs/errors")
def error_codes(_: PublicPage) -> HTMLResponse:
    """Return the page that the `type` of every error answer points to."""
    return HTMLResponse(_error_page(), headers={"Cache-Control": "no-cache"})


def _error_page() -> str:
    found = sorted(_subclasses(GoldenHourError), key=lambda error: error.code)
    lines = "".join(
        f'<p id="{escape(error.code)}"><code>{escape(error.code)}</code> '
        f"{escape((error.__doc__ or '').strip().split(chr(10))[0])}</p>"
        for error in found
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>GoldenHour errors</title>'
        '<link rel="stylesheet" href="/static/css/base.css"><main><h1>Errors</h1>'
        f"{lines}</main></html>"
    )


def _subclasses(base: type[GoldenHourError]) -> set[type[GoldenHourError]]:
    return {found for sub in base.__subclasses__() for found in ({sub} | _subclasses(sub))}


def mount_files(app: FastAPI) -> None:
    """Serve the pages' files under /static."""
    app.mount("/static", HouseFiles(directory=STATIC_FOLDER), name="static")
