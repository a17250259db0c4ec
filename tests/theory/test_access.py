"""I3 Access."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.access import may_join, owes_fee, stays, takes_up
from model.theory.practices import ALL
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
    return {"institutions": {"club": {"access": access}}}


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
    owed = owes_fee(firm(resources=resources), institution(fee=fee))
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
    share = np.mean([takes_up(draw, numbers) for draw in draws(2000, 1)])
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
    away = {"institutions": {"club": {"reach": ["there"]}}}
    firms = live(scenario(ONE, TWO, NO_TURNOVER, EAGER, away), 1).world.firms
    assert ((firms.members & 1 == 1) == (firms.community == 1)).all()
