"""The page of an experiment: alternatives on common random numbers, and what they do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.report.frames import in_order, status
from model.report.webpage.answer_grid import doubtful_in, grid
from model.report.webpage.comparison_answer import (
    answer,
    level_of_factor,
    not_of_founders,
    told_of_founders,
)
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
)
from model.scenario.faults import FEW
from model.scenario.money import Money
from model.wording.currency import in_currency
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
    false_alarms,
    few_pairs,
    known,
    listed,
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
                "label": say(
                    "{one}, with {other}", one=level_of_factor(row), other=level_of_factor(row, "with_")
                )
                if row["kind"] == "interaction" else level_of_factor(row)
            }
            for row in rows
        ]  # fmt: skip
        left, right = map(say_name, _BETTER[rows[0]["better"]])
        yield drawn(named, "label", title, left, right)


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
