"""I3 Access."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.access import (
    CHOSEN,
    DRAWN,
    OPEN,
    SELF_SELECTED,
    is_open,
    may_join,
    owes_fee,
    stays,
    takes_up,
)
from model.theory.practices import ALL, PROCESS
from model.theory.road import HIGH, LOW
from tests.theory.records import (
    any_mask,
    anywhere,
    draws,
    firm,
    institution,
    neutral_params,
    params,
    shares,
)
from tests.worlds import NO_TURNOVER, ONE, TWO, live, neutral, parameters, scenario

money = st.floats(0, 10)
EAGER = parameters(access={"take_up": 1})


def club(**access):
    return {"institutions": {"club": {"budget": 1.0, "access": access}}}


def members(*layers, ticks=5):
    """Which firms belong to the scenario's one institution."""
    return live(scenario(ONE, NO_TURNOVER, *layers), ticks).world.firms.members & 1 == 1


def test_neutral_fees_and_standing_keep_nobody_out():
    numbers, poor = neutral_params("access"), firm(resources=0.0)
    strict = institution(fee=5.0, minimum_capability=1.0)
    assert may_join(poor, strict, 4, numbers)
    assert stays(poor, strict, numbers)


def test_neutral_in_a_world_rules_of_access_change_no_membership():
    closed = members(club(fee=2.0, minimum_capability=0.9), neutral("access"))
    assert (closed == members(club(), neutral("access"))).all()
    assert closed.any()
    assert not members(club(fee=2.0, minimum_capability=0.9)).any()


@given(any_mask, money, money, shares, anywhere("access"))
def test_inclusive_institutions_refuse_nobody(mask, resources, fee, asked, numbers):
    me = firm(mastered=(mask,) * 4, resources=resources)
    open_ = institution(fee=fee, minimum_capability=asked, inclusive=1)
    assert may_join(me, open_, 4, numbers)
    assert stays(me, open_, numbers)


@given(money, money)
def test_nobody_owes_more_than_the_fee_or_than_it_has(resources, fee):
    owed = owes_fee(firm(resources=resources), institution(fee=fee, closes=9), 8)
    assert owed in (0, fee)
    assert owed <= resources


def test_means_and_standing_are_asked_where_stated():
    numbers = params(access={"means": 2})
    yearly = institution(fee=0.1)  # 0.4 a year
    assert may_join(firm(resources=0.81), yearly, 4, numbers)
    assert not may_join(firm(resources=0.79), yearly, 4, numbers)
    able = institution(minimum_capability=0.5)
    assert may_join(firm(mastered=(ALL, 0, 0, 0)), able, 4, numbers)
    assert not may_join(firm(mastered=(ALL >> 1, 0, 0, 0)), able, 4, numbers)


def test_who_can_no_longer_pay_leaves_unless_inclusive():
    assert not stays(firm(resources=0.05), institution(fee=0.1), params())
    assert stays(firm(resources=0.1), institution(fee=0.1), params())


def test_firms_join_as_often_as_stated():
    numbers = params(access={"take_up": 0.3})
    share = np.mean([takes_up(institution(take_up=1.0), draw, numbers) for draw in draws(2000, 1)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def test_a_fee_keeps_out_the_poor_and_lets_in_the_rest():
    """MP17, Mexican fresh produce: significant fees exclude the vast majority."""
    lives = live(scenario(ONE, NO_TURNOVER, club(fee=0.1), EAGER), 0, horizon=1)
    poor = np.arange(12) < 8
    lives.world.firms.resources = np.where(poor, 0.5, 1.5)
    lives.advance(1)
    assert ((lives.world.firms.members & 1 == 1) == ~poor).all()


def test_rules_of_inclusion_let_the_same_firms_in():
    assert not members(club(fee=0.5, minimum_capability=0.5), EAGER).any()
    assert members(club(fee=0.5, minimum_capability=0.5, inclusive=True), EAGER).all()


def test_a_quota_caps_membership():
    assert members(club(quota=0.25), EAGER).sum() == 3


def test_an_institution_admits_firms_of_the_communities_it_reaches():
    away = {"institutions": {"club": {"budget": 1.0, "reach": ["there"]}}}
    firms = live(scenario(ONE, TWO, NO_TURNOVER, EAGER, away), 1).world.firms
    assert ((firms.members & 1 == 1) == (firms.community == 1)).all()


@pytest.mark.parametrize("income", ["budget", "donor", "fee"])
def test_an_institution_is_open_between_its_dates_and_with_money(income):
    staffed = institution(opens=3, closes=6, **{income: 0.1})
    assert [bool(is_open(staffed, tick)) for tick in range(8)] == [False] * 3 + [True] * 3 + [
        False
    ] * 2
    assert not is_open(institution(opens=3, closes=6), 4)
    assert is_open(institution(association=1), 4)


def test_a_body_that_is_closed_takes_no_fee():
    closing, me = institution(fee=0.1, closes=6), firm(resources=1.0)
    assert [owes_fee(me, closing, tick) for tick in (5, 6)] == [0.1, 0]


def test_take_up_is_as_large_as_the_institution_makes_it():
    numbers = params(access={"take_up": 0.2})
    share = np.mean([takes_up(institution(take_up=2.0), d, numbers) for d in draws(2000, 2)])
    assert share == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / 2000))
    assert not any(takes_up(institution(take_up=0.0), d, numbers) for d in draws(200, 3))


