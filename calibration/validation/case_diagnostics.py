"""Cluster by cluster: what was predicted, what was given, what carried it, and what cannot be explained.

Predictions are those of a posterior that has not seen the cluster. Channels come from runs at draws of
the full posterior. A cluster is unexplained where one of its scores is surprising: no more likely than
one in twenty to fall that far to that side. Among 139 scores several must be so by chance alone; the
report says how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.evidence.case_tables import DIMENSIONS, Case
from calibration.posterior.inference import Problem
from calibration.posterior.mcmc import Draws
from calibration.posterior.simulator import ParameterPoints, Simulated
from calibration.posterior.workflow import CalibrationStudy, simulated
from calibration.validation.cross_validation import misfit
from calibration.validation.scoring_rules import score_forecasts
from model.experiments.points.point import Quantity
from model.theory.interaction import CHANNELS

SURPRISING = 0.05
_FIRST = 20_000_000  # replicates of runs at posterior draws
_NAMED = 3  # channels


def at_draws(
    study: CalibrationStudy,
    problem: Problem,
    draws: Draws,
    quantities: tuple[Quantity, ...] = (),
    neutral: tuple[str, ...] = (),
    alike: bool = False,
) -> tuple[np.ndarray, Simulated]:
    """All clusters simulated once at some draws: their places z, and what came of it.

    ``quantities`` are measured beside scores and channels. A draw at which a run failed is left out.
    """
    chosen = np.linspace(0, len(draws.z) - 1, study.effort.checked).astype(int)
    z = draws.z[chosen]
    prior = problem.emulator.prior
    points = ParameterPoints(
        study.scenarios, prior.keys, prior.numbers(z[:, : problem.free]), 1, _FIRST, quantities,
        components=True, neutral=neutral, alike=alike,
    )  # fmt: skip
    found = simulated(study, "Runs at posterior draws", points)
    there = np.isfinite(found.scores).all(axis=(1, 2, 3, 4))
    return z[there], Simulated(
        found.scores[there], found.channels[there], found.measured[there], found.owners[there]
    )


@dataclass(frozen=True)
class EmulatorCheck:
    """Real runs at posterior draws against what the emulator says of them."""

    bias: float  # score points, mean of simulated less emulated
    worst_bias: float  # score points, of the worst cluster and dimension
    spread: float  # of simulated around emulated, over what the likelihood allows for; 1 is right


def check_emulator(
    study: CalibrationStudy, problem: Problem, z: np.ndarray, runs: Simulated
) -> EmulatorCheck:
    """Compare; ``z`` and ``runs`` from ``at_draws``."""
    apart = runs.scores[:, 0][:, study.scored][..., 0] - problem.scores(z)[..., 0]
    chance = problem.emulator.chance[..., 0]
    return EmulatorCheck(
        float(apart.mean()),
        float(np.abs(apart.mean(axis=0)).max()),
        float(np.sqrt((apart**2).mean() / (chance**2).mean())),
    )


def channel_shares(runs: Simulated, cases: Sequence[Case]) -> pd.DataFrame:
    """Share of each channel in what was mastered: columns case, dimension, channel, share."""
    total = runs.channels[:, 0].astype(float).mean(axis=0)  # (clusters, 4, channels)
    sums = np.maximum(total.sum(axis=-1, keepdims=True), 1e-12)
    cluster, dimension, channel = np.indices(total.shape)
    return pd.DataFrame(
        {
            "case": np.array([case.case for case in cases])[cluster.ravel()],
            "dimension": np.array(DIMENSIONS)[dimension.ravel()],
            "channel": np.array(CHANNELS)[channel.ravel()],
            "share": (total / sums).ravel(),
        }
    )


def carried_by(shares: pd.DataFrame, case: str, dimension: str) -> str:
    """The largest channels of a case and dimension in words."""
    part = shares[(shares["case"] == case) & (shares["dimension"] == dimension)]
    largest = part.sort_values("share", ascending=False, kind="stable").head(_NAMED)
    rows = largest[largest["share"] >= 0.05].to_dict("records")
    return ", ".join(f"{row['channel']} {row['share']:.0%}" for row in rows)


def case_table(
    cases: Sequence[Case], observed: np.ndarray, chances: np.ndarray, shares: pd.DataFrame
) -> pd.DataFrame:
    """A row a score: prediction, score, surprise, channels.

    Columns: those of ``scoring_rules.score_forecasts`` without cluster, then case, title, sector,
    surprise, surprising, channels. chances: (clusters, 4, 7), of each cluster left out.
    """
    table = score_forecasts(chances, observed).merge(
        misfit(chances, observed), on=["cluster", "dimension"]
    )
    which = table["cluster"].to_numpy()
    table["case"] = [cases[i].case for i in which]
    table["title"] = [f"{cases[i].cluster}, {cases[i].industry}" for i in which]
    table["sector"] = [cases[i].sector_group for i in which]
    table["surprising"] = table["surprise"] <= SURPRISING
    table["channels"] = [
        carried_by(shares, row["case"], row["dimension"]) for row in table.to_dict("records")
    ]
    return table.drop(columns="cluster")


def expected_surprises(chances: np.ndarray, observed: np.ndarray) -> float:
    """How many surprising scores there would be if every forecast were right."""
    total = 0.0
    there = ~np.isnan(observed)
    for said in chances[there]:
        below, above = said.cumsum(), said[::-1].cumsum()[::-1]
        total += said[np.minimum(below, above) <= SURPRISING].sum()
    return total
