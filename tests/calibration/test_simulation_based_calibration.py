"""How planted truths are tallied: ranks, coverage and their range of chance, by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, chisquare, kstest

from calibration.evidence.figures import Figure
from calibration.posterior.figure_evidence import FigureEvidence
from calibration.posterior.inference import Setting
from calibration.posterior.measurement_model import PARAMETERS, Numbers
from calibration.prior.distributions import Free, Prior
from calibration.validation import simulation_based_calibration as sbc
from calibration.validation.simulation_based_calibration import (
    fit_planted,
    plant,
    recover,
    recovery,
)
from model.experiments.points.point import Quantity
from model.experiments.points.store import Store

DRAWS = np.arange(99.0)


def tallied(ranks: list[int], draws: np.ndarray = DRAWS) -> dict[str, object]:
    """The row of one number whose truth has these ranks, a table each."""
    truth = np.array(ranks, float)[:, None] - 0.5
    sample = np.broadcast_to(draws[None, :, None], (len(ranks), len(draws), 1))
    with np.errstate(invalid="ignore"):  # where posteriors are alike nothing correlates
        (row,) = recovery(SimpleNamespace(names=("a",)), truth, sample).to_dict("records")
    return row


def test_the_central_ninety_of_a_hundred_places():
    """A truth can fall into 100 places: the five at either end are outside."""
    assert [tallied([rank, rank])["coverage90"] for rank in (0, 4, 5, 50, 94, 95, 99)] == [
        0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0,
    ]  # fmt: skip
    assert tallied([4, 5, 94, 95])["coverage90"] == 0.5


def test_ranks_are_counted_in_ten_bins_of_ten_places():
    row = tallied([0, 9, 10, 55, 89, 90, 99])
    counts = [row[f"bin_{b}"] for b in range(1, 11)]
    assert counts == [2, 1, 0, 0, 0, 1, 0, 0, 1, 2]
    assert (row["key"], row["tables"]) == ("a", 7)
    assert row["rank_p"] == pytest.approx(chisquare(counts).pvalue)


def test_the_range_of_chance_is_that_of_a_binomial():
    row = tallied([50] * 50)
    low, high = row["coverage_low"] * 50, row["coverage_high"] * 50
    assert binom.cdf(low - 1, 50, 0.9) < 0.025 <= binom.cdf(low, 50, 0.9)
    assert binom.cdf(high - 1, 50, 0.9) < 0.975 <= binom.cdf(high, 50, 0.9)


def test_contraction_is_what_is_left_of_the_variance_of_one():
    half = DRAWS / DRAWS.std(ddof=1) * np.sqrt(0.5)
    assert tallied([1, 2], half)["contraction"] == pytest.approx(0.5)


def test_each_number_has_its_own_row_and_correlation():
    truth = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    shifted = truth * [1, -1]
    sample = shifted[:, None, :] + np.linspace(-0.1, 0.1, 99)[None, :, None]
    table = recovery(SimpleNamespace(names=("along", "against")), truth, sample)
    assert list(table["key"]) == ["along", "against"]
    assert list(table["correlation"]) == pytest.approx([1.0, -1.0])


def test_bins_are_of_all_places_whatever_ranks_there_are():
    row = tallied([50, 51])
    assert [row[f"bin_{b}"] for b in range(1, 11)] == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0]


def test_a_rank_counts_draws_below_the_truth_and_not_those_equal_to_it():
    """The truth is the draw with five below it: the first place inside."""
    truth = np.array([[5.0], [4.0]])
    sample = np.broadcast_to(DRAWS[None, :, None], (2, 99, 1))
    with np.errstate(invalid="ignore"):
        (row,) = recovery(SimpleNamespace(names=("a",)), truth, sample).to_dict("records")
    assert row["coverage90"] == 0.5


PRIOR = Prior((Free("a", 0.0, 0.5, 1.0), Free("b", 0.0, 0.5, 1.0)))
WAGE = Figure("mp17", "wage", "wage", (4, 8), (0, 2), 1.0, 0.0, "plain", "a test")
SIZE = Figure("lives", "size", "size", (0, 8), (1,), 1.0, 0.5, "plain", "a test")


@dataclass(frozen=True)
class Asked:
    """A problem of two numbers of the model and three clusters; ``fit`` gives back what it was given."""

    observed: Any
    figures: Any = None
    selection: bool = True
    draws: int = 1000
    fingerprint: str = "a problem"
    emulator: Any = field(default_factory=lambda: SimpleNamespace(prior=PRIOR))
    free: int = 2
    dimensions: int = 2 + len(PARAMETERS)

    def fit(self, setting: Setting, seed: int) -> SimpleNamespace:
        places = np.arange(float(self.draws))[:, None] + [0.0, 1e6]
        printed = np.zeros(0) if self.figures is None else self.figures.observed
        told = [self.observed.sum(), printed.sum(), setting.keep, seed]
        return SimpleNamespace(z=places, reduction=np.array(told))


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the simulator and of the experts, both of whom answer by rule.

    Cluster c at point i reaches 10 i + c, its first quantity is that, its second a hundred more.
    """
    asked: list[Any] = []

    def simulate(points: Any, store: Any, workers: int, done: Any) -> SimpleNamespace:
        asked.append((points, store, workers, done))
        clusters = len(points.scenarios)
        reached = 10.0 * np.arange(len(points.values))[:, None] + np.arange(clusters)
        measured = np.stack([reached, 100 + reached], axis=-1)[:, None]
        scores = np.broadcast_to(reached[:, None, :, None, None], (*measured.shape[:3], 4, 2))
        return SimpleNamespace(scores=scores, measured=measured[..., : len(points.quantities)])

    def draw(given: Numbers, scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        asked.append(given)
        return scores[..., 0]

    monkeypatch.setattr(sbc, "simulate_points", simulate)
    monkeypatch.setattr(sbc, "draw", draw)
    return asked


def test_truths_are_drawn_from_the_prior_and_simulated_once(simulated: list[Any]):
    problem = Asked(np.zeros((3, 4)))
    scenarios, scored = (object(), object(), object()), np.ones(3, bool)
    truth, scores, printed = plant(problem, scenarios, scored, 400, 5, "store", 2, print)
    (points, *others), given = simulated
    assert others == ["store", 2, print]
    assert truth.shape == (400, problem.dimensions)
    assert all(kstest(place, "norm").pvalue > 1e-3 for place in truth.T)
    assert np.abs(np.corrcoef(truth.T) - np.eye(problem.dimensions)).max() < 0.25
    assert points.scenarios == scenarios
    assert points.keys == ("a", "b")
    assert np.array_equal(points.values, PRIOR.numbers(truth[:, :2]))
    assert (points.replicates, points.first) == (1, 10_000_000)
    assert points.components
    assert points.quantities == ()
    wanted = Numbers.at(truth[:, 2:])
    assert np.array_equal(given.threshold, wanted.threshold)
    assert np.array_equal(given.shift, wanted.shift)
    assert np.array_equal(scores[..., 0], 10.0 * np.arange(400)[:, None] + np.arange(3))
    assert printed.shape == (400, 0)
    again = plant(problem, scenarios, scored, 400, 5, "store")[0]
    assert np.array_equal(again, truth)
    assert simulated[2][2:] == (1, None)
    assert not np.array_equal(plant(problem, scenarios, scored, 400, 6, "store")[0], truth)


def test_a_table_has_the_clusters_with_a_score_and_no_score_where_the_evidence_has_none(simulated):
    observed = np.zeros((2, 4))
    observed[1, 3] = np.nan
    problem = Asked(observed, selection=False)
    scored = np.array([True, False, True])
    _, scores, _ = plant(problem, (1, 2, 3), scored, 2, 0, "store")
    assert scores[0].tolist()[0] == [0.0] * 4
    np.testing.assert_array_equal(scores[1], [[10.0] * 4, [12.0, 12.0, 12.0, np.nan]])
    assert (simulated[1].threshold == -np.inf).all()


def test_figures_are_those_of_the_simulated_clusters_with_their_own_spread(simulated):
    """The mean over clusters 0 and 2 exactly; cluster 1's second quantity give or take 0.5."""
    evidence = FigureEvidence(PRIOR, (WAGE, SIZE), None, np.ones(2))
    problem = Asked(np.zeros((3, 4)), evidence)
    _, _, printed = plant(problem, (1, 2, 3), np.ones(3, bool), 2000, 0, "store")
    assert simulated[0][0].quantities == (Quantity("wage", 4, 8), Quantity("size", 0, 8))
    reached = 10.0 * np.arange(2000)
    assert printed[:, 0] == pytest.approx(reached + 1)
    apart = printed[:, 1] - (reached + 101)
    assert apart.mean() == pytest.approx(0.0, abs=0.05)
    assert apart.std() == pytest.approx(0.5, rel=0.1)


def test_a_planted_table_is_fitted_as_evidence_and_99_draws_are_kept():
    """Evenly over all 1,000, the first and the last among them."""
    evidence = FigureEvidence(PRIOR, (WAGE,), None, np.zeros(1))
    setting = Setting(3, 2, 7)
    found = fit_planted(
        Asked(np.zeros((3, 4)), evidence), np.ones((3, 4)), np.array([5.0]), setting, 11
    )
    assert found["reduction"].tolist() == [12.0, 5.0, 7.0, 11.0]
    assert found["z"].shape == (99, 2)
    chosen = found["z"][:, 0]
    assert (chosen[0], chosen[-1]) == (0.0, 999.0)
    assert set(np.diff(chosen)) == {10.0, 11.0}
    assert np.array_equal(found["z"][:, 1], chosen + 1e6)
    none = fit_planted(Asked(np.zeros((3, 4))), np.ones((3, 4)), np.zeros(0), setting, 11)
    assert none["reduction"].tolist() == [12.0, 0.0, 7.0, 11.0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "fits") as opened:
        yield opened


def test_every_table_is_fitted_once_with_a_seed_of_its_own(store: Store):
    evidence = FigureEvidence(PRIOR, (WAGE,), None, np.zeros(1))
    problem, setting = Asked(np.zeros((1, 4)), evidence), Setting(3, 2, 7)
    scores, printed = (
        np.arange(3.0)[:, None, None] * np.ones((1, 4)),
        np.array([[5.0], [6.0], [7.0]]),
    )
    heard: list[int] = []
    z, reductions = recover(problem, scores, printed, setting, 20, store, 1, heard.append)
    assert z.shape == (3, 99, 2)
    assert reductions.tolist() == [
        [0.0, 5.0, 7.0, 20.0], [4.0, 6.0, 7.0, 21.0], [8.0, 7.0, 7.0, 22.0]
    ]  # fmt: skip
    assert heard == [1, 1, 1]
    kept = len(store.known())
    again, _ = recover(problem, scores, printed, setting, 20, store, done=heard.append)
    assert np.array_equal(again, z)
    assert heard[3:] == [3]
    assert len(store.known()) == kept == 3


def test_a_fit_is_not_taken_for_that_of_another_question(store: Store):
    evidence = FigureEvidence(PRIOR, (WAGE,), None, np.zeros(1))
    problem, setting = Asked(np.zeros((1, 4)), evidence), Setting(3, 2, 7)
    scores, printed = np.ones((1, 1, 4)), np.ones((1, 1))
    questions = (
        (problem, scores, printed, setting, 1),
        (Asked(problem.observed, evidence, fingerprint="another"), scores, printed, setting, 1),
        (problem, 2 * scores, printed, setting, 1),
        (problem, scores, 2 * printed, setting, 1),
        (problem, scores, printed, Setting(3, 2, 8), 1),
        (problem, scores, printed, setting, 2),
    )
    for number, question in enumerate(questions, 1):
        recover(*question, store)
        assert len(store.known()) == number
    with pytest.raises(ValueError, match="shorter"):
        recover(problem, np.ones((2, 1, 4)), printed, setting, 1, store)
