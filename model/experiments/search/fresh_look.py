"""The best again on fresh random numbers, beside known designs and under rival theories.

What won a search won partly by luck, so that its own numbers flatter it. Finalists of both strategies, the
known designs and the world as it is are therefore run on cases that nothing was chosen by: budgets are set
on some, all that is told is measured on others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.design_table import frame_of
from model.experiments.intervals import TAILS, interval_of_mean, quantile
from model.experiments.points.point_tables import IncompleteError
from model.experiments.points.runner import RunsPoints, Tell
from model.experiments.points.store import Store
from model.experiments.ranking import RESAMPLES, shares_of_best
from model.experiments.search.common_cases import CommonCases, worth
from model.experiments.search.policy_design import (
    PolicyDesign,
    mean_known,
    nothing,
    policy_design,
)
from model.experiments.search.race import ranks
from model.experiments.search.search_file import NONE, PolicySearch
from model.experiments.search.strategies import (
    CHANCE,
    EVOLUTION,
    Attempt,
    best_of,
    hypervolume,
    renamed,
)
from model.scenario.faults import Fault, show_path

BUDGETS_FROM = 1_000_000
"""Number of the first case on which budgets of finalists are set."""
FRESH_FROM = 2_000_000
"""Number of the first case on which finalists are measured."""
WHOLE = "whole"
"""The theory of the world as the file has it."""
_RESAMPLES = 400  # of hypervolumes
_SURE = 0.95  # chance from which a design may be called best


@dataclass(frozen=True)
class FreshLook:
    """What finalists do on fresh cases."""

    search: PolicySearch
    found: list[PolicyDesign]
    known: list[PolicyDesign]
    by_chance: list[PolicyDesign]
    effects: dict[str, np.ndarray]
    """Of found and known designs and the world as it is: (cases, aims), in what matters."""
    chance_effects: list[np.ndarray]
    extra: dict[str, tuple[float, float]]
    """Money and help of found and known designs beside those of the world as it is."""
    searched: dict[str, np.ndarray]
    """What the search had seen of those it found, (aims,)."""
    theories: dict[str, dict[str, np.ndarray]]
    """By theory and design, (cases, aims)."""
    runs: int

    @property
    def shown(self) -> list[PolicyDesign]:
        """Found designs, known ones and the world as it is."""
        return [*self.found, *self.known, nothing(self.search)]


def look_again(
    search: PolicySearch,
    attempts: Mapping[str, Sequence[Attempt]],
    store: Store,
    run: RunsPoints,
    tell: Tell | None = None,
) -> FreshLook:
    """Run finalists on fresh cases: those of the search, those of chance, known designs."""
    effort = search.spec.effort
    best = {name: best_of(tried, effort.finalists) for name, tried in attempts.items()}
    found = [attempt.raced.design for attempt in best[EVOLUTION]]
    by_chance = [attempt.raced.design for attempt in best[CHANCE]]
    known = [policy_design(search, name, search.known(name)) for name in search.spec.designs]
    setting = CommonCases(search, store, run, BUDGETS_FROM, tell=tell)
    set_found = renamed(setting.at_the_money(found, effort.most))
    seen = {tuple(a.raced.design.row.values()): a.raced.effects for a in best[EVOLUTION]}
    set_known = setting.at_the_money(known, effort.most)
    set_chance = setting.at_the_money(by_chance, effort.most)
    cases = CommonCases(search, store, run, FRESH_FROM, tell=tell)
    shown = [*set_found, *set_known, nothing(search)]
    effects = dict(zip((d.name for d in shown), cases.effects(shown, effort.fresh), strict=True))
    extra = dict(zip((d.name for d in shown), cases.extra(shown, effort.fresh), strict=True))
    chance_effects = cases.effects(set_chance, effort.fresh)
    theories = {WHOLE: effects}
    runs = setting.runs + cases.runs
    for name, view in search.spec.theories.items():
        if not view.neutral:
            continue
        rival = CommonCases(search, store, run, FRESH_FROM, view.neutral, tell)
        in_rival = rival.effects(shown, effort.fresh)
        theories[name] = dict(zip((d.name for d in shown), in_rival, strict=True))
        runs += rival.runs
    return FreshLook(
        search, set_found, set_known, set_chance, effects, chance_effects, extra,
        {d.name: seen[tuple(d.row.values())] for d in set_found}, theories, runs,
    )  # fmt: skip


def worths(look: FreshLook, theory: str = WHOLE) -> np.ndarray:
    """Worth of each design shown in each case, (cases, designs); cases unknown in one are left out."""
    each = look.theories[theory]
    wide = np.stack([worth(look.search, each[design.name]) for design in look.shown], axis=1)
    known: np.ndarray = wide[np.isfinite(wide).all(axis=1)]
    if not len(known):
        allowed = "no fresh case in which every aim of every design is known"
        hint = "take other aims, or raise effort.fresh"
        raise IncompleteError(Fault(show_path(look.search.path), "aims", "", allowed, hint))
    return known


def called_best(table: pd.DataFrame) -> str | None:
    """The design that may be called best: by worth, with 95% chance, and better than doing nothing.

    ``table``: of ``designs_table``. None where none may.
    """
    sure = table[(table["best"] >= _SURE) & (table["worth_low"] > 0) & (table["design"] != NONE)]
    return None if sure.empty else str(sure.iloc[0]["design"])


def designs_table(look: FreshLook) -> pd.DataFrame:
    """A row a design, those of most worth first; columns: ``search_file.COLUMNS``, choices."""
    wide = worths(look)
    best, on_front = _chances(look, wide)
    means = np.array([mean_known(look.effects[design.name]) for design in look.shown])
    front = ranks(means) == 0
    regrets = {theory: _regret(worths(look, theory)) for theory in look.theories}
    rows = []
    for place, design in enumerate(look.shown):
        mean, low, high = interval_of_mean(wide[:, place])
        money, helped = look.extra[design.name]
        here = {theory: float(each[place]) for theory, each in regrets.items()}
        worst = max(here, key=here.__getitem__)
        rows.append(
            {
                "design": design.name,
                "title": title_of(look, design),
                "kind": "found" if design.row else "none" if design.name == NONE else "known",
                "front": bool(front[place]),
                "on_front": on_front[place],
                "worth": mean,
                "worth_low": low,
                "worth_high": high,
                "searched": _worth_searched(look, design),
                "best": best[place],
                "regret": regrets[worst][place],
                "worst_theory": worst,
                "money": money,
                "helped": helped,
                "money_per_firm_year": money / helped if helped > 0 < money else np.nan,
                "times": design.times,
            }
        )
    choices = frame_of(look.search.spec.choose, [design.row for design in look.found])
    table = pd.concat([pd.DataFrame(rows), choices], axis=1)
    return table.sort_values("worth", ascending=False, kind="stable", ignore_index=True)


def _chances(look: FreshLook, wide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each design: that its mean worth is best, and that no other dominates its means."""
    rng = np.random.default_rng(len(wide))
    draws = rng.integers(len(wide), size=(RESAMPLES, len(wide)))
    best = shares_of_best(np.array([wide[draw].mean(axis=0) for draw in draws])).mean(axis=0)
    each = np.stack([look.effects[design.name] for design in look.shown])
    each = each[:, np.isfinite(each).all(axis=(0, 2))]
    again = rng.integers(each.shape[1], size=(_RESAMPLES, each.shape[1]))
    on_front = np.mean([ranks(each[:, draw].mean(axis=1)) == 0 for draw in again], axis=0)
    return best, on_front


