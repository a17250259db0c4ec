"""How quick the page is: to the first picture, a step drawn; what resets leave behind, what a visitor takes.

    uv run bench/viewer.py [--json]

Starts ``run.py view`` and looks at it in headless Chromium, as the browser tests do. A step is timed
in the page, from the click to the frame that the canvas has drawn.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

FIRMS = (300, 2000)
STEPS = 20
RESETS = 20
VISITORS = 6  # beside the first
WORLD = "scenarios/worlds/four_wine_regions.toml"
COMMUNITIES = ("valley", "foothills", "oasis", "highland")

_STEP = """async () => {
  const canvas = document.querySelector('canvas');
  const before = canvas.dataset.quarter, start = performance.now();
  [...document.querySelectorAll('button')].find(b => b.innerText.trim() == 'STEP').click();
  while (canvas.dataset.quarter == before) await new Promise(done => setTimeout(done, 1));
  return performance.now() - start;
}"""


def measure() -> dict[str, Any]:
    """Seconds, milliseconds and megabytes by name."""
    from playwright.sync_api import sync_playwright

    from tests.browser.visit import FLAGS, Server, Visitor, chromium

    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        begun = time.monotonic()
        server = Server(Path(folder) / "log", WORLD, "--design", "institutions.bridging")
        try:
            facts["seconds_to_address"] = round(time.monotonic() - begun, 2)
            visitor = Visitor(browser, server)
            visitor.open()
            facts["seconds_to_first_picture"] = round(time.monotonic() - begun, 2)
            for firms in FIRMS:
                visitor.open(_sized(firms))
                times = [visitor.page.evaluate(_STEP) for _ in range(STEPS)]
                facts[f"ms_step_drawn_{firms}"] = round(statistics.median(times), 1)
                facts[f"quarters_a_second_{firms}"] = round(_played(visitor), 1)
            facts |= _resets(visitor, server)
            facts |= _visitors(browser, server, Visitor)
        finally:
            server.end()
            browser.close()
    return facts


def _sized(firms: int) -> str:
    """The query of a view of so many firms."""
    each = firms // len(COMMUNITIES)
    settings = "&".join(
        "set_a=" + quote(f"communities.{name}.firms = {each}") for name in COMMUNITIES
    )
    return f"?scenario=worlds/four_wine_regions&design_a=institutions.bridging&{settings}"


def _played(visitor: Any) -> float:
    """Quarters a second of a play as fast as it is drawn."""
    visitor.page.locator(".speed").click()
    visitor.page.get_by_role("option", name="as drawn").click()
    first, start = visitor.quarter(), time.monotonic()
    visitor.press("Play")
    visitor.page.wait_for_timeout(2500)
    visitor.press("Pause")
    return (visitor.quarter() - first) / (time.monotonic() - start)


def _resets(visitor: Any, server: Any) -> dict[str, float]:
    import psutil

    process = psutil.Process(server.process.pid)
    visitor.open()
    used = []
    for number in range(4 + RESETS):
        visitor.press("To the end")
        visitor.wait_for_quarter(80)
        visitor.press("Reset")
        visitor.wait_for_quarter(0)
        if number >= 3:
            used.append(process.memory_info().rss / 1e6)
    return {"mb_before_resets": round(used[0]), f"mb_after_{RESETS}_resets": round(used[-1])}


def _visitors(browser: Any, server: Any, visitor_type: Any) -> dict[str, float]:
    """Memory of a class: each of so many pages has its world run to the end."""
    import psutil

    process = psutil.Process(server.process.pid)
    came, used = [], []
    for _ in range(1 + VISITORS):
        came.append(visitor_type(browser, server))
        came[-1].open("?scenario=worlds/four_wine_regions&design_a=institutions.bridging")
        came[-1].press("To the end")
        came[-1].wait_for_quarter(80)
        used.append(process.memory_info().rss / 1e6)
    for each in came:
        each.context.close()
    return {
        "mb_of_one_visitor": round(used[0]),
        "mb_of_each_more": round((used[-1] - used[0]) / VISITORS, 1),
    }


if __name__ == "__main__":
    found = measure()
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' '):<28}{value:>10}")
