"""One study replayed on some seeds: simulate, draw lots, treat, look, estimate.

Until the study begins all worlds of a replicate are one. Then they part: in one the study takes place;
in others, on the same random numbers, every firm of the study gets what one arm gets. The difference of
two of these is the true effect with all that spills over; the study's own estimate is the naive contrast.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.engine.ensemble import Ensemble
from model.experiments.trials.assignment import Assignment, all_in, assign
from model.experiments.trials.estimators import TrialEstimate, estimated, in_scale
from model.experiments.trials.firm_outcomes import (
    Look,
    PassedOn,
    firm_numbers,
    lessons_from,
    look,
)
from model.experiments.trials.treatment import new_practices, shut, treat
from model.experiments.trials.trial_file import TrialFile, TrialOutcome
from model.scenario.schema import Scenario
from model.world.build import build

ESTIMATE, P, TRUE, SPILLOVER = range(4)
"""Columns of what is found of an outcome: the study's estimate and its p-value, the true effect, and what
the arm that is compared with got by the others' being treated; in the unit of publication. Of an arm
that is offered nothing the true effect is what it got by the others."""
FIRMS, TAKERS, HOURS, MONEY = range(4)
"""Columns of what an arm cost: firms, those that took it up, hours of staff and money for a taker."""

_STUDY = "study"


@dataclass(frozen=True)
class Replayed:
    """(replicates, outcomes, 4) and (replicates, arms, 4) float64; columns see above."""

    found: np.ndarray
    cost: np.ndarray


@dataclass(frozen=True)
class _Seen:
    """A world of a replicate: looks by quarter, lessons."""

    looks: Mapping[int, Look]
    lessons: PassedOn


def replay(trial: TrialFile, scenario: Scenario, replicates: Sequence[int]) -> Replayed:
    """Replay a study in a world; ``scenario`` is the trial's, perhaps with other numbers."""
    begin, seed = trial.pool.quarter, scenario.run.seed
    world = build([scenario], replicates)
    names = world.names[0]
    base = Ensemble(world, trial.horizon)
    runs = range(len(world.runs))
    for run in runs:
        shut(trial, world.slice(run), names)
    base.advance(begin)
    taught = [new_practices(trial, world.slice(run), seed) for run in runs]
    given = [assign(trial, world.slice(run), names, seed) for run in runs]
    starts = [look(world.slice(run), given[run].rows, given[run].born) for run in runs]
    quarters = sorted({w for o in trial.outcomes.values() for w in o.waves} | _dose_ends(trial))
    arms = list(trial.arms)
    wanted = {_STUDY} | {o.arm for o in trial.outcomes.values()}
    wanted |= {trial.against(o) for o in trial.outcomes.values()}
    seen: dict[str, list[_Seen]] = {}
    for name in sorted(wanted):
        who = given
        if name != _STUDY:
            number = arms.index(name)
            who = [all_in(trial, given[r], number, world.slice(r), seed) for r in runs]
        seen[name] = _run(trial, base, who, taught, quarters)
    found = np.array(
        [
            [
                _found(trial, outcome, given[r], starts[r], {n: seen[n][r] for n in seen})
                for outcome in trial.outcomes.values()
            ]
            for r in runs
        ]
    )
    cost = np.array([_cost(trial, given[r], starts[r], seen[_STUDY][r]) for r in runs])
    return Replayed(found, cost)


def _dose_ends(trial: TrialFile) -> set[int]:
    ends = {dose.quarters for arm in trial.arms.values() for dose in arm.doses.values()}
    return {min(end, trial.horizon - trial.pool.quarter) for end in ends}


def _run(
    trial: TrialFile,
    base: Ensemble,
    given: Sequence[Assignment],
    taught: Sequence[np.ndarray],
    quarters: Sequence[int],
) -> list[_Seen]:
    """Part from the common past, treat, and look at the firms of the study in some quarters."""
    shared = {
        id(base.world.scenarios): base.world.scenarios,
        id(base.world.names): base.world.names,
    }
    ensemble = copy.deepcopy(base, shared)
    world, names = ensemble.world, ensemble.world.names[0]
    runs = range(len(world.runs))
    for run in runs:
        treat(trial, world.slice(run), names, given[run], taught[run])
    looks: list[dict[int, Look]] = [{} for _ in runs]
    for quarter in quarters:
        ensemble.advance(trial.pool.quarter + quarter)
        for run in runs:
            looks[run][quarter] = look(world.slice(run), given[run].rows, given[run].born)
    ledger = np.asarray(ensemble.ledger)
    ends = np.searchsorted(ledger["run"], np.arange(len(runs) + 1))
    return [
        _Seen(
            looks[run],
            lessons_from(
                ledger[ends[run] : ends[run + 1]], taught[run], given[run].rows, trial.pool.quarter
            ),
        )
        for run in runs
    ]


