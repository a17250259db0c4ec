"""The page of a search: the front, each design on it, what to give up for what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.report.webpage.comparison_page import assumptions, pictures
from model.report.webpage.comparison_tables import table
from model.report.webpage.document import DocumentSection, Estimate, Estimates, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.factor_ranges import factor_range, has_names, title_of
from model.wording.numbers import (
    as_asked,
    counted,
    decimals,
    fixed,
    general,
    interval,
    level,
    percent,
)
from model.wording.search_sentences import WORTH, answer_of_search, design_title
from model.wording.sentences import listed
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_STRATEGIES = {
    "evolution": noted("the search"),
    "chance": noted("chance"),
    "known": noted("known designs"),
}
_FIGURES = {
    "front": noted(
        "Every design shown, by two aims at a time, with {level} intervals on fresh random numbers."
    ),
}


def search_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``search`` wrote."""
    asked = manifest["search"]
    named = [name for name, factor in asked["choose"].items() if has_names(factor)]
    tables = {
        name: table(folder, name, needed=True, text=named, manifest=manifest)
        for name in ("designs", "outcomes", "theories", "tradeoffs", "strategies")
    }
    designs, outcomes = tables["designs"], tables["outcomes"]
    said = answer_of_search(tables, manifest["best"])
    return Page(
        kind=say("Search"),
        title=asked["title"],
        question=asked["question"],
        answer=said,
        design=_design(asked, manifest, outcomes),
        sections=[
            DocumentSection(say("The front"), (), pictures(folder, _FIGURES)),
            DocumentSection(
                say("Designs"),
                (
                    say(
                        "Worth is the sum of effects on all aims, {unit}, times their weights. All numbers "
                        "are of random numbers that played no part in the search.",
                        unit=say(WORTH),
                    ),
                ),
                [_worth(designs), _designs(designs), _choices(designs, asked)],
            ),
            DocumentSection(say("Aims"), (), [*_aims(outcomes)]),
            DocumentSection(
                say("What to give up for what"),
                (say("Steps along the front, from the design that is best in the first aim on."),),
                [_tradeoffs(tables["tradeoffs"])],
            ),
            DocumentSection(say("Rival theories"), (), [_theories(tables["theories"])]),
            DocumentSection(
                say("What the search was worth"), (), [_strategies(tables["strategies"])]
            ),
        ],
        assumptions=[
            *assumptions(manifest),
            say(
                "Designs spend the same public money beside what the world spends, mean over draws and "
                "random numbers, or less where they can't spend it; neither it nor what it buys is "
                "discounted."
            ),
        ],
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "search"),
    )


def _design(
    asked: Mapping[str, Any], manifest: Mapping[str, Any], outcomes: pd.DataFrame
) -> list[tuple[str, str]]:
    effort = asked["effort"]
    weights = {_name(outcomes, n): aim["weight"] for n, aim in enumerate(asked["aims"])}
    aims = [
        title if weight == 1 else say("{aim} (weight {weight})", aim=title, weight=general(weight))
        for title, weight in weights.items()
    ]
    return [
        (term, text)
        for term, text in (
            (say("World"), manifest["base"]["title"]),
            (
                say("Money"),
                say(
                    "{money} units of account a quarter, mean over the run",
                    money=general(asked["money"]),
                ),
            ),
            (
                say("May be chosen"),
                "\n".join(factor_range(name, f) for name, f in asked["choose"].items()),
            ),
            (say("Counts"), listed(aims)),
            (
                say("Search"),
                say("{runs}, as many again by chance", runs=counted(effort["runs"], "run")),
            ),
            (
                say("Cases"),
                say(
                    "{first} to {most} in the search, {fresh} fresh ones",
                    first=fixed(effort["first"], 0),
                    most=fixed(effort["most"], 0),
                    fresh=fixed(effort["fresh"], 0),
                ),
            ),
            (say("Horizon"), horizon(manifest)),
            (say("Drawn from"), asked.get("source", "")),
        )
        if text
    ]


def _name(outcomes: pd.DataFrame, place: int) -> str:
    return str(outcomes["outcome_title"].drop_duplicates().iloc[place])


def _worth(designs: pd.DataFrame) -> Estimates:
    rows = [
        Estimate(
            design_title(row["title"]),
            interval(row["worth"], row["worth_low"], row["worth_high"], 1),
            row["worth"],
            row["worth_low"],
            row["worth_high"],
            row["worth_low"] > 0 or row["worth_high"] < 0,
        )
        for row in designs.to_dict("records")
    ]
    return Estimates(
        say("Worth of each design"), say(WORTH), rows, 0.0, say("worse"), say("better")
    ).with_ends(1)


