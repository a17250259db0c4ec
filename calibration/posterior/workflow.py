"""From a case table to a posterior, step by step; every step is kept on disk and picked up again.

study       cases, their scenarios, the scores, the other evidence, where work is kept
screening   which numbers to free (kept in calibration/posterior/screening.csv)
problem     runs at points of the prior, then at points that the figures beside the scores have not ruled
out; the
            emulators fitted to both
posterior   draws
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from calibration.evidence.case_scenarios import CASES, write_cases
from calibration.evidence.case_tables import DATA, Case, load_cases, scores
from calibration.evidence.figures import Figure, figures
from calibration.posterior.emulator import fit_emulator
from calibration.posterior.figure_evidence import (
    IMPLAUSIBLE,
    aggregated,
    fit_figures,
    quantities_of,
)
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.mcmc import Draws
from calibration.posterior.shipped_posterior import FOLDER
from calibration.posterior.simulator import ParameterPoints, Simulated, simulate_points
from calibration.prior.distributions import Prior, candidates
from calibration.prior.screening import screen
from model.experiments.points.store import Store
from model.provenance import DOOR
from model.scenario import Scenario, load
from model.scenario.faults import Fault, InputError, show_path

SHIPPED = DATA / "cases.csv"
FEWEST = 6  # clusters with a score from which anything can be learned without those that ship
_SCREENED = 5_000_000  # first replicate of screening runs
_TRIED = 16  # places of the prior looked at for each point of the second wave

Meter = Callable[[str, int, str], AbstractContextManager[Callable[[int], None]]]
"""Given a title, an amount and its unit: a context that yields a progress counter."""


@dataclass(frozen=True)
class Effort:
    """How much work is put in."""

    name: str
    screened: int  # points of the screening
    points: int  # points of the emulator; a power of two
    fit: Setting
    refit: Setting  # without some clusters, from draws of the fit
    planted: int  # planted tables
    planted_fit: Setting
    checked: int  # draws of the posterior that are simulated
    rival: int  # points of the emulator of a rival theory; a power of two


SHIPPED_EFFORT = Effort(
    "shipped", 1024, 1024, Setting(2500, 1000, 400), Setting(300, 150, 300),
    50, Setting(900, 500, 400), 64, 512,
)  # fmt: skip
QUICK_EFFORT = Effort(
    "quick", 128, 128, Setting(300, 200, 200), Setting(60, 40, 100),
    4, Setting(150, 150, 100), 8, 64,
)  # fmt: skip


@dataclass(frozen=True)
class CalibrationStudy:
    """What is calibrated, on what, with how much effort."""

    table: Path
    cases: tuple[Case, ...]
    scenarios: tuple[Scenario, ...]
    effort: Effort
    seed: int
    work: Path
    workers: int
    meter: Meter
    joined: bool = False
    """Whether a few clusters of one's own were put beside those that ship, to update their posterior."""

    def store(self) -> Store:
        """What keeps finished runs and fits; a context manager."""
        return Store(self.work / "points.sqlite")

    @property
    def scored(self) -> np.ndarray:
        """Places of the clusters with a score."""
        return np.flatnonzero(~np.isnan(self.all_scores).all(axis=1))

    @property
    def all_scores(self) -> np.ndarray:
        """(clusters, 4) in the order of ``case_tables.DIMENSIONS``, NaN where not given."""
        return np.array([list(scores(case).values()) for case in self.cases], float)

    @property
    def observed(self) -> np.ndarray:
        """The scores of the clusters with a score."""
        return self.all_scores[self.scored]

    @property
    def fitted_cases(self) -> tuple[Case, ...]:
        """The clusters with a score."""
        return tuple(self.cases[i] for i in self.scored)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The evidence beside the scores."""
        ticks = self.scenarios[0].run.ticks
        known = load_cases() if self.joined else self.cases  # those that ship come first
        return figures(known, ticks, printed=self.joined or self.table == SHIPPED)

    @property
    def asked(self) -> dict[str, object]:
        """What was asked, for the digest of its results."""
        worlds = [scenario.model_dump(mode="json") for scenario in self.scenarios]
        return {
            "scenarios": worlds,
            "scores": [scores(case) for case in self.cases],
            "figures": [repr(figure) for figure in self.figures],
            "effort": repr(self.effort),
            "seed": self.seed,
        }

    @property
    def ships(self) -> bool:
        """Whether this is the setting whose results the repository keeps."""
        return self.table == SHIPPED and self.effort is SHIPPED_EFFORT


def prepare(
    table: Path | None, effort: Effort, seed: int, work: Path, workers: int, meter: Meter
) -> CalibrationStudy:
    """Read a case table (by default the shipped one) and make its scenarios.

    A table with one to five scored clusters updates what the shipped ones say: both are taken together.
    Raises InputError for a table with faults or without a score.
    """
    path = table or SHIPPED
    own = load_cases(path)
    number = sum(any(v is not None for v in scores(case).values()) for case in own)
    if number == 0:
        hint = "fill product, process, functional or intersectoral of a row"
        raise InputError(Fault(show_path(path), "", "", "has no cluster with a score", hint))
    worlds = tuple(load(CASES / f"{case.case}.toml") for case in own) if table is None else ()
    cases, joined = own, table is not None and number < FEWEST
    if table is not None:
        folder = work / "cases" / sha256(path.read_bytes()).hexdigest()[:16]
        worlds = tuple(load(file) for file in write_cases(folder, own, source=show_path(path)))
    if joined:
        beside = load_cases()
        _refuse_doubles(path, own, beside)
        cases = (*beside, *own)
        worlds = (*(load(CASES / f"{case.case}.toml") for case in beside), *worlds)
    shared = _shared(list(worlds))
    return CalibrationStudy(path, cases, shared, effort, seed, work, workers, meter, joined)


def refuse_joined(study: CalibrationStudy) -> None:
    """Prediction of clusters left out needs enough clusters of one's own; InputError says so."""
    if study.joined:
        fault = f"has fewer than {FEWEST} clusters with a score: too few to leave some out"
        hint = f"{DOOR} calibrate --cases updates the posterior by them"
        raise InputError(Fault(show_path(study.table), "", "", fault, hint))


