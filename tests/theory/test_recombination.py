"""K5 Recombination."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import INSTITUTION, PEER, RECOMBINATION
from model.theory.recombination import adapted, hit_upon
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    draws,
    firm,
    institution,
    neutral_params,
    params,
    practices,
    shares,
)
from tests.worlds import (
    ACROSS,
    EVERYTHING,
    MODES,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    TWO,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

OPEN = {"across": {"ties": 4.0, "trust": 1.0}}
CENTRE = {"institutions": {"centre": {"budget": 20.0, "access": {"inclusive": True}}}}
LOCAL = {"institutions": {"centre": {"reach": ["here"]}}}
LIVELY = parameters(
    recombination={"firm": 1, "adaptation": 1}, interaction={"rate": {"peer": 1}},
    road={"neglect": 0}, resources={"slack": 0}, access={"take_up": 1},
)  # fmt: skip


@given(any_mask, any_mask, any_dimension, any_draw)
def test_neutral_nothing_new_is_found(mask, reach, d, draw):
    numbers = neutral_params("recombination")
    assert hit_upon(firm(mastered=(mask,) * 4), d, np.int64(reach), draw, numbers) == 0


@given(shares, shares)
def test_neutral_staff_make_up_for_nothing_by_what_they_saw_elsewhere(capacity, effort):
    centre = institution(contributors=3)
    assert adapted(capacity, effort, centre, neutral_params("recombination")) == capacity


def test_neutral_in_a_world_nobody_hits_on_anything():
    end = live(scenario(*EVERYTHING, OPEN, neutral("recombination")), 8)
    assert PEER in end.ledger["channel"]
    assert RECOMBINATION not in end.ledger["channel"]


def test_neutral_equals_a_world_in_which_communities_never_meet():
    """Without ties across and institutions there is nothing to recombine, whatever the chances."""
    apart = (ONE, TWO, MODES)
    with_, without = (
        live(scenario(*apart, x), 8) for x in (LIVELY, LIVELY | neutral("recombination"))
    )
    assert history(with_) == history(without)


@given(any_mask, any_mask, any_dimension, any_draw, anywhere("recombination"))
def test_a_firm_finds_at_most_one_practice_within_reach(mask, reach, d, draw, numbers):
    found = int(hit_upon(firm(mastered=(mask,) * 4), d, np.int64(reach), draw, numbers))
    assert found & reach & ~mask == found
    assert found.bit_count() <= 1


@given(shares, shares, st.integers(0, 512), anywhere("recombination"))
def test_capacity_rises_towards_effort_and_never_beyond(capacity, effort, contributors, numbers):
    low, high = sorted((capacity, effort))
    told = adapted(low, high, institution(contributors=contributors), numbers)
    assert low - 1e-15 <= told <= high + 1e-15


@pytest.mark.parametrize("communities", [0, 1, 2, 5])
def test_experience_of_more_communities_helps_more_that_of_one_not_at_all(communities):
    numbers = params(recombination={"adaptation": 0.8})
    centre = institution(contributors=communities)
    expected = 0.2 + 0.8 * (1 - 1 / communities) * 0.6 if communities else 0.2
    assert adapted(0.2, 0.8, centre, numbers) == pytest.approx(expected)


def test_firms_hit_on_something_as_often_as_stated():
    numbers, reach = params(recombination={"firm": 0.3}), np.int64(practices(1))
    share = np.mean([hit_upon(firm(), 0, reach, draw, numbers) != 0 for draw in draws(2000, 3)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def known(world):
    """(4,) what anybody masters, by dimension."""
    return np.bitwise_or.reduce(world.firms.mastered, axis=0)


def test_staff_of_two_communities_teach_more_than_staff_of_one_who_hold_the_same():
    """MP17, Argentine autoparts: testing sped up learning as it joined experience of several districts."""
    full = {"institutions": {"centre": {"expertise": 1.0}}}
    world = (ONE, TWO, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING, CENTRE, full)
    weak = parameters(absorption={"floor": 0}, tutelage={"guidance": 0}, access={"take_up": 1})
    sure = parameters(recombination={"adaptation": 1})
    lessons = {
        name: (live(scenario(*world, weak, *x), 6).ledger["channel"] == INSTITUTION).sum()
        for name, x in {"both": (sure,), "without": (neutral("recombination"),)}.items()
    }
    assert lessons["both"] > lessons["without"]
    alone = [
        history(live(scenario(*world, weak, LOCAL, x), 6)) for x in (sure, neutral("recombination"))
    ]
    assert alone[0] == alone[1]  # of one community they have one way to show


def test_firms_find_what_nobody_knew_once_they_learn_from_another_community():
    closed = (ONE, TWO, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING, LIVELY)
    start = known(live(scenario(*closed), 0).world)
    apart, open_ = (live(scenario(*closed, *x), 8).world for x in ((), (ACROSS, OPEN)))
    assert (known(apart) & ~start == 0).all()
    assert (known(open_) & ~start != 0).any()
