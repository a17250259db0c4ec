"""The pattern files that ship: signs, drivers, costs, starting conditions, levels."""

import tomllib

import numpy as np
import pytest

from calibration.evidence.case_tables import (
    load_context_facts,
    load_sector_collective_efficiency,
    load_sector_patterns,
)
from calibration.evidence.starting_conditions import load_starting_points
from calibration.posterior.measurement_model import GRID, NAMES, Numbers, draw
from calibration.posterior.sector_levels import (
    PATTERNS,
    ExpertScores,
    levels,
    shipped_patterns,
)
from calibration.posterior.shipped_posterior import shipped_medians, shipped_posterior
from model.experiments.experiment import load_experiment
from model.experiments.patterns.examine import rows_of
from model.experiments.patterns.pattern_files import load_patterns
from model.experiments.patterns.pattern_kinds import Absent, Effect, worlds_of
from model.experiments.question_files import check_file
from model.scenario.faults import InputError
from tests.experiments.patterns_small import (
    SCORE,
)


@pytest.fixture(scope="module")
def shipped():
    return shipped_patterns(fitted=shipped_medians())


def test_pattern_files_are_checked_like_scenarios():
    for path in PATTERNS.glob("*.toml"):
        assert check_file(path).kind == "pattern file"


def test_every_world_of_a_file_is_used(shipped):
    """Of an experiment some arms may serve other questions, but not all of them."""
    for name, file in shipped.items():
        used = {world for pattern in file.patterns.values() for _, world in worlds_of(pattern)}
        idle = set(file.worlds) - used
        assert not {w for w in idle if not w.startswith(tuple(f"{e}_" for e in file.experiments))}
        for experiment in file.experiments:
            assert any(world.startswith(f"{experiment}_") for world in used), (name, experiment)


def test_a_world_may_be_the_arm_of_an_experiment(tmp_path):
    """It is that arm, settings included; what is wrong with it is told as of any file."""
    experiments = PATTERNS.parent / "experiments"
    path = tmp_path / "patterns.toml"
    told = f"""
title = "Tests"
[margins."{SCORE}"]
neutral = 0.1
least = 0.1
half_width = 0.1
reason = "a test"
[experiments]
town = "{(experiments / "furniture_local_leader.toml").as_posix()}"
[patterns.x]
kind = "effect"
group = "Tests"
title = "A test"
claim = "It is so."
source = "nobody"
treatment = "town_leader"
control = "town_merchants"
expect = {{ process = "neutral" }}
"""
    path.write_text(told, encoding="utf-8")
    arms = load_experiment(experiments / "furniture_local_leader.toml").scenarios
    assert load_patterns(path).worlds == {f"town_{arm}": arms[arm] for arm in arms}
    shorter = load_patterns(path, ["run.ticks=9"])
    assert {scenario.run.ticks for scenario in shorter.worlds.values()} == {9}

    def fault(*changes):
        path.write_text(told + "".join(changes), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_patterns(path)
        (only,) = caught.value.faults
        return str(only)

    town = (PATTERNS.parent / "worlds" / "furniture_local_leader.toml").as_posix()
    assert "worlds.town_leader" in fault(f'[worlds.town_leader]\nextends = "{town}"\n')
    told = told.replace("furniture_local_leader.toml", "furniture_local_leaders.toml")
    assert "furniture_local_leaders.toml" in fault()


REVISED = {("collective_efficiency", "traditional", "functional"): "neutral_or_positive"}
"""Read with the text: section 5c i says positive, albeit weak, where the table says neutral."""


def test_the_signs_are_those_of_table_4(shipped):
    """All 24, by driver, way of learning and kind of upgrading; what is revised says so in its note."""
    file = shipped["gpr05_table4"]
    printed = {
        (row.driver.value, row.sector_group, row.upgrading): row.sign.value
        for row in load_sector_patterns()
    }
    titles = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"]
        for path in (PATTERNS.parent / "sectors").glob("*.toml")
    }
    drivers = {"collective efficiency": "collective_efficiency", "global buyers": "global_buyer"}
    said = {}
    for pattern in file.patterns.values():
        heading, _, driver = pattern.group.partition(": ")
        if driver not in drivers:
            continue
        (sector,) = (stem for stem, title in titles.items() if title == pattern.title)
        if isinstance(pattern, Effect):
            trade = file.worlds[pattern.treatment].sectors["trade"]
            assert trade == file.worlds[pattern.control].sectors["trade"]
            assert trade.title == pattern.title
            signs = pattern.expect
        else:
            assert isinstance(pattern, Absent)
            signs = dict.fromkeys(pattern.measures, "none")
        said |= {(drivers[driver], sector, measure): sign for measure, sign in signs.items()}
        assert heading == "GPR05 Table 4"
    assert {cell: said[cell] for cell in said if said[cell] != printed[cell]} == REVISED
    assert "albeit weak" in file.patterns["traditional_efficiency"].note
    assert len(said) == len(printed) == 24


