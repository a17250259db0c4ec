"""A design as a table: a row a point, a column a factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.experiments.factors import Factor
from model.experiments.sweep_file import Sweep
from model.scenario.faults import toml_value


def frame_of(factors: Mapping[str, Factor], rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A design as a frame: a row a point, a column a factor; values of mixed kinds as text."""
    columns = {}
    for name in factors:
        column = [row[name] for row in rows]
        kinds = {type(value) for value in column}
        if kinds == {int, float}:
            column = [float(value) for value in column]
        elif len(kinds) > 1:
            column = [value if isinstance(value, str) else toml_value(value) for value in column]
        columns[name] = column
    return pd.DataFrame(columns)


def design_of(sweep: Sweep) -> pd.DataFrame:
    """The design of a sweep."""
    return frame_of(sweep.spec.vary, sweep.rows)
