"""Components of collective efficiency cluster by cluster, with what says how far to trust that.

- *Runs*: each cluster once at some draws of the posterior that ships, components drawn as ever. What they do
  to scores is read off these runs, all clusters together (`calibration.posterior.latent_components`).
- *Planted truths*: runs that were not fitted are scored by the measurement model and their components
  inferred from those scores, the numbers being unknown within the posterior. If all is right, 90% intervals
  hold nine truths of ten, and how far posterior means follow the truths says what such scores can tell.
- *Without slopes*: the runs themselves, each weighed by its own scores, give the mean place of each
  component, too; far fewer draws, but no fitted rule between a component and the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp, ndtri, softmax
from scipy.stats import binom
from threadpoolctl import threadpool_limits

from calibration.evidence.case_tables import DIMENSIONS, Case, load_cases
from calibration.posterior import measurement_model as measurement
from calibration.posterior.credible_intervals import FORECAST_LEVEL, tails
from calibration.posterior.latent_components import (
    FEWEST,
    PLACE_SPREAD,
    TOGETHER,
    Response,
    Slopes,
    Told,
    component_rows,
    effective_draws,
    ends,
    fit_response,
    fit_slopes,
    pooled,
    spread_of,
    tell,
    usable,
)
from calibration.posterior.measurement_model import PREFIX, Numbers
from calibration.posterior.shipped_posterior import shipped_posterior
from calibration.posterior.simulator import ParameterPoints
from calibration.posterior.workflow import SHIPPED, CalibrationStudy, known_prior, simulated
from calibration.prior.translation import SPACING, component_values, components, translated
from model.provenance import DOOR
from model.scenario import Scenario
from model.scenario.faults import Fault, InputError, show_path

FITTED, PLANTED = 240, 16
"""Runs of each cluster that are fitted, and that are planted truths."""
QUICK_FITTED, QUICK_PLANTED = 64, 4
_FIRST = 30_000_000  # replicates of these runs
_EACH_PLANTED = 16  # places beside each draw where a truth is planted: there are many tables


@dataclass(frozen=True)
class ComponentFindings:
    """What was found; ``cases`` are the clusters asked for, in the order of the frames."""

    cases: tuple[Case, ...]
    by_component: pd.DataFrame
    """A row a cluster and component: case, title, degree and ``latent_components.component_rows``."""
    by_cluster: pd.DataFrame
    """A row a cluster: its columns are told where it is made."""
    effects: pd.DataFrame
    """A row a component and kind of upgrading: see ``mean_effects``."""
    planted: pd.DataFrame
    """A row a component: see ``recovered_components``."""
    refused: tuple[str, ...]
    """Clusters whose weights rest on too few draws to say anything."""
    updated: bool
    """Whether the clusters are new to the posterior and update its draws."""
    scoring: pd.Series
    """Medians of the measurement model's numbers over draws."""
    draws: int
    fitted: int
    effort: str
    seed: int

    def facts(self) -> dict[str, float | int | list[str]]:
        """The line for scripts."""
        table = self.by_component
        alone = table[(table["component"] != TOGETHER) & ~table["case"].isin(self.refused)]
        return {
            "clusters": len(self.cases),
            "refused": list(self.refused),
            "contraction_median": round(float(alone["contraction"].median()), 4),
            "contraction_most": round(float(alone["contraction"].max()), 4),
            "effective_least": round(float(self.by_cluster["effective"].min()), 1),
            "planted_coverage": round(float(self.planted["coverage90"].mean()), 4),
        }


@dataclass(frozen=True)
class _Sample:
    """Draws of the posterior, as each part of the inference takes them."""

    table: pd.DataFrame
    keys: tuple[str, ...]
    values: np.ndarray
    scaled: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame) -> _Sample:
        keys = tuple(str(name) for name in table if not str(name).startswith(PREFIX))
        values = table[list(keys)].to_numpy(float)
        return cls(table, keys, values, known_prior(list(keys)).scaled(values))

    def given(self, draws: np.ndarray | None = None) -> Numbers:
        """How scorers see clusters in these draws; default: in all."""
        numbers = self.table[list(measurement.NAMES)].to_numpy(float)
        return Numbers.of(numbers if draws is None else numbers[draws])


