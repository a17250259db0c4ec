"""Practices as bit masks."""

import numpy as np
from hypothesis import given

from model.theory.practices import (
    ALL,
    PRACTICES,
    RUNG_1,
    RUNG_2,
    RUNG_3,
    any_one_of,
    capability,
    on_rung,
    position,
    score,
)
from tests.theory.records import any_draw, any_mask, anything, draws, firm, practices


def test_three_rungs_of_sixteen_fill_forty_eight_bits():
    assert RUNG_1 + RUNG_2 + RUNG_3 == ALL == 2**48 - 1
    assert not RUNG_1 & RUNG_2
    assert not RUNG_2 & RUNG_3
    assert np.int64(ALL) == ALL


@given(any_mask, any_draw)
def test_any_one_of_a_mask_is_one_practice_of_it(mask, draw):
    chosen = int(any_one_of(np.int64(mask), draw))
    assert chosen & mask == chosen
    assert chosen.bit_count() == (mask != 0)


def test_each_practice_of_a_mask_is_equally_likely():
    mask = np.int64(anything(0.2, 7))
    n = int(mask).bit_count()
    chosen = [int(any_one_of(mask, draw)) for draw in draws(200 * n, 8)]
    counts = np.array([chosen.count(1 << i) for i in range(48) if int(mask) >> i & 1])
    # chi-square with n - 1 degrees of freedom: mean n - 1, standard deviation sqrt(2 (n - 1))
    assert ((counts - 200) ** 2 / 200).sum() < (n - 1) + 5 * np.sqrt(2 * (n - 1))


@given(any_mask)
def test_rungs_add_up_to_the_mask(mask):
    mask = np.int64(mask)
    assert sum(on_rung(mask, rung) for rung in range(3)) == int(mask).bit_count()


def test_score_is_the_likert_scale_of_gpr05():
    assert score(np.int64(0)) == 0
    assert score(np.int64(RUNG_1)) == 1
    assert score(np.int64(RUNG_1 | RUNG_2)) == 2
    assert score(np.int64(ALL)) == 3


def test_capability_counts_process_and_product_only():
    assert capability(firm()) == 0
    assert capability(firm(mastered=(ALL, 0, 0, 0))) == 0.5
    assert capability(firm(mastered=(ALL, ALL, 0, 0))) == 1
    assert capability(firm(mastered=(0, 0, ALL, ALL))) == 0
    assert capability(firm(mastered=(practices(1, 6), practices(3, 6), 0, 0))) == 12 / 96


def test_position_is_the_number_of_the_bit():
    assert [position(np.int64(1 << i)) for i in range(PRACTICES)] == list(range(PRACTICES))
