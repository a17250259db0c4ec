"""Patterns under the posterior: how probable is each sign, given what the scores leave open?

Every draw of the posterior is laid over the worlds of the pattern files, which are run a few times on
common random numbers. Over draws, an effect varies with the numbers and, being a mean of few runs, with
chance: probabilities are drawn towards a half by that, never away from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from calibration.posterior.credible_intervals import central
from calibration.prior.overlay import lay, model_numbers
from model.experiments.patterns.examine import Row, rows_of, wanted_by
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_quantities import Sample
from model.experiments.points.point_tables import check_complete
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store

_AT_ONCE = 50  # draws whose points are run together

COLUMNS = {
    "file": "pattern file",
    "pattern": "name of the pattern",
    "group": "heading under which it is listed",
    "title": "what it is about",
    "measure": "what is measured",
    "expectation": "what is expected of the effect",
    "effect": "mean over draws",
    "low": "2.5% of draws lie below",
    "high": "2.5% of draws lie above",
    "accepted": "share of draws whose effect the expectation accepts",
    "signed": "share of draws with the sign, or the smallness, that is expected",
    "draws": "draws in which it could be measured",
    "replicates": "runs a draw",
}


def effects_over(
    files: Mapping[str, PatternFile],
    sample: pd.DataFrame,
    store: Store,
    replicates: int = 2,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Every row of the pattern files over the draws of ``sample``; columns of ``COLUMNS``.

    ``sample``: a row a draw, columns dotted keys. Draw number i takes replicates i r, i r + 1, ...
    What the store holds is not run again. ``done`` hears of runs. Raises IncompleteError if a run failed.
    """
    numbers = [
        {str(key): float(value) for key, value in values.items()}
        for values in model_numbers(sample).to_dict("records")
    ]
    tables = []
    for name, file in files.items():
        asked = rows_of(file)
        effects = np.empty((len(numbers), len(asked)))
        for first in range(0, len(numbers), _AT_ONCE):
            draws = range(first, min(first + _AT_ONCE, len(numbers)))
            effects[first : draws.stop] = _effects(
                file, asked, numbers, draws, store, replicates, workers, done
            )
        lines = [_line(row, effects[:, i], replicates) for i, row in enumerate(asked)]
        tables.append(pd.DataFrame(lines).assign(file=name))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _effects(
    file: PatternFile,
    asked: Sequence[Row],
    numbers: Sequence[Mapping[str, float]],
    draws: range,
    store: Store,
    replicates: int,
    workers: int,
    done: Callable[[int], None] | None,
) -> np.ndarray:
    """The effect of each row in each draw, (draws, rows): mean over replicates, NaN if never measured."""
    wanted = wanted_by(list(asked))
    worlds = sorted({world for world, _ in wanted})
    samples, batches = [], []
    for draw in draws:
        laid = lay([file.worlds[world] for world in worlds], numbers[draw])
        samples.append(Sample(dict(zip(worlds, laid, strict=True)), store))
        runs = range(draw * replicates, (draw + 1) * replicates)
        batches.append(samples[-1].asked(wanted, runs))

    def tell(runs: int, failed: int, resumed: bool) -> None:
        if done:
            done(runs)

    points = [each.point for batch in batches for each in batch]
    check_complete(run_points(points, store, workers, tell=tell), "patterns over draws")
    effects = np.empty((len(draws), len(asked)))
    for number, (runs_of, batch) in enumerate(zip(samples, batches, strict=True)):
        for each in batch:
            runs_of.read(each)
        measured = [row.values(runs_of) for row in asked]
        effects[number] = [float(each.mean()) if len(each) else np.nan for each in measured]
    return effects


def runs_of_effects(files: Mapping[str, PatternFile], draws: int, replicates: int) -> int:
    """How many runs ``effects_over`` makes."""
    worlds = sum(len({world for world, _ in wanted_by(rows_of(file))}) for file in files.values())
    return worlds * draws * replicates


def _line(row: Row, effects: np.ndarray, replicates: int) -> dict[str, object]:
    known = effects[~np.isnan(effects)]
    low, high = central(known)
    inside = (row.accepts[0] <= known) & (known <= row.accepts[1])
    return {
        "pattern": row.name,
        "group": row.pattern.group,
        "title": row.pattern.title,
        "measure": row.measure,
        "expectation": row.expectation.replace("_", " "),
        "effect": known.mean() if len(known) else np.nan,
        "low": low,
        "high": high,
        "accepted": inside.mean() if len(known) else np.nan,
        "signed": _signed(row, known, inside),
        "draws": len(known),
        "replicates": replicates,
    }


def _signed(row: Row, known: np.ndarray, inside: np.ndarray) -> float:
    if not len(known):
        return float("nan")
    if row.expectation == "positive":
        return float((known > 0).mean())
    if row.expectation == "negative":
        return float((known < 0).mean())
    return float(inside.mean())
