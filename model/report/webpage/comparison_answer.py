"""What a comparison says first: which alternative to choose, what it costs, who gains, what is missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.language import say
from model.report.webpage.answer_grid import no_primary
from model.report.webpage.comparison_tables import Tables
from model.report.webpage.money_notes import money_of
from model.report.webpage.page_provenance import years
from model.wording.currency import units_and_currency
from model.wording.numbers import counted, fixed, interval, number, quoted, titled
from model.wording.sentences import also, best_arm, change, clear, gain, of_founders, tells, who
from model.wording.units import Unit


def answer(tables: Tables, manifest: Mapping[str, Any]) -> list[str]:
    """What to quote, and what else there is to say of the best."""
    effects, first = tables.effects, tables.first
    best = best_arm(effects, first, tables.chances(first))
    crossed = _of_factors(tables) if len(tables.factors) else ""
    missed = _of_regret(tables) if len(tables.regret) else ""
    if not tables.primary:
        chances = {name: tables.chances(name) for name in tables.outcomes}
        return [no_primary(effects, chances), *filter(None, (crossed, missed))]
    if best is None:
        lead = say("In these simulations: {verdict}", verdict=_lower(tables.verdict(first)))
        return [lead, *filter(None, (unequal_spending(tables), crossed, missed))]
    row = effects[(effects["arm"] == best) & (effects["outcome"] == first)].iloc[0]
    cost = units_and_currency(row["public_cost"], money_of(manifest))
    money = say(", at a public cost of {cost} over {period}", cost=cost, period=years(manifest))
    rest = [unequal_spending(tables), crossed, missed, *also(effects, best, first)]
    if len(tables.gains):
        rest.append(who(tables.gains, best, told_of_founders(tables, first)))
    return [tables.verdict(first, money), *filter(None, rest)]


_UNEQUAL = 0.8
"""Spending of the thriftiest over that of the dearest alternative below which it is not called the same."""


def unequal_spending(tables: Tables) -> str:
    """Says so where alternatives did not spend the same, and with which of them money buys most."""
    rows = tables.effects[tables.effects["outcome"] == tables.first]
    if "extra_cost" not in rows or (rows["extra_cost"] <= 0).any() or len(rows) == 1:
        return ""
    by_cost = rows.sort_values("public_cost", kind="stable").to_dict("records")
    least, most = by_cost[0], by_cost[-1]
    if least["extra_cost"] >= _UNEQUAL * most["extra_cost"]:
        return ""
    said = say(
        "They do not spend the same: {least} spends {little} units of account, {most} {much}.",
        least=quoted(least["arm_title"]),
        little=fixed(least["public_cost"], 0),
        most=quoted(most["arm_title"]),
        much=fixed(most["public_cost"], 0),
    )
    helped = [row for row in by_cost if tells(row) and gain(row) > 0]
    if not helped:
        return said
    buys = max(helped, key=lambda row: abs(row["per_money"]))
    unit = Unit.read(buys["unit"])
    bought = say(
        "Each {amount} units of extra money buy most with {arm}, as far as it spends: {effect} {unit}.",
        amount=fixed(1000, 0),
        arm=quoted(buys["arm_title"]),
        effect=interval(*(unit.factor * buys[f"per_money{end}"] for end in ("", "_low", "_high"))),
        unit=unit.of_differences,
    )
    return f"{said} {bought}"


def told_of_founders(tables: Tables, outcome: str) -> str:
    """The column of gains nearest to an outcome: the measure's kind of upgrading, or the first."""
    known = list(dict.fromkeys(tables.gains["what"]))
    return next((what for what in known if outcome.startswith(what)), known[1])


def not_of_founders(tables: Tables, outcome: str) -> list[str]:
    """Says so where the thirds of founders are told of in another measure than the outcome."""
    what = told_of_founders(tables, outcome)
    if outcome.partition("_at_")[0] == what:
        return []
    row = tables.gains[tables.gains["what"] == what].iloc[0]
    return [
        say(
            "{outcome} was not measured for thirds of founders. What follows is their {measure} ({unit}).",
            outcome=quoted(tables.outcomes[outcome]),
            measure=quoted(of_founders(row["what_title"])),
            unit=Unit.read(row["unit"].partition(", ")[0]).of_levels,
        )
    ]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def level_of_factor(row: Mapping[str, Any], which: str = "") -> str:
    """A level under the name of its factor; ``which``: ``with_`` for the other one of two."""
    return f"{titled(row[f'{which}factor'])}: {row[f'{which}level']}"


def _of_factors(tables: Tables) -> str:
    """What single factors do to the first outcome, the most telling first."""
    rows: list[dict[str, Any]] = tables.factors.to_dict("records")
    main = [r for r in rows if r["kind"] == "main" and r["outcome"] == tables.first]
    told = sorted((row for row in main if clear(row)), key=lambda row: -abs(row["effect"]))
    thing = quoted(tables.outcomes[tables.first])
    if not told:
        return say("No factor is shown to move {thing}, averaged over the others.", thing=thing)
    effects = "; ".join(f"{quoted(level_of_factor(row))} {change(row, thing)}" for row in told)
    return say("Averaged over the other factors: {effects}.", effects=effects)


def _of_regret(tables: Tables) -> str:
    """By which choice one misses least of the first outcome, whatever the parameters are."""
    rows = tables.regret[tables.regret["outcome"] == tables.first]
    row = rows.loc[rows["bad"].idxmin()]
    unit = Unit.read(str(row["unit"]))
    factor, word = unit.factor, unit.of_differences
    return say(
        "Over {draws} of the parameters {alternative} misses least in {outcome}: in 95% of draws at most "
        "{amount} {unit} from the best.",
        draws=counted(int(row["draws"]), "draw"),
        alternative=quoted(row["arm_title"]),
        outcome=quoted(tables.outcomes[tables.first]),
        amount=number(factor * row["bad"]),
        unit=word,
    )
