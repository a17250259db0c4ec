"""Tables for the terminal (rich). Every number with its interval, sample size and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from model.measures import BY_NAME
from model.report.format import MISSING, between, counted, decimals, fixed, quoted, titled
from model.report.frames import in_order, last_quarter, level, mean_error, over_replicates

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    "process", "product", "functional", "intersectoral", "product_breadth_2", "in_chain",
    "exporters", "collective_efficiency", "value_added", "wage", "productivity_gap", "gini",
    "public_cost",
)  # fmt: skip

_ALARM = 0.05  # chance of even one false alarm in a table of effects


def _table(title: str, caption: str) -> Table:
    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left",
                 caption_justify="left", title_style="bold", pad_edge=False)  # fmt: skip


def sector_table(frame: pd.DataFrame, note: str = "") -> Table:
    """Simulated beside scored upgrading, mean by sector and dimension, with the mean error."""
    dimensions = list(dict.fromkeys(frame["dimension"]))
    replicates = counted(frame["replicates"], "replicate")
    table = _table(
        "Simulated beside scored upgrading (0-3), by sector",
        f"simulated / scored: means over the scored clusters, {replicates} each; MAE: mean absolute "
        f"error over single scores. {note}",
    )
    table.add_column("sector", no_wrap=True)
    table.add_column("clusters", justify="right")
    for dimension in dimensions:
        table.add_column(f"{dimension}\nsim / scored", justify="right")
    table.add_column("MAE (n)", justify="right")
    for sector, part in frame.groupby("sector_title", sort=False):
        cells = [_pair(part[part["dimension"] == d]) for d in dimensions]
        table.add_row(str(sector), str(part["case"].nunique()), *cells, _error(part))
    errors = [_error(frame[frame["dimension"] == d]) for d in dimensions]
    table.add_section()
    table.add_row("MAE (n)", str(frame["case"].nunique()), *errors, _error(frame))
    return table


def _pair(part: pd.DataFrame) -> str:
    scored = part[part["scored"].notna()]
    if scored.empty:
        return f"{fixed(part['simulated'].mean(), 2)} / {MISSING}"
    return f"{fixed(scored['simulated'].mean(), 2)} / {fixed(scored['scored'].mean(), 2)}"


def _error(part: pd.DataFrame) -> str:
    error, n = mean_error(part["simulated"], part["scored"])
    return f"{fixed(error, 2)} ({n})" if n else MISSING


def effects_table(effects: pd.DataFrame, question: str = "") -> Table:
    """Paired effects: a row an outcome, a column an arm; bold where the interval excludes 0."""
    arms = in_order(effects, "arm", "arm_title")
    against = str(effects["against_title"].iloc[0])
    table = _table(
        question or "Paired effects",
        f"difference to {quoted(against)}, mean of {counted(effects['replicates'], 'replicate')} "
        f"on the same random numbers, {level()} interval below; bold: not 0, also after Holm's "
        f"adjustment for {counted(len(effects), 'comparison')}",
    )
    table.add_column("outcome (unit)")
    for title in arms.values():
        table.add_column(title, justify="right")
    for outcome, title in in_order(effects, "outcome", "outcome_title").items():
        part = effects[effects["outcome"] == outcome].set_index("arm")
        places = decimals(*zip(part["low"], part["high"], strict=True))
        cells = [_effect(part.loc[arm], places) for arm in arms]
        table.add_row(f"{title}\n[dim]{part['unit'].iloc[0]}[/dim]", *cells)
    return table


def _effect(row: pd.Series, places: int) -> str:
    sign = "+" if row["effect"] > 0 else ""
    text = f"{sign}{fixed(row['effect'], places)}"
    clear = row["p_holm"] < _ALARM
    shown = f"[bold]{text}[/bold]" if clear else text
    return f"{shown}\n[dim]{between(row['low'], row['high'], places)}[/dim]"


def ranking_table(ranking: pd.DataFrame) -> Table:
    """Chance that each arm's mean is best: a row an outcome, a column an arm."""
    arms = in_order(ranking, "arm", "arm_title")
    table = _table(
        "Chance that an alternative is best",
        "share of resamples in which its mean is best; below: share of cases in which it is best",
    )
    table.add_column("outcome")
    for title in arms.values():
        table.add_column(title, justify="right")
    for outcome, title in in_order(ranking, "outcome", "outcome_title").items():
        part = ranking[ranking["outcome"] == outcome].set_index("arm")
        cells = [
            f"{fixed(row['best_mean'], 2)}\n[dim]{fixed(row['best'], 2)}[/dim]"
            for _, row in part.loc[list(arms)].iterrows()
        ]
        table.add_row(title, *cells)
    return table


def series_table(series: pd.DataFrame, title: str) -> Table:
    """The last quarter: a row a measure, a column a community, mean and range of replicates."""
    last = last_quarter(series)
    communities = list(dict.fromkeys(last["community"]))
    table = _table(
        title,
        f"quarter {last['tick'].max() + 1}: mean over "
        f"{counted(last['replicate'].nunique(), 'replicate')}, {level()} of them below",
    )
    table.add_column("measure (unit)")
    for community in communities:
        table.add_column(titled(community), justify="right")
    for measure in SHOWN:
        summary = over_replicates(last, ["community"], measure).set_index("community")
        cells = []
        for community in communities:
            row = summary.loc[community]
            cells.append(
                f"{fixed(row['mean'], 2)}\n[dim]{between(row['low'], row['high'], 2)}[/dim]"
            )
        table.add_row(f"{titled(measure)}\n[dim]{BY_NAME[measure].unit}[/dim]", *cells)
    return table
