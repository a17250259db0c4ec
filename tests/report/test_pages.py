"""Pages of real, small results: made by the commands, remade by ``report``, true to their tables."""

import json
from pathlib import Path

import pandas as pd
import pytest

import run
from model.experiments.patterns.examine import COLUMNS
from model.report.webpage.report_file import report
from tests.experiments.small import DRAWN, EXPERIMENT, FLOORS, SWEEP, draws_file, write
from tests.report.test_webpage import EVIL, Seen


def made(folder: Path, command: str, text: str) -> Path:
    out = folder / "out"
    file = write(folder, "asked", text)
    arguments = [command, str(file), "--replicates", "3", "--out", str(out), "--quiet"]
    assert run.door(arguments) == 0
    return out


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    text = EXPERIMENT.replace("An experiment for tests", EVIL.replace('"', "'"))
    return made(tmp_path_factory.mktemp("compared"), "compare", text)


def test_a_comparison_leaves_its_page(compared):
    text = (compared / "report.html").read_text(encoding="utf-8")
    seen = Seen(text)
    assert "<script" not in text
    assert "<script>alert(1)</script>" in seen.text
    effects = pd.read_csv(compared / "effects.csv")
    for row in effects.to_dict("records"):
        assert f"{row['public_cost']:,.0f}" in seen.text
    assert "With so few pairs (3)" in seen.text
    assert "Who gains" in seen.text
    assert len([tag for tag, _ in seen.tags if tag == "img"]) >= 4
    assert report(compared).read_text(encoding="utf-8") == text


def test_every_scenario_is_there_in_full(compared):
    seen = Seen((compared / "report.html").read_text(encoding="utf-8"))
    manifest = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    tags = [tag for tag, _ in seen.tags]
    assert tags.count("details") == 1 + len(manifest["scenarios"])
    assert seen.text.count("[communities.there]") >= len(manifest["scenarios"])
    assert manifest["source"] in seen.text


def test_drawn_parameters_are_told(tmp_path):
    draws_file(tmp_path, **FLOORS)
    out = made(tmp_path, "compare", DRAWN)
    seen = Seen((out / "report.html").read_text(encoding="utf-8"))
    regret = pd.read_csv(out / "regret.csv")
    least = regret[regret["outcome"] == "product"].sort_values("bad", kind="stable").iloc[0]
    draws = int(least["draws"])
    assert f"Over {draws} draws of the parameters “{least['arm_title']}” misses least" in seen.text
    assert f"({draws} paired draws)" in seen.text


def test_a_sweep_tells_its_best_point(tmp_path):
    out = made(tmp_path, "sweep", SWEEP)
    seen = Seen((out / "report.html").read_text(encoding="utf-8"))
    runs = pd.read_parquet(out / "sweep.parquet")
    means = runs.groupby(["budget", "ties"])["product"].mean()
    budget, ties = means.idxmax()
    assert f"“Budget” at {budget:g} and “Ties” at {ties:g}, and worst" in seen.text
    assert "Of 6 points, “Product” is best" in seen.text


def test_patterns_are_counted(tmp_path):
    row = dict.fromkeys(COLUMNS, "") | {
        "group": "Group", "title": EVIL, "kind": "effect", "measure": "product",
        "expectation": "positive", "accepts_low": 0.1, "accepts_high": float("inf"), "effect": 0.3,
        "low": 0.2, "high": 0.4, "replicates": 20, "verdict": "reproduced",
    }  # fmt: skip
    rows = [
        row,
        row | {"verdict": "contradicted", "measure": "gini"},
        row | {"verdict": "undecided"},
    ]
    rows.append(row | {"verdict": "not applicable", "replicates": 0})
    pd.DataFrame(rows).to_csv(tmp_path / "patterns.csv", index=False)
    manifest = {"patterns": {"file": {"title": "Title"}}, "seed": 3, "command": "x", "source": "y"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    seen = Seen(report(tmp_path).read_text(encoding="utf-8"))
    assert (
        "Of 3 expectations drawn from the sources the model reproduces 1 (33%), contradicts 1 and "
        "leaves 1 undecided."
    ) in seen.text
    assert f"Contradicted: {EVIL} (gini)." in seen.text
    assert "0.30 (0.20 to 0.40)" in seen.text


def test_the_main_job_tells_distance_and_designs(compared, tmp_path):
    for name in ("effects", "ranking", "gains"):
        frame = pd.read_csv(compared / f"{name}.csv")
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    effects = pd.read_csv(compared / "effects.csv")
    for_one = effects.assign(community="here", community_title="Here", outcome="process")
    for_one.to_csv(tmp_path / "communities.csv", index=False)
    paid = {"arm": "club", "arm_title": "A club", "public_cost": 640.0, "private_cost": 1.0,
            "a_firm": 0.16, "a_firm_reached": float("nan"), "of_value_added": 0.0012}  # fmt: skip
    pd.DataFrame([paid]).to_csv(tmp_path / "money.csv", index=False)
    told = {"outcome_title": "process upgrading", "arm_title": "A club", "effect": 0.3, "low": 0.2,
            "high": 0.4, "numbers": 0.25, "chance": 0.75, "ahead": 0.96}  # fmt: skip
    pd.DataFrame([told]).to_csv(tmp_path / "doubt.csv", index=False)
    best = {"case": "a", "title": "Vale do Sal", "arm_title": "A club", "outcome": "process", "best": 0.8,
            "effect": 0.2, "low": 0.1, "high": 0.3, "regret": 0.01}  # fmt: skip
    pd.DataFrame([best]).to_csv(tmp_path / "by_cluster.csv", index=False)
    clusters = pd.DataFrame(
        {"case": ["a", "b"], "sector_title": "Sector", "dimension": "product",
         "simulated": [1.0, 2.0], "scored": [1.5, None]}
    )  # fmt: skip
    clusters.to_csv(tmp_path / "clusters.csv", index=False)
    manifest = {
        "designs": json.loads((compared / "manifest.json").read_text(encoding="utf-8")),
        "calibrated": False, "command": "uv run run.py",
        "distance": {"mae": 0.5, "scores": 1, "by_dimension": {"product": 0.5}},
        "policy": {"effect": 0.2, "low": 0.1, "high": 0.3, "positive": 0.99, "draws": 30, "cost": 1.0},
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    seen = Seen(report(tmp_path).read_text(encoding="utf-8"))
    assert "Over 1 published score (0-3) simulated upgrading is off by 0.50" in seen.text
    assert "bridging raised breadth of process upgrading" in seen.text
    assert "was ahead in 99% of 30 posterior draws." in seen.text
    assert "2, each run on its own" in seen.text
    assert "0.12%" in seen.text
    assert "75%" in seen.text
    assert "Vale do Sal" in seen.text
    assert "from the weakest to the foremost" in seen.text
