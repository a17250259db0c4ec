"""Scores of firms today -> practices that founders start with.

A founder of quality q masters a practice of rung r (0, 1, 2) with chance min(1, start q fall^r / repertoire)
if it is in the local repertoire (``model.theory.resources.start_density``), q uniform in 1 - spread to
1 + spread. So its expected score is

    score = repertoire sum_r E min(1, start q fall^r / repertoire)

which rises in start and in fall. The sector's start and fall describe founders of a trade; firms that have
long been at work master more of the higher rungs. Where the scores ask for it, the repertoire is widened and
the fall flattened, for all kinds of upgrading alike; then each start is found from its score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.theory.practices import RUNGS

_POINTS = 200  # of quality
_STEPS = 50  # of bisection
_DENSE = 0.6  # share of its repertoire that a place may master: more leaves nothing for one to teach another
_MOST = 0.9  # start that leaves room for firms that differ


@dataclass(frozen=True)
class StartingPractices:
    """Numbers of a sector and a community with which founders have the scores that were asked for."""

    starts: dict[str, float]
    """By kind of upgrading."""
    scores: dict[str, float]
    """What founders score with them."""
    fall: float
    repertoire: float


def expected_score(start: float, fall: float, repertoire: float, spread: float) -> float:
    """Mean score 0-3 of founders; all arguments shares."""
    steps = (np.arange(_POINTS) + 0.5) / _POINTS
    quality = 1.0 + spread * (2.0 * steps - 1.0)
    rungs = [np.minimum(1.0, start * quality * fall**r / repertoire).mean() for r in range(RUNGS)]
    return float(repertoire * sum(rungs))


def starting_practices(
    scores: Mapping[str, float], fall: float, repertoire: float, spread: float
) -> StartingPractices:
    """Starts for scores 0-3 by kind, beside a sector's fall and spread and a community's repertoire."""
    highest = max(scores.values())
    wide = round(min(1.0, max(repertoire, highest / (_DENSE * RUNGS))), 3)
    flat = fall
    if expected_score(_MOST, fall, wide, spread) < highest:
        flat = _root(lambda f: expected_score(_MOST, f, wide, spread), highest, fall)
    flat = round(flat, 3)
    starts = {
        kind: round(_root(lambda s: expected_score(s, flat, wide, spread), score, 0.0), 4)
        for kind, score in scores.items()
    }
    reached = {kind: expected_score(s, flat, wide, spread) for kind, s in starts.items()}
    return StartingPractices(starts, reached, flat, wide)


def _root(rising: Callable[[float], float], wanted: float, low: float) -> float:
    """Where a rising function reaches a value between ``low`` and 1; the end that is nearer if nowhere."""
    high = 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return high
