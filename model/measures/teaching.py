"""What the staff of institutions achieve, visit by visit."""

from __future__ import annotations

import numpy as np

from model.measures.measure import Measure, Tallies, ratio
from model.theory.interaction import INSTITUTION


def lessons_per_visit(rows: Tallies) -> np.ndarray:
    """Practices mastered through institutions over visits by their staff; NaN without visits."""
    return ratio(rows["gained"][:, :, INSTITUTION].sum(axis=1), rows["visits"])


MEASURES = (
    Measure("lessons_per_visit", "practices a visit",
            "practices mastered through institutions' staff / visits",
            "MP17: redundant knowledge in closed networks", lessons_per_visit),
)  # fmt: skip
