"""The sampler on a problem whose posterior is known."""

import numpy as np
import pytest

from calibration.posterior.mcmc import reduction, sample

MEAN = np.array([1.0, -0.5, 0.0])
COVARIANCE = np.array([[0.5, 0.3, 0.0], [0.3, 0.4, 0.1], [0.0, 0.1, 1.0]])
PRECISION = np.linalg.inv(COVARIANCE)


def density(z: np.ndarray) -> np.ndarray:
    apart = z - MEAN
    return -0.5 * np.einsum("ni,ij,nj->n", apart, PRECISION, apart)


def test_a_gaussian_posterior_is_recovered():
    draws = sample(density, 3, seed=1, steps=1500, burn=300, keep=4000)
    assert draws.z.mean(axis=0) == pytest.approx(MEAN, abs=0.08)
    assert np.cov(draws.z.T) == pytest.approx(COVARIANCE, abs=0.1)
    assert draws.mixed
    assert draws.effective > 500


def test_the_seed_decides_the_draws():
    first, same, other = (
        sample(density, 3, seed=seed, steps=40, burn=10, keep=20).z for seed in (1, 1, 2)
    )
    assert first.tobytes() == same.tobytes()
    assert first.tobytes() != other.tobytes()


def test_halves_that_differ_are_told():
    still = np.random.default_rng(0).standard_normal((400, 10, 2))
    moving = still + np.linspace(0, 3, 400)[:, None, None]
    assert reduction(still) < 1.01
    assert reduction(moving) > 1.2
