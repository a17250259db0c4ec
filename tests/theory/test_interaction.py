"""K2 How needs interaction."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.access import ASSOCIATION
from model.theory.interaction import (
    BUYER,
    CHANNELS,
    CONSULTANT,
    ENGINEERING,
    FORGOTTEN,
    INPUTS,
    INSTITUTION,
    LABORATORY,
    LABOUR,
    MACHINERY,
    OVERTAKEN,
    PEER,
    PRACTICE,
    SOURCES,
    USER,
    access,
    carry_of,
    how,
    needs_machine,
    price,
    rate,
    take_up,
)
from model.theory.practices import ALL, PROCESS
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    community,
    draws,
    firm,
    neutral_params,
    params,
    practices,
    sector,
    shares,
)
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    holdings,
    live,
    neutral,
    scenario,
)

CHANNELS_TAUGHT = range(PRACTICE, INSTITUTION + 1)
channels = pytest.mark.parametrize("channel", CHANNELS_TAUGHT, ids=lambda c: CHANNELS[c])
WITH_MACHINES = {"holds": np.array([[0, practices(1), 0, 0, 0, 0, 0]] * 4)}
FIRST = np.int64(1)


@channels
def test_neutral_nobody_meets_a_source(channel):
    assert rate(channel, neutral_params("interaction")) == 0


def test_neutral_in_a_world_nobody_learns():
    end = live(scenario(*EVERYTHING, NO_TURNOVER, neutral("interaction")), 8)
    assert set(end.ledger["channel"]) == {FORGOTTEN, OVERTAKEN}


@channels
def test_neutral_carry_makes_tacitness_irrelevant(channel):
    carries_all = dict.fromkeys(CHANNELS[PRACTICE : INSTITUTION + 1], 1.0)
    numbers = params(interaction={"carry": carries_all, "translation": 0.5})
    assert (
        how(carry_of(channel, numbers), PROCESS, 0.7, sector(tacitness=(1.0,) * 4), numbers) == 0.7
    )


@given(any_dimension, shares, shares, anywhere("interaction"))
def test_the_chance_of_how_is_a_chance_and_at_most_absorptive_capacity(d, tacit, able, numbers):
    trade = sector(tacitness=(tacit,) * 4)
    for channel in CHANNELS_TAUGHT:
        assert 0 <= how(carry_of(channel, numbers), d, able, trade, numbers) <= able


@channels
def test_codified_practice_takes_absorptive_capacity_only_where_it_needs_no_translation(channel):
    numbers = params(interaction={"translation": 0})
    assert how(carry_of(channel, numbers), PROCESS, 0.6, sector(), numbers) == pytest.approx(0.6)


def test_what_is_written_down_has_to_be_translated():
    """MP17, first concern: that there is a manual does not make a shop able."""
    numbers = params(interaction={"translation": 0.2, "carry": {"user": 0.4}})
    for tacit, hidden in ((0.0, 0.2), (0.5, 0.6), (1.0, 1.0)):
        trade = sector(tacitness=(tacit,) * 4)
        assert how(0.0, PROCESS, 1.0, trade, numbers) == pytest.approx(1 - hidden)
        assert how(0.4, PROCESS, 0.5, trade, numbers) == pytest.approx(0.5 * (1 - 0.6 * hidden))


def test_own_practice_carries_nothing_tacit():
    """GPR05 section 3a: what is tacit is learned from others who show it."""
    assert (
        how(carry_of(PRACTICE, params()), PROCESS, 1.0, sector(tacitness=(1.0,) * 4), params()) == 0
    )
    assert how(carry_of(PEER, params()), PROCESS, 1.0, sector(tacitness=(1.0,) * 4), params()) == 1


def test_the_chance_of_how_falls_with_tacitness_as_stated():
    numbers = params(interaction={"carry": {"user": 0.4}, "translation": 0})
    for tacit in (0.0, 0.25, 1.0):
        trade = sector(tacitness=(tacit,) * 4)
        assert how(carry_of(USER, numbers), PROCESS, 0.8, trade, numbers) == pytest.approx(
            0.8 * (1 - tacit * 0.6)
        )


@channels
def test_machines_bring_their_practices_buyers_specify_and_people_ran_them(channel):
    numbers = params(interaction={"embodied": 1})
    needed = needs_machine(channel, PROCESS, FIRST, sector(**WITH_MACHINES), draws(1)[0], numbers)
    assert needed == (channel not in (MACHINERY, BUYER, LABOUR))


def test_what_no_machine_holds_needs_none():
    trade, beyond = sector(**WITH_MACHINES), np.int64(practices(2, 1))
    numbers = params(interaction={"embodied": 1})
    assert not needs_machine(PEER, PROCESS, beyond, trade, draws(1)[0], numbers)


@given(any_mask, any_mask, any_mask, any_mask, any_dimension, any_draw, shares)
def test_take_up_masters_what_was_shown_within_reach_or_nothing(
    start, shown, reach, elsewhere, d, draw, able
):
    me, grown = firm(mastered=(start,) * 4), firm(mastered=(start | elsewhere,) * 4)
    practice = np.int64(shown & -shown)
    gained = take_up(
        grown, me, PEER, 1.0, d, practice, np.int64(reach), able, sector(), draw, params()
    )
    assert gained in (0, practice & ~(start | elsewhere))
    assert grown.mastered[d] & ~(start | elsewhere) == gained
    assert gained & ~reach == 0
    assert gained & ~grown.aware[d] == 0


def test_without_absorptive_capacity_nothing_is_taken_up():
    me, grown = firm(), firm()
    for draw in draws(50, 1):
        for channel in CHANNELS_TAUGHT:
            take_up(
                grown,
                me,
                channel,
                1.0,
                PROCESS,
                FIRST,
                np.int64(ALL),
                0.0,
                sector(),
                draw,
                params(),
            )
    assert not grown.mastered.any()


@given(shares, shares, shares, shares, any_draw.map(lambda draw: float(draw % np.uint64(10))))
def test_access_is_a_share(local, trade_local, backward, forward, resources):
    me = firm(backward=backward, forward=forward, resources=resources)
    for channel in range(PRACTICE, BUYER):
        share = access(
            channel,
            me,
            community(local_inputs=local),
            sector(local_inputs=trade_local, open_laboratory=0.3),
            1.0,
        )
        assert 0 <= share <= 1


def test_who_cannot_pay_gets_neither_machine_nor_consultant():
    poor, trade = firm(resources=0.1), sector(machinery_price=0.2, consultant_price=0.2)
    for channel in (MACHINERY, CONSULTANT):
        asked = price(channel, trade)
        assert asked == 0.2
        assert access(channel, poor, community(), trade, asked) == 0
        assert access(channel, firm(resources=0.2), community(), trade, asked) == 1
    assert price(ENGINEERING, trade) == 0


def test_the_association_opens_the_laboratory_else_it_is_as_open_as_the_trade_has_it():
    trade, place = sector(open_laboratory=0.25), community()
    assert access(LABORATORY, firm(), place, trade, 0.0) == 0.25
    assert access(LABORATORY, firm(members=1), place, trade, 0.0) == 0.25
    assert access(LABORATORY, firm(members=1 << ASSOCIATION), place, trade, 0.0) == 1


def test_suppliers_and_users_are_reached_as_far_as_trust_goes():
    trade, place = sector(local_inputs=0.5), community(local_inputs=0.5)
    me = firm(backward=0.4, forward=0.6)
    assert access(INPUTS, me, place, trade, 0.0) == pytest.approx(0.1)
    assert access(USER, me, place, trade, 0.0) == 0.6


def test_only_the_source_that_holds_a_practice_teaches_it():
    """GPR05 Table 4: critical sources differ by sector because their holdings do."""
    chain_of_teachers = {"chains": {"buyer": {"governance": "network", "orders": 1.0}}}
    for name in SOURCES:
        alone = scenario(ONE, NO_TURNOVER, NO_UNLEARNING, chain_of_teachers, only(name))
        assert {CHANNELS[c] for c in live(alone, 8).ledger["channel"]} == {name}


def only(name):
    """A layer in which one source holds everything and nobody but it can be met."""
    rates = dict.fromkeys(CHANNELS[PRACTICE : INSTITUTION + 1], 0.0) | {name: 1.0}
    return {
        "sectors": {"trade": {"holds": holdings(**{name: 1.0})}},
        "parameters": {"interaction": {"rate": rates}},
    }
