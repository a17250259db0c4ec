"""Figures that compare the arms of an experiment: effects, paths over time, who gains."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.measures import BY_NAME
from model.report.frames import in_order, last_quarter, over_replicates, require
from model.report.style import SMALL, colour, dash, few_ticks, in_style, mark, page, rows
from model.wording.colours import FAINT
from model.wording.numbers import counted, level, quoted, titled, titles

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

EFFECTS = (
    "outcome", "outcome_title", "unit", "better", "arm", "arm_title", "against_title", "effect",
    "low", "high", "replicates",
)  # fmt: skip
GAINS = (
    "what", "what_title", "unit", "third", "start", "arm", "arm_title", "against_title", "effect",
    "low", "high", "replicates",
)  # fmt: skip
_COLUMNS = 2  # panels side by side
_LONG = 45  # letters of a label that leave no room for panels side by side
_MANY = 7  # alternatives that colours can tell apart
_NORMAL = 1.96  # standard errors that a 95% interval reaches to either side
_BAND = " Grey: smaller than what matters."
_BETTER = {"higher": "better \N{RIGHTWARDS ARROW}", "lower": "\N{LEFTWARDS ARROW} better"}


def policy_effects(
    effects: pd.DataFrame, note: str = "", question: str = "", drawn: bool = False
) -> Figure:
    """A panel an outcome, a row an arm: paired effect against the baseline with its interval.

    ``drawn``: whether intervals hold draws of parameters and runs, and not means. Raises ValueError for a
    frame without the columns of ``EFFECTS``.
    """
    require(effects, EFFECTS, "policy_effects")
    baseline = str(effects["against_title"].iloc[0])
    return _effects(
        effects, f"Effect of each alternative against {quoted(baseline)}", question, note, drawn
    )


def factor_effects(factors: pd.DataFrame, note: str = "", question: str = "") -> Figure:
    """A panel an outcome, a row a main effect or interaction, with its interval.

    ``factors``: as ``model.experiments.crossed.factor_effects``.
    """
    labelled = factors.assign(arm=factors["level"], arm_title=factors["level"].map(titled))
    both = factors["kind"] == "interaction"
    other = factors.loc[both, "with_level"]
    labelled.loc[both, "arm"] += " \N{MULTIPLICATION SIGN} " + other
    labelled.loc[both, "arm_title"] += " \N{MULTIPLICATION SIGN} " + other
    told = (
        "Effect of a level: against the first of its factor, averaged over all levels of the others. "
        "With \N{MULTIPLICATION SIGN}: how much more the one does where the other is.\n"
    )
    return _effects(
        labelled, "What each factor does, and what two do together", question, told + note
    )


@in_style()
def _effects(
    effects: pd.DataFrame, title: str, question: str, note: str, drawn: bool = False
) -> Figure:
    each = "posterior draw" if drawn else "replicate"
    lines_are = (
        f"central {level()} of draws and runs" if drawn else f"{level()} intervals of that mean"
    )
    arms = in_order(effects, "arm", "arm_title")
    outcomes = in_order(effects, "outcome", "outcome_title")
    across = 1 if max(map(len, arms.values())) > _LONG else _COLUMNS
    lines = -(-len(outcomes) // across)
    figure = page(
        8.0, lines * ((0.24 if len(arms) <= _MANY else 0.17) * len(arms) + 0.72),
        title,
        question,
        f"Mean over {counted(effects['replicates'], each)} of the difference between runs on "
        f"the same random numbers; lines: {lines_are}. Vertical line: "
        f"no effect.{_BAND if math.isfinite(_matters(effects)) else ''}\n{note}",
    )  # fmt: skip
    panels = figure.subplots(lines, across, sharey=True, squeeze=False)
    for axes, (outcome, label) in zip(panels.flat, outcomes.items(), strict=False):
        part = effects[effects["outcome"] == outcome].set_index("arm")
        rows(axes, list(arms.values()))
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
        if math.isfinite(matters := _matters(part)):
            axes.axvspan(-matters, matters, color=FAINT, alpha=0.15, linewidth=0)
        for row, arm in enumerate(arms):
            look = {"color": colour(row + 1 if len(arms) <= _MANY else 1)}
            shape = mark(row + 1 if len(arms) <= _MANY else 0)
            axes.hlines(row, part.loc[arm, "low"], part.loc[arm, "high"], linewidth=1.6, **look)
            axes.plot([part.loc[arm, "effect"]], [row], shape, markersize=4.5, **look)
        axes.set_title(titled(label), pad=12)
        axes.margins(x=0.12)
        better = str(part["better"].iloc[0])
        axes.text(
            0 if better == "lower" else 1, 1.01, _BETTER[better], transform=axes.transAxes,
            size=SMALL, color=FAINT, va="bottom", ha="left" if better == "lower" else "right",
        )  # fmt: skip
        axes.set_xlabel(f"difference, {part['unit'].iloc[0]}")
        few_ticks(axes)
    for axes in panels.flat[len(outcomes) :]:
        axes.set_visible(False)
    return figure


def _matters(effects: pd.DataFrame) -> float:
    """The smallest difference that matters, of some outcome; NaN where none is stated."""
    return float(effects["matters"].max()) if "matters" in effects else math.nan


@in_style()
def paths(
    series: pd.DataFrame,
    measures: Sequence[str],
    names: Mapping[str, str] | None = None,
    by: str = "scenario",
    note: str = "",
) -> Figure:
    """A panel a measure, a line a scenario (or community): mean over replicates with its interval.

    ``series`` is ``Records.series`` or ``Records.country``; ``names``: titles of what ``by`` holds.
    """
    require(series, ("replicate", "tick", by, *measures), "paths")
    known = titles(names) if names else titles(list(dict.fromkeys(series[by])))
    replicates = series["replicate"].nunique()
    figure = page(
        8.0, 2.5 * -(-len(measures) // _COLUMNS),
        "Over time",
        "",
        f"Lines: mean over {counted(replicates, 'replicate')}; bands: its {level()} interval (1.96 "
        f"standard errors).\n{note}", _keys(list(known.values())),
        across=_across(known),
    )  # fmt: skip
    lines = -(-len(measures) // _COLUMNS)
    panels = figure.subplots(lines, _COLUMNS, squeeze=False)
    for axes, measure in zip(panels.flat, measures, strict=False):
        summary = series.groupby([by, "tick"], observed=True)[measure].agg(["mean", "sem"])
        for order, (key, _) in enumerate(known.items()):
            part = summary.loc[key]
            years, band = (part.index + 1) / 4, _NORMAL * part["sem"]
            low, high = part["mean"] - band, part["mean"] + band
            axes.fill_between(years, low, high, color=colour(order), alpha=0.2, linewidth=0)
            look = {"color": colour(order), "linestyle": dash(order)}
            axes.plot(years, part["mean"], linewidth=1.3, **look)
        axes.set_title(titled(measure))
        axes.set_ylabel(BY_NAME[measure].unit, fontsize=SMALL)
        axes.set_xlabel("years")
        axes.grid(axis="y")
        axes.margins(x=0)
    for axes in panels.flat[len(measures) :]:
        axes.set_visible(False)
    return figure


@in_style()
def by_community(
    series: pd.DataFrame, measure: str, names: Mapping[str, str], note: str = ""
) -> Figure:
    """A row a community, a mark an arm: final value of a measure, mean and range of replicates."""
    require(series, ("scenario", "replicate", "tick", "community", measure), "by_community")
    last = last_quarter(series)
    places = list(dict.fromkeys(last["community"]))
    figure = page(
        8.0, 0.17 * len(names) * len(places) + 0.8,
        f"Who gains: {titled(measure).lower()} by community at the end",
        "",
        f"Marks: mean over {counted(last['replicate'].nunique(), 'replicate')}; lines: {level()} "
        f"of replicates.\n{note}", _keys(list(names.values()), marks=True),
        across=_across(names),
    )  # fmt: skip
    axes = figure.subplots()
    rows(axes, [titled(place) for place in places])
    summary = over_replicates(last, ["community", "scenario"], measure)
    step = 0.8 / len(names)
    for order, arm in enumerate(names):
        part = summary[summary["scenario"] == arm].set_index("community").loc[places]
        at = [row - 0.4 + (order + 0.5) * step for row in range(len(places))]
        axes.hlines(at, part["low"], part["high"], color=colour(order), linewidth=1.2)
        axes.plot(part["mean"], at, mark(order), color=colour(order), markersize=4)
    axes.set_xlabel(f"{titled(measure).lower()}, {BY_NAME[measure].unit}")
    return figure


@in_style()
def who_gains(gains: pd.DataFrame, note: str = "") -> Figure:
    """A panel a fate, a row a third of founders, a mark an arm: paired effect with its interval.

    ``gains``: as ``model.experiments.gains.gains``.
    """
    require(gains, GAINS, "who_gains")
    arms = in_order(gains, "arm", "arm_title")
    fates = in_order(gains, "what", "what_title")
    thirds = list(dict.fromkeys(gains["third"]))
    lines = -(-len(fates) // _COLUMNS)
    figure = page(
        8.0, lines * (0.13 * len(arms) * len(thirds) + 0.75),
        "Who gains: founders by what they could do at the start",
        "",
        f"Difference to {quoted(str(gains['against_title'].iloc[0]))}, mean over "
        f"{counted(gains['replicates'], 'replicate')} on the same random numbers; lines: {level()} "
        "intervals. Thirds of all founders by practices mastered at the start; scores, "
        f"wages and chains of those still in business.\n{note}",
        _keys(list(arms.values()), marks=True, first=1), across=_across(arms),
    )  # fmt: skip
    panels = figure.subplots(lines, _COLUMNS, sharey=True, squeeze=False)
    step = 0.8 / len(arms)
    labels = [
        f"{titled(third)} third\n{gains.loc[gains['third'] == third, 'start'].iloc[0]:.1f} practices"
        for third in thirds
    ]
    for axes, (fate, title) in zip(panels.flat, fates.items(), strict=False):
        rows(axes, labels, SMALL)
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
        part = gains[gains["what"] == fate]
        for order, arm in enumerate(arms):
            mine = part[part["arm"] == arm].set_index("third").loc[thirds]
            at = [row - 0.4 + (order + 0.5) * step for row in range(len(thirds))]
            axes.hlines(at, mine["low"], mine["high"], color=colour(order + 1), linewidth=1.2)
            axes.plot(mine["effect"], at, mark(order + 1), color=colour(order + 1), markersize=3.5)
        axes.set_title(title)
        axes.set_xlabel(str(part["unit"].iloc[0]))
        few_ticks(axes)
    for axes in panels.flat[len(fates) :]:
        axes.set_visible(False)
    return figure


def _across(names: Mapping[str, str]) -> int:
    """How many labels fit side by side in a legend."""
    longest = max(map(len, names.values()))
    return 1 if longest > _LONG else 2 if longest > _LONG // 1.5 else 3


def _keys(labels: list[str], marks: bool = False, first: int = 0) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [], [], color=colour(order), linestyle=dash(order), linewidth=1.4, label=label,
            marker=mark(order) if marks else "", markersize=4,
        )
        for order, label in enumerate(labels, first)
    ]  # fmt: skip
