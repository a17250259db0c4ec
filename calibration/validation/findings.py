"""All that validation finds, in the order in which it is found; the page is written from it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.credible_intervals import FORECAST_LEVEL, central
from calibration.posterior.inference import Problem
from calibration.posterior.marginals import directions, marginals
from calibration.posterior.mcmc import MIXED, Draws
from calibration.posterior.measurement_model import Numbers, seen
from calibration.posterior.workflow import CalibrationStudy, posterior_of, problem_of
from calibration.validation.case_diagnostics import (
    EmulatorCheck,
    at_draws,
    case_table,
    channel_shares,
    check_emulator,
    expected_surprises,
)
from calibration.validation.cross_validation import (
    MODEL,
    SCHEMES,
    HeldOut,
    hold_out,
    margins,
    spread_within_sectors,
    within_sectors,
)
from calibration.validation.pattern_uncertainty import effects_over, runs_of_effects
from calibration.validation.policy_uncertainty import (
    PolicyEffect,
    at_equal_cost,
    difference,
    policy_outcomes,
)
from calibration.validation.scoring_rules import mean, mean_scores
from calibration.validation.simulation_based_calibration import plant, recover, recovery
from model.experiments.experiment import Experiment
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_kinds import Level

REPLICATES = 4  # of a pattern's worlds, a draw


@dataclass(frozen=True)
class ValidationFindings:
    """Results of one validation; frames are described where they are made."""

    study: CalibrationStudy
    problem: Problem
    draws: Draws
    screened: pd.DataFrame
    known: pd.DataFrame  # marginals.marginals
    directions: pd.DataFrame  # marginals.directions
    held_out: pd.DataFrame  # cross_validation.hold_out
    chances: np.ndarray  # (clusters, 4, 7), each cluster left out
    recovered: pd.DataFrame  # simulation_based_calibration.recovery
    refits: int  # posteriors fitted beside the main one
    mixed: int  # of these, how many whose halves agree
    emulator: EmulatorCheck
    shares: pd.DataFrame  # case_diagnostics.channel_shares
    cases: pd.DataFrame  # case_diagnostics.case_table
    expected_surprises: float
    unscored: pd.DataFrame  # see _unscored
    patterns: pd.DataFrame | None  # pattern_uncertainty.COLUMNS
    policy: PolicyEffect
    policy_runs: pd.DataFrame  # policy_uncertainty.policy_outcomes
    within_r: dict[str, float]  # cross_validation.within_sectors, each cluster left out
    within_spread: dict[str, float]  # cross_validation.spread_within_sectors

    @property
    def by_method(self) -> pd.DataFrame:
        """Scheme, method, and their means."""
        return mean_scores(self.held_out, ["scheme", "method"])

    @property
    def by_dimension(self) -> pd.DataFrame:
        """Dimension, method, and their means, one cluster left out."""
        part = self.held_out[self.held_out["scheme"] == "cluster"]
        return mean_scores(part, ["dimension", "method"])

    @property
    def planted_coverage(self) -> float:
        """Share of planted truths within their 90% intervals."""
        return float(self.recovered["coverage90"].mean())

    def facts(self) -> dict[str, object]:
        """The line for scripts: one cluster left out."""
        table = self.by_method
        one = table[table["scheme"] == "cluster"].set_index("method")
        return {
            "mae": round(float(one.loc[MODEL, "mae"]), 4),
            "crps": round(float(one.loc[MODEL, "crps"]), 4),
            "coverage90": round(float(one.loc[MODEL, "coverage90"]), 4),
            "mae_of_mean": round(float(one.loc[MODEL, "mae_of_mean"]), 4),
            "yardsticks": {
                str(name): {
                    key: round(float(one.loc[name, key]), 4)
                    for key in ("mae", "crps", "mae_of_mean")
                }
                for name in one.index
                if name != MODEL
            },
            "planted_coverage90": round(self.planted_coverage, 4),
            "margins": self._margins(),
            "within_sector_r": {k: round(v, 4) for k, v in self.within_r.items()},
            "within_sector_spread": {k: round(v, 4) for k, v in self.within_spread.items()},
        }

    def _margins(self) -> dict[str, dict[str, list[float]]]:
        """By yardstick, the central 95% of how much worse it is than the model, one cluster left out."""
        table = margins(self.held_out)
        return {
            str(row["method"]): {
                column: [round(row[f"{column}_low"], 4), round(row[f"{column}_high"], 4)]
                for column in ("error", "crps")
            }
            for row in table[table["scheme"] == "cluster"].to_dict("records")
        }


def find(
    study: CalibrationStudy,
    screened: pd.DataFrame,
    files: Mapping[str, PatternFile],
    experiment: Experiment,
) -> ValidationFindings:
    """Do all of it; what is on disk already is not done again. Linear algebra runs on one thread."""
    with threadpool_limits(1):
        return _find(study, screened, files, experiment)


def _find(
    study: CalibrationStudy,
    screened: pd.DataFrame,
    files: Mapping[str, PatternFile],
    experiment: Experiment,
) -> ValidationFindings:
    problem = problem_of(study, screened)
    draws = posterior_of(study, problem)
    held_out = _held_out(study, problem, draws)
    chances = held_out.chances["cluster"]
    recovered, of_planted = _planted(study, problem)
    reductions = np.concatenate([held_out.reductions, of_planted])
    z, runs = at_draws(study, problem, draws)
    shares = channel_shares(runs, study.cases)
    sample = pd.DataFrame(problem.values(z), columns=list(problem.names))
    patterns = _patterns(study, files, sample)
    policy_runs, policy = _policy(study, experiment, problem, draws)
    sectors = [case.sector_group for case in study.fitted_cases]
    shown, _ = seen(
        Numbers.at(z[:, problem.free :]), runs.scores[:, 0][:, study.scored],
        np.zeros_like(problem.emulator.chance),
    )  # fmt: skip
    return ValidationFindings(
        study=study,
        problem=problem,
        draws=draws,
        screened=screened,
        known=marginals(problem, draws),
        directions=directions(problem, draws),
        held_out=held_out.table,
        chances=chances,
        recovered=recovered,
        refits=len(reductions),
        mixed=int((reductions < MIXED).sum()),
        emulator=check_emulator(study, problem, z, runs),
        shares=shares,
        cases=case_table(study.fitted_cases, problem.observed, chances, shares),
        expected_surprises=expected_surprises(chances, problem.observed),
        unscored=_unscored(study, runs.scores[:, 0, :, :, 0]),
        patterns=patterns,
        policy=policy,
        policy_runs=policy_runs,
        within_r=within_sectors(mean(chances), problem.observed, sectors),
        within_spread=spread_within_sectors(shown, problem.observed, sectors),
    )


def _held_out(study: CalibrationStudy, problem: Problem, draws: Draws) -> HeldOut:
    schemes = tuple(SCHEMES) if study.effort.name == "shipped" else ("cluster",)
    with (
        study.store() as store,
        study.meter("Leaving out", _folds(study, schemes), "fits") as tell,
    ):
        return hold_out(
            problem, study.fitted_cases, draws.z, study.effort.refit, study.seed, store,
            study.workers, schemes, tell, [study.scenarios[i] for i in study.scored],
        )  # fmt: skip


def _folds(study: CalibrationStudy, schemes: tuple[str, ...]) -> int:
    columns = [[getattr(case, SCHEMES[s]) for case in study.fitted_cases] for s in schemes]
    groups = {
        tuple(i for i, each in enumerate(column) if each == name)
        for column in columns
        for name in set(column)
    }
    return len(groups)


def _planted(study: CalibrationStudy, problem: Problem) -> tuple[pd.DataFrame, np.ndarray]:
    """How well planted truths are recovered, and the scale reduction of each posterior."""
    effort, scenarios = study.effort, study.scenarios
    quarters = effort.planted * sum(s.run.ticks for s in scenarios)
    with study.store() as store:
        with study.meter("Planting truths", quarters, "run-quarters") as tell:
            truth, scores, printed = plant(
                problem, scenarios, study.scored, effort.planted, study.seed, store,
                study.workers, tell,
            )  # fmt: skip
        with study.meter("Recovering them", effort.planted, "fits") as tell:
            found, reductions = recover(
                problem, scores, printed, effort.planted_fit, study.seed, store, study.workers, tell
            )
    return recovery(problem, truth, found), reductions


def _patterns(
    study: CalibrationStudy, files: Mapping[str, PatternFile], sample: pd.DataFrame
) -> pd.DataFrame | None:
    wanted = {
        name: file
        for name, file in files.items()
        if not all(isinstance(pattern, Level) for pattern in file.patterns.values())
    }
    if not wanted:
        return None
    total = runs_of_effects(wanted, len(sample), REPLICATES)
    with (
        study.store() as store,
        study.meter("Patterns over the posterior", total, "runs") as tell,
    ):
        return effects_over(wanted, sample, store, REPLICATES, study.workers, tell)


def _policy(
    study: CalibrationStudy, experiment: Experiment, problem: Problem, draws: Draws
) -> tuple[pd.DataFrame, PolicyEffect]:
    """All designs at one budget, and the two that are compared at one cost."""
    sample = pd.DataFrame(problem.values(draws.z), columns=list(problem.names))
    sample = sample.iloc[:: max(1, len(sample) // (3 * study.effort.checked))]
    measures = tuple(outcome.measure for outcome in experiment.spec.outcomes)
    worlds = experiment.scenarios
    total = next(iter(worlds.values())).run.ticks * len(sample)
    with study.store() as store:
        with study.meter(
            "Policies over the posterior", total * len(worlds), "run-quarters"
        ) as tell:
            runs = policy_outcomes(worlds, sample, measures, store, None, study.workers, tell)
        with study.meter("At equal cost", total * 2, "run-quarters") as tell:
            alike = at_equal_cost(experiment, sample, store, None, study.workers, tell)
    return runs, difference(alike)


def _unscored(study: CalibrationStudy, scores: np.ndarray) -> pd.DataFrame:
    """What the model says of clusters without scores: simulated mean firm at posterior draws.

    Columns: case, title, dimension, median, low, high (central 90% over draws), score points 0-3.
    """
    rows = []
    for i, case in enumerate(study.cases):
        if i in study.scored:
            continue
        for d, dimension in enumerate(DIMENSIONS):
            low, high = central(scores[:, i, d], FORECAST_LEVEL)
            rows.append(
                {
                    "case": case.case,
                    "title": f"{case.cluster}, {case.industry}",
                    "dimension": dimension,
                    "median": np.median(scores[:, i, d]),
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)
