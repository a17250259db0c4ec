"""Scenario discovery: under which conditions does a design fail.

A classification tree (CART, Breiman et al. 1984; for scenario discovery Lempert, Bryant and Bankes
2008) parts the space of factors into boxes. It is grown on the first half of the points, and what is
said of its boxes is counted in the other half, which it has not seen: a box that only fits chance
shows no more failures than there are anywhere. scikit-learn's tree, rather than a patient rule
induction: its library is the best kept of those that do either, and a small tree is read as boxes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.intervals import interval_of_share
from model.experiments.sensitivity.conditions import levels_said, range_said, together_said

COLUMNS = {
    "box": "number of the box, the most failures first",
    "conditions": "where it lies",
    "points": "points in it, of those held out",
    "fails": "of these, how many fail",
    "density": "share of its points that fail",
    "low": "lower end of the 95% interval of the density (Wilson)",
    "high": "its upper end",
    "coverage": "share of all held-out failures that lie in it",
    "overall": "share of all held-out points that fail",
}
BOXES = 6
_SMALLEST = 0.08  # share of the points that a box must hold


@dataclass(frozen=True)
class Axis:
    """A column that a tree can part: a number, or whether a factor is at a level."""

    name: str
    title: str
    level: str = ""
    """Of a choice: the level; the column is 1 there and 0 elsewhere."""


Bound = tuple[float, float]


def points(factors: int, n: int, seed: int) -> np.ndarray:
    """Points that fill the unit cube, (n, factors): a Latin hypercube in random order."""
    from scipy.stats import qmc

    return qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(n)


def boxes(axes: Sequence[Axis], values: np.ndarray, fails: np.ndarray) -> pd.DataFrame:
    """A row a box; columns of ``COLUMNS``. ``values``: (n, axes), ``fails``: (n,) bool.

    Empty where all points of the first half, or none, fail: there is nothing to part.
    """
    held = slice(len(values) // 2, None)
    tree = _grown(values, fails)
    if tree is None:
        return pd.DataFrame(columns=list(COLUMNS))
    leaves, failures = tree.apply(values[held]), fails[held]
    overall, every = float(failures.mean()), max(1, int(failures.sum()))
    rows = []
    for leaf, bounds in _leaves(tree.tree_, len(axes)).items():
        mine = failures[leaves == leaf]
        low, high = interval_of_share(int(mine.sum()), len(mine))
        density = float(mine.mean()) if len(mine) else float("nan")
        rows.append((0, _told(axes, bounds), len(mine), int(mine.sum()), density, low, high,
                     mine.sum() / every, overall))  # fmt: skip
    rows.sort(key=lambda row: (-np.nan_to_num(row[4], nan=-1.0), -row[2], row[1]))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(box=range(1, len(frame) + 1))


def telling(axes: Sequence[Axis], values: np.ndarray, fails: np.ndarray) -> list[str]:
    """Factors by how much of the failures the tree explains with them, those that it uses."""
    tree = _grown(values, fails)
    if tree is None:
        return []
    weight: dict[str, float] = {}
    for axis, importance in zip(axes, tree.feature_importances_, strict=True):
        weight[axis.name] = weight.get(axis.name, 0.0) + float(importance)
    return sorted((name for name in weight if weight[name] > 0), key=lambda name: -weight[name])


def _grown(values: np.ndarray, fails: np.ndarray) -> Any:
    """The tree of the first half of the points; None where there is nothing to part."""
    from sklearn.tree import DecisionTreeClassifier

    half = len(values) // 2
    if half < 2 or len(np.unique(fails[:half])) < 2:
        return None
    smallest = max(2, ceil(_SMALLEST * half))
    tree = DecisionTreeClassifier(max_leaf_nodes=BOXES, min_samples_leaf=smallest, random_state=0)
    return tree.fit(values[:half], fails[:half])


def _leaves(tree: Any, width: int) -> dict[int, list[Bound]]:
    """Bounds of every leaf on every axis."""
    found: dict[int, list[Bound]] = {}
    todo: list[tuple[int, list[Bound]]] = [(0, [(-np.inf, np.inf)] * width)]
    while todo:
        node, bounds = todo.pop()
        left, right = tree.children_left[node], tree.children_right[node]
        if left == right:
            found[node] = bounds
            continue
        axis, cut = tree.feature[node], float(tree.threshold[node])
        low, high = bounds[axis]
        below, above = list(bounds), list(bounds)
        below[axis], above[axis] = (low, min(high, cut)), (max(low, cut), high)
        todo += [(left, below), (right, above)]
    return found


def _told(axes: Sequence[Axis], bounds: Sequence[Bound]) -> str:
    levels: dict[str, dict[str, Bound]] = {}
    parts = []
    for axis, (low, high) in zip(axes, bounds, strict=True):
        if axis.level:
            levels.setdefault(axis.title, {})[axis.level] = (low, high)
        elif ends := {
            key: f"{end:.3g}" for key, end in (("low", low), ("high", high)) if np.isfinite(end)
        }:
            parts.append(range_said(axis.title, **ends))
    for title, known in levels.items():
        there = [level for level, (low, _) in known.items() if np.isfinite(low)]
        left = there or [level for level, (_, high) in known.items() if np.isinf(high)]
        if len(left) < len(known):
            parts.append(levels_said(title, left))
    return together_said(parts)
