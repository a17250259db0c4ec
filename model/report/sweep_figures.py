"""Figures of a sweep: a heat map of two factors, lines of one, points where the design is a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.experiments.points.point_tables import WHOLE
from model.language import noted, say
from model.report.style import (
    SMALL,
    colour,
    dash,
    few_ticks,
    fit,
    in_style,
    log_scale,
    mark,
    page,
    wrapped,
)
from model.wording.colours import FAINT
from model.wording.numbers import counted, decimals, fixed, level
from model.wording.units import measured_in

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from model.experiments.factors import Factor
    from model.experiments.outcomes import Outcome
    from model.experiments.sweep_file import SweepFile

_COLUMNS = 2  # panels side by side
_PANEL = 3.3  # inches of a panel
_LINES = 7  # levels of a second factor that lines can tell apart
_BINS = 8  # groups of points whose mean is shown where the design is a sample
_FACTORS = 6  # shown of a sample, the first in the file

_OF_LINES = noted(
    "Marks: {means}; lines: its {level} interval (t). All points share their random numbers, so that "
    "differences between points are known better than these intervals say."
)
_OF_RESPONSES = noted(
    "Dots: {points}, mean over {replicates} each. Marks: means of {groups} groups of points with like values "
    "of the factor, all other factors varying; lines: {level} interval (t) of these means."
)
_FIRST_FACTORS = noted("Shown: the first {n} factors.")


@in_style()
def heat_maps(spec: SweepFile, table: pd.DataFrame) -> Figure:
    """A panel an outcome: mean over replicates by the first two factors, and over all others."""
    (first, across), (second, up) = _named(spec)[:2]
    outcomes, lines = spec.outcomes, -(-len(spec.outcomes) // _COLUMNS)
    rows = len(up.grid())
    figure = page(
        8.0, lines * (0.26 * rows + 0.75),
        spec.title,
        spec.question,
        say(
            "Numbers: {means}. Across: {across}; up: {up}.",
            means=_means(table, spec, 2), across=_title(first, across), up=_title(second, up),
        ),
    )  # fmt: skip
    panels = figure.subplots(lines, _COLUMNS, squeeze=False)
    for axes, outcome in zip(panels.flat, outcomes, strict=False):
        _heat_map(axes, outcome, table.groupby([second, first], observed=True)[outcome.name].mean(),
                  across, up)  # fmt: skip
    for axes in panels.flat[len(outcomes) :]:
        axes.set_visible(False)
    return figure


def _heat_map(axes: Any, outcome: Outcome, means: Any, across: Factor, up: Factor) -> None:
    cells = means.unstack().reindex(index=up.grid(), columns=across.grid())
    numbers = cells.to_numpy(float)
    axes.imshow(numbers, cmap="cividis", aspect="auto", origin="lower")
    places = decimals((float(means.min()), float(means.max())), digits=3)
    middle = (means.min() + means.max()) / 2
    for (row, column), number in _cells(numbers):
        dark = number < middle
        axes.text(
            column, row, fixed(number, places), ha="center", va="center", size=SMALL,
            color="white" if dark else "black",
        )  # fmt: skip
    axes.set_xticks(range(len(cells.columns)), [across.title_of(v) for v in cells.columns])
    axes.set_yticks(range(len(cells.index)), [up.title_of(v) for v in cells.index], fontsize=SMALL)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(wrapped(f"{outcome.said}, {measured_in(outcome.unit)}", _PANEL, bold=True))


def _cells(numbers: Any) -> Any:
    import numpy as np

    return ((at, number) for at, number in np.ndenumerate(numbers) if np.isfinite(number))


@in_style()
def lines(spec: SweepFile, table: pd.DataFrame) -> Figure:
    """A panel an outcome: mean by the first factor, a line a level of the second (if they are few)."""
    (name, factor), *others = _named(spec)
    second = others[0] if others and len(others[0][1].grid()) <= _LINES else None
    outcomes, rows = spec.outcomes, -(-len(spec.outcomes) // _COLUMNS)
    figure = page(
        8.0, 2.4 * rows,
        spec.title,
        spec.question,
        say(_OF_LINES, means=_means(table, spec, 2 if second else 1), level=level()),
        _keys(*second) if second else [], across=_LINES + 1,
    )  # fmt: skip
    panels = figure.subplots(rows, _COLUMNS, squeeze=False)
    for axes, outcome in zip(panels.flat, outcomes, strict=False):
        values = second[1].grid() if second else [None]
        for order, value in enumerate(values):
            part = table if second is None else table[table[second[0]] == value]
            _line(axes, factor, part.groupby(name, observed=True)[outcome.name], order, len(values))
        axes.set_title(wrapped(outcome.said, _PANEL, bold=True))
        axes.set_ylabel(wrapped(measured_in(outcome.unit), 1.7, SMALL), fontsize=SMALL)
        axes.set_xlabel(_title(name, factor))
        axes.grid(axis="y")
    for axes in panels.flat[len(outcomes) :]:
        axes.set_visible(False)
    return figure


def _line(axes: Any, factor: Factor, groups: Any, order: int, lines: int) -> None:
    from model.experiments.summary import mean_and_interval

    known = [value for value in factor.grid() if value in groups.groups]
    said = [mean_and_interval(groups.get_group(value)) for value in known]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    at = [float(value) for value in known] if numbers else [float(i) for i in range(len(known))]
    aside = 0.008 * (order - (lines - 1) / 2)  # intervals at one place stand side by side
    if factor.scale == "log":
        shown = [x * (at[-1] / at[0]) ** aside for x in at]
    else:
        shown = [x + (at[-1] - at[0]) * aside for x in at]
    axes.errorbar(
        shown, [each["mean"] for each in said], [each["high"] - each["mean"] for each in said],
        color=colour(order), linestyle=dash(order), marker=mark(order), markersize=4, linewidth=1.2,
    )  # fmt: skip
    if not numbers:
        axes.set_xticks(at, [factor.title_of(value) for value in known])
    elif factor.scale == "log":
        log_scale(axes)


@in_style()
def responses(spec: SweepFile, table: pd.DataFrame) -> Figure:
    """A row an outcome, a column a factor: points of a sample, and means of groups of them."""
    factors = _named(spec)[:_FACTORS]
    outcomes = spec.outcomes
    figure = page(
        8.0, 1.55 * len(outcomes) + 0.2,
        spec.title,
        spec.question,
        say(
            _OF_RESPONSES, points=counted(table["point"].nunique(), "point"),
            replicates=_replicates(table), groups=_BINS, level=level(),
        )
        + (" " + say(_FIRST_FACTORS, n=_FACTORS) if len(spec.vary) > _FACTORS else ""),
    )  # fmt: skip
    panels = figure.subplots(len(outcomes), len(factors), sharey="row", squeeze=False)
    names = [outcome.name for outcome in outcomes]
    design = table.drop_duplicates("point").set_index("point")[[name for name, _ in factors]]
    means = table.groupby("point")[names].mean().join(design)
    for row, outcome in enumerate(outcomes):
        for column, (name, factor) in enumerate(factors):
            axes = panels[row][column]
            _response(axes, factor, means[name], means[outcome.name])
            if row == len(outcomes) - 1:
                room = 7.2 / len(factors) - 0.3  # inches of a panel
                axes.set_xlabel("\n".join(fit(_title(name, factor), room, SMALL)))
            if column == 0:
                name, unit = (
                    wrapped(each, 1.4, SMALL) for each in (outcome.said, measured_in(outcome.unit))
                )
                axes.set_ylabel(f"{name}\n{unit}", fontsize=SMALL)
            axes.grid(axis="y")
    return figure


def _response(axes: Any, factor: Factor, values: pd.Series, outcome: pd.Series) -> None:
    import pandas as pd

    from model.experiments.summary import mean_and_interval

    if factor.levels or factor.values:
        order = {value: place for place, value in enumerate(factor.grid())}
        at = values.map(order).astype(float)
        groups = at
        labels = ["\n".join(factor.title_of(value).split()) for value in order]
        axes.set_xticks(range(len(order)), labels, fontsize=SMALL)
        axes.margins(x=0.25)
    else:
        at = values.astype(float)
        groups = pd.qcut(at, min(_BINS, at.nunique()), labels=False, duplicates="drop")
        if factor.scale == "log":
            log_scale(axes)
        else:
            few_ticks(axes)
    axes.plot(at, outcome, ".", color=FAINT, markersize=2.5, alpha=0.5, rasterized=True)
    for _, part in outcome.groupby(groups):
        said, here = mean_and_interval(part), at[part.index].mean()
        axes.plot([here], [said["mean"]], "o", color=colour(1), markersize=4)
        axes.vlines([here], said["low"], said["high"], color=colour(1), linewidth=1.4)


def _named(spec: SweepFile) -> list[tuple[str, Factor]]:
    return list(spec.vary.items())


def _title(name: str, factor: Factor) -> str:
    return factor.title or name.replace("_", " ")


def _replicates(table: pd.DataFrame) -> str:
    return counted(table.groupby("point")["replicate"].nunique(), "replicate")


def _means(table: pd.DataFrame, spec: SweepFile, shown: int) -> str:
    """Over what the means are: replicates, and the factors that are not shown."""
    replicates, others = _replicates(table), [_title(*each) for each in _named(spec)[shown:]]
    if not others:
        return say("mean over {replicates}", replicates=replicates)
    return say(
        "mean over {replicates} and over {factors}",
        replicates=replicates,
        factors=", ".join(others),
    )


def _keys(name: str, factor: Factor) -> list[Any]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], linestyle="none", label=f"{_title(name, factor)}:")] + [
        Line2D(
            [], [], color=colour(order), linestyle=dash(order), marker=mark(order), markersize=4,
            label=factor.title_of(value),
        )
        for order, value in enumerate(factor.grid())
    ]  # fmt: skip


def figures(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Callable[[], Figure]]:
    """How the figures that suit a design are made from the files of a folder, by name."""
    import pandas as pd

    from model.experiments.sweep_file import SweepFile

    spec = SweepFile.model_validate(manifest["sweep"])
    table = pd.read_parquet(folder / "sweep.parquet")
    table = table[table["community"] == WHOLE]
    if table.empty:
        return {}
    if spec.design.kind != "grid":
        return {"responses": partial(responses, spec, table)}
    made = {"lines": partial(lines, spec, table)}
    if len(spec.vary) > 1 and _fits(list(spec.vary.values())[:2]):
        made["heat_maps"] = partial(heat_maps, spec, table)
    return {**made}


def _fits(factors: Sequence[Factor]) -> bool:
    return all(len(factor.grid()) <= 24 for factor in factors)
