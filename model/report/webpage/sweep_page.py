"""The page of a sweep: the outcomes at every point of a design."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say
from model.report.webpage.comparison_page import assumptions, pictures
from model.report.webpage.comparison_tables import table
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.factor_ranges import factor_range, has_names, settings
from model.wording.numbers import (
    MISSING,
    as_asked,
    between,
    counted,
    decimals,
    fixed,
    level,
    quoted,
    titled,
)
from model.wording.sentences import listed
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = "*"
_SHOWN = 25  # points of the table, best first
_FIGURES = {
    "lines": noted(
        "Every outcome by the first factor, a line a level of the second, with {level} intervals."
    ),
    "heat_maps": noted("Every outcome by the first two factors, as shades with numbers."),
    "responses": noted(
        "Every outcome at the points of the sample, by factor, with means of groups of points."
    ),
}
DESIGNS = {
    "grid": noted("Grid"),
    "latin_hypercube": noted("Latin hypercube"),
    "sobol": noted("Sobol"),
    "points": noted("Points"),
}
"""What to call the kinds of designs."""


def sweep_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``sweep`` wrote."""
    asked = manifest["sweep"]
    named = [name for name, factor in asked["vary"].items() if has_names(factor)]
    summary = table(folder, "summary", needed=True, text=named)
    world = summary[summary["community"] == _WHOLE]
    failed = table(folder, "failures", text=named)
    outcomes = _outcomes(asked)
    runs = _runs(folder)
    said = [_extremes(world, runs, asked, name) for name in outcomes]
    return Page(
        kind=say("Sweep"),
        title=asked["title"],
        question=asked["question"],
        answer=[*said[:1], *_missing(failed, manifest)],
        design=[
            (term, text)
            for term, text in (
                (say("World"), manifest["base"]["title"]),
                (
                    say("Factors"),
                    "\n".join(factor_range(name, f) for name, f in asked["vary"].items()),
                ),
                (
                    say("Design"),
                    f"{say(DESIGNS[asked['design']['kind']])}, {counted(manifest['points'], 'point')}",
                ),
                (say("Replicates"), _replicates(world)),
                (say("Outcomes"), listed([outcome["label"] for outcome in outcomes.values()])),
                (say("Horizon"), horizon(manifest)),
                (say("Drawn from"), asked.get("source", "")),
            )
            if text
        ],
        sections=[
            DocumentSection(say("Extremes"), said),
            DocumentSection(say("Figures"), (), pictures(folder, _FIGURES)),
            DocumentSection(say("Points"), (), [_points(world, asked, next(iter(outcomes)))]),
            *(
                [DocumentSection(say("What failed"), (), [_failures(failed, asked)])]
                if len(failed)
                else []
            ),
        ],
        assumptions=assumptions(manifest),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "sweep"),
    )


