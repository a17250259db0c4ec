"""G6 Outside options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.outside_options import amount_after, amount_wanted
from model.theory.practices import PROCESS
from tests.theory.records import anywhere, chain, neutral_params, params, practices, shares
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

amounts = st.floats(0, 1000)


def buyer(**what):
    return {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0, **what}},
    }


def change(tick=4, **what):
    return {"timetable": {f"at_{tick}": {"tick": tick, "chains": {"buyer": what}}}}


# Nothing but the leader's orders moves.
QUIET = ("interaction", "demand", "employment", "home_market")
STILL = (ONE, NO_TURNOVER, NO_UNLEARNING, neutral(*QUIET))
OFF = neutral(*QUIET, "outside_options")
MERIT = neutral("interaction", "employment", "home_market")  # orders follow merit besides


def leader(**what):
    return chain(orders=10, first_order=2.0, **what)


@given(shares, shares, st.floats(0, 3))
def test_neutral_the_leader_buys_here_what_the_scenario_says(outside, offered, price):
    numbers = neutral_params("outside_options")
    assert amount_wanted(leader(outside=outside, price=price), offered, numbers) == 20


def test_neutral_equals_a_world_with_any_rivals_and_exchange_rate():
    told = [live(scenario(*STILL, buyer(outside=x), OFF), 9) for x in (0.0, 0.5, 1.0)]
    assert same(told[0], told[1])
    assert same(told[0], told[2])
    moved = [live(scenario(*STILL, buyer(outside=x)), 9) for x in (0.0, 1.0)]
    assert not same(*moved)


def test_neutral_in_a_world_orders_stay():
    lives = live(scenario(*STILL, buyer(outside=1.0), OFF), 9)
    whole = lives.world.chains.orders[0] * lives.world.chains.first_order[0]
    assert lives.world.chains.amount[0] == pytest.approx(whole)
    assert lives.world.firms.order[:, 0].sum() == pytest.approx(whole)


@given(shares, shares, shares, st.floats(0, 3), anywhere("outside_options"))
def test_what_is_wanted_falls_with_rivals_and_rises_with_the_offer_here(
    outside, offered, more, price, numbers
):
    def wanted(abroad, here):
        return amount_wanted(leader(outside=abroad, price=price), here, numbers)

    assert 0 <= wanted(outside, offered) <= 20 * numbers.outside_options.most
    assert wanted(max(outside, more), offered) <= wanted(outside, offered)
    assert wanted(outside, offered) <= wanted(outside, max(offered, more))


@given(st.floats(0, 0.3), st.floats(0.3, 0.7))
def test_orders_come_as_they_go(lead, outside):
    """Symmetry: what a lead brings is what the same lag costs."""
    here, numbers = leader(outside=outside, price=1.0), params()
    gained = amount_wanted(here, outside + lead, numbers) - 20
    lost = 20 - amount_wanted(here, outside - lead, numbers)
    assert gained == pytest.approx(lost, abs=1e-9)


def test_a_lead_of_a_third_of_all_practices_doubles_orders_or_takes_all_away():
    numbers = params(outside_options={"footloose": 3.0})
    assert amount_wanted(leader(outside=0.2), 0.2 + 1 / 3, numbers) == pytest.approx(40)
    assert amount_wanted(leader(outside=0.6), 0.6 - 1 / 3, numbers) == pytest.approx(0)
    assert amount_wanted(leader(outside=1.0), 0.0, numbers) == 0
    assert amount_wanted(leader(outside=0.2), 0.3, numbers) == pytest.approx(26)
    assert amount_wanted(leader(outside=0.0), 9.0, numbers) == 80  # four times the start at most


def test_a_devaluation_counts_as_a_better_offer():
    """GPR05 section 5b: a fifth of the lower price is kept by buyers."""
    numbers = params(outside_options={"footloose": 2.0, "discount": 0.2})
    cheap = leader(outside=0.3, price=1.5)
    assert amount_wanted(cheap, 0.3, numbers) == pytest.approx(20 * (1 + 2 * 0.1))
    assert amount_wanted(leader(outside=0.3, price=0.5), 0.3, numbers) == pytest.approx(16)


@given(amounts, amounts, shares, st.integers(1, 40))
def test_orders_move_geometrically(amount, wanted, speed, quarters):
    numbers, start = params(outside_options={"speed": speed}), amount
    for _ in range(quarters):
        amount = amount_after(amount, wanted, numbers)
    assert amount == pytest.approx(
        wanted + (start - wanted) * (1 - speed) ** quarters, abs=1e-9 * (1 + start + wanted)
    )


def supplied(*layers, ticks):
    """A world in which firms 0 to 11 master 0 to 11 practices from the second quarter on."""
    lives = live(scenario(*STILL, *layers), 1, horizon=ticks)
    lives.world.firms.mastered[:] = 0
    lives.world.firms.mastered[:, PROCESS] = [practices(1, n) for n in range(12)]
    return lives


def test_rivals_that_are_not_given_offer_what_suppliers_do_at_the_start():
    lives = live(scenario(*STILL, buyer()), 8)
    chain_ = lives.world.chains[0]
    assert chain_.outside == pytest.approx(chain_.offered)
    assert chain_.amount == pytest.approx(chain_.orders * chain_.first_order)


def test_what_the_leader_buys_follows_its_suppliers_offer():
    """Closed form over three quarters: the amount approaches what is wanted at ``speed``."""
    known = parameters(outside_options={"footloose": 3, "speed": 0.1})
    for outside, sign in ((0.0, 1), (0.3, -1)):
        lives = live(scenario(*STILL, buyer(outside=outside), known), 1, horizon=11)
        lives.world.firms.mastered[:] = 0
        lives.world.firms.mastered[:, PROCESS] = practices(1, 16)  # an offer of a sixth
        chain_ = lives.world.chains[0]
        start, whole = float(chain_.amount), chain_.orders * chain_.first_order
        lives.advance(4)
        wanted = whole * (1 + 3 * (1 / 6 - outside))
        expected = wanted + (start - wanted) * 0.9**3
        assert chain_.amount == pytest.approx(expected)
        assert (chain_.amount - start) * sign > 0
        assert lives.world.firms.order[:, 0].sum() == pytest.approx(expected)


def displaced(ticks, *layers):
    """Suppliers that lost their first order by then, in a world where orders follow merit (M1)."""
    lives = supplied(
        buyer(outside=0.2), *layers, MERIT, parameters(demand={"contest": 0}), ticks=ticks
    )
    firms = lives.world.firms
    firms.mastered[:, PROCESS] = [2 ** (4 * n) - 1 for n in range(12)]  # 0, 4, ... 44 practices
    assert (firms.contract[:, 0] == 0).all()
    firms.order[:, 0] = lives.world.chains.first_order[0]
    lives.advance(ticks)
    return (firms.contract[:, 0] != 0) | (firms.since[:, 0] > 0)  # some get a new first order


def test_a_rise_of_rivals_displaces_suppliers_the_weakest_first():
    """GPR05 section 5c iii: displacement of suppliers after liberalisation.

    All orders shrink, that of the weakest fastest (M1), so that it is the first to be given up.
    """
    lost = [displaced(ticks, change(outside=0.6)) for ticks in range(9, 30, 4)]
    told = [int(gone.sum()) for gone in lost]
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-1] >= 6
    assert len(set(told)) > 2  # not all at once
    for gone in lost:
        assert not gone[gone.sum() :].any()
    assert displaced(29).sum() < told[-1]  # merit alone displaces too, but slowly


@pytest.mark.parametrize("outside", [0.6, 1.0])
def test_where_all_orders_leave_they_stay_away_as_long_as_rivals_are_better(outside):
    lives = supplied(buyer(outside=0.0), change(outside=outside), ticks=80)
    lives.advance(40)
    for until in range(44, 81, 4):
        lives.advance(until)
        assert (lives.world.firms.contract == -1).all()


def test_a_leader_whose_rivals_fell_behind_comes_back():
    """To the ablest first, whose orders then grow no faster than they can manage (M1); so to all."""
    back = change(tick=40, outside=0.0)
    lives = supplied(buyer(outside=0.0), change(outside=1.0), back, MERIT, ticks=80)
    firms, chains = lives.world.firms, lives.world.chains
    lives.advance(40)
    assert (firms.contract == -1).all()
    lives.advance(48)
    first = firms.contract[:, 0] == 0
    assert 0 < first.sum() < 12
    assert first[-first.sum() :].all()
    lives.advance(80)
    assert (firms.contract[:, 0] == 0).all()
    assert chains.amount[0] > chains.orders[0] * chains.first_order[0]
    assert firms.order[:, 0].sum() == pytest.approx(chains.amount[0], rel=0.05)


def test_without_a_limit_to_growth_those_first_called_back_take_all():
    back = change(tick=40, outside=0.0)
    lives = supplied(buyer(outside=0.0), change(outside=1.0), back, ticks=80)
    lives.advance(48)
    first = lives.world.firms.contract[:, 0] == 0
    assert 0 < first.sum() < 12
    lives.advance(80)
    assert ((lives.world.firms.contract[:, 0] == 0) == first).all()
    assert lives.world.firms.order[:, 0].sum() == pytest.approx(lives.world.chains.amount[0])


def test_a_leader_leaves_for_good_and_its_suppliers_with_it():
    lives = supplied(buyer(), change(orders=0.0), ticks=45)
    lives.advance(4)
    assert (lives.world.firms.contract[:, 0] == 0).all()
    lives.advance(45)
    assert (lives.world.firms.contract == -1).all()
