"""Patterns under the posterior: how probable is each sign, given what the scores leave open?

Every draw of the posterior is laid over the worlds of the pattern files, which are run a few times on
common random numbers. Over draws, an effect varies with the numbers and, being a mean of few runs, with
chance: probabilities are drawn towards a half by that, never away from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from calibration.posterior.array_cache import key_of, load_arrays, save_arrays
from calibration.posterior.credible_intervals import central
from calibration.prior.overlay import lay, model_numbers
from model.experiments.patterns.examine import Row, rows_of
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_quantities import Sample
from model.experiments.points.store import Store

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
    What the store holds is not run again. ``done`` hears of run-quarters.
    """
    numbers = model_numbers(sample).to_dict("records")
    tables = []
    for name, file in files.items():
        asked = rows_of(file)
        said = file.model_dump_json()
        effects = np.empty((len(numbers), len(asked)))
        for draw, values in enumerate(numbers):
            keyed = {str(key): float(value) for key, value in values.items()}
            runs = range(draw * replicates, (draw + 1) * replicates)
            key = key_of("pattern effects", said, repr(keyed), repr(runs))
            found = load_arrays(store, key)
            if found is None:
                found = {"effects": _effects(file, asked, keyed, runs, workers, done)}
                save_arrays(store, key, found)
            elif done:
                done(run_quarters({name: file}, 1, replicates))
            effects[draw] = found["effects"]
        lines = [_line(row, effects[:, i], replicates) for i, row in enumerate(asked)]
        tables.append(pd.DataFrame(lines).assign(file=name))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _effects(
    file: PatternFile,
    asked: Sequence[Row],
    values: Mapping[str, float],
    replicates: range,
    workers: int,
    done: Callable[[int], None] | None,
) -> np.ndarray:
    """The effect of each row at some numbers, mean over replicates, NaN where it can't be measured."""
    wanted = {(term.world, term.quantity) for row in asked for term in row.terms}
    names = sorted({world for world, _ in wanted})
    laid = lay([file.worlds[world] for world in names], values)
    runs = Sample(dict(zip(names, laid, strict=True)), None, workers)
    runs.extend(wanted, replicates, done)
    measured = [row.values(runs) for row in asked]
    return np.array([float(each.mean()) if len(each) else np.nan for each in measured])


def run_quarters(files: Mapping[str, PatternFile], draws: int, replicates: int) -> int:
    """How many run-quarters ``effects_over`` simulates."""
    total = 0
    for file in files.values():
        names = {term.world for row in rows_of(file) for term in row.terms}
        total += sum(file.worlds[name].run.ticks for name in names)
    return total * draws * replicates


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