def _refuse_doubles(path: Path, own: tuple[Case, ...], beside: tuple[Case, ...]) -> None:
    """A cluster that ships would count twice."""
    shipped = {case.case for case in beside}
    doubled = [case.case for case in own if case.case in shipped]
    if doubled:
        fault = (
            f"ships already; a table of fewer than {FEWEST} scored clusters is laid beside those"
        )
        hint = "leave it out, or give a changed one another name"
        raise InputError(*(Fault(show_path(path), "case", name, fault, hint) for name in doubled))


def _shared(worlds: list[Scenario]) -> tuple[Scenario, ...]:
    """Worlds with one block of parameters where they are alike: numbers are then laid over it once."""
    first = worlds[0].parameters
    return tuple(
        world.model_copy(update={"parameters": first}) if world.parameters == first else world
        for world in worlds
    )


def screening(study: CalibrationStudy) -> pd.DataFrame:
    """Run the screening; columns of ``screening.COLUMNS``."""
    prior = candidates()
    sequence = qmc.LatinHypercube(len(prior), rng=np.random.default_rng((study.seed, 2)))
    z = ndtri(sequence.random(study.effort.screened))
    found = simulated(study, "Screening", _asked(study, prior, prior.numbers(z), _SCREENED))
    told = aggregated(study.figures, found.measured[:, 0])
    there = _whole(found.scores[:, 0], told)
    with threadpool_limits(1):
        return screen(
            prior, z[there], found.scores[there, 0][:, study.scored][..., 0],
            ~np.isnan(study.observed), told[there], [figure.spread for figure in study.figures],
        )  # fmt: skip


