"""How many pages are open, and what memory they take: told on the terminal of a server that others use."""

from __future__ import annotations

import threading
from collections.abc import Callable

from model.language import ENGLISH, speaking
from model.wording.numbers import counted


class Visitors:
    """Counts pages that have drawn their first picture. ``say`` hears of each new most."""

    def __init__(self, say: Callable[[str], None] | None = None) -> None:
        self._say = say
        self._lock = threading.Lock()
        self._open = self._most = 0
        self._alone = 0.0  # MB with the first page, which all that is loaded once came with

    def came(self) -> None:
        """A page has drawn its first picture."""
        with self._lock:
            self._open += 1
            if self._open <= self._most:
                return
            self._most, pages = self._open, self._open
            used = memory()
            self._alone = self._alone or used
        if self._say:
            each = max(0.0, used - self._alone) / (pages - 1) if pages > 1 else 0.0
            more = f", about {each:.0f} MB for each after the first" if pages > 1 else ""
            with speaking(ENGLISH):  # as all that the terminal says
                self._say(f"{counted(pages, 'page')} open, {used:.0f} MB in all{more}.")

    def left(self) -> None:
        """A page is closed, or forgotten."""
        with self._lock:
            self._open -= 1


def memory() -> float:
    """MB that this process holds."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6
