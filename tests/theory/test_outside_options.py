"""G6 Outside options."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.outside_options import orders_here
from model.theory.practices import PROCESS
from tests.theory.records import anywhere, chain, neutral_params, params, practices, shares
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    history,
    live,
    neutral,
    parameters,
    same,
    scenario,
)


def buyer(**what):
    return {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0, **what}},
    }


def opening(outside, tick=4):
    return {"timetable": {"opening": {"tick": tick, "chains": {"buyer": {"outside": outside}}}}}


STILL = (
    ONE, NO_TURNOVER, NO_UNLEARNING, neutral("interaction"), parameters(unlearning={"drift": 0}),
)  # fmt: skip


@given(st.integers(0, 10_000), shares, shares)
def test_neutral_all_orders_stay(orders, outside, able):
    leader = chain(orders=orders, outside=outside)
    assert orders_here(leader, able, neutral_params("outside_options")) == orders


def test_neutral_equals_a_world_without_alternatives_abroad():
    off = neutral("outside_options")
    rivals, none = (live(scenario(ONE, buyer(outside=x), off), 9) for x in (1.0, 0.01))
    assert same(rivals, none)
    with_, without = (live(scenario(ONE, buyer(outside=0.01), *x), 9) for x in ((off,), ()))
    assert history(with_) == history(without)


@given(st.integers(0, 10_000), shares, shares, shares, anywhere("outside_options"))
def test_orders_here_fall_with_the_alternative_and_rise_with_capability(
    orders, outside, able, more, numbers
):
    def here(abroad, capability):
        return orders_here(chain(orders=orders, outside=abroad), capability, numbers)

    assert 0 <= here(outside, able) <= orders
    assert here(max(outside, more), able) <= here(outside, able) <= here(outside, max(able, more))
    assert here(min(outside, able), able) == orders


def test_a_lead_of_half_of_all_practices_takes_all_orders_away():
    assert orders_here(chain(orders=20, outside=0.8), 0.3, params()) == 0
    assert orders_here(chain(orders=20, outside=0.55), 0.3, params()) == 10


def displaced(outside, horizon=5):
    """A world in which firms 0 to 11 master 0 to 11 practices, before and after the opening."""
    lives = live(scenario(*STILL, buyer(), opening(outside)), 1, horizon=horizon)
    lives.world.firms.mastered[:] = 0
    lives.world.firms.mastered[:, PROCESS] = [practices(1, n) for n in range(12)]
    lives.advance(4)
    assert (lives.world.firms.contract[:, 0] == 0).all()
    lives.advance(5)
    return lives


def test_a_rise_of_the_alternative_displaces_suppliers_the_weakest_first():
    """GPR05 section 5c iii: displacement of suppliers after liberalisation."""
    able = np.mean(np.arange(12)) / 96
    lives = displaced(able + 0.25)
    kept = lives.world.firms.contract[:, 0] == 0
    assert list(kept) == [False] * 6 + [True] * 6
    assert lives.world.chains.suppliers[0] == lives.world.chains.placed[0] == 6


@pytest.mark.parametrize("outside", [0.6, 1.0])
def test_where_all_orders_leave_they_stay_away_as_long_as_the_alternative(outside):
    lives = displaced(outside, horizon=14)
    for until in (5, 9, 13):
        lives.advance(until)
        assert (lives.world.firms.contract == -1).all()
        assert lives.world.chains.placed[0] == 0


def test_a_leader_that_lost_its_alternative_comes_back():
    back = {"timetable": {"closing": {"tick": 8, "chains": {"buyer": {"outside": 0.01}}}}}
    lives = live(scenario(*STILL, buyer(), opening(1.0), back), 8, horizon=9)
    assert (lives.world.firms.contract == -1).all()
    lives.advance(9)
    assert (lives.world.firms.contract[:, 0] == 0).all()


def test_all_orders_can_be_withdrawn_at_once():
    """The exit of a lead firm: no order is placed, nobody keeps a contract."""
    leaves = {"timetable": {"exit": {"tick": 4, "chains": {"buyer": {"orders": 0.0}}}}}
    lives = live(scenario(*STILL, buyer(), leaves), 4, horizon=5)
    assert (lives.world.firms.contract[:, 0] == 0).all()
    lives.advance(5)
    assert (lives.world.firms.contract == -1).all()
