"""F5 Pressure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.practices import FUNCTIONAL, INTERSECTORAL, PROCESS, PRODUCT
from model.theory.pressure import (
    focused,
    in_reach,
    in_sight,
    pressed_by,
    slumps,
    spurred,
    together_under_pressure,
)
from model.theory.road import learning_effort
from tests.theory.records import (
    any_dimension,
    any_mask,
    anywhere,
    firm,
    neutral_params,
    params,
    shares,
)
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    ONE,
    TWO,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

causes = st.integers(0, 1)


def able(practices):
    """A firm that masters so many of the 96 process and product practices."""
    first = min(48, practices)
    return firm(mastered=((1 << first) - 1, (1 << practices - first) - 1, 0, 0))


def test_neutral_pressure_moves_nobody():
    numbers, hard = neutral_params("pressure"), firm(pressed=1.0)
    assert spurred(0.3, hard, numbers) == 0.3
    assert together_under_pressure(hard, numbers) == 1
    for d in range(4):
        assert focused(0.7, d, hard, numbers) == 0.7


def test_neutral_in_a_world_pressure_is_felt_and_changes_nothing():
    off = (*EVERYTHING, neutral("pressure"))
    lives = live(scenario(*off), 12)
    assert (lives.world.firms.pressed > 0).any()
    blind = live(scenario(*off, parameters(pressure={"sight": 0.0, "slump": 1.0})), 12)
    for name in ("ties", "ledger", "institutions", "chains"):
        assert history(lives)[name] == history(blind)[name]
    assert history(lives)["ledger"] != history(live(scenario(*EVERYTHING), 12))["ledger"]


@given(shares, shares, any_dimension, shares, anywhere("pressure"))
def test_pressure_never_takes_away_and_effort_stays_a_share(effort, pressed, d, weight, numbers):
    me = firm(pressed=pressed)
    assert effort <= spurred(effort, me, numbers) <= 1
    assert focused(weight, d, me, numbers) >= weight
    assert together_under_pressure(me, numbers) >= 1


def test_a_third_of_the_way_to_all_that_a_firm_can_do():
    numbers = params(pressure={"spur": 0.3, "focus": 0.4})
    assert spurred(0.4, firm(pressed=1.0), numbers) == pytest.approx(0.58)
    assert spurred(0.4, firm(pressed=0.5), numbers) == pytest.approx(0.49)
    assert together_under_pressure(firm(pressed=0.5), numbers) == pytest.approx(1.2)


def test_pressure_turns_owners_to_process_and_product():
    numbers, hard = params(pressure={"focus": 0.5}), firm(pressed=1.0)
    for d, times in ((PROCESS, 1.5), (PRODUCT, 1.5), (FUNCTIONAL, 1), (INTERSECTORAL, 1)):
        assert focused(0.2, d, hard, numbers) == pytest.approx(0.2 * times)


def test_the_spur_comes_before_the_road():
    """The low road saves its share of the effort that pressure brought, too."""
    numbers = params(pressure={"spur": 0.5}, resources={"slack": 1.0}, road={"neglect": 0.5})
    hard = firm(pressed=1.0, resources=1.0)
    assert learning_effort(hard, numbers) == pytest.approx(0.75)
    hard.road = 0
    assert learning_effort(hard, numbers) == pytest.approx(0.375)


@pytest.mark.parametrize(
    ("practices", "supplies", "spurs"),
    [
        (0, False, False),  # out of reach spurs nobody
        (33, False, False),
        (34, False, True),  # 14 of 96 short: just within 0.15
        (47, False, True),
        (48, False, False),  # meets the standard: nothing to reach for
        (48, True, True),  # a supplier with nothing to spare
        (62, True, True),
        (63, True, False),  # 15 of 96 to spare are more than 0.15
        (30, True, True),  # a supplier far below is about to be dropped
    ],
)
def test_a_standard_spurs_within_sight(practices, supplies, spurs):
    numbers = params(pressure={"sight": 0.15})
    assert in_sight(able(practices), 0.5, supplies, numbers) == spurs


@given(any_mask, shares, anywhere("pressure"))
def test_what_is_in_sight_can_be_reached(mask, asked, numbers):
    me = firm(mastered=(mask,) * 4)
    if in_sight(me, asked, False, numbers):
        assert in_reach(me, asked, numbers)


def test_reach_ends_where_sight_does():
    numbers = params(pressure={"sight": 0.15})
    assert not in_reach(able(33), 0.5, numbers)
    assert in_reach(able(34), 0.5, numbers)
    assert in_reach(able(96), 0.5, numbers)


def test_idle_hands_alarm():
    numbers = params(pressure={"slump": 0.1})
    assert slumps(firm(in_use=0.89), numbers)
    assert not slumps(firm(in_use=0.91), numbers)


@given(causes, causes, causes)
def test_two_causes_are_full_pressure(near, lost, neighbour):
    assert pressed_by(near, lost, neighbour) == min(1, (near + lost + neighbour) / 2)


# One buyer that takes the first five firms, and a second far out of reach of everybody.
MARKET = {
    "communities": {"here": {"market_access": 1.0, "ties": 4, "firms": 20}},
    "chains": {
        "near": {"governance": "market", "orders": 1.0, "entry_standard": 0.25},
        "far": {"governance": "market", "orders": 1.0, "entry_standard": 1.0},
    },
}
STILL = (ONE, MARKET, NO_TURNOVER, neutral("interaction", "unlearning", "renewal", "home_market",
                                           "employment", "demand", "outside_options"))  # fmt: skip


def felt(mastered, *layers):
    """Pressure on each firm after the first January; ``mastered``: practices of the 20 firms."""
    lives = live(scenario(*STILL, *layers), 0, horizon=1)
    lives.world.firms.mastered[:] = 0
    lives.world.firms.mastered[:, PROCESS] = [(1 << n) - 1 for n in mastered]
    lives.world.firms.in_use[:] = 1.0
    lives.advance(1)
    return lives


def neighbours(lives):
    """(n, n) bool: who has a tie with whom."""
    ties = lives.world.ties[: lives.world.runs[0].used_ties]
    known = np.zeros((len(lives.world.firms),) * 2, bool)
    known[ties.a, ties.b] = known[ties.b, ties.a] = True
    return known


def test_in_a_world_a_neighbour_with_an_order_spurs_who_could_follow():
    """The first five supply; the rest are 14 practices short, so the standard is in sight as well."""
    lives = felt([40] * 5 + [12] * 15)
    supplies = np.arange(20) < 5
    assert ((lives.world.firms.contract[:, 0] == 0) == supplies).all()
    envious = neighbours(lives)[:, supplies].any(axis=1) & ~supplies
    assert 0 < envious.sum() < 15
    expected = np.where(supplies, 0.0, 0.5) + 0.5 * envious
    assert lives.world.firms.pressed == pytest.approx(expected)


def test_in_a_world_what_is_out_of_reach_spurs_nobody():
    lives = felt([40] * 5 + [5] * 15)
    assert (lives.world.firms.contract[:5, 0] == 0).all()
    assert not lives.world.firms.pressed[5:].any()


def test_in_a_world_a_neighbours_order_of_a_buyer_out_of_reach_spurs_nobody():
    """What is within sight of the rest is a third chain that nobody supplies."""
    third = {"chains": {
        "near": {"entry_standard": 0.4},
        "third": {"governance": "market", "orders": 0.0, "entry_standard": 0.1},
    }}  # fmt: skip
    lives = felt([45] * 5 + [5] * 15, third)
    assert (lives.world.firms.contract[:5, 0] == 0).all()
    assert neighbours(lives)[5:, :5].any()
    assert lives.world.firms.pressed[5:] == pytest.approx(np.full(15, 0.5))  # the third is in sight


def test_in_a_world_a_buyer_that_does_not_come_here_spurs_nobody():
    there = {"chains": {"near": {"communities": ["there"]}}, "across": {"ties": 4.0}}
    lives = felt([12] * 20 + [40] * 8, TWO, there)
    firms = lives.world.firms
    assert (firms.contract[20:, 0] == 0).all()
    assert neighbours(lives)[:20, 20:].any()
    assert not firms.pressed[:20].any()


def test_in_a_world_lost_orders_spur():
    lives = felt([60 % 49] * 20)
    lives.world.firms.in_use[:10] = 0.5
    more = live(scenario(*STILL), 0, horizon=5)
    more.advance(4)
    more.world.firms.mastered[:] = 0
    more.world.firms.in_use[:10] = 0.5
    more.advance(5)
    assert more.world.firms.pressed[:10] == pytest.approx(np.full(10, 0.5))
    assert not more.world.firms.pressed[10:].any()


def test_in_a_world_firms_under_pressure_meet_more():
    lessons = []
    for focus in (0.0, 5.0):
        numbers = parameters(pressure={"focus": focus, "spur": 0.0}, attention={"weight": {
            "process": 1, "product": 1, "functional": 0, "intersectoral": 0}})  # fmt: skip
        lives = live(scenario(ONE, MARKET, NO_TURNOVER, numbers), 0, range(5), horizon=1)
        lives.world.firms.mastered[:, PROCESS] = 0xFFF
        lives.advance(1)
        assert (lives.world.firms.pressed > 0).all()
        lessons.append(lives.world.ties.kept.sum())
    assert lessons[1] > 1.5 * lessons[0] > 0
