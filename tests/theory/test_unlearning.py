"""K6 Unlearning."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.interaction import FORGOTTEN
from model.theory.practices import ALL, FUNCTIONAL, PROCESS, PRODUCT, RUNG_1
from model.theory.unlearning import lost
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    draws,
    neutral_params,
    params,
    shares,
)
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    ONE,
    by_dimension,
    holdings,
    live,
    neutral,
    parameters,
    scenario,
)

NONE, FULL, HALF = np.int64(0), np.int64(ALL), np.int64(0x555555555555)
N = 1000


def share_lost(d, numbers, mastered=FULL, asked=NONE, guarded=0.0, among=ALL):
    """Share of the practices ``among`` those mastered that go in a quarter, over many draws."""
    gone = [int(lost(mastered, asked, guarded, d, draw, numbers)) & among for draw in draws(N, 1)]
    return sum(mask.bit_count() for mask in gone) / (N * (int(mastered) & among).bit_count())


def error(chance, practices=48):
    return 4 * np.sqrt(chance * (1 - chance) / (N * practices))


def test_neutral_nothing_is_lost():
    numbers = neutral_params("unlearning")
    for d in range(4):
        assert not any(lost(FULL, NONE, 1.0, d, draw, numbers) for draw in draws(200, 1))


def test_neutral_use_makes_no_difference():
    numbers = params(unlearning={"forget": by_dimension(0.3), "practised": 0, "kept_away": 0})
    for d in range(4):
        for draw in draws(20, 2):
            plain = lost(FULL, NONE, 0.0, d, draw, numbers)
            assert plain == lost(FULL, FULL, 1.0, d, draw, numbers)
            assert plain != 0


def test_neutral_in_a_world_nobody_forgets():
    end = live(scenario(*EVERYTHING, neutral("unlearning")), 8)
    assert FORGOTTEN not in end.ledger["channel"]
    assert FORGOTTEN in live(scenario(*EVERYTHING), 8).ledger["channel"]


@given(any_mask, any_mask, shares, any_dimension, any_draw, anywhere("unlearning"))
def test_only_what_was_mastered_is_lost(mask, asked, guarded, d, draw, numbers):
    gone = int(lost(np.int64(mask), np.int64(asked), guarded, d, draw, numbers))
    assert gone & ~mask == 0


@given(any_mask, any_mask, any_mask, shares, any_dimension, any_draw, anywhere("unlearning"))
def test_a_practice_runs_its_risk_whatever_else_is_mastered(
    mask, more, asked, guarded, d, draw, numbers
):
    few = int(lost(np.int64(mask), np.int64(asked), guarded, d, draw, numbers))
    many = int(lost(np.int64(mask | more), np.int64(asked), guarded, d, draw, numbers))
    assert many & mask == few


def test_every_practice_runs_the_stated_risk():
    numbers = params(unlearning={"forget": by_dimension(0.2, 0.1, 0.05, 0.0)})
    for d, chance in enumerate((0.2, 0.1, 0.05, 0.0)):
        assert share_lost(d, numbers) == pytest.approx(chance, abs=error(chance))
        assert share_lost(d, numbers, HALF) == pytest.approx(chance, abs=error(chance, 24))


def test_what_buyers_ask_slips_less():
    numbers = params(unlearning={"forget": by_dimension(0.2), "practised": 0.75})
    asked = share_lost(PROCESS, numbers, asked=HALF, among=int(HALF))
    rest = share_lost(PROCESS, numbers, asked=HALF, among=ALL & ~int(HALF))
    assert asked == pytest.approx(0.05, abs=error(0.05, 24))
    assert rest == pytest.approx(0.2, abs=error(0.2, 24))


def test_functions_that_buyers_keep_to_themselves_go_faster():
    numbers = params(unlearning={"forget": by_dimension(0.1), "kept_away": 3.0})
    for guarded, chance in ((0.0, 0.1), (0.5, 0.25), (1.0, 0.4)):
        found = share_lost(FUNCTIONAL, numbers, guarded=guarded)
        assert found == pytest.approx(chance, abs=error(chance))
    for d in (PROCESS, PRODUCT):
        assert share_lost(d, numbers, guarded=1.0) == pytest.approx(0.1, abs=error(0.1))


# Everybody supplies one chain whose leader asks for half of the practices, and nobody learns.
IDLE = (ONE, NO_TURNOVER, neutral("interaction", "renewal", "demand", "outside_options"))


def supplied(mode):
    return {
        "sectors": {"trade": {"holds": holdings(buyer=0.5)}},
        "communities": {"here": {"market_access": 1.0, "firms": 40}},
        "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
    }


def left_after(ticks, *layers):
    """(n_firms, 4) masks left of full mastery, and what the buyer asks."""
    lives = live(scenario(*IDLE, *layers), 0, horizon=ticks)
    lives.world.firms.mastered[:] = lives.world.firms.aware[:] = ALL
    lives.advance(ticks)
    world = lives.world
    assert (world.firms.aware == ALL).all()
    asked = world.chains.holds[0].copy() if len(world.chains) else None
    return np.array(world.firms.mastered), asked


def test_without_learning_mastery_falls_geometrically():
    """Closed form: (1 - forget)^n of what was mastered are left after n quarters."""
    forget = (0.1, 0.05, 0.02, 0.0)
    numbers = parameters(unlearning={"forget": by_dimension(*forget)})
    left, _ = left_after(10, {"communities": {"here": {"firms": 40}}}, numbers)
    share = np.bitwise_count(left).mean(axis=0) / 48
    assert share == pytest.approx((1 - np.array(forget)) ** 10, abs=4 * np.sqrt(0.25 / (48 * 40)))


def test_suppliers_keep_what_their_buyer_asks():
    numbers = parameters(unlearning={"forget": by_dimension(0.1), "practised": 1.0})
    left, asked = left_after(12, supplied("market"), numbers)
    for d in (PROCESS, PRODUCT):
        kept = np.bitwise_count(left[:, d] & asked[d]).mean() / int(asked[d]).bit_count()
        lost_ = np.bitwise_count(left[:, d] & ~asked[d]).mean() / (48 - int(asked[d]).bit_count())
        assert kept > 0.85  # all contracts are there from the first year on, and one quarter free
        assert lost_ < 0.5


def test_suppliers_of_leaders_that_guard_their_core_forget_functions():
    numbers = parameters(unlearning={"forget": by_dimension(0.02), "kept_away": 20.0})
    market, guarded = (
        np.bitwise_count(left_after(12, supplied(mode), numbers, parameters(guarding={
            "punishment": 0}))[0]).mean(axis=0)
        for mode in ("market", "quasi_hierarchy")
    )  # fmt: skip
    assert guarded[FUNCTIONAL] < market[FUNCTIONAL] - 5
    assert guarded[PROCESS] == market[PROCESS]


def test_what_was_lost_stays_known():
    left, _ = left_after(5, parameters(unlearning={"forget": by_dimension(1)}))
    assert (left == 0).all()  # and known: ``left_after`` has asked


def test_the_first_rung_is_as_mortal_as_the_others():
    numbers = params(unlearning={"forget": by_dimension(0.2)})
    basic = share_lost(PROCESS, numbers, among=RUNG_1)
    assert basic == pytest.approx(0.2, abs=error(0.2, 16))
