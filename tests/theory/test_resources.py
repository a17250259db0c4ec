"""F3 Resources, exit and entry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import INHERITANCE, START
from model.theory.practices import ALL
from model.theory.resources import (
    closes,
    effort,
    found,
    inherit,
    luck,
    margin,
    resources_after,
    start_density,
)
from tests.theory.records import (
    any_draw,
    any_mask,
    anything,
    anywhere,
    community,
    draws,
    firm,
    neutral_params,
    params,
    sector,
    shares,
)
from tests.worlds import EVERYTHING, ONE, live, masks, neutral, parameters, scenario

money = st.floats(0, 100)
UNPROFITABLE = parameters(
    wages={"reservation": 5.0}, resources={"patience": 3, "entry": 0, "endowment": 0.0}
)


def test_neutral_effort_is_full_luck_is_even_and_nobody_closes():
    numbers = neutral_params("resources")
    assert effort(firm(resources=0.0), numbers) == 1
    assert {luck(draw, numbers) for draw in draws(50, 1)} == {1.0}
    assert not closes(firm(distress=999), numbers)


def test_neutral_in_a_world_nobody_comes_or_goes():
    world = scenario(*EVERYTHING, neutral("resources"), parameters(wages={"reservation": 5.0}))
    end = live(world, 12)
    assert end.world.firms.active.all()
    assert not end.series["entries"].any()
    assert not end.series["exits"].any()


@given(money, anywhere("resources"))
def test_effort_is_a_share_that_grows_with_resources(resources, numbers):
    less, more = firm(resources=resources), firm(resources=resources + 1)
    assert 0 <= effort(less, numbers) <= effort(more, numbers) <= 1


def test_effort_is_half_where_resources_equal_slack():
    numbers = params(resources={"slack": 0.7})
    assert effort(firm(resources=0.7), numbers) == pytest.approx(0.5)


@given(any_draw, anywhere("resources"))
def test_luck_stays_within_its_width(draw, numbers):
    width = numbers.resources.volatility
    assert 1 - width <= luck(draw, numbers) <= 1 + width


def test_luck_is_1_on_average():
    mean = np.mean([luck(draw, params(resources={"volatility": 0.6})) for draw in draws(2000, 2)])
    assert mean == pytest.approx(1, abs=4 * 0.6 / np.sqrt(3 * 2000))


@given(money, st.floats(-100, 100), money, anywhere("resources"))
def test_resources_stay_between_nothing_and_the_cap(resources, left, spending, numbers):
    assert 0 <= resources_after(resources, left, spending, numbers) <= numbers.resources.cap


def test_resources_add_up():
    numbers = params(resources={"retained": 0.5, "overhead": 0.3, "cap": 4})
    left = margin(2.0, 1.1, numbers)
    assert left == pytest.approx(0.6)
    assert resources_after(1.0, left, 0.2, numbers) == pytest.approx(1.0 + 0.3 - 0.2)
    assert resources_after(0.1, -1.0, 0.0, numbers) == 0
    assert resources_after(3.9, 2.0, 0.0, numbers) == 4


def test_a_firm_closes_after_as_many_quarters_of_distress_as_its_patience():
    """Wages that nobody can earn: all are in distress at once and close together."""
    end = live(scenario(ONE, UNPROFITABLE), 6)
    assert list(end.series["exits"]) == [0, 0, 12, 0, 0, 0]
    assert list(end.series["firms"]) == [12, 12, 0, 0, 0, 0]
    assert not end.world.firms.active.any()


def test_places_fill_as_often_as_entry_says():
    empty = scenario(ONE, {"communities": {"here": {"firms": 60, "ties": 0}}}, parameters(
        resources={"entry": 0.2, "patience": 1000}))  # fmt: skip
    lives = live(empty, 0, horizon=3)
    lives.world.firms.active = 0
    lives.advance(3)
    filled = lives.series["entries"].sum()
    expected = 60 * (1 - 0.8**3)
    assert filled == lives.world.firms.active.sum()
    assert filled == pytest.approx(expected, abs=4 * np.sqrt(60 * 0.25))


@given(any_mask, any_mask, any_draw, anywhere("resources"))
def test_a_spin_off_masters_part_of_what_its_parent_does_and_knows_of_all_of_it(
    mask, more, draw, numbers
):
    parent = firm(mastered=(mask,) * 4, aware=(mask | more,) * 4)
    child = firm(mastered=(ALL,) * 4)
    inherit(child, parent, draw, numbers)
    assert (child.mastered & ~parent.mastered == 0).all()
    assert (child.aware == parent.aware).all()


def test_a_spin_off_takes_along_the_stated_share():
    shares_taken = []
    for draw in draws(40, 3):
        child = firm()
        inherit(child, firm(mastered=(ALL,) * 4), draw, params(resources={"inherit": 0.7}))
        shares_taken.append(masks(child.mastered.view([("mastered", "i8")])).mean())
    assert np.mean(shares_taken) == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / (40 * 192)))


@given(shares, shares, shares, st.floats(0, 2), st.integers(0, 47))
def test_what_founders_master_is_a_chance_that_falls_from_rung_to_rung(
    start, share, fall, quality, bit
):
    place = community(start=(start,) * 4, repertoire=(ALL,) * 4, repertoire_share=max(share, 0.01))
    density = start_density(place, 0, bit, quality, fall)
    assert 0 <= density <= 1
    if bit >= 16:
        assert density <= start_density(place, 0, bit - 16, quality, fall)


def test_nobody_starts_with_what_nobody_around_masters():
    repertoire = anything(0.5, 4)
    place = community(start=(0.5,) * 4, repertoire=(repertoire,) * 4, repertoire_share=0.5)
    for draw in draws(10, 5):
        newcomer = firm()
        found(newcomer, place, sector(start_fall=1.0), draw)
        assert (newcomer.mastered & ~repertoire == 0).all()
        assert (newcomer.aware == newcomer.mastered).all()


def test_founders_master_as_much_as_the_trade_says():
    place = community(start=(0.6, 0.4, 0.2, 0.0), repertoire=(ALL,) * 4, repertoire_share=1.0)
    mastered = []
    for draw in draws(80, 6):
        newcomer = firm()
        found(newcomer, place, sector(start_fall=0.5, start_spread=0.5), draw)
        mastered.append(masks(np.array([newcomer]))[0].reshape(4, 3, 16).mean(axis=2))
    expected = np.outer([0.6, 0.4, 0.2, 0.0], [1, 0.5, 0.25])
    assert np.mean(mastered, axis=0) == pytest.approx(expected, abs=0.08)


def test_in_a_world_entrants_start_with_their_parents_practice_or_as_founders():
    busy = parameters(
        resources={"patience": 1, "entry": 1, "spin_off": 0.5, "volatility": 1.0, "endowment": 0.0}
    )
    lives = live(scenario(*EVERYTHING, busy), 0, horizon=12)
    seen = set()
    for tick in range(1, 13):
        before = masks(lives.world.firms)
        booked = len(lives.ledger)
        lives.advance(tick)
        for entry in lives.ledger[booked:]:
            if entry.channel == INHERITANCE:
                assert before[entry.source, entry.dimension, entry.practice]
                assert lives.world.firms.born[entry.firm] == tick
            elif entry.channel == START:
                assert entry.source == -1
            seen.add(int(entry.channel))
    assert {INHERITANCE, START} <= seen
