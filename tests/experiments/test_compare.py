"""Comparisons against what can be worked out by hand, and the folder that the command writes."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from model.experiments.compare import (
    compare,
    effects,
    holm,
    is_narrow,
    no_effect,
    paired_units,
)
from model.experiments.crossed import factor_effects
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.intervals import interval_of_mean, interval_of_ratio
from model.experiments.points.store import Store
from model.experiments.ranking import ranking, regret
from model.records.records import simulate
from model.report import comparison_figures
from model.wording.sentences import also, verdict
from run import door
from tests.experiments.small import DRAWN, EXPERIMENT, FACTORIAL, FLOORS, draws_file, write


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return load_experiment(write(tmp_path_factory.mktemp("e"), "e", EXPERIMENT))


def frame(arms: dict[str, tuple[list[float], list[float], float]], draws: int = 1) -> pd.DataFrame:
    """Outcomes as measured: product, gini and money by arm; replicates spread over draws."""
    rows = []
    for arm, (product, gini, money) in arms.items():
        for number, (p, g) in enumerate(zip(product, gini, strict=True)):
            draw, replicate = number % draws, number // draws
            rows.append((arm, draw, replicate, p, g, money))
    columns = ["arm", "draw", "replicate", "product", "gini", "public_money"]
    return pd.DataFrame(rows, columns=columns)


LUCK = np.array([0.4, 0.9, 0.1, 0.6, 0.3, 0.8, 0.2, 0.5])
NOISE = np.array([0.01, -0.01, 0.02, 0.0, -0.02, 0.01, 0.0, -0.01])
SAID = frame(
    {
        "none": (list(LUCK), list(1 - LUCK), 0.0),
        "club": (list(LUCK + 0.1 + NOISE), list(1 - LUCK), 500.0),
        "rich": (list(LUCK + 0.3), list(0.9 - LUCK), 2000.0),
    }
)


def test_effects_by_hand(experiment: Experiment):
    table = effects(experiment, SAID).set_index(["outcome", "arm"])
    club = table.loc[("product", "club")]
    assert club["effect"] == pytest.approx(0.1)
    assert (club["low"], club["high"]) == pytest.approx(interval_of_mean(0.1 + NOISE)[1:])
    assert club["replicates"] == 8
    assert club["positive"] == 1.0
    assert club["variance_removed"] == pytest.approx(
        1 - NOISE.var(ddof=1) / ((LUCK + NOISE).var(ddof=1) + LUCK.var(ddof=1))
    )
    assert (club["public_cost"], club["extra_cost"]) == (500.0, 500.0)
    assert club["per_money"] == pytest.approx(0.2)  # per 1,000 units of account
    assert club["per_money_low"] == pytest.approx(2 * club["low"])
    assert table.loc[("gini", "club"), "effect"] == 0.0
    assert table.loc[("gini", "club"), "p"] == 1.0
    assert table.loc[("gini", "rich"), "per_money"] == pytest.approx(-0.05)


def test_what_matters_and_what_all_rows_together_allow_is_in_the_table(tmp_path: Path):
    """Four rows: p of product 2 / 2^8 each, of gini 1 (nothing) and 2 / 2^8 (all the same way)."""
    text = EXPERIMENT.replace('measure = "product"', 'measure = "product"\nmatters = 0.05')
    table = effects(load_experiment(write(tmp_path, "e", text)), SAID)
    assert table["matters"].tolist() == pytest.approx([0.05, 0.05, np.nan, np.nan], nan_ok=True)
    rare = 2 / 2**8
    assert table["p"].tolist() == pytest.approx([rare, rare, 1.0, rare])
    assert table["p_holm"].tolist() == pytest.approx([4 * rare, 4 * rare, 1.0, 4 * rare])


def test_money_is_what_an_arm_costs_more_than_the_other(experiment: Experiment):
    """0.1 more for 500 - 200: a third of a point per 1,000. What costs less has no such ratio."""
    same = list(1 - LUCK)
    said = frame(
        {
            "none": (list(LUCK), same, 200.0),
            "club": (list(LUCK + 0.1), same, 500.0),
            "rich": (list(LUCK + 0.1), same, 100.0),
        }
    )
    table = effects(experiment, said).set_index(["outcome", "arm"])
    club, rich = table.loc[("product", "club")], table.loc[("product", "rich")]
    assert (club["public_cost"], club["extra_cost"]) == (500.0, 300.0)
    assert club["per_money"] == pytest.approx(0.1 / 0.3)
    assert (rich["public_cost"], rich["extra_cost"]) == (100.0, -100.0)
    assert np.isnan(rich["per_money"])
    other = effects(experiment, said, against="club").set_index(["outcome", "arm"])
    assert other.loc[("product", "none"), "effect"] == pytest.approx(-0.1)
    assert other.loc[("product", "none"), "extra_cost"] == -300.0
    assert set(other["against"]) == {"club"}
    assert "club" not in other.index.get_level_values("arm")


def test_an_effect_is_narrow_when_no_interval_is_wider_than_the_file_asks(tmp_path: Path):
    """To the last digit, in every outcome of the file and every arm; what is unknown is not narrow."""
    wide = [0.2, -0.1, 0.1, -0.2, 0.0, 0.1, -0.1, 0.0]
    said = frame(
        {
            "none": (list(LUCK), list(LUCK), 0.0),
            "club": (list(LUCK + NOISE), list(LUCK + wide), 0.0),
            "rich": (list(LUCK + 2 * NOISE), list(LUCK + NOISE), 0.0),
        }
    )

    def narrow(table: pd.DataFrame, **half_width: float) -> bool:
        asked = "".join(f"{name} = {width!r}\n" for name, width in half_width.items())
        path = write(tmp_path, "e", f"{EXPERIMENT}\n[precision.half_width]\n{asked}")
        return is_narrow(load_experiment(path), table)

    def half(differences: object) -> float:
        _, low, high = interval_of_mean(differences)
        return float((high - low) / 2)

    by_arm = said.pivot(index="replicate", columns="arm")
    apart = {name: by_arm[name].sub(by_arm[name]["none"], axis=0) for name in ("product", "gini")}
    product, gini = (
        half(apart["product"]["rich"].to_numpy()),
        half(apart["gini"]["club"].to_numpy()),
    )
    assert narrow(said, product=product, gini=gini)
    assert not narrow(said, product=product * 0.99, gini=gini)
    assert not narrow(said, product=product, gini=gini * 0.99)
    unknown = said.copy()
    unknown.loc[unknown["arm"].eq("rich") & unknown["replicate"].gt(0), "product"] = np.nan
    assert not narrow(unknown, product=100.0)


def test_from_python_a_comparison_is_of_the_runs_that_were_asked_for(tmp_path: Path):
    """Its means are those of the same scenarios simulated alone, and finished points are kept."""
    path, store = write(tmp_path, "e", EXPERIMENT), tmp_path / "points"
    table = compare(path, replicates=3, seed=7, store=store)
    country = simulate(load_experiment(path).scenarios, 3, seed=7).country
    last = country[country["tick"] == country["tick"].max()].groupby("scenario")["product"].mean()
    mine = table[table["outcome"] == "product"].set_index("arm")
    assert mine["mean"].to_dict() == pytest.approx(last.drop("none").to_dict())
    assert mine["mean_against"].tolist() == pytest.approx([last["none"]] * 2)
    assert mine["replicates"].tolist() == [3, 3]
    with Store(store) as kept:
        assert len(kept.known()) == 3
    assert not table["effect"].equals(compare(path, replicates=3, seed=8)["effect"])
    precise = (
        f"{EXPERIMENT}\n[precision]\nbatch = 4\nmost = 8\n[precision.half_width]\nproduct = 9.0\n"
    )
    narrow = compare(write(tmp_path, "p", precise))
    assert set(narrow["replicates"]) == {4}
    for wrong, kind in ((0, ValueError), (1.5, TypeError)):
        with pytest.raises(kind, match=f"replicates = {wrong}: give a whole number from 1"):
            compare(path, replicates=wrong)
        with pytest.raises(kind, match=f"workers = {wrong}: give a whole number from 1"):
            compare(path, workers=wrong)
    with pytest.raises(ValueError, match="seed = -1: give a whole number from 0"):
        compare(path, seed=-1)


def test_columns_stand_in_the_order_that_is_documented(experiment: Experiment):
    told = effects.__doc__.split("Columns:")[1]
    table = effects(experiment, SAID)
    places = [re.search(rf"\b{name}\b", told).start() for name in table.columns]
    assert places == sorted(places)


def test_the_sign_flip_test_is_exact_for_few_pairs():
    """All eight differences point one way: of 2^8 signs only two are as extreme."""
    assert no_effect(LUCK) == pytest.approx(2 / 2**8)
    assert no_effect(np.ones(8)) == pytest.approx(2 / 2**8)
    assert no_effect(np.array([0.0, *[1.0] * 7])) == pytest.approx(2 / 2**7)  # 0 has no sign
    assert no_effect(np.array([1.0, 2.0])) == 2 / 2**2
    assert no_effect(np.zeros(8)) == 1.0
    assert no_effect(np.array([1.0, -1.0, 1.0, -1.0])) == 1.0
    assert np.isnan(no_effect(np.array([1.0])))


def test_of_many_pairs_signs_are_drawn_the_same_each_time():
    """2^16 combinations are too many to try; what is drawn of them is near Student's p, and no other."""
    for seed in range(4):
        pairs = np.random.default_rng(seed).normal(0.2, 1.0, 16)
        p = no_effect(pairs)
        assert no_effect(pairs) == p
        assert p == pytest.approx(ttest_1samp(pairs, 0.0).pvalue, abs=0.03)


