"""Fits side by side in processes, kept one by one.

A fit is a pure function of its arguments, so neither order nor number of workers changes a byte: linear
algebra runs on one thread in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from calibration.posterior.array_cache import load_arrays, save_arrays
from model.experiments.points.store import Store

Fit = Callable[..., dict[str, np.ndarray]]
FitJob = tuple[str, tuple[Any, ...]]
"""The key under which a fit is kept, and the arguments of the fit."""


def fit_all(
    fit: Fit,
    jobs: Sequence[FitJob],
    store: Store,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> dict[str, dict[str, np.ndarray]]:
    """The arrays of each job by key, from the store where they are there already.

    ``fit`` is a function of a module. ``done`` is told of each job.
    """
    found = {key: arrays for key, _ in jobs if (arrays := load_arrays(store, key)) is not None}
    if done and found:
        done(len(found))
    for key, arrays in _fitted(fit, [job for job in jobs if job[0] not in found], workers):
        save_arrays(store, key, arrays)
        found[key] = arrays
        if done:
            done(1)
    return found


def _fitted(
    fit: Fit, jobs: Sequence[FitJob], workers: int
) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Each job as it is finished."""
    if workers == 1 or len(jobs) < 2:
        for key, arguments in jobs:
            yield key, _alone(fit, arguments)
        return
    pool = ProcessPoolExecutor(min(workers, len(jobs)), get_context("spawn"))
    try:
        work = {pool.submit(_alone, fit, arguments): key for key, arguments in jobs}
        for finished in as_completed(work):
            yield work[finished], finished.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(fit: Fit, arguments: tuple[Any, ...]) -> dict[str, np.ndarray]:
    with threadpool_limits(1):
        return fit(*arguments)
