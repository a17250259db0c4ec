"""What the tests of the page are made of: the server in a process of its own, and visitors.

The browser is the system's Chromium (``apt-get install chromium``), or what ``CHROMIUM`` names.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
START = 180.0  # seconds that a server may take on a machine that compiles first and has other work
PATIENCE = 90_000.0  # milliseconds for anything on the page, on a machine that has other work


def chromium() -> str | None:
    """The browser's program, if there is one."""
    wanted = os.environ.get("CHROMIUM")
    return wanted or next((path for name in NAMES if (path := shutil.which(name))), None)


class Server:
    """``run.py view`` on a free port; ``url`` ends in a slash."""

    def __init__(self, log: Path, *arguments: str) -> None:
        self.log = log
        command = [sys.executable, "run.py", "view", "--port", "0", "--no-browser", *arguments]
        with log.open("w") as err:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=err, text=True
            )
        impatient = threading.Timer(START, self.process.kill)
        impatient.start()
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        impatient.cancel()
        if not self.url.startswith("http"):
            pytest.fail(f"the viewer did not start: {self.url}\n{log.read_text()[-2000:]}")

    def end(self) -> str:
        """End it as Ctrl+C does; what it said on the way."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return self.log.read_text()


class Visitor:
    """One person at the page; ``trouble`` is what a console or the network complained of."""

    def __init__(self, browser: Any, server: Server) -> None:
        self.server = server
        self.context = browser.new_context(viewport={"width": 1500, "height": 1300})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.trouble.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.trouble.append(f"{response.status}: {response.url}")

    def _request(self, request: Any) -> None:
        here = self.server.url
        if not request.url.startswith((here, here.replace("http", "ws", 1), "data:", "blob:")):
            self.trouble.append(f"leaves the machine: {request.url}")

    def open(self, query: str = "") -> None:
        """The page, up to its first picture."""
        self.page.goto(self.server.url + query)
        self.page.wait_for_selector("canvas[data-frame]", timeout=START * 1000)

    def button(self, name: str) -> Any:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Click a button."""
        self.button(name).click()

    def section(self, name: str) -> None:
        """Open a section of levers."""
        self.page.locator(".v-expansion-panel-header", has_text=name).click()

    def wait_for_quarter(self, quarter: int) -> None:
        """Until all canvases and time series have drawn a quarter."""
        self.page.wait_for_function(
            """quarter => {
              const maps = [...document.querySelectorAll('canvas[data-quarter]')];
              const charts = [...document.querySelectorAll('.hr-charts svg')]
                .map(chart => chart.getAttribute('aria-label').match(/, quarter (\\d+):/))
                .filter(found => found);
              return maps.length && maps.every(map => map.dataset.quarter == quarter) &&
                charts.every(found => found[1] == quarter);
            }""",
            arg=str(quarter),
        )

    def quarter(self) -> int:
        """The quarter that the first canvas has drawn."""
        return int(self.page.locator("canvas").first.get_attribute("data-quarter"))

    def charts(self) -> list[str]:
        """What the charts say, as a screen reader would."""
        found = self.page.locator(".hr-charts svg").evaluate_all(
            "all => all.map(x => x.getAttribute('aria-label'))"
        )
        return list(found)
