"""Who proposes designs: an evolutionary algorithm for several aims (NSGA-II, Deb and others 2002), or chance.

Both come from Optuna and race by the same rules with the same number of runs, so that what the algorithm
is worth can be told. Their own state is not kept: started again they propose the same designs, whose
points the store has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.experiments.factors import Factor
from model.experiments.search.common_cases import CommonCases
from model.experiments.search.policy_design import PolicyDesign, distinct, policy_design
from model.experiments.search.race import Raced, race, ranks
from model.scenario.faults import InputError

if TYPE_CHECKING:
    from optuna import Trial
    from optuna.samplers import BaseSampler

EVOLUTION, CHANCE = "evolution", "chance"
STRATEGIES = (EVOLUTION, CHANCE)
_BARREN = 20  # rounds in a row that propose nothing new, after which all has been seen


@dataclass(frozen=True)
class Attempt:
    """A design that was tried."""

    strategy: str
    round: int
    raced: Raced


def explore(
    cases: CommonCases,
    strategy: str,
    told: Callable[[list[Attempt], int], None] = lambda a, r: None,
) -> list[Attempt]:
    """Propose and race designs until the runs of the file are used up; each design once, in order.

    ``told`` hears of all attempts and the runs so far after every round.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spec = cases.search.spec
    study = optuna.create_study(
        directions=["maximize"] * len(spec.aims), sampler=_sampler(strategy, spec.effort)
    )
    seen: dict[tuple[Any, ...], Attempt] = {}
    barren = rounds = 0
    while cases.runs < spec.effort.runs and barren < _BARREN:
        trials = [study.ask() for _ in range(spec.effort.population)]
        rows = [{name: _choice(t, name, f) for name, f in spec.choose.items()} for t in trials]
        fresh = _raced(cases, rows, seen, strategy, rounds)
        barren = 0 if fresh else barren + 1
        for trial, row in zip(trials, rows, strict=True):
            attempt = seen.get(tuple(row.values()))
            if attempt is None or not np.isfinite(attempt.raced.effects).all():
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(trial, attempt.raced.effects.tolist())
        rounds += 1
        told(list(seen.values()), cases.runs)
    return list(seen.values())


def _sampler(strategy: str, effort: Any) -> BaseSampler:
    from optuna.samplers import NSGAIISampler, RandomSampler

    if strategy == CHANCE:
        return RandomSampler(seed=effort.seed)
    return NSGAIISampler(population_size=effort.population, seed=effort.seed)


def _choice(trial: Trial, name: str, factor: Factor) -> Any:
    """What the strategy proposes for a factor."""
    if factor.low is None or factor.high is None:
        return trial.suggest_categorical(name, list(factor.values or factor.levels))
    log = factor.scale == "log"
    if factor.whole:
        return trial.suggest_int(name, math.ceil(factor.low), math.floor(factor.high), log=log)
    return trial.suggest_float(name, factor.low, factor.high, log=log)


def _raced(
    cases: CommonCases,
    rows: Sequence[dict[str, Any]],
    seen: dict[tuple[Any, ...], Attempt],
    strategy: str,
    rounds: int,
) -> bool:
    """Race what was not seen before, and add it; whether there was anything."""
    designs: list[PolicyDesign] = []
    for row in {tuple(row.values()): row for row in rows}.values():
        if tuple(row.values()) in seen:
            continue
        try:
            worlds = cases.search.chosen(row)
        except InputError:  # each choice is allowed, but not all of them together
            continue
        designs.append(policy_design(cases.search, str(len(seen) + len(designs) + 1), worlds, row))
    if not designs:
        return False
    designs = cases.at_the_money(designs, cases.search.spec.effort.first)
    champions = best_of(list(seen.values()), cases.search.spec.effort.population)
    for raced in race(cases, designs, [each.raced.design for each in champions]):
        seen[tuple(raced.design.row.values())] = Attempt(strategy, rounds, raced)
    return True


def best_of(attempts: Sequence[Attempt], most: int) -> list[Attempt]:
    """At most so many of the front of what got all cases, those first that add most to its hypervolume."""
    finished = [a for a in attempts if a.raced.finished and np.isfinite(a.raced.effects).all()]
    if not finished:
        return []
    means = np.array([attempt.raced.effects for attempt in finished])
    front = [place for place, rank in enumerate(ranks(means)) if rank == 0]
    once = list({means[place].tobytes(): place for place in reversed(front)}.values())
    return [finished[place] for place in spread(means, sorted(once), most)]


def spread(means: np.ndarray, places: list[int], most: int) -> list[int]:
    """Some of the places, one by one that which adds most to the hypervolume above the worst of all."""
    if len(places) <= most:
        return places
    reference = means.min(axis=0)
    chosen: list[int] = []
    while len(chosen) < most:
        left = [place for place in places if place not in chosen]
        sizes = [hypervolume(means[[*chosen, place]], reference) for place in left]
        chosen.append(left[int(np.argmax(sizes))])
    return sorted(chosen)


def hypervolume(means: np.ndarray, reference: np.ndarray) -> float:
    """Volume between a reference and what some designs reach or dominate; more is better in all aims."""
    from moocore import hypervolume as volume

    return float(volume(means, ref=reference, maximise=True))


def renamed(designs: Sequence[PolicyDesign]) -> list[PolicyDesign]:
    """Distinct designs, numbered from 1."""
    return [replace(d, name=str(number)) for number, d in enumerate(distinct(designs), 1)]
