"""One server and one browser for all tests of the page; no test may end with trouble in the console."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visit import FLAGS, ROOT, Server, Visitor, chromium

SMALL = """
title = "A small world"
extends = "SCENARIOS/worlds/four_wine_regions.toml"
run.ticks = 24
communities.valley.firms = 20
communities.foothills.firms = 20
communities.oasis.firms = 20
communities.highland.firms = 20
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario file of 80 firms and six years, beside the library."""
    path = tmp_path_factory.mktemp("world") / "small.toml"
    path.write_text(SMALL.replace("SCENARIOS", (ROOT / "scenarios").as_posix()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, small: Path, browser: Any) -> Iterator[Server]:
    """The viewer on the small world. Nothing it logs may be a traceback."""
    running = Server(tmp_path_factory.mktemp("viewer") / "log", str(small))
    yield running
    said = running.end()
    assert "Traceback" not in said, said[-3000:]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    found = chromium()
    if not found:
        pytest.skip(
            "no Chromium on this machine: apt-get install chromium, or name one in CHROMIUM"
        )
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright: uv run --group dev pytest"
    )
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=found, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def visitors(browser: Any, server: Server) -> Iterator[list[Visitor]]:
    """As many visitors as a test appends; no trouble may come to any."""
    came: list[Visitor] = []
    yield came
    for visitor in came:
        visitor.context.close()
    assert [visitor.trouble for visitor in came] == [[] for _ in came]


@pytest.fixture
def visitor(browser: Any, server: Server, visitors: list[Visitor]) -> Visitor:
    """One visitor, at the first picture of the small world."""
    one = Visitor(browser, server)
    visitors.append(one)
    one.open()
    return one
