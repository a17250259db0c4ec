"""Measurement model: chances are chances, and agree with the likelihood and with draws."""

from itertools import product

import numpy as np
import pytest

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.measurement_model import (
    GRID,
    PARAMETERS,
    Numbers,
    chances,
    draw,
    log_likelihood,
)

CHANCE = np.full((1, 4, 2), 0.1)


def at(number: int, seed: int = 0) -> Numbers:
    return Numbers.at(np.random.default_rng(seed).standard_normal((number, len(PARAMETERS))))


def scores(number: int, seed: int = 1) -> np.ndarray:
    return 3 * np.random.default_rng(seed).random((number, 1, 4, 2))


def only(dimension: str, score: float) -> np.ndarray:
    observed = np.full((1, 4), np.nan)
    observed[0, DIMENSIONS.index(dimension)] = score
    return observed


def test_chances_of_all_scores_add_up_to_one():
    assert chances(at(50), scores(50), CHANCE).sum(axis=-1) == pytest.approx(1.0)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_one_score_alone_has_the_chance_that_is_predicted(dimension):
    given, simulated = at(8), scores(8)
    said = chances(given, simulated, CHANCE)[:, 0, DIMENSIONS.index(dimension)]
    for place, score in enumerate(GRID):
        alone = log_likelihood(given, simulated, CHANCE, only(dimension, float(score)))[:, 0]
        assert np.exp(alone) == pytest.approx(said[:, place])


def test_pairs_of_scores_of_what_is_seen_together_add_up_to_one():
    given, simulated, total = at(8), scores(8), 0.0
    for a, b in product(GRID, GRID):
        observed = np.array([[a, b, np.nan, np.nan]])
        total = total + np.exp(log_likelihood(given, simulated, CHANCE, observed))
    assert total == pytest.approx(np.ones((8, 1)))


def test_missing_scores_say_nothing():
    assert log_likelihood(at(8), scores(8), CHANCE, np.full((1, 4), np.nan)) == pytest.approx(0.0)


def test_clusters_that_reach_more_are_scored_higher():
    low, high = np.full((1, 1, 4, 2), 1.0), np.full((1, 1, 4, 2), 1.5)
    given = at(1)
    less = chances(given, low, CHANCE).cumsum(axis=-1)
    more = chances(given, high, CHANCE).cumsum(axis=-1)
    assert (more[..., :-1] < less[..., :-1]).all()


def test_draws_come_as_often_as_is_predicted():
    number = 40_000
    given = Numbers.at(np.zeros((number, len(PARAMETERS))))
    simulated = np.broadcast_to([[[[1.2, 1.6]] * 4]], (number, 1, 4, 2))
    drawn = draw(given, simulated, np.random.default_rng(3), CHANCE)
    said = chances(Numbers.at(np.zeros((1, len(PARAMETERS)))), simulated[:1], CHANCE)[0, 0]
    seen = (drawn[:, 0, :, None] == GRID).mean(axis=0)
    assert seen == pytest.approx(said, abs=0.01)
