"""Tables for the terminal (rich). Every number with its interval, sample size and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from model.measures import BY_NAME
from model.report.frames import PAIR, in_order, last_quarter, mean_error, over_replicates
from model.scenario.money import UNITS, Money
from model.wording.currency import unit_in_currency
from model.wording.markup import over_dim
from model.wording.numbers import (
    MISSING,
    between,
    counted,
    decimals,
    fixed,
    level,
    number,
    quoted,
    titled,
)
from model.wording.sentences import small

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

SHOWN = (
    "process", "product", "functional", "intersectoral", "product_breadth_2", "in_chain",
    "exporters", "collective_efficiency", "value_added", "wage", "productivity_gap", "gini",
    "public_cost",
)  # fmt: skip

_ACROSS = 5  # alternatives that fit side by side on a screen
_SMALL = "; small: below the smallest difference that matters"
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


def effects_table(effects: pd.DataFrame, question: str = "", drawn: bool = False) -> Table:
    """Paired effects with intervals, arms across, or down if they are many.

    ``drawn``: whether intervals hold draws of parameters and runs, and not means.

    Bold: not 0 at 5%, also after Holm's adjustment for all comparisons of the table, and not small.
    """
    arms = in_order(effects, "arm", "arm_title")
    against = str(effects["against_title"].iloc[0])
    below = f"central {level()} of draws and runs" if drawn else f"{level()} interval"
    table = _table(
        question or "Paired effects",
        f"difference to {quoted(against)}, mean of {counted(effects['replicates'], PAIR[drawn])} "
        f"on the same random numbers, {below} below; bold: not 0, also after Holm's "
        f"adjustment for {counted(len(effects), 'comparison')}{_SMALL if _stated(effects) else ''}",
    )
    return _crossed(table, arms, effects)


def factors_table(factors: pd.DataFrame) -> Table:
    """Main effects and interactions of a factorial experiment, a row each, outcomes across."""
    labels = [
        f"{row.level}" + (f" \N{MULTIPLICATION SIGN} {row.with_level}" if row.with_level else "")
        for row in factors.itertuples()
    ]
    table = _table(
        "What each factor does, and what two do together",
        f"against the first level, averaged over the others, {level()} interval below; "
        "\N{MULTIPLICATION SIGN}: how much more the one does where the other is; bold: not 0, also "
        f"after Holm's adjustment for {counted(len(factors), 'comparison')}",
    )
    return _crossed(table, {label: label for label in labels}, factors.assign(arm=labels), True)


def _crossed(
    table: Table, arms: dict[str, str], effects: pd.DataFrame, down: bool = False
) -> Table:
    """Arms and outcomes crossed in a table; arms down if asked or if they are many."""
    outcomes = in_order(effects, "outcome", "outcome_title")
    parts = {o: effects[effects["outcome"] == o].set_index("arm") for o in outcomes}
    heads = {o: over_dim(title, str(parts[o]["unit"].iloc[0])) for o, title in outcomes.items()}
    cells = {
        (arm, outcome): _effect(
            part.loc[arm], decimals(*zip(part["low"], part["high"], strict=True))
        )
        for outcome, part in parts.items()
        for arm in arms
    }
    if down or len(arms) > _ACROSS:
        table.add_column("alternative" if not down else "")
        for head in heads.values():
            table.add_column(head, justify="right")
        for arm, title in arms.items():
            table.add_row(title, *(cells[arm, outcome] for outcome in outcomes))
        return table
    table.add_column("outcome (unit)")
    for title in arms.values():
        table.add_column(title, justify="right")
    for outcome, head in heads.items():
        table.add_row(head, *(cells[arm, outcome] for arm in arms))
    return table


def _stated(effects: pd.DataFrame) -> bool:
    """Whether the smallest difference that matters is known of any outcome."""
    return "matters" in effects and bool(effects["matters"].notna().any())


def _effect(row: pd.Series, places: int) -> Text:
    return _sized(row, places, row["p_holm"] < _ALARM)


def _sized(row: pd.Series, places: int, clear: bool = False) -> Text:
    """An effect over its interval; called small where it is, bold where clear and not small."""
    sign = "+" if row["effect"] > 0 else ""
    little = small(row.to_dict())
    text = f"{sign}{fixed(row['effect'], places)}{' small' if little else ''}"
    return over_dim(text, between(row["low"], row["high"], places), bold=clear and not little)


def standing_table(communities: pd.DataFrame, gains: pd.DataFrame, score: str) -> Table:
    """Who gains, in one score: effects by community, weakest first, and by founders' start.

    ``communities``: as ``model.experiments.communities``; ``gains``: as ``model.experiments.gains``.
    """
    places = communities[communities["outcome"] == score]
    thirds = gains[gains["what"] == score].assign(matters=places["matters"].max())
    arms = in_order(places, "arm", "arm_title")
    table = _table(
        f"Who gains: {titled(score).lower()} (score 0-3)",
        f"difference to {quoted(str(places['against_title'].iloc[0]))}, mean of "
        f"{counted(places['replicates'], 'replicate')}, {level()} interval below; communities from the "
        "weakest to the foremost; thirds of founders by practices mastered at the start, those in "
        f"business{_SMALL if _stated(places) else ''}",
    )
    table.add_column("who")
    for title in arms.values():
        table.add_column(title, justify="right")
    groups = [
        (titled(str(name)), part) for name, part in places.groupby("community_title", sort=False)
    ]
    groups += [
        (f"{titled(str(name))} third", part) for name, part in thirds.groupby("third", sort=False)
    ]
    ends = decimals(*zip(places["low"], places["high"], strict=True))
    for name, part in groups:
        rows = part.set_index("arm")
        cells = [_sized(rows.loc[arm], ends) for arm in arms]
        table.add_row(over_dim(name, f"{fixed(part['mean_against'].iloc[0], 2)} without"), *cells)
    return table


def money_table(money: pd.DataFrame) -> Table:
    """What each design cost the public, over the run and a year and firm."""
    table = _table("Public money, units of account", "a firm: a year, all firms in business")
    for head in ("", "over the run", "share of value added", "a firm", "a firm reached"):
        table.add_column(head, justify="right" if head else "left")
    for row in money[money["public_cost"] > 0].to_dict("records"):
        table.add_row(
            row["arm_title"], fixed(row["public_cost"], 0),
            f"{fixed(100 * row['of_value_added'], 2)}%", fixed(row["a_firm"], 2),
            fixed(row["a_firm_reached"], 2),
        )  # fmt: skip
    return table


def ranking_table(ranking: pd.DataFrame) -> Table:
    """The best arm for each outcome, the chance that it is, and who comes next."""
    table = _table(
        "Which alternative is best",
        "chance: share of resamples in which its mean is best; cases: share of them in which it is",
    )
    for head in ("outcome", "best", "chance", "cases", "next", "chance"):
        table.add_column(head, justify="right" if head in ("chance", "cases") else "left")
    for outcome, title in in_order(ranking, "outcome", "outcome_title").items():
        part = ranking[ranking["outcome"] == outcome]
        first, second = (row for _, row in part.nlargest(2, "best_mean").iterrows())
        table.add_row(
            title, first["arm_title"], fixed(first["best_mean"], 2), fixed(first["best"], 2),
            second["arm_title"], fixed(second["best_mean"], 2),
        )  # fmt: skip
    return table


def series_table(series: pd.DataFrame, title: str, money: Money | None = None) -> Table:
    """The last quarter: a row a measure, a column a community, mean and range of replicates.

    Measures in units of account have a second row in currency where ``money`` says what a unit is worth.
    """
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
            cells.append(over_dim(fixed(row["mean"], 2), between(row["low"], row["high"], 2)))
        unit = BY_NAME[measure].unit
        table.add_row(over_dim(titled(measure), unit), *cells)
        if money and unit.startswith(UNITS):
            worth = [number(money.per_unit * summary.loc[c]["mean"]) for c in communities]
            table.add_row(over_dim("", unit_in_currency(unit, money)), *worth)
    return table
