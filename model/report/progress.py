"""Progress on a terminal, a plain line now and then elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY = 60.0  # seconds between plain lines


@contextmanager
def progress(
    title: str, total: int, quiet: bool = False, unit: str = "run-quarters"
) -> Iterator[Callable[[int], None]]:
    """Yields a function that is told how many units were just finished; thread-safe.

    Goes to standard error, so that standard output holds results only.
    """
    if quiet:
        yield lambda amount: None
        return
    from model.compiler import cold

    if cold():
        _say("Compiling the model (once; about half a minute) ...")
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn(f"{{task.completed:,.0f}}/{{task.total:,.0f}} {unit}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(title, total=total)
            yield lambda amount: bars.advance(task, amount)
        return
    state = {"done": 0, "start": time.monotonic(), "said": time.monotonic()}

    def plain(amount: int) -> None:
        state["done"] += amount
        now = time.monotonic()
        if now - state["said"] < _EVERY:
            return
        state["said"] = now
        rate = state["done"] / (now - state["start"])
        left = (total - state["done"]) / rate if rate else float("inf")
        _say(f"{title}: {state['done']:,} of {total:,} {unit}, {left:,.0f} s left")

    _say(f"{title}: {total:,} {unit} ...")
    yield plain


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
