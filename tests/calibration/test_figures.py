"""Figures beside the scores: read as printed, weighed by hand; what is left out says nothing."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from calibration.evidence.case_tables import load_cases
from calibration.evidence.figures import (
    LIKELIHOODS,
    check_without,
    figures,
    load_likelihoods,
)
from calibration.posterior.emulator import fit_emulator
from calibration.posterior.figure_evidence import aggregated, fit_figures, quantities_of
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.measurement_model import PARAMETERS
from calibration.prior.distributions import Free, Prior
from model.scenario.faults import InputError

CASES = load_cases()
ALL = figures(CASES, 80)
PRIOR = Prior((Free("a", 0.0, 0.5, 1.0),))


def by_name(name: str):
    (found,) = [figure for figure in ALL if figure.name == name]
    return found


def test_figures_are_those_that_are_printed():
    """GPR05 Table 2: natural resources, 8.91. MP17: 13 percent export; 16 to 36 percent, middle 24."""
    assert by_name("natural_resource_external_economies").value == 8.91
    exporters, gap = by_name("exporters"), by_name("productivity_gap")
    assert exporters.shown(exporters.value) == pytest.approx(0.13)
    assert gap.shown(gap.value) == pytest.approx(np.sqrt(0.16 * 0.36))
    assert {figure.likelihood for figure in ALL} == set(LIKELIHOODS) - {"scores", "selection"}


def test_a_figure_is_about_the_clusters_of_its_sector_group():
    figure = by_name("specialised_suppliers_joint_action")
    assert {CASES[i].sector_group for i in figure.clusters} == {"specialised_suppliers"}
    assert len(by_name("exporters").clusters) == len(CASES)


def test_a_run_that_ends_before_it_is_not_compared_and_own_clusters_have_no_table_2():
    assert not any(figure.measure == "survival" for figure in figures(CASES, 19))
    assert not any(figure.likelihood == "table2" for figure in figures(CASES, 80, printed=False))


def test_moments_say_where_they_were_seen_and_none_is_from_memory():
    for moment in load_likelihoods().lives.values():
        assert moment.source
        assert moment.seen in ("SEEN", "DERIVED")


def test_the_mean_over_clusters_by_hand():
    """Two clusters of a sector group at 7 and 9; one in which it is not known takes no part."""
    figure = replace(by_name("exporters"), clusters=(0, 1, 2))
    (quantity,) = quantities_of([figure])
    measured = np.array([[[0.1], [0.3], [np.nan]]])
    assert quantity.measure == "exporters"
    assert aggregated([figure], measured) == pytest.approx(np.log([[0.2]]))
    plain = replace(figure, scale="plain")
    assert aggregated([plain], measured) == pytest.approx(np.array([[0.2]]))


@pytest.fixture(scope="module")
def evidence():
    """One cluster whose survival is a, seen once at each of 200 points with an error of 0.05."""
    rng = np.random.default_rng(0)
    values = rng.random((200, 1))
    figure = replace(by_name("small_newborn"), clusters=(0,), value=0.6, spread=0.1)
    return fit_figures(
        PRIOR, [figure], values, values[:, None] + 0.05 * rng.standard_normal((200, 1, 1))
    )


def test_the_likelihood_is_a_normal_around_what_is_emulated(evidence):
    values = np.array([[0.3], [0.6]])
    spread = np.sqrt(0.1**2 + evidence.fitted.chance[0] ** 2)
    assert spread == pytest.approx(np.sqrt(0.1**2 + 0.05**2), rel=0.05)
    expected = norm.logpdf(0.6, values[:, 0], spread)
    assert evidence.log_likelihoods(values)[:, 0] == pytest.approx(expected, abs=0.2)
    assert evidence.implausibility(values)[0] == pytest.approx(0.3 / spread, rel=0.1)


def test_what_is_left_out_says_nothing(evidence):
    bare = evidence.without(frozenset({"lives"}))
    assert bare.log_likelihoods(np.array([[0.1]])) == pytest.approx(0.0)
    assert bare.implausibility(np.array([[0.1]])) == pytest.approx(0.0)


def test_a_posterior_follows_the_kinds_of_evidence_that_are_used(evidence):
    """The figure pulls a to 0.6; left out, scores that say nothing of a leave it where the prior has it."""
    rng = np.random.default_rng(1)
    values = rng.random((100, 1))
    emulator = fit_emulator(PRIOR, values, np.full((100, 8, 4, 2), 1.5))
    problem = Problem(emulator, np.full((8, 4), np.nan), evidence)
    setting = Setting(400, 200, 300)
    known = problem.fit(setting, 1)
    free = replace(problem, without=frozenset({"lives"})).fit(setting, 1)
    assert PRIOR.numbers(known.z[:, :1]).std() < 0.8 * PRIOR.numbers(free.z[:, :1]).std()
    assert set(problem.by_evidence(known.z)) == {"scores", "lives"}
    assert set(replace(problem, without=frozenset({"scores"})).by_evidence(known.z)) == {"lives"}
    assert problem.fingerprint != replace(problem, without=frozenset({"lives"})).fingerprint
    assert problem.dimensions == 1 + len(PARAMETERS)


def test_planted_figures_spread_as_the_likelihood_says(evidence):
    drawn = evidence.draw(np.full((4000, 1), 0.5), np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(0.5, abs=0.01)
    assert drawn.std() == pytest.approx(0.1, rel=0.05)


def test_a_kind_of_evidence_that_there_is_not_is_refused():
    assert check_without(["mp17", "lives"]) == {"mp17", "lives"}
    with pytest.raises(InputError, match=r"scorse.*did you mean scores"):
        check_without(["scorse"])
