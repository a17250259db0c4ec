"""A race: every design gets a few cases, and only the promising ones get more.

After each rung the better half goes on: by ranks of Pareto fronts of the means so far (Goldberg 1989),
within a rank by worth (successive halving, after Jamieson and Talwalkar 2016). A design that another one
beats for certain in every aim, by 95% intervals of paired differences, goes no further whatever its rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.experiments.intervals import interval_of_mean
from model.experiments.search.common_cases import CommonCases, worth
from model.experiments.search.policy_design import PolicyDesign, mean_known


@dataclass(frozen=True)
class Raced:
    """How far a design came, and what was seen of it."""

    design: PolicyDesign
    cases: int
    effects: np.ndarray
    """Means over its cases of what it adds to the world as it is, in what matters; (aims,)."""
    finished: bool
    """Whether it got all cases."""


def ranks(means: np.ndarray) -> np.ndarray:
    """Rank of the Pareto front that each row stands on, 0 for the first; more is better in all columns.

    What is unknown counts as worse than anything.
    """
    from moocore import pareto_rank

    told = np.where(np.isnan(means), -np.inf, means)
    return np.asarray(pareto_rank(told, maximise=True)).ravel()


def race(
    cases: CommonCases, designs: Sequence[PolicyDesign], champions: Sequence[PolicyDesign] = ()
) -> list[Raced]:
    """Race designs against each other and against ``champions``, which have run all cases before."""
    ladder = cases.search.spec.effort.ladder
    left, out = list(designs), {}
    for number in ladder:
        effects = cases.effects(left, number)
        for design, each in zip(left, effects, strict=True):
            out[design.key] = Raced(design, number, mean_known(each), number == ladder[-1])
        if number < ladder[-1]:
            best = cases.effects(champions, number) if champions else []
            left = [left[place] for place in going_on(cases, effects, best)]
        if not left:
            break
    return [out[design.key] for design in designs]


def going_on(
    cases: CommonCases, effects: Sequence[np.ndarray], champions: Sequence[np.ndarray] = ()
) -> list[int]:
    """Places of the designs that are worth more cases, in order."""
    means = np.array([mean_known(each) for each in effects])
    known = np.isfinite(means).all(axis=1)
    rivals = [*effects, *champions]
    hopeful = [
        place
        for place, each in enumerate(effects)
        if known[place] and not any(beaten(each, rival) for rival in rivals if rival is not each)
    ]
    if not hopeful:
        return []
    rank = ranks(means[hopeful])
    value = worth(cases.search, means[hopeful])
    order = np.lexsort((np.arange(len(hopeful)), -value, rank))
    half = max(1, (len(effects) + 1) // 2)
    return sorted(hopeful[place] for place in order[:half])


def beaten(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether ``other`` is better in every aim for certain, case by case."""
    number = min(len(one), len(other))
    differences = other[:number] - one[:number]
    return all(interval_of_mean(column)[1] > 0.0 for column in differences.T)