def test_holm_by_hand():
    """Holm (1979): the smallest p times 4, the next times 3, and never less than the one before."""
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.005])
    assert holm(p) == pytest.approx([0.03, 0.06, np.nan, 0.06, 0.02], nan_ok=True)
    assert np.isnan(holm(np.array([np.nan]))).all()


def test_false_alarms_are_rare_after_adjustment():
    """20 comparisons of nothing: mostly one of them has p below 5%; adjusted, in 5% of tables."""
    tables = np.random.default_rng(4).random((24, 20))
    raw = (tables < 0.05).any(axis=1).mean()
    adjusted = np.mean([(holm(p) < 0.05).any() for p in tables])
    assert raw == pytest.approx(1 - 0.95**20, abs=0.25)
    assert adjusted < 0.2


def test_no_money_no_ratio():
    assert np.isnan(interval_of_ratio(LUCK, np.zeros(8))).all()
    assert np.isnan(interval_of_ratio(LUCK, -LUCK)).all()


def test_unknown_values_leave_their_pair_out(experiment: Experiment):
    said = SAID.copy()
    said.loc[said["arm"].eq("club") & said["replicate"].eq(1), "product"] = np.nan
    row = effects(experiment, said).set_index(["outcome", "arm"]).loc[("product", "club")]
    assert (row["replicates"], row["missing"]) == (7, 1)
    assert row["effect"] == pytest.approx(0.1 + np.delete(NOISE, 1).mean())


