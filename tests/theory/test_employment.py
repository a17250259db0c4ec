"""M3 Jobs follow orders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.employment import delivered, in_use, output_of_worker, workers_after
from model.theory.practices import ALL, PROCESS, RUNG_1
from tests.theory.records import any_mask, anywhere, firm, neutral_params, params
from tests.worlds import EVERYTHING, NO_TURNOVER, ONE, by_dimension, live, neutral, scenario

sizes, amounts = st.floats(1, 1000), st.floats(0, 10_000)


def test_neutral_firms_keep_their_size_and_idle_hands_cost_nothing():
    numbers = neutral_params("employment")
    me = firm(workers=12.5)
    for orders in (0.0, 5.0, 500.0):
        assert workers_after(me, orders, numbers) == 12.5
        assert in_use(me, orders, numbers) == 1


def test_neutral_in_a_world_nobody_hires_or_idles():
    start = live(scenario(*EVERYTHING, NO_TURNOVER, neutral("employment")), 0).world.firms
    end = live(scenario(*EVERYTHING, NO_TURNOVER, neutral("employment")), 12).world.firms
    assert (end.workers == start.workers).all()
    assert (end.in_use == 1).all()
    moved = live(scenario(*EVERYTHING, NO_TURNOVER), 12).world.firms
    assert (moved.workers != start.workers).all()
    assert (moved.in_use < 1).any()


@given(sizes, st.floats(1, 1000), st.floats(0.01, 0.99), st.integers(1, 40))
def test_workers_approach_what_orders_need_geometrically(workers, needed, speed, quarters):
    """Closed form: the gap shrinks by (1 - speed) a quarter."""
    numbers = params(employment={"speed": speed})
    me, start = firm(workers=workers), workers
    for _ in range(quarters):
        me.workers = workers_after(me, needed, numbers)
    assert me.workers == pytest.approx(needed + (start - needed) * (1 - speed) ** quarters)


def test_half_of_the_gap_is_closed_in_about_three_quarters():
    me = firm(workers=10.0)
    for _ in range(3):
        me.workers = workers_after(me, 20.0, params(employment={"speed": 0.2}))
    assert me.workers == pytest.approx(20 - 10 * 0.8**3)


@given(any_mask, sizes, amounts, anywhere("employment", "value_added"))
def test_nobody_works_alone_less_than_one_and_shares_are_shares(mask, workers, orders, numbers):
    me = firm(mastered=(mask,) * 4, workers=workers)
    assert workers_after(me, orders, numbers) >= 1
    assert 0 <= in_use(me, orders, numbers) <= 1
    assert 0 < delivered(me, orders, numbers) <= 1


@given(any_mask, sizes, st.floats(0.01, 10_000))
def test_hands_are_idle_or_orders_wait_and_never_both(mask, workers, orders):
    me, numbers = firm(mastered=(mask,) * 4, workers=workers), params(employment={"idle": 1.0})
    used, done = in_use(me, orders, numbers), delivered(me, orders, numbers)
    assert max(used, done) == 1
    capacity = workers * output_of_worker(me, numbers)
    assert used * capacity == pytest.approx(done * orders)  # what is made is what is delivered


def test_better_process_makes_more_with_the_same_hands():
    numbers = params(value_added={"gain": by_dimension(1.2, 0.8, 0.6, 0.5)})
    assert output_of_worker(firm(), numbers) == 1
    assert output_of_worker(firm(mastered=(RUNG_1, 0, 0, 0)), numbers) == pytest.approx(1.4)
    assert output_of_worker(firm(mastered=(ALL, 0, 0, 0)), numbers) == pytest.approx(2.2)
    assert output_of_worker(firm(mastered=(0, ALL, ALL, ALL)), numbers) == 1
    able = firm(mastered=(ALL, 0, 0, 0), workers=10.0)
    jobs = workers_after(able, 44.0, params(employment={"speed": 1}))
    assert jobs == pytest.approx(44 / (1 + params().value_added.gain[PROCESS]))


def test_idle_hands_cost_value_added_in_proportion():
    me = firm(workers=10.0)
    assert in_use(me, 6.0, params(employment={"idle": 1.0})) == pytest.approx(0.6)
    assert in_use(me, 6.0, params(employment={"idle": 0.5})) == pytest.approx(0.8)
    assert in_use(me, 60.0, params(employment={"idle": 1.0})) == 1
    assert delivered(me, 40.0, params()) == pytest.approx(0.25)


# Nothing but jobs moves, at home.
STILL = (ONE, NO_TURNOVER, neutral("interaction", "unlearning", "renewal", "home_market"))


def test_in_a_world_jobs_follow_orders():
    lives = live(scenario(*STILL), 1, horizon=2)
    firms = lives.world.firms
    made = 1 + lives.world.parameters[0].value_added.gain[PROCESS] * (
        np.bitwise_count(firms.mastered[:, PROCESS]) / 48
    )
    double, before = np.arange(12) < 6, firms.workers.copy()
    firms.workers[double] *= 2  # twice as many hands as orders
    lives.advance(2)
    assert firms.in_use[~double] == pytest.approx(1)
    assert firms.in_use[double] == pytest.approx(0.5)
    wanted = firms.home / made
    assert firms.workers[~double] == pytest.approx(before[~double])
    assert firms.workers[double] == pytest.approx(2 * before[double] - 0.2 * wanted[double])


def test_in_a_world_hands_without_orders_add_no_value():
    lives = live(scenario(*STILL), 1, horizon=2)
    full = lives.world.firms.value_added.copy()
    lives.world.firms.workers[:6] *= 4
    lives.advance(2)
    assert lives.world.firms.value_added == pytest.approx(
        full * np.where(np.arange(12) < 6, 0.25, 1.0)
    )
