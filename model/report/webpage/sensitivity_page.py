"""The page of a sensitivity study: what drives the outcomes, and where a design fails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say
from model.report.frames import in_order
from model.report.made_titles import outcome_said
from model.report.webpage.comparison_page import assumptions, pictures
from model.report.webpage.comparison_tables import table
from model.report.webpage.document import Block, DocumentSection, Estimate, Estimates, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.driver_sentences import (
    of_chance,
    of_failure,
    of_moves,
    of_pairs,
    of_screening,
    of_variance,
    of_width,
    whole_percent,
)
from model.wording.factor_ranges import factor_range
from model.wording.numbers import MISSING, counted, fixed, level, number, quoted
from model.wording.sentences import listed, places_of
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

ANALYSES = {
    "sobol": noted("Sobol indices"),
    "morris": noted("Morris screening"),
    "tornado": noted("One at a time"),
    "discovery": noted("Scenario discovery"),
}
"""What to call the analyses."""
_TABLES = ("sobol", "morris", "tornado", "discovery", "outcomes")
_FIGURES = {
    "variance_shares": noted(
        "Bars: first-order and total index of every factor with {level} intervals, a panel an outcome; the "
        "table below holds the numbers."
    ),
    "screening": noted(
        "Mean absolute elementary effect of every factor against the spread of its effects, a panel an "
        "outcome; the table below holds the numbers."
    ),
    "convergence_sobol": noted("Total indices from growing parts of the design, a line a factor."),
    "convergence_morris": noted(
        "Mean absolute effects from growing parts of the design, a line a factor."
    ),
    "tornado": noted("What moving each factor alone does to each outcome, with {level} intervals."),
    "failures": noted("Points of the design in the plane of two factors, those that fail marked."),
}


_OVER_POINTS = noted(
    "Intervals of indices are {level} bootstrap intervals over the points of the design, those of single "
    "moves over replicates; they do not cover doubt about the theory."
)


def sensitivity_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``sensitivity`` wrote."""
    asked = manifest["sensitivity"]
    tables = {
        name: table(folder, name, manifest=manifest)
        for name in _TABLES
        if (folder / f"{name}.csv").exists()
    }
    return Page(
        kind=say("Sensitivity study"),
        title=asked["title"],
        question=asked["question"],
        answer=_answer(tables, manifest),
        design=_design(tables["outcomes"], asked, manifest),
        sections=list(_sections(folder, tables, manifest)),
        assumptions=[
            *assumptions(manifest, _OVER_POINTS),
            say(
                "Factors vary independently and evenly over their ranges or levels; other ranges give "
                "other indices."
            ),
            *filter(None, [of_chance(tables["outcomes"])]),
        ],
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "sensitivity"),
    )