def test_an_arm_that_has_no_value_is_unknown_not_without_effect(experiment: Experiment):
    said = SAID.copy()
    said.loc[said["arm"].eq("club"), "product"] = np.nan
    table = effects(experiment, said)
    row = table.set_index(["outcome", "arm"]).loc[("product", "club")]
    assert (row["replicates"], row["missing"]) == (0, 8)
    assert np.isnan(row[["effect", "low", "high", "p", "positive"]].to_numpy(float)).all()
    ranked = ranking(experiment, said).set_index(["outcome", "arm"])
    assert ranked.loc["product", ["mean", "best_mean", "best"]].isna().all(axis=None)
    assert ranked.loc["product", "missing"].tolist() == [8, 8, 8]
    assert ranked.loc["gini", "cases"].tolist() == [8, 8, 8]
    told = " ".join(also(table, "club", "gini"))
    assert "no clear effect" not in told
    assert "not known: no pair has a value in both" in told
    assert "Nothing is known of “A club”" in verdict(table, "product")
    said["product"] = np.nan
    assert verdict(effects(experiment, said), "product").startswith("Nothing is known of")


def test_a_draw_with_a_missing_replicate_is_missing(experiment: Experiment):
    """Its mean over other replicates than those of the other arm would be no pair."""
    said = frame({arm: (list(LUCK), list(LUCK), 0.0) for arm in ("none", "club", "rich")}, draws=4)
    said.loc[said["arm"].eq("club") & said["draw"].eq(1) & said["replicate"].eq(0), "product"] = (
        np.nan
    )
    row = effects(experiment, said).set_index(["outcome", "arm"]).loc[("product", "club")]
    assert (row["replicates"], row["missing"], row["effect"]) == (3, 1, 0.0)


