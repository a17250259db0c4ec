"""Stacking weights, margins and information gain where the answer is known; the contest in small."""

from types import SimpleNamespace

import numpy as np
import pytest

from calibration.commands.rivals import hold_contest
from calibration.evidence.rival_views import WHOLE, load_rival_views
from calibration.posterior.workflow import prepare
from calibration.validation.information_gain import CANDIDATES, information_gain
from calibration.validation.rival_contest import rival_margins, stacking_weights
from calibration.validation.rivals_page import rivals_markdown
from model.scenario.faults import InputError
from tests.calibration.test_workflow import FREE, SMALL, own_table, shortened, silent


def test_a_rival_that_predicts_better_everywhere_gets_all_the_weight():
    density = np.log(np.array([[0.6, 0.2, 0.1]] * 10))
    assert stacking_weights(density) == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)


def test_rivals_that_are_right_about_other_clusters_share_by_the_closed_form():
    """Seven clusters at (1, e), three at (e, 1) with small e: the weight is near 7 / 10.

    The derivative of 7 log(w + e (1 - w)) + 3 log(e w + 1 - w) is zero at w = (0.7 - 0.3 e) / (1 - e) ...
    """
    e = 0.01
    density = np.log(np.array([[1.0, e]] * 7 + [[e, 1.0]] * 3))
    expected = (0.7 - 0.3 * e) / (1 - e)
    assert stacking_weights(density)[0] == pytest.approx(expected, abs=1e-4)


def test_rivals_that_say_the_same_share_evenly_and_counts_count():
    assert stacking_weights(np.zeros((5, 4))) == pytest.approx([0.25] * 4)
    density = np.log(np.array([[0.9, 0.1], [0.1, 0.9]]))
    assert stacking_weights(density, np.array([1.0, 0.0]))[0] == pytest.approx(1.0, abs=1e-3)


def test_margins_are_mean_differences_and_pairs_come_once():
    fits = {
        name: SimpleNamespace(density=np.array(values))
        for name, values in {"a": [-1.0, -2.0], "b": [-2.0, -4.0], "c": [-1.0, -1.0]}.items()
    }
    table = rival_margins(fits)
    assert list(zip(table["view"], table["against"], strict=True)) == [
        ("a", "b"), ("a", "c"), ("b", "c"),
    ]  # fmt: skip
    assert list(table["log_density"]) == [1.5, -0.5, -2.0]
    assert list(table["ahead"]) == [2, 0, 0]
    assert (table["low"] <= table["log_density"]).all()


def test_data_on_which_rivals_agree_tell_nothing_and_others_decide():
    rng = np.random.default_rng(0)
    alike = [rng.normal(0, 0.5, (200, 2)) for _ in range(2)]
    assert information_gain(alike, rng) == pytest.approx(0.0, abs=0.05)
    apart = [rng.normal(shift, 0.1, (200, 2)) for shift in (0.0, 10.0)]
    assert information_gain(apart, rng) == pytest.approx(1.0, abs=0.01)


def test_many_numbers_and_few_draws_do_not_make_a_gain_of_nothing():
    rng = np.random.default_rng(2)
    alike = [rng.normal(0, 1.0, (32, 200)) for _ in range(4)]
    assert information_gain(alike, rng) < 0.1
    apart = [rng.normal(shift, 1.0, (32, 200)) for shift in range(4)]
    assert information_gain(apart, rng) > 1.0


def test_the_gain_between_two_normals_is_that_of_the_integral():
    """Two points a distance d apart seen with errors of 1: mutual information by numerical integration."""
    d = 2.0
    y = np.linspace(-8, 10, 4001)
    density = [np.exp(-0.5 * (y - at) ** 2) / np.sqrt(2 * np.pi) for at in (0.0, d)]
    mixed = sum(density) / 2
    exact = sum(np.trapezoid(p * np.log2(p / mixed), y) for p in density) / 2
    seen = [np.full((2000, 1), at) for at in (0.0, d)]
    assert information_gain(seen, np.random.default_rng(1)) == pytest.approx(exact, abs=0.03)


def test_views_that_ship_name_mechanisms_and_hold_the_whole():
    views = load_rival_views()
    assert views[WHOLE].neutral == ()
    off = [frozenset(view.neutral) for view in views.values()]
    assert len(set(off)) == len(views)
    shared = {"demand", "employment", "absorption", "unlearning", "renewal", "resources"}
    assert not shared & frozenset().union(*off), "what no rival disputes"


def test_a_mechanism_that_there_is_not_is_refused(tmp_path):
    file = tmp_path / "views.toml"
    file.write_text('[whole]\ntitle = "a"\nclaim = "b"\nsource = "c"\nneutral = ["magic"]\n')
    with pytest.raises(InputError, match="magic"):
        load_rival_views(file)


def test_the_contest_in_small(tmp_path):
    study = prepare(own_table(tmp_path, 6), SMALL, 1, tmp_path / "work", 1, silent)
    study = shortened(study, 8)
    found = hold_contest(study, FREE)
    facts = found.facts()
    assert sum(facts["weights"].values()) == pytest.approx(1.0, abs=1e-3)
    assert len(facts["margins"]) == 6
    assert set(facts["gains"]) == {each.name for each in CANDIDATES}
    text = rivals_markdown(found)
    assert " nan" not in text
    assert "(nan" not in text
    for case in study.fitted_cases:
        assert case.cluster in text
    assert text == rivals_markdown(hold_contest(study, FREE))