def _designs(designs: pd.DataFrame) -> Grid:
    rows = [
        [
            design_title(row["title"]),
            say("yes") if row["front"] else "",
            percent(row["on_front"]),
            percent(row["best"]),
            fixed(row["searched"], 1),
            fixed(row["regret"], 1),
            say_name(row["worst_theory"]),
            fixed(row["money"], 0),
            fixed(row["helped"], 0),
            fixed(row["money_per_firm_year"], 2),
        ]
        for row in designs.to_dict("records")
    ]
    columns = [
        say("design"),
        say("on the front"),
        say("chance of it"),
        say("chance to be worth most"),
        say("worth in the search"),
        say("regret in the worst theory"),
        say("that theory"),
        say("money over the run"),
        say("firm-years helped"),
        say("money a firm-year"),
    ]
    return Grid(
        say("How sure, how robust, how dear"),
        columns,
        rows,
        (2, 3, 4, 5, 7, 8, 9),
        say(
            "Money in units of account beside what the world spends. Helped: firms that institutions' staff "
            "served within a year, beside those of the world; who gets a grant or an order is not counted."
        ),
    )


def _choices(designs: pd.DataFrame, asked: Mapping[str, Any]) -> Grid:
    found = designs[designs["kind"] == "found"]
    rows = [
        [title_of(name, factor), *(_value(row[name], factor) for row in found.to_dict("records"))]
        for name, factor in asked["choose"].items()
    ]
    rows.append([say("Budgets times"), *(fixed(times, 2) for times in found["times"])])
    return Grid(
        say("What was chosen"), [say("choice"), *map(design_title, found["title"])], rows, (),
        say("Budgets as the file writes them are multiplied so that the money is spent."),
    )  # fmt: skip


def _value(value: Any, factor: Mapping[str, Any]) -> str:
    if factor.get("levels"):
        return str(factor["levels"][value].get("title") or str(value).replace("_", " "))
    if factor.get("values"):
        return as_asked(value)
    return fixed(float(value), 0 if factor.get("whole") else 2)


def _aims(outcomes: pd.DataFrame) -> list[Estimates]:
    found = []
    for _, part in outcomes.groupby("outcome", sort=False):
        rows, unit = part.to_dict("records"), Unit.read(part["unit"].iloc[0])
        places = decimals(*((unit.factor * r["low"], unit.factor * r["high"]) for r in rows))
        shown = []
        for row in rows:
            mean, low, high = (unit.factor * row[name] for name in ("effect", "low", "high"))
            text = say(
                "{effect}; best {chance}",
                effect=interval(mean, low, high, places),
                chance=percent(row["best"]),
            )
            shown.append(
                Estimate(design_title(row["title"]), text, mean, low, high, low > 0 or high < 0)
            )
        left, right = say("worse"), say("better")
        if rows[0]["better"] != "higher":
            left, right = right, left
        caption = say("{aim}, beside the world as it is", aim=rows[0]["outcome_title"])
        of = say("difference, {unit}", unit=unit.of_differences)
        estimates = Estimates(caption, of, shown, 0.0, left, right)
        found.append(estimates.with_ends(places))
    return found


def _tradeoffs(tradeoffs: pd.DataFrame) -> Grid:
    rows = []
    for row in tradeoffs.to_dict("records"):
        unit = Unit.read(row["unit"])
        numbers = (unit.factor * row[name] for name in ("difference", "low", "high"))
        rows.append(
            [
                say(
                    "{one} to {other}",
                    one=design_title(row["from_title"]),
                    other=design_title(row["to_title"]),
                ),
                row["outcome_title"],
                interval(*numbers),
                unit.of_differences,
            ]
        )
    difference = say("difference ({level} interval)", level=level())
    return Grid(
        say("From design to design"), [say("step"), say("aim"), difference, say("unit")], rows, (2,)
    )


def _theories(theories: pd.DataFrame) -> Grid:
    rows = [
        [
            say_name(row["theory_title"]),
            design_title(row["title"]),
            interval(row["worth"], row["low"], row["high"], 1),
            fixed(row["regret"], 1),
        ]
        for row in theories.to_dict("records")
    ]
    return Grid(
        say("Worth and regret in each theory"),
        [say("theory"), say("design"), say("worth"), say("regret")],
        rows,
        (2, 3),
        say(
            "Regret: what a design's worth lacks to that of the best design shown, in that theory. A rival "
            "is the model with the mechanisms neutral that it does not count, at the same parameters."
        ),
    )


def _strategies(strategies: pd.DataFrame) -> Grid:
    rows = [
        [
            say(_STRATEGIES[row["strategy"]]),
            fixed(row["tried"], 0),
            fixed(row["finalists"], 0),
            interval(row["hypervolume"], row["low"], row["high"]),
        ]
        for row in strategies.to_dict("records")
    ]
    columns = [
        say("designs by"),
        say("tried"),
        say("run again"),
        say("hypervolume of the front ({level} interval)", level=level()),
    ]
    return Grid(
        say("Fronts on fresh random numbers"),
        columns,
        rows,
        (1, 2, 3),
        say(
            "Volume, in what matters of every aim, between the front and the worst of all designs in "
            "each aim."
        ),
    )
