"""Fits are kept under keys of all that decides them, and found again; nothing stale is."""

import numpy as np
import pytest

from calibration.posterior import array_cache
from calibration.posterior.array_cache import key_of, load_arrays, save_arrays
from calibration.posterior.inference import Setting
from calibration.validation.parallel_fits import fit_all
from model.experiments.points.store import Store


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "points.sqlite") as opened:
        yield opened


def double(values: np.ndarray) -> dict[str, np.ndarray]:
    return {"twice": 2 * values, "sum": np.array(values.sum())}


def never(values: np.ndarray) -> dict[str, np.ndarray]:
    raise AssertionError("it is in the store")


def jobs(number: int) -> list[tuple[str, tuple[np.ndarray]]]:
    return [(key_of("double", np.arange(i + 1.0)), (np.arange(i + 1.0),)) for i in range(number)]


def test_arrays_come_back_as_they_were(store):
    arrays = {"z": np.random.default_rng(0).standard_normal((3, 2)), "n": np.array(4)}
    assert load_arrays(store, "a") is None
    save_arrays(store, "a", arrays)
    found = load_arrays(store, "a")
    assert found is not None
    assert set(found) == {"z", "n"}
    for name, array in arrays.items():
        assert found[name].tobytes() == array.tobytes()
        assert found[name].shape == array.shape


@pytest.mark.parametrize(
    "other",
    [
        ("fit", np.array([1.0, 2.0]), "3"),
        ("planted", np.array([1.0, 2.5]), "3"),
        ("planted", np.array([[1.0, 2.0]]), "3"),
        ("planted", np.array([1.0, 2.0], np.float32), "3"),
        ("planted", np.array([1.0, 2.0]), "4"),
        ("planted", np.array([1.0, 2.0])),
        ("planted3", np.array([1.0, 2.0]), ""),
    ],
)
def test_a_key_changes_with_each_thing_that_is_asked(other):
    asked = "planted", np.array([1.0, 2.0]), "3"
    assert key_of(*asked) == key_of(*asked)
    assert key_of(*other) != key_of(*asked)


def test_other_sources_are_another_key(monkeypatch):
    before = key_of("fit")
    monkeypatch.setattr(array_cache, "points_digest", lambda: "another")
    assert key_of("fit") != before


def test_fits_are_the_same_in_processes_and_are_made_once(store, tmp_path):
    alone = fit_all(double, jobs(3), store, workers=1)
    with Store(tmp_path / "other.sqlite") as other:
        side_by_side = fit_all(double, jobs(3), other, workers=2)
    for key, arrays in alone.items():
        assert arrays["twice"].tobytes() == side_by_side[key]["twice"].tobytes()
    heard: list[int] = []
    again = fit_all(never, jobs(3), store, workers=1, done=heard.append)
    assert heard == [3]
    assert set(again) == set(alone)


def test_a_killed_run_of_fits_goes_on_where_it_stopped(store):
    fit_all(double, jobs(2), store)
    heard: list[int] = []
    found = fit_all(double, jobs(4), store, done=heard.append)
    assert heard == [2, 1, 1]
    assert [float(found[key]["sum"]) for key, _ in jobs(4)] == [0.0, 1.0, 3.0, 6.0]


def test_settings_of_a_chain_are_told_apart_by_name():
    names = {Setting(*each).name for each in ((1, 2, 3), (12, 3, 4), (1, 23, 4), (2, 1, 3))}
    assert len(names) == 4
