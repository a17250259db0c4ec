"""The page of an experiment: alternatives on common random numbers, and what they do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.report.frames import in_order, status
from model.report.webpage.answer_grid import doubtful_in, grid, no_primary
from model.report.webpage.comparison_tables import Tables
from model.report.webpage.document import (
    Block,
    DocumentSection,
    Estimate,
    Estimates,
    Grid,
    Page,
    Picture,
)
from model.report.webpage.money_notes import money_notes, money_of
from model.report.webpage.page_provenance import (
    command_of,
    folds,
    horizon,
    provenance,
    scenarios_of,
    years,
)
from model.scenario.faults import FEW
from model.scenario.money import Money
from model.wording.currency import in_currency, units_and_currency
from model.wording.factor_ranges import factor_range
from model.wording.numbers import (
    between,
    counted,
    fixed,
    interval,
    level,
    number,
    percent,
    quoted,
    titled,
)
from model.wording.sentences import (
    also,
    best_arm,
    change,
    clear,
    false_alarms,
    few_pairs,
    gain,
    known,
    listed,
    of_founders,
    places_of,
    small,
    tells,
    who,
    who_in_short,
)
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "paths": noted("How the outcomes move over time, a line an alternative, with {level} bands."),
    "by_community": noted("Product upgrading at the end in each community, a mark an alternative."),
    "sources_of_learning": noted(
        "Share of mastered practices by the channel through which they came, a bar an alternative."
    ),
}
_GAINS = {
    "who_gains": noted(
        "Effect of every alternative on thirds of founders by what they mastered at the start."
    )
}
_MARKS = noted("Filled marks and bold numbers: the interval excludes 0.")
_LITTLE = noted(
    "Effects below the smallest difference that matters are called small and never filled or bold."
)
_CROSSED = noted(
    "Main effects: against the first level of the factor, mean over all levels of the others. With "
    "another factor: how much more the two do together than each alone."
)
_REGRET = noted(
    "Regret is the distance from the best alternative under the same parameters. Means of replicates are "
    "compared, so that some of it is the chance of few replicates."
)
_BETTER = {
    "higher": ("", noted("better \N{RIGHTWARDS ARROW}")),
    "lower": (noted("\N{LEFTWARDS ARROW} better"), ""),
}


def comparison_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``compare`` wrote."""
    tables = Tables.read(folder, manifest)
    first, asked = tables.first, manifest["experiment"]
    return Page(
        kind=say("Experiment"),
        title=asked["title"],
        question=asked["question"],
        answer=answer(tables, manifest),
        design=_design(tables, asked, manifest),
        sections=[
            DocumentSection(
                say("All alternatives, all outcomes"),
                (),
                [grid(tables.effects, doubtful_in(tables.effects))],
            ),
            *([] if tables.long else [effects_section(tables)]),
            DocumentSection(
                say("What it costs, and how sure it is"),
                (),
                [_money(tables, first, money_of(manifest))],
            ),
            *_more(folder, tables),
            DocumentSection(say("Figures"), (), pictures(folder, _FIGURES)),
        ],
        assumptions=assumptions(manifest, sureness(tables)),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "experiment"),
    )


def effects_section(tables: Tables) -> DocumentSection:
    """Effects on every outcome, drawn, and what many comparisons leave open."""
    doubts = false_alarms(tables.effects)[0] if "p_holm" in tables.effects else ""
    stated = "matters" in tables.effects and tables.effects["matters"].notna().any()
    little = say(_LITTLE) if stated else ""
    notes = (say(_MARKS), little, doubts, few_pairs(tables.effects))
    return DocumentSection(say("Effects"), [said for said in notes if said],
                   [drawn_effects(tables, outcome) for outcome in tables.outcomes])  # fmt: skip


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


_PAIRED = noted(
    "{pairs} of each alternative with the baseline, on the same random numbers: within a pair only the "
    "design differs"
)
_PAIRED_OVER_DRAWS = noted(
    "{pairs} of each alternative with the baseline, on the same random numbers and the same draw of the "
    "parameters: within a pair only the design differs"
)


def _design(
    tables: Tables, asked: Mapping[str, Any], manifest: Mapping[str, Any]
) -> list[tuple[str, str]]:
    effects = tables.effects
    arms = in_order(effects, "arm", "arm_title")
    factors = asked.get("factors") or {}
    listing = "\n".join(arms.values())
    told = [
        (say("Compared with"), str(effects["against_title"].iloc[0])),
        (say("Factors"), "\n".join(factor_range(name, factor) for name, factor in factors.items())),
        (
            say("Alternatives"),
            listing if len(arms) <= FEW else say("{n}, all in the tables below", n=len(arms)),
        ),
        (
            say("Outcomes"),
            "\n".join(f"{t} ({_way(effects, o)})" for o, t in tables.outcomes.items()),
        ),
        (say("World"), _world(manifest)),
        (say("Horizon"), horizon(manifest)),
        (
            say("Pairs"),
            say(
                _PAIRED_OVER_DRAWS if tables.drawn else _PAIRED,
                pairs=counted(effects["replicates"], tables.pair),
            ),
        ),
        (say("Drawn from"), asked.get("source", "")),
    ]
    return [(term, text) for term, text in told if text]