@dataclass(frozen=True)
class _Runs:
    """One cluster's runs at some draws of the posterior; those that failed are left out."""

    at: np.ndarray  # (runs,), which draws
    places: np.ndarray  # (runs, components)
    scores: np.ndarray  # (runs, 4, 2)

    def of(self, which: np.ndarray) -> _Runs:
        return _Runs(self.at[which], self.places[which], self.scores[which])


@dataclass(frozen=True)
class _Judged:
    """One cluster: what its runs and its scores came to."""

    case: Case
    world: Scenario
    response: Response
    told: Told
    alone: tuple[float, float]
    """Of `without_slopes`."""
    truths: tuple[_Truth, ...]


@dataclass(frozen=True)
class _Truth:
    """Components that were planted and what was made of them; each (components + 1,), together last."""

    place: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    inside: np.ndarray


def find_components(
    study: CalibrationStudy,
    fitted: int = FITTED,
    planted: int = PLANTED,
    sample: pd.DataFrame | None = None,
) -> ComponentFindings:
    """Run, fit, weigh and check; ``sample``: draws of the posterior, default those that ship.

    Of a few clusters of one's own, laid beside those that ship, only these; they update the posterior
    together. Raises InputError for a larger table, and where too few draws bear a cluster's scores.
    """
    if study.table != SHIPPED and not study.joined:
        fault = "is calibrated by itself, and the posterior that ships is not that of its clusters"
        hint = f"lay up to five of its scored clusters beside those that ship; all: {DOOR} calibrate --cases"
        raise InputError(Fault(show_path(study.table), "", "", fault, hint))
    drawn = _Sample.of(shipped_posterior() if sample is None else sample)
    at = np.linspace(0, len(drawn.values) - 1, fitted + planted).astype(int)
    points = ParameterPoints(
        tuple(study.scenarios[i] for i in study.scored), drawn.keys, drawn.values[at], 1, _FIRST,
        components=True,
    )  # fmt: skip
    scores = simulated(study, "Runs at posterior draws", points).scores[:, 0]
    there = np.isfinite(scores).all(axis=(2, 3))
    places = points.places()
    held = np.zeros(len(at), bool)
    held[np.linspace(0, len(at) - 1, planted).astype(int)] = True  # truths: spread over the draws
    everyone = [_Runs(at, places[:, k], scores[:, k]) for k in range(len(study.scored))]
    runs = [each.of(there[:, k] & ~held) for k, each in enumerate(everyone)]
    aside = [each.of(there[:, k] & held) for k, each in enumerate(everyone)]
    first = len(load_cases()) if study.joined else 0  # those that ship come first
    with threadpool_limits(1):
        own = [fit_slopes(drawn.scaled[each.at], each.places, each.scores) for each in runs]
        mean, slopes = pooled(
            Slopes(np.stack([s.value for s in own]), np.stack([s.variance for s in own]))
        )
        judged = [
            _judge(
                study.cases[i], study.scenarios[i], study.all_scores[i], drawn, slopes.value[k],
                runs[k], aside[k], study.seed, int(i),
            )
            for k, i in enumerate(study.scored)
            if i >= first
        ]  # fmt: skip
        draws = _updated([each.told for each in judged]) if study.joined else None
        rows = [component_rows(j.told, _values(j.world, drawn, j.told), draws) for j in judged]
    weights = [each.told.weights(draws) for each in judged]
    refused = [j.case.case for j, weight in zip(judged, weights, strict=True) if not usable(weight)]
    if len(refused) == len(judged):
        raise _too_far(study, judged)
    return ComponentFindings(
        cases=tuple(each.case for each in judged),
        by_component=pd.concat(
            [_headed(each.case, part) for each, part in zip(judged, rows, strict=True)],
            ignore_index=True,
        ),
        by_cluster=pd.DataFrame([_row(j, w) for j, w in zip(judged, weights, strict=True)]),
        effects=mean_effects(mean),
        planted=recovered_components([truth for each in judged for truth in each.truths]),
        refused=tuple(refused),
        updated=study.joined,
        scoring=drawn.table[list(measurement.NAMES)].median(),
        draws=len(drawn.values),
        fitted=fitted,
        effort=study.effort.name,
        seed=study.seed,
    )


