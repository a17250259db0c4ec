"""Points are the same however they are run, and a killed run goes on where it stopped."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.commands.clusters_and_designs import case_scenarios
from calibration.evidence.case_tables import DIMENSIONS, load_cases
from calibration.posterior import simulator
from calibration.posterior.simulator import (
    ParameterPoints,
    mean_firm,
    mean_leading,
    simulate_points,
)
from calibration.prior.distributions import candidates
from model.experiments.points import executors
from model.experiments.points.store import Store
from model.records.records import simulate
from model.theory.interaction import CHANNELS

KEYS = ("parameters.absorption.floor", "parameters.interaction.rate.peer")


@pytest.fixture(scope="module")
def points() -> ParameterPoints:
    short = [
        s.model_copy(update={"run": s.run.model_copy(update={"ticks": 6})})
        for s in case_scenarios(load_cases()[:2]).values()
    ]
    prior = candidates().only(KEYS)
    values = prior.numbers(np.random.default_rng(0).standard_normal((5, 2)))
    return ParameterPoints(tuple(short), KEYS, values)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "points.sqlite") as opened:
        yield opened


def test_workers_and_batches_change_no_byte(points, store, tmp_path, monkeypatch):
    one = simulate_points(points, store, 1)
    monkeypatch.setattr(simulator, "_AT_ONCE", 2)
    with Store(tmp_path / "other.sqlite") as other:
        two = simulate_points(points, other, 2)
    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.channels.tobytes() == two.channels.tobytes()


def test_what_is_in_the_store_is_not_run_again(points, store, monkeypatch):
    part = simulate_points(replace(points, values=points.values[:3]), store)
    ran = []
    honest = executors.evaluate
    monkeypatch.setattr(
        executors,
        "evaluate",
        lambda chunk, *more: ran.extend(point.first for point in chunk) or honest(chunk, *more),
    )
    heard = []
    whole = simulate_points(points, store, 1, heard.append)
    assert sorted(ran) == [3, 3, 4, 4]
    assert sum(heard) == points.quarters
    assert whole.scores[:3].tobytes() == part.scores.tobytes()


def test_a_bad_run_is_missing_and_ends_nothing(points, store, monkeypatch):
    honest = executors.evaluate

    def fails_once(chunk, *more):
        if any(point.first == 3 and point.scenario == bad for point in chunk):
            raise FloatingPointError
        return honest(chunk, *more)

    bad = points.clusters_at(3)[1].scenario
    with monkeypatch.context() as patched:
        patched.setattr(executors, "evaluate", fails_once)
        found = simulate_points(points, store)
    missing = np.isnan(found.scores).all(axis=(1, 3, 4))
    assert np.argwhere(missing).tolist() == [[3, 1]]
    assert np.isnan(found.scores).sum() == missing.sum() * len(DIMENSIONS) * 2
    assert np.isfinite(simulate_points(points, store).scores).all(), "a failure is tried again"


def test_point_number_i_takes_replicates_of_its_own(points):
    twice = replace(points, replicates=2, first=10)
    assert [p.replicates for p in twice.clusters_at(1)] == [range(12, 14)] * 2
    assert twice.quarters == 5 * 2 * 12


def test_scores_and_channels_are_those_of_the_records(points, store):
    prior = candidates().only(KEYS)
    defaults = np.array([[entry.mode for entry in prior.entries]])
    found = simulate_points(replace(points, values=defaults, replicates=2), store)
    records = simulate(dict(zip("ab", points.scenarios, strict=True)), replicates=2)
    last = records.country[records.country["tick"] == 5].set_index(["scenario", "replicate"])
    learned = records.learning.groupby(["scenario", "replicate", "dimension", "channel"])
    total = learned["practices"].sum()
    for c, label in enumerate("ab"):
        for r in range(2):
            for d, dimension in enumerate(DIMENSIONS):
                score = last.loc[(label, r), dimension]
                assert found.scores[0, r, c, d, 0] == pytest.approx(score, abs=1e-6)
                for k, channel in enumerate(CHANNELS):
                    expected = total.get((label, r, dimension, channel), 0)
                    assert found.channels[0, r, c, d, k] == expected


def test_the_leading_fifth_is_the_mean_of_the_most_able():
    levels = np.zeros(49)
    levels[[0, 16, 32]] = 6, 3, 1
    assert mean_firm(levels) == pytest.approx((3 * 1 + 2) / 10)
    assert mean_leading(levels, 0.2) == pytest.approx((1 + 2) / 2)
    assert mean_leading(levels, 1.0) == pytest.approx(mean_firm(levels))
    assert mean_firm(np.zeros(49)) == 0.0