def _way(effects: pd.DataFrame, outcome: str) -> str:
    higher = effects.loc[effects["outcome"] == outcome, "better"].iloc[0] == "higher"
    return say("higher is better") if higher else say("lower is better")


def _world(manifest: Mapping[str, Any]) -> str:
    titles = dict.fromkeys(str(s.get("title", "")) for s in scenarios_of(manifest).values())
    return listed([title for title in titles if title])


def drawn_effects(tables: Tables, outcome: str) -> Estimates:
    """Effects of every alternative on an outcome, and what they say."""
    effects = tables.effects
    if "p_holm" in effects:
        effects = effects.assign(doubtful=effects.index.isin(false_alarms(effects)[1]))
    rows = effects[effects["outcome"] == outcome].to_dict("records")
    left, right = map(say_name, _BETTER[rows[0]["better"]])
    return drawn(rows, "arm_title", rows[0]["outcome_title"], left, right, tables.verdict(outcome))


def drawn(
    rows: Sequence[Mapping[str, Any]],
    label: str,
    caption: str,
    left: str = "",
    right: str = "",
    note: str = "",
) -> Estimates:
    """Effects of one unit with their intervals, a row each; ``?`` marks the doubtful."""
    unit = Unit.read(rows[0]["unit"])
    factor, word = unit.factor, unit.of_differences
    places = places_of([(factor * r["low"], factor * r["high"]) for r in rows])
    shown = [
        Estimate(
            row[label], _text(row, factor, places), factor * row["effect"], factor * row["low"],
            factor * row["high"], clear=tells(dict(row)),
        )
        for row in rows
    ]  # fmt: skip
    estimates = Estimates(
        caption, say("difference, {unit}", unit=word), shown, 0.0, left, right, note=note
    )
    return estimates.with_ends(places)


def _text(row: Mapping[str, Any], factor: float, places: int) -> str:
    value, low, high = (factor * row[name] for name in ("effect", "low", "high"))
    sign = "+" if value > 0 else ""
    inside = f" ({between(low, high, places)})" if known(dict(row)) else ""
    doubt = " ?" if row.get("doubtful") else ""
    little = f" {say('small')}" if small(dict(row)) else ""
    return f"{sign}{fixed(value, places)}{inside}{little}{doubt}"


_OF_COSTS = noted(
    "All but the cost are for {outcome}. p: if there were no effect, the chance of so large a difference, "
    "adjusted for all comparisons of this report. Pairing: how much smaller the variance of a difference is "
    "than between independent runs, since pairs share their random numbers; negative where it is larger."
)


def _money(tables: Tables, first: str, money: Money | None) -> Grid:
    chances = tables.chances(first) or {}
    rows = []
    for row in tables.effects[tables.effects["outcome"] == first].to_dict("records"):
        unit = Unit.read(row["unit"])
        factor, word = unit.factor, unit.of_differences
        per = tuple(factor * row.get(f"per_money{end}", math.nan) for end in ("", "_low", "_high"))
        rows.append(
            [
                row["arm_title"],
                fixed(row["public_cost"], 0),
                *([in_currency(row["public_cost"], money)] if money else []),
                interval(*per),
                percent(chances.get(row["arm"], math.nan)),
                percent(row["positive"]),
                fixed(row.get("p_holm", math.nan), 3),
                percent(row["variance_removed"]),
            ]
        )
    return Grid(
        say("Public money over the run, and how sure the effects are"),
        [say("alternative"), say("public cost, units of account"),
         *([say("public cost")] if money else []),
         say("effect per {amount} units of extra money, {unit}", amount=fixed(1000, 0), unit=word),
         say("chance that its mean is best"), say("pairs in which it is above"), say("p (Holm)"),
         say("variance removed by pairing")],
        rows, range(1, 8 if money else 7),
        say(_OF_COSTS, outcome=quoted(tables.outcomes[first])),
    )  # fmt: skip


def _more(folder: Path, tables: Tables) -> Iterator[DocumentSection]:
    """Who gains, factors and regret, where there are such tables."""
    if len(tables.gains):
        what = told_of_founders(tables, tables.first)
        arms = in_order(tables.gains, "arm", "arm_title")
        said = [who(tables.gains, arm, what) for arm in arms]
        if tables.long:
            said = [who_in_short(tables.gains, arms, what)]
        said = [*not_of_founders(tables, tables.first), *(s for s in said if s)]
        yield DocumentSection(say("Who gains"), said, pictures(folder, _GAINS))
    if len(tables.factors):
        yield DocumentSection(say("What each factor does"), [say(_CROSSED)], list(_factors(tables)))
    if len(tables.regret):
        yield DocumentSection(say("What one may miss"), [say(_REGRET)], [_regret(tables)])


