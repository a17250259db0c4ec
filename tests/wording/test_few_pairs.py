"""Words of doubt beside effects: of few pairs, and of pairs that are all equal."""

import pandas as pd
import pytest

from model.experiments.intervals import FEW
from model.wording.sentences import few_pairs


def effects(pairs: int, low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"replicates": [pairs, 100], "low": [low, 0.1], "high": [high, 0.2]}, dtype=float
    )


@pytest.mark.parametrize(("pairs", "doubted"), [(2, True), (FEW - 1, True), (FEW, False)])
def test_few_pairs_are_told(pairs: int, doubted: bool):
    said = few_pairs(effects(pairs, -1.0, 1.0))
    assert (f"rest on {pairs} pairs" in said) == doubted
    assert doubted or not said


@pytest.mark.parametrize(("pairs", "missed"), [(9, "28%"), (20, "14%"), (58, "5%"), (59, "")])
def test_equal_pairs_may_miss_what_is_rare(pairs: int, missed: str):
    """0.95 of samples of n pairs hold what comes up in 1 - 0.05^(1/n) of them."""
    said = few_pairs(effects(pairs, 0.0, 0.0))
    assert (
        (f"{pairs} pairs may miss" in said) == (f"up to {missed} of them" in said) == bool(missed)
    )


def test_no_interval_is_no_equal_pairs():
    assert few_pairs(effects(8, float("nan"), float("nan"))) == few_pairs(effects(8, 0, 1)) == ""
    assert few_pairs(effects(8, 0, 1)[:0]) == ""
