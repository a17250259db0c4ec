"""The page on components of collective efficiency: Markdown, a figure, every number in it from findings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from calibration.posterior.credible_intervals import FORECAST_LEVEL
from calibration.posterior.latent_components import FEWEST, TOGETHER
from calibration.posterior.measurement_model import PREFIX
from calibration.prior.translation import components
from calibration.validation.component_findings import ComponentFindings
from model.report.style import SMALL, colour, in_style, mark, page, rows
from model.wording.colours import LINE
from model.wording.numbers import MISSING, decimals, fixed, interval, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SCORERS = ("noise_near", "noise_far", "colour")
NARROWED = 0.1
"""Share by which a standard deviation has to shrink to be called narrower here."""
_LITTLE = 0.001  # below it a share is not written out


def plain(component: str) -> str:
    """A starting condition in words."""
    return component.replace("_", " ")


def components_markdown(found: ComponentFindings, figures: str = "images") -> str:
    """The page; ``figures`` is the folder of the picture as seen from it."""
    parts = (
        _head(found),
        _short(found),
        _by_component(found, figures),
        _checks(found),
        _all(found),
    )
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _alone(found: ComponentFindings) -> pd.DataFrame:
    """Components one by one, of the clusters about which something can be said."""
    table = found.by_component
    return table[(table["component"] != TOGETHER) & ~table["case"].isin(found.refused)]


def _head(found: ComponentFindings) -> Iterator[str]:
    fate = "these clusters update" if found.updated else "stays as it is"
    yield "# What scores tell of the components of collective efficiency"
    yield ""
    yield "<!-- Written by `uv run run.py calibrate --components`. Do not edit: run it again. -->"
    yield (
        "Generated from results by `uv run run.py calibrate --components` "
        f"(effort: {found.effort}, seed {found.seed}). GPR05 prints one degree of collective efficiency a "
        "cluster and not its eight components, so each may lie anywhere within half a step of the degree. "
        "Here that place is inferred cluster by cluster from the upgrading scores, given the "
        f"{found.draws} draws of the posterior that ships, which {fate}. Bilateral joint action is "
        "two starting conditions, ties and trust; backward, forward and associated (multilateral) are the "
        "rest of joint action; labour mobility, local inputs, information and market access are external "
        "economies."
    )


def _short(found: ComponentFindings) -> Iterator[str]:
    table, clusters = _alone(found), found.by_cluster
    together = found.by_component[
        (found.by_component["component"] == TOGETHER)
        & ~found.by_component["case"].isin(found.refused)
    ]
    known = table[table["contraction"] >= NARROWED]
    best, furthest = (
        table.loc[each.idxmax()] for each in (table["contraction"], table["shift"].abs())
    )
    most = together.loc[together["contraction"].idxmax()]
    near, far, shared = (fixed(found.scoring[f"{PREFIX}{name}"], 2) for name in _SCORERS)
    yield "## In short"
    yield ""
    yield (
        f"- {len(known)} of {len(table)} components are known {percent(NARROWED)} better or more (standard "
        "deviation) once their cluster's scores are seen; the median gain is "
        f"{_share(table['contraction'].median())}."
    )
    yield (
        f"- Known best: {plain(best['component'])} of {best['title']}, {_share(best['contraction'])} better. "
        "Furthest from the middle of its degree: "
        f"{plain(furthest['component'])} of {furthest['title']}, by {fixed(furthest['shift'], 2)} standard "
        "deviations of what was known before."
    )
    yield (
        "- The mean of all components of a cluster is known better by "
        f"{_share(together['contraction'].median())} (median over clusters; most: {most['title']}, "
        f"{_share(most['contraction'])})."
    )
    yield (
        "- Why so: all that components do within a degree moves a mean firm's score by "
        f"{fixed(clusters['moved'].median(), 2)} points (standard deviation, median over clusters). One "
        f"history differs from the next by {fixed(clusters['chance'].median(), 2)}; scorers add noise of "
        f"{near} to process and product and {far} to the others, and {shared} that process and product share."
    )
    if found.refused:
        yield (
            f"- Nothing is said of {', '.join(found.refused)}: fewer than {FEWEST} equal draws bear "
            "their scores."
        )


def _by_component(found: ComponentFindings, figures: str) -> Iterator[str]:
    yield "## By component"
    yield ""
    yield (
        "A step: points by which the mean firm's score rises from halfway below a degree to halfway above "
        "it, mean over clusters with 95%. Narrower: share by which the standard deviation of a place "
        "shrinks. Planted: runs of the model at draws of the posterior were scored by the measurement model "
        "and their components inferred from the scores; held is the share of truths in the central "
        f"{percent(FORECAST_LEVEL)}, followed the correlation of posterior means with truths."
    )
    yield ""
    yield (
        "| component | a step: process | product | narrower, median | most | cluster | planted, held | "
        "followed |"
    )
    yield "| --- | --: | --: | --: | --: | --- | --: | --: |"
    said = found.by_component[~found.by_component["case"].isin(found.refused)]
    planted = found.planted.set_index("component")
    for name in (*components(), TOGETHER):
        part = said[said["component"] == name]
        best = part.loc[part["contraction"].idxmax()]
        moves = partial(_moves, found.effects, name)
        cells = (
            plain(name), moves("process"), moves("product"), _share(part["contraction"].median()),
            _share(best["contraction"]), best["title"], fixed(planted.loc[name, "coverage90"], 2),
            fixed(planted.loc[name, "correlation"], 2),
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"![Components of each cluster]({figures}/components.png)"


def _checks(found: ComponentFindings) -> Iterator[str]:
    clusters, planted = found.by_cluster, found.planted
    least = clusters.loc[clusters["effective"].idxmin()]
    low, high = planted.iloc[0][["coverage_low", "coverage_high"]]
    outside = (~planted["coverage90"].between(low, high)).sum()
    apart = float(np.sqrt((clusters["runs_apart"] ** 2).mean()))
    yield "## How far to trust that"
    yield ""
    yield (
        f"- Weights: {int(least['pairs']):,} pairs of a draw and places, worth {least['effective']:,.0f} "
        f"equal ones for the cluster that has fewest ({least['title']}). Below {FEWEST} nothing is said of a "
        "cluster."
    )
    yield (
        f"- Planted truths: {int(planted.iloc[0]['tables'])} tables of scores; 90% intervals hold "
        f"{percent(float(planted['coverage90'].mean()))} of the truths. Of {len(planted)} rows above "
        f"{outside} lie outside {fixed(low, 2)} to {fixed(high, 2)}, the range of chance if intervals are "
        "right."
    )
    yield (
        f"- What components do is read off {found.fitted} runs a cluster, all clusters together. Without it, "
        "the same runs weighed by their own scores (worth "
        f"{fixed(clusters['runs_effective'].median(), 0)} equal ones, median over clusters) give mean places "
        f"that lie {fixed(apart, 2)} standard errors from these (root mean square; 1 if only chance parts "
        "them)."
    )


def _all(found: ComponentFindings) -> Iterator[str]:
    yield "## Cluster by cluster"
    yield ""
    yield (
        "Each starting condition after the cluster's scores: mean with central "
        f"{percent(FORECAST_LEVEL)}. First what was known before of clusters of a degree (median over them). "
        "`calibration/posterior/components.csv` has both for every cluster; `uv run run.py cases NAME` shows "
        "them."
    )
    yield ""
    names = components()
    yield f"| cluster | degree | {' | '.join(map(plain, names))} |"
    yield "| --- | --- " + "| --: " * len(names) + "|"
    table = _alone(found)
    places = {
        name: decimals(*zip(part["low"], part["high"], strict=True))
        for name, part in table.groupby("component")
    }
    for degree, part in table.groupby("degree", sort=False):
        middle = part.groupby("component")[["prior_mean", "prior_low", "prior_high"]].median()
        cells = [_cell(middle.loc[name], places[name]) for name in names]
        yield f"| *before its scores* | {degree} | {' | '.join(cells)} |"
    for _, part in table.groupby("case", sort=False):
        indexed = part.set_index("component")
        cells = [_cell(indexed.loc[name, ["mean", "low", "high"]], places[name]) for name in names]
        first = part.iloc[0]
        yield f"| {first['title']} | {first['degree']} | {' | '.join(cells)} |"


def _moves(effects: pd.DataFrame, component: str, dimension: str) -> str:
    row = effects[(effects["component"] == component) & (effects["dimension"] == dimension)]
    if row.empty:
        return MISSING
    return _cell(row.iloc[0][["points", "low", "high"]], 2)


def _cell(row: pd.Series, places: int) -> str:
    value, low, high = (float(part) for part in row)
    return interval(value, low, high, places)


def _share(value: float) -> str:
    """A share in percent with one decimal: most of them are small."""
    return f"{fixed(100 * value, 1)}%" if value >= _LITTLE else f"below {100 * _LITTLE:.1f}%"


@in_style()
def components_figure(found: ComponentFindings) -> Figure:
    """A row a cluster, a panel a component: where in the step of its degree it lies."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    names = (*components(), TOGETHER)
    table = found.by_component[~found.by_component["case"].isin(found.refused)]
    labels = list(dict.fromkeys(table["title"]))
    ink: dict[str, Any] = {"color": colour(1), "linewidth": 1.2}
    keys = [
        Patch(color=LINE, label="before: all places of the degree alike"),
        Line2D([], [], marker=mark(1), markersize=3.4, label="after: mean and central 90%", **ink),
    ]
    figure = page(
        9.0, 0.17 * len(labels) + 0.6,
        "Components of collective efficiency, cluster by cluster",
        "Where in the step of its degree each lies, given the scores; ½: halfway to the next degree",
        "Band: central 90% before the cluster's scores. Together: the mean of the places, which is known "
        "better than each of them before any score.", keys,
    )  # fmt: skip
    panels = figure.subplots(1, len(names), sharex=True, sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        part = table[table["component"] == name].set_index("title").loc[labels]
        rows(axes, labels, SMALL)
        half = part["prior_high"].median() if name == TOGETHER else FORECAST_LEVEL / 2
        axes.axvspan(-half, half, color=LINE)
        at = np.arange(len(labels))
        axes.hlines(at, part["place_low"], part["place_high"], **ink)
        axes.plot(part["place"], at, mark(1), color=colour(1), markersize=3.0)
        axes.set_title(plain(name).replace(" ", "\n"), fontsize=SMALL, fontweight="normal")
        axes.set_xlim(-0.55, 0.55)
        axes.set_xticks([-0.5, 0, 0.5], ["−½", "0", "½"])
    return figure
