"""Figures of what drives a result: screening, shares of variance, convergence, one at a time.

All frames have a row a factor and outcome with columns outcome, outcome_title, unit, factor and
factor_title, besides those of the analysis (``model.experiments.sensitivity``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from model.report.frames import in_order, require
from model.report.style import SMALL, colour, dash, few_ticks, in_style, mark, page, rows
from model.wording.colours import FAINT, PALETTE
from model.wording.numbers import counted, fixed, level, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 2  # panels side by side
_WIDTH = 8.0
_FIRST, _SECOND = PALETTE[1], PALETTE[2]
_GOLDEN, _BAND = 0.6180339887, 0.6
_DODGE = 0.17  # of a row, between two estimates in it
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
        "Which factors matter: Morris screening",
        "To the right: matters more. Higher up: its effect depends more on the other factors, or bends.",
        f"Elementary effects: change of the outcome when a factor moves by "
        f"{fixed(100 * morris['step'].iloc[0], 0)}% of its range, or to another of its levels; "
        f"{counted(morris['trajectories'], 'effect')} of each factor. "
        f"Horizontal lines: {level()} bootstrap intervals. Grey line: spread equal to size; above it "
        "the effect may change sign.", _factor_keys(factors),
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
        axes.set_xlabel(f"mean absolute effect, {part['unit'].iloc[0]}")
        axes.set_ylabel("standard deviation of effects", fontsize=SMALL)
        axes.grid()
        few_ticks(axes)
    return figure


@in_style()
def variance_shares(sobol: pd.DataFrame) -> Figure:
    """A panel an outcome, a row a factor: first-order and total index with their intervals."""
    require(sobol, (*OUTCOME, "order", "index", "low", "high", "n"), "variance_shares")
    factors = in_order(sobol, "factor", "factor_title")
    looks = {
        "first": ("alone (first order)", _FIRST, "s"),
        "total": ("in all (total)", _SECOND, "D"),
    }
    figure = page(
        _WIDTH, _lines(sobol) * (0.34 * len(factors) + 0.75),
        "How much of the variance each factor accounts for: Sobol indices",
        "Alone: what it does by itself. In all: with every interaction in which it takes part.",
        f"{counted(sobol['n'], 'base sample')}; lines: {level()} bootstrap intervals. Estimates "
        "scatter around the truth, below 0 too.",
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
        axes.set_xlabel("share of the variance of the outcome")
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
        f"Convergence: {what}, from growing parts of the design",
        "Lines that are still moving, or bands that are still wide, ask for a larger design.",
        f"Bands: {level()} bootstrap intervals.", _factor_keys(factors),
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
        axes.set_xlabel(counted_in)
        axes.set_ylabel(what, fontsize=SMALL)
        axes.grid(axis="y")
    return figure


@in_style()
def tornado(effects: pd.DataFrame) -> Figure:
    """A panel an outcome, a row a factor: what moving it alone does, the widest on top."""
    require(effects, (*OUTCOME, "setting", "effect", "low", "high", "replicates"), "tornado")
    figure = page(
        _WIDTH, _lines(effects) * (0.36 * effects["factor"].nunique() + 0.8),
        "One at a time: what each factor does alone",
        "The rest stays as in the base.",
        f"Bars: mean change over {counted(effects['replicates'], 'replicate')} against the base, on the "
        f"same random numbers, at the settings written beside them; lines: {level()} "
        "intervals.",
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
        axes.set_xlabel(f"change, {part['unit'].iloc[0]}")
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
    looks = {"succeeds": (False, PALETTE[1], "o"), "fails": (True, PALETTE[2], "X")}
    figure = page(
        _WIDTH, 3.4, "Where it fails",
        "The two factors by which the tree parts first; the others vary as well.",
        f"{counted(len(points), 'point')} of the design.",
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
