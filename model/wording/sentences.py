"""Sentences built from numbers by rules: nothing is said that the table of effects does not hold.

An effect is called clear where its 95% interval excludes 0, and small, whatever its sign, where it is
below the smallest difference that matters, if the file states one. A small effect makes no alternative
better or worse. An alternative is called best where the
chance that its mean is best reaches 95%; where no chances are known, where its interval overlaps no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, isfinite, log2
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_many, say_name
from model.wording.numbers import (
    between,
    counted,
    decimals,
    fixed,
    general,
    level,
    number,
    quoted,
)
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_MOST = 4  # decimals
_SURE = 0.95
Chances = Mapping[str, float]

Row = dict[str, Any]
"""A row of the table of effects."""

FOUNDERS = (
    noted("In business"), noted("Process"), noted("Product"), noted("Functional"),
    noted("Intersectoral"), noted("Wage"), noted("In a chain"), noted("those in business"),
)  # fmt: skip
"""What tables say of thirds of founders, and of which of them; a test holds it to the tables."""


def levels_of(before: float, after: float, unit: str) -> str:
    """Two levels, not a difference, with decimals that tell them apart: from 13.2% to 15.0%."""
    read = Unit.read(unit)
    factor, sign = read.factor, read.sign
    places = max(1, decimals((factor * min(before, after), factor * max(before, after)), digits=2))
    return say(
        "from {before} to {after}",
        before=fixed(factor * before, places) + sign,
        after=fixed(factor * after, places) + sign,
    )


_JOINTS = {"and": noted("{words} and {last}"), "or": noted("{words} or {last}")}


def listed(words: Sequence[str], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    head, last = words[:-1], words[-1]
    return say(_JOINTS[joint], words=", ".join(head), last=last) if head else last


def known(row: Row) -> bool:
    """Whether there is an interval at all."""
    return isfinite(row["low"]) and isfinite(row["high"])


def clear(row: Row) -> bool:
    """Whether the interval excludes 0."""
    return known(row) and (row["low"] > 0 or row["high"] < 0)


def small(row: Row) -> bool:
    """Whether the effect is below what matters; never where nothing is said of that."""
    return bool(abs(row["effect"]) < row.get("matters", float("nan")))


def tells(row: Row) -> bool:
    """Whether the effect is clear, and large enough to matter."""
    return clear(row) and not small(row)


def few_pairs(effects: pd.DataFrame) -> str:
    """Words of doubt where intervals rest on few pairs, or on pairs that are all equal; else empty."""
    from model.experiments.intervals import FEW, LEVEL, unseen

    said = []
    least = int(effects["replicates"].min()) if len(effects) else FEW
    if least < FEW:
        said.append(
            say(
                "Some intervals rest on {pairs}. For an outcome that is nearly the same in most pairs "
                "and much larger in a few, such an interval misses the truth more often than {level} "
                "suggests (docs/experiments.md). Run more replicates before you rely on it.",
                pairs=counted(least, "pair"),
                level=level(),
            )
        )
    alike = effects[effects["low"] == effects["high"]]
    if len(alike) and (missed := unseen(pairs := int(alike["replicates"].min()))) > 1.0 - LEVEL:
        said.append(
            say(
                "Where both ends of an interval are one number, all pairs were equal: {pairs} pairs may miss "
                "a difference that occurs in up to {share} of them.",
                pairs=pairs,
                share=f"{missed:.0%}",
            )
        )
    return " ".join(said)


def threshold(row: Row) -> str:
    """The smallest difference that matters, with its unit."""
    unit = Unit.read(row["unit"])
    return f"{general(unit.factor * row['matters'])} {unit.of_differences}"


def gain(row: Row) -> float:
    """The effect, positive where it is for the better."""
    return float(row["effect"]) * _sign(row)


def _sign(row: Row) -> int:
    return 1 if row["better"] == "higher" else -1


def places_of(intervals: Sequence[tuple[float, float]]) -> int:
    """Decimals for intervals that stand together; enough that none that excludes 0 seems to end there."""
    places = decimals(*intervals)
    ends = [abs(end) for low, high in intervals if low > 0 or high < 0 for end in (low, high)]
    while places < _MOST and any(round(end, places) == 0 for end in ends):
        places += 1
    return places


def amount(row: Row, signed: bool = True, named: bool = True) -> str:
    """``+5.0 percentage points (95% interval 3.9 to 6.2)``; without its sign or the words if asked."""
    unit = Unit.read(row["unit"])
    factor, word = unit.factor, unit.of_differences
    turn = -factor if not signed and row["effect"] < 0 else factor
    ends = sorted((turn * row["low"], turn * row["high"]))
    value = turn * row["effect"]
    sign = "+" if signed and value > 0 else ""
    rough = f"{sign}{number(value)} {word}"
    if not known(row):
        return say("{amount} (no interval)", amount=rough)
    if ends[0] == ends[1] == value:
        return say("{amount} (the same in every replicate)", amount=rough)
    places = places_of([(ends[0], ends[1])])
    inside = between(ends[0], ends[1], places)
    if named:
        inside = say("{level} interval {range}", level=level(), range=inside)
    return f"{sign}{fixed(value, places)} {word} ({inside})"


def change(row: Row, thing: str = "") -> str:
    """``raises it by 5.0 percentage points (95% interval 3.9 to 6.2)``; ``thing`` in place of "it"."""
    thing = thing or say("it")
    if known(row) and row["low"] == row["high"] == 0:
        return say("does not change {thing} in any replicate", thing=thing)
    parts = {"thing": thing, "amount": amount(row)}
    if not clear(row):
        if small(row):
            return say("changes {thing} by {amount}, which is small and may be chance", **parts)
        return say("changes {thing} by {amount}, which may be chance", **parts)
    parts["amount"] = amount(row, signed=False)
    if row["effect"] > 0:
        said = say("raises {thing} by {amount}", **parts)
    else:
        said = say("lowers {thing} by {amount}", **parts)
    return say("{change}, which is small", change=said) if small(row) else said


def rivals(row: Row, rows: Iterable[Row], chances: Chances | None) -> list[Row]:
    """Those of ``rows`` that may be as good as ``row``, without itself."""
    others = [other for other in rows if other["arm"] != row["arm"]]
    if chances is None:
        return [o for o in others if o["low"] <= row["high"] and o["high"] >= row["low"]]
    if chances.get(row["arm"], 0.0) >= _SURE:
        return []
    return [other for other in others if chances.get(other["arm"], 0.0) >= 1 - _SURE]


def verdict(
    effects: pd.DataFrame,
    outcome: str,
    money: str = "",
    chances: Chances | None = None,
    pair: str = "paired replicate",
) -> str:
    """What an outcome says of all alternatives together, in one sentence to quote, and what is missing.

    ``money``: what the best costs, as the end of a sentence; left out where none is best. ``chances``:
    of each alternative's mean to be best.
    """
    rows: list[Row] = effects[effects["outcome"] == outcome].to_dict("records")
    unknown = [row for row in rows if not row["replicates"]]
    rows = [row for row in rows if row["replicates"]]
    if not rows:
        thing, against = (quoted(unknown[0][key]) for key in ("outcome_title", "against_title"))
        return say(
            "Nothing is known of {thing}: no pair has a value in both {against} and an alternative.",
            thing=thing,
            against=against,
        )
    said = _verdict(rows, money, chances, pair)
    if unknown:
        nothing = listed([_title(row) for row in unknown])
        said += " " + say(
            "Nothing is known of {thing}: no pair has a value in both.", thing=nothing
        )
    lost = max(int(row.get("missing", 0)) for row in rows)
    if lost:
        said += " " + say_many(
            "Up to {n} more pair has no value (a run had nothing to measure) and is left out.",
            "Up to {n} more pairs have no value (a run had nothing to measure) and are left out.",
            lost,
            n=lost,
        )
    return said


def _verdict(rows: list[Row], money: str, chances: Chances | None, pair: str) -> str:
    """The sentence, from the rows of which something is known."""
    rows.sort(key=gain, reverse=True)
    first = rows[0]
    thing, against = quoted(first["outcome_title"]), quoted(first["against_title"])
    paired = counted([row["replicates"] for row in rows], pair)
    parts = {"thing": thing, "against": against, "pairs": paired}
    if not any(known(row) for row in rows):
        return say(
            "With {pairs} nothing can be said of chance: in {thing} {first} differs from {against} by "
            "{amount}.",
            first=_title(first), amount=amount(first), **parts,
        )  # fmt: skip
    better = [row for row in rows if tells(row) and gain(row) > 0]
    worse = [row for row in rows if tells(row) and gain(row) < 0]
    if better:
        return _best(better, rivals(better[0], better, chances), parts, money)
    if worse:
        return say_many(
            "No alternative is shown to be better than {against} in {thing}; worse is {worse} ({pairs}).",
            "No alternative is shown to be better than {against} in {thing}; worse are {worse} ({pairs}).",
            len(worse), worse=_with_amounts(worse[::-1]), **parts,
        )  # fmt: skip
    if all(row["low"] == row["high"] == 0 for row in rows):
        return say(
            "No alternative changes {thing} at all: every difference to {against} is 0 ({pairs}).",
            **parts,
        )
    widest = max(filter(known, rows), key=lambda row: abs(row["effect"]))
    parts |= {"amount": amount(widest), "widest": _title(widest)}
    if all(small(row) for row in rows):
        return say(
            "No alternative changes {thing} by as much as matters ({threshold}): the largest difference to "
            "{against} is {amount}, of {widest} ({pairs}).",
            threshold=threshold(widest), **parts,
        )  # fmt: skip
    if any(map(clear, rows)):
        return say(
            "No alternative is shown to change {thing} by as much as matters ({threshold}): the largest "
            "difference to {against} is {amount}, of {widest} ({pairs}).",
            threshold=threshold(widest), **parts,
        )  # fmt: skip
    return say(
        "No alternative can be told from {against} in {thing}: every {level} interval includes 0; the "
        "largest difference is {amount}, of {widest} ({pairs}).",
        level=level(), **parts,
    )  # fmt: skip


def _best(better: list[Row], close: list[Row], parts: Mapping[str, str], money: str) -> str:
    best = better[0]
    if close:
        return say(
            "In {thing} {alternatives} do better than {against}, and none of them is shown to be best: "
            "{amounts} ({pairs}).",
            alternatives=listed([_title(row) for row in (best, *close)]),
            amounts=_with_amounts([best, *close]), **parts,
        )  # fmt: skip
    told = {
        "best": _title(best),
        "change": change(best),
        "levels": levels_of(best["mean_against"], best["mean"], best["unit"]),
        "money": money,
        **parts,
    }
    if len(better) == 1:
        return say(
            "{best} is the only alternative shown to be better in {thing}: compared with {against} it "
            "{change}, {levels} ({pairs}){money}.",
            **told,
        )
    return say(
        "{best} is best of all in {thing}: compared with {against} it {change}, {levels} ({pairs}){money}.",
        **told,
    )


def also(effects: pd.DataFrame, arm: str, without: str) -> list[str]:
    """What one alternative does to the other outcomes, good and bad, in at most six sentences."""
    rows: list[Row] = [
        row for row in effects.to_dict("records") if row["arm"] == arm and row["outcome"] != without
    ]
    if not rows:
        return []
    good = [row for row in rows if tells(row) and gain(row) > 0]
    bad = [row for row in rows if tells(row) and gain(row) < 0]
    little = [row for row in rows if clear(row) and small(row)]
    rest = [quoted(row["outcome_title"]) for row in rows if known(row) and not clear(row)]
    few = [quoted(row["outcome_title"]) for row in rows if row["replicates"] and not known(row)]
    none = [quoted(row["outcome_title"]) for row in rows if not row["replicates"]]
    said = []
    if good:
        said.append(say("It also {moves}.", moves=_moves(good)))
    if bad:
        said.append(say("For the worse, it {moves}.", moves=_moves(bad)))
    if little:
        said.append(say("Small, below what matters: it {moves}.", moves=_moves(little)))
    if rest:
        said.append(say("It has no clear effect on {things}.", things=listed(rest, "or")))
    if few:
        said.append(
            say(
                "With so few pairs its effect on {things} can't be told from chance.",
                things=listed(few, "or"),
            )
        )
    if none:
        said.append(
            say(
                "Its effect on {things} is not known: no pair has a value in both.",
                things=listed(none),
            )
        )
    return said


def _moves(rows: Sequence[Row]) -> str:
    """``raises “A” by 8.0 (7.1 to 9.0) and lowers “B” by ...``, intervals in brackets."""
    parts = []
    for said, sign in ((noted("raises {amounts}"), 1), (noted("lowers {amounts}"), -1)):
        moved = [row for row in rows if sign * row["effect"] > 0]
        amounts = [
            say(
                "{thing} by {amount}",
                thing=quoted(row["outcome_title"]),
                amount=amount(row, signed=False, named=False),
            )
            for row in moved
        ]
        parts += [say(said, amounts=listed(amounts))] if amounts else []
    return listed(parts)


def best_arm(effects: pd.DataFrame, outcome: str, chances: Chances | None = None) -> str | None:
    """The alternative that is clearly better than all others in an outcome, if there is one."""
    rows: list[Row] = effects[effects["outcome"] == outcome].to_dict("records")
    better = sorted((r for r in rows if tells(r) and gain(r) > 0), key=gain, reverse=True)
    return str(better[0]["arm"]) if better and not rivals(better[0], better, chances) else None


def false_alarms(effects: pd.DataFrame) -> tuple[str, set[int]]:
    """What adjusting for many comparisons (Holm) leaves open, and the places of doubtful clear effects.

    A sign-flip test of n pairs can't give less than 2 / 2^n, which may be too much for so many
    comparisons however clear the effects: then none is called doubtful, and it is said.
    """
    rows: list[Row] = effects.to_dict("records")
    counts = effects.loc[effects["p"].notna(), "replicates"]
    comparisons, pairs = len(counts), int(counts.min()) if len(counts) else 0
    if not comparisons:
        return "", set()
    allowed = 1 - _SURE
    if comparisons * 2.0 ** (1 - pairs) > allowed:
        needed = ceil(1 + log2(comparisons / allowed))
        return (
            say(
                "With so few pairs ({pairs}) false alarms among {comparisons} comparisons can't be told: "
                "adjusted for their number (Holm), no p can be below {allowed}, however clear the effect. "
                "It takes at least {needed} pairs.",
                pairs=pairs,
                comparisons=comparisons,
                allowed=fixed(allowed, 2),
                needed=needed,
            ),
            set(),
        )
    doubtful = {i for i, row in enumerate(rows) if clear(row) and row["p_holm"] > allowed}
    if not doubtful:
        return "", doubtful
    return (
        say_many(
            "Of {comparisons} comparisons, {n} whose interval excludes 0 may be a false alarm: adjusted for "
            "their number (Holm), its p is above {allowed}. It is marked with ?.",
            "Of {comparisons} comparisons, {n} whose intervals exclude 0 may be false alarms: adjusted for "
            "their number (Holm), p is above {allowed}. They are marked with ?.",
            len(doubtful),
            comparisons=comparisons,
            n=len(doubtful),
            allowed=fixed(allowed, 2),
        ),
        doubtful,
    )


def who(gains: pd.DataFrame, arm: str, what: str) -> str:
    """What an alternative does to founders who could do least, and most, at the start."""
    rows: list[Row] = gains[(gains["arm"] == arm) & (gains["what"] == what)].to_dict("records")
    thirds = {row["third"]: row for row in rows if known(row)}
    if not {"low", "high"} <= thirds.keys():
        return ""
    low, high = thirds["low"], thirds["high"]
    thing, left = quoted(of_founders(low["what_title"])), low["unit"].partition(", ")[2]
    for row in (low, high):
        row["unit"] = row["unit"].partition(", ")[0]
    thing += f" ({say_name(left)})" if left else ""
    told = say(
        "Among the third of founders who mastered least at the start {alternative} {change_of_least}; among "
        "the third who mastered most it {change_of_most}",
        alternative=_title(low),
        change_of_least=change(low, thing),
        change_of_most=change(high),
    )
    who_gains = _who_gains_more(low, high)
    if who_gains > 0:
        return say("{told}: the weakest gain more.", told=told)
    if who_gains < 0:
        return say("{told}: the strongest gain more.", told=told)
    return say("{told}: the two intervals overlap.", told=told)


_UPGRADING = {
    "Process": noted("Process upgrading"),
    "Product": noted("Product upgrading"),
    "Functional": noted("Functional upgrading"),
    "Intersectoral": noted("Intersectoral upgrading"),
}


def of_founders(title: str) -> str:
    """What a column of the table of founders is called in a sentence."""
    return say(_UPGRADING[title]) if title in _UPGRADING else say_name(title)


def _who_gains_more(low: Row, high: Row) -> int:
    """1 where the weakest third clearly gains more, -1 where the strongest does, 0 where neither."""
    return int(low["low"] > high["high"]) - int(high["low"] > low["high"])


def who_in_short(gains: pd.DataFrame, arms: Iterable[str], what: str) -> str:
    """Of how many alternatives the weakest gain more, or the strongest; "" where nothing is known."""
    mine = gains[gains["what"] == what]
    signs = []
    for arm in arms:
        rows: list[Row] = mine[mine["arm"] == arm].to_dict("records")
        thirds = {row["third"]: row for row in rows if known(row)}
        if {"low", "high"} <= thirds.keys():
            signs.append(_who_gains_more(thirds["low"], thirds["high"]))
    if not signs:
        return ""
    return say(
        "Of {alternatives} the weakest third of founders gains more in {weakest}, the strongest in "
        "{strongest}; in the others the two intervals overlap. gains.csv holds them all.",
        alternatives=counted(len(signs), "alternative"),
        weakest=signs.count(1),
        strongest=signs.count(-1),
    )


def _title(row: Row) -> str:
    return quoted(row["arm_title"])


def _with_amounts(rows: Sequence[Row]) -> str:
    return listed(
        [say("{title} with {amount}", title=_title(row), amount=amount(row)) for row in rows]
    )
