"""Pictures of one state of a page in both themes, and what is wrong in them."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from gis.settings import PROJECT_FOLDER
from tests.browser.conftest import SCREENSHOTS

AXE = (PROJECT_FOLDER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FIND = """async () => {
  const found = await window.axe.run(document, { resultTypes: ['violations'] });
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => [one.id, one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160))]);
}"""

LOCALES = ("zh-CN", "en-GB")
SCHEMES = ("dark", "light")
OUTSIDE = """() => {
  const scrolls = (one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX);
  const inPane = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (scrolls(up) && up.getBoundingClientRect().right <= innerWidth + 1) return true;
    }
    return false;
  };
  const of = (one) => `${one.tagName} ${one.dataset.testid ?? one.className} ${one.textContent}`;
  return [...document.querySelectorAll('button, a, select, input, textarea, h1, h2, h3, p, label')]
    .filter((one) => one.checkVisibility() && !one.closest('.skip, .visually-hidden')
      && one.getBoundingClientRect().right > innerWidth + 1 && !inPane(one))
    .map((one) => of(one).trim().slice(0, 80));
}"""
"""What is cut off at the window's edge, though no pane scrolls to it."""
CUT = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && !one.closest('#map, .skip, .visually-hidden, select')
    && !one.title && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
    && getComputedStyle(one).overflowX === 'hidden' && one.textContent.trim()
    && ![...one.children].some((child) => child.children.length))
  .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim()}`.slice(0, 100))"""
"""Words that do not fit and are nowhere told in full."""
WIDE = "() => document.documentElement.scrollWidth > innerWidth + 1"
MAP_RESTS = "() => !window.goldenhour?.map || window.goldenhour.map.loaded()"


@dataclass(frozen=True, slots=True)
class Screen:
    """A window's size in CSS pixels, and how many pixels of the screen make one of them."""

    width: int
    height: int
    scale: int = 1

    def __str__(self) -> str:
        """As its screen and zoom are called: 1920x1080@200."""
        size = f"{self.width * self.scale}x{self.height * self.scale}"
        return size if self.scale == 1 else f"{size}@{self.scale * 100}"


SCREENS = (
    Screen(1366, 768), Screen(1920, 1080), Screen(960, 540, 2), Screen(3840, 2160),
    Screen(390, 844),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A language on a screen; each state is seen in both themes."""

    screen: Screen
    locale: str

    def __str__(self) -> str:
        """As its pictures are called."""
        return f"{self.screen}-{self.locale[:2]}"

    def as_context(self) -> dict[str, Any]:
        """Return what a page is opened with."""
        return {
            "locale": self.locale, "width": self.screen.width, "height": self.screen.height,
            "device_scale_factor": self.screen.scale,
        }  # fmt: skip


LOOKS = tuple(Look(screen, locale) for screen in SCREENS for locale in LOCALES)


def serious_faults(page: Page) -> list[object]:
    """Return what axe-core finds serious or critical."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    found: list[object] = page.evaluate(FIND)
    return found


def look_at(page: Page, name: str, look: Look, *, whole: bool = False) -> dict[str, object]:
    """Take the pictures of a state and return what is wrong, by picture.

    whole: the page down to its end, not only what the window shows.
    """
    SCREENSHOTS.mkdir(exist_ok=True)
    found: dict[str, object] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)  # what is drawn anew draws itself
        for _ in range(20):  # without a server, or with units that move, a map never rests
            if page.evaluate(MAP_RESTS):
                break
            page.wait_for_timeout(500)
        picture = f"{name}-{look}-{scheme}"
        page.screenshot(path=SCREENSHOTS / f"{picture}.png", full_page=whole)
        faults = serious_faults(page)
        faults += [["outside", one] for one in page.evaluate(OUTSIDE)]
        faults += [["cut", one] for one in page.evaluate(CUT)]
        if page.evaluate(WIDE):
            faults.append("scrolls sideways")
        if faults:
            found[picture] = faults
    return found