def test_a_figure_that_fails_costs_only_itself(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object, **__: object) -> None:
        raise ValueError("no room for the axis")

    monkeypatch.setattr(comparison_figures, "who_gains", fails)
    path, out = str(write(tmp_path, "e", EXPERIMENT)), tmp_path / "out"
    assert door(["compare", path, "--out", str(out), "--replicates", "2"]) == 0
    assert "who_gains could not be drawn" in capsys.readouterr().out
    for name in ("gains.csv", "effects.csv", "policy_effects.svg", "report.html", "ledger.parquet"):
        assert (out / name).exists(), name
    assert not (out / "who_gains.svg").exists()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["not_drawn"] == {"who_gains": "ValueError: no room for the axis"}


def test_columns_of_text_are_no_numbers_to_average():
    units = paired_units(SAID.assign(title="words"))
    assert list(units.columns) == ["product", "gini", "public_money"]
    assert units.loc["club", "product"].tolist() == pytest.approx(list(LUCK + 0.1 + NOISE))


def test_draws_are_what_is_paired(experiment: Experiment):
    said = frame({"none": (list(LUCK), list(LUCK), 0.0), "club": (list(LUCK + NOISE), list(LUCK), 0.0),
                  "rich": (list(LUCK), list(LUCK), 0.0)}, draws=4)  # fmt: skip
    row = effects(experiment, said).set_index(["outcome", "arm"]).loc[("product", "club")]
    by_draw = NOISE.reshape(2, 4).mean(axis=0)
    assert row["replicates"] == 4
    assert row["positive"] == (by_draw > 0).mean()
    assert (row["low"], row["high"]) == pytest.approx(interval_of_mean(by_draw)[1:])


def test_ranking_by_hand(experiment: Experiment):
    table = ranking(experiment, SAID).set_index(["outcome", "arm"])
    assert table.loc["product", "best_mean"].to_dict() == {"none": 0.0, "club": 0.0, "rich": 1.0}
    assert table.loc["gini", "best"].to_dict() == {
        "none": 0.0,
        "club": 0.0,
        "rich": 1.0,
    }  # lower is better
    assert table.loc[("gini", "rich"), "mean"] == pytest.approx((0.9 - LUCK).mean())
    turn = [1.0, 0.0] * 4
    even = frame(
        {"none": (turn, turn, 0.0), "club": (turn[::-1], turn, 0.0), "rich": ([0.0] * 8, turn, 0.0)}
    )
    table = ranking(experiment, even).set_index(["outcome", "arm"])
    assert table.loc["product", "best"].to_dict() == {"none": 0.5, "club": 0.5, "rich": 0.0}
    assert table.loc[("product", "none"), "best_mean"] == pytest.approx(0.5, abs=0.05)
    assert table.loc["gini", "best"].to_list() == pytest.approx([1 / 3] * 3)  # ties are shared
    for outcome in ("product", "gini"):
        assert table.loc[outcome, "best_mean"].sum() == pytest.approx(1.0)


def test_regret_by_hand(experiment: Experiment):
    drawn = SimpleNamespace(
        spec=experiment.spec,
        scenarios=experiment.scenarios,
        draws=(1, 2),
        title_of=experiment.title_of,
    )
    said = frame({"none": ([1.0, 5.0], [1.0, 5.0], 0.0), "club": ([3.0, 2.0], [3.0, 2.0], 0.0),
                  "rich": ([2.0, 4.0], [2.0, 4.0], 0.0)}, draws=2)  # fmt: skip
    table = regret(drawn, said).set_index(["outcome", "arm"])  # type: ignore[arg-type]
    assert table.loc["product", "mean"].to_dict() == {"none": 1.0, "club": 1.5, "rich": 1.0}
    assert table.loc["product", "most"].to_dict() == {"none": 2.0, "club": 3.0, "rich": 1.0}
    assert table.loc["gini", "most"].to_dict() == {"none": 3.0, "club": 2.0, "rich": 2.0}
    with pytest.raises(ValueError, match="has none"):
        regret(experiment, said)