def _answer(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> list[str]:
    first = str(tables["outcomes"]["outcome"].iloc[0])
    said = []
    if "discovery" in tables:
        said.append(_failure(tables["discovery"], manifest))
    if "sobol" in tables:
        lead, *rest = of_variance(tables["sobol"], first)
        said += [lead, " ".join([*rest, of_width(tables["sobol"])]).strip()]
    elif "morris" in tables:
        lead, *rest = of_screening(tables["morris"], first)
        said += [lead, " ".join(rest)]
    if "tornado" in tables:
        said.append(of_moves(tables["tornado"], first))
    return [sentence for sentence in said if sentence]


def _failure(boxes: pd.DataFrame, manifest: Mapping[str, Any]) -> str:
    failing = manifest["failing"]
    title = outcome_said(failing["outcome"], failing["title"], manifest)
    return of_failure(boxes, failing | {"title": title}, _arm(manifest["sensitivity"]))


def _arm(asked: Mapping[str, Any]) -> str:
    arm = asked.get("arm")
    return (arm["title"] or say("the design")) if arm else ""


def _design(
    outcomes: pd.DataFrame, asked: Mapping[str, Any], manifest: Mapping[str, Any]
) -> list[tuple[str, str]]:
    base = next(iter(manifest["scenarios"].values()))
    titles = in_order(outcomes, "outcome", "outcome_title")
    what = "\n".join(
        say(
            "{analysis}: {points}, {replicates} each",
            analysis=say(ANALYSES[row["analysis"]]),
            points=counted(row["points"], "point"),
            replicates=counted(row["replicates"], "replicate"),
        )
        for row in outcomes.drop_duplicates("analysis").to_dict("records")
    )
    arm = _arm(asked)
    effects = say(
        "Outcomes are effects of {arm} against the world without it, on the same random numbers",
        arm=quoted(arm),
    )
    told = [
        (say("World"), base["title"]),
        (say("Design"), effects if arm else ""),
        (say("Outcomes"), listed(list(titles.values()))),
        (say("Factors"), "\n".join(factor_range(name, f) for name, f in asked["vary"].items())),
        (say("Analyses"), what),
        (say("Horizon"), horizon(manifest)),
        (say("Drawn from"), asked.get("source", "")),
    ]
    return [(term, text) for term, text in told if text]


def _sections(
    folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> list[DocumentSection]:
    found = []
    outcomes = in_order(tables["outcomes"], "outcome", "outcome_title")
    if "discovery" in tables:
        boxes = tables["discovery"]
        blocks = [_failing(boxes)] if len(boxes) else []
        found.append(
            DocumentSection(
                say("Where it fails"),
                [_failure(boxes, manifest)],
                [*blocks, *_picture(folder, "failures")],
            )
        )
    if "sobol" in tables:
        sobol = tables["sobol"]
        said = [" ".join([*of_variance(sobol, o), of_pairs(sobol, o)]) for o in outcomes]
        drawn = _picture(folder, "variance_shares") + _picture(folder, "convergence_sobol")
        grids: list[Block] = [_shares(sobol, o) for o in outcomes]
        found.append(DocumentSection(say("Shares of the variance"), said, drawn + grids))
    if "morris" in tables:
        morris = tables["morris"]
        drawn = _picture(folder, "screening") + _picture(folder, "convergence_morris")
        grids = [_effects(morris, o) for o in outcomes]
        said = [" ".join(of_screening(morris, o)) for o in outcomes]
        found.append(DocumentSection(say("Screening"), said, drawn + grids))
    if "tornado" in tables:
        moves = tables["tornado"]
        said = [of_moves(moves, o) for o in outcomes]
        found.append(
            DocumentSection(say("One factor at a time"), said, _picture(folder, "tornado"))
        )
    found.append(DocumentSection(say("What varied"), [], [_outcomes(tables["outcomes"])]))
    return found


def _picture(folder: Path, name: str) -> list[Block]:
    return pictures(folder, {name: _FIGURES[name]})


def _failing(boxes: pd.DataFrame) -> Estimates:
    overall = float(boxes["overall"].iloc[0])
    rows = [
        Estimate(
            f"{row['conditions']} ({counted(row['points'], 'point')})",
            _with_range(*(whole_percent(row[name]) for name in ("density", "low", "high"))),
            100 * row["density"], 100 * row["low"], 100 * row["high"],
            clear=row["low"] > overall or row["high"] < overall,
        )
        for row in boxes.to_dict("records")
    ]  # fmt: skip
    return Estimates(
        say("How often it fails, by conditions"),
        say("percent of held-out points"),
        rows,
        100 * overall,
        note=say(
            "Upright line: {share}, the share of all held-out points that fail. Conditions were found by a "
            "classification tree in the other half of the points. Bold: the interval excludes the line.",
            share=whole_percent(overall),
        ),
    ).with_ends(0)


def _with_range(value: str, low: str, high: str) -> str:
    return say("{value} ({low} to {high})", value=value, low=low, high=high)


def _shares(sobol: pd.DataFrame, outcome: str) -> Grid:
    part = sobol[sobol["outcome"] == outcome]
    first = part[part["order"] == "first"].set_index("factor")
    total = part[part["order"] == "total"].sort_values("index", ascending=False, kind="stable")
    rows = [
        [row["factor_title"], _interval(first.loc[row["factor"]]), _interval(row)]
        for row in total.to_dict("records")
    ]
    return Grid(
        say(
            "Share of the variance of {thing}, percent ({level} interval)",
            thing=quoted(str(part["outcome_title"].iloc[0])),
            level=level(),
        ),
        [say("factor"), say("alone"), say("with interactions")],
        rows,
        (1, 2),
    )


def _interval(row: Mapping[str, Any] | pd.Series) -> str:
    if row["index"] != row["index"]:
        return MISSING
    return _with_range(*(fixed(100 * row[name], 0) for name in ("index", "low", "high")))


def _effects(morris: pd.DataFrame, outcome: str) -> Estimates:
    part = morris[morris["outcome"] == outcome].sort_values(
        "mu_star", ascending=False, kind="stable"
    )
    unit = Unit.read(str(part["unit"].iloc[0]))
    factor, word = unit.factor, unit.of_differences
    rows = part.to_dict("records")
    places = places_of([(factor * row["low"], factor * row["high"]) for row in rows])
    drawn = [
        Estimate(
            row["factor_title"],
            say(
                "{value} ({low} to {high}), spread {spread}",
                value=fixed(factor * row["mu_star"], places),
                low=fixed(factor * row["low"], places),
                high=fixed(factor * row["high"], places),
                spread=fixed(factor * row["sigma"], places),
            ),
            factor * row["mu_star"], factor * row["low"], factor * row["high"], clear=row["low"] > 0,
        )
        for row in rows
    ]  # fmt: skip
    return Estimates(
        say("Mean absolute effect on {thing}", thing=quoted(str(part["outcome_title"].iloc[0]))),
        word,
        drawn,
    ).with_ends(places)


def _outcomes(outcomes: pd.DataFrame) -> Grid:
    rows = [
        [
            row["outcome_title"], say(ANALYSES[row["analysis"]]), str(row["points"]), str(row["replicates"]),
            *(number(row[name]) for name in ("mean", "sd", "least", "most")), whole_percent(row["chance"]),
        ]
        for row in outcomes.to_dict("records")
    ]  # fmt: skip
    return Grid(
        say("The outcomes over all points of each analysis, means of replicates"),
        [
            say("outcome"), say("analysis"), say("points"), say("replicates"), say("mean"), say("sd"),
            say("least"), say("greatest"), say("chance"),
        ],
        rows,
        range(2, 9),
        say("Chance: share of the variance between points that is due to the number of replicates."),
    )  # fmt: skip
