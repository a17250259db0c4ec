"""Sentences on what drives a result, built from the tables of a sensitivity study by rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.wording.numbers import between, fixed, level, number, percent, quoted, titled
from model.wording.sentences import listed, places_of
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

NEGLIGIBLE = 0.05
"""Share of the variance, or of the largest effect, below which a factor hardly matters."""
_NOISY = 0.1  # share of chance from which more replicates are advised
_WIDE = 0.3  # width of an interval of a share from which numbers are called rough
_BENDS = 0.5  # spread of elementary effects over their size from which a factor is said to interact


def whole_percent(share: float) -> str:
    """A share as a percentage; 0 to 100 where estimates scatter beyond."""
    return percent(share if share != share else min(1.0, max(0.0, share)))


def of_variance(sobol: pd.DataFrame, outcome: str) -> list[str]:
    """Which factors account for the variance of an outcome, and which hardly do; the first to quote."""
    part = sobol[sobol["outcome"] == outcome]
    total = _ranked(part[part["order"] == "total"], "index")
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if (why := _refused(total, "n", "base sample")) and total["index"].isna().all():
        return [f"{thing} has no indices: {why}."]
    if total["index"].isna().all():
        return [f"{thing} does not vary between the points: no factor accounts for anything."]
    first = part[part["order"] == "first"].set_index("factor")
    leaders = _leaders(total)
    told = "; ".join(_share(row, first.loc[row["factor"]]) for row in leaders)
    verb = "matters" if len(leaders) == 1 else "matter"
    said = [
        f"{listed([_title(row) for row in leaders])} {verb} most for {thing}. Share of its variance with "
        f"all interactions ({level()} interval): {told}."
    ]
    if len(leaders) > 1:
        said.append("Their intervals overlap: they are not ranked.")
    return [*said, *_little(total, NEGLIGIBLE), *_left_out(total, "n", "base sample")]


def _share(total: dict[str, Any], first: pd.Series) -> str:
    return (
        f"{_title(total)} {whole_percent(total['index'])} ({whole_percent(total['low'])} to "
        f"{whole_percent(total['high'])}; alone {whole_percent(first['index'])})"
    )


def of_pairs(sobol: pd.DataFrame, outcome: str) -> str:
    """Which pairs of factors do more together than each alone."""
    part = sobol[(sobol["outcome"] == outcome) & (sobol["order"] == "second")]
    if part.empty or part["index"].isna().all():
        return ""
    thing = quoted(str(part["outcome_title"].iloc[0]))
    there = _ranked(part[part["low"] > 0], "index").to_dict("records")
    if not there:
        return f"No pair of factors is shown to interact in {thing}: every interval includes 0."
    pairs = [
        f"{_title(row)} with {quoted(row['other_title'])} "
        f"({whole_percent(row['index'])}, {whole_percent(row['low'])} to {whole_percent(row['high'])})"
        for row in there
    ]
    return f"Pairs that are shown to interact in {thing}: {listed(pairs)} of its variance."


def of_screening(morris: pd.DataFrame, outcome: str) -> list[str]:
    """Which factors move an outcome most, which interact, which hardly matter; the first to quote."""
    part = _ranked(morris[morris["outcome"] == outcome], "mu_star")
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if part["mu_star"].isna().all():
        return [f"{thing} is not screened: {_refused(part, 'trajectories', 'trajectory')}."]
    if part["mu_star"].max() == 0:
        return [f"No factor moves {thing} at all."]
    unit = Unit.read(str(part["unit"].iloc[0]))
    factor, word = unit.factor, unit.of_differences
    leaders = _leaders(part)
    reach = [(factor * max(0.0, row["low"]), factor * row["high"]) for row in leaders]
    places = places_of(reach)
    amounts = [
        f"{_title(row)} {fixed(factor * row['mu_star'], places)} ({between(low, high, places)})"
        for row, (low, high) in zip(leaders, reach, strict=True)
    ]
    said = [
        f"{thing} is moved most, up or down, by {listed([_title(row) for row in leaders])}. Mean "
        f"absolute effect in {word} ({level()} interval): {'; '.join(amounts)}."
    ]
    if len(leaders) > 1:
        said.append("Their intervals overlap: they are not ranked.")
    said.append(
        f"A move is {whole_percent(float(part['step'].iloc[0]))} of a range, or another level."
    )
    least = NEGLIGIBLE * part["mu_star"].max()
    bent = part[(part["sigma"] > _BENDS * part["mu_star"]) & (part["high"] >= least)]
    if len(bent):
        names = listed([_title(row) for row in bent.to_dict("records")])
        verb = "does" if len(bent) == 1 else "do"
        said.append(f"What {names} {verb} depends on the other factors, or is no straight line.")
    return [*said, *_little(part, least), *_left_out(part, "trajectories", "trajectory")]


def of_moves(tornado: pd.DataFrame, outcome: str) -> str:
    """What the largest move of a single factor does."""
    part = tornado[tornado["outcome"] == outcome]
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if part["effect"].isna().all():
        return (
            f"What a factor does alone to {thing} is not known: it is missing in every replicate."
        )
    clear = part[(part["low"] > 0) | (part["high"] < 0)]
    if clear.empty:
        return f"From where the base stands no factor alone is shown to move {thing}."
    row = clear.loc[clear["effect"].abs().idxmax()]
    unit = Unit.read(str(row["unit"]))
    factor, word = unit.factor, unit.of_differences
    low, high = factor * row["low"], factor * row["high"]
    places = places_of([(low, high)])
    sign = "+" if row["effect"] > 0 else ""
    return (
        f"From where the base stands, putting {quoted(row['factor_title'])} to {row['setting']} moves "
        f"{thing} most: {sign}{fixed(factor * row['effect'], places)} {word} ({level()} interval "
        f"{between(low, high, places)}, {int(row['replicates'])} replicates)."
    )


def of_failure(boxes: pd.DataFrame, failing: dict[str, Any], arm: str = "") -> str:
    """Under which conditions it fails: ``failing`` of the findings, and the design, if there is one."""
    n, failed = failing["points"], failing["failed"]
    unit = Unit.read(failing["unit"])
    factor, word = unit.factor, unit.of_differences
    side = "below" if failing["better"] == "higher" else "above"
    thing = quoted(titled(failing["title"]))
    what = f"The effect of {quoted(arm)} on {thing}" if arm else thing
    head = f"{what} stays {side} {factor * failing['threshold']:g} {word} in"
    if failed in (0, n):
        return f"{head} {'none' if failed == 0 else 'all'} of {n} conditions tried."
    told = boxes[boxes["low"] > boxes["overall"]]
    if told.empty:
        return (
            f"{head} {failed} of {n} conditions tried; no part of them is shown to fail more often than "
            "the rest, by the half that the search has not seen."
        )
    places = "; ".join(
        f"where {row['conditions']}, in {row['fails']} of {row['points']} ({whole_percent(row['density'])}, "
        f"{level()} interval {whole_percent(row['low'])} to {whole_percent(row['high'])})"
        for row in told.to_dict("records")
    )
    covered = whole_percent(float(told["coverage"].sum()))
    return (
        f"{head} {failed} of {n} conditions tried, above all {places}; {covered} of all failures lie "
        "there."
    )


def of_chance(outcomes: pd.DataFrame) -> str:
    """A warning where replicates are too few to tell points apart."""
    noisy = outcomes[outcomes["chance"] > _NOISY]
    if noisy.empty:
        return ""
    worst = noisy.loc[noisy["chance"].idxmax()]
    return (
        f"Up to {whole_percent(worst['chance'])} of what varies between points is the chance of few "
        f"replicates (in {quoted(worst['outcome_title'])}, {worst['analysis']}): give more of them "
        "before small indices are read."
    )


def of_width(sobol: pd.DataFrame) -> str:
    """A warning where intervals are too wide for the numbers to be quoted."""
    total = sobol[sobol["order"] == "total"]
    width = (total["high"] - total["low"]).max()
    if not width > _WIDE:
        return ""
    return (
        f"The widest interval of a total index spans {number(100 * width, 2)} percentage points: read "
        "the numbers as rough, or give more samples."
    )


def _ranked(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return frame.sort_values(by, ascending=False, kind="stable")


def _leaders(ranked: pd.DataFrame) -> list[dict[str, Any]]:
    """The first, and those whose intervals overlap its own."""
    rows: list[dict[str, Any]] = ranked.to_dict("records")
    return [row for row in rows if row["high"] >= rows[0]["low"]] or rows[:1]


def _little(frame: pd.DataFrame, least: float) -> list[str]:
    rows = frame[frame["high"] < least].to_dict("records")
    names = listed([_title(row) for row in rows]) if rows else ""
    return [f"{names} hardly matter{'s' if len(rows) == 1 else ''}."] if rows else []


def _refused(frame: pd.DataFrame, used: str, noun: str) -> str:
    """Why there are no indices; empty where nothing is missing."""
    row = frame.iloc[0]
    if not row.get("dropped", 0):
        return ""
    every = int(row[used] + row["dropped"])
    return (
        f"it is missing at a point of {int(row['dropped'])} of {_several(every, noun)}, and what is left "
        "is too little"
    )


def _left_out(frame: pd.DataFrame, used: str, noun: str) -> list[str]:
    """How much was left out for missing outcomes, and what that means."""
    row = frame.iloc[0]
    if not row.get("dropped", 0):
        return []
    every = int(row[used] + row["dropped"])
    return [
        f"Left out: {int(row['dropped'])} of {_several(every, noun)}, with points at which it is missing "
        "(a run had nothing to measure); so this is about where it can be measured."
    ]


def _several(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _title(row: dict[str, Any]) -> str:
    return quoted(str(row["factor_title"]))