def test_factor_effects_by_hand(tmp_path: Path):
    """Outcome = 1 for open + 0.1 a unit of budget + 0.5 for open and 9 together."""
    crossed = load_experiment(write(tmp_path, "f", FACTORIAL))
    rows = [
        (
            arm,
            0,
            r,
            LUCK[r] + 1.0 * ("open" in arm) + 0.1 * float(arm[-1]) + 0.5 * (arm == "open__9"),
            0.0,
        )
        for arm in crossed.scenarios
        for r in range(8)
    ]
    said = pd.DataFrame(rows, columns=["arm", "draw", "replicate", "product", "public_money"])
    table = factor_effects(crossed, said)
    found = {(row.kind, row.level, row.with_level): row.effect for row in table.itertuples()}
    assert found == pytest.approx(
        {
            ("main", "open to all", ""): 1.0 + 0.5 / 3,
            ("main", "3", ""): 0.3,
            ("main", "9", ""): 0.9 + 0.5 / 2,
            ("interaction", "open to all", "3"): 0.0,
            ("interaction", "open to all", "9"): 0.5,
        }
    )
    assert table["p_holm"].ge(table["p"]).all()


def test_the_command_keeps_compares_and_resumes(tmp_path: Path, capsys):
    path, out = str(write(tmp_path, "e", EXPERIMENT)), tmp_path / "out"
    asked = ["compare", path, "--out", str(out), "--json", "--quiet", "--replicates", "12"]
    assert door(asked) == 0
    said = capsys.readouterr().out
    assert "Which alternative is best" in said
    assert json.loads(said.splitlines()[-1])["runs"] == 36
    records = simulate(load_experiment(path).scenarios, 12)
    for name in ("series", "firms", "ledger"):
        pd.testing.assert_frame_equal(
            pd.read_parquet(out / f"{name}.parquet"), getattr(records, name)
        )
    outcomes = pd.read_parquet(out / "outcomes.parquet").set_index(["arm", "replicate"])
    last = records.country[records.country["tick"] == records.country["tick"].max()]
    assert outcomes["gini"].tolist() == last["gini"].tolist()
    spent = records.country.groupby(["scenario", "replicate"], sort=False)["public_cost"].sum()
    assert outcomes["public_money"].tolist() == pytest.approx(spent.tolist())
    table = pd.read_csv(out / "effects.csv")
    assert len(table) == 2 * 2
    gains = pd.read_csv(out / "gains.csv")
    assert set(gains["third"]) == {"low", "middle", "high"}
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["replicates"] == list(range(12))
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    assert door(asked) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["resumed"] == 6
    after = {file.name: file.read_bytes() for file in out.iterdir()}
    assert after == before
    one = ["explain", str(out), "--firm", "3", "--scenario", "club", "--replicate", "11", "--quiet"]
    assert door([*one, "--out", str(tmp_path / "told")]) == 0
    shards = [*asked[:2], "--replicates", "12", "--out", str(tmp_path / "merged"), "--quiet"]
    assert door([*shards, "--shard", "1/2"]) == door([*shards, "--shard", "2/2"]) == 0
    assert door(["merge", *shards[1:]]) == 0
    for name in ("effects.csv", "ledger.parquet", "outcomes.parquet"):
        assert (tmp_path / "merged" / name).read_bytes() == before[name], name


def test_a_comparison_over_draws_tells_regret(tmp_path: Path, capsys):
    draws_file(tmp_path, **FLOORS)
    path, out = str(write(tmp_path, "e", DRAWN)), tmp_path / "out"
    assert door(["compare", path, "--out", str(out), "--quiet", "--replicates", "2"]) == 0
    assert set(pd.read_csv(out / "regret.csv")["draws"]) == {3}
    assert pd.read_csv(out / "effects.csv")["replicates"].tolist() == [3] * 4
    assert not (out / "ledger.parquet").exists()
    assert len(pd.read_parquet(out / "outcomes.parquet")) == 3 * 3 * 2


def test_what_comes_next_decides_so_precision_has_no_shards(tmp_path: Path, capsys):
    text = EXPERIMENT + "\n[precision.half_width]\nproduct = 0.1\n"
    path = str(write(tmp_path, "e", text))
    assert door(["compare", path, "--shard", "1/2", "--out", str(tmp_path / "out")]) == 2
    assert (
        "--shard = 1/2: what to run next is known only when a batch is done"
        in capsys.readouterr().err
    )
