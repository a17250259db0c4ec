"""Yardsticks give the errors that the data notes tell, and are not favoured or handicapped."""

import numpy as np
import pytest

from calibration.evidence.case_tables import load_cases, scores
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
