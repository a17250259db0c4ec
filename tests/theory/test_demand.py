"""M1 Demand of a chain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.engine.chains import end_contract, sign_contract
from model.theory.demand import (
    displaced,
    most_growth,
    new_suppliers,
    offer,
    order_after,
    order_kept,
    too_small,
)
from model.theory.practices import ALL, FUNCTIONAL, PROCESS, RUNG_1
from model.theory.support import HIERARCHY, MARKET, NETWORK, QUASI_HIERARCHY
from model.world.tables import NOBODY
from tests.theory.records import any_mask, anywhere, chain, firm, neutral_params, params, shares
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

amounts = st.floats(0.01, 1000)
sizes = st.floats(1, 10_000)
FREE = {"growth": 1.0}  # growth does not bind


def test_neutral_every_supplier_keeps_its_share():
    numbers = neutral_params("demand", "certification")
    for order, merit in ((1.0, 0.0), (5.0, 0.9)):
        assert order_after(order, 1.5, merit, 0.4, 20.0, numbers) == 1.5 * order
        assert order_kept(order, numbers) == order
    able = firm(mastered=(ALL, ALL, ALL, 0), certified=0.5)
    assert offer(able, chain(), numbers) == offer(firm(mastered=(ALL, ALL, 0, 0)), chain(), numbers)


@given(st.lists(st.tuples(amounts, shares), min_size=1, max_size=20), amounts, shares)
def test_orders_are_shared_out_exactly_while_growth_does_not_bind(suppliers, demand, selection):
    """The replicator's law of conservation: shares move, their sum does not."""
    numbers = params(demand=FREE | {"selection": selection})
    total = sum(order for order, _ in suppliers)
    mean = sum(order * merit for order, merit in suppliers) / total
    after = [order_after(o, demand / total, merit, mean, 20.0, numbers) for o, merit in suppliers]
    assert sum(after) == pytest.approx(demand)
    assert min(after) >= 0


@given(st.floats(0.01, 0.99), shares, shares, shares)
def test_two_suppliers_in_closed_form(p, one, other, selection):
    """The share of the first after a quarter: p' = p (1 + s (1 - p) d), d the lead of its offer."""
    numbers = params(demand=FREE | {"selection": selection})
    mean = p * one + (1 - p) * other
    first = order_after(p * 10, 1.0, one, mean, 20.0, numbers)
    assert first / 10 == pytest.approx(p * (1 + selection * (1 - p) * (one - other)))


def test_a_fifth_of_all_practices_more_gains_six_per_cent():
    numbers = params(demand=FREE | {"selection": 0.3})
    assert order_after(1.0, 1.0, 0.6, 0.4, 20.0, numbers) == pytest.approx(1.06)


@given(amounts, amounts, sizes, anywhere("demand"))
def test_no_order_grows_faster_than_a_firm_can(amount, wanted, workers, numbers):
    after = most_growth(amount, wanted, workers, numbers)
    assert after <= wanted
    if numbers.demand.growth < 1:
        assert after <= amount * (1 + numbers.demand.growth) * (1 + 1e-12)
    if wanted <= amount:
        assert after == wanted


def test_a_firm_of_the_span_grows_at_half_the_pace_of_a_small_one():
    numbers = params(demand={"growth": 0.2, "span": 50})
    assert most_growth(10.0, 100.0, 0.0, numbers) == pytest.approx(12)
    assert most_growth(10.0, 100.0, 50.0, numbers) == pytest.approx(11)
    assert most_growth(10.0, 100.0, 1e9, numbers) == pytest.approx(10)
    assert order_after(10.0, 10.0, 0.5, 0.5, 50.0, numbers) == pytest.approx(11)


@given(any_mask, any_mask, any_mask, any_mask, shares, anywhere("demand"))
def test_an_offer_rises_with_mastery_and_certificate(a, b, c, more, certified, numbers):
    for mode in (MARKET, QUASI_HIERARCHY):
        buyer = chain(governance=mode)
        less = offer(firm(mastered=(a, b, c, 0)), buyer, numbers)
        able = firm(mastered=(a | more, b | more, c | more, 0), certified=certified)
        assert 0 <= less <= offer(able, buyer, numbers)


def test_what_counts_in_an_offer():
    numbers = params(demand={"design": 0.3}, certification={"assurance": 0.05})
    able = firm(mastered=(ALL, RUNG_1, 0, 0))
    assert offer(able, chain(), numbers) == pytest.approx((48 + 16) / 96)
    designer = firm(mastered=(ALL, RUNG_1, RUNG_1, ALL), certified=0.2)
    for mode, design in ((MARKET, 0.1), (NETWORK, 0.1), (QUASI_HIERARCHY, 0), (HIERARCHY, 0)):
        found = offer(designer, chain(governance=mode), numbers)
        assert found == pytest.approx(64 / 96 + design + 0.05)


def test_first_orders_fill_what_is_missing_by_rounding():
    buyer = chain(amount=10.0, first_order=2.0)
    for ordered, wanted in ((0, 5), (7, 2), (7.1, 1), (9.1, 0), (10, 0), (50, 0)):
        buyer.ordered = ordered
        assert new_suppliers(buyer) == wanted


def test_orders_put_out_to_tender_displaced_and_given_up_in_numbers():
    numbers = params(demand={"contest": 0.25, "displacement": 0.6, "least": 0.1})
    assert order_kept(8.0, numbers) == 6
    assert displaced(10.0, numbers) == 6
    assert too_small(0.99, 10.0, numbers)
    assert not too_small(1.0, 10.0, numbers)


