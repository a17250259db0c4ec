"""P1 Matching grants and credit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.theory.grants import better_project, can_match
from model.theory.practices import ALL
from tests.theory.records import any_mask, anywhere, firm, neutral_params, params
from tests.worlds import NO_TURNOVER, ONE, live, neutral, parameters, same, scenario

money = st.floats(0, 100)


def programme(budget=3.0, **what):
    return {"instruments": {"grants": {"kind": "grants", "budget": budget, **what}}}


def test_neutral_a_grant_of_nothing_asks_nothing():
    assert can_match(firm(resources=0.0), neutral_params("grants"))


def test_neutral_equals_a_world_without_the_instrument():
    """Nothing is spent either."""
    with_, without = (live(scenario(ONE, neutral("grants"), *x), 8) for x in ((programme(),), ()))
    assert same(with_, without)
    assert not with_.series["public_cost"].any()


@given(money, anywhere("grants"))
def test_who_can_match_holds_its_own_part_and_is_in_business(resources, numbers):
    matched = resources >= numbers.grants.match * numbers.grants.grant
    assert can_match(firm(resources=resources), numbers) == matched
    assert not can_match(firm(active=0, resources=resources), numbers)


@given(any_mask, any_mask)
def test_of_two_projects_the_abler_firms_is_better(one, other):
    first, second = firm(mastered=(one,) * 4), firm(mastered=(other,) * 4)
    assert better_project(first, second) == (other.bit_count() > one.bit_count())


def granted(resources, mastered, ticks=1):
    """Resources that grants add in some quarters, firm by firm."""
    quiet = parameters(grants={"grant": 0.5}, resources={"volatility": 0.0, "cap": 100.0})
    told = []
    for layers in ((), (programme(),)):
        lives = live(
            scenario(ONE, NO_TURNOVER, quiet, neutral("interaction"), *layers), 0, horizon=ticks
        )
        lives.world.firms.resources[:] = resources
        lives.world.firms.mastered[:] = np.asarray(mastered)[:, None]
        lives.advance(ticks)
        told.append(lives.world.firms.resources.copy())
    return told[1] - told[0]


def test_who_cannot_bring_its_part_gets_nothing():
    rich = np.arange(12) < 4
    got = granted(np.where(rich, 2.0, 0.1), np.zeros(12, int))
    assert (got[~rich] == 0).all()
    assert (
        round(got[rich].sum() / 0.5) == 4
    )  # as many as there are takers, of the six that money allows


def test_the_able_take_grants_up_first():
    """MP17: fiscal and credit instruments benefit the most capable and induce further dualism."""
    able = np.arange(12) % 2 == 0
    got = granted(np.full(12, 5.0), np.where(able, ALL, 0), ticks=8)
    assert round(got.sum() / 0.5) == 48
    assert got[able].sum() / got.sum() > 0.6  # three quarters, where the choice is of two
    alike = granted(np.full(12, 5.0), np.zeros(12, int), ticks=8)
    assert alike[able].sum() / alike.sum() < got[able].sum() / got.sum()


def test_no_more_grants_are_given_in_a_quarter_than_there_are_firms_to_take_them():
    lives = live(scenario(ONE, programme(budget=1000.0)), 1)
    assert lives.world.instruments.spent[0] <= 12 * params().grants.grant
