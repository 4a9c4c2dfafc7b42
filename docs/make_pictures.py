"""Take the pictures of the README and of the first hour from a demo that runs.

`python -m docs.make_pictures --url ADDRESS` signs in as `supervisor` of `./run demo` (the sample
city), takes a cardiac arrest at the Plaza de Armas, closes roads around it, takes the pictures in
both languages, and puts everything away again.
"""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gis.settings import PROJECT_FOLDER

FOLDER = PROJECT_FOLDER / "docs" / "images"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PLAZA = (-71.2519, -29.9027)
ARREST = {"complaint_code": "2301019", "answers": {"conscious": "no", "breathing": "no"}}
WORDS = {
    "zh": "我丈夫突然倒下，叫不醒，好像没有呼吸",
    "en": "my husband has collapsed, I cannot wake him, he does not breathe",
}
CONDITIONS: tuple[tuple[str, tuple[float, float], str, str, dict[str, Any]], ...] = (
    ("closure", (0.0, 0.002), "burst water main", "水管爆裂", {}),
    ("flood", (-0.006, -0.002), "heavy rain", "暴雨", {"depth_m": 0.25}),
    ("roadworks", (0.006, 0.001), "new surface", "路面重铺", {"speed_kmh": 20}),
)
"""Kind, where from the plaza in degrees, why in both languages, and what the kind asks for."""
HALF_DEG = 0.0016


class Desk:
    """Asks the server as the signed-in supervisor."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self.ask("POST", "/v1/session", {"username": "supervisor", "password": "golden-hour"})
        cities = context.request.get("/v1/cities").json()["cities"]
        self.city_id = next(one["city_id"] for one in cities if one["key"] == "coquimbo")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a change and return what it answered."""
        answer = self._context.request.fetch(
            path, method=method, data=body,
            headers={"Sec-Fetch-Site": "same-origin", "Idempotency-Key": str(uuid4()), **headers},
        )  # fmt: skip
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.text()}")
        return answer.json()

    def change(self, method: str, incident_id: str, what: str, body: Any) -> None:
        """Change an incident as it is now."""
        version = self._context.request.get(f"/v1/incidents/{incident_id}").headers["etag"]
        self.ask(method, f"/v1/incidents/{incident_id}/{what}", body, **{"If-Match": version})

    @contextmanager
    def call(self, language: str) -> Iterator[str]:
        """An arrest at the plaza, coded, until the pictures are taken."""
        lon, lat = PLAZA
        taken = self.ask("POST", "/v1/calls", {
            "city_id": self.city_id, "source": "phone", "words": WORDS[language],
            "point": {"lon": lon, "lat": lat, "datum": "wgs84", "uncertainty_m": 30},
        })  # fmt: skip
        incident_id = taken["incident"]["incident_id"]
        self.change("PUT", incident_id, "triage", ARREST)
        yield incident_id
        self.change("POST", incident_id, "cancel", {"reason": "picture"})

    @contextmanager
    def closed_roads(self) -> Iterator[None]:
        """A closure, a flood and roadworks around the plaza."""
        made = [self._condition(*one) for one in CONDITIONS]
        yield
        for condition_id in made:
            self.ask("POST", f"/v1/routing/conditions/{condition_id}/end", {})

    def _condition(
        self, kind: str, away: tuple[float, float], why: str, why_zh: str, more: dict[str, Any]
    ) -> str:
        lon, lat = PLAZA[0] + away[0], PLAZA[1] + away[1]
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ends_at = datetime.now(tz=UTC) + timedelta(hours=3)
        ring = [[lon + x * HALF_DEG, lat + y * HALF_DEG] for x, y in corners]
        made = self.ask("POST", "/v1/routing/conditions", {
            "city_id": self.city_id, "kind": kind, "reason_en": why, "reason_zh": why_zh, **more,
            "confirmed": True, "expires_at": ends_at.isoformat(),
            "sketch": {"drawn": "polygon", "datum": "wgs84",
                       "geometry": {"type": "Polygon", "coordinates": [ring]}},
        })  # fmt: skip
        return str(made["condition_id"])


def console(page: Page, address: str) -> None:
    """Open the console and wait until its map stands."""
    page.goto(address)
    page.locator("[data-testid=counts]").wait_for()
    rest(page)


def rest(page: Page) -> None:
    """Wait until the map has drawn everything that is in view."""
    for _ in range(40):
        page.wait_for_timeout(500)
        if page.evaluate("Boolean(window.goldenhour?.map.loaded())"):
            page.wait_for_timeout(1500)
            return


def look_at_plaza(page: Page, zoom: float) -> None:
    """Bring the plaza into the middle of the map."""
    page.evaluate(
        "([center, zoom]) => window.goldenhour.map.jumpTo({ center, zoom })", [list(PLAZA), zoom]
    )
    rest(page)


def desk_pictures(browser: Browser, url: str, language: str) -> None:
    """Take the console with a call, and its roads."""
    context = browser.new_context(
        base_url=url, locale=LOCALES[language], viewport={"width": 1600, "height": 900}
    )
    context.set_default_timeout(120_000)
    context.add_init_script("localStorage.setItem('goldenhour.map.light', 'off')")
    desk = Desk(context)
    page = context.new_page()
    with desk.call(language) as incident_id:
        console(page, f"/console?city=coquimbo&incident={incident_id}")
        page.locator("[data-testid=recommendation-row]").first.wait_for()
        rest(page)
        page.locator(".recommend").evaluate("one => one.scrollIntoView({ block: 'center' })")
        page.screenshot(path=FOLDER / f"console-{language}.png")
    with desk.closed_roads():
        page.locator("[data-testid=tab-roads]").click()
        page.locator("[data-testid=road-row]").nth(2).wait_for()
        look_at_plaza(page, 15.2)
        page.screenshot(path=FOLDER / f"roads-{language}.png")
    context.close()


def phone_picture(browser: Browser, url: str, language: str) -> None:
    """Take the citizen's page with its list."""
    lon, lat = PLAZA
    context = browser.new_context(
        base_url=url, locale=LOCALES[language], viewport={"width": 390, "height": 844},
        geolocation={"longitude": lon, "latitude": lat}, permissions=["geolocation"],
    )  # fmt: skip
    page = context.new_page()
    page.goto("/aed")
    page.locator("[data-testid=use-position]").click()
    page.locator("[data-testid=aed-card]").first.wait_for()
    page.wait_for_timeout(3000)
    page.locator("#find-title").evaluate("one => one.scrollIntoView()")
    page.screenshot(path=FOLDER / f"aed-{language}.png")
    context.close()


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for language in LOCALES:
            desk_pictures(browser, url, language)
            phone_picture(browser, url, language)
        browser.close()


if __name__ == "__main__":
    main()
