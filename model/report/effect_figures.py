"""Figures that compare the arms of an experiment: effects, paths over time, who gains."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.measures import BY_NAME
from model.measures.measure_names import headed
from model.report.frames import PAIR, in_order, last_quarter, over_replicates, require
from model.report.style import (
    SMALL,
    TEXT,
    colour,
    dash,
    few_ticks,
    in_style,
    inches,
    mark,
    page,
    rows,
    wrapped,
)
from model.wording.colours import FAINT
from model.wording.numbers import counted, fixed, level, quoted, titled, titles
from model.wording.units import measured_in

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
_WIDTH = 8.0  # inches of a figure
_BESIDE = 0.3  # inches beside a panel
_HEAD = 0.15  # inches of a line of a title
_TWO_LINES = 0.3  # inches of a label of two lines
_UPRIGHT = 1.7  # inches along which an upright label may run
_LONG = 45  # letters of a label that leave no room for panels side by side
_MANY = 7  # alternatives that colours can tell apart
_NORMAL = 1.96  # standard errors that a 95% interval reaches to either side
_BETTER = {
    "higher": noted("better \N{RIGHTWARDS ARROW}"),
    "lower": noted("\N{LEFTWARDS ARROW} better"),
}
THIRDS = {
    "low": noted("Low third"), "middle": noted("Middle third"), "high": noted("High third"),
}  # fmt: skip
_OVER_PAIRS = noted(
    "Mean over {times} of the difference between runs on the same random numbers; lines: {lines}. Vertical "
    "line: no effect."
)
_OF_FACTORS = noted(
    "Effect of a level: against the first of its factor, averaged over all levels of the others. With "
    "\N{MULTIPLICATION SIGN}: how much more the one does where the other is."
)
_OVER_TIME = noted("Lines: mean over {runs}; bands: its {level} interval (1.96 standard errors).")
_OVER_DRAWS = noted(
    "Lines: mean over {runs} at {draws}; bands: its {level} interval (1.96 standard errors over draws)."
)
_OF_THIRDS = noted(
    "Difference to {against}, mean over {times} on the same random numbers; lines: {level} intervals. "
    "Thirds of all founders by practices mastered at the start; scores, wages and chains of those still in "
    "business."
)


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
        effects,
        say("Effect of each alternative against {against}", against=quoted(baseline)),
        question,
        note,
        drawn,
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
    return _effects(
        labelled,
        say("What each factor does, and what two do together"),
        question,
        f"{say(_OF_FACTORS)}\n{note}",
    )


@in_style()
def _effects(
    effects: pd.DataFrame, title: str, question: str, note: str, drawn: bool = False
) -> Figure:
    lines_are = (
        say("central {level} of draws and runs", level=level())
        if drawn
        else say("{level} intervals of that mean", level=level())
    )
    band = " " + say("Grey: smaller than what matters.") if math.isfinite(_matters(effects)) else ""
    over = say(_OVER_PAIRS, times=counted(effects["replicates"], PAIR[drawn]), lines=lines_are)
    arms = in_order(effects, "arm", "arm_title")
    outcomes = in_order(effects, "outcome", "outcome_title")
    across = 1 if max(map(len, arms.values())) > _LONG else _COLUMNS
    lines = -(-len(outcomes) // across)
    room = (
        _WIDTH - _BESIDE - max(inches(title, TEXT) for title in arms.values())
    ) / across - _BESIDE
    heads = {name: wrapped(titled(label), room, bold=True) for name, label in outcomes.items()}
    more = max(head.count("\n") for head in heads.values()) * _HEAD
    figure = page(
        _WIDTH, lines * ((0.24 if len(arms) <= _MANY else 0.17) * len(arms) + 0.72 + more),
        title,
        question,
        f"{over}{band}\n{note}",
    )  # fmt: skip
    panels = figure.subplots(lines, across, sharey=True, squeeze=False)
    for axes, (outcome, head) in zip(panels.flat, heads.items(), strict=False):
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
        axes.set_title(head, pad=12)
        axes.margins(x=0.12)
        better = str(part["better"].iloc[0])
        axes.text(
            0 if better == "lower" else 1, 1.01, say(_BETTER[better]), transform=axes.transAxes,
            size=SMALL, color=FAINT, va="bottom", ha="left" if better == "lower" else "right",
        )  # fmt: skip
        unit = measured_in(str(part["unit"].iloc[0]))
        axes.set_xlabel(wrapped(say("difference, {unit}", unit=unit), room, SMALL))
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
    at_a_draw: int = 1,
) -> Figure:
    """A panel a measure, a line a scenario (or community): mean over replicates with its interval.

    ``series`` is ``Records.series`` or ``Records.country``; ``names``: titles of what ``by`` holds;
    ``at_a_draw``: how many replicates in a row run at the same draw of parameters, and so count once.
    """
    require(series, ("replicate", "tick", by, *measures), "paths")
    known = titles(names) if names else titles(list(dict.fromkeys(series[by])))
    draws = series["replicate"] // at_a_draw
    if at_a_draw == 1:
        told = say(_OVER_TIME, runs=_runs(series), level=level())
    else:
        number = counted(draws.nunique(), PAIR[True])
        told = say(_OVER_DRAWS, runs=_runs(series), draws=number, level=level())
    figure = page(
        _WIDTH, 2.5 * -(-len(measures) // _COLUMNS),
        say("Over time"),
        "",
        f"{told}\n{note}", _keys(list(known.values())),
        across=_across(known),
    )  # fmt: skip
    lines = -(-len(measures) // _COLUMNS)
    panels = figure.subplots(lines, _COLUMNS, squeeze=False)
    for axes, measure in zip(panels.flat, measures, strict=False):
        each = series.groupby([by, "tick", draws], observed=True)[measure].mean()
        summary = each.groupby([by, "tick"], observed=True).agg(["mean", "sem"])
        for order, (key, _) in enumerate(known.items()):
            part = summary.loc[key]
            years, band = (part.index + 1) / 4, _NORMAL * part["sem"]
            low, high = part["mean"] - band, part["mean"] + band
            axes.fill_between(years, low, high, color=colour(order), alpha=0.2, linewidth=0)
            look = {"color": colour(order), "linestyle": dash(order)}
            axes.plot(years, part["mean"], linewidth=1.3, **look)
        axes.set_title(headed(measure))
        axes.set_ylabel(
            wrapped(measured_in(BY_NAME[measure].unit), _UPRIGHT, SMALL), fontsize=SMALL
        )
        axes.set_xlabel(say("years"))
        axes.grid(axis="y")
        axes.margins(x=0)
    for axes in panels.flat[len(measures) :]:
        axes.set_visible(False)
    return figure


def _runs(series: pd.DataFrame) -> str:
    """How many runs stand behind each line: replicates, or of posterior draws each with its own."""
    return counted(series["replicate"].nunique(), "run")


@in_style()
def by_community(
    series: pd.DataFrame, measure: str, names: Mapping[str, str], note: str = ""
) -> Figure:
    """A row a community, a mark an arm: final value of a measure, mean and range of replicates."""
    require(series, ("scenario", "replicate", "tick", "community", measure), "by_community")
    last = last_quarter(series)
    places = list(dict.fromkeys(last["community"]))
    name = say_name(titled(measure)).lower()
    told = say("Marks: mean over {runs}; lines: {level} of runs.", runs=_runs(last), level=level())
    figure = page(
        _WIDTH, 0.17 * len(names) * len(places) + 0.8,
        say("Who gains: {measure} by community at the end", measure=name),
        "",
        f"{told}\n{note}", _keys(list(names.values()), marks=True),
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
    axes.set_xlabel(f"{name}, {measured_in(BY_NAME[measure].unit)}")
    return figure


@in_style()
def who_gains(gains: pd.DataFrame, note: str = "", drawn: bool = False) -> Figure:
    """A panel a fate, a row a third of founders, a mark an arm: paired effect with its interval.

    ``gains``: as ``model.experiments.gains.gains``; ``drawn``: whether each pair is a draw of parameters.
    """
    require(gains, GAINS, "who_gains")
    arms = in_order(gains, "arm", "arm_title")
    fates = in_order(gains, "what", "what_title")
    thirds = list(dict.fromkeys(gains["third"]))
    lines = -(-len(fates) // _COLUMNS)
    told = say(
        _OF_THIRDS,
        against=quoted(str(gains["against_title"].iloc[0])),
        times=counted(gains["replicates"], PAIR[drawn]),
        level=level(),
    )
    figure = page(
        _WIDTH, lines * (max(0.13 * len(arms), _TWO_LINES) * len(thirds) + 0.75),
        say("Who gains: founders by what they could do at the start"),
        "",
        f"{told}\n{note}",
        _keys(list(arms.values()), marks=True, first=1), across=_across(arms),
    )  # fmt: skip
    panels = figure.subplots(lines, _COLUMNS, sharey=True, squeeze=False)
    step = 0.8 / len(arms)
    room = _WIDTH / _COLUMNS - 1.2  # inches of a panel
    starts = {third: gains.loc[gains["third"] == third, "start"].iloc[0] for third in thirds}
    labels = [
        say(THIRDS[third]) + "\n" + say("{n} practices", n=fixed(starts[third], 1))
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
        axes.set_title(say_name(title))
        axes.set_xlabel(wrapped(measured_in(str(part["unit"].iloc[0])), room, SMALL))
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
