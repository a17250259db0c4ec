"""K2b Attention."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.attention import attend
from model.theory.practices import FUNCTIONAL, INTERSECTORAL, PROCESS, PRODUCT
from tests.theory.records import any_draw, anywhere, draws, firm, neutral_params, params, shares
from tests.worlds import ONE, by_dimension, live, neutral, scenario

CALM = firm(pressed=0.0)


def shares_of_attention(freedom, numbers, n=4000):
    counts = np.bincount(
        [attend(CALM, freedom, draw, numbers) for draw in draws(n, 1)], minlength=4
    )
    return counts / n


def test_neutral_all_kinds_of_upgrading_get_the_same_attention():
    found = shares_of_attention(1.0, neutral_params("attention"))
    assert found == pytest.approx([0.25] * 4, abs=4 * np.sqrt(0.25 * 0.75 / 4000))


def test_neutral_in_a_world_firms_turn_to_every_kind_alike():
    busy = live(scenario(ONE, {"communities": {"here": {"firms": 100}}}, neutral("attention")), 1)
    counts = np.bincount(busy.world.firms.dimension, minlength=4)
    # chi-square with 3 degrees of freedom: above 16.3 once in a thousand seeds
    assert ((counts - 25) ** 2 / 25).sum() < 16.3


@given(shares, any_draw, anywhere("attention"))
def test_a_firm_attends_to_one_of_four_kinds(freedom, draw, numbers):
    assert attend(CALM, freedom, draw, numbers) in range(4)


def test_attention_is_shared_by_weight():
    numbers = params(attention={"weight": by_dimension(1, 0.5, 0.4, 0.1)})
    error = 4 * np.sqrt(0.25 / 4000)
    assert shares_of_attention(1.0, numbers) == pytest.approx([0.5, 0.25, 0.2, 0.05], abs=error)
    told = [1 / 1.7, 0.5 / 1.7, 0.16 / 1.7, 0.04 / 1.7]  # of 1, 0.5, 0.4 x 0.4, 0.4 x 0.1
    assert shares_of_attention(0.4, numbers) == pytest.approx(told, abs=error)


def test_a_firm_without_freedom_never_attends_to_functional_or_intersectoral():
    found = shares_of_attention(0.0, params())
    assert found[FUNCTIONAL] == found[INTERSECTORAL] == 0
    assert found[PROCESS] > 0
    assert found[PRODUCT] > 0


def test_less_freedom_moves_attention_away_from_functional_draw_by_draw():
    """Common random numbers: the same draw at less freedom never turns to a guarded kind."""
    for draw in draws(300, 2):
        free, bound = attend(CALM, 1.0, draw, params()), attend(CALM, 0.3, draw, params())
        assert bound <= free


def test_pressure_turns_attention_from_functions_to_what_keeps_the_firm_alive():
    """Weights of process and product by half as much again (F5), shares in closed form."""
    numbers = params(attention={"weight": by_dimension(0.4)}, pressure={"focus": 0.5})
    hard = firm(pressed=1.0)
    error = 4 * np.sqrt(0.25 / 4000)
    assert shares_of_attention(1.0, numbers) == pytest.approx([0.25] * 4, abs=error)
    found = np.bincount([attend(hard, 1.0, draw, numbers) for draw in draws(4000, 3)], minlength=4)
    assert found / 4000 == pytest.approx([0.3, 0.3, 0.2, 0.2], abs=error)
