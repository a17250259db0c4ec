"""Studies over seeds and draws of the model's numbers, kept as they are finished so that they resume.

A batch is a few replicates of one study at one draw. Its key is made of all that decides its result and of
nothing else: not of what was published, of which the simulation knows nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.compiler import let_keys_wrap
from model.experiments.factors import Draw
from model.experiments.points.runner import StoppedError
from model.experiments.points.store import Result, Store
from model.experiments.trials.replay import Replayed, replay
from model.experiments.trials.trial_file import TrialFile
from model.provenance import points_digest
from model.scenario.faults import show_key, show_path
from model.scenario.schema import Scenario

SEEDS = 504
"""Replicates of a study by default: 63 draws, 8 replicates of each."""
QUICK = 48
BATCH = 8
_FOUND, _COST = "found", "cost"
_PROSE = ("title", "source", "used_to_set", "out_of_scope", "readings", "headline", "sweep")


@dataclass(frozen=True)
class Batch:
    """Replicates ``first`` to ``first + count - 1`` of a study at a draw, or at the file's numbers."""

    trial: TrialFile
    draw: Draw | None
    seed: int | None
    first: int
    count: int

    @cached_property
    def key(self) -> str:
        """sha256 of all that decides the result."""
        plain = self.trial.model_dump(mode="json", exclude=set(_PROSE))
        for outcome in plain["outcomes"].values():
            del outcome["published"]
        content = {
            "trial": plain,
            "draw": [[show_key(key), value] for key, value in self.draw.values]
            if self.draw
            else [],
            "seed": self.seed,
            "replicates": [self.first, self.count],
            "version": points_digest(),
        }
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def scenario(self) -> Scenario:
        """The world at the draw and seed."""
        world = self.trial.world
        if self.draw:
            world = world.with_values({show_key(key): value for key, value in self.draw.values})
        if self.seed is not None:
            world = world.with_values({"run.seed": self.seed})
        return world

    def run(self) -> Result:
        """Simulate and estimate."""
        done = replay(self.trial, self.scenario, range(self.first, self.first + self.count))
        parts = {_FOUND: done.found, _COST: done.cost}
        packed = {name: values.astype("<f8").tobytes() for name, values in parts.items()}
        return Result(self.key, packed)


def batches_of(
    trial: TrialFile, draws: Sequence[Draw], seeds: int, seed: int | None = None
) -> list[Batch]:
    """The batches of a study: draws in turn, each with replicates of its own."""
    firsts = range(0, seeds, BATCH)
    chosen = _spread(draws, len(firsts))
    return [
        Batch(trial, chosen[n] if chosen else None, seed, first, min(BATCH, seeds - first))
        for n, first in enumerate(firsts)
    ]


def _spread(draws: Sequence[Draw], number: int) -> list[Draw]:
    """``number`` draws, evenly spaced over those that there are."""
    if not draws:
        return []
    return [draws[n * len(draws) // number] for n in range(number)]


def run_batches(
    batches: Sequence[Batch],
    store: Store,
    workers: int = 1,
    tell: Callable[[int, int, bool], None] = lambda runs, failed, found: None,
) -> int:
    """Run the batches that a store lacks and keep each as it ends; how many there were already.

    Raises StoppedError when interrupted: what had ended is kept.
    """
    known = store.known()
    spoilt = frozenset(store.damaged(batch.key for batch in batches if batch.key in known))
    store.discard(spoilt)
    todo = {b.key: b for b in batches if b.key not in known or b.key in spoilt}
    there = {b.key: b for b in batches if b.key not in todo}
    if there:
        tell(sum(batch.count for batch in there.values()), 0, True)
    pool = ThreadPoolExecutor(workers, initializer=let_keys_wrap)
    try:
        running = {pool.submit(batch.run): batch for batch in todo.values()}
        for finished in as_completed(running):
            store.put([finished.result()])
            tell(running[finished].count, 0, False)
    except KeyboardInterrupt:
        pool.shutdown(cancel_futures=True)
        kept = sum(batch.key in store.known() for batch in batches)
        raise StoppedError(
            f"Interrupted. {kept:,} of {len(batches):,} batches are kept in "
            f"{show_path(store.path)}; the same command goes on from there."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
    return len(there)


def results_of(batches: Sequence[Batch], store: Store) -> Replayed:
    """What a study's batches found, all replicates together."""
    trial = batches[0].trial
    parts: Mapping[str, int] = {_FOUND: len(trial.outcomes), _COST: len(trial.arms)}
    found, cost = (
        np.concatenate([*_read(batches, store, name, rows)]) for name, rows in parts.items()
    )
    return Replayed(found, cost)


def _read(batches: Sequence[Batch], store: Store, name: str, rows: int) -> Iterator[np.ndarray]:
    for batch in batches:
        packed = np.frombuffer(store.part(batch.key, name), "<f8")
        yield packed.reshape(batch.count, rows, 4)
