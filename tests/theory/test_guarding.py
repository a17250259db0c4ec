"""G3 Guarding the core."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.guarding import freedom, guards, punishes
from model.theory.interaction import FORGOTTEN, OVERTAKEN
from model.theory.practices import ALL, FUNCTIONAL, INTERSECTORAL
from model.theory.support import GOVERNANCE, HIERARCHY, QUASI_HIERARCHY
from tests.theory.records import (
    any_draw,
    any_mask,
    anywhere,
    chain,
    draws,
    firm,
    neutral_params,
    params,
    practices,
    shares,
)
from tests.worlds import NO_TURNOVER, ONE, by_dimension, live, neutral, parameters, scenario

FULL_EFFORT = parameters(resources={"slack": 0}, road={"neglect": 0})
modes = pytest.mark.parametrize("mode", range(4), ids=GOVERNANCE)


def supplying(mode):
    """Everybody supplies one chain; what there is to learn is learned fast by own engineering."""
    return {
        "sectors": {
            "trade": {
                "tacitness": by_dimension(0.0),
                "holds": {d: {"engineering": 1.0} for d in by_dimension(0)},
                "start": by_dimension(0.8),
            }
        },
        "communities": {"here": {"market_access": 1.0, "firms": 16}},
        "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
    }


def functional_gains(*layers, ticks=8):
    world = scenario(ONE, NO_TURNOVER, *layers, FULL_EFFORT)
    ledger = live(world, ticks).ledger
    gained = ledger[~np.isin(ledger["channel"], (FORGOTTEN, OVERTAKEN))]
    return np.isin(gained["dimension"], (FUNCTIONAL, INTERSECTORAL)).sum(), len(gained)


@modes
def test_neutral_no_leader_punishes_and_no_firm_is_deterred(mode):
    numbers, designer = neutral_params("guarding"), firm(mastered=(0, 0, ALL, 0))
    assert freedom(1.0, 0.0, numbers) == freedom(0.0, 1.0, numbers) == 1
    assert not any(punishes(designer, chain(governance=mode), d, numbers) for d in draws(100, 1))


def test_neutral_in_a_world_suppliers_of_leaders_upgrade_functionally_like_others():
    off = neutral("guarding", "local_leader", "support", "value_added")
    found = {mode: functional_gains(supplying(mode), off) for mode in GOVERNANCE}
    assert len(set(found.values())) == 1
    assert found["market"][0] > 0


@given(shares, anywhere("guarding"))
def test_leaders_take_freedom_and_networks_give_some(share, numbers):
    assert 0 <= freedom(share, 0.0, numbers) <= 1 <= freedom(0.0, share, numbers)


@given(any_mask, any_draw, anywhere("guarding"))
def test_only_leaders_that_guard_punish_and_only_who_encroaches(mask, draw, numbers):
    me = firm(mastered=(0, 0, mask, 0))
    for mode in range(4):
        if punishes(me, chain(governance=mode), draw, numbers):
            assert mode in (QUASI_HIERARCHY, HIERARCHY)
            assert mask.bit_count() / 16 > numbers.guarding.encroachment


def test_quasi_hierarchies_and_hierarchies_guard():
    assert [bool(guards(chain(governance=mode))) for mode in range(4)] == [False, False, True, True]


def test_encroachment_begins_above_the_stated_score():
    numbers = params(guarding={"punishment": 1, "encroachment": 1})
    leader, draw = chain(governance=QUASI_HIERARCHY), draws(1, 2)[0]
    assert not punishes(firm(mastered=(0, 0, practices(1), 0)), leader, draw, numbers)
    assert punishes(firm(mastered=(0, 0, practices(1) | practices(2, 1), 0)), leader, draw, numbers)


def test_punishment_comes_as_often_as_stated():
    numbers = params(guarding={"punishment": 0.3})
    designer, leader = firm(mastered=(0, 0, ALL, 0)), chain(governance=HIERARCHY)
    share = np.mean([punishes(designer, leader, draw, numbers) for draw in draws(2000, 3)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def test_suppliers_of_leaders_turn_away_from_functional_upgrading():
    """GPR05 section 5c i: in quasi-hierarchies it is blocked, in markets it is free."""
    deter = (
        neutral("support", "value_added", "home_market"),
        parameters(guarding={"deterrence": 1}, demand={"displacement": 1.0}),
    )
    bound, _ = functional_gains(supplying("quasi_hierarchy"), *deter)
    free, _ = functional_gains(supplying("market"), *deter)
    assert bound < 0.7 * free  # those who sell at home too are free to that extent
    deterred = live(scenario(ONE, supplying("hierarchy"), *deter), 3).world.firms
    bound_ = deterred.home == 0
    assert 2 < bound_.sum() < 16
    assert not np.isin(deterred.dimension[bound_], (FUNCTIONAL, INTERSECTORAL)).any()


def test_partners_of_a_network_turn_to_functional_upgrading():
    """GPR05 section 2: networks of equals share their competence; doubled weights as stated."""
    shared = (neutral("support", "value_added"), parameters(guarding={"sharing": 1}))
    partners, everything = functional_gains(supplying("network"), *shared)
    alone, of_all = functional_gains(supplying("market"), *shared)
    assert partners / everything > 1.3 * alone / of_all


def test_a_supplier_that_masters_design_loses_its_contract_within_the_year():
    harsh = (parameters(guarding={"punishment": 1, "encroachment": 1}), neutral("unlearning"))
    for mode in GOVERNANCE:
        lives = live(scenario(ONE, NO_TURNOVER, supplying(mode), *harsh), 0, horizon=5)
        lives.world.firms.mastered[:, FUNCTIONAL] = 0
        lives.advance(1)
        assert (lives.world.firms.contract[:, 0] == 0).all()
        designers = np.arange(16) % 2 == 0
        lives.world.firms.mastered[:, FUNCTIONAL] = np.where(designers, ALL, 0)
        lives.advance(5)
        kept = lives.world.firms.contract[:, 0] == 0
        assert kept[~designers].all()
        assert kept[designers].all() == (mode in ("market", "network"))
        assert kept[designers].any() == (mode in ("market", "network"))
