"""Sentences on what drives a result, built from the tables of a sensitivity study by rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.language import noted_many, say, say_many
from model.wording.numbers import between, fixed, general, level, number, percent, quoted, titled
from model.wording.sentences import listed, places_of
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

NEGLIGIBLE = 0.05
"""Share of the variance, or of the largest effect, below which a factor hardly matters."""
_NOISY = 0.1  # share of chance from which more replicates are advised
_WIDE = 0.3  # width of an interval of a share from which numbers are called rough
_BENDS = 0.5  # spread of elementary effects over their size from which a factor is said to interact


_SAMPLES = noted_many("{n} base sample", "{n} base samples")
_TRAJECTORIES = noted_many("{n} trajectory", "{n} trajectories")


def whole_percent(share: float) -> str:
    """A share as a percentage; 0 to 100 where estimates scatter beyond."""
    return percent(share if share != share else min(1.0, max(0.0, share)))


def of_variance(sobol: pd.DataFrame, outcome: str) -> list[str]:
    """Which factors account for the variance of an outcome, and which hardly do; the first to quote."""
    part = sobol[sobol["outcome"] == outcome]
    total = _ranked(part[part["order"] == "total"], "index")
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if (why := _refused(total, "n", _SAMPLES)) and total["index"].isna().all():
        return [say("{thing} has no indices: {why}.", thing=thing, why=why)]
    if total["index"].isna().all():
        return [
            say(
                "{thing} does not vary between the points: no factor accounts for anything.",
                thing=thing,
            )
        ]
    first = part[part["order"] == "first"].set_index("factor")
    leaders = _leaders(total)
    told = "; ".join(_share(row, first.loc[row["factor"]]) for row in leaders)
    said = [
        say_many(
            "{factors} matters most for {thing}. Share of its variance with all interactions ({level} "
            "interval): {shares}.",
            "{factors} matter most for {thing}. Share of its variance with all interactions ({level} "
            "interval): {shares}.",
            len(leaders),
            factors=listed([_title(row) for row in leaders]),
            thing=thing,
            level=level(),
            shares=told,
        )
    ]
    if len(leaders) > 1:
        said.append(_not_ranked())
    return [*said, *_little(total, NEGLIGIBLE), *_left_out(total, "n", _SAMPLES)]


def _share(total: dict[str, Any], first: pd.Series) -> str:
    return say(
        "{factor} {share} ({low} to {high}; alone {alone})",
        factor=_title(total),
        share=whole_percent(total["index"]),
        low=whole_percent(total["low"]),
        high=whole_percent(total["high"]),
        alone=whole_percent(first["index"]),
    )


def _not_ranked() -> str:
    return say("Their intervals overlap: they are not ranked.")


def of_pairs(sobol: pd.DataFrame, outcome: str) -> str:
    """Which pairs of factors do more together than each alone."""
    part = sobol[(sobol["outcome"] == outcome) & (sobol["order"] == "second")]
    if part.empty or part["index"].isna().all():
        return ""
    thing = quoted(str(part["outcome_title"].iloc[0]))
    there = _ranked(part[part["low"] > 0], "index").to_dict("records")
    if not there:
        return say(
            "No pair of factors is shown to interact in {thing}: every interval includes 0.",
            thing=thing,
        )
    pairs = [
        say(
            "{one} with {other} ({share}, {low} to {high})",
            one=_title(row),
            other=quoted(row["other_title"]),
            share=whole_percent(row["index"]),
            low=whole_percent(row["low"]),
            high=whole_percent(row["high"]),
        )
        for row in there
    ]
    return say(
        "Pairs that are shown to interact in {thing}: {pairs} of its variance.",
        thing=thing,
        pairs=listed(pairs),
    )


def of_screening(morris: pd.DataFrame, outcome: str) -> list[str]:
    """Which factors move an outcome most, which interact, which hardly matter; the first to quote."""
    part = _ranked(morris[morris["outcome"] == outcome], "mu_star")
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if part["mu_star"].isna().all():
        why = _refused(part, "trajectories", _TRAJECTORIES)
        return [say("{thing} is not screened: {why}.", thing=thing, why=why)]
    if part["mu_star"].max() == 0:
        return [say("No factor moves {thing} at all.", thing=thing)]
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
        say(
            "{thing} is moved most, up or down, by {factors}. Mean absolute effect in {unit} ({level} "
            "interval): {amounts}.",
            thing=thing,
            factors=listed([_title(row) for row in leaders]),
            unit=word,
            level=level(),
            amounts="; ".join(amounts),
        )
    ]
    if len(leaders) > 1:
        said.append(_not_ranked())
    said.append(
        say(
            "A move is {share} of a range, or another level.",
            share=whole_percent(float(part["step"].iloc[0])),
        )
    )
    least = NEGLIGIBLE * part["mu_star"].max()
    bent = part[(part["sigma"] > _BENDS * part["mu_star"]) & (part["high"] >= least)]
    if len(bent):
        names = listed([_title(row) for row in bent.to_dict("records")])
        said.append(
            say_many(
                "What {factors} does depends on the other factors, or is no straight line.",
                "What {factors} do depends on the other factors, or is no straight line.",
                len(bent),
                factors=names,
            )
        )
    return [*said, *_little(part, least), *_left_out(part, "trajectories", _TRAJECTORIES)]


def of_moves(tornado: pd.DataFrame, outcome: str) -> str:
    """What the largest move of a single factor does."""
    part = tornado[tornado["outcome"] == outcome]
    thing = quoted(str(part["outcome_title"].iloc[0]))
    if part["effect"].isna().all():
        return say(
            "What a factor does alone to {thing} is not known: it is missing in every replicate.",
            thing=thing,
        )
    clear = part[(part["low"] > 0) | (part["high"] < 0)]
    if clear.empty:
        return say(
            "From where the base stands no factor alone is shown to move {thing}.", thing=thing
        )
    row = clear.loc[clear["effect"].abs().idxmax()]
    unit = Unit.read(str(row["unit"]))
    factor, word = unit.factor, unit.of_differences
    low, high = factor * row["low"], factor * row["high"]
    places = places_of([(low, high)])
    sign = "+" if row["effect"] > 0 else ""
    return say(
        "From where the base stands, putting {factor} to {value} moves {thing} most: {amount} {unit} "
        "({level} interval {inside}, {n} replicates).",
        factor=quoted(row["factor_title"]),
        value=row["setting"],
        thing=thing,
        amount=f"{sign}{fixed(factor * row['effect'], places)}",
        unit=word,
        level=level(),
        inside=between(low, high, places),
        n=int(row["replicates"]),
    )


def of_failure(boxes: pd.DataFrame, failing: dict[str, Any], arm: str = "") -> str:
    """Under which conditions it fails: ``failing`` of the findings, and the design, if there is one."""
    n, failed = failing["points"], failing["failed"]
    unit = Unit.read(failing["unit"])
    factor, word = unit.factor, unit.of_differences
    thing = quoted(titled(failing["title"]))
    what = say("The effect of {arm} on {thing}", arm=quoted(arm), thing=thing) if arm else thing
    edge = f"{general(factor * failing['threshold'])} {word}"
    below = failing["better"] == "higher"
    head = (
        say("{thing} stays below {edge}", thing=what, edge=edge)
        if below
        else say("{thing} stays above {edge}", thing=what, edge=edge)
    )
    if failed == 0:
        return say("{it_fails} in none of {n} conditions tried.", it_fails=head, n=n)
    if failed == n:
        return say("{it_fails} in all of {n} conditions tried.", it_fails=head, n=n)
    told = boxes[boxes["low"] > boxes["overall"]]
    if told.empty:
        return say(
            "{it_fails} in {failed} of {n} conditions tried; no part of them is shown to fail more often "
            "than the rest, by the half that the search has not seen.",
            it_fails=head,
            failed=failed,
            n=n,
        )
    places = "; ".join(
        say(
            "where {conditions}, in {fails} of {points} ({share}, {level} interval {low} to {high})",
            conditions=row["conditions"],
            fails=row["fails"],
            points=row["points"],
            share=whole_percent(row["density"]),
            level=level(),
            low=whole_percent(row["low"]),
            high=whole_percent(row["high"]),
        )
        for row in told.to_dict("records")
    )
    return say(
        "{it_fails} in {failed} of {n} conditions tried, above all {places}; {share} of all failures lie "
        "there.",
        it_fails=head,
        failed=failed,
        n=n,
        places=places,
        share=whole_percent(float(told["coverage"].sum())),
    )


def of_chance(outcomes: pd.DataFrame) -> str:
    """A warning where replicates are too few to tell points apart."""
    noisy = outcomes[outcomes["chance"] > _NOISY]
    if noisy.empty:
        return ""
    worst = noisy.loc[noisy["chance"].idxmax()]
    return say(
        "Up to {share} of what varies between points is the chance of few replicates (in {thing}, "
        "{analysis}): give more of them before small indices are read.",
        share=whole_percent(worst["chance"]),
        thing=quoted(worst["outcome_title"]),
        analysis=worst["analysis"],
    )


def of_width(sobol: pd.DataFrame) -> str:
    """A warning where intervals are too wide for the numbers to be quoted."""
    total = sobol[sobol["order"] == "total"]
    width = (total["high"] - total["low"]).max()
    if not width > _WIDE:
        return ""
    return say(
        "The widest interval of a total index spans {width} percentage points: read the numbers as "
        "rough, or give more samples.",
        width=number(100 * width, 2),
    )


def _ranked(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return frame.sort_values(by, ascending=False, kind="stable")


def _leaders(ranked: pd.DataFrame) -> list[dict[str, Any]]:
    """The first, and those whose intervals overlap its own."""
    rows: list[dict[str, Any]] = ranked.to_dict("records")
    return [row for row in rows if row["high"] >= rows[0]["low"]] or rows[:1]


def _little(frame: pd.DataFrame, least: float) -> list[str]:
    rows = frame[frame["high"] < least].to_dict("records")
    if not rows:
        return []
    names = listed([_title(row) for row in rows])
    return [
        say_many("{factors} hardly matters.", "{factors} hardly matter.", len(rows), factors=names)
    ]


def _refused(frame: pd.DataFrame, used: str, noun: tuple[str, str]) -> str:
    """Why there are no indices; empty where nothing is missing."""
    row = frame.iloc[0]
    if not row.get("dropped", 0):
        return ""
    return say(
        "it is missing at a point of {dropped} of {all}, and what is left is too little",
        dropped=int(row["dropped"]),
        all=_all_of(row, used, noun),
    )


def _left_out(frame: pd.DataFrame, used: str, noun: tuple[str, str]) -> list[str]:
    """How much was left out for missing outcomes, and what that means."""
    row = frame.iloc[0]
    if not row.get("dropped", 0):
        return []
    return [
        say(
            "Left out: {dropped} of {all}, with points at which it is missing (a run had nothing to "
            "measure); so this is about where it can be measured.",
            dropped=int(row["dropped"]),
            all=_all_of(row, used, noun),
        )
    ]


def _all_of(row: pd.Series, used: str, noun: tuple[str, str]) -> str:
    every = int(row[used] + row["dropped"])
    return say_many(*noun, every, n=every)


def _title(row: dict[str, Any]) -> str:
    return quoted(str(row["factor_title"]))
