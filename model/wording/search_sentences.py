"""What a search found, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.wording.numbers import counted, fixed, interval, level, quoted

if TYPE_CHECKING:
    import pandas as pd

WORTH = "in smallest differences that matter"
"""The unit of worth."""


def answer_of_search(tables: Mapping[str, pd.DataFrame], best: str | None) -> list[str]:
    """The answer, how large the front is, what luck had added, what the algorithm was worth."""
    designs = tables["designs"]
    return [
        _answer(designs, best),
        _front(designs),
        *_luck(designs),
        *_strategies(tables["strategies"]),
    ]


def _answer(designs: pd.DataFrame, best: str | None) -> str:
    rows = {str(row["design"]): row for row in designs.to_dict("records")}
    if best is not None:
        row = rows[best]
        inside = interval(row["worth"], row["worth_low"], row["worth_high"], 1)
        return (
            f"{quoted(row['title'])} buys most with this money: its worth is {inside} {WORTH}, and it is "
            f"best with a chance of {100 * row['best']:.0f}%."
        )
    if not (designs["worth_low"] > 0).any():
        return "No design may be called best: none is better for certain than the world as it is."
    likely = designs.sort_values("best", ascending=False, kind="stable").iloc[0]
    return (
        f"No design may be called best: the likeliest, {quoted(likely['title'])}, is so with a chance of "
        f"{100 * likely['best']:.0f}%."
    )


def _front(designs: pd.DataFrame) -> str:
    on = int(designs["front"].sum())
    return (
        f"{counted(on, 'design')} of {len(designs)} shown {'is' if on == 1 else 'are'} on the front: "
        "no other is as good in every aim and better in one."
    )


def _luck(designs: pd.DataFrame) -> list[str]:
    found = designs[designs["searched"].notna()]
    if found.empty:
        return []
    before, after = found["searched"].mean(), found["worth"].mean()
    return [
        f"The search had seen a worth of {fixed(before, 1)} in the designs that it found, mean over them; "
        f"on fresh random numbers it is {fixed(after, 1)}."
    ]


def _strategies(strategies: pd.DataFrame) -> list[str]:
    size = {
        str(row["strategy"]): interval(row["hypervolume"], row["low"], row["high"], 1)
        for row in strategies.to_dict("records")
    }
    if not {"evolution", "chance"} <= size.keys():
        return []
    known = f", that of the known designs {size['known']}" if "known" in size else ""
    return [
        f"On fresh random numbers the front of the search fills a volume of {size['evolution']}, that of as "
        f"many runs with designs drawn by chance {size['chance']}{known} ({level()} intervals)."
    ]
