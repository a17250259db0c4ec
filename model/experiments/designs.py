"""Designs: which combinations of values are run. Rows are dicts from factor to value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice, product
from typing import Any

import numpy as np

from model.experiments.factors import Factor

Rows = list[dict[str, Any]]


def grid(factors: Mapping[str, Factor]) -> Rows:
    """Every combination; the last factor changes fastest."""
    values = (factor.grid() for factor in factors.values())
    return [dict(zip(factors, combination, strict=True)) for combination in product(*values)]


def edges(factors: Mapping[str, Factor], most: int = 100) -> Rows:
    """Points that stand for all of a design when it is only checked.

    All factors at their least, all at their greatest, then each at each of its levels and at its values,
    the rest at their least: all levels, since each says what it likes, and ``most`` values.
    """
    least = {name: factor.value(0.0) for name, factor in factors.items()}
    greatest = {name: factor.value(math.nextafter(1.0, 0.0)) for name, factor in factors.items()}
    levels = [least | {name: level} for name, factor in factors.items() for level in factor.levels]
    values = (
        least | {name: value}
        for name, factor in factors.items()
        if not factor.levels
        for value in (factor.values or (greatest[name],))
    )
    return [least, greatest, *levels, *islice(values, most)]


def from_unit(factors: Mapping[str, Factor], unit: np.ndarray) -> Rows:
    """Points of the unit cube, (n, factors), as values."""
    return [
        {
            name: factor.value(float(u))
            for (name, factor), u in zip(factors.items(), at, strict=True)
        }
        for at in unit
    ]
