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
class Outcome:
    """What came of help in one replicate."""

    help: Help
    replicate: int
    cost: float  # units of account, by the tables
    ticks: tuple[int, ...]  # the turns of years
    over: tuple[int, ...]  # firms in question over the standard, at each
    supplying: tuple[int, ...]  # firms in question that supply the buyer then
    states: tuple[np.recarray, ...]  # the firms in question when the quarter began, at each
    chains: tuple[np.record, ...]  # the buyer, at each
    params: np.record

    def reached(self, goal: str, wanted: int) -> int | None:
        """The first quarter at which so many firms had reached the goal, None if they never had."""
        counts = self.over if goal == "standard" else self.supplying
        return next((tick for tick, n in zip(self.ticks, counts, strict=True) if n >= wanted), None)

    def most(self, goal: str) -> int:
        """The most firms that had reached the goal at a time."""
        return max(self.over if goal == "standard" else self.supplying)


def aided(
    question: Question,
    helps: Sequence[Help],
    replicates: Sequence[int],
    done: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """Outcomes by help, then by replicate; ``done`` is told of the runs just finished."""
    scenarios = tuple(
        question.scenario.with_values(help.values) if help.values else question.scenario
        for help in helps
    )
    ensemble = Ensemble(build(scenarios, replicates), question.ticks)
    views = [ensemble.world.slice(run) for run in range(len(helps) * len(replicates))]
    given = [help for help in helps for _ in replicates]
    last = question.start + max(help.quarters for help in helps)
    rows = list(question.rows)
    costs = np.zeros(len(views))
    turns = range(0, question.ticks, QUARTERS)
    looks: list[list[tuple[int, int, np.recarray, np.record]]] = [[] for _ in views]
    tick = 0
    while tick < question.ticks:
        helping = question.start <= tick < last
        hours = [_hours(question, view) for view in views]
        if helping:
            for run, (view, help) in enumerate(zip(views, given, strict=True)):
                if tick < question.start + help.quarters:
                    costs[run] += help.give(view, tick)
        turn = tick % QUARTERS == 0
        states = [view.firms[rows].copy() for view in views] if turn else []
        ensemble.advance(tick + 1)
        for run, (view, help) in enumerate(zip(views, given, strict=True)):
            if helping and tick < question.start + help.quarters:
                gained = _hours(question, view) - hours[run]
                costs[run] += help.spent(view, max(0.0, gained))
            if turn:
                looks[run].append(_look(question, view, states[run]))
        tick += 1
    if done:
        done(len(views))
    return [
        Outcome(
            help, int(view.run.replicate), float(costs[run]), tuple(turns),
            *(tuple(look[part] for look in looks[run]) for part in range(4)), view.parameters.copy(),
        )
        for run, (view, help) in enumerate(zip(views, given, strict=True))
    ]  # fmt: skip


def _hours(question: Question, view: RunView) -> float:
    """Hours of staff that the one firm in question has had."""
    if not question.alone:
        return 0.0
    firm = view.firms[question.rows[0]]
    return float(firm.hours) if question.there(firm) else 0.0


def _look(
    question: Question, view: RunView, before: np.recarray
) -> tuple[int, int, np.recarray, np.record]:
    """Firms over the standard, firms that supply the buyer, those firms, the buyer."""
    chain, now = view.chains[question.chain].copy(), view.firms[list(question.rows)]
    over = np.zeros(len(before), np.int64)
    over_standard(before, chain, view.parameters, over)
    supplying = (now["contract"] == question.chain).any(axis=1)
    was_there, is_there = _there(question, before), _there(question, now)
    return int((over * was_there).sum()), int((supplying & is_there).sum()), before, chain


def _there(question: Question, firms: np.recarray) -> np.ndarray:
    """Which places are held by a firm in question."""
    held = firms["active"] == 1
    return held if question.born is None else held & (firms["born"] == question.born)
