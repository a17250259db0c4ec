"""P2 Supplier development with lead firms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import BUYER
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT, developed, useful
from model.theory.support import is_favoured
from tests.theory.records import anywhere, neutral_params, params
from tests.worlds import NO_TURNOVER, ONE, by_dimension, live, neutral, parameters, same, scenario

money, suppliers = st.floats(0, 1000), st.integers(0, 200)
CHAIN = {
    "sectors": {"trade": {"holds": {d: {"buyer": 1.0} for d in by_dimension(0)}}},
    "communities": {"here": {"market_access": 1.0}},
    "chains": {"buyer": {"governance": "quasi_hierarchy", "orders": 0.5, "entry_standard": 0.0}},
}
WORLD = (
    ONE,
    NO_TURNOVER,
    CHAIN,
    parameters(support={"favoured": 0.3}, outside_options={"footloose": 0}, demand={"contest": 0}),
)


def programme(budget=100.0, **what):
    return {"instruments": {"pairs": {"kind": "supplier_development", "budget": budget, **what}}}


@given(money, suppliers)
def test_neutral_nobody_is_added(spent, n):
    assert developed(spent, n, neutral_params("supplier_development")) == 0


def test_neutral_equals_a_world_without_the_instrument():
    off = neutral("supplier_development")
    assert same(*(live(scenario(*WORLD, off, *x), 9) for x in ((), (programme(),))))


@given(money, suppliers, anywhere("supplier_development"))
def test_money_that_is_of_use_pays_for_all_suppliers_at_most(spent, n, numbers):
    used = useful(spent, n, numbers)
    assert 0 <= used <= spent
    assert 0 <= developed(used, n, numbers) <= 1 + 1e-12


def test_money_for_two_of_five_suppliers_adds_two_fifths():
    numbers = params(supplier_development={"cost": 0.3})
    assert developed(0.6, 5, numbers) == pytest.approx(0.4)
    assert useful(2.0, 5, numbers) == pytest.approx(1.5)


def test_more_suppliers_get_active_collaboration_and_who_is_outside_stays_outside():
    """MP17: supplier development schemes reach those that lead firms already buy from."""
    without, with_ = (live(scenario(*WORLD, *x), 9) for x in ((), (programme(),)))
    favoured = []
    for lives in (without, with_):
        firms, leader = lives.world.firms, lives.world.chains[0]
        supplies = firms.contract[:, 0] == 0
        assert supplies.sum() == 6
        favoured.append(sum(is_favoured(me, leader) for me in firms[supplies]))
        taught = np.unique(lives.ledger["firm"][lives.ledger["channel"] == BUYER])
        assert supplies[taught].all()
    assert favoured[0] < favoured[1] == 6


def test_chains_that_buy_elsewhere_are_not_developed():
    elsewhere = {
        "communities": {"there": {"sector": "trade", "firms": 6, "market_access": 1.0}},
        "chains": {
            "buyer": {"communities": ["here"]},
            "other": {"governance": "quasi_hierarchy", "orders": 1.0, "communities": ["there"]},
        },
    }
    lives = live(scenario(*WORLD, elsewhere, programme(communities=["there"])), 9)
    here, there = lives.world.chains.aid[:, SUPPLIER_DEVELOPMENT]
    assert here == 0
    assert there > 0
