"""What the clusters reach at given numbers: many points of the parameter space, each run once or more.

Points are run in chunks, over threads. A finished chunk is one file, written beside its name and moved
there, so a run that is killed begins again where it stopped. Point number i takes replicate i (or
replicates i r ... of r), so that chance does not repeat from point to point, and the result of a point
depends neither on its chunk nor on the number of workers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.evidence import DIMENSIONS
from calibration.prior import lay
from model.compiler import let_keys_wrap
from model.engine.ensemble import Ensemble
from model.provenance import calibration_digest
from model.scenario import Scenario
from model.theory.interaction import CHANNELS
from model.theory.practices import DIMENSIONS as ORDER
from model.theory.practices import PER_RUNG, PRACTICES
from model.world.build import build

LEADING = 0.2  # the share of firms that are called leading
_CHUNK = 16  # points
_COLUMNS = [ORDER.index(dimension) for dimension in DIMENSIONS]


@dataclass(frozen=True)
class Points:
    """What was asked: numbers at ``keys`` for each point, ``values`` (points, keys)."""

    scenarios: tuple[Scenario, ...]
    keys: tuple[str, ...]
    values: np.ndarray
    replicates: int = 1
    first: int = 0  # replicate of the first point

    def digest(self) -> str:
        """Names what was asked and the model that is to answer."""
        said = hashlib.sha256(calibration_digest().encode())
        for scenario in self.scenarios:
            said.update(scenario.model_dump_json().encode())
        said.update(repr((self.keys, self.replicates, self.first)).encode())
        said.update(np.ascontiguousarray(self.values).tobytes())
        return said.hexdigest()[:16]


@dataclass(frozen=True)
class Outcomes:
    """What was found in the last quarter of each run.

    ``scores``: (points, replicates, clusters, 4 dimensions, 2) in score points 0-3, of the mean firm and
    of the mean of the leading firms; dimensions in the order of ``evidence.DIMENSIONS``.
    ``channels``: (points, replicates, clusters, 4, channels), practices mastered over the run.
    """

    scores: np.ndarray
    channels: np.ndarray


def simulate_points(
    points: Points,
    folder: Path,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> Outcomes:
    """Run all points that ``folder`` does not hold yet; ``done`` hears of run-quarters."""
    place = folder / points.digest()
    place.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(points.values), _CHUNK)
    files = {start: place / f"points_{start:06d}.npz" for start in starts}
    missing = [start for start in starts if not files[start].exists()]
    quarters = points.replicates * sum(s.run.ticks for s in points.scenarios)

    def told(start: int) -> None:
        if done:
            done(quarters * min(_CHUNK, len(points.values) - start))

    for start in starts:
        if start not in missing:
            told(start)
    for start in _run(points, missing, files, workers):
        told(start)
    parts = [np.load(files[start]) for start in starts]
    return Outcomes(
        np.concatenate([part["scores"] for part in parts]).astype(float),
        np.concatenate([part["channels"] for part in parts]),
    )


def _run(
    points: Points, missing: Sequence[int], files: dict[int, Path], workers: int
) -> Iterator[int]:
    """Run chunks and write them; yields each as it is done."""
    pool = ThreadPoolExecutor(workers, initializer=let_keys_wrap)
    try:
        work = {pool.submit(_work, points, start, files[start]): start for start in missing}
        for finished in as_completed(work):
            finished.result()
            yield work[finished]
    finally:
        pool.shutdown(cancel_futures=True)


def _work(points: Points, start: int, file: Path) -> None:
    _write(file, _chunk(points, start))


def _write(file: Path, found: dict[str, np.ndarray]) -> None:
    beside = file.with_name(f".{file.stem}-{os.getpid()}.npz")
    np.savez_compressed(beside, **dict[str, Any](found))
    beside.replace(file)


def _chunk(points: Points, start: int) -> dict[str, np.ndarray]:
    scores, channels = [], []
    for number in range(start, min(start + _CHUNK, len(points.values))):
        at = points.first + number * points.replicates
        values = dict(zip(points.keys, points.values[number].tolist(), strict=True))
        try:
            found = run_point(lay(points.scenarios, values), range(at, at + points.replicates))
        except (ValueError, ArithmeticError):  # a bad point is told by NaN and ends nothing
            found = _nothing(points)
        scores.append(found[0])
        channels.append(found[1])
    return {
        "scores": np.stack(scores).astype(np.float32),
        "channels": np.stack(channels).astype(np.uint16),
    }


def _nothing(points: Points) -> tuple[np.ndarray, np.ndarray]:
    shape = points.replicates, len(points.scenarios), len(DIMENSIONS)
    return np.full((*shape, 2), np.nan), np.zeros((*shape, len(CHANNELS)))


def run_point(scenarios: tuple[Scenario, ...], replicates: range) -> tuple[np.ndarray, np.ndarray]:
    """Scores (replicates, clusters, 4, 2) and channels (replicates, clusters, 4, channels)."""
    ticks = scenarios[0].run.ticks
    ensemble = Ensemble(build(scenarios, replicates), ticks)
    ensemble.advance(ticks)
    shape = (len(scenarios), len(replicates))
    series = ensemble.series.reshape(*shape, ticks)  # a case is one community
    levels = series["levels"][:, :, -1][:, :, _COLUMNS]
    gained = series["gained"].sum(axis=2)[:, :, _COLUMNS]
    assert gained.shape[-1] == len(CHANNELS)
    scores = np.stack([mean_firm(levels), mean_leading(levels)], axis=-1)
    return scores.swapaxes(0, 1), gained.swapaxes(0, 1)


def mean_firm(levels: np.ndarray) -> np.ndarray:
    """Mean score over firms; levels: (..., practices + 1) firms by practices mastered.

    0 where no firm is left: nobody upgraded.
    """
    firms = np.maximum(levels.sum(axis=-1), 1)
    return levels @ np.arange(PRACTICES + 1) / (PER_RUNG * firms)


def mean_leading(levels: np.ndarray, share: float = LEADING) -> np.ndarray:
    """Mean score of the most able ``share`` of firms; 0 where no firm is left."""
    wanted = share * levels.sum(axis=-1, keepdims=True)
    above = levels[..., ::-1].cumsum(axis=-1)
    taken = np.minimum(above, wanted) - np.minimum(above - levels[..., ::-1], wanted)
    total = taken @ np.arange(PRACTICES, -1, -1)
    return total / (PER_RUNG * np.maximum(wanted[..., 0], 1e-9))