def _judge(
    case: Case,
    world: Scenario,
    observed: np.ndarray,
    drawn: _Sample,
    slopes: np.ndarray,
    runs: _Runs,
    aside: _Runs,
    seed: int,
    number: int,
) -> _Judged:
    """Fit one cluster's runs, weigh places by its scores, and plant truths at runs that were not fitted."""
    response = fit_response(drawn.scaled[runs.at], runs.places, runs.scores, slopes, seed)
    rng, *rngs = np.random.default_rng((seed, 5, number)).spawn(1 + len(aside.at))
    told = tell(drawn.given(), drawn.scaled, response, observed, rng)
    others = np.setdiff1d(np.arange(len(drawn.scaled)), aside.at)
    missing = np.isnan(observed)
    truths = [
        _planted(drawn, response, others, aside, place, missing, each)
        for place, each in enumerate(rngs)
    ]
    given = drawn.given(runs.at)
    alone = without_slopes(given, runs.places, runs.scores, observed, told, runs.at)
    return _Judged(case, world, response, told, alone, tuple(t for t in truths if t is not None))


def _updated(told: Sequence[Told]) -> np.ndarray:
    """Weights of the draws once they have seen the scores of these clusters."""
    return np.asarray(softmax(np.sum([each.log_scores for each in told], axis=0)))


def _too_far(study: CalibrationStudy, judged: Sequence[_Judged]) -> InputError:
    """Names the cluster whose scores fewest draws bear."""
    worth = [effective_draws(softmax(each.told.log_scores)) for each in judged]
    worst = judged[int(np.argmin(worth))].case.case
    fault = f"has scores so far from what the posterior expects that fewer than {FEWEST} draws bear them"
    hint = f"fit anew: {DOOR} calibrate --cases {show_path(study.table)}"
    return InputError(Fault(show_path(study.table), "case", worst, fault, hint))


def _planted(
    drawn: _Sample,
    response: Response,
    others: np.ndarray,
    aside: _Runs,
    number: int,
    missing: np.ndarray,
    rng: np.random.Generator,
) -> _Truth | None:
    """Scores of a run by the measurement model, and components inferred from them by the other draws.

    None if by chance the cluster was not taken into the tables: what is planted, like the evidence,
    is of clusters that were.
    """
    given = drawn.given(aside.at[[number]])
    scores = aside.scores[[number]][:, None]
    never = np.zeros(scores.shape[1:])
    if np.log(rng.random()) > measurement.log_taken(given, scores, never)[0, 0]:
        return None
    observed = np.where(missing, np.nan, measurement.draw(given, scores, rng)[0, 0])
    told = tell(drawn.given(others), drawn.scaled[others], response, observed, rng, _EACH_PLANTED)
    weights = softmax(told.joint)
    truth = aside.places[number]
    found = [
        (*spread_of(place, weights), *ends(place.ravel(), weights.ravel()))
        for place in (*np.moveaxis(told.places, -1, 0), told.places.mean(axis=-1))
    ]
    mean, spread, low, high = np.array(found).T
    place = np.append(truth, truth.mean())
    return _Truth(place, mean, spread, (low <= place) & (place <= high))


def mean_effects(mean: Slopes) -> pd.DataFrame:
    """What a step of a component does to the score of the mean firm, mean over clusters.

    Columns: component, dimension, points, low, high (central 95%).
    """
    component, dimension = np.indices(mean.value.shape[:2])
    value, spread = mean.value[..., 0].ravel(), np.sqrt(mean.variance[..., 0].ravel())
    reach = float(ndtri(tails()[1]))
    return pd.DataFrame(
        {
            "component": np.array(components())[component.ravel()],
            "dimension": np.array(DIMENSIONS)[dimension.ravel()],
            "points": value,
            "low": value - reach * spread,
            "high": value + reach * spread,
        }
    )


