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

from model.wording.numbers import between, counted, decimals, fixed, level, number, quoted
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_MOST = 4  # decimals
_SURE = 0.95
Chances = Mapping[str, float]

Row = dict[str, Any]
"""A row of the table of effects."""


def levels_of(before: float, after: float, unit: str) -> str:
    """Two levels, not a difference, with decimals that tell them apart: from 13.2% to 15.0%."""
    read = Unit.read(unit)
    factor, sign = read.factor, read.sign
    places = max(1, decimals((factor * min(before, after), factor * max(before, after)), digits=2))
    return f"from {fixed(factor * before, places)}{sign} to {fixed(factor * after, places)}{sign}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    head, last = words[:-1], words[-1]
    return f"{', '.join(head)} {joint} {last}" if head else last


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
            f"Some intervals rest on {counted(least, 'pair')}: those of outcomes that are mostly alike and "
            f"rarely much larger then hold the truth less often than {level()} says (docs/experiments.md). "
            "Run more replicates before you rely on them."
        )
    alike = effects[effects["low"] == effects["high"]]
    if len(alike) and (missed := unseen(pairs := int(alike["replicates"].min()))) > 1.0 - LEVEL:
        said.append(
            f"Where both ends of an interval are one number, all pairs were equal: {pairs} pairs may miss a "
            f"difference that comes up in up to {missed:.0%} of them."
        )
    return " ".join(said)


def threshold(row: Row) -> str:
    """The smallest difference that matters, with its unit."""
    unit = Unit.read(row["unit"])
    return f"{unit.factor * row['matters']:g} {unit.of_differences}"


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
    if not known(row):
        return f"{sign}{number(value)} {word} (no interval)"
    if ends[0] == ends[1] == value:
        return f"{sign}{number(value)} {word} (the same in every replicate)"
    places = places_of([(ends[0], ends[1])])
    inside = between(ends[0], ends[1], places)
    return (
        f"{sign}{fixed(value, places)} {word} ({f'{level()} interval ' if named else ''}{inside})"
    )


def change(row: Row, thing: str = "it") -> str:
    """``raises it by 5.0 percentage points (95% interval 3.9 to 6.2)``."""
    if known(row) and row["low"] == row["high"] == 0:
        return f"does not change {thing} in any replicate"
    if not clear(row):
        chance = "is small and may be chance" if small(row) else "may be chance"
        return f"changes {thing} by {amount(row)}, which {chance}"
    verb = "raises" if row["effect"] > 0 else "lowers"
    said = f"{verb} {thing} by {amount(row, signed=False)}"
    return f"{said}, which is small" if small(row) else said


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
        return f"Nothing is known of {thing}: no pair has a value in both {against} and an alternative."
    said = _verdict(rows, money, chances, pair)
    if unknown:
        nothing = listed([_title(row) for row in unknown])
        said += f" Nothing is known of {nothing}: no pair has a value in both."
    lost = max(int(row.get("missing", 0)) for row in rows)
    if lost:
        said += f" Up to {lost} more pairs have no value (a run had nothing to measure) and are left out."
    return said


def _verdict(rows: list[Row], money: str, chances: Chances | None, pair: str) -> str:
    """The sentence, from the rows of which something is known."""
    rows.sort(key=gain, reverse=True)
    first = rows[0]
    thing, against = quoted(first["outcome_title"]), quoted(first["against_title"])
    paired = counted([row["replicates"] for row in rows], pair)
    if not any(known(row) for row in rows):
        return (
            f"With {paired} nothing can be said of chance: in {thing} {_title(first)} differs from "
            f"{against} by {amount(first)}."
        )
    better = [row for row in rows if tells(row) and gain(row) > 0]
    worse = [row for row in rows if tells(row) and gain(row) < 0]
    if better:
        return _best(better, rivals(better[0], better, chances), thing, against, paired, money)
    if worse:
        return (
            f"No alternative is shown to be better than {against} in {thing}; worse "
            f"{'is' if len(worse) == 1 else 'are'} {_with_amounts(worse[::-1])} ({paired})."
        )
    if all(row["low"] == row["high"] == 0 for row in rows):
        return (
            f"No alternative changes {thing} at all: every difference to {against} is 0 ({paired})."
        )
    widest = max(filter(known, rows), key=lambda row: abs(row["effect"]))
    if all(small(row) for row in rows):
        return (
            f"No alternative changes {thing} by as much as matters ({threshold(widest)}): the largest "
            f"difference to {against} is {amount(widest)}, of {_title(widest)} ({paired})."
        )
    if any(map(clear, rows)):
        return (
            f"No alternative is shown to change {thing} by as much as matters ({threshold(widest)}): the "
            f"largest difference to {against} is {amount(widest)}, of {_title(widest)} ({paired})."
        )
    return (
        f"No alternative can be told from {against} in {thing}: every {level()} interval includes 0; "
        f"the largest difference is {amount(widest)}, of {_title(widest)} ({paired})."
    )


