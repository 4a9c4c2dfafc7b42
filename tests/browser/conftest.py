"""A real server over the sample city with simulated crews, and Debian's Chromium."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect
from sqlalchemy import select, update

from api.processes.supervisor import runtime_owner
from gis.access import SYSTEM, Grant
from gis.cluster import APPLICATION_ROLE, PrivateCluster
from gis.database import Database
from gis.identity import Accounts
from gis.settings import PROJECT_FOLDER
from gis.tables import City, SimulationControl
from tests.conftest import in_memory
from tests.serving import serving

expect.set_options(timeout=20_000)  # software rendering on a shared machine is slow

SCREENSHOTS = PROJECT_FOLDER / "tests" / "screenshots"
PASSWORD = "golden-hour"
ACCOUNTS = {
    "dispatcher": "dispatcher", "supervisor": "supervisor", "admin": "administrator",
    "hospital": "hospital", "planner": "planner", "cdc": "cdc", "privacy": "privacy_officer",
}  # fmt: skip
"""User name → role."""


@dataclass(frozen=True, slots=True)
class Site:
    """A served city: where it answers and its database."""

    url: str
    database: Database
    city_id: int
    process_id: int


@pytest.fixture(scope="session")
def site(cluster: PrivateCluster, clone: Callable[..., str]) -> Iterator[Site]:
    """The sample city served for real, with crews that answer but no calls of their own."""
    name = clone(seed="sample")
    folder = in_memory(f"test-browser-{os.getpid()}")
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(cluster.url(name, role=APPLICATION_ROLE))
    accounts = Accounts()
    with database.unit_of_work(SYSTEM) as uow:
        (city_id,) = uow.session.scalars(select(City.city_id))
        for username, role in ACCOUNTS.items():
            accounts.create_user(
                uow, username, password=PASSWORD, display_name=username, grants=[Grant(role)]
            )
        accounts.create_user(
            uow, "crews", password=PASSWORD, grants=[Grant("supervisor"), Grant("responder")]
        )
        token = accounts.create_token(uow, "crews", name="test")
        uow.session.execute(
            update(SimulationControl).values(speed_factor=20, calls_per_hour=0, auto_dispatch=False)
        )
    proxy = {"GOLDENHOUR_TRUSTED_PROXIES": "127.0.0.1"}
    with serving(cluster.url(name), folder, settings=proxy) as server:
        owner = runtime_owner() or (None, None)
        driver = subprocess.Popen(
            [sys.executable, "-m", "api.demo.driver", server.url, "coquimbo"],
            cwd=PROJECT_FOLDER, user=owner[0], group=owner[1],
            env={**os.environ, "GOLDENHOUR_DEMO_TOKEN": token, "PYTHONPATH": str(PROJECT_FOLDER)},
        )  # fmt: skip
        try:
            yield Site(server.url, database, city_id, server.process.pid)
        finally:
            driver.send_signal(signal.SIGTERM)
            driver.wait(20)
    database.close()
    shutil.rmtree(folder, ignore_errors=True)


class Watched:
    """A page that remembers errors, refused requests and requests to other hosts."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((url, "data:", "blob:"))
                else self.faults.append(f"other host: {request.url}")
            ),
        )

    def _note(self, kind: str, text: str) -> None:
        expected = any(
            code in text for code in ("401", "409", "412")
        )  # asked for by a test, shown as a sentence
        if kind == "error" and not expected:
            self.faults.append(f"console: {text}")


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Watched]]:
    """Return a function that opens a page in a context of its own; its map without streets if said.

    Drawing streets without a graphics card costs more than all else that a page does.
    """
    contexts: list[BrowserContext] = []

    def make(
        *,
        locale: str = "zh-CN",
        width: int = 1366,
        height: int = 768,
        streets: bool = True,
        **more: object,
    ) -> Watched:
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": height},
            **{"base_url": site.url, **more},
        )  # fmt: skip
        context.set_default_timeout(30_000)
        if not streets:
            context.route("**/v1/tiles/**", lambda route: route.fulfill(status=204))
        contexts.append(context)
        return Watched(context.new_page(), site.url)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """Return a function that saves a screenshot under tests/screenshots."""
    SCREENSHOTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take


def downloaded(download: Download) -> bytes:
    """Return what a page handed out as a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        download.save_as(path)
        return path.read_bytes()


def sign_in(watched: Watched, username: str, *, to: str = "") -> Page:
    """Log in without the form, which has tests of its own; open `to`, or where one lands."""
    page = watched.page
    answer = page.request.post(
        "/v1/session",
        data={"username": username, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.ok, answer.text()
    page.goto(to or answer.json()["landing"])
    return page


def log_in(watched: Watched, username: str = "dispatcher") -> Page:
    """Log in, open the console and wait for its map."""
    page = sign_in(watched, username, to="/console")
    until(page, "() => Boolean(window.goldenhour && window.goldenhour.map.loaded())")
    return page


def into_view(part: Locator) -> None:
    """Scroll there at once; Playwright's own way fails on a part that is redrawn meanwhile."""
    part.evaluate("part => part.scrollIntoView({ block: 'nearest' })")


def until(page: Page, function: str, argument: object = None, *, seconds: float = 30) -> None:
    """Ask the page again and again until `function` says true.

    Playwright's own waiting evaluates text, which the pages' Content-Security-Policy forbids.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(function, argument):
        assert time.monotonic() < deadline, f"{function} never came true"
        page.wait_for_timeout(100)
