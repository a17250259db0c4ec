"""Sweeps: a world under many combinations of values, and what came of it as one tidy table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from model.experiments.design_table import design_of
from model.experiments.points.point_tables import tidy
from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.experiments.sweep_file import load_sweep
from model.scenario.arguments import whole, whole_or_none


def sweep(
    path: Path | str,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    store: Path | str | None = None,
) -> pd.DataFrame:
    """Run a sweep file and return its tidy table (see ``points.point_tables.tidy``).

    ``store``: a file that keeps finished points and resumes from them; default: kept nowhere.
    """
    replicates, seed = whole_or_none("replicates", replicates, 1), whole_or_none("seed", seed)
    workers = whole("workers", workers, 1)
    loaded = load_sweep(path, (), replicates, seed)
    with opened(store) as kept:
        run_points(loaded.points, kept, workers)
        return tidy(loaded.points, kept, design_of(loaded))
