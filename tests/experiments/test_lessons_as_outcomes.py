"""Who learned from whom as an outcome, against the table of a run, which is made another way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.experiments.arms import outcomes_of, run_arms
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.experiments.sweep import sweep
from model.measures import OF_LESSONS
from model.records.records import simulate
from model.scenario.faults import InputError
from tests.experiments.small import TICKS, write, write_world

REPLICATES = 4
HEAD = """
title = "Lessons"
base = "world.toml"
baseline = "few"
[arms.few]
overlay.communities.here.ties = 2.0
[arms.many]
overlay.communities.here.ties = 6.0
"""
FRIENDLY = {"communities": {"here": {"trust": 0.9}, "there": {"trust": 0.9}}}


def asked(*outcomes: str) -> str:
    return HEAD + "".join(f"\n[[outcomes]]\n{outcome}\n" for outcome in outcomes)


def measured(folder: Path, text: str) -> tuple[Experiment, pd.DataFrame]:
    write_world(folder, FRIENDLY)
    experiment = load_experiment(write(folder, "e", text))
    with opened(None) as store:
        sampled = run_arms(
            experiment, store, lambda p: run_points(p, store), lambda f: True, REPLICATES
        )
        return experiment, outcomes_of(experiment, sampled.cells, store)


def test_they_are_those_of_the_table_of_a_run(tmp_path):
    here = 'of = { community = "here" }'
    text = asked(
        *(f'measure = "{name}"' for name in OF_LESSONS),
        f'measure = "density"\n{here}',
        f'measure = "isolates"\n{here}\nless = {{ community = "there" }}',
    )
    experiment, found = measured(tmp_path, text)
    network = simulate(experiment.scenarios, REPLICATES).network
    index = ["scenario", "replicate"]
    by_place = {key: part.set_index(index) for key, part in network.groupby("community")}
    found = found.rename(columns={"arm": "scenario"}).set_index(index)
    for name in OF_LESSONS:
        expected = by_place["*"][name].reindex(found.index)
        np.testing.assert_allclose(found[name], expected, err_msg=name)
    assert found["lessons"].nunique() > 1  # they tell runs apart
    np.testing.assert_allclose(
        found["density_of_here"], by_place["here"]["density"].reindex(found.index)
    )
    apart = by_place["here"]["isolates"] - by_place["there"]["isolates"]
    np.testing.assert_allclose(found["isolates_of_here_less_there"], apart.reindex(found.index))


def test_lessons_of_two_halves_are_those_of_the_whole(tmp_path):
    """A lesson is of one quarter: numbers of lessons add up, and a later end changes no earlier lesson."""
    half = TICKS // 2
    _, found = measured(
        tmp_path,
        asked(
            f'measure = "lessons"\nat = [{half - 1}]',
            f'measure = "lessons"\nat = [0, {half - 1}]',
            f'measure = "lessons"\nat = [{half}, {TICKS - 1}]',
            'measure = "lessons"',
        ),
    )
    first, same, second = (
        found[f"lessons_at_{at}"] for at in (half - 1, f"0_{half - 1}", f"{half}_{TICKS - 1}")
    )
    assert (first == same).all()
    assert (second > 0).any()
    np.testing.assert_allclose(first + second, found["lessons"])


def test_a_sweep_has_them_by_community(tmp_path):
    write_world(tmp_path, FRIENDLY)
    text = """
title = "Ties"
base = "world.toml"
replicates = 2
communities = true
[vary.ties]
key = "communities.here.ties"
values = [2.0, 6.0]
[[outcomes]]
measure = "density"
[[outcomes]]
measure = "product"
"""
    table = sweep(write(tmp_path, "s", text))
    assert set(table["community"].astype(str)) == {"*", "here", "there"}
    assert table["density"].notna().all()
    assert table["density"].nunique() > 2


def test_they_are_not_known_of_other_groups(tmp_path):
    with pytest.raises(InputError, match="not known of single firms"):
        measured(tmp_path, asked('measure = "density"\nof = { owned = "local" }'))
