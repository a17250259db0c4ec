"""What the repository keeps of the calibration: which numbers are free, and draws of the posterior.

Both are remade by ``uv run run.py calibrate --screen --keep``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from model.scenario.faults import Fault, InputError, show_path

FOLDER = Path(__file__).parent


def shipped_screening() -> pd.DataFrame:
    """The screening that the repository holds; InputError where it is not there."""
    file = FOLDER / "screening.csv"
    if not file.exists():
        hint = "make it with: uv run run.py calibrate --screen --keep"
        raise InputError(Fault(show_path(file), "", "", "is not there", hint))
    return pd.read_csv(file)


def shipped_posterior(draws: int) -> pd.DataFrame:
    """That many draws of the posterior that the repository holds, evenly spaced; all if there are fewer.

    Columns are dotted keys. Raises InputError where the file is not there.
    """
    file = FOLDER / "posterior.csv"
    if not file.exists():
        hint = "make it with: uv run run.py calibrate --keep"
        raise InputError(Fault(show_path(file), "", "", "is not there", hint))
    sample = pd.read_csv(file)
    chosen = np.linspace(0, len(sample) - 1, min(draws, len(sample))).astype(int)
    return sample.iloc[chosen].reset_index(drop=True)
