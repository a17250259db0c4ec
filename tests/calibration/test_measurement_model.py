"""Measurement model: chances are chances, and agree with the likelihood and with draws."""

from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.measurement_model import (
    GRID,
    NAMES,
    PARAMETERS,
    Numbers,
    _drawn_colour,
    chances,
    draw,
    log_likelihood,
    log_taken,
    seen,
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


def numbers_by_hand(**changed: object) -> Numbers:
    """One draw: no shift, colour or noise to speak of, halves always used, mean firms alone."""
    plain = {
        "shift": np.zeros((1, 4)), "noise": np.full((1, 4), 1e-3), "colour": np.zeros(1),
        "halves": np.ones(1), "leaders": np.zeros(1), "threshold": np.full(1, -np.inf),
    }  # fmt: skip
    return Numbers(**(plain | changed))


def test_places_become_numbers_as_declared():
    """At z = 0 the centre; at z = 1 one spread on: 0.5, 0.5 e^0.5, Phi(1)."""
    middle = Numbers.at(np.zeros((1, len(PARAMETERS))))
    assert middle.shift.tolist() == [[0.0] * 4]
    assert middle.noise.tolist() == [[0.5] * 4]
    assert (middle.colour[0], middle.halves[0], middle.leaders[0]) == (0.5, 0.5, 0.5)
    assert middle.threshold.tolist() == [0.5]
    assert Numbers.of(np.arange(10.0)[None]).threshold.tolist() == [9.0]
    all_taken = Numbers.at(np.zeros((3, len(PARAMETERS))), selection=False)
    assert all_taken.threshold.tolist() == [-np.inf] * 3
    assert all_taken.shift.shape == (3, 4)
    up = Numbers.at(np.ones((1, len(PARAMETERS))))
    assert up.threshold.tolist() == [1.0]
    assert up.shift[0] == pytest.approx([0.5] * 4)
    assert up.noise[0] == pytest.approx([0.5 * np.exp(0.5)] * 4)
    assert up.colour[0] == pytest.approx(0.5 * np.exp(0.5))
    assert [up.halves[0], up.leaders[0]] == pytest.approx([norm.cdf(1.0)] * 2)


def test_each_place_moves_the_number_of_its_name():
    for i, name in enumerate(NAMES):
        z = np.zeros((1, len(PARAMETERS)))
        z[0, i] = 1.0
        moved, middle = Numbers.at(z), Numbers.at(np.zeros_like(z))
        short = name.removeprefix("measurement.")
        field = short.split("_")[0]
        differs = np.asarray(getattr(moved, field) != getattr(middle, field))[0]
        if field == "shift":
            assert list(differs) == [d == short.removeprefix("shift_") for d in DIMENSIONS]
        elif field == "noise":
            near = [d in ("product", "process") for d in DIMENSIONS]
            assert list(differs) == (near if short == "noise_near" else [not n for n in near])
        else:
            assert differs
        for other in {"shift", "noise", "colour", "halves", "leaders", "threshold"} - {field}:
            assert np.array_equal(getattr(moved, other), getattr(middle, other)), (name, other)


def test_what_the_material_shows_by_hand():
    """A quarter leaders: 0.75 x 1 + 0.25 x 2 + 0.1; spread 0.75 x 0.2 + 0.25 x 0.6, noise 0.4."""
    given = numbers_by_hand(
        shift=np.full((1, 4), 0.1), noise=np.full((1, 4), 0.4), leaders=np.array([0.25])
    )
    centre, variance = seen(
        given, np.tile([1.0, 2.0], (1, 1, 4, 1)), np.tile([0.2, 0.6], (1, 4, 1))
    )
    assert centre == pytest.approx(np.full((1, 1, 4), 1.35))
    assert variance == pytest.approx(np.full((1, 1, 4), 0.3**2 + 0.4**2))


@pytest.mark.parametrize("dimension", ["functional", "intersectoral"])
def test_chances_of_a_rounded_logistic(dimension):
    """F((s + r - c) / k) - F((s - r - c) / k), r a quarter or a half, the ends open, k = sd sqrt(3)/pi."""
    halves, centre, sd = 0.3, 1.2, 0.5
    given = numbers_by_hand(halves=np.array([halves]), noise=np.full((1, 4), 0.4))
    simulated = np.full((1, 1, 4, 2), centre)
    d = DIMENSIONS.index(dimension)
    found = chances(given, simulated, np.full((1, 4, 2), 0.3))[0, 0, d]
    k = sd * np.sqrt(3) / np.pi

    def within(score: float, reach: float) -> float:
        low = -np.inf if score == 0 else score - reach
        high = np.inf if score == 3 else score + reach
        return expit((high - centre) / k) - expit((low - centre) / k)

    for place, score in enumerate(GRID):
        whole = within(score, 0.5) if score % 1 == 0 else 0.0
        expected = halves * within(score, 0.25) + (1 - halves) * whole
        assert found[place] == pytest.approx(expected), score


def test_product_and_process_share_a_normal():
    """Both at 1: the integral over what they share of the product of their chances."""
    given = numbers_by_hand(colour=np.array([0.6]), noise=np.full((1, 4), 0.3))
    none = np.zeros((1, 4, 2))
    simulated = np.full((1, 1, 4, 2), 1.4)
    k = 0.3 * np.sqrt(3) / np.pi

    def alone(shared: float) -> float:
        return expit((1.25 - 1.4 - shared) / k) - expit((0.75 - 1.4 - shared) / k)

    def integral(power: int) -> float:
        return quad(lambda u: norm.pdf(u) * alone(0.6 * u) ** power, -6, 6)[0]

    both = log_likelihood(given, simulated, none, np.array([[1.0, 1.0, np.nan, np.nan]]))
    assert np.exp(both[0, 0]) == pytest.approx(integral(2), rel=2e-3)
    assert chances(given, simulated, none)[0, 0, 0, 2] == pytest.approx(integral(1), rel=2e-3)
    far = np.array([[np.nan, np.nan, 1.0, 1.0]])
    assert np.exp(log_likelihood(given, simulated, none, far)[0, 0]) == pytest.approx(alone(0) ** 2)


@pytest.mark.parametrize(
    ("centre", "halves", "score"),
    [(1.3, 1.0, 1.5), (1.3, 0.0, 1.0), (1.2, 1.0, 1.0), (1.74, 1.0, 1.5), (1.76, 0.0, 2.0),
     (-2.0, 1.0, 0.0), (5.0, 1.0, 3.0), (5.0, 0.0, 3.0), (0.3, 1.0, 0.5)],
)  # fmt: skip
def test_without_noise_a_score_is_the_rounded_centre(centre, halves, score):
    given = numbers_by_hand(halves=np.array([halves]))
    drawn = draw(given, np.full((1, 2, 4, 2), centre), np.random.default_rng(0))
    assert drawn.tolist() == [[[score] * 4] * 2]


def test_drawn_product_and_process_share_what_is_particular_to_a_cluster():
    n = 4000
    given = numbers_by_hand(colour=np.array([0.8]))
    drawn = draw(given, np.full((1, n, 4, 2), 1.5), np.random.default_rng(0))[0]
    assert (drawn[:, 0] == drawn[:, 1]).mean() > 0.99
    assert set(drawn[:, 2]) == set(drawn[:, 3]) == {1.5}
    assert drawn[:, 0].std() == pytest.approx(0.8, abs=0.05)


def test_a_score_however_far_off_has_a_chance_that_is_a_number():
    given = numbers_by_hand(noise=np.full((1, 4), 1e-6))
    for score in GRID:
        said = log_likelihood(
            given, np.full((1, 1, 4, 2), 1.0), np.zeros((1, 4, 2)), np.full((1, 4), score)
        )
        assert np.isfinite(said).all()


def test_who_was_taken_in_is_the_upper_tail():
    """Nobody below 1.5 would be in the tables: forecasts are higher but for places far above."""
    every = numbers_by_hand(colour=np.array([0.6]), noise=np.full((1, 4), 0.3))
    some = numbers_by_hand(
        colour=np.array([0.6]), noise=np.full((1, 4), 0.3), threshold=np.array([1.5])
    )
    none = np.zeros((1, 4, 2))
    for centre, apart in ((1.0, True), (3.0, False)):
        simulated = np.full((1, 1, 4, 2), centre)
        mean, of_taken = (chances(g, simulated, none)[0, 0] @ GRID for g in (every, some))
        assert bool(of_taken[0] - mean[0] > 0.3) is apart
        assert of_taken[2] == pytest.approx(mean[2]), "functional upgrading was not what counted"


def test_the_chance_of_scores_given_that_a_cluster_was_taken_in_by_hand():
    """Integral of score chance times chance to be taken in, over the chance to be taken in."""
    given = numbers_by_hand(
        colour=np.array([0.6]), noise=np.full((1, 4), 0.3), threshold=np.array([1.2])
    )
    k = 0.3 * np.sqrt(3) / np.pi

    def alone(shared: float) -> float:
        return expit((1.25 - 1.4 - shared) / k) - expit((0.75 - 1.4 - shared) / k)

    def integral(scored: bool) -> float:
        def at_node(u: float) -> float:
            taken = expit((1.4 + 0.6 * u - 1.2) / 0.25)
            return norm.pdf(u) * taken * (alone(0.6 * u) if scored else 1.0)

        return quad(at_node, -6, 6)[0]

    observed = np.array([[1.0, np.nan, np.nan, np.nan]])
    said = log_likelihood(given, np.full((1, 1, 4, 2), 1.4), np.zeros((1, 4, 2)), observed)
    assert np.exp(said[0, 0]) == pytest.approx(integral(True) / integral(False), rel=2e-3)


def test_clusters_are_drawn_and_foretold_alike_where_few_are_taken_in():
    """Of places at 1.0 hardly one in five is above a threshold of 1.5: what those show by hand.

    Chance of a score given that a cluster was taken in, by integrals over what is particular to it.
    """
    number = 40_000
    given = numbers_by_hand(
        colour=np.array([0.6]), noise=np.full((1, 4), 0.3), threshold=np.array([1.5])
    )
    none = np.zeros((1, 4, 2))
    taken, k = integral_taken(1.0, 0.6, 1.5), 0.3 * np.sqrt(3) / np.pi
    assert np.exp(log_taken(given, np.full((1, 1, 4, 2), 1.0), none)) == pytest.approx(
        np.full((1, 1), taken), rel=2e-3
    )
    drawn = draw(given, np.full((1, number, 4, 2), 1.0), np.random.default_rng(3))
    said = chances(given, np.full((1, 1, 4, 2), 1.0), none)[0, 0]
    assert (drawn[0, :, :, None] == GRID).mean(axis=0) == pytest.approx(said, abs=0.012)

    def at_two(u: float) -> float:
        centre = 1.0 + 0.6 * u
        inside = expit((2.25 - centre) / k) - expit((1.75 - centre) / k)
        return norm.pdf(u) * expit((centre - 1.5) / 0.25) * inside

    assert said[0, 4] == pytest.approx(quad(at_two, -6, 6)[0] / taken, rel=5e-3)


def integral_taken(centre: float, colour: float, threshold: float) -> float:
    """Chance that a cluster is in the tables, over what is particular to it."""
    return quad(lambda u: norm.pdf(u) * expit((centre + colour * u - threshold) / 0.25), -6, 6)[0]


def test_of_clusters_that_nobody_would_take_in_the_likeliest_stands():
    """Far below the threshold no try is accepted: it is the highest of all that were tried."""
    given = numbers_by_hand(colour=np.array([0.5]), threshold=np.array([30.0]))
    drawn = draw(given, np.full((1, 500, 4, 2), 1.0), np.random.default_rng(0))[0]
    assert (drawn[:, 0] == drawn[:, 1]).mean() > 0.99
    assert set(drawn[:, 2]) == {1.0}
    # of 64 standard normals the highest is 2.39 on average: 1 + 0.5 x 2.39
    assert drawn[:, 0].mean() == pytest.approx(1 + 0.5 * highest_of(64), abs=0.03)


def highest_of(n: int) -> float:
    """Mean of the highest of n standard normals."""
    return quad(lambda x: x * n * norm.pdf(x) * norm.cdf(x) ** (n - 1), -8, 8)[0]


def test_each_place_has_its_own_chance_to_be_taken_in():
    """Of two places one is always taken in, the other never: neither decides for the other."""
    given = numbers_by_hand(colour=np.array([0.5]), threshold=np.array([15.0]))
    centre = np.where(np.arange(600) % 2, 30.0, 1.0)
    colour = colours(given, centre)
    assert np.abs(colour[centre == 30.0]).mean() < 0.5  # 0.5 sqrt(2 / pi) = 0.4, as anywhere
    assert colour[centre == 30.0].mean() == pytest.approx(0.0, abs=0.1)
    assert colour[centre == 1.0].mean() == pytest.approx(0.5 * highest_of(64), abs=0.04)
    assert colour[centre == 1.0].min() > 0.5


def colours(given: Numbers, centre: np.ndarray) -> np.ndarray:
    """What is particular to each of some places, as drawn."""
    wide = np.broadcast_to(centre[None, :, None], (1, len(centre), 4))
    return _drawn_colour(given, wide, np.random.default_rng(0))[0]


def test_whoever_is_in_the_tables_for_sure_has_a_chance_of_one():
    assert log_taken(numbers_by_hand(), np.zeros((1, 3, 4, 2)), np.zeros((3, 4, 2))) == (
        pytest.approx(np.zeros((1, 3)))
    )
    never = numbers_by_hand(threshold=np.full(1, np.inf))
    assert log_taken(never, np.zeros((1, 1, 4, 2)), np.zeros((1, 4, 2)))[0, 0] < -600


def test_leading_firms_and_what_is_shown_decide_who_is_taken_in():
    """A quarter leaders at 2.0 beside a mean of 1.0, shifted by 0.1: 1.35 is what shows."""
    given = numbers_by_hand(
        colour=np.array([0.4]), shift=np.full((1, 4), 0.1), leaders=np.array([0.25]),
        threshold=np.array([1.5]),
    )  # fmt: skip
    found = log_taken(given, np.tile([1.0, 2.0], (1, 1, 4, 1)), np.zeros((1, 4, 2)))
    assert np.exp(found) == pytest.approx(np.full((1, 1), integral_taken(1.35, 0.4, 1.5)), rel=2e-3)
