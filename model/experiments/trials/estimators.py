"""From firms to an effect with its significance, as the studies do it; regressions by statsmodels.

All take ``before`` (n_firms,) and ``after`` (waves, n_firms), NaN where a firm is not there, and
``treated`` (n_firms,) bool, and give the effect in the units of ``after`` with its p-value.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

_FEW = 3  # firms an arm below which nothing can be said
_CAP = 20.0  # weight of one firm of the comparison at most, in means


@dataclass(frozen=True)
class TrialEstimate:
    """An estimate in units of the outcome, its two-sided p-value, and the other arm."""

    estimate: float
    p: float
    mean: float = np.nan  # of the other arm, afterwards
    deviation: float = np.nan  # standard deviation there


NOTHING = TrialEstimate(np.nan, np.nan)


def estimated(
    estimator: str,
    before: np.ndarray,
    after: np.ndarray,
    treated: np.ndarray,
    covariates: np.ndarray,
) -> TrialEstimate:
    """The effect by one of the estimators of a trial file; ``covariates`` (n_firms, k), baseline."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # means over firms that are all gone
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        mean = np.nanmean(after, axis=0)
    there = np.isfinite(mean)
    if estimator == "mean":
        return _mean(mean[there & treated])
    if estimator != "difference":
        there &= np.isfinite(before)
    if min((there & treated).sum(), (there & ~treated).sum()) < _FEW:
        return NOTHING
    y, x, b = mean[there], treated[there].astype(float), before[there]
    other = y[x == 0]
    if estimator == "fixed_effects":
        estimate, p = _fixed_effects(before[there], after[:, there], x)
    elif estimator == "reweighted":
        estimate, p = _reweighted(y - b, x, covariates[there])
    elif estimator == "difference_in_differences":
        estimate, p = _regression(y - b, x)
    elif estimator == "ancova":
        estimate, p = _regression(y, x, b)
    else:
        estimate, p = _regression(y, x)
    return TrialEstimate(estimate, p, float(other.mean()), float(other.std(ddof=1)))


def _mean(values: np.ndarray) -> TrialEstimate:
    if len(values) < _FEW:
        return NOTHING
    error = values.std(ddof=1) / np.sqrt(len(values))
    return TrialEstimate(
        float(values.mean()), float(2 * _tail(values.mean() / error)) if error else np.nan
    )


def _tail(z: float) -> float:
    from scipy.stats import norm

    return float(norm.sf(abs(z)))


def _regression(
    y: np.ndarray, x: np.ndarray, given: np.ndarray | None = None
) -> tuple[float, float]:
    """Ordinary least squares with errors robust to unequal variances (HC1)."""
    columns = [np.ones_like(x), x]
    if given is not None and given.std() > 0:
        columns.append(given - given.mean())
    if y.std() == 0:
        return 0.0, 1.0  # nothing differs
    fit = sm.OLS(y, np.column_stack(columns)).fit(cov_type="HC1")
    return float(fit.params[1]), float(fit.pvalues[1])


def _fixed_effects(before: np.ndarray, after: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Firm and wave effects, errors clustered by firm; waves in which a firm is not there are missing."""
    waves = np.vstack([before, after])
    number, firms = waves.shape
    firm = np.tile(np.arange(firms), number)
    wave = np.repeat(np.arange(number), firms)
    y = waves.ravel()
    columns = np.column_stack(
        [(wave > 0) * x[firm], *[(wave == w).astype(float) for w in range(1, number)]]
    )
    here = np.isfinite(y)
    y, columns, firm = y[here], columns[here], firm[here]
    within = _within(np.column_stack([y, columns]), firm)
    if within[:, 0].std() == 0:
        return 0.0, 1.0
    model = sm.OLS(within[:, 0], within[:, 1:])
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": firm})
    return float(fit.params[0]), float(fit.pvalues[0])


def _within(columns: np.ndarray, firm: np.ndarray) -> np.ndarray:
    """Columns less their means by firm."""
    count = np.maximum(1, np.bincount(firm))
    means = np.column_stack([np.bincount(firm, column) / count for column in columns.T])
    return columns - means[firm]


def _reweighted(change: np.ndarray, x: np.ndarray, covariates: np.ndarray) -> tuple[float, float]:
    """Change of the treated less that of others, weighted to look like the treated at the start."""
    spread = covariates.std(axis=0)
    kept = covariates[:, spread > 0]
    design = sm.add_constant((kept - kept.mean(axis=0)) / kept.std(axis=0), has_constant="add")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a small arm may be told apart perfectly; weights are capped
        chance = sm.GLM(x, design, family=sm.families.Binomial()).fit(maxiter=25).predict(design)
    odds = chance / np.maximum(1e-9, 1.0 - chance)
    weight = np.where(x == 1, 1.0, np.minimum(odds, _CAP * odds[x == 0].mean()))
    fit = sm.WLS(change, np.column_stack([np.ones_like(x), x]), weights=weight).fit(cov_type="HC1")
    return float(fit.params[1]), float(fit.pvalues[1])


def in_scale(scale: str, effect: TrialEstimate) -> float:
    """The effect in the unit in which it was published."""
    if scale == "log":
        return float(np.expm1(effect.estimate))
    if scale == "ratio":
        return effect.estimate / effect.mean if effect.mean else np.nan
    if scale == "standardised":
        return effect.estimate / effect.deviation if effect.deviation else np.nan
    return effect.estimate
