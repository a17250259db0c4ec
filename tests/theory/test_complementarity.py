"""I7 Institutions translate what buyers ask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.complementarity import carry_of_own_practice, engaged, took_part, translated
from model.theory.interaction import INSTITUTION, PRACTICE
from model.theory.practices import PROCESS
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    chain,
    draws,
    firm,
    neutral_params,
    params,
    practices,
    shares,
)
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    history,
    holdings,
    live,
    neutral,
    parameters,
    scenario,
)

# A buyer who asks for everything and teaches nothing, staff who gather nothing: each alone is idle.
QUIET = {
    "sectors": {
        "trade": {
            "holds": holdings(buyer=1.0),
            "tacitness": by_dimension(0.0),
            "open_laboratory": 1.0,
        }
    },
    "communities": {
        "here": {"ties": 0, "labour_mobility": 0.0, "information": 0.0, "market_access": 1.0}
    },
}
BUYER = {"chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0}}}
CENTRE = {
    "institutions": {"centre": {"budget": 50.0, "expertise": 0.0, "access": {"inclusive": True}}}
}
RULES = parameters(
    interaction={"rate": {"practice": 0}}, repository={"gather": 0}, access={"take_up": 1},
    road={"neglect": 0},
)  # fmt: skip
WORLD = (ONE, NO_TURNOVER, NO_UNLEARNING, QUIET, RULES)


@given(any_mask, any_mask, any_dimension, any_draw)
def test_neutral_nothing_is_translated(known, asked, d, draw):
    me, buyer = firm(aware=(known,) * 4), chain(holds=(asked,) * 4)
    assert translated(me, d, buyer, draw, neutral_params("complementarity")) == 0


@pytest.mark.parametrize("without", [BUYER, CENTRE], ids=["no staff", "no buyer"])
def test_neutral_equals_a_world_that_lacks_one_of_the_two(without):
    told = [live(scenario(*WORLD, without, *x), 9) for x in ((), (neutral("complementarity"),))]
    assert history(told[0]) == history(told[1])


def test_neutral_in_a_world_staff_teach_what_they_gathered_and_here_nothing():
    both = live(scenario(*WORLD, BUYER, CENTRE, neutral("complementarity")), 9)
    assert INSTITUTION not in both.ledger["channel"]


@given(any_mask, any_mask, any_dimension, any_draw, anywhere("complementarity"))
def test_what_is_translated_is_known_to_the_firm_and_asked_by_its_buyer(
    known, asked, d, draw, numbers
):
    told = translated(firm(aware=(known,) * 4), d, chain(holds=(asked,) * 4), draw, numbers)
    assert told in (0, known & asked)


def test_staff_translate_as_often_as_stated():
    numbers = params(complementarity={"translate": 0.6})
    me, buyer = firm(aware=(practices(1),) * 4), chain(holds=(practices(1),) * 4)
    share = np.mean([translated(me, PROCESS, buyer, d, numbers) != 0 for d in draws(2000, 1)])
    assert share == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / 2000))


def test_buyers_and_institutions_complement_each_other():
    """MP17, Argentine autoparts: more is learned from both than from each alone."""
    gained = {
        name: len(live(scenario(*WORLD, *layers), 9).ledger)
        for name, layers in {
            "buyer": (BUYER,),
            "centre": (CENTRE,),
            "both": (BUYER, CENTRE),
        }.items()
    }
    assert gained["buyer"] == gained["centre"] == 0
    assert gained["both"] > 0


def test_who_does_not_supply_the_buyer_gains_nothing_from_it():
    few = {"chains": {"buyer": {"orders": 0.5}}}
    lives = live(scenario(*WORLD, BUYER, CENTRE, few), 4)
    supplies = lives.world.firms.contract[:, 0] == 0
    assert supplies.sum() == 6
    learned = np.unique(lives.ledger["firm"])
    assert len(learned) > 0
    assert supplies[learned].all()


@given(any_mask, any_mask, shares)
def test_neutral_own_practice_carries_what_it_does_by_itself(practice, asked, carry):
    numbers, taught = neutral_params("complementarity"), firm(served=8)
    assert carry_of_own_practice(carry, taught, practice, asked, 8, numbers) == carry


def test_participants_can_do_by_themselves_what_their_buyer_asks_for_a_year():
    numbers = params(complementarity={"applied": 0.5, "recent": 4})
    me, asked = firm(served=8), practices(1, 4)
    for tick, carried in ((8, 0.5), (12, 0.5), (13, 0.1)):
        assert carry_of_own_practice(0.1, me, 1, asked, tick, numbers) == carried
    assert carry_of_own_practice(0.1, me, 1 << 20, asked, 8, numbers) == 0.1  # nobody asks for it
    assert carry_of_own_practice(0.7, me, 1, asked, 8, numbers) == 0.7  # never less than alone


@given(shares, shares, st.integers(0, 400))
def test_neutral_participants_make_no_more_of_what_a_buyer_shows(capacity, effort, since):
    numbers, me = neutral_params("complementarity"), firm(served=8)
    assert not took_part(me, 8 + since, numbers)
    assert engaged(capacity, effort, me, 8 + since, numbers) == capacity


def test_participants_make_more_of_what_a_buyer_shows_for_a_year():
    numbers = params(complementarity={"applied": 0.5, "recent": 4})
    me = firm(served=8)
    told = [engaged(0.2, 0.8, me, tick, numbers) for tick in (8, 12, 13)]
    assert told == pytest.approx([0.5, 0.5, 0.2])


def test_in_a_world_own_practice_of_participants_masters_what_is_tacit():
    """Own practice carries nothing tacit but for suppliers who were taught within the year."""
    tacit = {"sectors": {"trade": {"tacitness": by_dimension(1.0)}}}
    heard = parameters(interaction={"rate": {"practice": 1.0, "institution": 0.0}})
    told = {}
    for name, layers in {
        "buyer": (BUYER,),
        "centre": (CENTRE,),
        "both": (BUYER, CENTRE),
        "neutral": (BUYER, CENTRE, neutral("complementarity")),
    }.items():
        lives = live(scenario(*WORLD, tacit, heard, *layers), 9)
        told[name] = (lives.ledger["channel"] == PRACTICE).sum()
    assert told["both"] > 0
    assert told["buyer"] == told["centre"] == told["neutral"] == 0
