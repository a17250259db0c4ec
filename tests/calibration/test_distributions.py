"""Priors, and how numbers get into scenarios."""

import numpy as np
import pytest
from scipy.special import ndtri

from calibration.commands.clusters_and_designs import case_scenarios
from calibration.evidence.case_tables import load_cases
from calibration.prior.distributions import Free, Prior, candidates, pert
from calibration.prior.overlay import lay
from model.parameters import each


def test_the_mean_of_a_pert_is_a_sixth_of_low_four_modes_and_high():
    prior = Prior((Free("a", 0.2, 0.5, 1.4),))
    places = (np.arange(20_000) + 0.5) / 20_000
    numbers = prior.numbers(ndtri(places)[:, None])
    assert numbers.mean() == pytest.approx((0.2 + 4 * 0.5 + 1.4) / 6, rel=1e-3)


def test_numbers_stay_within_their_bounds_and_whole_ones_are_whole():
    prior = Prior((Free("a", 0.2, 0.5, 1.4), Free("b", 2.0, 7.0, 16.0, whole=True)))
    numbers = prior.numbers(np.random.default_rng(0).standard_normal((500, 2)) * 3)
    assert (numbers[:, 0] >= 0.2).all()
    assert (numbers[:, 0] <= 1.4).all()
    assert (numbers[:, 1] % 1 == 0).all()
    assert np.abs(prior.scaled(numbers)).max() <= 1 + 1e-9


def test_bounds_lie_within_the_declared_range():
    declared = {key: parameter for key, parameter, _, _ in each()}
    for entry in candidates().entries:
        assert entry.low <= entry.mode <= entry.high
        assert entry.low < entry.high
        if entry.key in declared:
            assert declared[entry.key].low <= entry.low
            assert entry.high <= declared[entry.key].high


def test_of_a_share_the_odds_are_known_within_a_factor():
    entry = pert("share", 0.5, 0.0, 1.0, False, "")
    assert (entry.low, entry.high) == pytest.approx((0.25, 0.75))


def test_numbers_are_laid_where_they_belong_and_nowhere_else():
    cases = load_cases()
    apparel = next(c for c in cases if c.sector_group == "traditional")
    wine = next(c for c in cases if c.sector_group == "natural_resource")
    before = tuple(case_scenarios([apparel, wine]).values())
    laid = lay(
        before, {"parameters.absorption.floor": 0.5, "sectors.traditional.start.process": 0.6}
    )
    assert [s.parameters.absorption.floor for s in laid] == [0.5, 0.5]
    assert laid[0].sectors["traditional"].start.process == 0.6
    assert laid[1].sectors == before[1].sectors
    assert before[0].sectors["traditional"].start.process != 0.6


def test_a_table_is_known_by_its_title_too():
    case = next(c for c in load_cases() if c.sector_group == "traditional")
    (scenario,) = case_scenarios([case]).values()
    renamed = scenario.model_copy(update={"sectors": {"trade": scenario.sectors["traditional"]}})
    (laid,) = lay([renamed], {"sectors.traditional.start.process": 0.6})
    assert laid.sectors["trade"].start.process == 0.6