def _worth_searched(look: FreshLook, design: PolicyDesign) -> float:
    """The worth that the search had seen of a design; NaN of one that it did not find."""
    seen = look.searched.get(design.name)
    return float("nan") if seen is None else float(worth(look.search, seen))


def _regret(wide: np.ndarray) -> np.ndarray:
    """What each design's mean worth lacks to the best one's."""
    means = wide.mean(axis=0)
    lacking: np.ndarray = means.max() - means
    return lacking


def title_of(look: FreshLook, design: PolicyDesign) -> str:
    """What to call a design."""
    if design.row:
        return f"Design {design.name}"
    if design.name == NONE:
        return "The world as it is"
    return look.search.spec.designs[design.name].title or design.name.replace("_", " ")


def outcomes_table(look: FreshLook) -> pd.DataFrame:
    """A row a design and aim: effect, low, high in the unit of the measure, turned as measured;
    searched: what the search had seen; best: chance that its mean is best.
    """
    rows = []
    for column, aim in enumerate(look.search.spec.aims):
        sign = aim.matters * (1 if aim.better == "higher" else -1)
        wide = np.stack([look.effects[d.name][:, column] for d in look.shown], axis=1)
        wide = wide[np.isfinite(wide).all(axis=1)]
        rng = np.random.default_rng(len(wide))
        draws = rng.integers(len(wide), size=(RESAMPLES, len(wide)))
        best = shares_of_best(np.array([wide[d].mean(axis=0) for d in draws])).mean(axis=0)
        for place, design in enumerate(look.shown):
            mean, *ends = interval_of_mean(sign * wide[:, place])
            searched = look.searched.get(design.name)
            rows.append(
                {
                    "design": design.name,
                    "title": title_of(look, design),
                    "outcome": aim.name,
                    "outcome_title": aim.label,
                    "unit": aim.unit,
                    "better": aim.better,
                    "matters": aim.matters,
                    "effect": mean,
                    "low": ends[0],
                    "high": ends[1],
                    "searched": np.nan if searched is None else sign * searched[column],
                    "best": best[place],
                }
            )
    return pd.DataFrame(rows)


