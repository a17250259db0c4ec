"""G6 Outside options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.outside_options import (
    amount_after,
    amount_wanted,
    still_bought,
    wanted_of_tier,
)
from model.theory.practices import PROCESS
from tests.theory.records import anywhere, chain, neutral_params, params, practices, shares
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    fingerprint,
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


# Tiers


HALVED = {"timetable": {"halved": {"tick": 4, "chains": {"assembler": {"orders": 0.5}}}}}


def tiers(assembler=(), tier=(), names=("assembler", "tier")):
    """An assembler, and what its first-tier suppliers buy; both want all firms that there are."""
    market = {"governance": "market", "orders": 1.0, "entry_standard": 0.0}
    chains = {
        "assembler": market | dict(assembler),
        "tier": market | {"follows": "assembler"} | dict(tier),
    }
    return {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {name: chains[name] for name in names},
    }


def bought(lives, name):
    """What a chain buys, as a share of what it bought at the start."""
    row = lives.world.chains[lives.world.names[0].chains.index(name)]
    return float(row.amount / (row.first_order * lives.world.firms.active.sum()))


@given(amounts)
def test_neutral_who_follows_nobody_wants_what_it_would_want_alone(wanted):
    assert wanted_of_tier(wanted, chain()) == wanted


def test_neutral_a_chain_that_buys_what_it_did_moves_no_other():
    followed, alone = (
        live(scenario(*STILL, tiers(tier=tier), OFF), 12) for tier in ({}, {"follows": None})
    )
    assert same(followed, alone)
    assert (followed.world.chains.amount == alone.world.chains.amount).all()
    assert (followed.world.chains.pull == 1.0).all()


@given(st.floats(0, 10), st.floats(0.001, 1000), amounts)
def test_what_a_tier_wants_moves_in_proportion_to_what_is_bought_of_it(share, start, wanted):
    leader = chain(first_amount=start, amount=share * start)
    assert still_bought(leader) == pytest.approx(share)
    tier = chain(pull=still_bought(leader))
    assert wanted_of_tier(wanted, tier) == pytest.approx(share * wanted)


def test_a_tier_of_a_chain_that_bought_nothing_at_the_start_goes_its_own_way():
    assert still_bought(chain(first_amount=0.0, amount=0.0)) == 1.0
    assert still_bought(chain(first_amount=0.0, amount=7.0)) == 1.0
    arrives = {"timetable": {"comes": {"tick": 4, "chains": {"assembler": {"orders": 1.0}}}}}
    lives = live(scenario(*STILL, tiers(assembler={"orders": 0.0}), arrives, OFF), 20)
    assert bought(lives, "assembler") > 0.5
    assert bought(lives, "tier") == pytest.approx(1.0, abs=1e-12)


def test_a_loss_reaches_the_next_tier_a_quarter_later():
    """Closed form: half of the assembler's orders leave at a tenth of the gap a quarter."""
    told, gone, left = [], 1.0, 1.0
    lives = live(scenario(*STILL, tiers(), HALVED, OFF), 4, horizon=12)
    for quarter in range(5, 13):
        lives.advance(quarter)
        left += 0.1 * (gone - left)  # of what the assembler bought when the quarter began
        gone = 0.5 + 0.5 * 0.9 ** (quarter - 4)
        assert bought(lives, "assembler") == pytest.approx(gone)
        assert bought(lives, "tier") == pytest.approx(left)
        told.append(bought(lives, "tier"))
    assert told[0] == pytest.approx(1.0, abs=1e-12)
    assert told[1] == pytest.approx(0.995)


def test_a_tier_loses_half_where_half_of_what_is_bought_of_it_goes_and_so_do_those_behind():
    """Orders of suppliers, not only what is wanted; a third tier as the second."""
    third = {"chains": {"third": tiers()["chains"]["tier"] | {"follows": "tier"}}}
    lives, kept = (
        live(scenario(*STILL, tiers(), third, *more, OFF), 200) for more in ([HALVED], [])
    )
    for row, name in enumerate(("assembler", "tier", "third")):
        assert bought(lives, name) == pytest.approx(0.5, abs=1e-3)
        orders, before = (
            float(world.firms.order[world.firms.contract == row].sum())
            for world in (lives.world, kept.world)
        )
        assert orders == pytest.approx(0.5 * before, rel=1e-3)


@pytest.mark.parametrize("outside", [0.0, 0.3])
def test_a_tier_compares_with_rivals_abroad_besides(outside):
    """Both multiply: its own rivals, and what is left of the orders that it lives on."""
    known = parameters(outside_options={"footloose": 3, "speed": 0.1})
    layer = tiers({"outside": 0.3}, {"outside": outside})
    lives = live(scenario(*STILL, layer, known), 1, horizon=12)
    for quarter in range(2, 13):
        assembler, tier = lives.world.chains
        start, left = float(tier.amount), float(assembler.amount / assembler.first_amount)
        lives.advance(quarter)
        wanted = amount_wanted(tier, tier.offered, lives.world.parameters[0]) * left
        assert tier.amount == pytest.approx(start + 0.1 * (wanted - start))
        assert tier.pull == left
    assert left != 1.0


def test_what_tiers_buy_does_not_depend_on_the_order_in_which_chains_are_told():
    layers = (*STILL, parameters(outside_options={"footloose": 0}))
    for quarters in (5, 6, 12):
        one, other = (
            live(scenario(*layers, tiers(names=names), HALVED), quarters)
            for names in (("assembler", "tier"), ("tier", "assembler"))
        )
        for name in ("assembler", "tier"):
            assert bought(one, name) == bought(other, name)
    assert bought(one, "tier") < 1.0


def test_in_a_busy_world_a_tier_is_another_world_and_in_the_same_world_the_same():
    follows = {"chains": {"market": {"follows": "quasi_hierarchy"}}}
    told = [fingerprint(live(scenario(*EVERYTHING, *more), 12)) for more in ((), (follows,), ())]
    assert told[0] == told[2] != told[1]
