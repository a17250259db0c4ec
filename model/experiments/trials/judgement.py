"""Where published effects fall in the sampling distributions of simulated studies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.intervals import known, quantile
from model.experiments.trials.replay import (
    ESTIMATE,
    FIRMS,
    HOURS,
    MONEY,
    SPILLOVER,
    TAKERS,
    TRUE,
    P,
    Replayed,
)
from model.experiments.trials.trial_file import Published, TrialFile, TrialOutcome

ALPHA = 0.05
"""What counts as significant, in the simulated studies as in most of the published ones."""
LEVEL = 0.95
"""Mass of the central interval of a sampling distribution within which a published effect is inside."""

OUTCOMES = (
    "trial", "variant", "outcome", "headline", "arm", "against", "measure", "published_low",
    "published_high", "published_sign", "published_significant", "provenance", "confidence", "low", "median",
    "high", "percentile", "inside", "sign_as_published", "significance_as_published", "sign_right", "true",
    "true_low", "true_high", "spillover", "seeds",
)  # fmt: skip
"""low, median, high: quantiles of the simulated estimates that hold 95% of them; percentile: share of them
below the middle of the published range; inside: the published range and that interval overlap (empty where
no number was published); sign_right: whether the sign is that published in most (empty for the mean of
one arm); sign_as_published and significance_as_published: shares of seeds;
true: median of the true effects, with the quantiles that hold 95%; spillover: median of what the arm that is
compared with got; seeds: studies that gave an estimate."""
ARMS = ("trial", "variant", "arm", "firms", "takers", "hours", "money", "published_cost")
"""firms and takers: means over seeds; hours of staff and money (units of account) for a firm that took
the offer up."""


def judge(
    name: str, trials: Mapping[str, tuple[TrialFile, Replayed]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of ``OUTCOMES`` and ``ARMS`` of a study; ``trials`` by the label of the variant."""
    outcomes, arms = [], []
    for variant, (trial, done) in trials.items():
        for number, (key, outcome) in enumerate(trial.outcomes.items()):
            row = _of_outcome(outcome, done.found[:, number])
            told = {
                "trial": name, "variant": variant, "outcome": key, "headline": key == trial.headline,
                "arm": outcome.arm, "against": trial.against(outcome), "measure": outcome.measure,
            }  # fmt: skip
            outcomes.append(told | row)
        for number, (key, arm) in enumerate(trial.arms.items()):
            cost = np.nanmean(done.cost[:, number], axis=0)
            arms.append(
                {
                    "trial": name, "variant": variant, "arm": key, "firms": cost[FIRMS],
                    "takers": cost[TAKERS], "hours": cost[HOURS], "money": cost[MONEY],
                    "published_cost": arm.published_cost,
                }
            )  # fmt: skip
    return pd.DataFrame(outcomes, columns=OUTCOMES), pd.DataFrame(arms, columns=ARMS)


def _of_outcome(outcome: TrialOutcome, found: np.ndarray) -> dict[str, Any]:
    published = outcome.published
    estimates = known(found[:, ESTIMATE])
    there = np.isfinite(found[:, ESTIMATE])
    p = np.where(np.isfinite(found[:, P]), found[:, P], 1.0)[there]
    tail = (1.0 - LEVEL) / 2.0
    low, median, high = (quantile(estimates, q) for q in (tail, 0.5, 1.0 - tail))
    said = published.range
    middle = np.nan if said is None else sum(said) / 2.0
    sign, significance = as_published(published, estimates, p)
    if outcome.estimator == "mean":  # of one arm: its sign says nothing
        sign = significance = np.nan
    answered = len(estimates) / max(1, len(found))  # a study without an estimate found nothing
    sign, significance = sign * answered, significance * answered
    return {
        "published_low": said[0] if said else np.nan,
        "published_high": said[1] if said else np.nan,
        "published_sign": published.sign,
        "published_significant": published.significant,
        "provenance": published.provenance,
        "confidence": published.confidence,
        "low": low,
        "median": median,
        "high": high,
        "percentile": np.nan if said is None or not len(estimates) else (estimates < middle).mean(),
        "inside": None if said is None else bool(said[0] <= high and low <= said[1]),
        "sign_as_published": sign,
        "significance_as_published": significance,
        "sign_right": bool(sign > 0.5) if np.isfinite(sign) else None,
        "true": quantile(found[:, TRUE], 0.5),
        "true_low": quantile(found[:, TRUE], tail),
        "true_high": quantile(found[:, TRUE], 1.0 - tail),
        "spillover": quantile(found[:, SPILLOVER], 0.5),
        "seeds": len(estimates),
    }


def as_published(published: Published, estimates: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """Shares of studies whose sign and whose significance are those published.

    No effect (sign 0) is found where the estimate is not significant. Where the study's significance is not
    known the second is NaN.
    """
    if len(estimates) == 0:
        return 0.0, np.nan
    if published.sign == "0":
        quiet = float((p >= ALPHA).mean())
        return quiet, quiet if published.significant is False else np.nan
    right = np.sign(estimates) == (1 if published.sign == "+" else -1)
    if published.significant is None:
        return float(right.mean()), np.nan
    significant = right & (p < ALPHA)
    as_said = significant if published.significant else p >= ALPHA
    return float(right.mean()), float(as_said.mean())


def trial_facts(outcomes: pd.DataFrame, trials: Mapping[str, TrialFile]) -> dict[str, Any]:
    """What the last line for scripts says: headline outcomes of the studies, first variant of each.

    Of a published range its middle is told; of an effect without a number its sign.
    """
    rows = outcomes[outcomes["headline"]].drop_duplicates("trial")
    by_trial = {}
    for row in rows.to_dict("records"):
        number = _plain((row["published_low"] + row["published_high"]) / 2.0)
        by_trial[row["trial"]] = {
            "published": row["published_sign"] if number is None else number,
            "low": _plain(row["low"]),
            "high": _plain(row["high"]),
            "used_to_set": bool(trials[row["trial"]].used_to_set),
        }
    return {
        "trials": len(rows),
        "inside": int(sum(row is True for row in rows["inside"])),
        "sign_right": int(sum(row is True for row in rows["sign_right"])),
        "by_trial": by_trial,
    }


def _plain(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
