"""Points are the same however they are run, and a killed run goes on where it stopped."""

import numpy as np
import pytest

from calibration import simulations
from calibration.commands.clusters_and_designs import case_scenarios
from calibration.evidence.case_tables import DIMENSIONS, load_cases
from calibration.posterior.simulator import (
    Points,
    mean_firm,
    mean_leading,
    run_point,
    simulate_points,
)
from calibration.prior.distributions import candidates
from model.records.records import simulate

KEYS = ("parameters.absorption.floor", "parameters.interaction.rate.peer")


@pytest.fixture(scope="module")
def points() -> Points:
    short = [
        s.model_copy(update={"run": s.run.model_copy(update={"ticks": 6})})
        for s in case_scenarios(load_cases()[:2]).values()
    ]
    prior = candidates().only(KEYS)
    values = prior.numbers(np.random.default_rng(0).standard_normal((5, 2)))
    return Points(tuple(short), KEYS, values)


def test_workers_and_chunks_change_no_byte(points, tmp_path, monkeypatch):
    one = simulate_points(points, tmp_path / "a", 1)
    monkeypatch.setattr(simulations, "_CHUNK", 2)
    two = simulate_points(points, tmp_path / "b", 2)
    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.channels.tobytes() == two.channels.tobytes()


def test_what_is_on_disk_is_not_run_again(points, tmp_path, monkeypatch):
    monkeypatch.setattr(simulations, "_CHUNK", 2)
    whole = simulate_points(points, tmp_path, 1)
    files = sorted((tmp_path / points.digest()).glob("points_*.npz"))
    files[1].unlink()
    ran = []
    honest = simulations._chunk
    monkeypatch.setattr(
        simulations, "_chunk", lambda asked, start: ran.append(start) or honest(asked, start)
    )
    again = simulate_points(points, tmp_path, 1)
    assert ran == [2]
    assert again.scores.tobytes() == whole.scores.tobytes()


def test_a_bad_point_is_told_and_ends_nothing(points, tmp_path, monkeypatch):
    honest = simulations.run_point

    def fails_once(scenarios, replicates):
        if replicates.start == 3:
            raise FloatingPointError
        return honest(scenarios, replicates)

    monkeypatch.setattr(simulations, "run_point", fails_once)
    found = simulate_points(points, tmp_path, 1)
    assert np.isnan(found.scores[3]).all()
    assert np.isfinite(found.scores[[0, 1, 2, 4]]).all()


def test_scores_are_the_measures_of_the_records(points):
    scores, _ = run_point(points.scenarios, range(1))
    labels = ("a", "b")
    country = simulate(dict(zip(labels, points.scenarios, strict=True)), replicates=1).country
    last = country[country["tick"] == country["tick"].max()].set_index("scenario")
    for d, dimension in enumerate(DIMENSIONS):
        assert scores[0, :, d, 0] == pytest.approx(last.loc[list(labels), dimension].to_numpy())


def test_the_leading_fifth_is_the_mean_of_the_most_able():
    levels = np.zeros(49)
    levels[[0, 16, 32]] = 6, 3, 1
    assert mean_firm(levels) == pytest.approx((3 * 1 + 2) / 10)
    assert mean_leading(levels, 0.2) == pytest.approx((1 + 2) / 2)
    assert mean_leading(levels, 1.0) == pytest.approx(mean_firm(levels))
    assert mean_firm(np.zeros(49)) == 0.0
