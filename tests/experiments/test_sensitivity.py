"""Sensitivity files: the points they ask for, tables from them, and what is refused."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import run
from model.experiments.points.point_tables import IncompleteError, values
from model.experiments.points.runner import Ran, run_points
from model.experiments.points.store import opened
from model.experiments.question_files import check_file
from model.experiments.sensitivity import run as analyses
from model.experiments.sensitivity.ranges import declared_range
from model.experiments.sensitivity.run import findings, sensitivity
from model.experiments.sensitivity.study import load_study
from model.parameters import each
from model.records.records import simulate
from model.scenario.faults import InputError, parse_key
from tests.experiments.small import write

STUDY = """
title = "A study <script>alert(1)</script>"
base = "world.toml"
replicates = 2

[overlay]
neutral = ["redundancy"]

[arm]
title = "A school"
[arm.overlay.institutions.school]
budget = 6.0
experiential = 1.0

[[outcomes]]
measure = "product"
[[outcomes]]
measure = "gini"
better = "lower"

[vary.money]
key = "institutions.school.budget"
low = 0.0
high = 12.0
[vary.trust]
key = "communities.here.trust"
[vary.inert]
key = "parameters.redundancy.unscreened"
[vary.access]
[vary.access.levels.open]
[vary.access.levels.closed]
overlay.institutions.school.access = { inclusive = false, fee = 5.0 }

