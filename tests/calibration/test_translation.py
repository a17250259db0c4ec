"""From codes to starting conditions: a factor of one changes nothing, others do what they say."""

import numpy as np
import pytest

from calibration.commands.clusters_and_designs import case_scenarios
from calibration.evidence.case_tables import load_cases
from calibration.evidence.starting_conditions import load_starting_points
from calibration.prior.overlay import lay_cases
from calibration.prior.translation import (
    ORDERS,
    SPACING,
    TRANSLATED,
    of_medium_degree,
    within_degree,
)

SCENARIOS = case_scenarios(load_cases())
VALLEY = SCENARIOS["sinos_valley_footwear"]
(HERE,) = VALLEY.communities
GRADED = load_starting_points().collective_efficiency


def test_factors_of_one_leave_every_case_as_it_is():
    same = dict.fromkeys(TRANSLATED, 1.0)
    for scenario, laid in zip(
        SCENARIOS.values(), lay_cases(tuple(SCENARIOS.values()), same), strict=True
    ):
        for name, chain in laid.chains.items():
            assert chain.orders == pytest.approx(scenario.chains[name].orders)
        for name, place in laid.communities.items():
            for key in GRADED:
                assert getattr(place, key) == pytest.approx(
                    getattr(scenario.communities[name], key)
                )


def test_spacing_moves_a_cluster_away_from_the_medium_degree():
    (near,) = lay_cases([VALLEY], {SPACING: 0.0})
    (far,) = lay_cases([VALLEY], {SPACING: 1.5})
    for key, each in GRADED.items():
        assert getattr(near.communities[HERE], key) == pytest.approx(each.medium)
    before, after = VALLEY.communities[HERE], far.communities[HERE]
    assert after.trust == pytest.approx(
        GRADED["trust"].medium + 1.5 * (before.trust - GRADED["trust"].medium)
    )
    assert after.associated <= 1.0, "a share stays a share"


def test_orders_of_a_mode_and_reach_are_multiplied_and_capped_together():
    key = f"{ORDERS}market_domestic"
    (less,) = lay_cases([VALLEY], {key: 0.5})
    before, after = VALLEY.chains["market_domestic"], less.chains["market_domestic"]
    assert after.orders == pytest.approx(0.5 * before.orders)
    assert less.chains["market_global"].orders == VALLEY.chains["market_global"].orders
    (more,) = lay_cases([VALLEY], {key: 3.0})
    total = sum(chain.orders for chain in VALLEY.chains.values())
    most = max(total, load_starting_points().orders_in_all.value)
    assert sum(chain.orders for chain in more.chains.values()) == pytest.approx(most)


def test_components_are_drawn_within_half_a_step_of_the_degree_and_by_seed():
    drawn = within_degree(VALLEY, np.random.default_rng(1))
    again = within_degree(VALLEY, np.random.default_rng(1))
    other = within_degree(VALLEY, np.random.default_rng(2))
    assert drawn == again != other
    for key, each in GRADED.items():
        apart = abs(getattr(drawn.communities[HERE], key) - getattr(VALLEY.communities[HERE], key))
        assert 0 < apart <= 0.25 * (each.high - each.low) + 1e-9


def test_clusters_of_the_medium_degree_are_alike():
    worlds = [of_medium_degree(scenario) for scenario in SCENARIOS.values()]
    for key, each in GRADED.items():
        found = {getattr(place, key) for w in worlds for place in w.communities.values()}
        assert found == {each.medium}
