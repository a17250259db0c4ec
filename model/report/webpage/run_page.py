"""The page of a run: one world as things stand, where it begins and where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.measures import OF_LESSONS, UNITS
from model.report.frames import last_quarter, over_replicates
from model.report.terminal_tables import SHOWN
from model.report.webpage.comparison_page import assumptions, pictures
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.money_notes import money_of
from model.report.webpage.page_provenance import (
    command_of,
    folds,
    horizon,
    provenance,
    scenarios_of,
    years,
)
from model.wording.currency import units_and_currency
from model.wording.numbers import between, counted, decimals, fixed, level, quoted, titled
from model.wording.sentences import listed
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {"paths": noted("Upgrading over time, a line a community, with {level} bands.")}
_RANGE = noted(
    "Ranges hold {level} of the replicates: they show chance, at these parameters, and no doubt about the "
    "parameters or about the theory."
)
_FIRST = "product"
"""The measure that the answer is about."""


def run_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``run`` wrote; FileNotFoundError where its series are not there."""
    import pandas as pd

    series = pd.read_parquet(folder / "series.parquet")
    ((label, world),) = scenarios_of(manifest).items()
    places = {str(key): str(community.get("title") or titled(str(key)))
              for key, community in world["communities"].items()}  # fmt: skip
    return Page(
        kind=say("Run"),
        title=str(world.get("title") or titled(label)),
        question=say("How does this world develop as it stands?"),
        answer=[*_answers(series, places, years(manifest)), *_cost(manifest, label)],
        design=_design(series, places, world, manifest),
        sections=[
            DocumentSection(say("The last quarter"), (), [_last(series, places)]),
            *_lessons(folder, places),
            DocumentSection(say("Figures"), (), pictures(folder, _FIGURES)),
        ],
        assumptions=assumptions(manifest, _RANGE),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest),
    )


def _answers(series: pd.DataFrame, places: Mapping[str, str], period: str) -> Iterator[str]:
    """Where product upgrading begins and ends in each community."""
    first = series[series["tick"] == series["tick"].min()]
    begins, ends = (_levels(frame, _FIRST) for frame in (first, last_quarter(series)))
    for key, title in places.items():
        before, row = begins.loc[key], ends.loc[key]
        yield say(
            "In {place} product upgrading goes from {before} to {after} in {period} (score 0-3; {level} of "
            "{replicates} end between {low} and {high}).",
            place=quoted(title),
            before=fixed(before["mean"], 2),
            after=fixed(row["mean"], 2),
            period=period,
            level=level(),
            replicates=counted(int(row["replicates"]), "replicate"),
            low=fixed(row["low"], 2),
            high=fixed(row["high"], 2),
        )


def _cost(manifest: Mapping[str, Any], label: str) -> Iterator[str]:
    spent = manifest.get("spent", {}).get(label)
    if spent is not None:
        yield say(
            "The public spends {money} over {period}.",
            money=units_and_currency(spent, money_of(manifest)),
            period=years(manifest),
        )


def _levels(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    return over_replicates(frame, ["community"], measure).set_index("community")


def _design(
    series: pd.DataFrame,
    places: Mapping[str, str],
    world: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> list[tuple[str, str]]:
    told = [
        (say("Communities"), listed(list(places.values()))),
        (say("Horizon"), horizon(manifest)),
        (say("Replicates"), counted(int(series["replicate"].nunique()), "replicate")),
        (say("Drawn from"), str(world.get("source", ""))),
    ]
    return [(term, text) for term, text in told if text]


def _last(series: pd.DataFrame, places: Mapping[str, str]) -> Grid:
    """A row a measure, a column a community: mean and range of replicates."""
    return _grid(last_quarter(series), SHOWN, places)


def _lessons(folder: Path, places: Mapping[str, str]) -> Iterator[DocumentSection]:
    """Who learned from whom, where the ledger was kept."""
    import pandas as pd

    if (folder / "network.parquet").exists():
        network = pd.read_parquet(folder / "network.parquet")
        everywhere = {**places, **({"*": say("all together")} if len(places) > 1 else {})}
        yield DocumentSection(
            say("Who learned from whom"),
            [
                say(
                    "Ties lead from the firm that taught, as a peer, to the firm that learned, in the whole "
                    "run."
                )
            ],
            [_grid(network, tuple(OF_LESSONS), everywhere)],
        )


def _grid(frame: pd.DataFrame, measures: Sequence[str], places: Mapping[str, str]) -> Grid:
    """A row a measure, a column a place: mean and range of replicates."""
    rows = []
    for measure in measures:
        unit, levels = Unit.read(UNITS[measure]), _levels(frame, measure)
        found = [tuple(unit.factor * levels.loc[key, ["mean", "low", "high"]]) for key in places]
        shown = max(1, decimals(*((low, high) for _, low, high in found)))
        cells = [f"{fixed(mean, shown)} ({between(low, high, shown)})" for mean, low, high in found]
        rows.append([say_name(titled(measure)), unit.of_levels, *cells])
    return Grid(
        say("Mean over replicates, and the range of {level} of them", level=level()),
        [say("measure"), say("unit"), *places.values()],
        rows,
        range(2, 2 + len(places)),
    )
