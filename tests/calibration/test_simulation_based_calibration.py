"""How planted truths are tallied: ranks, coverage and their range of chance, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binom, chisquare

from calibration.validation.simulation_based_calibration import recovery

DRAWS = np.arange(99.0)


def tallied(ranks: list[int], draws: np.ndarray = DRAWS) -> dict[str, object]:
    """The row of one number whose truth has these ranks, a table each."""
    truth = np.array(ranks, float)[:, None] - 0.5
    sample = np.broadcast_to(draws[None, :, None], (len(ranks), len(draws), 1))
    with np.errstate(invalid="ignore"):  # where posteriors are alike nothing correlates
        (row,) = recovery(SimpleNamespace(names=("a",)), truth, sample).to_dict("records")
    return row


def test_the_central_ninety_of_a_hundred_places():
    """A truth can fall into 100 places: the five at either end are outside."""
    assert [tallied([rank, rank])["coverage90"] for rank in (0, 4, 5, 50, 94, 95, 99)] == [
        0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0,
    ]  # fmt: skip
    assert tallied([4, 5, 94, 95])["coverage90"] == 0.5


def test_ranks_are_counted_in_ten_bins_of_ten_places():
    row = tallied([0, 9, 10, 55, 89, 90, 99])
    counts = [row[f"bin_{b}"] for b in range(1, 11)]
    assert counts == [2, 1, 0, 0, 0, 1, 0, 0, 1, 2]
    assert (row["key"], row["tables"]) == ("a", 7)
    assert row["rank_p"] == pytest.approx(chisquare(counts).pvalue)


def test_the_range_of_chance_is_that_of_a_binomial():
    row = tallied([50] * 50)
    low, high = row["coverage_low"] * 50, row["coverage_high"] * 50
    assert binom.cdf(low - 1, 50, 0.9) < 0.025 <= binom.cdf(low, 50, 0.9)
    assert binom.cdf(high - 1, 50, 0.9) < 0.975 <= binom.cdf(high, 50, 0.9)


def test_contraction_is_what_is_left_of_the_variance_of_one():
    half = DRAWS / DRAWS.std(ddof=1) * np.sqrt(0.5)
    assert tallied([1, 2], half)["contraction"] == pytest.approx(0.5)


def test_each_number_has_its_own_row_and_correlation():
    truth = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    shifted = truth * [1, -1]
    sample = shifted[:, None, :] + np.linspace(-0.1, 0.1, 99)[None, :, None]
    table = recovery(SimpleNamespace(names=("along", "against")), truth, sample)
    assert list(table["key"]) == ["along", "against"]
    assert list(table["correlation"]) == pytest.approx([1.0, -1.0])


def test_bins_are_of_all_places_whatever_ranks_there_are():
    row = tallied([50, 51])
    assert [row[f"bin_{b}"] for b in range(1, 11)] == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0]


def test_a_rank_counts_draws_below_the_truth_and_not_those_equal_to_it():
    """The truth is the draw with five below it: the first place inside."""
    truth = np.array([[5.0], [4.0]])
    sample = np.broadcast_to(DRAWS[None, :, None], (2, 99, 1))
    with np.errstate(invalid="ignore"):
        (row,) = recovery(SimpleNamespace(names=("a",)), truth, sample).to_dict("records")
    assert row["coverage90"] == 0.5
