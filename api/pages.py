"""The pages and their files: own ones are revalidated, pinned vendor files never change."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.permissions import PublicPage
from maps.assets import STATIC_FOLDER, WEB_FOLDER

router = APIRouter(include_in_schema=False)


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


def mount_files(app: FastAPI) -> None:
    """Serve the pages' files under /static."""
    app.mount("/static", HouseFiles(directory=STATIC_FOLDER), name="static")
