"""Tallies by hand: rows of the series with only what a test needs in them."""

from typing import Any

import numpy as np

from model.world.tables import SERIES


def tallies(rows: int = 1, **columns: Any) -> np.ndarray:
    """So many empty rows, with these columns set; a scalar stands for all rows."""
    made = np.zeros(rows, SERIES)
    for name, value in columns.items():
        made[name] = value
    return made


def counted(values: Any, width: int = 193) -> np.ndarray:
    """(1, width) counts of whole numbers: how many firms have 0, 1, 2 ... practices."""
    return np.bincount(values, minlength=width)[None, :width]


def inequality(values: Any) -> np.ndarray:
    """Tallies of firms with so many practices each; one more column than any needs."""
    made = np.zeros(1, [("practices", "i8", (max(values) + 2,))])
    made["practices"] = counted(values, max(values) + 2)
    return made
