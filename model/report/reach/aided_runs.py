"""A replicate run again with help, many kinds of help side by side; and what came of it.

A run with help differs from the one without only by what the help does: all draws are the same. Looked at
are the turns of years, at which lead firms choose: who was over the standard when they did, by what it
mastered when the quarter began, and whom they took.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.engine.chains import over_standard
from model.engine.ensemble import Ensemble
from model.engine.tick import QUARTERS
from model.report.reach.helps import Help, Question
from model.world.build import RunView, build

NO_HELP = Help("no help", 0.0, 0, 0.0)


@dataclass(frozen=True)
class TurnOfYear:
    """Who was over the standard, and whom the buyer took, at the turn of a year."""

    tick: int
    over: int  # firms in question over the standard
    supplying: int  # firms in question that supply the buyer then
    firms: np.ndarray  # the firms in question when the quarter began
    chain: np.record  # the buyer


@dataclass(frozen=True)
class AidedRun:
    """What came of help in one replicate."""

    help: Help
    replicate: int
    cost: float  # units of account, by the tables
    turns: tuple[TurnOfYear, ...]
    params: np.record

    def reached(self, goal: str, wanted: int) -> int | None:
        """The first quarter at which so many firms had reached the goal, None if they never had."""
        return next((turn.tick for turn in self.turns if _count(turn, goal) >= wanted), None)

    def most(self, goal: str) -> int:
        """The most firms that had reached the goal at a time."""
        return max(_count(turn, goal) for turn in self.turns)


def _count(turn: TurnOfYear, goal: str) -> int:
    return turn.over if goal == "standard" else turn.supplying


def aided(
    question: Question,
    helps: Sequence[Help],
    replicates: Sequence[int],
    done: Callable[[int], None] | None = None,
) -> list[AidedRun]:
    """Outcomes by help, then by replicate; ``done`` is told of the runs just finished."""
    scenarios = tuple(
        question.scenario.with_values(aid.values) if aid.values else question.scenario
        for aid in helps
    )
    ensemble = Ensemble(build(scenarios, replicates), question.ticks)
    views = [ensemble.world.slice(run) for run in range(len(helps) * len(replicates))]
    given = [aid for aid in helps for _ in replicates]
    last = question.start + max(aid.quarters for aid in helps)
    rows = list(question.rows)
    costs = np.zeros(len(views))
    turns: list[list[TurnOfYear]] = [[] for _ in views]
    tick = 0
    while tick < question.ticks:
        helping = question.start <= tick < last
        hours = [_hours(question, view) for view in views]
        if helping:
            for run, (view, aid) in enumerate(zip(views, given, strict=True)):
                if tick < question.start + aid.quarters:
                    costs[run] += aid.give(view, tick)
        turn = tick % QUARTERS == 0
        states = [view.firms[rows].copy() for view in views] if turn else []
        ensemble.advance(tick + 1)
        for run, (view, aid) in enumerate(zip(views, given, strict=True)):
            if helping and tick < question.start + aid.quarters:
                gained = _hours(question, view) - hours[run]
                costs[run] += aid.spent(view, max(0.0, gained))
            if turn:
                turns[run].append(_look(question, view, tick, states[run]))
        tick += 1
    if done:
        done(len(views))
    return [
        AidedRun(
            aid,
            int(view.run.replicate),
            float(costs[run]),
            tuple(turns[run]),
            view.parameters.copy(),
        )
        for run, (view, aid) in enumerate(zip(views, given, strict=True))
    ]


def _hours(question: Question, view: RunView) -> float:
    """Hours of staff that the one firm in question has had."""
    if not question.alone:
        return 0.0
    firm = view.firms[question.rows[0]]
    return float(firm.hours) if question.there(firm) else 0.0


def _look(question: Question, view: RunView, tick: int, before: np.ndarray) -> TurnOfYear:
    chain, now = view.chains[question.chain].copy(), view.firms[list(question.rows)]
    over = np.zeros(len(before), np.int64)
    over_standard(before, chain, view.parameters, over)
    supplying = (now["contract"] == question.chain).any(axis=1)
    return TurnOfYear(
        tick,
        int((over * _there(question, before)).sum()),
        int((supplying & _there(question, now)).sum()),
        before,
        chain,
    )


def _there(question: Question, firms: np.ndarray) -> np.ndarray:
    """Which places are held by a firm in question."""
    held = firms["active"] == 1
    return held if question.born is None else held & (firms["born"] == question.born)
