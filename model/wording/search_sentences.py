"""What a search found, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.language import noted, say, say_many, say_name
from model.wording.numbers import fixed, interval, level, percent, quoted

if TYPE_CHECKING:
    import pandas as pd

WORTH = noted("in smallest differences that matter")
"""The unit of worth."""
NAMED = (noted("The world as it is"), noted("The whole"))
"""Titles of designs and theories that no file gives."""
_NUMBERED = "Design "  # how the tables call what the search found


def design_title(title: str) -> str:
    """What to call a design in the language spoken; titles of files stay as they are."""
    number = title.removeprefix(_NUMBERED)
    if number != title and number.isdecimal():
        return say("Design {number}", number=number)
    return say_name(title)


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
        return say(
            "{design} buys most with this money: its worth is {worth} {unit}, and it is best with a "
            "chance of {chance}.",
            design=quoted(design_title(row["title"])),
            worth=interval(row["worth"], row["worth_low"], row["worth_high"], 1),
            unit=say(WORTH),
            chance=percent(row["best"]),
        )
    if not (designs["worth_low"] > 0).any():
        return say(
            "No design may be called best: none is better for certain than the world as it is."
        )
    likely = designs.sort_values("best", ascending=False, kind="stable").iloc[0]
    return say(
        "No design may be called best: the likeliest, {design}, is so with a chance of {chance}.",
        design=quoted(design_title(likely["title"])),
        chance=percent(likely["best"]),
    )


def _front(designs: pd.DataFrame) -> str:
    on = int(designs["front"].sum())
    return say_many(
        "{on} design of {shown} shown is on the front: no other is as good in every aim and better in one.",
        "{on} designs of {shown} shown are on the front: no other is as good in every aim and better in one.",
        on,
        on=fixed(on, 0),
        shown=fixed(len(designs), 0),
    )


def _luck(designs: pd.DataFrame) -> list[str]:
    found = designs[designs["searched"].notna()]
    if found.empty:
        return []
    before, after = found["searched"].mean(), found["worth"].mean()
    return [
        say(
            "The search had seen a worth of {before} in the designs that it found, mean over them; on fresh "
            "random numbers it is {after}.",
            before=fixed(before, 1),
            after=fixed(after, 1),
        )
    ]


def _strategies(strategies: pd.DataFrame) -> list[str]:
    size = {
        str(row["strategy"]): interval(row["hypervolume"], row["low"], row["high"])
        for row in strategies.to_dict("records")
    }
    if not {"evolution", "chance"} <= size.keys():
        return []
    parts = {"search": size["evolution"], "chance": size["chance"], "level": level()}
    if "known" not in size:
        return [
            say(
                "On fresh random numbers the front of the search fills a volume of {search}, that of as many "
                "runs with designs drawn by chance {chance} ({level} intervals).",
                **parts,
            )
        ]
    return [
        say(
            "On fresh random numbers the front of the search fills a volume of {search}, that of as many "
            "runs with designs drawn by chance {chance}, that of the known designs {known} ({level} "
            "intervals).",
            **parts,
            known=size["known"],
        )
    ]
