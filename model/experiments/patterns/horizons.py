"""Verdicts at several years: what is an effect at one stop has to be one at the others.

A file says at which ``horizons``, in years, its effects, interactions, contrasts and levels are looked at
again. Its worlds run to the last of them, and each row is judged in the year before each, whatever quarters
it names itself. A sign that comes and goes was a matter of when one stopped. Trends and changes say
themselves from when to when, and ranks are about the whole run: these are left out.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.engine.tick import QUARTERS
from model.experiments.patterns.examine import (
    QUICK,
    Meter,
    Row,
    gather,
    judged,
    no_meter,
    rows_of,
)
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_kinds import Contrast, Effect, Interaction, Level
from model.experiments.patterns.pattern_quantities import Sample
from model.experiments.patterns.verdict import CONTRADICTED, REPRODUCED
from model.experiments.points.runner import RunsPoints, run_points
from model.experiments.points.store import Store
from model.scenario.schema import Scenario

COLUMNS = {
    "file": "pattern file, without its ending",
    "pattern": "name of the pattern in its file",
    "measure": "what is measured",
    "expectation": "what is expected of the effect",
    "year": "years from the start",
    "effect": "mean over replicates, in the year before",
    "low": "lower end of its 95% interval",
    "high": "upper end of its 95% interval",
    "replicates": "replicates in which it could be measured",
    "verdict": "reproduced, contradicted or undecided",
    "changed": "whether the verdict of the row is not the same at all years",
    "reversed": "whether the row is reproduced at one year and contradicted at another",
}
"""Columns of the table of horizons."""


def examine_horizons(
    file: PatternFile,
    store: Store,
    seed: int | None = None,
    quick: bool = False,
    meter: Meter = no_meter,
    run: RunsPoints = run_points,
) -> pd.DataFrame:
    """Judge the rows of a file at each of its horizons; a row a row and year (``COLUMNS``)."""
    columns = [column for column in COLUMNS if column != "file"]
    rows = [(year, row) for year in file.horizons for row in _at(file, year)]
    if not rows:
        return pd.DataFrame(columns=columns)
    end = QUARTERS * max(file.horizons)
    worlds = {name: _until(world, end) for name, world in file.worlds.items()}
    sample = Sample(worlds, store, seed, run)
    gather([row for _, row in rows], sample, file.sampling, QUICK if quick else 1.0, meter)
    found = [
        {"pattern": row.name, "year": year, **judged(row, sample)}
        for year, row in sorted(rows, key=lambda pair: _order(file, pair[1]))
    ]
    table = pd.DataFrame(found)
    verdicts = table.groupby(["pattern", "measure"])["verdict"]
    table["changed"] = verdicts.transform("nunique") > 1
    table["reversed"] = verdicts.transform(lambda said: {REPRODUCED, CONTRADICTED} <= set(said))
    return table[columns]


def facts(table: pd.DataFrame) -> dict[str, Any]:
    """Years, and how many rows change their verdict between them, or turn it round."""
    rows = table.drop_duplicates(["file", "pattern", "measure"])
    by_year = table[table["verdict"] == REPRODUCED].groupby("year").size()
    years = sorted(int(year) for year in table["year"].unique())
    return {
        "years": years,
        "rows": len(rows),
        "reproduced": {str(year): int(by_year.get(year, 0)) for year in years},
        "changed": int(rows["changed"].astype(bool).sum()),
        "reversed": int(rows["reversed"].astype(bool).sum()),
    }


def _until(world: Scenario, ticks: int) -> Scenario:
    return world.model_copy(update={"run": world.run.model_copy(update={"ticks": ticks})})


def _at(file: PatternFile, year: int) -> list[Row]:
    window = (QUARTERS * year - QUARTERS, QUARTERS * year - 1)
    kinds = Effect | Interaction | Contrast | Level
    return [row for row in rows_of(file, window) if isinstance(row.pattern, kinds)]


def _order(file: PatternFile, row: Row) -> int:
    return list(file.patterns).index(row.name)
