"""Components inferred where the answer is known: by hand, planted, and where nothing can be told."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

import run
from calibration.evidence.case_tables import DIMENSIONS, load_cases, scores
from calibration.posterior.latent_components import (
    FEWEST,
    PLACE_SPREAD,
    TOGETHER,
    Response,
    Slopes,
    component_rows,
    effective_draws,
    fit_response,
    fit_slopes,
    pooled,
    tell,
    usable,
)
from calibration.posterior.measurement_model import PARAMETERS, Numbers, log_likelihood, log_taken
from calibration.posterior.polynomial import Polynomial
from calibration.posterior.shipped_posterior import shipped_components
from calibration.posterior.workflow import QUICK_EFFORT, prepare
from calibration.prior.translation import components
from calibration.validation import component_findings
from calibration.validation.component_findings import find_components
from calibration.validation.components_page import components_figure, components_markdown
from model.scenario.faults import InputError
from tests.calibration.test_workflow import own_table, renamed, shortened, silent

NAMES = components()
KINDS = len(DIMENSIONS)


def sharp(draws: int, noise: float = 0.02) -> Numbers:
    """Scorers who see the mean firm, write down halves, and take every cluster in."""
    values = np.tile([0.0] * 4 + [noise, noise, 1e-4, 1.0, 0.0, -9.0], (draws, 1))
    assert values.shape[1] == len(PARAMETERS)
    return Numbers.of(values)


def linear(slopes: np.ndarray, middle: float = 1.5, chance: float = 0.01) -> Response:
    """Scores ``middle`` + slopes (components, 4) x places; one number, which moves nothing."""
    weights = np.zeros((2, KINDS * 2))
    weights[0] = middle
    both = np.repeat(slopes[..., None], 2, axis=-1)
    spread = np.full(KINDS * 2, chance)
    return Response(Polynomial(1, 0.0, weights, spread, 0 * spread, 0.0, 3.0), both)


def by_component(told) -> dict[str, dict[str, float]]:
    table = component_rows(told, told.places)
    return {str(row["component"]): row for row in table.to_dict("records")}


def own_kind_each() -> np.ndarray:
    """Each of the first four components moves one kind of score, and the others nothing."""
    slopes = np.zeros((len(NAMES), KINDS))
    slopes[:KINDS] = 2.0 * np.eye(KINDS)
    return slopes


def test_components_that_move_a_score_of_their_own_are_found_and_others_stay_as_they_were():
    """Scores 2, 1, 1.5, 2: a half is the reach of a rounded score, so places lie within 1/8 of the truth."""
    told = tell(sharp(40), np.zeros((40, 1)), linear(own_kind_each()), np.array([2.0, 1.0, 1.5, 2.0]),
                np.random.default_rng(0), 4000)  # fmt: skip
    found = by_component(told)
    for name, truth in zip(NAMES, (0.25, -0.25, 0.0, 0.25), strict=False):
        row = found[name]
        assert row["place"] == pytest.approx(truth, abs=0.03)
        assert row["low"] == pytest.approx(truth - 0.9 / 8, abs=0.03)
        assert row["high"] == pytest.approx(truth + 0.9 / 8, abs=0.03)
        assert row["contraction"] == pytest.approx(
            1 - 0.25, abs=0.05
        )  # a quarter of a step is left
    for name in NAMES[KINDS:]:
        assert found[name]["contraction"] == pytest.approx(0.0, abs=0.1)


def test_where_components_move_nothing_all_stays_as_it_was():
    told = tell(sharp(20), np.zeros((20, 1)), linear(np.zeros((len(NAMES), KINDS))),
                np.array([3.0, 0.0, np.nan, 1.0]), np.random.default_rng(1))  # fmt: skip
    assert told.weights() == pytest.approx(np.full(told.joint.shape, 1 / told.joint.size))
    for row in by_component(told).values():
        assert row["contraction"] == pytest.approx(0.0, abs=1e-9)
        assert row["shift"] == pytest.approx(0.0, abs=1e-9)
        assert (row["mean"], row["low"]) == pytest.approx((row["prior_mean"], row["prior_low"]))


def test_the_posterior_of_a_place_is_that_of_the_integral():
    """One component moves all kinds; real scorers. Mean and spread against sums over a fine grid."""
    slopes = np.zeros((len(NAMES), KINDS))
    slopes[2] = 1.2
    response, observed = linear(slopes, chance=0.2), np.array([2.5, 2.0, 2.0, np.nan])
    given = Numbers.of(np.array([[0.1, 0.0, -0.2, 0.0, 0.3, 0.8, 0.6, 0.5, 0.6, 1.4]]))
    grid = np.zeros((2001, len(NAMES)))
    grid[:, 2] = np.linspace(-0.5, 0.5, 2001)
    scores = response.scores(np.zeros((2001, 1)), grid)[None]
    chance = np.broadcast_to(response.chance, scores.shape[1:])
    seen = np.broadcast_to(observed, (2001, KINDS))
    log = log_likelihood(given, scores, chance, seen) + log_taken(given, scores, chance)
    weight = softmax(log[0])
    mean = weight @ grid[:, 2]
    spread = np.sqrt(weight @ (grid[:, 2] - mean) ** 2)
    told = tell(given, np.zeros((1, 1)), response, observed, np.random.default_rng(2), 40_000)
    row = by_component(told)[NAMES[2]]
    assert row["place"] == pytest.approx(mean, abs=4 * PLACE_SPREAD / 200)
    assert 1 - row["contraction"] == pytest.approx(spread / PLACE_SPREAD, abs=0.015)
    assert row["shift"] > 0.3, "a score above what is expected tells something here"


def test_draws_of_the_posterior_keep_their_weight():
    given = Numbers.of(np.tile([0.0] * 4 + [0.3, 0.8, 0.6, 0.5, 0.6, 0.8], (30, 1)))
    given = replace(given, shift=np.linspace(-1, 1, 30)[:, None] * np.ones(KINDS))
    told = tell(given, np.zeros((30, 1)), linear(own_kind_each()), np.full(KINDS, 2.0),
                np.random.default_rng(3))  # fmt: skip
    assert told.weights().sum(axis=1) == pytest.approx(np.full(30, 1 / 30))
    updated = softmax(told.log_scores)
    assert told.weights(updated).sum(axis=1) == pytest.approx(updated)
    assert updated[-1] > updated[0], "scores above the middle speak for scorers who give more"


def test_to_be_taken_into_the_tables_tells_of_components_too():
    """No score is known; a high threshold keeps out what hardly upgrades."""
    slopes = np.zeros((len(NAMES), KINDS))
    slopes[0] = 2.0
    numbers = np.tile([0.0] * 4 + [0.3, 0.8, 0.3, 0.5, 0.0, 2.0], (50, 1))
    shifts = {}
    for selection in (True, False):
        told = tell(Numbers.of(numbers, selection), np.zeros((50, 1)), linear(slopes),
                    np.full(KINDS, np.nan), np.random.default_rng(4))  # fmt: skip
        shifts[selection] = by_component(told)[NAMES[0]]["shift"]
    assert shifts[True] > 0.3
    assert shifts[False] == pytest.approx(0.0, abs=1e-9)


def test_what_rests_on_too_few_draws_is_not_usable():
    even = np.full((200, 4), 1 / 800)
    assert effective_draws(even) == pytest.approx(800)
    assert usable(even)
    few = np.zeros((200, 4))
    few[: FEWEST - 1] = 1 / (4 * (FEWEST - 1))
    assert not usable(few), "many pairs, but of too few draws of the posterior"
    within = np.zeros((400, 4))
    within[:50, 0] = 1 / 50
    assert not usable(within)


def test_together_is_the_mean_of_the_places():
    told = tell(sharp(20), np.zeros((20, 1)), linear(own_kind_each()), np.full(KINDS, 2.0),
                np.random.default_rng(5))  # fmt: skip
    rows = by_component(told)
    parts = [rows[name]["place"] for name in NAMES]
    assert rows[TOGETHER]["place"] == pytest.approx(np.mean(parts))


def runs(rng: np.random.Generator, slopes: np.ndarray, number: int = 120):
    """Scaled numbers, places and scores of a cluster with those slopes (components, 4)."""
    places = rng.uniform(-0.5, 0.5, (number, len(NAMES)))
    scaled = rng.uniform(-1, 1, (number, 2))
    honest = 1.5 + places @ slopes + 0.3 * scaled[:, :1]
    scores = honest + rng.normal(0, 0.1, honest.shape)
    return scaled, places, np.repeat(scores[..., None], 2, axis=-1)


def test_a_response_is_found_from_runs():
    scaled, places, scores = runs(np.random.default_rng(6), own_kind_each())
    found = fit_slopes(scaled, places, scores)
    apart = found.value[..., 0] - own_kind_each()
    assert apart == pytest.approx(np.zeros_like(apart), abs=0.15)
    assert np.sqrt((apart**2 / found.variance[..., 0]).mean()) == pytest.approx(1.0, abs=0.3)
    response = fit_response(scaled, places, scores, found.value)
    assert response.chance == pytest.approx(np.full((KINDS, 2), 0.1), rel=0.25)
    assert response.moved[:, 0] == pytest.approx(np.full(KINDS, 2.0 * PLACE_SPREAD), rel=0.1)
    up = np.zeros((1, len(NAMES)))
    up[0, 1] = 0.5
    moved = response.scores(np.zeros((1, 2)), up) - response.scores(np.zeros((1, 2)), 0 * up)
    assert moved[0, :, 0] == pytest.approx([0.0, 1.0, 0.0, 0.0], abs=0.12)


def stacked(rng: np.random.Generator, slopes: list[np.ndarray]) -> Slopes:
    each = [fit_slopes(*runs(rng, slope)) for slope in slopes]
    return Slopes(np.stack([s.value for s in each]), np.stack([s.variance for s in each]))


def test_slopes_of_clusters_that_are_alike_lose_their_noise():
    rng = np.random.default_rng(8)
    before = stacked(rng, [0 * own_kind_each()] * 20)
    mean, after = pooled(before)
    assert np.sqrt((after.value**2).mean()) < 0.5 * np.sqrt((before.value**2).mean())
    inside = np.abs(mean.value[..., 0]) < 2 * np.sqrt(mean.variance[..., 0])
    assert inside.mean() > 0.85


def test_slopes_of_clusters_that_differ_stay_apart():
    rng = np.random.default_rng(9)
    truths = [size * own_kind_each() for size in np.linspace(-1, 1, 20)]
    _, after = pooled(stacked(rng, truths))
    assert after.value[..., 0] == pytest.approx(np.stack(truths), abs=0.2)


def test_a_score_that_never_moves_has_no_slope_and_breaks_nothing():
    scaled, places, scores = runs(np.random.default_rng(10), own_kind_each())
    scores[:, 3] = 0.0
    one = fit_slopes(scaled, places, scores)
    mean, after = pooled(Slopes(np.stack([one.value] * 4), np.stack([one.variance] * 4)))
    assert after.value[:, :, 3] == pytest.approx(0.0, abs=1e-9)
    assert np.isfinite(mean.value).all()


@pytest.fixture
def study(tmp_path):
    whole = prepare(None, QUICK_EFFORT, 1, tmp_path / "work", 1, silent)
    return replace(whole, cases=whole.cases[:3], scenarios=whole.scenarios[:3])


def synthetic(monkeypatch, slopes: np.ndarray) -> None:
    """In place of runs: scores that follow the places of the points, with a little chance."""

    def made(study, title, points):
        expected = 1.5 + points.places() @ slopes
        rng = np.random.default_rng(7)
        scores = np.clip(expected + rng.normal(0, 0.1, expected.shape), 0, 3)
        return type("Made", (), {"scores": np.repeat(scores[:, None, ..., None], 2, axis=-1)})

    monkeypatch.setattr(component_findings, "simulated", made)


def test_planted_components_are_recovered_where_they_matter(study, monkeypatch):
    """By the scorers of the posterior that ships, who are far from sharp: scores do tell, and honestly."""
    slopes = np.zeros((len(NAMES), KINDS))
    slopes[0] = 3.0, 3.0, 0.0, 0.0
    synthetic(monkeypatch, slopes)
    found = find_components(study, fitted=60, planted=40)
    rows = found.planted.set_index("component")
    assert rows.loc[NAMES[0], "correlation"] > 0.5
    assert rows.loc[NAMES[0], "contraction"] > 0.15
    assert rows["coverage90"].between(rows["coverage_low"], rows["coverage_high"]).sum() >= 9
    assert rows.loc[list(NAMES[1:]), "contraction"].abs().max() < 0.05
    assert found.by_cluster["runs_apart"].max() < 2.0
    assert found.refused == ()


def test_planted_components_that_do_not_matter_stay_unknown(study, monkeypatch):
    synthetic(monkeypatch, np.zeros((len(NAMES), KINDS)))
    found = find_components(study, fitted=60, planted=10)
    assert found.by_component["contraction"].abs().max() < 0.02
    assert found.by_component["shift"].abs().max() < 0.1
    assert found.by_cluster["effective"].min() > 0.98 * found.by_cluster["pairs"].min()


def test_a_cluster_of_ones_own_updates_the_draws_and_what_they_cannot_bear_is_refused(
    tmp_path, monkeypatch
):
    synthetic(monkeypatch, np.zeros((len(NAMES), KINDS)))
    study = prepare(renamed(tmp_path, 1), QUICK_EFFORT, 1, tmp_path / "work", 1, silent)
    found = find_components(study, fitted=60, planted=4)
    assert [case.case for case in found.cases] == [study.cases[-1].case]
    assert len(found.by_component) == len(NAMES) + 1
    monkeypatch.setattr(component_findings, "usable", lambda weights: False)
    with pytest.raises(InputError, match=f"{study.cases[-1].case}: has scores so far"):
        find_components(study, fitted=60, planted=4)


def test_from_runs_to_a_page_in_small_and_twice_the_same(study):
    found = find_components(shortened(study, 8), fitted=60, planted=4)
    text = components_markdown(found)
    assert text == components_markdown(find_components(shortened(study, 8), fitted=60, planted=4))
    assert " nan" not in text
    assert "(nan" not in text
    for case in study.cases:
        assert f"| {case.cluster}, {case.industry} | {case.ce_degree} |" in text
    assert components_figure(found).axes
    rows = found.by_component.set_index(["case", "component"])
    middle = rows.loc[("medellin_textiles", "trust")]
    low, high = middle["prior_low"], middle["prior_high"]
    assert (low, high) == pytest.approx((0.35 - 0.09, 0.35 + 0.09), abs=0.005), "half a step is 0.1"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--screen"], "no --screen, --without"),
        (["--without", "mp17"], "no --screen, --without"),
        (["--keep", "--quick"], "neither --cases nor --quick"),
        (["--keep", "--cases", "x.csv"], "neither --cases nor --quick"),
    ],
)
def test_options_that_do_not_go_with_components_are_refused(more, said, capsys):
    assert run.door(["calibrate", "--components", *more]) == 2
    told = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert said in told


def test_components_that_ship_are_those_of_the_scored_clusters_within_their_degree():
    for case in load_cases():
        table = shipped_components(case.case)
        scored = any(value is not None for value in scores(case).values())
        assert len(table) == (len(NAMES) if scored else 0)
        assert (table["place_low"] >= -0.5).all()
        assert (table["place_high"] <= 0.5).all()


def test_a_table_that_stands_alone_is_refused(tmp_path):
    study = prepare(own_table(tmp_path, 6), QUICK_EFFORT, 1, tmp_path / "work", 1, silent)
    with pytest.raises(InputError, match="is calibrated by itself"):
        find_components(study)