def _outcomes(asked: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Outcomes of the file by their column, with labels."""
    from model.experiments.outcomes import Outcome

    known = [Outcome(**told) for told in asked["outcomes"]]
    return {o.name: {"label": titled(o.said), "unit": o.unit, "better": o.better} for o in known}


def _replicates(world: pd.DataFrame) -> str:
    return say("{replicates} of each point", replicates=counted(world["replicates"], "replicate"))


def _ranked(world: pd.DataFrame, outcome: str, better: str) -> pd.DataFrame:
    mine = world[world["outcome"] == outcome].dropna(subset="mean")
    return mine.sort_values("mean", ascending=better == "lower", kind="stable")


def _runs(folder: Path) -> pd.DataFrame:
    """Every replicate of every point, of the whole world."""
    import pandas as pd

    runs = pd.read_parquet(folder / "sweep.parquet")
    return runs[runs["community"] == _WHOLE]


def _not_told_apart(runs: pd.DataFrame, outcome: str, best: int) -> int:
    """Points whose paired difference to the best has an interval that includes 0, or none."""
    from model.experiments.summary import mean_and_interval

    wide = runs.pivot(index="replicate", columns="point", values=outcome)
    said = [mean_and_interval(wide[p] - wide[best]) for p in wide.columns if p != best]
    return sum(not (each["low"] > 0 or each["high"] < 0) for each in said)


def _extremes(
    world: pd.DataFrame, runs: pd.DataFrame, asked: Mapping[str, Any], outcome: str
) -> str:
    """Where an outcome is best and worst, and how many points are not told apart from the best."""
    about = _outcomes(asked)[outcome]
    ranked, thing = _ranked(world, outcome, about["better"]), quoted(about["label"])
    if ranked.empty:
        return say("{thing} is known at no point.", thing=thing)
    if ranked["mean"].max() == ranked["mean"].min():
        return say(
            "{thing} is the same at all {points}.",
            thing=thing,
            points=counted(len(ranked), "point"),
        )
    rows = ranked.to_dict("records")
    best, worst = rows[0], rows[-1]
    near = _not_told_apart(runs, outcome, best["point"])
    tied = (
        say(
            "{others} may be as good: compared pair by pair, the difference may be chance",
            others=counted(near, "other point"),
        )
        if near
        else say("compared pair by pair, every other point is worse by more than chance explains")
    )
    return say(
        "Of {points}, {thing} is best, {most}, with {settings_of_best}, and worst, {least}, with "
        "{settings_of_worst}; {tied}.",
        points=counted(len(rows), "point"),
        thing=thing,
        most=_amount(best, about["unit"]),
        settings_of_best=settings(best, asked["vary"]),
        least=_amount(worst, about["unit"]),
        settings_of_worst=settings(worst, asked["vary"]),
        tied=tied,
    )


def _amount(row: Mapping[str, Any], unit: str) -> str:
    factor, sign = Unit.read(unit).factor, Unit.read(unit).sign
    low, high = factor * row["low"], factor * row["high"]
    places = decimals((low, high))
    if low != low:
        return say(
            "{value} (one replicate, no interval)", value=f"{fixed(factor * row['mean'], 2)}{sign}"
        )
    return say(
        "{value} ({level} interval {inside})",
        value=f"{fixed(factor * row['mean'], places)}{sign}",
        level=level(),
        inside=f"{between(low, high, places)}{sign}",
    )


def _missing(failed: pd.DataFrame, manifest: Mapping[str, Any]) -> list[str]:
    if failed.empty:
        return []
    points = counted(manifest["points"], "point")
    return [say("{n} of {points} failed and are left out.", n=len(failed), points=points)]


def _points(world: pd.DataFrame, asked: Mapping[str, Any], outcome: str) -> Grid:
    about = _outcomes(asked)[outcome]
    unit = Unit.read(about["unit"])
    factor, word = unit.factor, unit.of_levels
    rows = _ranked(world, outcome, about["better"]).head(_SHOWN).to_dict("records")
    places = decimals(*((factor * row["low"], factor * row["high"]) for row in rows))
    cells = [
        [str(row["point"]), *(as_asked(row[name]) for name in asked["vary"]),
         fixed(factor * row["mean"], places),
         between(factor * row["low"], factor * row["high"], places) if row["low"] == row["low"] else MISSING]
        for row in rows
    ]  # fmt: skip
    total = world["point"].nunique()
    names = [asked["vary"][name].get("title") or titled(name) for name in asked["vary"]]
    shown = (
        say("{thing}, {unit}: all points", thing=about["label"], unit=word)
        if len(rows) == total
        else say(
            "{thing}, {unit}: the best {n} of {total} points",
            thing=about["label"],
            unit=word,
            n=len(rows),
            total=total,
        )
    )
    return Grid(
        shown,
        [say("point"), *names, say("mean"), say("{level} interval", level=level())],
        cells,
        (len(names) + 1, len(names) + 2),
        say("All points and outcomes are in summary.csv."),
    )


def _failures(failed: pd.DataFrame, asked: Mapping[str, Any]) -> Grid:
    rows = failed.head(_SHOWN).to_dict("records")
    names = list(asked["vary"])
    cells = [
        [str(row["point"]), *(as_asked(row[name]) for name in names), row["error"]] for row in rows
    ]
    return Grid(say("Points that failed"), [say("point"), *map(titled, names), say("error")], cells)
