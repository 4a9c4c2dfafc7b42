"""The console's map drawn by software: frames a second in a pan, long tasks while it stands still.

`./run bench console --url ADDRESS --user NAME --password WORD` opens `/console` of a running
server in Chromium without a graphics card (1366×768, one device pixel a pixel), with as many units
as asked for in place of the city's, two in five of them reporting a new place every second, and
does the same with the light map off and on. Frames are those that the map drew while it moved;
processor time is that of all of Chromium's processes, which a busy machine changes little.
"""

import argparse
import json
import os
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

PAN_S = 10
COUNTED = """async (seconds) => {
  const { map } = window.goldenhour;
  const from = map.getCenter();
  let frames = 0;
  const count = () => { frames += 1; };
  map.on('render', count);
  const began = performance.now();
  const legs = 5;
  for (let leg = 0; leg < legs; leg += 1) {
    const east = leg % 2 ? 0 : 0.03;
    await new Promise((done) => {
      map.once('moveend', done);
      map.easeTo({ center: [from.lng + east, from.lat], duration: seconds * 1000 / legs,
                   easing: (share) => share });
    });
  }
  map.off('render', count);
  return [frames, (performance.now() - began) / 1000];
}"""
LINES = """() => window.goldenhour.map.queryRenderedFeatures().filter(
    (one) => one.sourceLayer === 'roads' && one.layer.type === 'line').length"""
STILL = """(seconds) => new Promise((done) => {
  const tasks = [];
  const observer = new PerformanceObserver((list) => {
    tasks.push(...list.getEntries().map((one) => one.duration));
  });
  observer.observe({ type: 'longtask' });
  setTimeout(() => { observer.disconnect(); done(tasks); }, seconds * 1000);
})"""
STREAM = """
delete window.SharedWorker;
window.EventSource = class extends EventTarget {
  constructor() {
    super();
    let turn = 0;
    this.timer = setInterval(() => {
      turn += 1;
      const now = new Date().toISOString();
      const positions = (window.benchUnits ?? []).filter((one) => (one.unit_id + turn) % 5 < 2)
        .map((one) => {
          one.lon += 0.0004 * Math.sin(one.unit_id + turn / 9);
          one.lat += 0.0004 * Math.cos(one.unit_id + turn / 9);
          return { unit_id: one.unit_id, lon: one.lon, lat: one.lat, speed_kmh: 40,
                   heading_deg: (one.unit_id * 37) % 360, device_at: now, received_at: now };
        });
      this.tell('tick', { now });
      this.tell('positions', { positions });
    }, 1000);
    setTimeout(() => this.onopen?.(), 50);
  }
  tell(kind, data) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
  close() { clearInterval(this.timer); }
};
"""


def browsers_cpu_s() -> float:
    """Return the processor seconds that Chromium's processes below this one have used."""
    children: dict[int, list[int]] = {}
    used_s: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:  # it has ended meanwhile
            continue
        fields = rest.split()
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        if "chrom" in name:
            ticks = int(fields[11]) + int(fields[12])
            used_s[int(folder.name)] = ticks / os.sysconf("SC_CLK_TCK")
    below, found = [os.getpid()], 0.0
    while below:
        pid = below.pop()
        below += children.get(pid, [])
        found += used_s.get(pid, 0.0)
    return found


def many(units: list[dict[str, Any]], count: int, box: list[float]) -> list[dict[str, Any]]:
    """Return `count` units like those given, strewn over `box` (west, south, east, north)."""
    chance = random.Random(10)
    made = []
    for number in range(count):
        unit = dict(units[number % len(units)])
        unit["unit_id"] = 1_000_000 + number
        unit["call_sign"] = f"A{number:04d}"
        unit["device_at"] = unit["received_at"] = datetime.now(UTC).isoformat()
        unit["lon"] = chance.uniform(box[0], box[2])
        unit["lat"] = chance.uniform(box[1], box[3])
        made.append(unit)
    return made


def opened(browser: Browser, arguments: argparse.Namespace, count: int, light: str) -> Page:
    """Open the console with `count` units and wait until its map has everything."""
    context = browser.new_context(
        base_url=arguments.url, locale="en-GB", viewport={"width": 1366, "height": 768},
        device_scale_factor=1,
    )  # fmt: skip
    headers = {"Sec-Fetch-Site": "same-origin"}
    said = {"username": arguments.user, "password": arguments.password}
    context.request.post("/v1/session", data=said, headers=headers)
    city = context.request.get("/v1/cities").json()["cities"][0]
    units = context.request.get(f"/v1/units?city_id={city['city_id']}").json()["units"]
    west, south, east, north = city["bbox"]
    third_lon, third_lat = (east - west) / 3, (north - south) / 3
    box = [west + third_lon, south + third_lat, east - third_lon, north - third_lat]
    shown = many(units, count, box)
    context.add_init_script(STREAM)
    context.add_init_script(f"localStorage.setItem('goldenhour.map.light', '{light}');")
    context.add_init_script(f"window.benchUnits = {json.dumps(shown)};")

    def answer(route: Route) -> None:
        route.fulfill(json={"units": shown})

    page = context.new_page()
    page.route("**/v1/units?*", answer)
    page.goto("/console")
    page.wait_for_selector("[data-testid=counts]")
    page.wait_for_timeout(3000)
    lon, lat = arguments.centre or ((west + east) / 2, (south + north) / 2)
    page.evaluate(
        "([lon, lat, zoom]) => window.goldenhour.map.jumpTo({ center: [lon, lat], zoom })",
        [lon, lat, arguments.zoom],
    )
    page.wait_for_timeout(6000)
    return page


def main() -> None:
    """Measure and print a Markdown table for docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--zoom", type=float, default=13.5)
    parser.add_argument("--centre", type=float, nargs=2, metavar=("LON", "LAT"))
    parser.add_argument("--still", type=int, default=60, help="seconds of standing still")
    parser.add_argument("--units", type=int, nargs="+", default=[60, 2000])
    arguments = parser.parse_args()
    print("| light map | units | road lines in view | frames/s in a pan | processor ms a frame |"
          f" long tasks still ({arguments.still} s) | longest, ms |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader"],
        )
        for count in arguments.units:
            for light in ("off", "on"):
                page = opened(browser, arguments, count, light)
                lines = page.evaluate(LINES)
                before_s = browsers_cpu_s()
                frames, pan_s = page.evaluate(COUNTED, PAN_S)
                frame_ms = 1000 * (browsers_cpu_s() - before_s) / max(frames, 1)
                page.wait_for_timeout(3000)
                tasks = page.evaluate(STILL, arguments.still)
                longest_ms = max(tasks, default=0)
                print(f"| {light} | {count:,} | {lines:,} | {frames / pan_s:.1f} |"
                      f" {frame_ms:.0f} | {len(tasks)} | {longest_ms:.0f} |",
                      flush=True)  # fmt: skip
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