def _found(
    trial: TrialFile,
    outcome: TrialOutcome,
    given: Assignment,
    start: Look,
    seen: Mapping[str, _Seen],
) -> list[float]:
    arms = list(trial.arms)
    against = trial.against(outcome)
    treated, other = given.arm == arms.index(outcome.arm), given.arm == arms.index(against)
    both = treated | other
    before = _before(outcome, start, seen[_STUDY])
    covariates = _covariates(start)
    after = _after(outcome, start, seen[_STUDY])
    effect = estimated(
        outcome.estimator, before[both], after[:, both], treated[both], covariates[both]
    )
    alone = outcome.estimator == "mean"
    with_all = _after(outcome, start, seen[outcome.arm])
    without = _after(outcome, start, seen[against])
    everybody = np.ones(len(both), bool)
    if outcome.measure in ("pupils", "spread"):  # where all are taught nobody is left to learn
        true = np.nan
    elif not trial.arms[outcome.arm].offers:
        true = _contrast(outcome, after, without, treated)
    else:
        true = _contrast(outcome, with_all, None if alone else without, everybody)
    spilt = np.nan if alone else _contrast(outcome, after, without, other)
    return [in_scale(outcome.scale, effect), effect.p, true, spilt]


def _before(outcome: TrialOutcome, start: Look, seen: _Seen) -> np.ndarray:
    if outcome.measure in ("dropped", "pupils"):
        return np.zeros(len(start.there))
    values = firm_numbers(outcome.measure, outcome.dimensions, start, [start], seen.lessons)[0]
    return _scaled(outcome, values)


def _after(outcome: TrialOutcome, start: Look, seen: _Seen) -> np.ndarray:
    looks = [seen.looks[wave] for wave in outcome.waves]
    values = firm_numbers(outcome.measure, outcome.dimensions, start, looks, seen.lessons)
    if outcome.exits == "zero":
        values = np.where(np.isnan(values), 0.0, values)
    return _scaled(outcome, values)


def _scaled(outcome: TrialOutcome, values: np.ndarray) -> np.ndarray:
    if outcome.scale != "log":
        return values
    with np.errstate(all="ignore"):
        return np.where(values > 0, np.log(values), np.nan)


def _contrast(
    outcome: TrialOutcome, one: np.ndarray, two: np.ndarray | None, who: np.ndarray
) -> float:
    """Difference of the means of the same firms in two worlds, in the unit of publication."""
    first = _mean_of(one, who)
    if two is None:
        return float(np.mean(first)) if len(first) else np.nan
    second = _mean_of(two, who)
    if len(first) == 0 or len(second) == 0:
        return np.nan
    spread = float(second.std(ddof=1)) if len(second) > 1 else np.nan
    effect = TrialEstimate(
        float(first.mean() - second.mean()), np.nan, float(second.mean()), spread
    )
    return in_scale(outcome.scale, effect)


def _mean_of(values: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Mean over the waves in which it is there, of each firm that ever is."""
    here = values[:, who]
    known = np.isfinite(here)
    there = known.any(axis=0)
    return np.where(known, here, 0.0).sum(axis=0)[there] / known.sum(axis=0)[there]


def _covariates(start: Look) -> np.ndarray:
    """What a study knows of firms before: practices by kind, size, productivity, exporting."""
    kinds = np.bitwise_count(start.mastered).astype(float)
    return np.column_stack(
        [
            kinds,
            np.log(start.workers),
            np.log(np.maximum(1e-6, start.value_added)),
            start.exports > 0,
        ]
    )


def _cost(trial: TrialFile, given: Assignment, start: Look, seen: _Seen) -> list[list[float]]:
    rows = []
    for number, arm in enumerate(trial.arms.values()):
        mine = given.arm == number
        takers = mine & given.takes
        hours = money = 0.0
        if arm.doses and takers.any():
            end = min(max(d.quarters for d in arm.doses.values()), max(seen.looks))
            there = takers & seen.looks[end].there
            got = (seen.looks[end].hours - start.hours)[there]
            hours = float(got.mean()) if len(got) else np.nan
            total = sum(dose.hours for dose in arm.doses.values())
            price = sum(
                dose.hours * trial.world.institutions[body].hour_price
                for body, dose in arm.doses.items()
            )
            money = hours * price / total if total else 0.0
        rows.append([float(mine.sum()), float(takers.sum()), hours, money])
    return rows
