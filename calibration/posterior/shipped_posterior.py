"""What the repository keeps of the calibration: which numbers are free, and draws of the posterior.

Both are remade by ``uv run run.py calibrate --screen --keep``; what the draws and its scores tell of each
cluster's components of collective efficiency by ``uv run run.py calibrate --components --keep``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.prior.translation import components
from model.provenance import DOOR
from model.scenario.faults import Fault, InputError, show_path

FOLDER = Path(__file__).parent
COMPONENTS = "components"
"""Name of the table of components."""


def shipped_screening() -> pd.DataFrame:
    """The screening that the repository holds; InputError where it is not there."""
    file = FOLDER / "screening.csv"
    if not file.exists():
        hint = f"make it with: {DOOR} calibrate --screen --keep"
        raise InputError(Fault(show_path(file), "", "", "is not there", hint))
    return pd.read_csv(file)


def shipped_posterior(draws: int | None = None) -> pd.DataFrame:
    """That many draws of the posterior that the repository holds, evenly spaced; default: all.

    There may be fewer. Columns are dotted keys. Raises InputError where the file is not there.
    """
    file = FOLDER / "posterior.csv"
    if not file.exists():
        hint = f"make it with: {DOOR} calibrate --keep"
        raise InputError(Fault(show_path(file), "", "", "is not there", hint))
    sample = pd.read_csv(file)
    wanted = len(sample) if draws is None else min(draws, len(sample))
    chosen = np.linspace(0, len(sample) - 1, wanted).astype(int)
    return sample.iloc[chosen].reset_index(drop=True)


def shipped_components(case: str) -> pd.DataFrame:
    """What the repository holds of a cluster's components, one by one: rows of ``component_rows``.

    None for a cluster without a score.
    """
    file = FOLDER / f"{COMPONENTS}.csv"
    if not file.exists():
        hint = f"make it with: {DOOR} calibrate --components --keep"
        raise InputError(Fault(show_path(file), "", "", "is not there", hint))
    table = pd.read_csv(file)
    there = (table["case"] == case) & table["component"].isin(components())
    return table[there].reset_index(drop=True)


def shipped_medians() -> dict[str, float]:
    """Median of each number of the posterior that the repository holds, by its key.

    The lower of the two in the middle, so that a whole number stays one.
    """
    middle = shipped_posterior().quantile(0.5, interpolation="lower")
    return {str(key): float(value) for key, value in middle.items()}
