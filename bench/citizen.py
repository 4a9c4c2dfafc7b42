"""First words of the citizen's page on slow networks, and what it weighs before its map.

`./run bench citizen --url ADDRESS` opens `/aed` of a running server in a throttled Chromium, each
time with nothing kept. Seconds are the middle of five until the first step can be read.
"""

import argparse
import shutil
import statistics
import time

from playwright.sync_api import Browser, expect, sync_playwright

NETWORKS = (("1.6 Mbit/s, 150 ms", 1600, 150), ("400 kbit/s, 400 ms", 400, 400))
RUNS = 5
SETTLED_MS = 4000


def first_words_s(browser: Browser, url: str, *, kbit_s: int, latency_ms: int) -> float:
    """Return the seconds until the first step of resuscitation is visible."""
    context = browser.new_context(base_url=url, locale="en-GB")
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": latency_ms,
        "downloadThroughput": kbit_s * 125, "uploadThroughput": kbit_s * 125,
    })  # fmt: skip
    started = time.perf_counter()
    page.goto("/aed", wait_until="commit", timeout=90_000)
    expect(page.locator(".cpr li b").first).to_have_text("Call, on loudspeaker.", timeout=90_000)
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def wire_bytes(browser: Browser, url: str) -> list[int]:
    """Return the bytes of each answer until the page rests, heads included, kept ones left out.

    What the page fetches to keep for later is in it. Without its worker, whose answers Chromium
    tells nobody of.
    """
    context = browser.new_context(base_url=url, locale="en-GB", service_workers="block")
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))
    page.goto("/aed")
    page.wait_for_timeout(SETTLED_MS)
    context.close()
    return [size for size in sizes if size]


def main() -> None:
    """Measure a running server's page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, kbit_s, latency_ms in NETWORKS:
            runs = [
                first_words_s(browser, url, kbit_s=kbit_s, latency_ms=latency_ms)
                for _ in range(RUNS)
            ]
            print(f"{name}: {statistics.median(runs):.2f} s (worst {max(runs):.2f})")
        sizes = wire_bytes(browser, url)
        print(f"before the map: {sum(sizes) / 1e3:.1f} kB in {len(sizes)} answers")
        browser.close()


if __name__ == "__main__":
    main()
