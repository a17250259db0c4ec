"""Sweep files: designs are what they are called; tables, figures and faults of the command."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from model.experiments.design_table import design_of, frame_of
from model.experiments.designs import from_unit, grid
from model.experiments.factors import Factor
from model.experiments.intervals import interval_of_mean
from model.experiments.question_files import check_file, json_schema
from model.experiments.samples import latin_hypercube, sobol
from model.experiments.summary import summary
from model.experiments.sweep import sweep
from model.experiments.sweep_file import load_sweep
from model.records.records import simulate
from model.scenario.faults import InputError
from model.scenario.schema import Scenario
from run import ROOT, door
from tests.experiments.small import SWEEP, TICKS, write

BUDGET = Factor(key="institutions.club.budget", low=1.0, high=3.0, steps=3)
FIRMS = Factor(key="communities.here.firms", low=10, high=14, steps=9)
TIES = Factor(key="communities.here.ties", values=(2.0, 4.0))
PLAN = Factor.model_validate({"levels": {"a": {"overlay": {}}, "b": {}, "c": {}}})
LOG = Factor(key="parameters.absorption.floor", low=0.01, high=1.0, scale="log", steps=3)


def test_a_grid_is_every_combination_the_last_fastest():
    rows = grid({"budget": BUDGET, "ties": TIES, "plan": PLAN})
    assert len(rows) == 3 * 2 * 3
    assert rows[0] == {"budget": 1.0, "ties": 2.0, "plan": "a"}
    assert rows[1]["plan"] == "b"
    assert [row["budget"] for row in rows[::6]] == [1.0, 2.0, 3.0]


def test_values_of_ranges():
    assert FIRMS.grid() == [10, 11, 12, 13, 14]  # whole, as the key asks
    assert LOG.grid() == pytest.approx([0.01, 0.1, 1.0])
    assert LOG.value(0.5) == pytest.approx(0.1)
    assert [FIRMS.value(u) for u in (0.0, 0.19, 0.21, 0.999)] == [10, 10, 11, 14]
    many = Factor(key="communities.here.firms", low=1, high=100, scale="log")
    assert [many.value(u) for u in (0.0, 0.5, 0.999999, 1.0)] == [1, 10, 100, 100]
    assert many.grid() == [1, 3, 10, 32, 100]
    assert [PLAN.value(u) for u in (0.0, 0.34, 0.99)] == ["a", "b", "c"]
    assert BUDGET.value(0.25) == 1.5


def test_a_latin_hypercube_has_one_point_in_every_slice():
    rows = latin_hypercube({"budget": BUDGET, "floor": LOG, "plan": PLAN}, 12, seed=3)
    slices = sorted(int((row["budget"] - 1.0) / 2.0 * 12) for row in rows)
    assert slices == list(range(12))
    assert pd.Series([row["plan"] for row in rows]).value_counts().tolist() == [4, 4, 4]
    assert rows == latin_hypercube({"budget": BUDGET, "floor": LOG, "plan": PLAN}, 12, seed=3)
    assert rows != latin_hypercube({"budget": BUDGET, "floor": LOG, "plan": PLAN}, 12, seed=4)


def test_a_sobol_sequence_is_more_even_than_chance():
    factors = {"budget": BUDGET, "floor": Factor(key="across.ties", low=0.0, high=1.0)}
    rows = sobol(factors, 64, seed=1)
    unit = np.array([[(row["budget"] - 1.0) / 2.0, row["floor"]] for row in rows])
    chance = np.random.default_rng(1).random((64, 2))
    assert len(rows) == 64
    assert qmc.discrepancy(unit) < qmc.discrepancy(chance) / 4


def test_points_of_the_unit_cube_become_values():
    unit = np.array([[0.0, 0.5], [0.5, 0.0]])
    assert from_unit({"budget": BUDGET, "ties": TIES}, unit) == [
        {"budget": 1.0, "ties": 4.0},
        {"budget": 2.0, "ties": 2.0},
    ]


def test_a_column_of_mixed_kinds_is_text():
    mixed = {
        "rule": Factor(key="x.y", values=(1, "two", True)),
        "n": Factor(key="x.z", values=(1, 2.5)),
    }
    frame = frame_of(mixed, grid(mixed))
    assert frame["rule"].tolist() == ["1", "1", "two", "two", "true", "true"]
    assert frame["n"].dtype == float


def test_a_sweep_runs_what_the_file_says(tmp_path: Path):
    path = write(tmp_path, "sweep", SWEEP)
    frame = sweep(path, workers=2)
    assert list(frame.columns) == [
        "point", "budget", "ties", "community", "replicate", "product", "gini_at_5"
    ]  # fmt: skip
    assert len(frame) == 6 * 2
    loaded = load_sweep(path)
    point = loaded.points[4]
    assert dict(design_of(loaded).loc[4]) == {"budget": 4.0, "ties": 2.0}
    assert point.scenario.institutions["club"].budget == 4.0
    country = simulate(point.scenario, 2).country.set_index(["replicate", "tick"])
    mine = frame[frame["point"] == 4].set_index("replicate")
    for replicate in range(2):
        assert mine.loc[replicate, "product"] == country.loc[(replicate, TICKS - 1), "product"]
        assert mine.loc[replicate, "gini_at_5"] == country.loc[(replicate, 5), "gini"]


def test_points_share_what_they_have_in_common(tmp_path: Path):
    """A large design fits into memory; what is shared decides nothing."""
    loaded = load_sweep(write(tmp_path, "sweep", SWEEP))
    worlds = [point.scenario for point in loaded.points]
    assert worlds[1].communities["there"] is worlds[0].communities["there"]
    assert worlds[1].communities["here"] is not worlds[0].communities["here"]
    assert worlds[5].parameters.absorption is worlds[0].parameters.absorption
    for world in worlds:
        assert Scenario.model_validate_json(world.model_dump_json()) == world
    assert len({point.key for point in loaded.points}) == 6


def test_the_summary_is_mean_interval_and_spread(tmp_path: Path):
    path = write(tmp_path, "sweep", SWEEP)
    frame, loaded = sweep(path, replicates=5), load_sweep(path)
    short = summary(frame, design_of(loaded), loaded.spec.outcomes)
    assert len(short) == 6 * 2
    assert short["outcome"].tolist()[:2] == ["product", "gini_at_5"]
    row = short[(short["point"] == 3) & (short["outcome"] == "product")].iloc[0]
    values = frame.loc[frame["point"] == 3, "product"]
    assert row["mean"] == pytest.approx(values.mean())
    assert (row["low"], row["high"]) == interval_of_mean(values.to_numpy())[1:]
    least = 2.7764451 * values.std() / 5**0.5  # t of 95% with four degrees of freedom
    assert row["low"] < values.mean() - least < values.mean() + least < row["high"]
    assert (row["budget"], row["ties"], row["replicates"]) == (2.0, 4.0, 5)


def test_levels_are_overlays_and_points_may_be_listed(tmp_path: Path):
    text = SWEEP.replace("[vary.ties]\nkey = \"communities.here.ties\"\nvalues = [2.0, 4.0]", """
