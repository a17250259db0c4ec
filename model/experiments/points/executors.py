"""Who evaluates points: this process, its threads, or processes of its own. What comes out is the same.

An executor takes chunks as it has hands for them and gives back results as they are finished. A point
that fails is a result; a process that dies loses the chunks in flight, which are tried again, alone.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from model.experiments.points.evaluate import evaluate
from model.experiments.points.point import Point
from model.experiments.points.store import Result

Chunk = tuple[Point, ...]
DIED = "the process that ran it died (killed, or out of memory)"
_DEATHS = 2  # of a process that runs nothing but one point, before the point counts as failed


class Executor(Protocol):
    """Evaluates chunks in any order; closing the iterator ends what is running."""

    def results(self, chunks: Iterator[Chunk]) -> Iterator[list[Result]]:
        """Results of a chunk at a time, as they are finished."""


class _Ended(BaseException):
    """Raised within the engine to end it."""


def work(
    chunk: Sequence[Point], workers: int = 1, look: Callable[[], None] = lambda: None
) -> list[Result]:
    """Evaluate a chunk; if that fails, its points one by one, to find which and why."""
    try:
        parts = evaluate(chunk, workers, look)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other points go on
        if len(chunk) == 1:
            return [Result(chunk[0].key, {}, describe(error))]
        return [result for point in chunk for result in work((point,), workers, look)]
    return [Result(point.key, kept) for point, kept in zip(chunk, parts, strict=True)]


def describe(error: BaseException) -> str:
    """An error in one line."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:500]


class Threads:
    """Threads of this process: ready at once."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def results(self, chunks: Iterator[Chunk]) -> Iterator[list[Result]]:
        """As ``Executor``."""
        stop = threading.Event()

        def look() -> None:
            if stop.is_set():
                raise _Ended

        pool = ThreadPoolExecutor(self.workers)
        running: set[Future[list[Result]]] = set()
        try:
            for chunk in chunks:
                running.add(pool.submit(work, chunk, 1, look))
                if len(running) > self.workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


class Processes:
    """Processes of their own: they share no interpreter, and one that dies takes no other with it."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._context = multiprocessing.get_context("spawn")

    def results(self, chunks: Iterator[Chunk]) -> Iterator[list[Result]]:
        """As ``Executor``."""
        stop = self._context.Event()
        running: dict[Future[list[Result]], Chunk] = {}
        suspects: deque[Chunk] = deque()  # in flight when a process died: now run alone
        deaths: Counter[str] = Counter()
        pool = self._pool(stop)
        chunk = next(chunks, None)
        try:
            while chunk or running or suspects:
                lost: list[Chunk] = []
                broken = False
                try:
                    if suspects and not running:
                        running[pool.submit(_in_child, suspects[0])] = suspects[0]
                        suspects.popleft()
                    while chunk and not suspects and len(running) < 2 * self.workers:
                        running[pool.submit(_in_child, chunk)] = chunk
                        chunk = next(chunks, None)
                except BrokenProcessPool:  # a process died meanwhile: what it was at will say so
                    broken = True
                    lost += running.values()
                    running.clear()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    finished = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:  # whatever else was in flight is lost too
                        broken = True
                        lost += [finished, *running.values()]
                        running.clear()
                        break
                if broken:
                    pool.shutdown(wait=False)
                    pool = self._pool(stop)
                    for each in lost:
                        failed, again = judged(each, len(lost) == 1, deaths)
                        suspects += again
                        if failed:
                            yield failed
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)

    def _pool(self, stop: object) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, self._context, _begin, (stop,))


def judged(chunk: Chunk, alone: bool, deaths: Counter[str]) -> tuple[list[Result], list[Chunk]]:
    """What to make of a chunk whose process died: points that failed, and chunks to try alone."""
    if not alone:
        return [], [chunk]
    if len(chunk) > 1:
        return [], [(point,) for point in chunk]
    deaths[chunk[0].key] += 1
    if deaths[chunk[0].key] < _DEATHS:
        return [], [chunk]
    return [Result(chunk[0].key, {}, DIED)], []


_STOP: list = []  # in a child: the event that its parent sets to end it


def _begin(stop: object) -> None:
    """A child leaves interrupts to its parent, and goes when the parent is gone."""
    _STOP[:] = [stop]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    # results are with the parent: to take the interpreter apart would be half a second for nobody
    atexit.register(os._exit, 0)


def _in_child(chunk: Chunk) -> list[Result]:
    def look() -> None:
        if _STOP[0].is_set():
            raise KeyboardInterrupt

    return work(chunk, 1, look)