# Worlds in which nothing but orders moves, and everybody sells into one chain.
QUIET = ("interaction", "outside_options", "employment", "guarding", "governance_shift")
STILL = (
    ONE,
    NO_TURNOVER,
    NO_UNLEARNING,
    neutral(*QUIET),
    {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0}},
    },
)


def supplying(*layers, horizon=8):
    """A world of suppliers that master 0, 4, 8 ... 44 process practices, after the first quarter."""
    lives = live(scenario(*STILL, *layers), 0, horizon=horizon)
    firms = lives.world.firms
    firms.mastered[:] = 0
    firms.mastered[:, PROCESS] = [(1 << 4 * n) - 1 for n in range(12)]
    lives.advance(1)
    assert (firms.contract[:, 0] == 0).all()
    return lives


def test_neutral_in_a_world_able_and_weak_keep_their_orders():
    lives = supplying(neutral(*QUIET, "demand"))
    orders = lives.world.firms.order[:, 0].copy()
    assert orders == pytest.approx(np.full(12, orders[0]))
    lives.advance(8)
    assert lives.world.firms.order[:, 0] == pytest.approx(orders)


def test_neutral_in_a_world_a_certificate_wins_no_orders():
    certified = live(scenario(*STILL, neutral(*QUIET, "demand")), 0, horizon=6)
    certified.world.firms.certified[:6] = 0.01
    certified.world.firms.mastered[:, PROCESS] |= RUNG_1  # else the certificate would lapse
    plain = live(scenario(*STILL, neutral(*QUIET, "demand")), 0, horizon=6)
    plain.world.firms.mastered[:, PROCESS] |= RUNG_1
    for lives in (certified, plain):
        lives.advance(6)
    assert same(certified, plain, "certified")


def test_the_able_win_orders_from_incumbents_and_the_sum_stays():
    lives = supplying(parameters(demand={"growth": 1.0, "contest": 0.0, "selection": 0.5}))
    before = lives.world.firms.order[:, 0].copy()
    for tick in range(2, 8):
        lives.advance(tick)
        after = lives.world.firms.order[:, 0].copy()
        assert after.sum() == pytest.approx(lives.world.chains.amount[0])
        assert after.sum() == pytest.approx(before.sum())
        gains = after / before
        assert (np.diff(gains) > 0).all()
        assert gains[0] < 1 < gains[-1]
        before = after


def test_an_order_that_is_won_takes_hands_from_the_home_market_and_gives_them_back():
    numbers = params(demand={"displacement": 0.5})
    me, buyer = firm(home=20.0), chain(first_order=10.0, amount=10.0)
    sign_contract(me, 0, buyer, 3, numbers)
    assert (me.home, me.order[0], me.since[0], buyer.ordered) == (15, 10, 3, 10)
    assert (buyer.suppliers, new_suppliers(buyer)) == (1, 0)
    end_contract(me, 0, numbers)
    assert (me.home, me.order[0], me.contract[0]) == (20, 0, NOBODY)
    small = firm(home=2.0)
    sign_contract(small, 0, buyer, 3, numbers)
    assert small.home == 0  # no firm sells less than nothing


def test_newcomers_get_in_once_a_year_though_no_order_was_free():
    """With orders for half of the firms, part of them is put out to tender each January."""
    half = {"chains": {"buyer": {"orders": 0.5}}}
    closed, contested = (
        supplied_ever(scenario(*STILL, half, parameters(demand={
            "contest": c, "selection": 0, "growth": 1.0})))
        for c in (0.0, 0.3)
    )  # fmt: skip
    assert closed == 6
    assert contested > 6


def supplied_ever(world, ticks=13):
    lives = live(world, 0, horizon=ticks)
    ever = np.zeros(12, bool)
    for tick in range(1, ticks + 1):
        lives.advance(tick)
        ever |= lives.world.firms.contract[:, 0] == 0
    return ever.sum()


def test_an_order_that_shrank_to_little_is_given_up():
    lives = supplying(parameters(demand={"selection": 0.0, "contest": 0.0}))
    firms = lives.world.firms
    least = 0.1 * lives.world.chains.first_order[0]
    firms.order[0, 0] = 0.5 * least
    firms.order[1, 0] = 2.0 * least
    lives.advance(4)
    assert firms.contract[0, 0] == 0  # not before January
    lives.advance(5)
    assert firms.since[0, 0] == 4 or firms.contract[0, 0] != 0  # ended, or signed anew
    assert firms.since[1, 0] == 0


def test_functions_are_worth_orders_only_where_the_leader_lets_suppliers_design():
    for mode, won in (("network", True), ("quasi_hierarchy", False)):
        lives = live(
            scenario(*STILL, {"chains": {"buyer": {"governance": mode}}},
                     parameters(demand={"growth": 1.0, "contest": 0.0})), 0, horizon=4,
        )  # fmt: skip
        lives.world.firms.mastered[:] = 0
        lives.world.firms.mastered[0, FUNCTIONAL] = ALL
        lives.advance(4)
        order = lives.world.firms.order[:, 0]
        assert (order[0] > order[1] * (1 + 1e-9)) == won
        assert order[1:] == pytest.approx(np.full(11, order[1]))
