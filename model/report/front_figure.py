"""The front of a search: designs by two aims at a time, with intervals."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from model.experiments.intervals import interval_of_mean
from model.language import say
from model.report.style import SMALL, colour, in_style, inches, page
from model.wording.colours import FAINT
from model.wording.colours import LINE as GRID
from model.wording.numbers import counted, level
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from model.experiments.search.fresh_look import FreshLook
    from model.experiments.search.search_file import Aim

_PANELS = 3  # pairs of aims, the first in the file
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACROSS = 2  # panels side by side
_POINTS = 72.0  # in an inch
_MARK = 3.0  # points from the middle of a mark to its edge
_FAR = (4.0, 12.0, 20.0, 30.0)  # points from a mark to its name, where near it there is no room
_SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
_LOOKS: dict[str, dict[str, Any]] = {
    "found": {"color": colour(1), "marker": "o"},
    "known": {"color": colour(2), "marker": "s"},
    "none": {"color": colour(0), "marker": "X"},
}


@in_style()
def front_of_designs(look: FreshLook, designs: pd.DataFrame) -> Figure:
    """A panel a pair of aims: every design shown, filled where it is on the front; chance in grey."""
    from matplotlib.lines import Line2D

    spec = look.search.spec
    pairs = list(combinations(range(len(spec.aims)), 2))[:_PANELS] or [(0, 0)]
    lines, across = -(-len(pairs) // _ACROSS), min(len(pairs), _ACROSS)
    keys = [
        Line2D([], [], linestyle="none", label=say("found by the search"), **_LOOKS["found"]),
        Line2D([], [], linestyle="none", label=say("known design"), **_LOOKS["known"]),
        Line2D([], [], linestyle="none", label=say("the world as it is"), **_LOOKS["none"]),
        Line2D([], [], linestyle="none", label=say("found by chance"), color=FAINT, marker="."),
    ]
    titles = designs[designs["kind"] == "known"].sort_values("design")["title"]
    known = ", ".join(f"{_LETTERS[place % 26]}: {title}" for place, title in enumerate(titles))
    note = say(
        "Means of {cases} beside the world as it is, with {level} intervals; better is right and up. Filled: "
        "on the front of all aims together.",
        cases=counted(spec.effort.fresh, "fresh case"),
        level=level(),
    )
    figure = page(
        8.4 if across > 1 else 5.6, 3.3 * lines,
        spec.title,
        spec.question,
        note + (f"\n{known}." if known else ""),
        keys, 2 * across,
    )  # fmt: skip
    panels = figure.subplots(lines, across, squeeze=False)
    marks = [
        _panel(axes, look, designs, pair) for axes, pair in zip(panels.flat, pairs, strict=False)
    ]
    for axes in panels.flat[len(pairs) :]:
        axes.set_visible(False)
    figure.draw_without_rendering()  # only then is it known where on the page a mark is
    for axes, named in zip(panels.flat, marks, strict=False):
        _name(axes, named)
    return figure


def _panel(
    axes: Axes, look: FreshLook, designs: pd.DataFrame, pair: tuple[int, int]
) -> list[tuple[float, float, str]]:
    """Draw a panel; returns its marks and what to call them, "" for the world as it is."""
    marks = []
    aims = [look.search.spec.aims[place] for place in pair]
    for effects in look.chance_effects:
        at = [_interval(effects[:, p], aim)[0] for p, aim in zip(pair, aims, strict=True)]
        axes.plot(*at, color=FAINT, marker=".", linestyle="none", alpha=0.7, zorder=1)
    for row in designs.to_dict("records"):
        effects = look.effects[row["design"]]
        said = [_interval(effects[:, p], aim) for p, aim in zip(pair, aims, strict=True)]
        (x, *_), (y, *_) = said
        (left, right), (down, up) = (
            (np.nan_to_num(mean - low), np.nan_to_num(high - mean)) for mean, low, high in said
        )
        style = _LOOKS[row["kind"]]
        axes.errorbar(
            x, y, yerr=[[down], [up]], xerr=[[left], [right]], linewidth=0.8, markersize=5,
            markerfacecolor=style["color"] if row["front"] else "white", linestyle="none", zorder=2,
            **style,
        )  # fmt: skip
        marks.append((x, y, "" if row["kind"] == "none" else _short(row["design"], designs)))
    axes.axhline(0, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=GRID, linewidth=0.8, zorder=0)
    axes.set_xlabel(_label(aims[0]))
    axes.set_ylabel(_label(aims[1]))
    if aims[0].better == "lower":
        axes.invert_xaxis()
    if aims[1].better == "lower":
        axes.invert_yaxis()
    return marks


def _name(axes: Axes, marks: list[tuple[float, float, str]]) -> None:
    """Names beside the marks, each in the nearest place where it covers no mark and no other name."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.0, foreground="white")]  # intervals pass below a name
    points = axes.transData.transform([(x, y) for x, y, _ in marks]) * _POINTS / axes.figure.dpi
    taken = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in points.tolist()]
    for (x, y), (across, up, text) in zip(points.tolist(), marks, strict=True):
        if not text:
            continue
        wide, high = inches(text, SMALL) * _POINTS, 1.2 * SMALL
        places = [
            (right * (far + wide / 2), above * (far + high / 2))
            for far in _FAR
            for right, above in _SIDES
        ]
        boxes = [
            (x + dx - wide / 2, y + dy - high / 2, x + dx + wide / 2, y + dy + high / 2)
            for dx, dy in places
        ]
        covered = [sum(_overlap(box, other) for other in taken) for box in boxes]
        best = int(np.argmin(covered))
        taken.append(boxes[best])
        line = {"arrowstyle": "-", "color": FAINT, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2}
        axes.annotate(
            text, (across, up), xytext=places[best], size=SMALL, zorder=3, textcoords="offset points",
            ha="center", va="center", arrowprops=line if best >= len(_SIDES) else None, in_layout=False,
            path_effects=halo,
        )  # fmt: skip


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Area that two boxes (left, bottom, right, top) share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, up)


def _label(aim: Aim) -> str:
    return f"{aim.said}\n{Unit.read(aim.unit).of_differences}"


def _interval(effects: np.ndarray, aim: Aim) -> tuple[float, float, float]:
    """Mean and ends in the written unit of a measure, of effects in what matters."""
    sign = aim.matters * (1 if aim.better == "higher" else -1) * Unit.read(aim.unit).factor
    mean, low, high = interval_of_mean(sign * effects)
    return mean, low, high


def _short(name: str, designs: pd.DataFrame) -> str:
    """What a design is called beside its mark: its number, or a letter where it is a known one."""
    known = sorted(designs.loc[designs["kind"] == "known", "design"].astype(str))
    return _LETTERS[known.index(name) % 26] if name in known else name