[vary.plan.levels.club]
[vary.plan.levels.school]
title = "A school"
overlay.institutions.school = {budget = 2.0, experiential = 0.5}
""") + """
[design]
kind = "points"
[[points]]
budget = 1.0
plan = "school"
[[points]]
budget = 3.0
plan = "club"
"""  # fmt: skip
    loaded = load_sweep(write(tmp_path, "listed", text))
    assert design_of(loaded).to_dict("list") == {"budget": [1.0, 3.0], "plan": ["school", "club"]}
    assert [list(p.scenario.institutions) for p in loaded.points] == [["club", "school"], ["club"]]
    assert loaded.points[0].scenario.institutions["club"].budget == 1.0


def test_the_command_writes_tables_figures_and_a_manifest(tmp_path: Path, capsys):
    path = write(tmp_path, "sweep", SWEEP)
    out = tmp_path / "out"
    asked = [
        "sweep",
        str(path),
        "--out",
        str(out),
        "--json",
        "--seed",
        "7",
        "--set",
        "run.ticks=10",
    ]
    assert door(asked) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"out", "runs", "resumed", "failed", "seconds"} == set(facts)
    assert (facts["runs"], facts["resumed"], facts["failed"]) == (12, 0, 0)
    names = {path.name for path in out.iterdir()}
    assert {"sweep.parquet", "summary.csv", "lines.png", "heat_maps.svg", "manifest.json"} <= names
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["seed"], manifest["base"]["run"]["ticks"], manifest["runs"]) == (7, 10, 12)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert door(asked) == 0
    said = capsys.readouterr()
    assert "6 points were there already" in said.out
    assert "12 of 12 runs, 12 of them there already, none failed" in said.err
    for name, content in before.items():
        assert (out / name).read_bytes() == content or name == "manifest.json", name


def test_shards_of_the_command_merge_to_the_whole(tmp_path: Path, capsys):
    path = str(write(tmp_path, "sweep", SWEEP))
    out, whole = str(tmp_path / "out"), tmp_path / "whole"
    assert door(["sweep", path, "--out", str(whole), "--quiet"]) == 0
    assert door(["sweep", path, "--out", out, "--shard", "1/2", "--quiet"]) == 0
    capsys.readouterr()
    assert door(["merge", path, "--out", out]) == 1
    assert "lacks 3 of 6 points: 1, 3, 5; run the shards that hold them" in capsys.readouterr().err
    assert door(["sweep", path, "--out", out, "--shard", "2/2", "--quiet"]) == 0
    assert door(["merge", path, "--out", out, "--quiet"]) == 0
    for name in ("sweep.parquet", "summary.csv"):
        assert (Path(out) / name).read_bytes() == (whole / name).read_bytes()


def test_nothing_to_merge_is_said(tmp_path: Path, capsys):
    path = str(write(tmp_path, "sweep", SWEEP))
    assert door(["merge", path, "--out", str(tmp_path / "out")]) == 2
    assert "has no shards beside it; run with --shard i/n first" in capsys.readouterr().err
    assert door(["merge", str(tmp_path / "world.toml")]) == 2
    assert "only experiments, sweeps and sensitivity files have shards" in capsys.readouterr().err


def test_a_sweep_of_which_points_fail_says_so(tmp_path: Path, capsys, monkeypatch):
    from model.experiments.points import evaluate as evaluating

    real = evaluating.build

    def build(scenarios, replicates):
        if any(s.communities["here"].ties == 4.0 for s in scenarios):
            raise RuntimeError("too many ties")
        return real(scenarios, replicates)

    monkeypatch.setattr(evaluating, "build", build)
    out = tmp_path / "out"
    path = str(write(tmp_path, "sweep", SWEEP))
    assert door(["sweep", path, "--out", str(out), "--json", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "point 1: RuntimeError: too many ties" in said
    assert json.loads(said.splitlines()[-1])["failed"] == 3
    failed = pd.read_csv(out / "failures.csv")
    assert failed["ties"].tolist() == [4.0] * 3
    monkeypatch.setattr(evaluating, "build", real)
    assert door(["sweep", path, "--out", str(out), "--json", "--quiet", "--retry"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["failed"] == 0
    assert not (out / "failures.csv").exists()


FAULTS = {
    ("steps = 3", "steps = 1"): "vary.budget.steps = 1: must be from 2 to 10000",
    ("high = 4.0", "hihg = 4.0"): "vary.budget.hihg = 4.0: is not a known key; did you mean high?",
    ("high = 4.0\n", ""): "vary.budget.low = 0.0: must lie below high; give both",
    ("low = 0.0", "low = 5.0"): "vary.budget.low = 5.0: must lie below high",
    ("low = 0.0", "low = -1.0"): "vary.budget: institutions.club.budget = -1.0: must be from 0",
    ("low = 0.0", 'scale = "log"\nlow = 0.0'): "vary.budget.low = 0.0: must be more than 0 on a log",
    ("values = [2.0, 4.0]", ""): "vary.ties: needs one of values, a range and levels",
    ("values = [2.0, 4.0]", "values = [2.0, 2.0]"): "vary.ties.values = [2.0, 2.0]: names a value twice",
    ("values = [2.0, 4.0]", "values = [[2.0]]"): "vary.ties.values[0] = [2.0]: must be a number, a text",
    ("values = [2.0, 4.0]", 'values = ["many"]'):
        'vary.ties: communities.here.ties = "many": must be a number',
    ("institutions.club.budget", "institutions.clbu.budget"):
        "the base world has no institutions.clbu; did you mean institutions.club?",
    ("institutions.club.budget", "institutions.club.budgte"):
        "vary.budget: institutions.club.budgte = 0.0: is not a known key; did you mean budget?",
    ("institutions.club.budget", "a b"): 'vary.budget.key = "a b": must be a key of the scenario',
    ("institutions.club.budget", "institutions.club"):
        'vary.budget = "institutions.club": must go on to a key',
    ('key = "communities.here.ties"\nvalues = [2.0, 4.0]', 'key = "run.ticks"\nlow = 10.2\nhigh = 10.8'):
        "vary.ties.low = 10.2: leaves no whole number up to high",
    ("[vary.ties]", "[vary.product]"): "vary.product: is the name of another column",
    ("at = [5]", "at = [12]"): "outcomes[1].at = [12]: must be at most 11, the last quarter of the run",
    ("at = [5]", "at = 5"): "outcomes[1].at = 5: must be a list in [ ]",
    ("at = [5]", "at = [5, 3]"): "outcomes[1].at = [5, 3]: must begin before it ends",
    ('measure = "gini"', 'measure = "ginny"'):
        'outcomes[1].measure = "ginny": is no measure; did you mean gini?',
    ('measure = "gini"\nbetter = "lower"\nat = [5]', 'measure = "product"'): "outcomes[1]: is named twice",
    ("replicates = 2", "replicates = 0"): "replicates = 0: must be from 1",
    ("replicates = 2", "replicats = 2"): "replicats = 2: is not a known key; did you mean replicates?",
    ("replicates = 2", 'design.kind = "sobol"'): "design.points: is missing; write e.g. points = 64",
    ("replicates = 2", 'design = {kind = "sobol", points = 60}'):
        "design.points = 60: must be a power of 2 for sobol; write points = 64",
    ("replicates = 2", "design.points = 60"): "design.points = 60: goes with latin_hypercube or sobol",
    ("replicates = 2", 'design.kind = "points"'): "points: go with a design of listed points",
    ("replicates = 2", 'design.kind = "points"\npoints = [{budget = 1.0, tie = 2.0}]'):
        "points[0].tie = 2.0: is no factor; did you mean ties?",
    ('base = "world.toml"', 'base = "wrold.toml"'): "wrold.toml: no such file",
    ('base = "world.toml"', ""): "base: is missing",
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), FAULTS.items(), ids=range(len(FAULTS)))
def test_faults(tmp_path: Path, change: tuple[str, str], said: str, capsys):
    assert change[0] in SWEEP
    path = write(tmp_path, "sweep", SWEEP.replace(*change))
    assert door(["check", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert str(tmp_path) in told
    assert "Traceback" not in told


def test_kinds_of_files_are_known(tmp_path: Path):
    assert check_file(write(tmp_path, "sweep", SWEEP)).kind == "sweep"
    assert "latin_hypercube" in json.dumps(json_schema("sweep"))
    with pytest.raises(InputError, match="is no kind of file"):
        json_schema("sweeep")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "sweeps").glob("*.toml")), ids=lambda p: p.stem
)
def test_sweeps_that_ship_are_valid_and_small(path: Path):
    loaded = load_sweep(path)
    assert loaded.spec.question
    assert sum(point.work for point in loaded.points) < 10_000_000
