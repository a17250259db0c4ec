"""Progress on a terminal, a plain line now and then elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

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
    _tell_if_cold()
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
    said, pace, threads = time.monotonic(), _Pace(), Lock()

    def plain(amount: int) -> None:
        nonlocal said
        with threads:
            pace.add(amount)
            if time.monotonic() - said < _EVERY:
                return
            said = time.monotonic()
            words = [f"{pace.done:,} of {total:,} {unit}", *pace.left(total - pace.done)]
        _say(f"{title}: {', '.join(words)}")

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
    _tell_if_cold()
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


class _Pace:
    """How fast work goes, from the first report to the last.

    What lies before the first report is left out with its amount: loading, compiling, starting processes
    happen once, and an estimate that counted them would promise too long a wait.
    """

    def __init__(self) -> None:
        self.done, self._first, self._from, self._last = 0, 0, 0.0, 0.0

    def add(self, amount: int) -> None:
        self._last = time.monotonic()
        if not self.done:
            self._first, self._from = amount, self._last
        self.done += amount

    def rate(self) -> float:
        """Amount a second; 0 as long as nobody can know."""
        seconds = self._last - self._from
        return (self.done - self._first) / seconds if seconds > 0 else 0.0

    def left(self, amount: int) -> list[str]:
        """How long so much will take, in words; nothing if nothing is left, or as long as nobody can know."""
        rate = self.rate()
        return [f"{_long(amount / rate)} left"] if rate and amount > 0 else []


class _Count:
    """Runs done of a total, in words."""

    def __init__(self, total: int) -> None:
        self.total, self.pace = total, _Pace()
        self.done = self.found = self.failed = 0

    def add(self, runs: int, failed: int, found: bool) -> None:
        self.done += runs
        self.failed += failed
        if found:
            self.found += runs
        else:
            self.pace.add(runs)

    def __str__(self) -> str:
        # a search finishes the round that it has begun, and then does more than it was asked for
        words = [f"{self.done:,} of {max(self.done, self.total):,} runs"]
        if self.found:
            words.append(f"{self.found:,} of them there already")
        if rate := self.pace.rate():
            words += [f"{rate:,.3g} a second", *self.pace.left(self.total - self.done)]
        points = "point" if self.failed == 1 else "points"
        words.append(f"{self.failed:,} {points} failed" if self.failed else "none failed")
        return ", ".join(words)


def _long(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _tell_if_cold() -> None:
    from model.compiler import cold

    if cold():
        _say("Compiling the model (once; some twenty seconds) ...")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
