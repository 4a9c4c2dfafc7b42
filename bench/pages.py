"""First load of every page of a running server: bytes, requests, seconds; and a long table.

`./run bench pages --url ADDRESS --user NAME --password WORD` opens each page that the account may
use in a browser context of its own, nothing kept from before. Tiles are counted apart. Bytes are
those on the wire, heads and workers included; *plain* is what they are without compression, by
which the pages' server chose brotli, gzip or none for each answer. Seconds: until words are drawn
(first contentful paint), until the last answer of the page's own had come.
"""

import argparse
import shutil
from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.test_table import SHOW
from tests.browser.weight import is_tile, weigh

SETTLED_MS = 4000
ROWS = 100_000
PAINTED = """() => performance.getEntriesByType('paint')
  .find((one) => one.name === 'first-contentful-paint')?.startTime ?? NaN"""
LAST_ANSWER = """() => Math.max(...performance.getEntriesByType('resource')
  .filter((one) => !/\\/v1\\/(guarded-)?tiles\\/|\\/v1\\/stream/.test(one.name))
  .map((one) => one.responseEnd))"""
STEPS = """async () => {
  const { filtered, folded, ranks, sorted } = await import('/static/js/kit/rows.js');
  const timed = (run) => {
    const from = performance.now();
    run();
    return performance.now() - from;
  };
  const count = 100000;
  const names = Array.from({ length: count }, (_, n) => `深圳市第${(n * 7919) % count}医院`);
  const beds = names.map((_, n) => (n * 31) % 997);
  const all = filtered(count, []);
  let rank;
  const found = {};
  found['sort by 100,000 different names'] = timed(() => {
    rank = ranks(names, 'zh');
    sorted(all, rank, false);
  });
  found['the same the other way'] = timed(() => sorted(all, rank, true));
  found['sort by numbers'] = timed(() => sorted(all, ranks(beds, 'zh'), false));
  let texts;
  found['fold the names for searching, once'] = timed(() => { texts = names.map(folded); });
  found['search in them'] = timed(() => filtered(count, [(n) => texts[n].includes('77')]));
  return found;
}"""
FIRST_SORT = """async (column) => {
  const head = [...document.querySelectorAll('[role=columnheader]')]
    .find((one) => one.textContent.includes(column));
  const from = performance.now();
  head.querySelector('button').click();
  while (head.getAttribute('aria-sort') === 'none') await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - from;
}"""


@dataclass(frozen=True, slots=True)
class Load:
    """One page's first load."""

    wire_kb: float
    plain_kb: float
    requests: int
    tiles_kb: float
    encodings: str
    painted_s: float
    complete_s: float


def load(page: Page, path: str) -> Load:
    """Open a page and weigh it."""
    weight = weigh(page)
    page.goto(path)
    page.wait_for_timeout(SETTLED_MS)
    sizes = weight.measure()
    own = [size for url, size in sizes if not is_tile(url)]
    encodings: Counter[str] = Counter()
    plain = 0
    for request in weight.finished:
        response = request.response()
        if response is None or is_tile(request.url):
            continue
        encodings[response.headers.get("content-encoding", "none")] += 1
        plain += len(response.body()) if "/v1/stream" not in request.url else 0
    return Load(
        sum(own) / 1e3, plain / 1e3, len(own),
        sum(size for url, size in sizes if is_tile(url)) / 1e3,
        ", ".join(f"{name} {count}" for name, count in encodings.most_common()),
        page.evaluate(PAINTED) / 1e3, page.evaluate(LAST_ANSWER) / 1e3,
    )  # fmt: skip


def measure(browser: Browser, arguments: argparse.Namespace) -> None:
    """Print one line a page, then one a step of the table."""
    said = {"username": arguments.user, "password": arguments.password}
    headers = {"Sec-Fetch-Site": "same-origin"}
    first = browser.new_context(base_url=arguments.url, locale="en-GB")
    pages = first.request.post("/v1/session", data=said, headers=headers).json()["pages"]
    print(
        f"{'page':14} {'kB wire':>8} {'kB plain':>9} {'requests':>9} {'kB tiles':>9}"
        f" {'words s':>8} {'all s':>7}  compressed"
    )
    for path in [page["path"] for page in pages]:
        context = browser.new_context(base_url=arguments.url, locale="en-GB")
        context.request.post("/v1/session", data=said, headers=headers)
        found = load(context.new_page(), path)
        print(
            f"{path:14} {found.wire_kb:8.1f} {found.plain_kb:9.1f} {found.requests:9}"
            f" {found.tiles_kb:9.1f} {found.painted_s:8.2f} {found.complete_s:7.2f}"
            f"  {found.encodings}"
        )
        context.close()
    page = first.new_page()
    page.goto("/")
    page.wait_for_selector("h1")
    page.evaluate(SHOW, ROWS)
    for column in ("Name", "Beds"):
        took_ms = page.evaluate(FIRST_SORT, column)
        print(f"first sort of the table by {column:9} {took_ms:7.0f} ms, click to drawn")
    for step, took_ms in page.evaluate(STEPS).items():
        print(f"{step:36} {took_ms:7.0f} ms")


def main() -> None:
    """Measure a running server's pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        measure(browser, parser.parse_args())
        browser.close()


if __name__ == "__main__":
    main()
