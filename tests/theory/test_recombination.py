"""K5 Recombination."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.interaction import PEER, RECOMBINATION
from model.theory.practices import ALL, RUNG_1, RUNG_2
from model.theory.recombination import hit_upon, synthesis
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
    recombination={"firm": 1, "institution": 1}, interaction={"rate": {"peer": 1}},
    road={"neglect": 0}, resources={"slack": 0}, access={"take_up": 1},
)  # fmt: skip


@given(any_mask, any_mask, any_dimension, any_draw)
def test_neutral_nothing_new_is_found(mask, reach, d, draw):
    numbers = neutral_params("recombination")
    centre = institution(repository=(mask,) * 4, contributors=0b111)
    assert hit_upon(firm(mastered=(mask,) * 4), d, np.int64(reach), draw, numbers) == 0
    assert synthesis(centre, d, draw, numbers) == 0


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


@given(any_mask, any_dimension, any_draw, anywhere("recombination"))
def test_an_institution_finds_at_most_one_practice_on_the_lowest_open_rung(mask, d, draw, numbers):
    found = int(synthesis(institution(repository=(mask,) * 4, contributors=0b11), d, draw, numbers))
    assert found.bit_count() <= 1
    assert found & mask == 0
    if found and mask & RUNG_1 != RUNG_1:
        assert found & RUNG_1
    elif found and mask & RUNG_2 != RUNG_2:
        assert found & RUNG_2


@pytest.mark.parametrize("communities", [0, 1, 2, 5])
def test_an_institution_needs_practice_of_two_communities_and_finds_more_with_more(communities):
    numbers = params(recombination={"institution": 0.8})
    centre = institution(contributors=(1 << communities) - 1)
    found = np.mean([synthesis(centre, 0, draw, numbers) != 0 for draw in draws(2000, 1)])
    expected = 0.8 * (1 - 1 / communities) if communities else 0
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 2000))


def test_a_complete_repository_has_nothing_left_to_find():
    numbers, full = params(recombination={"institution": 1}), institution(contributors=7)
    full.repository[:] = ALL
    assert not any(synthesis(full, 0, draw, numbers) for draw in draws(50, 2))


def test_firms_hit_on_something_as_often_as_stated():
    numbers, reach = params(recombination={"firm": 0.3}), np.int64(practices(1))
    share = np.mean([hit_upon(firm(), 0, reach, draw, numbers) != 0 for draw in draws(2000, 3)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def known(world):
    """(4,) what anybody masters or any institution holds, by dimension."""
    firms = np.bitwise_or.reduce(world.firms.mastered, axis=0)
    if len(world.institutions) == 0:
        return firms
    return firms | np.bitwise_or.reduce(world.institutions.repository, axis=0)


def test_an_institution_of_two_communities_finds_what_nobody_knew_one_of_one_does_not():
    closed = (ONE, TWO, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING, CENTRE, LIVELY)
    start = known(live(scenario(*closed), 0).world)
    both, alone = (live(scenario(*closed, *layers), 8).world for layers in ((), (LOCAL,)))
    assert (known(both) & ~start != 0).any()
    assert (known(alone) & ~start == 0).all()
    assert alone.institutions.contributors[0] == 0b01


def test_firms_find_what_nobody_knew_once_they_learn_from_another_community():
    closed = (ONE, TWO, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING, LIVELY)
    start = known(live(scenario(*closed), 0).world)
    apart, open_ = (live(scenario(*closed, *x), 8).world for x in ((), (ACROSS, OPEN)))
    assert (known(apart) & ~start == 0).all()
    assert (known(open_) & ~start != 0).any()
