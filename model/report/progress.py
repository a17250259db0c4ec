"""Progress on a terminal, a plain line now and then elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from model.wording.markup import plain_console

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
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn(f"{{task.completed:,.0f}}/{{task.total:,.0f}} {unit}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=plain_console(stderr=True), transient=True) as bars:
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


@contextmanager
def counted_runs(
    title: str, total: int, quiet: bool = False
) -> Iterator[Callable[[int, int, bool], None]]:
    """Yields a function that hears of runs finished and points failed (``points.runner.Tell``).

    Says how many are done, how fast, how long it will take and how much has failed so far.
    """
    if quiet:
        yield lambda runs, failed, found: None
        return
    from model.compiler import cold

    if cold():
        _say("Compiling the model (once; about half a minute) ...")
    count = _Count(total)
    if sys.stderr.isatty():
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[counts]}", markup=False),
        )
        with Progress(*columns, console=plain_console(stderr=True), transient=True) as bars:
            task = bars.add_task(title, total=total, counts=str(count))

            def show(runs: int, failed: int, found: bool) -> None:
                count.add(runs, failed, found)
                bars.update(task, completed=count.done, counts=str(count))

            yield show
        return

    said = time.monotonic()
    _say(f"{title}: {total:,} runs ...")

    def plain(runs: int, failed: int, found: bool) -> None:
        nonlocal said
        count.add(runs, failed, found)
        if found or time.monotonic() - said > _EVERY:
            said = time.monotonic()
            _say(f"{title}: {count}")

    yield plain


class _Count:
    """Runs done of a total, in words."""

    def __init__(self, total: int) -> None:
        self.total, self.start = total, time.monotonic()
        self.done = self.found = self.failed = 0

    def add(self, runs: int, failed: int, found: bool) -> None:
        self.done += runs
        self.failed += failed
        self.found += runs if found else 0

    def __str__(self) -> str:
        words = [f"{self.done:,} of {self.total:,} runs"]
        if self.found:
            words.append(f"{self.found:,} of them there already")
        rate = (self.done - self.found) / max(1e-9, time.monotonic() - self.start)
        if self.done > self.found:
            words.append(f"{rate:,.3g} a second")
            words.append(f"{_long((self.total - self.done) / rate)} left")
        points = "point" if self.failed == 1 else "points"
        words.append(f"{self.failed:,} {points} failed" if self.failed else "none failed")
        return ", ".join(words)


def _long(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
