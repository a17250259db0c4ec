"""What is left out, how far ahead the model is, and which scores surprise: tallies by hand."""

import numpy as np
import pandas as pd
import pytest

from calibration.evidence.case_tables import load_cases
from calibration.posterior.measurement_model import GRID
from calibration.validation.case_diagnostics import expected_surprises
from calibration.validation.cross_validation import MODEL, folds, margins, misfit

BY_HAND = np.array([0.04, 0.06, 0.4, 0.0, 0.3, 0.18, 0.02])
"""Chances of 0, 0.5 ... 3."""


def scored(rows: list[tuple[int, str, float, float]], scheme: str = "cluster") -> pd.DataFrame:
    """Rows (cluster, method, error, crps), each in a dimension of its own within a cluster."""
    table = pd.DataFrame(rows, columns=["cluster", "method", "error", "crps"])
    table["dimension"] = table.groupby(["cluster", "method"]).cumcount().astype(str)
    return table.assign(scheme=scheme)


def test_groups_are_those_of_the_column_in_order_of_appearance():
    cases = load_cases()[:12]
    for scheme, column in (
        ("cluster", "case"),
        ("country", "country"),
        ("sector group", "sector_group"),
    ):
        found = list(folds(cases, scheme))
        names = [getattr(case, column) for case in cases]
        assert [name for name, _ in found] == list(dict.fromkeys(names))
        for name, left_out in found:
            assert list(left_out) == [each == name for each in names]


def test_the_margin_is_the_mean_difference_and_sure_where_no_cluster_differs():
    rows = [
        (c, method, e, e / 2)
        for c in range(5)
        for _ in range(2)
        for method, e in ((MODEL, 0.2), ("constant", 0.5))
    ]
    (row,) = margins(scored(rows)).to_dict("records")
    assert [row["error"], row["error_low"], row["error_high"]] == pytest.approx([0.3] * 3)
    assert [row["crps"], row["crps_low"], row["crps_high"]] == pytest.approx([0.15] * 3)


def test_margins_are_means_over_scores_and_clusters_are_drawn_whole():
    """Cluster 0 has three scores that differ by 1, cluster 1 one that differs by 0: mean 3/4."""
    rows = [(0, MODEL, 0.0, 0.0)] * 3 + [(0, "ridge", 1.0, 2.0)] * 3
    rows += [(1, MODEL, 0.0, 0.0), (1, "ridge", 0.0, 0.0)]
    (row,) = margins(scored(rows)).to_dict("records")
    assert (row["scheme"], row["method"]) == ("cluster", "ridge")
    assert (row["error"], row["crps"]) == (0.75, 1.5)
    assert (row["error_low"], row["error_high"]) == (0.0, 1.0)
    assert (row["crps_low"], row["crps_high"]) == (0.0, 2.0)


def test_margins_go_by_scheme_and_method_and_skip_the_model():
    one = [(c, m, e, e) for c in range(2) for m, e in ((MODEL, 0.0), ("a", 1.0), ("b", -1.0))]
    two = [(c, m, e, e) for c in range(2) for m, e in ((MODEL, 0.0), ("a", 3.0))]
    table = margins(pd.concat([scored(one), scored(two, "country")]))
    assert [tuple(row) for row in table[["scheme", "method", "error"]].to_numpy()] == [
        ("cluster", "a", 1.0), ("cluster", "b", -1.0), ("country", "a", 3.0),
    ]  # fmt: skip


def test_a_cluster_that_a_yardstick_says_nothing_of_is_no_tie():
    rows = [(0, MODEL, 0.0, 0.0), (0, "a", 1.0, 1.0), (1, MODEL, 0.0, 0.0)]
    (row,) = margins(scored(rows)).to_dict("records")
    assert (row["error"], row["error_low"], row["error_high"]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("score", "surprise"),
    [(0.0, 0.04), (0.5, 0.10), (1.0, 0.50), (1.5, 0.50), (2.0, 0.50), (2.5, 0.20), (3.0, 0.02)],
)
def test_surprise_is_the_chance_of_a_score_as_far_to_that_side(score, surprise):
    chances = np.stack([[BY_HAND] * 4])
    observed = np.array([[np.nan, score, np.nan, np.nan]])
    (row,) = misfit(chances, observed).to_dict("records")
    assert row == {"cluster": 0, "dimension": "product", "surprise": pytest.approx(surprise)}


def test_a_score_that_was_sure_does_not_surprise():
    chances = np.stack([[(GRID == 2.0).astype(float)] * 4])
    table = misfit(chances, np.full((1, 4), 2.0))
    assert list(table["surprise"]) == [1.0] * 4


def test_surprises_expected_by_chance_by_hand():
    """Scores 0 (4%) and 3 (2%) would surprise: 6% of each score that is given."""
    chances = np.stack([[BY_HAND] * 4] * 2)
    observed = np.array([[1.0, 1.0, np.nan, 1.0], [np.nan, np.nan, np.nan, 2.0]])
    assert expected_surprises(chances, observed) == pytest.approx(4 * 0.06)
