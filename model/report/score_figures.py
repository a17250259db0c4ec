"""Figures that lay simulated upgrading beside the scores of the literature.

Both take one frame, a row a cluster and dimension, with the columns of ``CLUSTERS``: case, title,
sector_title, dimension, simulated (mean over replicates, score 0-3), low and high (range of 95% of
replicates), scored (0-3, NaN where not given), replicates. Rows and panels come in order of
appearance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.report.frames import in_order, mean_error, mean_interval, require, status
from model.report.style import SMALL, colour, in_style, page, rows
from model.wording.colours import FAINT
from model.wording.colours import LINE as GRID
from model.wording.numbers import counted, fixed, level, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLUSTERS = (
    "case", "title", "sector_title", "dimension", "simulated", "low", "high", "scored",
    "replicates",
)  # fmt: skip
SCORED_BY = noted("Giuliani, Pietrobelli and Rabellotti (2005)")
"""Who gave the scores shipped with the project."""

SIMULATED: dict[str, Any] = {"color": colour(1), "marker": "o", "markersize": 3.6}
SCORED: dict[str, Any] = {
    "color": colour(2), "marker": "D", "markersize": 4.0, "markerfacecolor": "white",
    "markeredgewidth": 1.1,
}  # fmt: skip
DODGE = 0.17  # rows between the marks of simulated and scored
_SCALE = noted("0 absent, 1 low, 2 medium, 3 high")


@in_style()
def simulated_beside_scored(
    frame: pd.DataFrame, fitted: bool, note: str = "", scored_by: str = SCORED_BY
) -> Figure:
    """A row a cluster, a panel a dimension: simulated upgrading and its score.

    ``fitted`` tells whether parameters were fitted to scores, which the figure says. ``note`` is
    added below. Raises ValueError for a frame without the columns of ``CLUSTERS``.
    """
    require(frame, CLUSTERS, "simulated_beside_scored")
    dimensions = list(dict.fromkeys(frame["dimension"]))
    places = _places(frame)
    told = say(
        "Simulated: mean over {replicates} of a cluster's score in the last quarter; the line holds {level} "
        "of replicates. Scored: {scored_by}, where given. MAE: mean absolute difference of the two over n "
        "clusters.",
        replicates=counted(frame["replicates"], "replicate"),
        level=level(),
        scored_by=say_name(scored_by),
    )
    figure = page(
        8.0, 0.195 * len(places) + 0.75,
        say("Simulated and scored upgrading of each cluster"),
        say("Upgrading score of the cluster ({scale}).", scale=say(_SCALE)) + f" {status(fitted)}",
        f"{told}\n{note}", legend(),
    )  # fmt: skip
    panels = figure.subplots(1, len(dimensions), sharex=True, sharey=True, squeeze=False)[0]
    row_of = {case: row for row, (case, _) in enumerate(places) if case}
    for axes, dimension in zip(panels, dimensions, strict=True):
        part = frame[frame["dimension"] == dimension]
        rows(axes, [text for _, text in places], SMALL)
        at = part["case"].map(row_of)
        axes.hlines(at - DODGE, part["low"], part["high"], color=SIMULATED["color"], linewidth=1.4)
        axes.plot(part["simulated"], at - DODGE, linestyle="none", **SIMULATED)
        axes.plot(part["scored"], at + DODGE, linestyle="none", **SCORED)
        for row, (case, _) in enumerate(places):
            if row and not case:
                axes.axhline(row - 0.5, color=GRID, linewidth=0.6)
        error, n = mean_error(part["simulated"], part["scored"])
        axes.set_title(say_name(titled(dimension)), pad=14)
        axes.text(
            0, 1, say("MAE {error}, n = {n}", error=fixed(error, 2), n=n) if n else say("no scores"),
            transform=axes.transAxes, size=SMALL, color=FAINT, va="bottom",
        )  # fmt: skip
        _score_axis(axes)
    for (case, _), label in zip(places, panels[0].get_yticklabels(), strict=True):
        label.set_fontweight("normal" if case else "bold")
    return figure


def _places(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """(case, text) of each row from the top; the title of a sector has no case.

    Within a sector, clusters with the highest scores come first, those without scores last.
    """
    totals = frame.groupby("case")[["scored", "simulated"]].sum(min_count=1)
    ranked = totals.sort_values(["scored", "simulated"], ascending=False, na_position="last").index
    title, sector = in_order(frame, "case", "title"), in_order(frame, "case", "sector_title")
    places = []
    for group in dict.fromkeys(frame["sector_title"]):
        places += [("", group), *((case, title[case]) for case in ranked if sector[case] == group)]
    return places


@in_style()
def sector_means(
    frame: pd.DataFrame, fitted: bool, note: str = "", scored_by: str = SCORED_BY
) -> Figure:
    """A row a sector, a panel a dimension: mean simulated upgrading and mean score.

    Takes what ``simulated_beside_scored`` takes.
    """
    require(frame, CLUSTERS, "sector_means")
    dimensions = list(dict.fromkeys(frame["dimension"]))
    sectors = dict(list(frame.groupby("sector_title", sort=False)))
    told = say(
        "Lines: {level} bootstrap intervals of the mean over clusters. Simulated: mean over {replicates} of "
        "each cluster that is scored in the dimension, or of all where none is. Scored: {scored_by}.",
        replicates=counted(frame["replicates"], "replicate"),
        level=level(),
        scored_by=say_name(scored_by),
    )
    figure = page(
        8.0, 0.42 * len(sectors) + 0.9,
        say("Simulated and scored upgrading by sector"),
        say("Mean score over clusters ({scale}).", scale=say(_SCALE)) + f" {status(fitted)}",
        f"{told}\n{note}", legend(),
    )  # fmt: skip
    panels = figure.subplots(1, len(dimensions), sharex=True, sharey=True, squeeze=False)[0]
    for axes, dimension in zip(panels, dimensions, strict=True):
        rows(axes, [f"{name}\n{_sample(part)}" for name, part in sectors.items()])
        for row, part in enumerate(sectors.values()):
            here = part[part["dimension"] == dimension]
            scored = here[here["scored"].notna()]
            alike = here if scored.empty else scored
            mean_mark(axes, row - DODGE, alike["simulated"], SIMULATED)
            mean_mark(axes, row + DODGE, scored["scored"], SCORED)
        axes.set_title(say_name(titled(dimension)))
        _score_axis(axes)
    return figure


def _sample(clusters: pd.DataFrame) -> str:
    scored = clusters.groupby("dimension")["scored"].count()
    if scored.max():
        return say("n = {clusters}", clusters=counted(scored, "cluster"))
    all_of_them = counted(clusters["case"].nunique(), "cluster")
    return say("n = {clusters}, none scored", clusters=all_of_them)


def mean_mark(axes: Axes, at: float, values: pd.Series, look: dict[str, Any]) -> None:
    """The mean of values with its interval, on row ``at``; nothing where there are no values."""
    mean, low, high = mean_interval(values)
    axes.hlines(at, low, high, color=look["color"], linewidth=1.4)
    axes.plot([mean], [at], linestyle="none", **look)


def _score_axis(axes: Axes) -> None:
    axes.set_xlim(-0.15, 3.15)
    axes.set_xticks(range(4))
    axes.set_xlabel(say("score 0-3"))


def legend(scored: str = "") -> list[Any]:
    """What the two marks mean, for the legend of a page."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linewidth=1.4, label=say("simulated"), **SIMULATED),
        Line2D([], [], linestyle="none", label=scored or say("scored"), **SCORED),
    ]
