"""Figures of where mastery came from, and of collective efficiency as measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.report.frames import in_order, require
from model.report.score_figures import DODGE, SCORED, SIMULATED, legend
from model.report.style import SMALL, TEXT, fill, fit, in_style, page, rows
from model.wording.numbers import counted, fixed, level, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LEARNING = ("scenario", "replicate", "dimension", "channel", "practices")
NOT_LEARNED = ("start", "inheritance", "forgotten", "overtaken")
EFFICIENCY = ("sector", "sector_title", "component", "simulated", "low", "high", "printed")
_LEAST = 0.04  # share from which a bar is wide enough for its number


@in_style()
def sources_of_learning(
    learning: pd.DataFrame, groups: Mapping[str, str], note: str = ""
) -> Figure:
    """Stacked bars, one a group of scenarios: share of mastered practices by channel.

    ``learning`` is ``Records.learning``; ``groups`` maps its scenarios to titles, in order. What
    founders bring and what is lost is left out.
    """
    from matplotlib.patches import Patch

    require(learning, LEARNING, "sources_of_learning")
    learned = learning[~learning["channel"].isin(NOT_LEARNED)]
    totals = learned.groupby(
        [learned["scenario"].map(groups), "channel"], sort=False, observed=True
    )["practices"].sum().unstack(fill_value=0)  # fmt: skip
    totals = totals.loc[list(dict.fromkeys(groups.values()))]
    totals = totals[totals.sum().sort_values(ascending=False, kind="stable").index]
    totals = totals.loc[:, totals.sum() > 0]
    shares = totals.div(totals.sum(axis=1), axis=0)
    figure = page(
        8.0, 0.34 * len(shares) + 1.2,
        "Where mastered practices came from",
        "",
        f"Share of the practices mastered during the run, all dimensions, sum over "
        f"{counted(learning['replicate'].nunique(), 'replicate')}. Without what founders and "
        f"entrants bring and what is forgotten.\n{note}",
        [Patch(label=titled(str(c)), **fill(i)) for i, c in enumerate(shares.columns)], across=6,
    )  # fmt: skip
    axes = figure.subplots()
    rows(axes, [f"{name}\n{_many(totals.loc[name].sum())}" for name in shares.index])
    axes.grid(visible=False)
    left = shares.iloc[:, 0] * 0.0
    for order, channel in enumerate(shares.columns):
        bars = axes.barh(
            range(len(shares)), shares[channel], left=left, height=0.7, edgecolor="white",
            linewidth=0.5, **fill(order),
        )  # fmt: skip
        texts = [f"{fixed(100 * s, 0)}" if s >= _LEAST else "" for s in shares[channel]]
        axes.bar_label(bars, texts, label_type="center", fontsize=SMALL)
        left = left + shares[channel]
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    axes.set_xlabel("percent of mastered practices")
    return figure


def _many(practices: float) -> str:
    return f"n = {fixed(practices, 0)}"


@in_style()
def collective_efficiency(frame: pd.DataFrame, note: str = "") -> Figure:
    """A panel a sector, a row a component and sum: measured from the world beside the print."""
    require(frame, EFFICIENCY, "collective_efficiency")
    sectors = in_order(frame, "sector", "sector_title")
    components = list(dict.fromkeys(frame["component"]))
    figure = page(
        8.0, 0.22 * len(components) + 0.8,
        "Collective efficiency, measured from the state of the world",
        "Components 0 absent to 3 high; external economies and joint action are sums (0-12), "
        "collective efficiency is their mean.",
        f"Simulated: mean over clusters and replicates in the last quarter; lines: {level()} of "
        f"them. Scored: GPR05 Table 2, sums only.\n{note}", legend("scored (GPR05 Table 2)"),
    )  # fmt: skip
    panels = figure.subplots(1, len(sectors), sharey=True, squeeze=False)[0]
    for axes, (sector, title) in zip(panels, sectors.items(), strict=True):
        part = frame[frame["sector"] == sector]
        rows(axes, [titled(name) for name in components])
        at = range(len(components))
        low = [row - DODGE for row in at]
        axes.hlines(low, part["low"], part["high"], color=SIMULATED["color"], linewidth=1.4)
        axes.plot(part["simulated"], low, linestyle="none", **SIMULATED)
        axes.plot(part["printed"], [row + DODGE for row in at], linestyle="none", **SCORED)
        axes.set_title("\n".join(fit(title, 1.4, TEXT, bold=True)))
        axes.set_xlim(-0.4, 12.4)
        axes.set_xticks(range(0, 13, 3))
        axes.set_xlabel("score")
    return figure
