"""From the points of a study to its tables.

Indices need every point: where one failed or was not run, none is given.
An outcome that a point did not have (there was nothing to measure) is missing: each analysis leaves out
what it can't use, and its table says how much that was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.intervals import known
from model.experiments.outcomes import Outcome
from model.experiments.points.point_tables import check_complete, values
from model.experiments.points.runner import Ran, run_points
from model.experiments.points.store import Store, opened
from model.experiments.sensitivity import chance, discovery, morris, sobol, tornado
from model.experiments.sensitivity.discovery import Axis
from model.experiments.sensitivity.study import Part, Study, load_study
from model.language import ENGLISH, speaking

WHOLE = 0  # place of the whole world among those of a point


@dataclass(frozen=True)
class Findings:
    """The tables of a study; None for an analysis that was not asked for."""

    points: pd.DataFrame
    """A row a point and replicate: analysis, point, factors, replicate, outcomes."""
    outcomes: pd.DataFrame
    """How each outcome varies between the points of each analysis, and how much of that is chance."""
    morris: pd.DataFrame | None = None
    sobol: pd.DataFrame | None = None
    convergence: pd.DataFrame | None = None
    """The value of an index from growing parts of the design."""
    tornado: pd.DataFrame | None = None
    discovery: pd.DataFrame | None = None
    failing: dict[str, Any] | None = None
    """What fails, in how many of how many points, and by which factors, those that say most first."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that there are, by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: table for name, table in found.items() if isinstance(table, pd.DataFrame)}


def sensitivity(
    path: Path | str,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    store: Path | str | None = None,
) -> Findings:
    """Run a sensitivity file and return its tables as frames.

    ``store``: a file that keeps finished points and resumes from them; default: kept nowhere. Raises
    InputError with a line a fault, and with the points that are missing where some failed.
    """
    study = load_study(path, (), replicates, seed)
    with opened(store) as kept:
        ran = run_points(study.points, kept, workers)
        return findings(study, ran, kept)


@speaking(ENGLISH)
def findings(study: Study, ran: Ran, store: Store) -> Findings:
    """The tables of a study whose points have been run; InputError where some are missing."""
    check_complete(ran, "Indices")
    spec, at = study.spec, 0
    found: dict[str, list[pd.DataFrame]] = {}
    failing: dict[str, Any] | None = None
    each = 1 if study.arm is None else 2
    for part in study.parts:
        mine = study.points[at : at + each * len(part.rows)]
        at += len(mine)
        kept = np.stack([values(point, store)[:, WHOLE, :] for point in mine])
        outputs = kept if study.arm is None else kept[1::2] - kept[::2]
        found.setdefault("points", []).append(_points(study, part, outputs))
        for number, outcome in enumerate(spec.outcomes):
            one = outputs[:, :, number]
            found.setdefault("outcomes", []).append(_spread(study, part, outcome, one))
            for name, table in _analysed(study, part, one):
                found.setdefault(name, []).append(_named(study, outcome, table))
            if (
                part.name == "discovery"
                and spec.discovery
                and outcome.name == spec.discovery.outcome
            ):
                table, failing = _failures(study, part, outcome, one.mean(axis=1))
                found["discovery"] = [table]
    tables: dict[str, Any] = {
        name: pd.concat(frames, ignore_index=True) for name, frames in found.items()
    }
    return Findings(**tables, failing=failing)


def _analysed(study: Study, part: Part, outputs: np.ndarray) -> Iterable[tuple[str, pd.DataFrame]]:
    """Tables of one analysis of one outcome; ``outputs``: (points, replicates)."""
    spec, names, means = study.spec, list(study.spec.vary), outputs.mean(axis=1)
    if part.name == "morris" and spec.morris:
        levels = spec.morris.levels
        yield "morris", morris.indices(names, part.unit, means, levels)
        path = morris.convergence(names, part.unit, means, levels)
        yield "convergence", _path(path.rename(columns={"mu_star": "value"}), "morris")
    if part.name == "sobol" and spec.sobol:
        second = spec.sobol.second_order
        yield "sobol", sobol.indices(names, means, second)
        path = sobol.convergence(names, means, second)
        total = path[path["order"] == "total"]
        yield "convergence", _path(total.rename(columns={"index": "value"}), "sobol")
    if part.name == "tornado":
        moves = [(name, study.spec.vary[name].title_of(value)) for row in part.rows[1:]
                 for name, value in row.items()]  # fmt: skip
        yield "tornado", tornado.effects(moves, outputs)