def test_nothing_but_the_driver_is_moved(shipped):
    """Table 4: efficiency moves the nine starting conditions, a buyer is one chain."""
    file = shipped["gpr05_table4"]
    conditions = set(load_starting_points().collective_efficiency)
    for pattern in file.patterns.values():
        if not isinstance(pattern, Effect):
            continue
        one, other = (
            file.worlds[name].model_dump() for name in (pattern.treatment, pattern.control)
        )
        moved = {key for key in one if one[key] != other[key]}
        if pattern.group.endswith("collective efficiency"):
            here, there = (w["communities"]["cluster"] for w in (one, other))
            assert moved == {"communities"}
            assert {key for key in here if here[key] != there[key]} == conditions
        else:
            assert moved == {"chains"}
            assert "buyer" in one["chains"]


@pytest.mark.parametrize("degree", ["low", "medium", "high"])
def test_starting_conditions_are_those_of_the_clusters(degree):
    path = PATTERNS / "worlds" / f"efficiency_{degree}.toml"
    conditions = tomllib.loads(path.read_text(encoding="utf-8"))["communities"]["cluster"]
    points = load_starting_points().collective_efficiency
    assert conditions == {key: entry.at(degree) for key, entry in points.items()}


def test_designs_that_are_compared_cost_the_public_the_same(shipped):
    file = shipped["mp17"]
    for name, pattern in file.patterns.items():
        if not isinstance(pattern, Effect) or pattern.community is not None:
            continue
        budgets = [
            sum(i.budget for i in file.worlds[w].institutions.values())
            for w in (pattern.treatment, pattern.control)
        ]
        assert 0 in budgets or budgets[0] == budgets[1], name


def test_levels_are_made_from_the_evidence():
    rows = {(row.name, row.measure): row for row in rows_of(levels(fitted=shipped_medians()))}
    for printed in load_sector_collective_efficiency():
        row = rows[f"{printed.sector_group}_efficiency", "joint_action"]
        assert sum(row.accepts) / 2 == pytest.approx(printed.joint_action)
        assert row.accepts[1] - row.accepts[0] == pytest.approx(2.0)
    product = rows["natural_resource_product", "product"]
    assert sum(product.accepts) / 2 == pytest.approx(29 / 11, abs=1e-3)
    assert product.accepts[1] - product.accepts[0] == pytest.approx(0.5)
    assert [term.weight for term in product.terms] == [pytest.approx(1 / 11)] * 11
    assert {term.quantity.dimension for term in product.terms} == {"product"}
    (fact,) = (f for f in load_context_facts() if f.fact == "smes_exporting_directly"
               and f.place == "South America")  # fmt: skip
    exporters = rows["smes_exporting_directly", "exporters"].accepts
    assert exporters[0] < fact.low / 100 < exporters[1]


def test_a_sector_mean_is_the_mean_of_what_experts_would_give():
    """A cluster near the top, one near the bottom, one between: the mean of many drawn scores."""
    fitted = shipped_medians()
    firms = np.array([[[2.2, 2.9]] * 4, [[0.1, 0.3]] * 4, [[1.0, 1.6]] * 4])
    expected = ExpertScores(numbers=fitted).scores(firms)
    given = Numbers.of(np.array([[fitted[name] for name in NAMES]] * 4000))
    drawn = draw(given, np.broadcast_to(firms, (4000, 3, 4, 2)), np.random.default_rng(1))
    assert set(np.unique(drawn)) <= set(GRID)
    assert expected == pytest.approx(drawn.mean(axis=0), abs=0.05)
    unbounded = firms[0, 0] @ (1 - fitted["measurement.leaders"], fitted["measurement.leaders"])
    assert unbounded + fitted["measurement.shift_process"] > 3 > expected[0, 0] + 0.05
    assert expected[1, 3] > 0.05, "where experts err, some give a half for nothing"


def test_levels_are_asked_of_the_fitted_model():
    """Of medians of theory and scoring together; a setting holds against them, and no other file is moved."""
    fitted, posterior = shipped_medians(), shipped_posterior()
    key = "parameters.value_added.scale"
    assert fitted.keys() == set(posterior)
    for name, value in fitted.items():
        assert value in set(posterior[name])
        assert (posterior[name] <= value).mean() >= 0.5 <= (posterior[name] >= value).mean()
    (worlds, plain), told = (
        (levels(fitted=it).worlds for it in (fitted, None)),
        levels(fitted=fitted, settings=[f"{key}=3"]).worlds,
    )
    for case in ("sinos_valley_footwear", "region_austral_salmon"):
        assert worlds[case].parameters.value_added.scale == fitted[key]
        assert plain[case].parameters.value_added.scale != fitted[key]
        assert told[case].parameters.value_added.scale == 3
        assert worlds[case].parameters.renewal == told[case].parameters.renewal
    files, defaults = shipped_patterns(fitted=fitted), shipped_patterns()
    for name in files.keys() - {"levels"}:
        assert files[name] == defaults[name]
