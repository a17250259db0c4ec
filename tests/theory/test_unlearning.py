"""K6 Unlearning."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.interaction import FORGOTTEN
from model.theory.practices import ALL
from model.theory.unlearning import lost
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    draws,
    firm,
    neutral_params,
    params,
)
from tests.worlds import EVERYTHING, NO_TURNOVER, live, neutral, parameters, scenario


def test_neutral_nothing_is_lost():
    able = firm(mastered=(ALL,) * 4)
    assert not any(lost(able, 0, draw, neutral_params("unlearning")) for draw in draws(200, 1))


def test_neutral_in_a_world_nobody_forgets():
    end = live(scenario(*EVERYTHING, neutral("unlearning")), 8)
    assert FORGOTTEN not in end.ledger["channel"]
    assert FORGOTTEN in live(scenario(*EVERYTHING), 8).ledger["channel"]


@given(any_mask, any_dimension, any_draw, anywhere("unlearning"))
def test_at_most_one_practice_that_was_mastered_is_lost(mask, d, draw, numbers):
    practice = int(lost(firm(mastered=(mask,) * 4), d, draw, numbers))
    assert practice & mask == practice
    assert practice.bit_count() <= 1


def test_practices_are_lost_as_often_as_stated():
    numbers, able = params(unlearning={"forget": 0.2}), firm(mastered=(ALL,) * 4)
    share = np.mean([lost(able, 0, draw, numbers) != 0 for draw in draws(2000, 2)])
    assert share == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / 2000))


def test_without_learning_a_firm_loses_one_practice_a_quarter_until_none_is_left():
    """Closed form at ``forget`` = 1: after n quarters max(0, start - n) are mastered."""
    idle = (NO_TURNOVER, neutral("interaction"), parameters(unlearning={"forget": 1}))
    start = live(scenario(*EVERYTHING, *idle), 0).world.firms.mastered
    end = live(scenario(*EVERYTHING, *idle), 5).world.firms
    for before, after in zip(start.flat, end.mastered.flat, strict=True):
        assert int(after).bit_count() == max(0, int(before).bit_count() - 5)
        assert after & ~before == 0


def test_what_was_lost_stays_known():
    idle = (NO_TURNOVER, neutral("interaction"), parameters(unlearning={"forget": 1}))
    start = live(scenario(*EVERYTHING, *idle), 0).world.firms
    end = live(scenario(*EVERYTHING, *idle), 5).world.firms
    assert (start.mastered & ~end.aware == 0).all()
