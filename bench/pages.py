"""First load of every page of a running server: bytes, requests, seconds; and a long table.

`./run bench pages --url ADDRESS --user NAME --password WORD` opens each page that the account may
use in a browser context of its own. Tiles are counted apart. Bytes are those on the wire, workers
included.
"""

import argparse
import shutil
import time

from playwright.sync_api import Browser, sync_playwright

from tests.browser.weight import is_tile, weigh

SETTLED_MS = 4000
TABLE = """async () => {
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


def measure(browser: Browser, arguments: argparse.Namespace) -> None:
    """Print one line a page, then one a step of the table."""
    said = {"username": arguments.user, "password": arguments.password}
    headers = {"Sec-Fetch-Site": "same-origin"}
    first = browser.new_context(base_url=arguments.url)
    pages = first.request.post("/v1/session", data=said, headers=headers).json()["pages"]
    print(f"{'page':14} {'kB':>8} {'requests':>9} {'kB tiles':>9} {'load s':>7}")
    for path in [page["path"] for page in pages]:
        context = browser.new_context(base_url=arguments.url, locale="en-GB")
        context.request.post("/v1/session", data=said, headers=headers)
        page = context.new_page()
        weight = weigh(page)
        started = time.perf_counter()
        page.goto(path)
        load_s = time.perf_counter() - started
        page.wait_for_timeout(SETTLED_MS)
        sizes = weight.measure()
        own = [size for url, size in sizes if not is_tile(url)]
        tiles = sum(size for url, size in sizes if is_tile(url))
        print(f"{path:14} {sum(own) / 1e3:8.1f} {len(own):9} {tiles / 1e3:9.1f} {load_s:7.2f}")
        context.close()
    page = first.new_page()
    page.goto("/login")
    for step, took_ms in page.evaluate(TABLE).items():
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
