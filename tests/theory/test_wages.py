"""F4 Wages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.wages import wage_after, wage_target
from tests.theory.records import anywhere, neutral_params, params, shares
from tests.worlds import EVERYTHING, NO_TURNOVER, live, neutral, scenario

money = st.floats(0, 100)


def test_neutral_wages_stay():
    numbers = neutral_params("wages")
    assert wage_after(0.9, 5.0, 1.0, numbers) == 0.9


def test_neutral_in_a_world_nobody_is_paid_more_or_less_than_at_the_start():
    world = scenario(*EVERYTHING, NO_TURNOVER, neutral("wages"))
    assert (live(world, 8).world.firms.wage == live(world, 0).world.firms.wage).all()


@given(money, money, shares, anywhere("wages"))
def test_wages_move_towards_their_target_and_not_beyond(wage, made, kept, numbers):
    target = wage_target(made, kept, numbers)
    after = wage_after(wage, made, kept, numbers)
    slack = 1e-12 * max(1, wage, target)
    assert min(wage, target) - slack <= after <= max(wage, target) + slack
    assert target >= numbers.wages.reservation


@given(money, st.floats(0, 1), st.integers(1, 40))
def test_wages_close_the_gap_geometrically(wage, speed, quarters):
    numbers = params(wages={"speed": speed, "share": 0.5, "reservation": 0.5})
    start = wage
    for _ in range(quarters):
        wage = wage_after(wage, 4.0, 1.0, numbers)
    assert wage == pytest.approx(2.0 + (start - 2.0) * (1 - speed) ** quarters, abs=1e-9)


def test_nobody_works_below_the_reservation_wage():
    numbers = params(wages={"share": 0.5, "reservation": 0.6})
    assert wage_target(1.0, 1.0, numbers) == 0.6
    assert wage_target(2.0, 1.0, numbers) == 1.0
    assert wage_target(4.0, 0.8, numbers) == 1.6  # on the low road a part is kept back
    assert wage_target(1.0, 0.5, numbers) == 0.6


def test_workers_of_the_able_earn_more():
    """GPR05 section 1: the high road raises wages with value added."""
    end = live(scenario(*EVERYTHING, NO_TURNOVER), 12).world.firms
    assert np.corrcoef(end.value_added, end.wage)[0, 1] > 0.5
