"""All virtual trials side by side: published effects in the sampling distributions of simulated studies.

Effects have many units, so each row is drawn in half-widths of its own distribution: simulated estimates
lie from -1 to 1 with 95% of their mass, and what was published falls where it falls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.language import say
from model.report.style import SMALL, colour, in_style, page, rows
from model.wording.colours import FAINT
from model.wording.colours import LINE as GRID
from model.wording.numbers import general

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FARTHEST = 4.0
"""Half-widths at which a mark is drawn that lies farther away."""

_SIMULATED: dict[str, Any] = {"color": colour(1), "linewidth": 3.0, "alpha": 0.45}
_PUBLISHED: dict[str, Any] = {
    "color": colour(2), "marker": "D", "markersize": 4.2, "markerfacecolor": "white",
    "markeredgewidth": 1.2, "linestyle": "none",
}  # fmt: skip
_TRUE: dict[str, Any] = {"color": colour(1), "marker": "o", "markersize": 3.4, "linestyle": "none"}
_NONE: dict[str, Any] = {"color": FAINT, "marker": "|", "markersize": 8, "linestyle": "none"}


@in_style()
def trials_side_by_side(outcomes: pd.DataFrame, titles: dict[str, str], note: str = "") -> Figure:
    """A row an outcome, grouped by study; ``titles``: of studies and, as ``study.outcome``, of outcomes."""
    from matplotlib.lines import Line2D

    shown = outcomes.drop_duplicates(["trial", "outcome"])
    labels: list[str] = []
    places: list[dict[str, Any] | None] = []
    for trial, part in shown.groupby("trial", sort=False):
        labels.append(titles[str(trial)])
        places.append(None)
        for row in part.to_dict("records"):
            labels.append(titles[f"{trial}.{row['outcome']}"])
            places.append(row)
    keys = [
        Line2D([], [], label=say("95% of simulated studies"), **_SIMULATED),
        Line2D([], [], label=say("published effect, where its size was seen"), **_PUBLISHED),
        Line2D([], [], label=say("true effect in the model, median"), **_TRUE),
        Line2D([], [], label=say("no effect"), **_NONE),
    ]
    far = say(
        "Marks farther away than {most} half-widths stand at the edge with an arrow. Rows without a diamond: "
        "only the sign was seen.",
        most=general(FARTHEST),
    )
    figure = page(
        8.4, 0.19 * len(labels) + 0.8,
        say("Published programmes replayed: where the published effect falls"),
        say(
            "Each row in half-widths of its own sampling distribution; right: share of simulated studies "
            "whose sign came out as published."
        ),
        f"{far} {note}",
        keys, 2,
    )  # fmt: skip
    left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": [3, 1]})
    rows(left, labels, SMALL)
    rows(right, labels, SMALL)
    for at, row in enumerate(places):
        if row is None:
            left.get_yticklabels()[at].set_weight("bold")
            continue
        _draw(left, at, row)
        said = float(row["sign_as_published"])
        if not np.isfinite(said):
            continue
        right.barh(at, said, height=0.5, color=colour(1 if said > 0.5 else 3), alpha=0.6)
    left.axvline(-1, color=GRID, linewidth=0.6)
    left.axvline(1, color=GRID, linewidth=0.6)
    left.set_xlim(-FARTHEST - 0.4, FARTHEST + 0.4)
    left.set_xlabel(say("half-widths from the middle of the simulated estimates"))
    right.set_xlim(0, 1)
    right.axvline(0.5, color=FAINT, linewidth=0.6)
    right.set_xlabel(say("sign as published"))
    return figure


def _draw(axes: Axes, at: int, row: dict[str, Any]) -> None:
    half, middle = (row["high"] - row["low"]) / 2.0, (row["high"] + row["low"]) / 2.0
    if not half > 0:
        return
    axes.hlines(at, -1, 1, **_SIMULATED)
    _mark(axes, at, -middle / half, _NONE)
    _mark(axes, at, (row["true"] - middle) / half, _TRUE)
    ends = (np.array([row["published_low"], row["published_high"]]) - middle) / half
    if np.isfinite(ends).all():
        near = np.clip(ends, -FARTHEST, FARTHEST)
        axes.hlines(at, near[0], near[1], color=_PUBLISHED["color"], linewidth=1.2)
        _mark(axes, at, float(ends.mean()), _PUBLISHED)


def _mark(axes: Axes, at: int, value: float, look: dict[str, Any]) -> None:
    if not np.isfinite(value):
        return
    near = float(np.clip(value, -FARTHEST, FARTHEST))
    axes.plot(near, at, zorder=3, **look)
    if near != value and look is not _NONE:
        arrow = "\N{RIGHTWARDS ARROW}" if value > 0 else "\N{LEFTWARDS ARROW}"
        axes.text(near + 0.22 * np.sign(value), at, arrow, size=SMALL, ha="center", va="center")
