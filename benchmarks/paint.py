"""When a page of a tenant of a million users is first painted in Chromium, and how heavy it is.

A real `seatbeacon serve` on loopback. *first visit* has an empty cache, *next* is the page opened again as
people go from page to page. Kilobytes are what goes over the wire, the chart library told apart.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.served import Served, served
from benchmarks.tenant import SEATBEACON
from seatbeacon.inventory import query

RECOMMENDATIONS = "/optimization/recommendations/"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
_ASK = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const page = performance.getEntriesByType("navigation")[0];
  return {paint: paint ? paint.startTime : null, server: page.responseStart - page.requestStart,
          parts: [page, ...performance.getEntriesByType("resource")]
              .map(each => [each.name, each.transferSize])};
}"""


def run() -> None:
    """Print a line for each page."""
    from benchmarks.big_inventory import big_inventory  # noqa: PLC0415 - made before anything is served

    file = big_inventory()
    user = next(query.run(file, "users", columns=["id"], sort=["mail"], limit=1).rows)[0]
    sku = next(query.run(file, "licenses", columns=["sku_id"], limit=1).rows)[0]
    pages = (
        "/", "/users/", f"/users/{user}/", "/licenses/", f"/licenses/{sku}/", "/inventory/holders/",
        "/inventory/usage-matrix/", "/inventory/usage/", "/applications/", "/history/", RECOMMENDATIONS,
    )  # fmt: skip
    print(f"  {'page':30} {'first visit ms':>14} {'next ms':>8} {'page kB':>8} {'charts kB':>9}")
    with served() as beacon, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        for path in pages:
            _line(browser, beacon, path)
        print("  the rules are judged, as a worker does", flush=True)
        subprocess.run(
            [*SEATBEACON, "list", "recommendations", "--limit", "1"], check=True, capture_output=True
        )
        _line(browser, beacon, RECOMMENDATIONS)
        browser.close()


def _line(browser: Browser, beacon: Served, path: str) -> None:
    name, value = beacon.cookie
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": name, "value": value, "url": beacon.address}])
    page = context.new_page()
    first, weight, charts = _open(page, beacon.address + path)
    again = min(_open(page, beacon.address + path)[0] for _ in range(3))
    context.close()
    shown = path if len(path) < 30 else f"{path[:27]}…"
    print(f"  {shown:30} {first:14.0f} {again:8.0f} {weight:8.0f} {charts:9.0f}", flush=True)


def _open(page: Page, address: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint; kilobytes of the page without the chart library, and of that."""
    page.goto(address, wait_until="networkidle")
    told = page.evaluate(_ASK)
    charts = sum(size for name, size in told["parts"] if "echarts" in name)
    whole = sum(size for _, size in told["parts"])
    return told["paint"] or 0.0, (whole - charts) / 1000, charts / 1000
