"""Emulator and posterior on a toy simulator that is known."""

import numpy as np
import pytest

from calibration.posterior.emulator import fit_emulator
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.measurement_model import PARAMETERS, Numbers, draw
from calibration.prior.distributions import Free, Prior
from calibration.prior.screening import screen
from calibration.validation.simulation_based_calibration import recovery

PRIOR = Prior((Free("a", 0.0, 0.5, 1.0), Free("b", 0.0, 0.5, 1.0)))
CLUSTERS = 40


def simulator(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Expected scores are 1 + a + x b (1 - b) at cluster place x, in all dimensions."""
    a, b = values[:, 0, None], values[:, 1, None]
    x = np.linspace(0, 2, CLUSTERS)
    centre = 1 + a + x * b * (1 - b)
    noise = 0.05 * rng.standard_normal((*centre.shape, 4, 2))
    return centre[..., None, None] + noise


@pytest.fixture(scope="module")
def emulator():
    rng = np.random.default_rng(0)
    values = PRIOR.numbers(rng.standard_normal((300, 2)))
    return fit_emulator(PRIOR, values, simulator(values, rng))


def test_a_quadratic_simulator_is_emulated_to_its_noise(emulator):
    assert emulator.degree >= 2
    assert emulator.chance == pytest.approx(0.05, rel=0.3)
    values = np.array([[0.3, 0.7]])
    exact = 1 + 0.3 + np.linspace(0, 2, CLUSTERS) * 0.21
    assert emulator.scores(values)[0, :, 0, 0] == pytest.approx(exact, abs=0.03)


def test_a_planted_truth_is_found_again(emulator):
    rng = np.random.default_rng(5)
    truth = np.concatenate([[1.0, 0.0], np.zeros(len(PARAMETERS))])[None]
    truth[0, 2:6] = 0.5, 0.5, 0.5, 0.5
    runs = simulator(PRIOR.numbers(truth[:, :2]), rng)
    problem = Problem(emulator, draw(Numbers.at(truth[:, 2:]), runs, rng)[0])
    draws = problem.fit(Setting(400, 300, 400), seed=1)
    low, high = np.quantile(draws.z, [0.005, 0.995], axis=0)
    assert ((low < truth[0]) & (truth[0] < high)).all()
    level = problem.names.index("measurement.shift_product")
    assert draws.z[:, level].std() < 0.9  # something was learned


def test_clusters_left_out_take_no_part(emulator):
    observed = np.ones((CLUSTERS, 4))
    changed = observed.copy()
    changed[0] = 3.0
    fitted = np.arange(CLUSTERS) > 0
    setting = Setting(20, 10, 10)
    first, second = (
        Problem(emulator, each).fit(setting, 1, fitted) for each in (observed, changed)
    )
    assert first.z.tobytes() == second.z.tobytes()
    third = Problem(emulator, changed).fit(setting, 1)
    assert third.z.tobytes() != first.z.tobytes()


def test_predictions_add_up_to_one(emulator):
    problem = Problem(emulator, np.ones((CLUSTERS, 4)))
    z = np.random.default_rng(0).standard_normal((20, problem.dimensions))
    assert problem.predict(z).sum(axis=-1) == pytest.approx(1.0)


def test_right_posteriors_cover_and_wrong_ones_do_not(emulator):
    problem = Problem(emulator, np.ones((CLUSTERS, 4)))
    rng = np.random.default_rng(2)
    centre = rng.standard_normal((200, problem.dimensions))
    truth = centre + rng.standard_normal(centre.shape)
    draws = centre[:, None] + rng.standard_normal((200, 99, problem.dimensions))
    right = recovery(problem, truth, draws)
    assert right["coverage90"].mean() == pytest.approx(0.9, abs=0.02)
    assert (right["rank_p"] > 0.001).mean() > 0.9
    bold = recovery(problem, truth, centre[:, None] + 0.4 * (draws - centre[:, None]))
    assert bold["coverage90"].mean() < 0.7
    assert (bold["rank_p"] < 0.001).all()


def test_screening_frees_what_moves_scores_and_not_its_double():
    entries = tuple(Free(name, 0.0, 0.5, 1.0) for name in ("moves", "double", "idle", "other"))
    rng = np.random.default_rng(0)
    z = rng.standard_normal((400, 4))
    scores = np.zeros((400, 30, 4))
    scores[..., 0] = 0.3 * z[:, 0, None] + 0.29 * z[:, 1, None]
    scores[..., 2] = 0.2 * z[:, 3, None]
    scores += 0.01 * rng.standard_normal(scores.shape)
    table = screen(Prior(entries), z, scores, np.ones((30, 4), bool))
    assert list(table["key"][:2]) == ["moves", "other"]
    assert list(table.loc[table["free"], "key"]) == ["moves", "other"]
