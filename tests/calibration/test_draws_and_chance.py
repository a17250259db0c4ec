"""Luck and doubt told apart where both are known, by hand and by the closed form."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from calibration.validation.draws_and_chance import draws_and_chance, over_draws, shares


def test_variances_by_hand():
    """Draws at 1, 3 and 5, runs one to each side: chance 2, means vary by 4, less 2 / 2."""
    apart = np.array([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0]])
    assert shares(apart) == (3.0, 2.0)


def test_the_two_are_found_in_a_large_sample():
    rng = np.random.default_rng(0)
    apart = rng.normal(0, 2.0, (4000, 1)) + rng.normal(0, 1.0, (4000, 3))
    numbers, chance = shares(apart)
    assert numbers == pytest.approx(4.0, rel=0.1)
    assert chance == pytest.approx(1.0, rel=0.05)


def test_luck_alone_is_no_doubt():
    rng = np.random.default_rng(1)
    numbers, chance = shares(rng.normal(0, 1.0, (4000, 2)))
    assert numbers < 0.05
    assert chance == pytest.approx(1.0, rel=0.05)


def test_one_run_cannot_tell_them_apart():
    assert np.isnan(shares(np.ones((5, 1)))).all()


OUTCOME = SimpleNamespace(name="process", label="Process", unit="score", better="higher")
EXPERIMENT = SimpleNamespace(
    spec=SimpleNamespace(baseline="none", outcomes=[OUTCOME]),
    scenarios={"none": None, "help": None},
    title_of=str,
)


def frame(effects: list[list[float]]) -> pd.DataFrame:
    rows = [
        {"arm": arm, "draw": d, "replicate": 2 * d + r, "process": 1.0 + (arm == "help") * effect}
        for arm in ("none", "help")
        for d, runs in enumerate(effects)
        for r, effect in enumerate(runs)
    ]
    return pd.DataFrame(rows)


def test_a_table_of_paired_effects():
    table = draws_and_chance(EXPERIMENT, frame([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0]]))
    (row,) = table.to_dict("records")
    assert row["effect"] == pytest.approx(3.0)
    assert (row["numbers"], row["chance"]) == pytest.approx((0.6, 0.4))
    assert row["ahead"] == pytest.approx(5 / 6)
    assert row["low"] < row["numbers_low"] < row["numbers_high"] < row["high"]
    effects = pd.DataFrame({"outcome": ["process"], "arm": ["help"], "low": [2.9], "high": [3.1]})
    wide = over_draws(effects, table)
    assert (wide.loc[0, "low"], wide.loc[0, "high"]) == (row["low"], row["high"])