def theories_table(look: FreshLook) -> pd.DataFrame:
    """A row a theory and design: worth, low, high, regret."""
    rows = []
    for theory in look.theories:
        wide = worths(look, theory)
        regret = _regret(wide)
        for place, design in enumerate(look.shown):
            mean, low, high = interval_of_mean(wide[:, place])
            view = look.search.spec.theories.get(theory)
            rows.append(
                {
                    "theory": theory,
                    "theory_title": view.title if view else "The whole",
                    "design": design.name,
                    "title": title_of(look, design),
                    "worth": mean,
                    "low": low,
                    "high": high,
                    "regret": regret[place],
                }
            )
    return pd.DataFrame(rows)


def tradeoffs_table(look: FreshLook, table: pd.DataFrame) -> pd.DataFrame:
    """What one gives up for what: from each design of the front to the next by the first aim.

    A row a step and aim: difference, low, high, case by case, in the unit of the measure.
    """
    front = [str(name) for name in table.loc[table["front"], "design"]]
    order = sorted(front, key=lambda name: -float(mean_known(look.effects[name])[0]))
    titles = dict(zip(table["design"], table["title"], strict=True))
    rows: list[dict[str, Any]] = []
    for one, other in pairwise(order):
        for column, aim in enumerate(look.search.spec.aims):
            sign = aim.matters * (1 if aim.better == "higher" else -1)
            difference = sign * (look.effects[other] - look.effects[one])[:, column]
            mean, low, high = interval_of_mean(difference)
            rows.append(
                {
                    "from": one, "from_title": titles[one], "to": other, "to_title": titles[other],
                    "outcome": aim.name, "outcome_title": aim.label, "unit": aim.unit,
                    "difference": mean, "low": low, "high": high,
                }
            )  # fmt: skip
    columns = ["from", "from_title", "to", "to_title", "outcome", "outcome_title", "unit",
               "difference", "low", "high"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def strategies_table(look: FreshLook, attempts: Mapping[str, Sequence[Attempt]]) -> pd.DataFrame:
    """A row a way to designs: designs tried, finalists, hypervolume of their front on fresh cases.

    The volume is in what matters, above the worst of all in every aim; low and high hold 95% of resamples
    of the cases. Known designs and the world as it is stand beside both strategies.
    """
    groups = {
        EVOLUTION: [look.effects[design.name] for design in look.found],
        CHANCE: list(look.chance_effects),
        "known": [look.effects[design.name] for design in look.known],
    }
    every = [*(each for group in groups.values() for each in group), look.effects[NONE]]
    cases = np.isfinite(np.stack(every)).all(axis=(0, 2))
    number = int(cases.sum())
    draws = np.random.default_rng(number).integers(number, size=(_RESAMPLES, number))
    reference = np.array([each[cases].mean(axis=0) for each in every]).min(axis=0)
    rows = []
    for name, group in groups.items():
        if not group:
            continue
        here = np.stack(group)[:, cases]
        again = [_volume(here[:, draw].mean(axis=1), reference) for draw in draws]
        rows.append(
            {
                "strategy": name,
                "tried": len(attempts.get(name, look.known)),
                "finalists": len(group),
                "hypervolume": _volume(here.mean(axis=1), reference),
                "low": quantile(np.array(again), TAILS[0]),
                "high": quantile(np.array(again), TAILS[1]),
            }
        )
    return pd.DataFrame(rows)


def _volume(means: np.ndarray, reference: np.ndarray) -> float:
    return hypervolume(np.maximum(means, reference), reference)


def attempts_table(search: PolicySearch, attempts: Mapping[str, Sequence[Attempt]]) -> pd.DataFrame:
    """All that was tried: strategy, round, cases, effects in what matters, choices, times."""
    every = [attempt for tried in attempts.values() for attempt in tried]
    told = [
        {
            "strategy": a.strategy,
            "round": a.round,
            "cases": a.raced.cases,
            "times": a.raced.design.times,
        }
        | {aim.name: a.raced.effects[column] for column, aim in enumerate(search.spec.aims)}
        for a in every
    ]
    rows = frame_of(search.spec.choose, [a.raced.design.row for a in every])
    return pd.concat([pd.DataFrame(told), rows], axis=1)
