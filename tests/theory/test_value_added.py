"""F2 Value added."""

import pytest
from hypothesis import given

from model.theory.practices import ALL, RUNG_1
from model.theory.support import GOVERNANCE, HIERARCHY, MARKET
from model.theory.value_added import DOMESTIC, GLOBAL, large_firm, made, outlet
from tests.theory.records import any_mask, anywhere, chain, firm, neutral_params, params
from tests.worlds import EVERYTHING, by_dimension, live, neutral, scenario

MASTER = firm(mastered=(ALL,) * 4)
NUMBERS = params(
    value_added={
        "gain": by_dimension(1.0, 0.8, 0.6, 0.5),
        "premium": {"domestic": 0.1, "global": 0.5},
        "cut": dict(zip(GOVERNANCE, (0.1, 0.1, 0.3, 0.4), strict=True)),
        "independence": 0.5,
        "scale": 1.6,
    }
)


def test_neutral_upgrading_is_worth_nothing_and_chains_take_and_pay_nothing():
    numbers = neutral_params("value_added")
    assert made(MASTER, numbers) == 1
    for mode in range(4):
        for reach in (DOMESTIC, GLOBAL):
            assert outlet(MASTER, chain(governance=mode, reach=reach), numbers) == 1
    assert large_firm(numbers) == 1


def test_neutral_in_a_world_every_firm_makes_the_unit_of_account():
    level = {"timetable": {"rivals": {"chains": {"quasi_hierarchy": {"price": 1.0}}}}}
    end = live(scenario(*EVERYTHING, level, neutral("value_added", "home_market", "employment")), 6)
    assert (end.world.firms.value_added == 1).all()


def test_a_devaluation_raises_what_an_outlet_pays_in_proportion():
    plain, dear = (outlet(MASTER, chain(price=price), NUMBERS) for price in (1.0, 1.3))
    assert dear == pytest.approx(1.3 * plain)


def test_a_firm_that_masters_nothing_makes_the_unit_of_account():
    assert made(firm(), params()) == 1


def test_full_mastery_in_closed_form():
    assert made(MASTER, NUMBERS) == pytest.approx(2 * 1.8 * 1.6 * 1.5)
    first_rung = firm(mastered=(RUNG_1,) * 4)
    assert made(first_rung, NUMBERS) == pytest.approx((4 / 3) * (3.8 / 3) * 1.2 * (3.5 / 3))


def test_a_large_firm_in_closed_form():
    assert large_firm(NUMBERS) == pytest.approx(1.6 * 2 * 1.8 * 1.5)


def test_an_outlet_pays_for_reach_and_takes_by_power_less_from_the_independent():
    guarded = chain(governance=HIERARCHY, reach=GLOBAL)
    assert outlet(firm(), guarded, NUMBERS) == pytest.approx(1.5 * 0.6)
    assert outlet(MASTER, guarded, NUMBERS) == pytest.approx(1.5 * (1 - 0.4 * 0.5))
    market = chain(governance=MARKET, reach=DOMESTIC)
    assert outlet(firm(), market, NUMBERS) == pytest.approx(1.1 * 0.9)


@given(any_mask, any_mask, anywhere("value_added"))
def test_mastering_more_never_lowers_what_is_made(mask, more, numbers):
    less, able = firm(mastered=(mask,) * 4), firm(mastered=(mask | more,) * 4)
    assert 1 <= made(less, numbers) <= made(able, numbers)


@given(any_mask, anywhere("value_added"))
def test_a_leader_takes_a_share_and_no_more(functional, numbers):
    me = firm(mastered=(0, 0, functional, 0))
    for mode in range(4):
        for reach in (DOMESTIC, GLOBAL):
            worth = outlet(me, chain(governance=mode, reach=reach), numbers)
            assert 0 <= worth <= 1 + numbers.value_added.premium[reach]


def test_power_rises_from_market_to_hierarchy():
    """GPR05 section 2; the defaults have to say so."""
    kept = [outlet(firm(), chain(governance=mode), params()) for mode in range(4)]
    assert kept == sorted(kept, reverse=True)
    assert kept[MARKET] > kept[HIERARCHY]


def test_in_a_world_value_added_is_made_and_sold_as_the_equation_says():
    end = live(scenario(*EVERYTHING), 6).world
    supplying = 0
    for firm_ in end.firms:
        if not firm_.active:
            continue
        numbers = end.parameters[0]
        sold = {end.sectors[0].home_price: firm_.home}
        for c, order in zip(firm_.contract, firm_.order, strict=True):
            if c >= 0:
                sold[outlet(firm_, end.chains[c], numbers)] = order
        supplying += len(sold) > 1
        price = sum(price * amount for price, amount in sold.items()) / sum(sold.values())
        made_here = made(firm_, numbers) * price * firm_.in_use
        assert firm_.value_added == pytest.approx(made_here)
    assert supplying > 0
