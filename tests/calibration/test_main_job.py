"""The main job on few clusters and replicates: one page, equal money, and no ceiling in the shipped file."""

import json
import re
import shutil

import pandas as pd
import pytest

from calibration.commands import clusters_and_designs, main_job
from calibration.commands.clusters_and_designs import case_scenarios, simulate_clusters
from calibration.commands.designs_by_cluster import placed
from calibration.posterior.shipped_posterior import shipped_posterior
from model.experiments.equal_money import budget_of
from model.experiments.experiment import load_experiment
from model.report.style import language_of
from model.report.webpage.report_file import brief, report
from model.scenario import Scenario
from run import ROOT, door
from tests.calibration.small_main_job import FEW, run_small_main_job
from tests.report.english_left import left_in_english
from tests.report.listening import untranslated
from tests.report.test_webpage import Seen


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    return run_small_main_job(tmp_path_factory.mktemp("main") / "out")


def test_every_table_and_figure_is_there(made):
    tables = (
        "clusters",
        "collective_efficiency",
        "effects",
        "doubt",
        "ranking",
        "regret",
        "gains",
        "communities",
        "money",
    )
    assert [name for name in tables if not (made / f"{name}.csv").exists()] == []
    assert len(list(made.glob("*.png"))) == 8
    text = (made / "report.html").read_text(encoding="utf-8")
    assert "from the weakest to the foremost" in text
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["clusters"]["scenarios"]) == {case.case for case in FEW}
    assert len(pd.read_parquet(made / "series.parquet")["scenario"].unique()) == 6


def test_designs_cost_the_public_the_same(made):
    money = pd.read_csv(made / "money.csv").set_index("arm")
    assert money.loc["none", "public_cost"] == 0
    paid = money["public_cost"].drop("none")
    assert paid.max() / paid.min() < 1.1
    assert money["of_value_added"].max() < 0.002  # a budget that a government could have


def test_nothing_is_near_a_ceiling(made):
    effects = pd.read_csv(made / "effects.csv")
    scores = effects[effects["unit"].str.startswith("score")]
    shares = effects[effects["unit"].str.startswith("share")]
    assert scores["mean"].max() < 2.0
    assert shares["mean"].max() < 0.6
    assert effects["matters"].notna().all()


def test_clusters_a_few_at_a_time_are_the_clusters_together(monkeypatch):
    short = {
        name: s.model_copy(update={"run": s.run.model_copy(update={"ticks": 8})})
        for name, s in case_scenarios(FEW).items()
    }
    monkeypatch.setattr(clusters_and_designs, "case_scenarios", lambda cases: dict(short))
    sample = shipped_posterior(2)
    together = simulate_clusters(FEW, sample)
    monkeypatch.setattr(clusters_and_designs, "_AT_ONCE", 1)
    apart = simulate_clusters(FEW, sample)
    pd.testing.assert_frame_equal(together.series, apart.series)
    assert sorted(together.series["tick"].unique()) == [3, 7]
    assert together.manifest["runs"] == 2 * len(FEW)
    by_draw = together.series.groupby("replicate")["process"].mean()
    assert by_draw[0] != by_draw[1], "a draw of its own"


def test_no_headline_is_at_the_defaults(made):
    text = (made / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["calibrated"] is True
    assert set(manifest["policy"]) >= {"effect", "low", "high", "positive", "draws", "cost"}
    assert "documented defaults" not in text
    assert "uncalibrated" not in text


def test_luck_and_doubt_make_up_the_spread(made):
    doubt = pd.read_csv(made / "doubt.csv")
    known = doubt.dropna(subset="numbers")
    assert len(known) > 0
    assert (known["numbers"] + known["chance"]).tolist() == pytest.approx([1.0] * len(known))
    assert set(doubt["draws"]) == {3}
    effects = pd.read_csv(made / "effects.csv").set_index(["outcome", "arm"])
    for row in doubt.to_dict("records"):
        assert effects.loc[(row["outcome"], row["arm"]), "low"] == pytest.approx(row["low"])


def test_designs_in_clusters_leave_what_is_there_and_cost_the_same_a_firm():
    experiment = load_experiment(ROOT / main_job.EXPERIMENT)
    cluster = next(iter(case_scenarios(FEW).values()))
    (home,) = cluster.communities
    for arm, design in experiment.scenarios.items():
        world = placed(design, cluster)
        Scenario.model_validate(world.model_dump())  # references hold
        added = set(world.institutions) - set(cluster.institutions)
        assert len(added) == len(design.institutions), arm
        assert all(world.institutions[name].home == home for name in added)
        firms = [sum(p.places for p in w.communities.values()) for w in (design, cluster)]
        a_firm = (
            budget_of(design) / firms[0],
            sum(world.institutions[n].budget for n in added) / firms[1],
        )
        assert a_firm[0] == pytest.approx(a_firm[1])


def test_every_scored_cluster_has_a_best_design(made):
    found = pd.read_csv(made / "by_cluster.csv")
    assert found.groupby("case")["best"].sum().tolist() == pytest.approx(
        [1.0] * found["case"].nunique()
    )
    assert (found["regret"] >= 0).all()
    assert (found.loc[found["arm"] == "none", "effect"] == 0).all()


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "La institución puente, incluyente"), ("pt", "A instituição-ponte, inclusiva")],
)
def test_its_page_and_figures_speak_other_languages(made, tmp_path, monkeypatch, language, said):
    out = tmp_path / "out"
    shutil.copytree(made, out)
    missing = untranslated(monkeypatch, language)
    text = Seen(report(out, language).read_text(encoding="utf-8")).text
    assert missing == []
    assert said in text
    assert "Santa Catarina, tiles" in text
    whole = text.partition("title =")[0]  # scenarios in full stay as the files have them
    for english in (
        "replicate",
        "institution",
        "upgrading (firms",
        "Valley",
        "Traditional",
        "the ",
    ):
        assert english not in whole, english
    for svg in out.glob("*.svg"):
        assert language_of(svg) == language
        drawn = svg.read_text(encoding="utf-8")
        assert not re.search(
            "replicate|random numbers|years|score 0-3|Valley|Traditional", drawn
        ), svg
    clusters = " ".join(pd.read_csv(out / "clusters.csv")["title"]).lower()
    for file in (out / "report.html", brief(out, language=language), *out.glob("*.svg")):
        left = left_in_english(file, language)
        assert [text for text in left if text not in clusters] == [], file.name


def test_the_command_takes_a_language(tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(
        "calibration.commands.main_job.main_job", lambda *a: asked.update(given=a) or {}
    )
    assert door(["--lang", "pt", "--out", str(tmp_path / "out")]) == 0
    assert asked["given"][-1] == "pt"