[sobol]
samples = 8
[morris]
trajectories = 4
[tornado]
replicates = 3
[discovery]
outcome = "product"
threshold = 0.02
points = 40
"""
FACTORS = 4
SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("study"), "study", STUDY)


@pytest.fixture(scope="module")
def found(file):
    return sensitivity(file, store=file.parent / "kept.sqlite")


def test_points_of_every_analysis_with_and_without_the_design(file):
    study = load_study(file)
    sizes = {part.name: len(part.rows) for part in study.parts}
    assert sizes == {
        "sobol": 8 * (2 * FACTORS + 2),
        "morris": 4 * (FACTORS + 1),
        "discovery": 40,
        "tornado": 1 + 2 * FACTORS,
    }
    without, with_it = study.points[::2], study.points[1::2]
    assert len(without) == len(with_it) == sum(sizes.values())
    assert all("school" not in point.scenario.institutions for point in without)
    assert all("school" in point.scenario.institutions for point in with_it)
    for one, other in zip(without, with_it, strict=True):
        assert one.scenario.communities == other.scenario.communities


def test_an_outcome_is_the_effect_of_the_design_on_the_same_random_numbers(file, found):
    study, row = load_study(file), found.points.iloc[1]
    effects = []
    for point in study.points[:2]:
        country = simulate(point.scenario, 2).country
        last = country[country["tick"] == country["tick"].max()]
        effects.append(last["product"].to_numpy()[1])
    assert row["product"] == pytest.approx(effects[1] - effects[0])


def test_an_inert_factor_has_nothing(found):
    inert = found.sobol[(found.sobol["factor"] == "inert") & (found.sobol["order"] != "second")]
    assert (inert["low"] <= 0).all()
    assert (inert["high"] >= 0).all()
    for table, column in ((found.morris, "mu_star"), (found.tornado, "effect")):
        mine = table.loc[table["factor"] == "inert", column]
        assert len(mine)
        assert (mine == 0).all()
    assert (found.tornado.loc[found.tornado["factor"] == "money", "effect"] != 0).any()


def test_the_same_store_resumes_and_gives_the_same_tables(file, found):
    study = load_study(file)
    with opened(file.parent / "kept.sqlite") as store:
        ran = run_points(study.points, store)
        again = findings(study, ran, store)
    assert ran.resumed == ran.points
    for name, table in found.tables().items():
        pd.testing.assert_frame_equal(table, again.tables()[name])


def test_indices_are_refused_with_the_list_of_what_is_missing(file):
    study = load_study(file)
    ran = Ran(len(study.points), 0, 0, {3: "RuntimeError: the mill burnt down"}, [5, 7])
    with opened(None) as store, pytest.raises(IncompleteError) as told:
        findings(study, ran, store)
    assert told.value.exit_code == 1
    for words in ("Indices would mislead", "point 3: failed: RuntimeError: the mill", "5, 7"):
        assert words in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("samples = 8", "samples = 12", "sobol.samples = 12: must be a power of 2"),
        ('outcome = "product"', 'outcome = "wage"', "discovery.outcome = "),
        ("communities.here.trust", "communities.nowhere.trust", "no communities.nowhere"),
        ('[vary.trust]\nkey = "communities.here.trust"', "[vary.trust]", "vary.trust"),
        ("threshold = 0.02", "threshold = 0.02\ndepth = 3", "discovery.depth"),
        ("low = 0.0\nhigh = 12.0", "low = 3.0\nhigh = 2.0", "must lie below high"),
        ("fee = 5.0", "fee = -5.0", "fee = -5.0"),
    ],
)
def test_faults_are_told(tmp_path, old, new, words):
    assert old in STUDY
    path = write(tmp_path, "study", STUDY.replace(old, new))
    with pytest.raises(InputError) as told:
        check_file(path)
    assert words in str(told.value)


def ready() -> list[Path]:
    return sorted((SCENARIOS / "sensitivity").glob("*.toml"))


@pytest.mark.parametrize("path", ready(), ids=lambda path: path.stem)
def test_ready_files(path):
    assert check_file(path).kind == "sensitivity file"


def test_the_file_that_the_docs_show(tmp_path):
    page = (SCENARIOS.parent / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    path = tmp_path / "shown.toml"
    path.write_text(shown[1].replace('"../', f'"{SCENARIOS}/').replace("= 128", "= 8"))
    assert check_file(path).kind == "sensitivity file"


def test_ranges_are_those_declared():
    assert declared_range(parse_key("communities.anywhere.trust")) == (0, 1)
    assert declared_range(parse_key("chains.x.governance")) == (None, None)
    for key, parameter, _, _ in each():
        assert declared_range(parse_key(key)) == (parameter.low, parameter.high)


def test_the_command_writes_tables_figures_and_a_page(file, found, tmp_path, capsys):
    out, store = tmp_path / "out", file.parent / "kept.sqlite"
    code = run.door(
        ["sensitivity", str(file), "--out", str(out), "--store", str(store), "--json", "--quiet"]
    )
    assert code == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    points = load_study(file).points
    assert facts | {"seconds": 0} == {
        "out": str(out), "runs": sum(p.count for p in points), "resumed": len(points), "failed": 0,
        "seconds": 0,
    }  # fmt: skip
    assert pd.read_csv(out / "sobol.csv").shape == found.sobol.shape
    text = (out / "report.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "Effect on product" in text
    for name in ("variance_shares", "screening", "tornado", "convergence_sobol"):
        assert (out / f"{name}.svg").exists()
    assert text.count("<img ") >= 5


def test_missing_outcomes_cost_their_samples_and_are_told(file, tmp_path, monkeypatch, capsys):
    """Three runs had nothing to measure: all tables, figures and the page are there and say so."""
    calls = iter(range(10_000))

    def spoilt(point, store):
        found = values(point, store).copy()
        if next(calls) in (1, 41, 165):  # two of Sobol's base samples, one of Morris's trajectories
            found[0, 0, 0] = float("nan")
        return found

    monkeypatch.setattr(analyses, "values", spoilt)
    out, store = tmp_path / "out", file.parent / "kept.sqlite"
    assert run.door(["sensitivity", str(file), "--out", str(out), "--store", str(store)]) == 0
    assert "could not be drawn" not in capsys.readouterr().out
    of_product = {
        name: pd.read_csv(out / f"{name}.csv").query("outcome == 'product'")
        for name in ("sobol", "morris", "outcomes")
    }
    assert of_product["sobol"]["dropped"].eq(2).all()
    assert of_product["sobol"]["index"].isna().all()  # 6 of 8 base samples are too few
    assert (
        of_product["morris"][["trajectories", "dropped"]].to_numpy().tolist() == [[3, 1]] * FACTORS
    )
    assert of_product["morris"]["mu_star"].notna().all()
    missing = of_product["outcomes"].set_index("analysis")["missing"].to_dict()
    assert missing == {"sobol": 2, "morris": 1, "discovery": 0, "tornado": 0}
    text = (out / "report.html").read_text(encoding="utf-8")
    assert "has no indices: it is missing at a point of 2 of 8 base samples" in text
    assert "Left out: 1 of 4 trajectories" in text
    assert "hardly matter" not in text.split("Shares of the variance")[1].split("has no indices")[0]
    assert (out / "screening.svg").exists()


def test_levels_are_studied_where_there_is_no_design(tmp_path):
    text = STUDY.replace("[arm", "[unused").replace("institutions.school", "institutions.club")
    text = "\n".join(line for line in text.splitlines() if "unused" not in line)
    text = text.replace("budget = 6.0\nexperiential = 1.0\n", "").replace(
        'title = "A school"\n', ""
    )
    study = load_study(write(tmp_path, "levels", text))
    assert study.arm is None
    assert len(study.points) == sum(len(part.rows) for part in study.parts)
    small = replace(
        study, parts=study.parts[-1:], points=study.points[-len(study.parts[-1].rows) :]
    )
    with opened(None) as store:
        table = findings(small, run_points(small.points, store), store).tornado
    assert table["base"].gt(0).all()
    assert not table["outcome_title"].str.startswith("effect").any()
