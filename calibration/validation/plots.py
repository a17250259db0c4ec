"""Figures of calibration and validation. Each takes a frame whose columns its docstring names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.credible_intervals import tails
from calibration.posterior.measurement_model import GRID
from model.report.style import SMALL, colour, in_style, mark, page, rows
from model.wording.colours import FAINT, LINE
from model.wording.numbers import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PANELS = 4  # side by side


def short(key: str) -> str:
    """A dotted key without what all keys begin with."""
    return key.removeprefix("parameters.").removeprefix("sectors.")


@in_style()
def before_and_after(known: pd.DataFrame) -> Figure:
    """Prior and posterior of every number; columns of ``marginals.marginals``."""
    from matplotlib.lines import Line2D

    keys = [
        Line2D([], [], color=colour(0), marker="o", markersize=3, label="before: prior"),
        Line2D([], [], color=colour(1), marker="D", markersize=4, label="after: posterior"),
    ]
    figure = page(
        8.0, 0.26 * len(known) + 0.5,
        "What the scores say of each number",
        "Median and central 95% before and after, on the range that the prior gives 95%",
        "Numbers on the right: posterior median with central 95% interval, and the share of the prior's "
        "variance that the scores take away.", keys,
    )  # fmt: skip
    axes = figure.subplots()
    rows(axes, [short(key) for key in known["key"]], SMALL)
    low, width = known["prior_low"], known["prior_high"] - known["prior_low"]
    for columns, look, dodge in (
        (
            ("prior_low", "prior_median", "prior_high"),
            dict[str, Any](color=colour(0), marker="o"),
            -0.16,
        ),
        (("low", "median", "high"), dict[str, Any](color=colour(1), marker="D"), 0.16),
    ):
        left, centre, right = ((known[name] - low) / width for name in columns)
        at = np.arange(len(known)) + dodge
        axes.hlines(at, left, right, color=look["color"], linewidth=1.6)
        axes.plot(centre, at, linestyle="none", markersize=3.6, **look)
    axes.set_xlim(-0.15, 1.75)
    axes.set_xticks([0, 1], ["low", "high"])
    for row, entry in enumerate(known.to_dict("records")):
        text = f"{entry['median']:.3g} ({entry['low']:.3g} to {entry['high']:.3g})"
        axes.text(1.18, row, text, size=SMALL, va="center")
        axes.text(1.72, row, f"{100 * max(0.0, entry['contraction']):.0f}%", size=SMALL,
                  va="center", ha="right")  # fmt: skip
    return figure


@in_style()
def predicted_beside_scored(
    chances: np.ndarray, observed: np.ndarray, titles: list[str], sectors: list[str]
) -> Figure:
    """A row a cluster, a panel a dimension: chance of each score, and the score.

    chances: (clusters, 4, 7); observed: (clusters, 4); titles and sector titles of the clusters.
    """
    from matplotlib.lines import Line2D

    ink: dict[str, Any] = {
        "color": colour(2),
        "marker": "D",
        "markerfacecolor": "white",
        "markeredgewidth": 1.1,
    }
    keys = [
        Line2D([], [], linestyle="none", marker="s", color=colour(1), label="chance of a score (area)"),
        Line2D([], [], linestyle="none", markersize=4, label="score given", **ink),
    ]  # fmt: skip
    places: list[int | str] = []
    for sector in dict.fromkeys(sectors):
        places += [sector, *(i for i, each in enumerate(sectors) if each == sector)]
    labels = [titles[p] if isinstance(p, int) else p for p in places]
    figure = page(
        8.0, 0.195 * len(places) + 0.75,
        "Each cluster predicted from the others",
        "Predictive chance of each score (0 absent, 1 low, 2 medium, 3 high) and the score given",
        "Every cluster is predicted by a posterior fitted to all other clusters. The area of a square is "
        "the chance of that score; chances of a cluster and kind add up to one.", keys,
    )  # fmt: skip
    panels = figure.subplots(1, len(DIMENSIONS), sharex=True, sharey=True, squeeze=False)[0]
    for d, axes in enumerate(panels):
        rows(axes, labels, SMALL)
        for row, place in enumerate(places):
            if isinstance(place, str):
                if row:
                    axes.axhline(row - 0.5, color=LINE, linewidth=0.6)
                continue
            said = chances[place, d]
            axes.scatter(GRID, np.full(len(GRID), row), s=70 * said, marker="s", color=colour(1),
                         linewidths=0)  # fmt: skip
            if not np.isnan(observed[place, d]):
                axes.plot(observed[place, d], row, linestyle="none", markersize=3.6, **ink)
        axes.set_title(titled(DIMENSIONS[d]))
        axes.set_xlim(-0.35, 3.35)
        axes.set_xticks(range(4))
    for place, label in zip(places, panels[0].get_yticklabels(), strict=True):
        label.set_fontweight("bold" if isinstance(place, str) else "normal")
    return figure


@in_style()
def beside_yardsticks(summary: pd.DataFrame) -> Figure:
    """Error and CRPS of each method by what is left out.

    Columns: scheme, method, mae, crps, coverage90, said90, scores.
    """
    schemes, methods = (
        list(dict.fromkeys(summary["scheme"])),
        list(dict.fromkeys(summary["method"])),
    )
    figure = page(
        8.0, 0.2 * len(methods) * len(schemes) + 0.55 * len(schemes),
        "The model beside statistics on the same inputs",
        "Forecasts of scores that were not fitted, by what is left out at a time; shorter is better",
        f"Means over {int(summary['scores'].max())} scores. Error: of the predictive median. CRPS: "
        "continuous ranked probability score. Coverage: scores inside the central 90% interval; the tick "
        "is what the forecast itself gave to that interval.",
    )  # fmt: skip
    panels = figure.subplots(len(schemes), 3, sharex="col", sharey=True, squeeze=False)
    for line, scheme in zip(panels, schemes, strict=True):
        part = summary[summary["scheme"] == scheme].set_index("method").loc[methods]
        for axes, (column, title) in zip(
            line, (("mae", "Error"), ("crps", "CRPS"), ("coverage90", "Coverage")), strict=True
        ):
            rows(axes, [titled(name) for name in methods], SMALL)
            for row, name in enumerate(methods):
                look = colour(1) if name == "model" else colour(0)
                axes.plot([0, part.loc[name, column]], [row, row], color=look, linewidth=1.2)
                axes.plot(part.loc[name, column], row, mark(1 if name == "model" else 0), color=look,
                          markersize=4)  # fmt: skip
                if column == "coverage90":
                    axes.plot(part.loc[name, "said90"], row, "|", color=FAINT, markersize=8)
                else:
                    axes.text(part.loc[name, column], row, f"  {part.loc[name, column]:.3f}", size=SMALL,
                              va="center")  # fmt: skip
            if column == "coverage90":
                axes.set_xlim(0.5, 1.02)
            else:
                axes.set_xlim(0, 1.25 * summary[column].max())
            axes.set_title(f"{title}, one {scheme} left out", fontsize=SMALL)
    return figure


@in_style()
def rank_histograms(recovered: pd.DataFrame) -> Figure:
    """Ranks of planted truths among posterior draws; columns of ``simulation_based_calibration.recovery``."""
    from scipy.stats import binom

    lines = -(-len(recovered) // _PANELS)
    tables = int(recovered["tables"].iloc[0])
    bins = [name for name in recovered if str(name).startswith("bin_")]
    low, high = binom.ppf(tails(), tables, 1 / len(bins))
    figure = page(
        8.0, 1.05 * lines,
        "Planted truths among draws of their posteriors",
        "Ranks, low to high; flat where posteriors are right",
        f"{tables} tables simulated at known numbers and fitted. Band: 95% range of a flat histogram.",
    )  # fmt: skip
    panels = figure.subplots(lines, _PANELS, sharex=True, sharey=True, squeeze=False)
    for axes, row in zip(panels.flat, recovered.to_dict("records"), strict=False):
        axes.axhspan(low, high, color=LINE)
        axes.bar(range(len(bins)), [row[b] for b in bins], 0.9, color=colour(1))
        axes.set_title(
            short(row["key"]).removeprefix("measurement."), fontsize=6, fontweight="normal"
        )
        axes.set_xticks([])
    for axes in panels.flat[len(recovered) :]:
        axes.set_visible(False)
    return figure


@in_style()
def sign_probabilities(table: pd.DataFrame, sure: float = 0.95) -> Figure:
    """How often patterns come out as claimed, of those that are not ``sure`` to.

    Columns of ``pattern_uncertainty.COLUMNS``.
    """
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {"linestyle": "none", "color": colour(1), "markersize": 3.4}
    keys = [
        Line2D([], [], marker="s", label="in the range that the claim accepts", **look),
        Line2D([], [], marker="D", markerfacecolor="white", label="the right sign", **look),
    ]
    shown = table[~(table["accepted"] >= sure)]
    places: list[tuple[str, dict[str, Any] | None]] = []
    for group, part in shown.groupby("group", sort=False):
        places.append((str(group), None))
        for row in part.to_dict("records"):
            places.append((f"{row['title']}: {str(row['measure']).replace('_', ' ')}", row))
    figure = page(
        8.0, 0.17 * len(places) + 0.5,
        "Patterns of the literature that the posterior leaves open",
        f"Share of posterior draws; the other {len(table) - len(shown)} of {len(table)} are as claimed in "
        f"{sure:.0%} of draws or more",
        f"{int(table['draws'].max())} draws, {int(table['replicates'].max())} replicates each: chance of "
        "single runs blurs effects that are near a bound.", keys,
    )  # fmt: skip
    axes = figure.subplots()
    rows(axes, [text for text, _ in places], 6)
    for place, (_, row) in enumerate(places):
        if row is not None:
            axes.hlines(place, 0, row["accepted"], color=colour(1), linewidth=1.0)
            axes.plot(row["accepted"], place, "s", **look)
            axes.plot(row["signed"], place, "D", markerfacecolor="white", **look)
    for (_, row), label in zip(places, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if row is None else "normal")
    axes.set_xlim(-0.02, 1.02)
    return figure