def test_only_those_on_the_high_road_select_themselves():
    for chooses in (OPEN, CHOSEN, DRAWN, SELF_SELECTED):
        programme = institution(chooses=chooses, inclusive=1)
        assert may_join(firm(road=HIGH), programme, 4, params())
        assert may_join(firm(road=LOW), programme, 4, params()) == (chooses != SELF_SELECTED)


def test_in_a_world_members_come_when_it_opens_and_go_when_it_closes():
    dates = {"institutions": {"club": {"opens": 4, "closes": 12, "access": {"inclusive": True}}}}
    lives = live(scenario(ONE, NO_TURNOVER, EAGER, club(), dates), 0, horizon=16)
    seen, spent = [], []
    for tick in range(1, 17):
        lives.advance(tick)
        seen.append(int((lives.world.firms.members & 1).sum()))
        spent.append(float(lives.world.institutions[0].spent))
    assert seen == [0] * 4 + [12] * 8 + [0] * 4
    assert not any(spent[:4] + spent[12:])
    assert sum(spent[4:12]) > 0


@pytest.mark.parametrize("money", [{"budget": 0.0}, {"budget": 1.0}, {"budget": 0.0, "donor": 1.0}])
def test_in_a_world_without_money_there_are_no_members(money):
    """No budget, no programme."""
    inclusive = {"institutions": {"club": {"access": {"inclusive": True}} | money}}
    lives = live(scenario(ONE, NO_TURNOVER, EAGER, inclusive), 5)
    belongs = lives.world.firms.members & 1 == 1
    assert belongs.all() == belongs.any() == any(money.values())


def chosen(participants, seed=1):
    """Which of 12 firms of rising ability get one of three places; those of odd number take the low road."""
    three = club(inclusive=True, quota=0.25, participants=participants)
    poor = parameters(road={"comfort": 0.5, "confidence": 0.0, "hope": 0.0})
    lives = live(scenario(ONE, NO_TURNOVER, EAGER, three, poor), 0, horizon=5, seed=seed)
    firms = lives.world.firms
    firms.mastered[:] = 0
    firms.mastered[:, PROCESS] = [(1 << 2 * n) - 1 for n in range(12)]
    firms.road[:] = np.where(np.arange(12) % 2, LOW, HIGH)
    lives.advance(1)
    return tuple(np.flatnonzero(firms.members & 1))


def test_in_a_world_the_chosen_are_the_ablest():
    assert {chosen("chosen", seed) for seed in range(1, 6)} == {(9, 10, 11)}


@pytest.mark.parametrize("participants", ["open", "drawn"])
def test_in_a_world_places_are_drawn_by_lot(participants):
    told = [chosen(participants, seed) for seed in range(1, 41)]
    assert {len(places) for places in told} == {3}
    assert len(set(told)) > 25
    counts = np.bincount(np.concatenate(told), minlength=12)
    # chi-square with 11 degrees of freedom: above 31.3 once in a thousand draws of seeds
    assert ((counts - 10) ** 2 / 10).sum() < 31.3


def test_in_a_world_those_select_themselves_who_want_to_learn():
    told = [chosen("self_selected", seed) for seed in range(1, 11)]
    assert all(place % 2 == 0 for places in told for place in places)
    assert len(set(told)) > 3