def recovered_components(truths: Sequence[_Truth]) -> pd.DataFrame:
    """A row a component, and one of all together: how well planted truths are found again.

    Columns: component, tables, coverage90 (share of truths within the central 90%), coverage_low and
    coverage_high (95% range of that share if intervals are right), correlation (of posterior mean with
    truth), contraction (mean share by which the standard deviation shrinks).
    """
    names, tables = (*components(), TOGETHER), len(truths)
    place, mean, spread, inside = (
        np.array([getattr(truth, part) for truth in truths])
        for part in ("place", "mean", "spread", "inside")
    )
    before = np.full(len(names), PLACE_SPREAD)
    before[-1] /= np.sqrt(len(components()))
    low, high = (binom.ppf(tail, tables, FORECAST_LEVEL) / tables for tail in tails())
    return pd.DataFrame(
        {
            "component": names,
            "tables": tables,
            "coverage90": inside.mean(axis=0),
            "coverage_low": low,
            "coverage_high": high,
            "correlation": [np.corrcoef(mean[:, i], place[:, i])[0, 1] for i in range(len(names))],
            "contraction": 1 - spread.mean(axis=0) / before,
        }
    )


def without_slopes(
    given: Numbers,
    places: np.ndarray,
    scores: np.ndarray,
    observed: np.ndarray,
    told: Told,
    at: np.ndarray,
) -> tuple[float, float]:
    """Runs weighed by their own scores: equal runs they are worth, and how far mean places lie apart.

    Runs were made at the draws ``at``; a run counts as p(scores | run) / p(scores | numbers), the second
    from ``told``. Apart: root mean square over components of the difference to the means of ``told``, in
    standard errors of the runs; about 1 if slopes lead nowhere else.
    """
    each, never = scores[:, None], np.zeros((1, *scores.shape[1:]))
    own = measurement.log_likelihood(given, each, never, observed[None])
    own = (own + measurement.log_taken(given, each, never))[:, 0]
    weights = softmax(own - logsumexp(told.joint, axis=1)[at])
    mean = weights @ places
    error = np.sqrt(weights**2 @ (places - mean) ** 2)
    expected = np.einsum("de,dec->c", told.weights(), told.places)
    return effective_draws(weights), float(np.sqrt((((mean - expected) / error) ** 2).mean()))


def _row(judged: _Judged, weights: np.ndarray) -> dict[str, object]:
    """A row of ``by_cluster``.

    case, title, degree; effective (equal pairs of a draw and places that the weights are worth), pairs (how
    many there are); moved (standard deviation that components give to the score of the mean firm, mean over
    kinds), chance (of one history around that); runs_effective and runs_apart (of ``without_slopes``).
    """
    return {
        **_head(judged.case),
        "effective": effective_draws(weights),
        "pairs": weights.size,
        "moved": float(judged.response.moved[:, 0].mean()),
        "chance": float(judged.response.chance[:, 0].mean()),
        "runs_effective": judged.alone[0],
        "runs_apart": judged.alone[1],
    }


def _head(case: Case) -> dict[str, object]:
    return {
        "case": case.case,
        "title": f"{case.cluster}, {case.industry}",
        "degree": case.ce_degree,
    }


def _headed(case: Case, part: pd.DataFrame) -> pd.DataFrame:
    for place, (name, value) in enumerate(_head(case).items()):
        part.insert(place, name, value)
    return part


def _values(world: Scenario, drawn: _Sample, told: Told) -> np.ndarray:
    """The starting conditions at the places of ``told``, around those that each draw spaces."""
    (community,) = world.communities
    spacings = drawn.table[SPACING].tolist() if SPACING in drawn.table else [1.0] * len(drawn.table)
    return np.stack(
        [
            component_values(translated(world, {SPACING: spacing}).communities[community], places)
            for spacing, places in zip(spacings, told.places, strict=True)
        ]
    )
