"""Incidents for the console, taken as a dispatcher takes them, and put away again."""

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page

from tests.browser.conftest import PASSWORD, Watched

KEYS = itertools.count(1)
STALE = 412
CONFLICT = 409


class Desk:
    """Changes incidents over HTTP, with the login of an open page."""

    def __init__(self, page: Page, city_id: int) -> None:
        self.page = page
        self.city_id = city_id
        self.taken: list[str] = []

    def try_to(self, method: str, path: str, body: Any = None, **headers: str) -> APIResponse:
        """Send a change."""
        return self.page.request.fetch(
            path, method=method, data=body,
            headers={
                "Idempotency-Key": f"desk-{id(self)}-{next(KEYS)}",
                "Sec-Fetch-Site": "same-origin", **headers,
            },
        )  # fmt: skip

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a change and return what it answered."""
        answer = self.try_to(method, path, body, **headers)
        assert answer.ok, answer.text()
        return answer.json()

    def version(self, incident_id: str) -> str:
        """Return the version a change of it must name."""
        return self.page.request.get(f"/v1/incidents/{incident_id}").headers["etag"]

    def change(self, method: str, incident_id: str, what: str, body: Any = None) -> Any:
        """Change an incident as it is now, also when its crew changes it at the same moment."""
        path = f"/v1/incidents/{incident_id}/{what}"
        while True:
            answer = self.try_to(method, path, body, **{"If-Match": self.version(incident_id)})
            if answer.status != STALE:
                assert answer.ok, answer.text()
                return answer.json()

    def call(
        self, complaint: str | None = None, *, placed: bool = True, said: Any = None, **answers: str
    ) -> str:
        """Take a call from within the city, code it, and return its incident's id.

        said: what the caller gave beside it.
        """
        point = {"lon": -71.3394, "lat": -29.9533, "datum": "wgs84", "uncertainty_m": 30}
        taken = self.ask("POST", "/v1/calls", {
            "city_id": self.city_id, "source": "phone", "point": point if placed else None,
            **(said or {}),
        })  # fmt: skip
        incident_id = taken["incident"]["incident_id"]
        self.taken.append(incident_id)
        if complaint:
            self.change("PUT", incident_id, "triage", {
                "complaint_code": complaint, "answers": answers,
            })  # fmt: skip
        return incident_id

    def send(self, incident_id: str) -> Any:
        """Send the best unit and return the assignment."""
        best = self.page.request.get(f"/v1/incidents/{incident_id}/recommendation").json()
        unit_id = next(one["unit_id"] for one in best["units"] if one["eligible"])
        return self.change("POST", incident_id, "assignments", {"unit_id": unit_id})

    def away(self) -> None:
        """Leave the city as it was: every unit called back, every incident cancelled."""
        if self.taken and not self.page.request.get("/v1/session").ok:
            self.ask("POST", "/v1/session", {"username": "dispatcher", "password": PASSWORD})
        for incident_id in self.taken:
            while not self.ended(incident_id):
                pass
        self.taken = []

    def clear(self) -> None:
        """End what earlier tests left open: a page may take a call that no desk knows of."""
        open_ones = self.page.request.get(f"/v1/incidents?city_id={self.city_id}&open=true").json()
        self.taken = [one["incident_id"] for one in open_ones["incidents"]]
        self.away()

    def ended(self, incident_id: str) -> bool:
        """Bring an incident one step nearer to its end; a simulated crew may come between."""
        shown = self.page.request.get(f"/v1/incidents/{incident_id}").json()
        if shown["closed_at"] or shown["cancelled_at"]:
            return True
        busy = False
        for one in shown["assignments"]:
            for state in ("cancelled", "no_transport", "handed_over"):
                if state in one["next_states"]:
                    stamps = f"/v1/assignments/{one['assignment_id']}/stamps"
                    stamped = self.try_to("POST", stamps, {"state": state, "source": "console"})
                    assert stamped.ok or stamped.status == CONFLICT, stamped.text()
                    busy = True
                    break
        if not busy:
            answer = self.try_to(
                "POST", f"/v1/incidents/{incident_id}/cancel", {"reason": "test"},
                **{"If-Match": self.version(incident_id)},
            )  # fmt: skip
            # A crew that has its patient on board ends its drive first.
            assert answer.ok or answer.status in {STALE, CONFLICT}, answer.text()
            self.page.wait_for_timeout(200)
        return False


@pytest.fixture
def open_page(open_page: Callable[..., Watched]) -> Callable[..., Watched]:
    """Return a function that opens a page whose map has no streets unless they are asked for."""
    return functools.partial(open_page, streets=False)


@pytest.fixture
def desk(site: Any) -> Iterator[Callable[[Page], Desk]]:
    """Return a function that gives an open page's desk; its incidents end with the test.

    The first desk ends what earlier tests left open: ask for it before anything is done.
    """
    desks: list[Desk] = []

    def of(page: Page) -> Desk:
        made = Desk(page, site.city_id)
        if not desks:
            made.clear()
        desks.append(made)
        return made

    yield of
    for one in desks:
        one.away()
