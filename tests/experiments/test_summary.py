"""What a tidy table says in short, against a table counted by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from model.experiments.intervals import interval_of_mean
from model.experiments.summary import mean_and_interval, summary

UNKNOWN = np.nan
DESIGN = pd.DataFrame({"budget": [0.0, 5.0], "plan": ["a", "b"]})
OUTCOMES = [
    SimpleNamespace(name="wage", unit="money"),
    SimpleNamespace(name="gini", unit="Gini 0-1"),
]
ROWS = {
    # in the order of the table, which is neither that of points nor that of the alphabet
    (1, "here"): ([1.0, 2.0, 6.0], [0.5, 0.5, 0.5]),
    (1, "all"): ([4.0, UNKNOWN, UNKNOWN], [0.1, 0.3, UNKNOWN]),
    (0, "here"): ([UNKNOWN] * 3, [0.0, 1.0, 0.5]),
}
TABLE = pd.DataFrame(
    [
        {"point": point, "community": community, "replicate": r, "wage": wage[r], "gini": gini[r]}
        for r in range(3)
        for (point, community), (wage, gini) in ROWS.items()
    ]
)


def test_a_row_is_a_point_a_community_and_an_outcome_in_the_order_of_the_table():
    short = summary(TABLE, DESIGN, OUTCOMES)
    assert list(short.columns) == [
        "point", "budget", "plan", "community", "outcome", "unit", "mean", "low", "high", "sd",
        "replicates", "missing",
    ]  # fmt: skip
    assert list(short.index) == list(range(6))
    told = short[["point", "budget", "plan", "community", "outcome", "unit"]]
    assert list(told.itertuples(index=False, name=None)) == [
        (1, 5.0, "b", "here", "wage", "money"),
        (1, 5.0, "b", "here", "gini", "Gini 0-1"),
        (1, 5.0, "b", "all", "wage", "money"),
        (1, 5.0, "b", "all", "gini", "Gini 0-1"),
        (0, 0.0, "a", "here", "wage", "money"),
        (0, 0.0, "a", "here", "gini", "Gini 0-1"),
    ]


def test_means_spreads_and_what_is_missing_by_hand():
    """1, 2 and 6: mean 3, variance (4 + 1 + 9) / 2; of one value there is no spread."""
    short = summary(TABLE, DESIGN, OUTCOMES)
    assert short["mean"].tolist() == pytest.approx([3, 0.5, 4, 0.2, UNKNOWN, 0.5], nan_ok=True)
    assert short["sd"].tolist() == pytest.approx(
        [7**0.5, 0, UNKNOWN, 0.02**0.5, UNKNOWN, 0.5], nan_ok=True
    )
    assert short["replicates"].tolist() == [3, 3, 1, 2, 0, 3]
    assert short["missing"].tolist() == [0, 0, 2, 1, 3, 0]
    first = interval_of_mean(np.array([1.0, 2.0, 6.0]))
    assert (short.loc[0, "low"], short.loc[0, "high"]) == first[1:]
    assert np.isnan(short.loc[2, ["low", "high"]].to_numpy(float)).all()


def test_values_that_are_whole_numbers_or_none_are_numbers():
    found = mean_and_interval(pd.Series([1, None, 3], dtype=object))
    assert (found["mean"], found["sd"], found["replicates"]) == (2.0, 2**0.5, 2)
