"""A monkey at the desk of a city that is at work: whatever happens, its hands have done it.

What the hands did is written down inside the page by `monkey.js`, from what stands there as a key
or a click comes; what the page then asked the server to change, too. Every change must have a
press of its own before it that means it, and every text that was typed must still be there.
"""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Error, Page
from sqlalchemy import select, update

from gis.access import SYSTEM, Grant
from gis.identity import Accounts
from gis.tables import Assignment, Diversion, Event, SimulationControl, User
from tests.browser.conftest import PASSWORD, Site, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(1800)]

LOG = (Path(__file__).parent / "monkey.js").read_text("utf-8")
LETTERS = "abcdefghijklmnopqrstuvwxyz 0123456789"
NAMED = (
    ["Enter"] * 10 + ["Tab"] * 8 + ["Shift+Tab"] * 3 + ["Escape"] * 4 + ["ArrowDown"] * 4
    + ["ArrowUp"] * 3 + ["Backspace"] * 3 + ["Space"] * 3 + ["F1"] * 1 + ["F2"] * 3 + ["F3"] * 4
    + ["F4"] * 4 + ["F6"] * 4 + ["F7"] * 4 + ["F8"] * 3 + ["F9"] * 4 + ["F10"] * 2
    + ["Alt+c", "Alt+r", "Alt+r", "Alt+q", "Alt+q", "Alt+z", "Alt+l", "Alt+g", "Alt+d", "Alt+v"]
    + ["Alt+a", "/", "?", "1", "1", "2", "3", "n", "d", "v", "j", "k", "u", "i", "r", "m", "t"]
)  # fmt: skip
WORDS = (
    "chest pain",
    "arrest",
    "Balmaceda",
    "unconscious",
    "no",
    "D 1",
    "C",
    "plaza de armas",
    "x",
)
PICK = """([index, elsewhere]) => {
  const apart = '[data-testid="sign-out"], [data-testid^="window"], a[href], #topbar select, '
    + '.maplibregl-ctrl button, [data-testid="light-map"]';
  const kinds = 'button, input, select, textarea, summary, .candidate, [role=tab]';
  const all = [...document.querySelectorAll(kinds)]
    .filter((one) => !one.closest(apart) && one.checkVisibility() && !one.disabled);
  const top = [...document.querySelectorAll('dialog[open]')].at(-1);
  const within = top ? all.filter((one) => top.contains(one)) : all;
  if (!within.length) return elsewhere;
  const one = within[index % within.length];
  one.scrollIntoView({ block: 'nearest' });
  const { left, top: above, width, height } = one.getBoundingClientRect();
  const name = one.dataset.testid ?? one.id ?? one.textContent.slice(0, 20);
  return [left + width / 2, above + height / 2, name];
}"""
SHOW = """async (id) => {
  const { store } = window.goldenhour;
  if (!store.state.incidents.has(id)) return false;
  store.set({ incidentId: id, draftKey: null, tab: 'incident' });
  await new Promise((done) => setTimeout(done, 200));
  return true;
}"""
SEEDS = (11, 23, 37, 41, 59)


@pytest.fixture
def at_work(site: Site) -> Iterator[str]:
    """Calls come, crews are sent to them by themselves; a dispatcher of one's own sits there."""
    name = f"monkey{random.SystemRandom().randrange(10**9)}"
    with site.database.unit_of_work(SYSTEM) as uow:
        Accounts().create_user(
            uow, name, password=PASSWORD, display_name=name, grants=[Grant("dispatcher")]
        )
        uow.session.execute(update(SimulationControl).values(calls_per_hour=9, auto_dispatch=True))
    yield name
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(SimulationControl).values(calls_per_hour=0, auto_dispatch=False))


def act(page: Page, chance: random.Random) -> str:
    """Do one thing as a monkey would, and return what."""
    dice = chance.random()
    if dice < 0.62:
        if dice < 0.55:
            key = chance.choice(NAMED if dice < 0.30 else LETTERS).replace(" ", "Space")
            page.keyboard.press(key)
        else:
            key = chance.choice(WORDS)
            page.keyboard.type(key)
        return key
    x, y = chance.randrange(420, 900), chance.randrange(120, 700)
    what = "map"
    if dice < 0.97:
        x, y, what = page.evaluate(PICK, [chance.randrange(10_000), [x, y, "nothing"]])
    page.mouse.click(x, y, click_count=2 if chance.random() < 0.1 else 1)
    return f"click {what}"


def unexplained(log: dict[str, Any]) -> list[str]:
    """Return the changes that no press of their own came before; a repeat has its first's key."""
    presses = [dict(one, used=False) for one in log["presses"]]
    seen: set[str] = set()
    left: list[str] = []
    for write in log["writes"]:
        if write["means"] == "remark" or (write["key"] and write["key"] in seen):
            continue
        seen.add(write["key"])
        mine = [
            one for one in presses
            if not one["used"] and one["means"] == write["means"] and one["at"] <= write["at"]
        ]  # fmt: skip
        if mine:
            mine[-1]["used"] = True
        else:
            near = [
                (one["means"], one["what"], round(one["at"]))
                for one in presses if -5_000 < one["at"] - write["at"] < 1_000
            ]  # fmt: skip
            left.append(
                f"{write['means']} {write['path']} {write['key']} at {write['at']:.0f},"
                f" pressed {near}, answered {write['status']}"
            )
    return left


