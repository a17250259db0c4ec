"""Estimators of trials recover planted effects, and cry wolf as often as they say."""

import numpy as np
import pytest

from model.experiments.trials.estimators import TrialEstimate, estimated, in_scale

DRAWS = np.random.default_rng(5)
ESTIMATORS = ("difference", "ancova", "difference_in_differences", "fixed_effects", "reweighted")


def firms(n: int, effect: float, waves: int = 2, draws=DRAWS):
    """Firms with lasting differences, half of them treated by lot; (before, after, treated, covariates)."""
    lasting, treated = draws.normal(size=n), draws.permutation(n) < n // 2
    before = lasting + draws.normal(size=n)
    after = lasting + draws.normal(size=(waves, n)) + 0.7 + effect * treated
    return before, after, treated, np.column_stack([lasting, draws.normal(size=n)])


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_planted_effect_is_recovered(estimator):
    found = [estimated(estimator, *firms(200, 0.5)) for _ in range(60)]
    values = np.array([each.estimate for each in found])
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - 0.5) < 4 * error
    assert np.mean([each.p < 0.05 for each in found]) > 0.5


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_where_there_is_no_effect_one_in_twenty_is_significant(estimator):
    false = np.mean([estimated(estimator, *firms(120, 0.0)).p < 0.05 for _ in range(400)])
    assert 0.02 < false < 0.09  # 5% +- four standard errors


def test_reweighting_undoes_a_choice_by_what_is_seen_and_a_difference_does_not():
    draws = np.random.default_rng(7)
    able = draws.normal(size=4000)
    treated = draws.random(4000) < 1 / (1 + np.exp(-able))
    after = (able + draws.normal(size=4000))[None]  # the able grow, treated or not
    given = np.zeros(4000), after, treated, able[:, None]
    assert abs(estimated("reweighted", *given).estimate) < 0.12
    assert estimated("difference", *given).estimate > 0.5


def test_firms_that_are_gone_are_left_out_in_the_waves_in_which_they_are_gone():
    before, after, treated, covariates = firms(40, 0.0)
    after[:] = before + 2.0 * treated
    after[1, :5] = np.nan
    after[:, 5] = np.nan
    for estimator in ("difference_in_differences", "fixed_effects"):
        found = estimated(estimator, before, after, treated, covariates)
        assert found.estimate == pytest.approx(2.0)


def test_of_too_few_firms_nothing_is_said():
    before, after, treated, covariates = firms(40, 1.0)
    treated[:] = False
    treated[:2] = True
    assert np.isnan(estimated("ancova", before, after, treated, covariates).estimate)


def test_the_mean_of_an_arm_knows_no_control():
    before, after, treated, covariates = firms(40, 0.0)
    after[:] = np.where(treated, 3.0, 100.0) + np.arange(40) / 1000
    found = estimated("mean", before, after, treated, covariates)
    assert found.estimate == pytest.approx(3.0, abs=0.05)


def test_scales():
    effect = TrialEstimate(0.2, 0.01, mean=4.0, deviation=0.5)
    assert in_scale("level", effect) == 0.2
    assert in_scale("ratio", effect) == pytest.approx(0.05)
    assert in_scale("standardised", effect) == pytest.approx(0.4)
    assert in_scale("log", effect) == pytest.approx(np.exp(0.2) - 1)
    assert np.isnan(in_scale("ratio", TrialEstimate(0.2, 0.5, mean=0.0)))
