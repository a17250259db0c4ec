"""The figure of ``explain --reach``: the gap year by year, and which help suffices at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.engine.tick import QUARTERS
from model.language import say
from model.report.reach.aided_runs import AidedRun
from model.report.reach.cheapest_help import CheapestHelp
from model.report.reach.helps import OUTRIGHT, Names
from model.report.reach.reach_tables import headline
from model.report.style import SMALL, colour, fit, in_style, log_scale, page, rows
from model.wording.colours import INK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _GAP, _ROW = 8.0, 1.8, 0.3  # inches: the page, the panel of the gap, a row of help
_LABELS = 3.4  # inches, for what help is called
_LEAST = 0.01  # units of account; what cost less is drawn here


@in_style()
def reach_figure(
    answer: CheapestHelp,
    said: Names,
    gap: pd.DataFrame,
    helped: tuple[AidedRun, pd.DataFrame] | None,
) -> Figure:
    """``helped``: the outcome shown beside the life without help, and its gap."""
    from matplotlib.lines import Line2D

    question = answer.question
    names = sorted(
        {outcome.help.offer for outcome in answer.tried},
        key=lambda name: (name != OUTRIGHT, name),
    )
    labels = ["\n".join(fit(said[name].title, _LABELS, SMALL)) for name in names]
    heights = [_GAP] + ([len(names) * _ROW + 0.4] if names else [])
    keys = [Line2D([], [], color=colour(0), linewidth=1.4, label=say("without help"))]
    if helped is not None:
        name = say("with {what}", what=said[helped[0].help.offer].title)
        keys.append(Line2D([], [], color=colour(1), linewidth=1.4, label=name))
    what = say("practices lacking") if question.alone else say("firms over the standard")
    figure = page(
        _WIDTH, sum(heights),
        headline(question),
        say(
            "{world}; replicate {replicate}",
            world=question.scenario.title,
            replicate=answer.without.replicate,
        ),
        say(
            "Above: at each turn of a year. Below: each mark is a dose of help from quarter {quarter}; "
            "filled where it suffices, ringed the cheapest. Practices taught outright are a yardstick: no "
            "such lesson fails.",
            quarter=question.start,
        ),
        keys, 1,
    )  # fmt: skip
    panels = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    column = "lacking" if question.alone else "over"
    upper = panels[0, 0]
    for order, table in enumerate([gap] + ([helped[1]] if helped is not None else [])):
        upper.plot(table["tick"] / QUARTERS, table[column], color=colour(order), linewidth=1.4)
    if not question.alone:
        upper.axhline(question.wanted, color=INK, linewidth=0.8, linestyle=":")
    upper.axvline(question.start / QUARTERS, color=INK, linewidth=0.8, linestyle=":")
    upper.set_ylabel(what)
    upper.set_xlabel(say("years"))
    upper.set_ylim(bottom=0)
    upper.locator_params(axis="both", integer=True)
    upper.grid(axis="y")
    if names:
        _doses(panels[1, 0], answer, names, labels)
    return figure


def _doses(axes: Axes, answer: CheapestHelp, names: list[str], labels: list[str]) -> None:
    rows(axes, labels, SMALL)
    log_scale(axes)
    axes.set_xlabel(say("cost, units of account"))
    for outcome in answer.tried:
        enough = answer.suffices(outcome)
        order = 2 if outcome.help.offer == OUTRIGHT else 1
        axes.plot(
            max(outcome.cost, _LEAST), names.index(outcome.help.offer), "o", markersize=4,
            color=colour(order), markerfacecolor=colour(order) if enough else "white",
            zorder=3 if enough else 2,
        )  # fmt: skip
    if answer.found is not None:
        axes.plot(
            max(answer.found.cost, _LEAST), names.index(answer.found.help.offer), "o", markersize=9,
            color=INK, markerfacecolor="none", zorder=4,
        )  # fmt: skip