def _factors(tables: Tables) -> Iterator[Estimates]:
    for outcome, title in tables.outcomes.items():
        rows = tables.factors[tables.factors["outcome"] == outcome].to_dict("records")
        named = [
            row
            | {
                "label": say("{one}, with {other}", one=_level(row), other=_level(row, "with_"))
                if row["kind"] == "interaction" else _level(row)
            }
            for row in rows
        ]  # fmt: skip
        left, right = map(say_name, _BETTER[rows[0]["better"]])
        yield drawn(named, "label", title, left, right)


def _level(row: Mapping[str, Any], which: str = "") -> str:
    return f"{titled(row[f'{which}factor'])}: {row[f'{which}level']}"


def _of_factors(tables: Tables) -> str:
    """What single factors do to the first outcome, the most telling first."""
    rows: list[dict[str, Any]] = tables.factors.to_dict("records")
    main = [r for r in rows if r["kind"] == "main" and r["outcome"] == tables.first]
    told = sorted((row for row in main if clear(row)), key=lambda row: -abs(row["effect"]))
    thing = quoted(tables.outcomes[tables.first])
    if not told:
        return say("No factor is shown to move {thing}, averaged over the others.", thing=thing)
    effects = "; ".join(f"{quoted(_level(row))} {change(row, thing)}" for row in told)
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


def _regret(tables: Tables) -> Grid:
    rows = [
        [row["arm_title"], row["outcome_title"],
         *(number(Unit.read(row["unit"]).factor * row[name]) for name in ("mean", "bad", "most")),
         Unit.read(row["unit"]).of_differences, str(int(row["draws"]))]
        for row in tables.regret.to_dict("records")
    ]  # fmt: skip
    columns = [say("alternative"), say("outcome"), say("mean"), say("in 95% of draws below"),
               say("most"), say("unit"), say("draws")]  # fmt: skip
    return Grid(say("Regret over draws of the parameters"), columns, rows, (2, 3, 4, 6))


def pictures(folder: Path, known_as: Mapping[str, str]) -> list[Block]:
    """The figures of a folder that are there, by name with what they show."""
    return [
        Picture.read(file, say(alt, level=level()))
        for name, alt in known_as.items()
        if (file := folder / f"{name}.svg").exists()
    ]


_OVER_LUCK = noted(
    "Intervals hold {level} of the means that other random numbers would give, at these parameters; they "
    "do not cover doubt about the parameters or about the theory."
)
_OVER_DRAWS = noted(
    "Intervals hold {level} of the means that other draws of the parameters and other random numbers would "
    "give; they do not cover doubt about the theory."
)


def cost_table(tables: Tables, outcome: str, period: str, money: Money | None) -> Grid:
    """What each alternative costs the public, and what the money buys of an outcome."""
    full = _money(tables, outcome, money)
    columns = 5 if money else 4
    rows = [row[:columns] for row in full.rows]
    note = say(
        "Over {period}. Extra money is money beyond the baseline; its effect is that on {outcome}.",
        period=period,
        outcome=quoted(tables.outcomes[outcome]),
    )
    return Grid(full.caption, full.columns[:columns], rows, range(1, columns), note)


def sureness(tables: Tables) -> str:
    """What the intervals of a comparison cover and what they do not."""
    return _OVER_DRAWS if tables.drawn else _OVER_LUCK


def assumptions(manifest: Mapping[str, Any], intervals: str = _OVER_LUCK) -> list[str]:
    """What a reader has to know before quoting a number; ``intervals`` says what they are over."""
    neutral = sorted({m for s in scenarios_of(manifest).values() for m in s.get("neutral", ())})
    said = [
        _parameters(manifest)
        + " "
        + say(
            "Levels and effects show what the mechanisms imply at these numbers; they are no forecast."
        ),
        say(intervals, level=level()),
        *money_notes(manifest),
    ]
    if neutral:
        said.append(
            say(
                "Mechanisms put to their neutral case: {mechanisms}.",
                mechanisms=listed([titled(m) for m in neutral]),
            )
        )
    return said


def _parameters(manifest: Mapping[str, Any]) -> str:
    """Where the parameters are from: drawn from a file, or the documented defaults."""
    drawn = manifest.get("compared", {}).get("draws", 0)
    file = manifest.get("experiment", {}).get("draws", "")
    if drawn and file:
        name = PurePosixPath(file.replace("\\", "/")).name
        return say(
            "Parameters are {draws} of {file}, not the documented defaults.",
            draws=counted(drawn, "draw"),
            file=name,
        )
    return status(bool(manifest.get("calibrated", False)))
