"""Fits side by side in processes, kept on disk one by one.

A fit is a pure function of its arguments and its name, so neither order nor number of workers changes
a byte: linear algebra runs on one thread in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

Fit = Callable[..., dict[str, np.ndarray]]


def fit_all(
    fit: Fit,
    jobs: Sequence[tuple[str, tuple[Any, ...]]],
    folder: Path,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> dict[str, dict[str, np.ndarray]]:
    """The arrays of each job (name, arguments), from ``folder`` where they are there already.

    ``fit`` is a function of a module. ``done`` is told of each job.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.npz" for name, _ in jobs}
    missing = [(name, arguments) for name, arguments in jobs if not files[name].exists()]

    def tell(number: int) -> None:
        if done and number:
            done(number)

    tell(len(jobs) - len(missing))
    if workers == 1 or len(missing) < 2:
        for name, arguments in missing:
            _work(fit, files[name], arguments)
            tell(1)
    else:
        pool = ProcessPoolExecutor(min(workers, len(missing)), get_context("spawn"))
        try:
            work = [pool.submit(_work, fit, files[name], arguments) for name, arguments in missing]
            for finished in as_completed(work):
                finished.result()
                tell(1)
        finally:
            pool.shutdown(cancel_futures=True)
    return {name: dict(np.load(files[name])) for name, _ in jobs}


def _work(fit: Fit, file: Path, arguments: tuple[Any, ...]) -> None:
    with threadpool_limits(1):
        found = fit(*arguments)
    beside = file.with_name(f".{file.name}")
    with beside.open("wb") as out:
        np.savez_compressed(out, **dict[str, Any](found))
    beside.replace(file)
