"""A world without effects: what chance alone would have us call a sign.

Every arm of an effect or an interaction is replaced by a copy of its world without the change, each copy
under random numbers of its own, so that nothing differs between the arms but luck. Firms that are chosen by
being inside a chain or an institution are chosen where that exists, under other numbers again: so whom a
chain takes says nothing of how these firms fare in the copies. One batch is run: intervals are then as wide
as the rule ever judges by.

A row of a sign, positive or negative, that is reproduced here would be reproduced by anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from model.experiments.patterns.examine import (
    Meter,
    Row,
    Term,
    judged,
    no_meter,
    rows_of,
    wanted_by,
)
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_kinds import Effect, Interaction
from model.experiments.patterns.pattern_quantities import FirmMean, Sample
from model.experiments.patterns.verdict import REPRODUCED
from model.experiments.points.point import with_seed
from model.experiments.points.runner import RunsPoints, run_points
from model.experiments.points.store import Store
from model.scenario.schema import Scenario

SIGNS = ("positive", "negative")
_APART = 1_000_003  # between seeds of copies
_CHOOSER = 9  # the copy in which firms are chosen

COLUMNS = {
    "file": "pattern file, without its ending",
    "pattern": "name of the pattern in its file",
    "measure": "what is measured",
    "expectation": "what is expected of the effect, a sign",
    "effect": "mean over replicates where nothing differs",
    "low": "lower end of its 95% interval",
    "high": "upper end of its 95% interval",
    "replicates": "replicates in which it could be measured",
    "verdict": "what the rule says of it; reproduced is a sign made by chance",
    "met": "whether the expectation is met all the same",
}
"""Columns of the table of the world without effects."""


def examine_nothing(
    file: PatternFile,
    store: Store,
    seed: int | None = None,
    meter: Meter = no_meter,
    run: RunsPoints = run_points,
) -> pd.DataFrame:
    """Judge the rows of a sign of a file where nothing differs; a row an expectation (``COLUMNS``)."""
    rows = [_without(row) for row in rows_of(file) if _has_a_sign(row)]
    if not rows:
        return pd.DataFrame(columns=[column for column in COLUMNS if column != "file"])
    copies = {name for row in rows for name in _worlds(row)}
    worlds = {name: _copy(file, name, seed) for name in sorted(copies)}
    sample = Sample(worlds, store, None, run)
    wanted = wanted_by(rows)
    replicates = range(file.sampling.batch)
    with meter(1, len(worlds) * len(replicates)) as tell:
        sample.extend(wanted, replicates, tell)
    table = pd.DataFrame([{"pattern": row.name, **judged(row, sample)} for row in rows])
    table["met"] = table["verdict"] == REPRODUCED
    return table[[column for column in COLUMNS if column != "file"]]


def facts(table: pd.DataFrame) -> dict[str, int]:
    """How many rows of a sign there are, and how many are met where nothing differs."""
    return {"signs": len(table), "signs_met": int(table["met"].astype(bool).sum())}


def _has_a_sign(row: Row) -> bool:
    return isinstance(row.pattern, Effect | Interaction) and row.expectation in SIGNS


def _without(row: Row) -> Row:
    """The row with all arms replaced by copies of the world without the change."""
    pattern = row.pattern
    assert isinstance(pattern, Effect | Interaction)
    bare = pattern.control if isinstance(pattern, Effect) else pattern.neither
    copies = tuple(f"{bare}/{number}" for number in range(len(row.terms)))
    terms = []
    for term, copy in zip(row.terms, copies, strict=True):
        quantity = term.quantity
        if isinstance(quantity, FirmMean):
            chooser = f"{quantity.chosen_in}/{_CHOOSER}"
            quantity = replace(quantity, chosen_in=chooser, alive_in=(*copies, chooser))
        terms.append(Term(term.weight, copy, quantity))
    return replace(row, terms=tuple(terms))


def _worlds(row: Row) -> Iterator[str]:
    for term in row.terms:
        yield term.world
        if isinstance(term.quantity, FirmMean):
            yield from term.quantity.alive_in


def _copy(file: PatternFile, name: str, seed: int | None) -> Scenario:
    """A world under the random numbers of one copy."""
    world, _, number = name.rpartition("/")
    scenario = file.worlds[world]
    own = scenario.run.seed if seed is None else seed
    return with_seed(scenario, own + _APART * (1 + int(number)))
