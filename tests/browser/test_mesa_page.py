"""``view --plain``: Mesa's own page on the same model still works."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visit import Server, Visitor


@pytest.fixture
def plain(tmp_path: Path, small: Path, browser: Any) -> Iterator[Server]:
    running = Server(tmp_path / "log", str(small), "--plain")
    yield running
    assert "Traceback" not in running.end()


def test_the_stock_page_steps_and_resets(browser: Any, plain: Server):
    visitor = Visitor(browser, plain)
    visitor.open()
    for quarter in (1, 2):
        visitor.press("Step")
        visitor.wait_for_quarter(quarter)
    visitor.press("Reset")
    visitor.wait_for_quarter(0)
    visitor.context.close()
    assert visitor.trouble == []