def problem_of(
    study: CalibrationStudy,
    screened: pd.DataFrame,
    without: frozenset[str] = frozenset(),
    neutral: tuple[str, ...] = (),
    points: int | None = None,
    alike: bool = False,
) -> Problem:
    """Run the points of the emulator, in two waves, and fit it.

    The second wave is drawn from what the figures beside the scores do not rule out by the first; no score
    has a
    say in it. ``neutral``: mechanisms put to their neutral case; ``points``: default, those of the effort;
    ``alike``: all clusters start from the medium degree of collective efficiency.
    """
    keys = [str(key) for key in screened.loc[screened["free"], "key"]]
    prior = known_prior(keys)
    total = points or study.effort.points
    sequence = qmc.Sobol(len(prior), rng=np.random.default_rng((study.seed, 3)))
    places = ndtri(np.clip(sequence.random(total // 2), 1e-9, 1 - 1e-9))
    values, plausible = prior.numbers(places), 1.0
    found = simulated(study, "Emulator", _asked(study, prior, values, 0, neutral, alike))
    told = aggregated(study.figures, found.measured[:, 0])
    scores = found.scores[:, 0]
    there = _whole(scores, told)
    with threadpool_limits(1):
        first = fit_figures(
            prior, study.figures, values[there], found.measured[there, 0], study.seed
        )
    more = np.random.default_rng((study.seed, 4)).standard_normal((_TRIED * total // 2, len(prior)))
    if first is None:
        chosen = more[: total // 2]
    else:
        far = first.without(without).implausibility(prior.numbers(more))
        plausible = float((far <= IMPLAUSIBLE).mean())
        chosen = more[np.argsort(np.maximum(far, IMPLAUSIBLE), kind="stable")[: total // 2]]
    again = prior.numbers(chosen)
    second = simulated(
        study, "Second wave", _asked(study, prior, again, total // 2, neutral, alike)
    )
    values = np.concatenate([values, again])
    scores = np.concatenate([scores, second.scores[:, 0]])
    measured = np.concatenate([found.measured[:, 0], second.measured[:, 0]])
    there = _whole(scores, aggregated(study.figures, measured))
    with threadpool_limits(1):
        emulator = fit_emulator(prior, values[there], scores[there][:, study.scored], study.seed)
        evidence = fit_figures(prior, study.figures, values[there], measured[there], study.seed)
    observed = study.observed
    return Problem(emulator, observed, evidence, without, plausible)


def _asked(
    study: CalibrationStudy,
    prior: Prior,
    values: np.ndarray,
    first: int,
    neutral: tuple[str, ...] = (),
    alike: bool = False,
) -> ParameterPoints:
    """Every cluster once at each of some points, with what the figures are compared with."""
    return ParameterPoints(
        study.scenarios, prior.keys, values, 1, first, quantities_of(study.figures),
        components=True, neutral=neutral, alike=alike,
    )  # fmt: skip


def known_prior(keys: list[str]) -> Prior:
    """The priors of these keys; InputError for one that the model has no longer."""
    known = set(candidates().keys)
    unknown = [key for key in keys if key not in known]
    if unknown:
        file, hint = show_path(FOLDER / "screening.csv"), f"screen again: {DOOR} calibrate --screen"
        fault = "is no number of the model any more"
        raise InputError(*(Fault(file, key, "", fault, hint) for key in unknown))
    return candidates().only(keys)


def simulated(study: CalibrationStudy, title: str, points: ParameterPoints) -> Simulated:
    """What the clusters reach at some points."""
    with study.store() as store, study.meter(title, points.quarters, "run-quarters") as tell:
        return simulate_points(points, store, study.workers, tell)


def _whole(scores: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Points that could be simulated, and of which every figure is known."""
    return np.isfinite(scores).all(axis=(1, 2, 3)) & np.isfinite(told).all(axis=1)


def posterior_of(study: CalibrationStudy, problem: Problem) -> Draws:
    """Draws from the posterior given all scores."""
    with threadpool_limits(1):
        return problem.fit(study.effort.fit, study.seed)
