"""The pages and their files: own ones are revalidated, pinned vendor files never change."""

from html import escape
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.http.permissions import PublicPage
from api.http.places import Work
from api.http.router import DoorRouter
from gis.errors import GoldenHourError
from maps.assets import STATIC_FOLDER, WEB_FOLDER

router = DoorRouter(Work.ORDINARY, include_in_schema=False)


class HouseFiles(StaticFiles):
    """Static files: `vendor/` carries versions in its names and is kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its caching rule."""
        response = await super().get_response(path, scope)
        pinned = path.startswith("vendor/")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if pinned else "no-cache"
        )
        return response


def _page(file: Path) -> FileResponse:
    return FileResponse(file, media_type="text/html", headers={"Cache-Control": "no-cache"})


@router.get("/")
def landing(_: PublicPage) -> FileResponse:
    """Return the landing page."""
    return _page(WEB_FOLDER / "index.html")


@router.get("/login")
def login(_: PublicPage) -> FileResponse:
    """Return the login page."""
    return _page(WEB_FOLDER / "login.html")


@router.get("/console")
def console(_: PublicPage) -> FileResponse:
    """Return the dispatcher's page; it asks for a login by itself."""
    return _page(WEB_FOLDER / "console.html")


@router.get("/aed")
def aed(_: PublicPage) -> FileResponse:
    """Return the citizen's page."""
    return _page(WEB_FOLDER / "aed.html")


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
