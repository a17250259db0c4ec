"""The unit cube on which designs are drawn, as SALib names it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

RESAMPLES = 1000
"""Bootstrap resamples of an index."""

BOOTSTRAP_SEED = 1


def problem(names: Sequence[str]) -> dict[str, Any]:
    """A factor a dimension, each from 0 to 1."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
