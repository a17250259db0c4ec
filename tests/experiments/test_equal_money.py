"""Designs at the same money spent, and who gains by community."""

from dataclasses import replace
from pathlib import Path

import pytest

from model.experiments.arms import Cell, keep_of, measured
from model.experiments.communities import community_effects
from model.experiments.compare import paired_units
from model.experiments.equal_money import at_equal_money, budget_of, spending, with_budget
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.kept_records import frame_of_records
from model.experiments.points.point import Point
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.records.records import simulate
from tests.experiments.small import EXPERIMENT, world, write

PICKY = """
[arms.picky]
overlay.institutions.club.budget = 9.0
overlay.institutions.club.access.inclusive = false
overlay.institutions.club.access.quota = 0.1
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return load_experiment(write(tmp_path_factory.mktemp("e"), "e", EXPERIMENT + PICKY))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    with Store(tmp_path_factory.mktemp("s") / "points.sqlite") as opened:
        yield opened


def test_budgets_follow_what_the_thriftiest_spends(experiment: Experiment, store: Store):
    def run(points):
        return run_points(points, store)

    before = spending(experiment.scenarios, store, run, None, 4)
    alike = at_equal_money(experiment, store, run, pilot=4)
    after = spending(alike.scenarios, store, run, None, 4)
    least = min(money for money in before.values() if money > 0)
    assert max(before.values()) > 1.5 * least
    assert before["none"] == after["none"] == 0.0
    for arm in ("club", "rich", "picky"):
        assert after[arm] == pytest.approx(least, rel=0.1)
    assert budget_of(alike.scenarios["rich"]) < budget_of(experiment.scenarios["rich"])
    assert alike.spec == experiment.spec


def test_where_nothing_is_spent_nothing_is_cut(experiment: Experiment, store: Store):
    unpaid = replace(experiment, scenarios={"none": experiment.scenarios["none"]})
    same = at_equal_money(unpaid, store, lambda points: run_points(points, store), pilot=2)
    assert same.scenarios == unpaid.scenarios


def test_a_budget_is_shared_as_before():
    two = world(1, {"institutions": {"other": {"budget": 1.0}}})
    halved = with_budget(two, 2.0)
    assert budget_of(two) == 4.0
    assert {name: i.budget for name, i in halved.institutions.items()} == {
        "club": 1.5, "other": 0.5,
    }  # fmt: skip


def test_effects_on_a_community_are_those_of_its_own_series(experiment: Experiment, store: Store):
    cells = []
    for arm, scenario in experiment.scenarios.items():
        keep = replace(keep_of(experiment, scenario, False), communities=True, series=True)
        cells.append(Cell(arm, 0, Point(scenario, 0, 4, keep)))
    run_points([cell.point for cell in cells], store)
    table = community_effects(experiment, cells, store)
    last = simulate(experiment.scenarios, 4).series.query("tick == tick.max()")
    means = last.groupby(["community", "scenario"])["product"].mean()
    for row in table[table["outcome"] == "product"].itertuples():
        apart = means[row.community, row.arm] - means[row.community, "none"]
        assert row.effect == pytest.approx(apart)
        assert row.mean_against == pytest.approx(means[row.community, "none"])
        assert row.replicates == 4
    without = table[table["outcome"] == "product"].groupby("community", sort=False)["mean_against"]
    assert without.first().is_monotonic_increasing, "from the weakest to the foremost"
    series = frame_of_records(cells, store, "series")
    assert len(series) == len(experiment.scenarios) * 4 * 12 * 2
    whole = paired_units(measured(cells, store))
    country = frame_of_records(cells, store, "country", last=True)
    assert country["product"].tolist() == pytest.approx(whole["product"].tolist())


def test_what_matters_is_more_than_nothing(tmp_path: Path):
    text = EXPERIMENT.replace('measure = "product"', 'measure = "product"\nmatters = {}')
    assert load_experiment(write(tmp_path, "a", text.format(0.1))).spec.outcomes[0].matters == 0.1
    with pytest.raises(Exception, match=r"outcomes\.0\.matters|outcomes\[0\]\.matters|matters"):
        load_experiment(write(tmp_path, "b", text.format(-0.1)))