def _best(
    better: list[Row], close: list[Row], thing: str, against: str, paired: str, money: str
) -> str:
    best = better[0]
    if close:
        return (
            f"In {thing} {listed([_title(row) for row in (best, *close)])} do better than {against}, and "
            f"none of them is shown to be best: {_with_amounts([best, *close])} ({paired})."
        )
    levels = levels_of(best["mean_against"], best["mean"], best["unit"])
    most = "the only alternative shown to be better" if len(better) == 1 else "best of all"
    return (
        f"{_title(best)} is {most} in {thing}: compared with {against} it {change(best)}, {levels} "
        f"({paired}){money}."
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
        said.append(f"It also {_moves(good)}.")
    if bad:
        said.append(f"For the worse, it {_moves(bad)}.")
    if little:
        said.append(f"Small, below what matters: it {_moves(little)}.")
    if rest:
        said.append(f"It has no clear effect on {listed(rest, 'or')}.")
    if few:
        said.append(f"So few pairs can't tell its effect on {listed(few, 'or')} from chance.")
    if none:
        said.append(f"Its effect on {listed(none)} is not known: no pair has a value in both.")
    return said


def _moves(rows: Sequence[Row]) -> str:
    """``raises “A” by 8.0 (7.1 to 9.0) and lowers “B” by ...``, intervals in brackets."""
    parts = []
    for verb, sign in (("raises", 1), ("lowers", -1)):
        moved = [row for row in rows if sign * row["effect"] > 0]
        amounts = [
            f"{quoted(row['outcome_title'])} by {amount(row, signed=False, named=False)}"
            for row in moved
        ]
        parts += [f"{verb} {listed(amounts)}"] if amounts else []
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
            f"So few pairs ({pairs}) can't tell false alarms among {comparisons} comparisons: adjusted for "
            f"their number (Holm), no p can be below {allowed:.2f}, however clear the effect. It takes at "
            f"least {needed} pairs.",
            set(),
        )
    doubtful = {i for i, row in enumerate(rows) if clear(row) and row["p_holm"] > allowed}
    if not doubtful:
        return "", doubtful
    return (
        f"Of {comparisons} comparisons, {len(doubtful)} whose interval excludes 0 may be false alarms: "
        f"adjusted for their number (Holm), p is above {allowed:.2f}. They are marked ? below.",
        doubtful,
    )


def who(gains: pd.DataFrame, arm: str, what: str) -> str:
    """What an alternative does to founders who could do least, and most, at the start."""
    rows: list[Row] = gains[(gains["arm"] == arm) & (gains["what"] == what)].to_dict("records")
    thirds = {row["third"]: row for row in rows if known(row)}
    if not {"low", "high"} <= thirds.keys():
        return ""
    low, high = thirds["low"], thirds["high"]
    thing, left = quoted(low["what_title"]), low["unit"].partition(", ")[2]
    for row in (low, high):
        row["unit"] = row["unit"].partition(", ")[0]
    thing += f" ({left})" if left else ""
    told = (
        f"Among the third of founders who mastered least at the start {_title(low)} {change(low, thing)}; "
        f"among the third who mastered most it {change(high)}"
    )
    if low["low"] > high["high"]:
        return f"{told}: the weakest gain more."
    if high["low"] > low["high"]:
        return f"{told}: the strongest gain more."
    return f"{told}: the two intervals overlap."


def _title(row: Row) -> str:
    return quoted(row["arm_title"])


def _with_amounts(rows: Sequence[Row]) -> str:
    return listed([f"{_title(row)} with {amount(row)}" for row in rows])
