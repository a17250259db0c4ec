"""Lines over time: runs at one draw of parameters are alike, and count once."""

import numpy as np
import pandas as pd
import pytest

from model.report.effect_figures import paths

DRAWS = {0: 1.0, 1: 2.0, 2: 4.0}
MEAN, ERROR = np.mean(list(DRAWS.values())), np.std(list(DRAWS.values()), ddof=1) / np.sqrt(3)


def series(at_a_draw: int) -> pd.DataFrame:
    """Two quarters of three draws, each with so many runs that all say the same."""
    rows = [
        {"scenario": "here", "replicate": at_a_draw * draw + run, "tick": tick, "product": level}
        for draw, level in DRAWS.items()
        for run in range(at_a_draw)
        for tick in (0, 1)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("at_a_draw", [1, 2, 5])
def test_runs_of_one_draw_make_no_band_narrower(at_a_draw):
    figure = paths(series(at_a_draw), ["product"], {"here": "Here"}, at_a_draw=at_a_draw)
    axes = figure.axes[0]
    reached = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert axes.lines[0].get_ydata() == pytest.approx(MEAN)
    assert (reached.min(), reached.max()) == pytest.approx(
        (MEAN - 1.96 * ERROR, MEAN + 1.96 * ERROR)
    )


@pytest.mark.parametrize(
    ("at_a_draw", "told"),
    [(1, "mean over 3 runs; bands"), (2, "mean over 6 runs at 3 posterior draws;")],
)
def test_the_figure_says_how_many_draws_stand_behind_it(at_a_draw, told):
    figure = paths(series(at_a_draw), ["product"], {"here": "Here"}, at_a_draw=at_a_draw)
    said = " ".join(text.get_text() for text in figure.texts)
    assert told in " ".join(said.split())
