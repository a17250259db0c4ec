"""Samples: designs that fill the space of factors more evenly than chance would."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import qmc

from model.experiments.designs import Rows, from_unit
from model.experiments.factors import Factor


def latin_hypercube(factors: Mapping[str, Factor], points: int, seed: int) -> Rows:
    """Each factor's range cut into ``points`` slices, one point in each (McKay and others 1979)."""
    sampler = qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed))
    return from_unit(factors, sampler.random(points))


def sobol(factors: Mapping[str, Factor], points: int, seed: int) -> Rows:
    """A scrambled Sobol sequence: more even than chance; ``points`` is a power of two."""
    sampler = qmc.Sobol(len(factors), scramble=True, rng=np.random.default_rng(seed))
    return from_unit(factors, sampler.random_base2(points.bit_length() - 1))