def _title(study: Study, outcome: Outcome) -> str:
    """What an outcome is called in tables."""
    return study.spec.said_of(outcome)


def _path(frame: pd.DataFrame, analysis: str) -> pd.DataFrame:
    return frame[["factor", "n", "value", "low", "high"]].assign(analysis=analysis)


def _named(study: Study, outcome: Outcome, table: pd.DataFrame) -> pd.DataFrame:
    """The table with what its rows are about in front."""
    about = {
        "outcome": outcome.name,
        "outcome_title": _title(study, outcome),
        "unit": outcome.unit,
        "factor": table["factor"],
        "factor_title": table["factor"].map(study.spec.title_of),
    }
    rest = table.drop(columns="factor")
    if "other" in rest:
        titles = [study.spec.title_of(name) if name else "" for name in rest["other"]]
        rest.insert(rest.columns.get_loc("other") + 1, "other_title", titles)
    return pd.concat([pd.DataFrame(about, index=table.index), rest], axis=1)


def _points(study: Study, part: Part, outputs: np.ndarray) -> pd.DataFrame:
    """Points and replicates as rows; a factor that stays where the base has it is empty."""
    n, replicates, _ = outputs.shape
    factors = {
        name: [
            factor.title_of(row[name]) if factor.low is None and name in row else row.get(name)
            for row in part.rows
        ]
        for name, factor in study.spec.vary.items()
    }
    frame = pd.DataFrame({"analysis": part.name, "point": range(n), **factors})
    frame = frame.loc[frame.index.repeat(replicates)].reset_index(drop=True)
    frame["replicate"] = np.tile(np.arange(replicates), n)
    for number, outcome in enumerate(study.spec.outcomes):
        frame[outcome.name] = outputs[:, :, number].ravel()
    return frame


def _spread(study: Study, part: Part, outcome: Outcome, outputs: np.ndarray) -> pd.DataFrame:
    means = outputs.mean(axis=1)
    there = known(means)
    row = {
        "analysis": part.name, "outcome": outcome.name, "outcome_title": _title(study, outcome),
        "unit": outcome.unit, "better": outcome.better, "points": len(means),
        "missing": len(means) - len(there),
        "replicates": outputs.shape[1], **_in_short(there), "chance": chance.share(outputs),
    }  # fmt: skip
    return pd.DataFrame([row])


def _in_short(values: np.ndarray) -> dict[str, float]:
    """Mean, standard deviation, least and most; NaN where there are too few values."""
    if not len(values):
        return dict.fromkeys(("mean", "sd", "least", "most"), float("nan"))
    spread = values.std(ddof=1) if len(values) > 1 else float("nan")
    ends = {"least": float(values.min()), "most": float(values.max())}
    return {"mean": float(values.mean()), "sd": float(spread), **ends}


def _failures(
    study: Study, part: Part, outcome: Outcome, means: np.ndarray
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Boxes of failure, and what the figure and the report need to know of them."""
    assert study.spec.discovery is not None
    threshold = study.spec.discovery.threshold
    there = np.isfinite(means)
    fails = (means < threshold if outcome.better == "higher" else means > threshold)[there]
    axes, columns = [], []
    for name, factor in study.spec.vary.items():
        title, set_to = study.spec.title_of(name), [row[name] for row in part.rows]
        if factor.low is not None:
            axes.append(Axis(name, title))
            columns.append(set_to)
            continue
        for value in factor.values or factor.levels:
            axes.append(Axis(name, title, factor.title_of(value)))
            columns.append([float(one == value) for one in set_to])
    grid = np.array(columns, float).T[there]
    failing = {
        "outcome": outcome.name,
        "title": outcome.label,
        "unit": outcome.unit,
        "threshold": threshold,
        "better": outcome.better,
        "points": len(fails),
        "missing": len(means) - len(fails),
        "failed": int(fails.sum()),
        "factors": discovery.telling(axes, grid, fails),
    }
    return discovery.boxes(axes, grid, fails), failing
