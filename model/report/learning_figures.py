"""Figures of where mastery came from, and of collective efficiency as measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.language import ENGLISH, noted, say, say_name, spoken
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
CHANNEL_NAMES = (
    noted("Practice"), noted("Engineering"), noted("Machinery"), noted("Inputs"), noted("Laboratory"),
    noted("User"), noted("Consultant"), noted("Buyer"), noted("Peer"), noted("Labour"),
    noted("Institution"), noted("Recombination"),
)  # fmt: skip
"""Channels through which practices are mastered; a test holds them to the model's."""
COMPONENT_NAMES = (
    noted("Labour"), noted("Inputs"), noted("Information"), noted("Market access"), noted("Backward"),
    noted("Forward"), noted("Bilateral"), noted("Multilateral"), noted("External economies"),
    noted("Joint action"), noted("Collective efficiency"),
)  # fmt: skip
"""Components of collective efficiency and their sums; a test holds them to the tables."""
_OF_PRACTICES = noted(
    "Share of the practices mastered during the run, all dimensions, sum over {runs}. Without what "
    "founders and entrants bring, what is forgotten and what is overtaken."
)
_OF_COMPONENTS = noted(
    "Components 0 absent to 3 high; external economies and joint action are sums (0-12), collective "
    "efficiency is their mean."
)
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
    told = say(_OF_PRACTICES, runs=counted(learning["replicate"].nunique(), "run"))
    keys = [
        Patch(label=say_name(titled(str(channel))), **fill(order))
        for order, channel in enumerate(shares.columns)
    ]
    figure = page(
        8.0, 0.34 * len(shares) + 1.2,
        say("Where mastered practices came from"),
        "",
        f"{told}\n{note}", keys, across=6 if spoken() == ENGLISH else 5,
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
    axes.set_xlabel(say("percent of mastered practices"))
    return figure


def _many(practices: float) -> str:
    return f"n = {fixed(practices, 0)}"


@in_style()
def collective_efficiency(frame: pd.DataFrame, note: str = "") -> Figure:
    """A panel a sector, a row a component and sum: measured from the world beside the print."""
    require(frame, EFFICIENCY, "collective_efficiency")
    sectors = in_order(frame, "sector", "sector_title")
    components = list(dict.fromkeys(frame["component"]))
    told = say(
        "Simulated: mean over clusters and replicates in the last quarter; lines: {level} of them. Scored: "
        "GPR05 Table 2, sums only.",
        level=level(),
    )
    figure = page(
        8.0, 0.22 * len(components) + 0.8,
        say("Collective efficiency, measured from the state of the world"),
        say(_OF_COMPONENTS),
        f"{told}\n{note}", legend(say("scored (GPR05 Table 2)")),
    )  # fmt: skip
    panels = figure.subplots(1, len(sectors), sharey=True, squeeze=False)[0]
    for axes, (sector, title) in zip(panels, sectors.items(), strict=True):
        part = frame[frame["sector"] == sector]
        rows(axes, [say_name(titled(name)) for name in components])
        at = range(len(components))
        low = [row - DODGE for row in at]
        axes.hlines(low, part["low"], part["high"], color=SIMULATED["color"], linewidth=1.4)
        axes.plot(part["simulated"], low, linestyle="none", **SIMULATED)
        axes.plot(part["printed"], [row + DODGE for row in at], linestyle="none", **SCORED)
        axes.set_title("\n".join(fit(title, 1.4, TEXT, bold=True)))
        axes.set_xlim(-0.4, 12.4)
        axes.set_xticks(range(0, 13, 3))
        axes.set_xlabel(say("score"))
    return figure
