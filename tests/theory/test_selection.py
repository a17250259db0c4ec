"""G1 Selection."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.practices import PROCESS, PRODUCT
from model.theory.selection import contact, falls_behind, is_eligible, standard
from model.theory.value_added import DOMESTIC, GLOBAL
from tests.theory.records import (
    any_mask,
    anywhere,
    chain,
    community,
    firm,
    neutral_params,
    params,
    practices,
    shares,
)
from tests.worlds import NO_TURNOVER, ONE, by_dimension, history, live, neutral, scenario


def buyer(**what):
    """One market chain that takes every firm it meets and likes."""
    return {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": "market", "orders": 1.0, **what}},
    }


def test_neutral_nobody_is_refused_or_dropped():
    numbers, weak = neutral_params("selection"), firm()
    strict = chain(entry_standard=1.0)
    assert is_eligible(weak, strict, numbers)
    assert not falls_behind(weak, strict, numbers)


def test_neutral_in_a_world_the_entry_standard_makes_no_difference():
    open_, closed = (
        history(live(scenario(ONE, buyer(entry_standard=s), neutral("selection")), 8))
        for s in (0.0, 1.0)
    )
    del open_["chains"], closed["chains"]
    assert open_ == closed


@given(any_mask, any_mask, shares, anywhere("selection"))
def test_whoever_could_enter_is_not_dropped(process, product, asked, numbers):
    me, asking = firm(mastered=(process, product, 0, 0)), chain(entry_standard=asked)
    assert 0 <= standard(asking, numbers) <= 1
    assert not (is_eligible(me, asking, numbers) and falls_behind(me, asking, numbers))


@given(any_mask, any_mask, any_mask, shares, anywhere("selection"))
def test_mastering_more_never_closes_a_chain(process, product, more, asked, numbers):
    less = firm(mastered=(process, product, 0, 0))
    able = firm(mastered=(process | more, product, 0, 0))
    asking = chain(entry_standard=asked)
    assert is_eligible(able, asking, numbers) or not is_eligible(less, asking, numbers)
    assert falls_behind(less, asking, numbers) or not falls_behind(able, asking, numbers)


def test_the_threshold_is_where_the_chain_says():
    numbers, asking = params(selection={"patience": 4 / 96}), chain(entry_standard=0.25)

    def able(n):
        return firm(mastered=(practices(1, min(n, 16)), practices(1, max(0, n - 16)), 0, 0))

    assert is_eligible(able(24), asking, numbers)
    assert not is_eligible(able(23), asking, numbers)
    assert not falls_behind(able(20), asking, numbers)
    assert falls_behind(able(19), asking, numbers)


@given(
    shares, shares, st.floats(0, 100), st.sampled_from((DOMESTIC, GLOBAL)), anywhere("selection")
)
def test_without_certificate_or_promotion_contact_is_market_access(
    access, asked, price, reach, numbers
):
    buyer_ = chain(reach=reach, entry_standard=asked, price=price)
    place = community(market_access=access, places=10)
    assert contact(firm(), place, buyer_, numbers) == pytest.approx(access, abs=1e-12)
    assert 0 <= contact(firm(certified=0.5), place, buyer_, numbers) <= 1


def test_firms_meet_a_buyer_as_often_as_market_access_says():
    place = {"communities": {"here": {"firms": 200, "ties": 0, "market_access": 0.3}}}
    met = live(scenario(ONE, buyer(entry_standard=0.0), place), 1).world.firms.contract[:, 0] == 0
    assert met.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 200))


def test_the_catch_22_the_weak_stay_outside_and_the_able_get_in():
    """MP17: what keeps a firm out of the chain is what it could learn there."""
    end = live(scenario(ONE, buyer(entry_standard=0.15)), 1).world
    start = live(scenario(ONE), 0).world.firms
    able = [
        int(m[PROCESS]).bit_count() + int(m[PRODUCT]).bit_count() >= 0.15 * 96
        for m in start.mastered
    ]
    assert any(able)
    assert not all(able)
    assert list(end.firms.contract[:, 0] == 0) == able


def test_a_select_few_are_the_ablest():
    few = live(scenario(ONE, buyer(orders=0.25, entry_standard=0.0)), 1).world
    start = live(scenario(ONE), 0).world.firms.mastered
    ability = np.array([int(m[0]).bit_count() + int(m[1]).bit_count() for m in start])
    taken = few.firms.contract[:, 0] == 0
    assert taken.sum() == 3
    assert ability[taken].min() >= ability[~taken].max()


def test_a_supplier_that_falls_behind_is_dropped_at_the_turn_of_the_year():
    able = {"sectors": {"trade": {"start": by_dimension(1.0), "start_spread": 0.0}}}
    world = scenario(ONE, NO_TURNOVER, able, buyer(entry_standard=0.2), neutral("interaction"))
    lives = live(world, 1, horizon=5)
    assert (lives.world.firms.contract[:, 0] == 0).all()
    lives.world.firms.mastered[:6] = 0
    lives.advance(4)
    assert (lives.world.firms.contract[:, 0] == 0).all()
    lives.advance(5)
    assert (lives.world.firms.contract[:6] == -1).all()
    assert (lives.world.firms.contract[6:, 0] == 0).all()
