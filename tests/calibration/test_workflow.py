"""From a case table to a page, in small; and what is said of tables that cannot be used."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.evidence.case_tables import DATA, DIMENSIONS, load_cases
from calibration.evidence.hypotheses import load_hypotheses
from calibration.posterior.inference import Setting
from calibration.posterior.workflow import (
    Effort,
    prepare,
    problem_of,
    refuse_joined,
    screening,
)
from calibration.prior.distributions import candidates
from calibration.validation.findings import find
from calibration.validation.validation_report import page
from model.experiments.experiment import load_experiment
from model.scenario.faults import InputError

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SMALL = Effort(
    "small", 16, 32, Setting(30, 20, 60), Setting(8, 4, 20), 2, Setting(20, 10, 20), 2, 16
)  # fmt: skip
FREE = pd.DataFrame(
    {
        "key": ["parameters.absorption.floor", "sectors.traditional.start.process"],
        "free": [True, True],
    }
)


@contextmanager
def silent(title: str, total: int, unit: str):
    yield lambda amount: None


def own_table(folder: Path, rows: int) -> Path:
    lines = (DATA / "cases.csv").read_text(encoding="utf-8").splitlines()
    file = folder / "own.csv"
    file.write_text("\n".join(lines[: rows + 1]) + "\n", encoding="utf-8")
    return file


def shortened(study, ticks: int):
    worlds = [
        s.model_copy(update={"run": s.run.model_copy(update={"ticks": ticks})})
        for s in study.scenarios
    ]
    return replace(study, scenarios=tuple(worlds))


def test_from_a_table_of_ones_own_to_a_page(tmp_path):
    study = prepare(own_table(tmp_path, 6), SMALL, 1, tmp_path / "work", 1, silent)
    study = shortened(study, 8)
    experiment = load_experiment(SCENARIOS / "experiments" / "institutions.toml", ["run.ticks=4"])
    found = find(study, FREE, {}, experiment)
    facts = found.facts()
    assert 0 < facts["mae"] < 3
    assert set(facts["yardsticks"]) == {
        "constant", "sector_mean", "ridge", "ridge_chains", "random_forest", "ridge_facts",
        "forest_facts",
    }  # fmt: skip
    assert set(facts["margins"]) == set(facts["yardsticks"])
    assert set(facts["within_sector_r"]) == set(facts["within_sector_spread"]) == set(DIMENSIONS)
    text = page(found)
    for case in study.cases:
        assert case.cluster in text
    assert " nan" not in text
    assert "(nan" not in text
    again = page(find(study, FREE, {}, experiment))
    assert text == again


def renamed(folder: Path, rows: int) -> Path:
    file = own_table(folder, rows)
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, *(f"my_{line}" for line in lines)]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("rows", [1, 5])
def test_a_few_clusters_are_laid_beside_those_that_ship(tmp_path, rows):
    study = prepare(renamed(tmp_path, rows), SMALL, 1, tmp_path / "work", 1, silent)
    assert len(study.cases) == 40 + rows
    assert [*study.scenarios[-1].communities] == [study.cases[-1].case]
    assert len(study.observed) == 35 + rows
    assert not study.ships
    with pytest.raises(InputError, match="fewer than 6 clusters with a score: too few to leave"):
        refuse_joined(study)


def test_six_clusters_stand_alone(tmp_path):
    study = prepare(own_table(tmp_path, 6), SMALL, 1, tmp_path / "work", 1, silent)
    assert len(study.cases) == 6
    refuse_joined(study)


def test_a_cluster_that_ships_is_not_counted_twice(tmp_path):
    with pytest.raises(InputError, match="case = medellin_textiles: ships already"):
        prepare(own_table(tmp_path, 1), SMALL, 1, tmp_path / "work", 1, silent)


def test_a_table_without_a_score_is_refused(tmp_path):
    file = renamed(tmp_path, 1)
    head, row = file.read_text(encoding="utf-8").splitlines()
    file.write_text(f"{head}\n{row.rsplit(',', 5)[0]},,,,,\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no cluster with a score"):
        prepare(file, SMALL, 1, tmp_path / "work", 1, silent)


def test_a_bad_cell_is_told_with_its_line(tmp_path):
    file = own_table(tmp_path, 8)
    file.write_text(
        file.read_text(encoding="utf-8").replace("medium", "middling", 1), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"line 2, column ce_degree"):
        prepare(file, SMALL, 1, tmp_path / "work", 1, silent)


def test_a_screening_of_another_model_is_refused(tmp_path):
    study = prepare(own_table(tmp_path, 6), SMALL, 1, tmp_path / "work", 1, silent)
    gone = FREE.assign(key=["parameters.absorption.gone", FREE["key"][1]])
    with pytest.raises(InputError, match="is no number of the model any more"):
        problem_of(study, gone)


def test_screening_takes_scores_figures_and_the_translation_of_codes(tmp_path):
    study = shortened(prepare(own_table(tmp_path, 6), SMALL, 1, tmp_path / "work", 1, silent), 4)
    table = screening(study)
    assert set(table["key"]) == set(candidates().keys)
    assert np.isfinite(table["information"]).all()
    assert (table["information"].diff().dropna() <= 1e-9).all(), "each says less than those before"


def test_hypotheses_are_about_clusters_of_the_table():
    assert set(load_hypotheses()) <= {case.case for case in load_cases()}


def test_the_whole_table_is_read_as_it_is(tmp_path):
    study = prepare(None, SMALL, 1, tmp_path, 1, silent)
    assert np.isfinite(study.observed).sum() == 139
    assert len(study.scored) == 35
