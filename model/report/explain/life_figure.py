"""The figure of a life, or of two lives one above the other: scores, outlets, memberships, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.engine.tick import QUARTERS
from model.language import say, say_name
from model.report.explain.life import Life
from model.report.explain.life_tables import agent_of, firm_said
from model.report.explain.twins import Pair
from model.report.style import colour, dash, fill, in_style, mark, page, rows
from model.theory.practices import DIMENSIONS, RUNGS
from model.wording.colours import FAINT, INK, PALETTE
from model.wording.numbers import counted
from model.wording.sentences import listed
from model.world.network import node

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SCORES, _ROW = 1.7, 0.19  # inches: a panel of scores, a row of outlets or memberships


@in_style()
def life_figure(first: Life, second: Life | None = None, pair: Pair | None = None) -> Figure:
    """A timeline of one life; with a second, both on one axis and the quarter where they part."""
    lives = [life for life in (first, second) if life is not None]
    lanes = [_lanes(life) for life in lives]
    heights = [h for part in lanes for h in (_SCORES, max(1, len(part)) * _ROW + 0.25)]
    trace = first.trace
    about = "; ".join(
        say("{label}: closed in quarter {quarter}", label=life.trace.label, quarter=life.closed)
        for life in lives
        if life.closed is not None
    )
    note = say(
        "Lines: practices mastered in each dimension over 16. Bars: supplies the lead firm, belongs to "
        "the institution. Crosses: refused by it, having met it or set out to join. Dotted: what "
        "changes in the world."
    )
    note = f"{note} {about}"
    parting = None if pair is None else pair.parting
    if parting is not None:
        thick = say(
            "Thick line: quarter {quarter}, in which the two lives part.", quarter=parting.tick
        )
        note += f"\n{thick}"
    figure = page(
        8.0, sum(heights) + 0.5 * len(lives),
        f"{firm_said(first)}, {listed([life.trace.label for life in lives])}",
        say(
            "{world}; replicate {replicate}, {quarters}",
            world=trace.scenario.title,
            replicate=trace.replicate,
            quarters=counted(trace.ticks, "quarter"),
        ),
        note, _keys(), across=len(DIMENSIONS),
    )  # fmt: skip
    panels = figure.subplots(
        len(heights), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
    )
    for number, (life, part) in enumerate(zip(lives, lanes, strict=True)):
        scores, held = panels[2 * number, 0], panels[2 * number + 1, 0]
        _scores(scores, life)
        _bars(held, life, part)
        for axes in (scores, held):
            for event in life.events:
                if event.kind == "world":
                    axes.axvline(event.tick / QUARTERS, color=FAINT, linewidth=0.8, linestyle=":")
            if parting is not None:
                at = max(0, parting.tick) / QUARTERS
                axes.axvline(at, color=INK, linewidth=1.6)
    panels[-1, 0].set_xlabel(say("years"))
    panels[-1, 0].locator_params(axis="x", integer=True)
    panels[-1, 0].set_xlim(0, trace.ticks / QUARTERS)
    return figure


def _keys() -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [], [], color=colour(d + 1), linestyle=dash(d + 1), linewidth=1.4, label=say_name(name)
        )
        for d, name in enumerate(DIMENSIONS)
    ]


def _lanes(life: Life) -> list[tuple[str, pd.Series]]:
    """(node, by tick whether it is held) of every lead firm and institution that it dealt with."""
    refused = {event.who for event in life.events if event.kind == "refused"}
    found = []
    for kind, table in (("lead_firm", life.contracts), ("institution", life.memberships)):
        for name in table.columns:
            if table[name].any() or node(kind, name) in refused:
                found.append((node(kind, name), table[name]))
    return found


def _scores(axes: Axes, life: Life) -> None:
    years = (life.path["tick"] + 1) / QUARTERS
    for d, name in enumerate(DIMENSIONS):
        look = {"color": colour(d + 1), "linestyle": dash(d + 1)}
        axes.step(years, life.path[name], where="post", linewidth=1.3, **look)
    axes.set_ylim(0, RUNGS)
    axes.set_yticks(range(RUNGS + 1))
    axes.set_ylabel(say("score 0-3"))
    axes.set_title(life.trace.label)
    axes.grid(axis="y")


def _bars(axes: Axes, life: Life, lanes: list[tuple[str, pd.Series]]) -> None:
    rows(
        axes,
        [agent_of(life.trace, name) for name, _ in lanes] or [say("no outlet, no institution")],
    )
    for row, (name, held) in enumerate(lanes):
        chain = name.startswith("lead_firm")
        for begin, end in _spells(held):
            axes.barh(
                row, (end - begin) / QUARTERS, left=begin / QUARTERS, height=0.6, linewidth=0,
                **fill(0 if chain else 5),
            )  # fmt: skip
        at = [e.tick / QUARTERS for e in life.events if e.kind == "refused" and e.who == name]
        axes.plot(at, [row] * len(at), mark(6), color=PALETTE[2], markersize=4.5, linestyle="")


def _spells(held: pd.Series) -> list[tuple[int, int]]:
    """(first quarter, quarter after the last) of each spell in which something was held."""
    held = held[held.index >= 0]  # what stood before the first quarter is the start
    on = np.concatenate(([0], held.to_numpy().astype(int), [0]))
    begins, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
    ticks = held.index.to_numpy()
    return [(int(ticks[b]), int(ticks[e - 1]) + 1) for b, e in zip(begins, ends, strict=True)]
