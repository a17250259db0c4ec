"""Yardsticks give the errors that the data notes tell, and are not favoured or handicapped."""

import numpy as np
import pytest

from calibration.evidence.case_tables import GOVERNANCE_MODES, Degree, load_cases, scores
from calibration.evidence.starting_conditions import load_starting_points
from calibration.posterior.measurement_model import GRID
from calibration.validation.baselines import forecasts, inputs

CASES = [case for case in load_cases() if any(v is not None for v in scores(case).values())]
SIMPLE = ("constant", "sector_mean", "ridge")
OBSERVED = np.array([list(scores(case).values()) for case in CASES], float)


@pytest.fixture(scope="module")
def left_out() -> dict[str, np.ndarray]:
    known = inputs(CASES)
    found: dict[str, np.ndarray] = {}
    for i in range(len(CASES)):
        fitted = np.arange(len(CASES)) != i
        few = {
            name: found_[1][0]
            for name, found_ in forecasts(known, OBSERVED, fitted, names=SIMPLE).items()
        }
        for name, numbers in few.items():
            found.setdefault(name, np.empty_like(OBSERVED))[i] = numbers
    return found


@pytest.mark.parametrize(
    ("name", "error"), [("constant", 0.531), ("sector_mean", 0.496), ("ridge", 0.488)]
)
def test_errors_are_those_of_the_data_notes(left_out, name, error):
    assert np.nanmean(np.abs(left_out[name] - OBSERVED)) == pytest.approx(error, abs=0.001)


def test_forecasts_are_chances():
    fitted = np.arange(len(CASES)) > 0
    for chances, _ in forecasts(inputs(CASES), OBSERVED, fitted).values():
        assert chances.sum(axis=-1) == pytest.approx(1.0)


def test_what_is_left_out_is_not_seen():
    fitted = np.arange(len(CASES)) > 0
    changed = OBSERVED.copy()
    changed[0] = 0.0
    known = inputs(CASES)
    first, second = forecasts(known, OBSERVED, fitted), forecasts(known, changed, fitted)
    for name in first:
        assert first[name][0].tobytes() == second[name][0].tobytes()


ALIKE = {  # four clusters, two sectors
    "sector": np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]),
    "efficiency": np.array([[0.0], [1], [2], [2]]),
    "chains": np.zeros((4, 8)),
}
SCORED = np.array([[0.5, np.nan], [1.0, np.nan], [3.0, np.nan], [np.nan, 1.0]])


def test_the_constant_and_its_errors_left_out_by_hand():
    """0.5, 1 and 3 fitted: mean 1.5. Left out, they miss by 0.5 - 2, 1 - 1.75 and 3 - 0.75.

    So latent scores are 0, 0.75 and 3.75, rounded to 0, 1 and 3.
    """
    fitted = np.array([True, True, True, False])
    chances, numbers = forecasts(ALIKE, SCORED, fitted, names=("constant",))["constant"]
    assert numbers[0, 0] == pytest.approx(1.5)
    assert chances[0, 0] == pytest.approx(np.array([1, 0, 1, 0, 0, 0, 1]) / 3)


def test_the_sector_mean_by_hand():
    """Of the other sector one cluster is fitted: 3. Left out it is told the mean of the others, 0.75."""
    fitted = np.array([True, True, True, False])
    chances, numbers = forecasts(ALIKE, SCORED, fitted, names=("sector_mean",))["sector_mean"]
    assert numbers[0, 0] == pytest.approx(3.0)
    # errors 0.5 - 1, 1 - 0.5, 3 - 0.75: 2.5, 3.5 and 5.25, the last two beyond the scale
    assert chances[0, 0] == pytest.approx(np.array([0, 0, 0, 0, 0, 1, 2]) / 3)


def test_a_sector_of_which_no_cluster_is_left_gets_the_constant():
    fitted = np.array([True, True, False, False])
    _, numbers = forecasts(ALIKE, SCORED, fitted, names=("sector_mean",))["sector_mean"]
    assert numbers[:, 0] == pytest.approx([0.75, 0.75])


def test_ridge_on_one_column_is_the_closed_form():
    """Slope Sxy / (Sxx + 1): x = 0, 1, 2 and y = 0.5, 1, 3 give 2.5 / 3."""
    known = ALIKE | {"sector": np.zeros((4, 1))}
    fitted = np.array([True, True, True, False])
    _, numbers = forecasts(known, SCORED, fitted, names=("ridge",))["ridge"]
    assert numbers[0, 0] == pytest.approx(1.5 + 2.5 / 3 * (2 - 1))


def test_what_too_few_clusters_have_a_score_of_has_no_forecast():
    fitted = np.array([True, True, True, False])
    for name, (chances, numbers) in forecasts(ALIKE, SCORED, fitted).items():
        assert np.isnan(numbers[0, 1]), name
        assert np.isnan(chances[0, 1]).all(), name
        assert np.isfinite(numbers[0, 0]), name


def test_the_forest_is_judged_out_of_the_bag():
    """In the bag a forest fits closely; its forecast is as wide as its errors on what it has not seen."""
    rng = np.random.default_rng(0)
    n = 40
    known = {
        "sector": rng.random((n, 2)),
        "efficiency": rng.random((n, 1)),
        "chains": rng.random((n, 8)),
    }
    noise = rng.integers(0, 7, (n, 1)) / 2.0
    fitted = np.arange(n) < n - 5
    chances, _ = forecasts(known, noise, fitted, names=("random_forest",))["random_forest"]
    mean = chances @ GRID
    spread = np.sqrt((chances * (GRID - mean[..., None]) ** 2).sum(axis=-1))
    assert spread.mean() > 0.8, "uniform scores have a standard deviation of 1"


def test_inputs_of_a_case_by_hand():
    (known,) = (inputs([case]) for case in CASES if case.case == "sinos_valley_footwear")
    case = next(case for case in CASES if case.case == "sinos_valley_footwear")
    assert known["sector"].tolist() == [[1.0]]
    assert known["efficiency"].tolist() == [[float(list(Degree).index(case.ce_degree))]]
    codes = [case.market, case.network, case.quasi_hierarchy, case.hierarchy]
    assert known["chains"].tolist() == [[bit for code in codes for bit in (code % 2, code // 2)]]


def test_cells_that_are_not_given_hold_what_the_scenarios_assume():
    assumed = load_starting_points().not_given
    case = CASES[0].model_copy(
        update={"ce_degree": None, "market": None, "sector_group": "of_its_own"}
    )
    known = inputs([case])
    assert known["efficiency"] == [[list(Degree).index(assumed.ce_degree.degree)]]
    codes = [getattr(assumed.governance, mode) for mode in GOVERNANCE_MODES]
    assert known["chains"].tolist() == [[bit for code in codes for bit in (code % 2, code // 2)]]
    group, special = next(iter(assumed.ce_degree_of.items()))
    case = case.model_copy(update={"sector_group": group})
    assert inputs([case])["efficiency"] == [[list(Degree).index(special.degree)]]
