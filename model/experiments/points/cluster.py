"""A Dask cluster evaluates points: any that has an address, with this project on its workers.

``dask`` and ``distributed`` are an extra of the project. The workers must run the same version of the
model, which each says with its results; chunks are sent as they are asked for, so that a scheduler
with a thousand workers holds a few thousand chunks.
"""

from __future__ import annotations

import gc
import logging
from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from model.experiments.points.executors import Chunk, judged, work
from model.experiments.points.store import Result
from model.provenance import source_digest
from model.scenario.faults import Fault, InputError

_AHEAD = 2  # chunks a thread of the cluster: one that runs, one that waits
_PATIENCE = 30  # seconds to wait for a scheduler, and for its first worker


def _work(chunk: Chunk) -> tuple[str, list[Result]]:
    _settle()
    return source_digest(), work(chunk)


@cache
def _settle() -> None:
    """Let Python look for garbage among what a worker has loaded once, and not again during its points.

    There are a quarter of a million things, most of them Dask's: each look holds the points up for .15 s.
    """
    gc.collect()
    gc.freeze()


class Cluster:
    """The workers of a Dask scheduler. Raises InputError if it can't be used."""

    def __init__(self, on: str) -> None:
        self.on = on
        kind, _, self.address = on.partition("=")
        if kind != "dask" or not self.address:
            hint = "write e.g. --on dask=tcp://127.0.0.1:8786"
            raise self._fault("must be dask=ADDRESS, the address of a Dask scheduler", hint)
        try:
            import distributed
        except ImportError:
            hint = 'install it with: uv sync --extra dask (or pip install "dask[distributed]")'
            raise self._fault("needs the package distributed, which is missing", hint) from None
        self._dask: Any = distributed

    def results(self, chunks: Iterator[Chunk]) -> Iterator[list[Result]]:
        """As ``Executor``."""
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        client = self._connected()
        try:
            yield from self._results(client, chunks)
        except (self._dask.client.FutureCancelledError, OSError):
            hint = "start it again; the same command goes on from what is kept"
            raise self._fault("the scheduler went away", hint) from None
        finally:
            client.close(timeout=5)

    def _connected(self) -> Any:
        try:
            client = self._dask.Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, MemoryError) as error:  # what answers may be no scheduler
            allowed = f"no Dask scheduler answers there ({type(error).__name__})"
            raise self._fault(allowed, "start one with: dask scheduler") from None
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, TimeoutError):
            client.close(timeout=5)
            hint = f"start one with: uv run dask worker {self.address}"
            raise self._fault("the scheduler has no workers", hint) from None
        return client

    def _results(self, client: Any, chunks: Iterator[Chunk]) -> Iterator[list[Result]]:
        running: dict[Any, Chunk] = {}
        suspects: deque[Chunk] = deque()
        deaths: Counter[str] = Counter()
        finished = self._dask.as_completed(loop=client.loop)
        fresh = True

        def send(chunk: Chunk) -> None:
            future = client.submit(_work, chunk, pure=False)
            running[future] = chunk
            finished.add(future)

        while fresh or running or suspects:
            if suspects and not running:
                send(suspects.popleft())
            while fresh and not suspects and len(running) < _AHEAD * self._threads(client):
                chunk = next(chunks, None)
                fresh = chunk is not None
                if chunk is not None:
                    send(chunk)
            if not running:
                continue
            future = next(finished)
            chunk = running.pop(future)
            alone = not running
            try:
                found, results = future.result()
            except self._dask.scheduler.KilledWorker:
                failed, again = judged(chunk, alone, deaths)
                suspects += again
                if failed:
                    yield failed
                continue
            if found != source_digest():
                allowed = (
                    f"its workers run another version of the model ({found}, not {source_digest()})"
                )
                raise self._fault(allowed, "install there what is installed here")
            yield results

    def _threads(self, client: Any) -> int:
        return max(1, sum(client.nthreads().values()))

    def _fault(self, allowed: str, hint: str) -> InputError:
        return InputError(Fault("", "--on", self.on, allowed, hint))
