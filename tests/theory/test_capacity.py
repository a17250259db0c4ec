"""I8 Capacity and crowding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.board import budget
from model.theory.capacity import planned_visits, visits_expected
from tests.theory.records import any_draw, anywhere, draws, institution, neutral_params, params
from tests.worlds import NO_TURNOVER, ONE, live, neutral, parameters, same, scenario

money, members = st.floats(0, 100), st.integers(0, 200)
EAGER = (ONE, NO_TURNOVER, parameters(access={"take_up": 1}))


def centre(public, **what):
    return {"institutions": {"centre": {"budget": public, "access": {"inclusive": True}, **what}}}


def staffed(public, cost=0.5, **columns):
    return institution(budget=public, visit_cost=cost, seats=(1.0, 0, 0, 0), **columns)


@given(money, members, any_draw)
def test_neutral_everybody_is_visited_whatever_the_money(public, n, draw):
    assert planned_visits(staffed(public), n, draw, neutral_params("capacity")) == n


def test_neutral_equals_a_world_with_money_for_everybody():
    off = neutral("capacity")
    poor, rich = (live(scenario(*EAGER, centre(public), off), 8) for public in (0.001, 1000.0))
    assert same(poor, rich)
    plenty = live(scenario(*EAGER, centre(1000.0)), 8)
    assert same(rich, plenty)
    assert (poor.series["visits"] == 12).all()


@given(money, st.floats(0.01, 50), members, money, any_draw, anywhere("capacity"))
def test_visits_stay_within_members_and_the_money_left(public, cost, n, spent, draw, numbers):
    institution_ = staffed(public, cost, spent=spent)
    expected = visits_expected(institution_, n, spent, numbers)
    planned = planned_visits(institution_, n, draw, numbers)
    assert 0 <= expected <= n
    assert expected - 1 < planned < expected + 1
    assert 0 <= planned <= n
    if numbers.capacity.finite == 1:
        assert expected * cost <= max(0, budget(institution_) - spent) * (1 + 1e-12)


def test_a_fraction_of_a_visit_is_one_more_by_chance():
    paid = staffed(1.15)
    mean = np.mean([planned_visits(paid, 10, draw, params()) for draw in draws(2000, 1)])
    assert mean == pytest.approx(2.3, abs=4 * np.sqrt(0.21 / 2000))


def test_the_budget_limits_the_visits():
    for public, visits in ((0.0, 0), (1.0, 2), (3.0, 6), (100.0, 12)):
        seen = live(scenario(*EAGER, centre(public)), 6).series["visits"]
        assert (seen == visits).all()


def test_open_access_without_money_is_a_queue():
    """Who is let in to a small programme is visited less often than who is few."""
    world = (*EAGER, centre(1.0))
    few = {"institutions": {"centre": {"access": {"quota": 0.25}}}}
    all_in, some_in = (live(scenario(*world, *x), 6) for x in ((), (few,)))
    served = [
        lives.series["visits"].sum() / (lives.world.firms.members & 1 == 1).sum()
        for lives in (all_in, some_in)
    ]
    assert served[0] == 1
    assert served[1] == 4
