"""Draws from a posterior, by the affine-invariant ensemble of emcee with differential-evolution moves.

Foreman-Mackey et al. 2013 (PASP 125), ter Braak 2006 (Statistics and Computing 16). The density is
called on whole populations of walkers. Walkers start from prior draws chosen by their likelihood, or
from draws that are given; the seed decides everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import emcee
import numpy as np
from emcee import moves

Density = Callable[[np.ndarray], np.ndarray]
_TRIED = 2000  # prior draws of which walkers start from the likeliest
MIXED = 1.1  # potential scale reduction up to which walkers are said to agree


@dataclass(frozen=True)
class Draws:
    """Draws (n, dimensions) in order of time, with what tells whether they can be trusted."""

    z: np.ndarray
    accepted: float
    effective: float  # independent draws that the worst dimension is worth
    reduction: float  # potential scale reduction of the worst dimension; 1 is perfect

    @property
    def mixed(self) -> bool:
        """Whether the halves of the walkers tell the same."""
        return self.reduction < MIXED


def sample(
    density: Density,
    dimensions: int,
    seed: int,
    steps: int,
    burn: int,
    keep: int,
    start: np.ndarray | None = None,
    walkers: int | None = None,
) -> Draws:
    """``keep`` draws, evenly spaced over ``steps`` steps of all walkers after ``burn`` steps.

    ``density`` maps (n, dimensions) to the (n,) logarithm of a density up to a constant. ``start``: draws
    (n, dimensions) from which walkers are taken.
    """
    number = walkers or 2 * dimensions + 6
    rng = np.random.default_rng(seed)
    first = _start(density, dimensions, number, rng, start)
    mix = [(moves.DEMove(), 0.7), (moves.DESnookerMove(), 0.1), (moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(number, dimensions, density, moves=mix, vectorize=True)
    state = emcee.State(first, random_state=np.random.RandomState(seed).get_state())
    sampler.run_mcmc(state, burn + steps, skip_initial_state_check=True)
    chain = sampler.get_chain(discard=burn)  # (steps, walkers, dimensions)
    flat = chain.reshape(-1, dimensions)
    chosen = np.linspace(0, len(flat) - 1, keep).astype(int)
    with np.errstate(invalid="ignore"):  # a walker that never moved has no correlation
        tau = emcee.autocorr.integrated_time(chain, quiet=True, tol=0)
    return Draws(
        flat[chosen],
        float(np.mean(sampler.acceptance_fraction)),
        float(len(flat) / np.nan_to_num(tau, nan=len(flat)).max()),
        reduction(chain),
    )


def _start(
    density: Density,
    dimensions: int,
    number: int,
    rng: np.random.Generator,
    start: np.ndarray | None,
) -> np.ndarray:
    if start is not None:
        return start[rng.choice(len(start), number, replace=False)]
    tried = rng.standard_normal((_TRIED, dimensions))
    values = np.concatenate([density(part) for part in np.array_split(tried, _TRIED // 50)])
    likeliest = np.argsort(-(values + 0.5 * (tried**2).sum(axis=1)), kind="stable")
    return tried[likeliest[:number]]


def reduction(chain: np.ndarray) -> float:
    """Potential scale reduction over the halves of time (Gelman and Rubin 1992), worst dimension.

    chain: (steps, walkers, dimensions); walkers of a half are one long series.
    """
    half = len(chain) // 2
    parts = np.stack([chain[:half], chain[half : 2 * half]]).reshape(2, -1, chain.shape[-1])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = parts.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt(1 + between / np.maximum(within, 1e-300)).max())