def lost_texts(page: Page, log: dict[str, Any]) -> list[str]:
    """Return the texts that stand neither in the server nor in their field."""
    ids = {
        str(one["answer"]["incident"]["incident_id"]): one["key"]
        for one in log["writes"]
        if one["means"] == "call" and one["answer"] and "incident" in one["answer"]
    }
    by_draft = {key: incident_id for incident_id, key in ids.items()}
    wanted: dict[tuple[str, str], str] = {}
    for name, text in log["typed"].items():
        shown, kind = name.split(" ")
        # Typed before the server had answered and after: the later one counts.
        wanted[by_draft.get(shown, shown), kind] = text
    sent = {
        (one["path"].split("/")[3], one["means"]): one["body"]
        for one in log["writes"] if one["means"] in {"remark", "cancel"} and one["status"] < 300
    }  # fmt: skip
    lost = []
    for (incident_id, kind), text in wanted.items():
        if not text.strip():
            continue
        if kind == "words":
            answer = page.request.post(
                f"/v1/incidents/{incident_id}/caller", data={"reason": "test"},
                headers={"Sec-Fetch-Site": "same-origin"},
            )  # fmt: skip
            assert answer.ok, answer.text()
            stored = [call.get("words", "") for call in answer.json()["calls"]]
            if text.strip() not in [one.strip() for one in stored]:
                lost.append(f"words of {incident_id}: {text!r}, stored {stored}")
            continue
        body = sent.get((incident_id, "remark" if kind == "remark" else "cancel"))
        if body is not None and text.strip() in body.encode().decode("unicode_escape"):
            continue
        field = page.get_by_test_id("remark-text" if kind == "remark" else "cancel-reason")
        if not page.evaluate(SHOW, incident_id):
            continue
        if field.count() and field.input_value() != text:
            lost.append(f"{kind} of {incident_id}: {text!r}, shown {field.input_value()!r}")
    return lost


def run_wild(
    open_page: Any, site: Site, username: str, *, seed: int, steps: int
) -> dict[str, Counter[str]]:
    """Let a monkey loose and then look at what it did; return its presses and changes."""
    watched = open_page(locale="en-GB", width=1366, height=768)
    watched.page.add_init_script(LOG)
    # Its map never rests while the city is at work: the lists are waited for.
    page = sign_in(watched, username)
    page.wait_for_url("**/console*")
    until(page, "() => Boolean(window.goldenhour?.store.state.loaded)")
    went: list[str] = []
    page.on(
        "request",
        lambda request: went.append(request.url) if request.is_navigation_request() else None,
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("popup", lambda popup: popup.close())
    chance = random.Random(seed)
    did: list[str] = []
    for _ in range(steps):
        try:
            did.append(act(page, chance))
        except Error as error:
            raise AssertionError(f"the page was left for {went} after {did[-8:]}") from error
        assert went == [], f"the page was left for {went} after {did[-8:]}"
    # Kept changes go out, and what was asked is answered.
    page.keyboard.press("Escape")
    until(
        page,
        "() => [...window.goldenhour.store.state.drafts.values()]"
        # A number with letters waits until somebody puts it right; the words do not wait for it.
        ".every(one => one.incident_id && (!one.dirty || /\\p{L}/u.test(one.caller_number)))",
        seconds=90,
    )
    until(page, "() => window.monkeyLog.writes.every(one => one.status !== 0)")
    log = page.evaluate("window.monkeyLog")
    assert log["presses"], "the monkey did nothing"
    assert unexplained(log) == []
    check_database(site, username, log)
    assert lost_texts(page, log) == []
    assert [one for one in watched.faults if "script" in one] == []
    return {
        "presses": Counter(one["means"] for one in log["presses"]),
        "changes": Counter(one["means"] for one in log["writes"] if one["status"] < 300),
    }


def check_database(site: Site, username: str, log: dict[str, Any]) -> None:
    """What stands in the database under the monkey's name is what the page asked for, no more."""
    done = [one for one in log["writes"] if 200 <= one["status"] < 300]
    with site.database.read(SYSTEM) as uow:
        user_id = uow.session.scalar(select(User.user_id).where(User.username == username))
        sent = set(uow.session.scalars(
            select(Assignment.assignment_id).where(Assignment.dispatched_by == user_id)
        ))  # fmt: skip
        diverted = set(uow.session.scalars(
            select(Diversion.new_assignment_id).where(
                Diversion.offered_by == user_id, Diversion.new_assignment_id.is_not(None)
            )
        ))  # fmt: skip
        received = set(uow.session.scalars(
            select(Event.subject_id).where(
                Event.type == "incident.call_received", Event.actor == f"user:{username}"
            )
        ))  # fmt: skip
    asked = {
        UUID(one["answer"]["assignment_id"])
        for one in done if one["means"] == "dispatch"
    }  # fmt: skip
    assert sent <= asked | diverted
    assert not diverted or any(one["means"] == "ask" for one in done)
    taken = {one["answer"]["incident"]["incident_id"] for one in done if one["means"] == "call"}
    assert received == taken


@pytest.mark.acceptance
def test_a_short_monkey_does_nothing_that_its_hands_did_not(open_page, site, at_work):
    did = run_wild(open_page, site, at_work, seed=SEEDS[0], steps=120)
    assert did["presses"]


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_of_two_thousand_steps_is_explained_by_its_log(
    open_page, site, at_work, seed, record_property
):
    did = run_wild(open_page, site, at_work, seed=seed, steps=2000)
    record_property("presses", dict(did["presses"]))
    record_property("changes", dict(did["changes"]))
    # It has been at everything that may go wrong, not only at the map.
    assert {"call", "stamp", "dispatch"} <= set(did["changes"])
