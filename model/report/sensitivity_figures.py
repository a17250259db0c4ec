"""Figures of what drives a result: screening, shares of variance, convergence, one at a time.

All frames have a row a factor and outcome with columns outcome, outcome_title, unit, factor and
factor_title, besides those of the analysis (``model.experiments.sensitivity``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say
from model.records.result_files import read_table
from model.report.frames import in_order, require
from model.report.made_titles import in_words, levels_said
from model.report.style import SMALL, colour, dash, few_ticks, in_style, mark, page, rows
from model.wording.colours import FAINT, PALETTE
from model.wording.numbers import counted, fixed, level, titled
from model.wording.units import measured_in

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 2  # panels side by side
_WIDTH = 8.0
_FIRST, _SECOND = PALETTE[1], PALETTE[2]
_GOLDEN, _BAND = 0.6180339887, 0.6
_DODGE = 0.17  # of a row, between two estimates in it
_OF_SCREENING = noted(
    "Elementary effects: change of the outcome when a factor moves by {step}% of its range, or to another of "
    "its levels; {effects} of each factor. Horizontal lines: {level} bootstrap intervals. Grey line: spread "
    "equal to size; above it the effect may change sign."
)
_OF_SHARES = noted(
    "{samples}; lines: {level} bootstrap intervals. Estimates scatter around the truth, below 0 too."
)
_OF_MOVES = noted(
    "Bars: mean change over {replicates} against the base, on the same random numbers, at the settings "
    "written beside them; lines: {level} intervals."
)
_CONVERGING = {
    "sobol": (noted("total index"), noted("base samples")),
    "morris": (noted("mean absolute effect"), noted("trajectories")),
}
_PLANE = 2  # factors that the figure of failures shows
OUTCOME = ("outcome", "outcome_title", "unit", "factor", "factor_title")


def _panels(
    figure: Figure, frame: pd.DataFrame, sharey: bool = False
) -> Iterator[tuple[Axes, pd.DataFrame]]:
    """A panel an outcome with its title, and the rows of that outcome."""
    outcomes = in_order(frame, "outcome", "outcome_title")
    lines = -(-len(outcomes) // _COLUMNS)
    across = min(_COLUMNS, len(outcomes))
    panels = figure.subplots(lines, across, squeeze=False, sharey=sharey)
    for axes, (outcome, title) in zip(panels.flat, outcomes.items(), strict=False):
        axes.set_title(titled(title))
        yield axes, frame[frame["outcome"] == outcome]
    for axes in panels.flat[len(outcomes) :]:
        axes.set_visible(False)


def _lines(frame: pd.DataFrame) -> int:
    return -(-frame["outcome"].nunique() // _COLUMNS)


@in_style()
def screening(morris: pd.DataFrame) -> Figure:
    """A panel an outcome, a mark a factor: mean absolute elementary effect against their spread."""
    require(
        morris, (*OUTCOME, "mu_star", "low", "high", "sigma", "step", "trajectories"), "screening"
    )
    factors = in_order(morris, "factor", "factor_title")
    figure = page(
        _WIDTH, 2.9 * _lines(morris),
        say("Which factors matter: Morris screening"),
        say("To the right: matters more. Higher up: its effect depends more on the other factors, or bends."),
        say(
            _OF_SCREENING, step=fixed(100 * morris["step"].iloc[0], 0),
            effects=counted(morris["trajectories"], "effect"), level=level(),
        ),
        _factor_keys(factors),
    )  # fmt: skip
    for axes, part in _panels(figure, morris):
        for order, factor in enumerate(factors):
            row = part.set_index("factor").loc[factor]
            look: dict[str, Any] = {"color": colour(order + 1)}
            axes.hlines(row["sigma"], max(0.0, row["low"]), row["high"], linewidth=1.2, **look)
            axes.plot([row["mu_star"]], [row["sigma"]], mark(order + 1), markersize=5.5, **look)
        end = 1.05 * max(part["high"].max(), part["sigma"].max())
        end = end if end > 0 else 1.0  # also where nothing is known
        axes.plot([0, end], [0, end], color=FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
        axes.set_xlim(-0.03 * end, end)
        axes.set_ylim(-0.05 * end, end)
        unit = measured_in(str(part["unit"].iloc[0]))
        axes.set_xlabel(say("mean absolute effect, {unit}", unit=unit))
        axes.set_ylabel(say("standard deviation of effects"), fontsize=SMALL)
        axes.grid()
        few_ticks(axes)
    return figure


@in_style()
def variance_shares(sobol: pd.DataFrame) -> Figure:
    """A panel an outcome, a row a factor: first-order and total index with their intervals."""
    require(sobol, (*OUTCOME, "order", "index", "low", "high", "n"), "variance_shares")
    factors = in_order(sobol, "factor", "factor_title")
    looks = {
        "first": (say("alone (first order)"), _FIRST, "s"),
        "total": (say("in all (total)"), _SECOND, "D"),
    }
    figure = page(
        _WIDTH, _lines(sobol) * (0.34 * len(factors) + 0.75),
        say("How much of the variance each factor accounts for: Sobol indices"),
        say("Alone: what it does by itself. In all: with every interaction in which it takes part."),
        say(_OF_SHARES, samples=counted(sobol["n"], "base sample"), level=level()),
        [_key(text, look, shape) for text, look, shape in looks.values()],
    )  # fmt: skip
    for axes, part in _panels(figure, sobol, sharey=True):
        rows(axes, [*factors.values()])
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
        for order, shift in (("first", -_DODGE), ("total", _DODGE)):
            mine = part[part["order"] == order].set_index("factor").loc[list(factors)]
            _, look, shape = looks[order]
            at = [row + shift for row in range(len(mine))]
            axes.barh(at, mine["index"], height=1.6 * _DODGE, color=look, alpha=0.25)
            axes.hlines(at, mine["low"], mine["high"], color=look, linewidth=1.4)
            axes.plot(mine["index"], at, shape, color=look, markersize=4)
        axes.set_xlabel(say("share of the variance of the outcome"))
        few_ticks(axes)
    return figure


@in_style()
def converging(path: pd.DataFrame, what: str, counted_in: str) -> Figure:
    """A panel an outcome, a line a factor: an index from growing parts of the design.

    ``path`` has columns n, value, low and high; ``what`` names the index, ``counted_in`` what n is.
    """
    require(path, (*OUTCOME, "n", "value", "low", "high"), "converging")
    factors = in_order(path, "factor", "factor_title")
    figure = page(
        _WIDTH, 2.3 * _lines(path),
        say("Convergence: {what}, from growing parts of the design", what=say(what)),
        say("Lines that are still moving, or bands that are still wide, ask for a larger design."),
        say("Bands: {level} bootstrap intervals.", level=level()), _factor_keys(factors),
    )  # fmt: skip
    for axes, part in _panels(figure, path):
        most = part["value"].abs().max()
        most = most if most > 0 else 1.0  # bands of the smallest parts reach far
        for order, factor in enumerate(factors):
            mine = part[part["factor"] == factor]
            look: dict[str, Any] = {"color": colour(order + 1)}
            axes.fill_between(mine["n"], mine["low"], mine["high"], alpha=0.15, linewidth=0, **look)
            axes.plot(
                mine["n"], mine["value"], marker=mark(order + 1), markersize=3.5, linewidth=1.2,
                linestyle=dash(order + 1), **look,
            )  # fmt: skip
        axes.set_xscale("log", base=2)
        sizes = sorted(part["n"].unique())
        axes.set_xticks(sizes, [str(size) for size in sizes])
        axes.minorticks_off()
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -most), min(high, 1.5 * most))
        axes.set_xlabel(say(counted_in))
        axes.set_ylabel(say(what), fontsize=SMALL)
        axes.grid(axis="y")
    return figure


@in_style()
def tornado(effects: pd.DataFrame) -> Figure:
    """A panel an outcome, a row a factor: what moving it alone does, the widest on top."""
    require(effects, (*OUTCOME, "setting", "effect", "low", "high", "replicates"), "tornado")
    figure = page(
        _WIDTH, _lines(effects) * (0.36 * effects["factor"].nunique() + 0.8),
        say("One at a time: what each factor does alone"),
        say("The rest stays as in the base."),
        say(_OF_MOVES, replicates=counted(effects["replicates"], "replicate"), level=level()),
    )  # fmt: skip
    for axes, part in _panels(figure, effects):
        swing = part.groupby("factor", sort=False)["effect"].agg(
            lambda moves: max(moves.max(), 0.0) - min(moves.min(), 0.0)
        )
        order = list(swing.sort_values(ascending=False, kind="stable").index)
        names = in_order(part, "factor", "factor_title")
        rows(axes, [names[factor] for factor in order])
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
        for row, factor in enumerate(order):
            _bars(axes, row, part[part["factor"] == factor])
        axes.margins(x=0.32)
        axes.set_xlabel(say("change, {unit}", unit=measured_in(str(part["unit"].iloc[0]))))
        few_ticks(axes)
    return figure


def _bars(axes: Axes, row: int, moves: pd.DataFrame) -> None:
    """The moves of one factor, each in its part of the row."""
    height = 0.8 / len(moves)
    for number, move in enumerate(moves.to_dict("records")):
        at = row - 0.4 + (number + 0.5) * height
        look = PALETTE[1 + number % (len(PALETTE) - 1)]
        axes.barh([at], [move["effect"]], height=0.9 * height, color=look, alpha=0.35)
        axes.hlines([at], move["low"], move["high"], color=look, linewidth=1.3)
        right = move["effect"] >= 0
        end = max(move["effect"], move["high"]) if right else min(move["effect"], move["low"])
        axes.annotate(
            str(move["setting"]), (end, at), (3 if right else -3, 0), textcoords="offset points",
            ha="left" if right else "right", va="center", size=SMALL, color=FAINT,
        )  # fmt: skip


@in_style()
def failures(points: pd.DataFrame, across: str, up: str, words: tuple[str, str]) -> Figure:
    """Where a design fails: points in the plane of two factors, failed or not.

    ``points`` has a column ``fails`` and those named ``across`` and ``up``, titled by ``words``.
    """
    require(points, ("fails", across, up), "failures")
    looks = {
        say("succeeds"): (False, PALETTE[1], "o"),
        say("fails"): (True, PALETTE[2], "X"),
    }
    figure = page(
        _WIDTH, 3.4, say("Where it fails"),
        say("The two factors by which the tree parts first; the others vary as well."),
        say("{points} of the design.", points=counted(len(points), "point")),
        [_key(text, look, shape) for text, (_, look, shape) in looks.items()],
    )  # fmt: skip
    axes = figure.subplots()
    places = {name: _places(points[name]) for name in (across, up)}
    for fails, look, shape in looks.values():
        mine = points["fails"].to_numpy() == fails
        axes.plot(
            places[across][0][mine], places[up][0][mine], shape, color=look, markersize=4.5,
            linestyle="none", markerfacecolor=look if fails else "none",
        )  # fmt: skip
    if names := places[across][1]:
        axes.set_xticks(range(len(names)), names)
    if names := places[up][1]:
        axes.set_yticks(range(len(names)), names)
    axes.set_xlabel(words[0])
    axes.set_ylabel(words[1], fontsize=SMALL)
    axes.grid()
    return figure


def _places(values: pd.Series) -> tuple[Any, list[str]]:
    """Where points stand on an axis: numbers as they are, choices side by side; names of choices."""
    import numpy as np
    from pandas.api.types import is_numeric_dtype

    if is_numeric_dtype(values):
        return values.to_numpy(float), []
    names = list(dict.fromkeys(values))
    aside = (np.arange(len(values)) * _GOLDEN) % 1 - 0.5  # spread evenly within a choice
    return np.array([names.index(value) for value in values]) + _BAND * aside, names


def _factor_keys(factors: dict[str, str]) -> list[Any]:
    return [_key(title, colour(i + 1), mark(i + 1)) for i, title in enumerate(factors.values())]


def _key(label: str, look: str, shape: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=look, marker=shape, markersize=4.5, linewidth=1.2, label=label)


def figures(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Callable[[], Figure]]:
    """How the figures of a study are made from the files of its folder, by name."""
    made: dict[str, Callable[[], Figure]] = {}

    def read(name: str) -> pd.DataFrame:
        return in_words(read_table(folder, name), manifest)

    makers = {"sobol": ("variance_shares", variance_shares), "morris": ("screening", screening),
              "tornado": ("tornado", tornado)}  # fmt: skip
    for file, (name, make) in makers.items():
        if (folder / f"{file}.csv").exists():
            made[name] = partial(make, read(file))
    if (folder / "convergence.csv").exists():
        for analysis, path in read("convergence").groupby("analysis"):
            made[f"convergence_{analysis}"] = partial(converging, path, *_CONVERGING[str(analysis)])
    failing = manifest["failing"]
    if failing is not None and len(failing["factors"]) >= _PLANE:
        across, up = failing["factors"][:_PLANE]
        asked = manifest["sensitivity"]["vary"]
        words = tuple(asked[name]["title"] or name.replace("_", " ") for name in (across, up))
        made["failures"] = partial(failures, _judged(folder, manifest), across, up, words)
    return made


def _judged(folder: Path, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Points of the discovery, means over replicates, with whether they fail."""
    import pandas as pd

    failing = manifest["failing"]
    found = levels_said(pd.read_parquet(folder / "points.parquet"), manifest)
    mine = found[found["analysis"] == "discovery"]
    points = mine.drop_duplicates("point").set_index("point")
    means = mine.groupby("point")[failing["outcome"]].mean()
    below = means < failing["threshold"]
    return points.assign(
        fails=below if failing["better"] == "higher" else means > failing["threshold"]
    )
