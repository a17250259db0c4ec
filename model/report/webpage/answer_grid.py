"""An answer over several outcomes: which alternative is best in what, and nothing about one alone.

Where a file names no primary outcome, no order of its outcomes may decide which alternative is called
best: the answer is a grid of all alternatives by all outcomes, and a sentence on whether one is best in all.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from model.language import noted, say
from model.report.frames import in_order
from model.report.webpage.document import Grid
from model.wording.numbers import fixed, quoted
from model.wording.sentences import (
    Chances,
    best_arm,
    false_alarms,
    gain,
    known,
    listed,
    places_of,
    small,
    tells,
)
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_NOTE = noted(
    "Each cell holds the effect and what it means. Better or worse: the effect is shown, and large enough to "
    "matter. Small: it is below what matters. Unclear: it may be chance. Units: {units}."
)


def grid(effects: pd.DataFrame, doubtful: Collection[tuple[str, str]] = ()) -> Grid:
    """Alternatives by outcomes: effect and what to think of it; ``doubtful`` ones are marked ?."""
    outcomes = in_order(effects, "outcome", "outcome_title")
    arms = in_order(effects, "arm", "arm_title")
    rows = {(r["arm"], r["outcome"]): r for r in effects.to_dict("records")}
    units = [
        say(
            "{outcome} in {unit}",
            outcome=quoted(title),
            unit=Unit.read(str(rows[(next(iter(arms)), name)]["unit"])).of_differences,
        )
        for name, title in outcomes.items()
    ]
    places = {name: _places(effects, name) for name in outcomes}
    shown = [
        [
            title,
            *(
                _cell(rows.get((arm, name)), places[name]) + " ?" * ((arm, name) in doubtful)
                for name in outcomes
            ),
        ]
        for arm, title in arms.items()
    ]
    cost = in_order(effects, "arm", "public_cost") if "public_cost" in effects else {}
    columns = [say("alternative"), *outcomes.values()]
    if cost:
        columns.append(say("public cost, units of account"))
        for row, arm in zip(shown, arms, strict=True):
            row.append(fixed(float(cost[arm]), 0))
    against = str(effects["against_title"].iloc[0])
    return Grid(
        say("Every alternative against {against}", against=quoted(against)),
        columns,
        shown,
        range(1, len(columns)),
        say(_NOTE, units="; ".join(units)),
    )


def doubtful_in(effects: pd.DataFrame) -> set[tuple[str, str]]:
    """Alternatives and outcomes whose clear effect may be a false alarm."""
    if "p_holm" not in effects:
        return set()
    keys = list(zip(effects["arm"], effects["outcome"], strict=True))
    return {keys[place] for place in false_alarms(effects)[1]}


def _places(effects: pd.DataFrame, outcome: str) -> int:
    part = effects[effects["outcome"] == outcome]
    factor = Unit.read(str(part["unit"].iloc[0])).factor
    return places_of(
        [(factor * low, factor * high) for low, high in zip(part["low"], part["high"], strict=True)]
    )


def word(row: Mapping[str, Any]) -> str:
    """What to think of an effect: better, worse, small, unclear, not known."""
    told = dict(row)
    if not _has_value(told):
        return say("not known")
    if small(told):
        return say("small")
    if not known(told) or not tells(told):
        return say("unclear")
    return say("better") if gain(told) > 0 else say("worse")


def _has_value(row: Mapping[str, Any]) -> bool:
    return bool(row["replicates"]) and math.isfinite(row["effect"])


def _cell(row: Mapping[str, Any] | None, places: int) -> str:
    if row is None or not _has_value(row):
        return say("not known")
    value = Unit.read(str(row["unit"])).factor * row["effect"]
    sign = "+" if value > 0 else ""
    return f"{sign}{fixed(value, places)} {word(row)}"


def no_primary(effects: pd.DataFrame, chances: Mapping[str, Chances | None]) -> str:
    """Whether one alternative is best in all outcomes, and which is best in what."""
    outcomes = in_order(effects, "outcome", "outcome_title")
    arms = in_order(effects, "arm", "arm_title")
    best = {name: best_arm(effects, name, chances.get(name)) for name in outcomes}
    winners = dict.fromkeys(arm for arm in best.values() if arm)
    if len(winners) == 1 and all(best.values()):
        return say(
            "In these simulations {best} is best in all outcomes.",
            best=quoted(arms[next(iter(winners))]),
        )
    parts = [
        say(
            "{best} in {outcomes}",
            best=quoted(arms[winner]),
            outcomes=listed([quoted(outcomes[n]) for n in best if best[n] == winner]),
        )
        for winner in winners
    ]
    none = [quoted(outcomes[name]) for name, winner in best.items() if winner is None]
    if none:
        parts.append(say("none is shown to be best in {outcomes}", outcomes=listed(none)))
    return say(
        "In these simulations no alternative is best in all: {parts}.", parts="; ".join(parts)
    )
