"""Virtual trials: lots, treatments, planted truths, a world without effect, the store, the command."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from model.experiments.points.store import Store
from model.experiments.question_files import check_file, json_schema
from model.experiments.trials.assignment import all_in, assign, eligible
from model.experiments.trials.judgement import ALPHA, as_published, judge, trial_facts
from model.experiments.trials.replay import ESTIMATE, HOURS, MONEY, SPILLOVER, TRUE, P, replay
from model.experiments.trials.trial_file import Published, load_trials
from model.experiments.trials.virtual_trials import batches_of, results_of, run_batches
from model.scenario.faults import InputError
from model.theory.practices import PER_RUNG, PRACTICES
from model.theory.road import HIGH, LOW
from model.world.build import build
from run import ROOT, door
from tests.experiments.planted_trials import PUBLISHED, STILL, outcome, trial, written

SHIPPED = sorted((ROOT / "scenarios" / "trials").glob("*.toml"))


def refused(path) -> list[str]:
    with pytest.raises(InputError) as error:
        check_file(path)
    return str(error.value).splitlines()


def test_the_seven_studies_ship_and_say_what_they_know():
    trials = {name: several[0] for name, several in load_trials(SHIPPED).items()}
    assert len(trials) == 7
    assert sum(bool(each.used_to_set) for each in trials.values()) <= 3
    rows = pd.read_csv(ROOT / "scenarios" / "trials" / "provenance.csv").set_index("key")
    for each in trials.values():
        assert each.readings
        for made in each.outcomes.values():
            for key in made.published.key.split():
                said = rows.loc[key]
                assert made.published.provenance in (said["seen_or_recalled"], "SEEN_SIGN")
                assert made.published.confidence <= said["confidence"]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"headline": "profit"}, "headline = \"profit\": there is no outcome 'profit'"),
        ({"control": "none"}, "control = \"none\": there is no arm 'none'"),
        ({"arms": {"visited": {"order": "buyr"}}}, "did you mean buyer?"),
        ({"arms": {"visited": {"instruments": ["plan"]}}}, "there is no instrument 'plan'"),
        ({"arms": {"visited": {"communities": ["her"]}}}, "did you mean here?"),
        ({"arms": {"visited": {"doses": {"stff": {"hours": 1, "quarters": 1}}}}}, "did you mean staff?"),
        (
            {"arms": {"nothing": {"doses": {"staff": {"hours": 1, "quarters": 1}}}}},
            "differs from the dose of the same institution in arm nothing",
        ),
        (outcome(measure="dropped"), "need two quarters"),
        (outcome(measure="pupils"), "needs an arm that teaches a practice"),
        (outcome(scale="log", exits="zero"), "has no logarithm of zero"),
        (outcome(published={"low": 1.0}), "knows no number, but low is given"),
        (outcome(published={"low": 2.0, "high": 1.0, "provenance": "SEEN"}), "must be at least low"),
        (outcome(estimator="ols"), "must be one of"),
        ({"sweep": {"arms.visited.doses.staff.hous": [1.0]}}, "did you mean hours?"),
    ],
)  # fmt: skip
def test_every_fault_is_one_line(tmp_path, own, said):
    (line,) = refused(written(tmp_path, own))
    assert said in line


def test_the_schema_is_printed_and_check_knows_the_kind(tmp_path):
    assert {"pool", "arms", "outcomes"} <= json_schema("trial")["properties"].keys()
    assert check_file(written(tmp_path)).kind == "trial"


def start(made, replicate=0):
    """The world of a trial at the beginning of its first replicate."""
    world = build([made.world], [replicate])
    return world, world.slice(0), world.names[0]


def test_lots_fill_arms_of_the_sizes_asked_and_are_the_same_again(tmp_path):
    made = trial(tmp_path)
    _, view, names = start(made)
    one, two = (assign(made, view, names, 3) for _ in range(2))
    assert [(one.arm == number).sum() for number in (0, 1)] == [24, 24]
    assert len(set(one.rows.tolist())) == 48
    assert (one.rows == two.rows).all()
    assert (one.arm == two.arm).all()
    _, other, names = start(made, 1)
    assert (assign(made, other, names, 3).arm != one.arm).any()


def test_where_firms_are_too_few_all_arms_shrink_alike(tmp_path):
    made = trial(tmp_path, {"arms": {"nothing": {"firms": 80}, "visited": {"firms": 40}}})
    _, view, names = start(made)
    given = assign(made, view, names, 3)
    assert [(given.arm == number).sum() for number in (0, 1)] == [40, 20]


def test_lots_by_community_split_each_community_alike(tmp_path):
    two = {"communities": {"here": {"firms": 30}, "there": {"sector": "trade", "firms": 30}}}
    made = trial(tmp_path, {"world": two, "pool": {"by_community": True}})
    _, view, names = start(made)
    given = assign(made, view, names, 3)
    for community in (0, 1):
        arms = given.arm[view.firms.community[given.rows] == community]
        assert abs((arms == 0).sum() - (arms == 1).sum()) <= 1


def test_the_ablest_are_chosen_and_those_who_want_to_learn_come_first(tmp_path):
    made = trial(tmp_path, pool={"assigned": "chosen"})
    _, view, names = start(made)
    given = assign(made, view, names, 3)
    able = np.bitwise_count(view.firms.mastered[:, :2]).sum(axis=1)[given.rows]
    assert able[given.arm == 1].min() >= able[given.arm == 0].max()
    made = trial(tmp_path, pool={"assigned": "self_selected"})
    view.firms.road = np.where(np.arange(60) % 2, HIGH, LOW)
    given = assign(made, view, names, 3)
    assert (view.firms.road[given.rows[given.arm == 1]] == HIGH).all()


def test_who_declines(tmp_path):
    half = {"arms": {"visited": {"take_up": 0.5, "takers": "self_selected"}}}
    made = trial(tmp_path, half)
    _, view, names = start(made)
    view.firms.road = np.where(np.arange(60) % 2, HIGH, LOW)
    given = assign(made, view, names, 3)
    takers = given.rows[given.takes & (given.arm == 1)]
    assert len(takers) == 12
    likely = view.firms.road[given.rows[given.arm == 1]] == HIGH
    assert (view.firms.road[takers] == HIGH).sum() == min(12, likely.sum())
    everybody = all_in(made, given, 1, view, 3)
    assert everybody.takes.sum() == 24
    assert (everybody.arm == 1).all()


def test_the_pool_asks_firms_of_the_size_and_capability_that_it_says(tmp_path):
    made = trial(tmp_path, pool={"smallest": 10, "largest": 30, "least_capability": 0.1})
    _, view, names = start(made)
    asked = view.firms[eligible(made.pool, view, names)]
    assert 0 < len(asked) < 60
    assert asked.workers.min() >= 10
    assert asked.workers.max() <= 30
    made = trial(tmp_path, pool={"exporters": "only"})
    assert not eligible(made.pool, view, names).any()
    view.firms.contract[7, 0] = 0
    assert np.flatnonzero(eligible(made.pool, view, names)).tolist() == [7]


TAUGHT = {
    "world": {"neutral": STILL},
    "arms": {"visited": {"doses": {}, "teaches": {"dimension": "product", "practices": 5}}},
}
"""Nobody learns but those who are taught five practices at once."""


def test_planted_truth_practices_that_are_taught_are_the_effect(tmp_path):
    made = trial(tmp_path, TAUGHT, outcome(estimator="difference_in_differences"))
    done = replay(made, made.world, range(6))
    assert done.found[:, 0, ESTIMATE] == pytest.approx(5 / PRACTICES)
    assert done.found[:, 0, TRUE] == pytest.approx(5 / PRACTICES)
    assert done.found[:, 0, SPILLOVER] == pytest.approx(0.0)
    assert (done.found[:, 0, P] < ALPHA).all()


def test_nobody_masters_a_practice_before_it_is_taught(tmp_path):
    spread = {"measure": "spread", "arm": "nothing", "estimator": "mean", "waves": [2]}
    made = trial(tmp_path, TAUGHT, {"outcomes": {"spread": spread | {"published": PUBLISHED}}})
    done = replay(made, made.world, range(3))
    assert (done.found[:, 1, ESTIMATE] == 0).all()
    learning = {"world": {"neutral": ["renewal"], "communities": {"here": {"trust": 1.0}}}}
    made = trial(
        tmp_path, TAUGHT, learning, {"outcomes": {"spread": spread | {"waves": [8], "published": PUBLISHED}}},
        world={"communities": {"here": {"trust": 1.0}}},
    )  # fmt: skip
    done = replay(made, made.world, range(6))
    assert done.found[:, 1, ESTIMATE].max() > 0
    assert PER_RUNG >= 5


def test_negative_control_a_dose_without_lessons_is_significant_one_time_in_twenty(tmp_path):
    made = trial(tmp_path, {"world": {"neutral": ["services"]}})
    done = replay(made, made.world, range(160))
    false = (done.found[:, 0, P] < ALPHA).mean()
    assert false < 0.12  # 5% and four standard errors
    assert abs(np.mean(done.found[:, 0, ESTIMATE])) < 0.005
    assert np.abs(done.found[:, 0, TRUE]).max() < 0.02  # who was served still differs in pressure


def test_a_dose_with_lessons_raises_practices_and_costs_what_it_says(tmp_path):
    made = trial(tmp_path)
    done = replay(made, made.world, range(16))
    for column in (ESTIMATE, TRUE):
        values = done.found[:, 0, column]
        assert values.mean() > 4 * values.std(ddof=1) / np.sqrt(len(values))
    hours, money = done.cost[:, 1, HOURS].mean(), done.cost[:, 1, MONEY].mean()
    assert hours == pytest.approx(64, rel=0.1)
    assert money == pytest.approx(hours * 0.03)
    assert (done.cost[:, 0, HOURS] == 0).all()


def test_an_order_goes_to_takers_only(tmp_path):
    layer = {
        "world": {"communities": {"here": {"market_access": 0.0}}},
        "arms": {"visited": {"doses": {}, "order": "buyer"}},
    }
    made = trial(
        tmp_path, layer, outcome(measure="exporting", estimator="difference", waves=[1])
    )  # fmt: skip
    done = replay(made, made.world, range(4))
    assert done.found[:, 0, ESTIMATE] == pytest.approx(1.0, abs=0.2)
    assert done.found[:, 0, SPILLOVER] == pytest.approx(0.0)


def test_what_was_published_decides_nothing_and_finished_batches_stay(tmp_path):
    made = trial(tmp_path)
    loud = trial(tmp_path, outcome(published={"sign": "-"}), title="Another")
    batches, same = batches_of(made, (), 12), batches_of(loud, (), 12)
    assert [b.key for b in batches] == [b.key for b in same]
    assert [(b.first, b.count) for b in batches] == [(0, 8), (8, 4)]
    assert batches_of(trial(tmp_path, pool={"quarter": 5}), (), 12)[0].key != batches[0].key
    with Store(tmp_path / "s.sqlite") as store:
        assert run_batches(batches[:1], store) == 0
        assert run_batches(batches, store, workers=2) == 1
        done = results_of(batches, store)
    whole = replay(made, made.world, range(12))
    assert done.found.shape == (12, 1, 4)
    np.testing.assert_array_equal(done.found, whole.found)
    np.testing.assert_array_equal(done.cost, whole.cost)


def test_signs_and_significance_as_published():
    up = Published(sign="+", significant=True, provenance="SEEN_SIGN", confidence=1)
    estimates, p = np.array([1.0, 1.0, -1.0, 1.0]), np.array([0.01, 0.5, 0.01, 0.01])
    assert as_published(up, estimates, p) == (0.75, 0.5)
    quiet = Published(sign="+", significant=False, provenance="SEEN_SIGN", confidence=1)
    assert as_published(quiet, estimates, p) == (0.75, 0.25)
    none = Published(sign="0", provenance="SEEN_SIGN", confidence=1)
    assert as_published(none, estimates, p)[0] == 0.25


def test_a_published_effect_is_inside_where_the_distribution_is(tmp_path):
    number = {"provenance": "SEEN", "sign": "+", "confidence": 1.0}
    for low, inside in ((5 / PRACTICES - 0.001, True), (0.3, False)):
        made = trial(
            tmp_path, TAUGHT,
            outcome(
                estimator="difference_in_differences",
                published=number | {"low": low, "high": low + 0.002},
            ),
        )  # fmt: skip
        table, arms = judge("x", {"": (made, replay(made, made.world, range(4)))})
        assert table["inside"].tolist() == [inside]
        facts = trial_facts(table, {"x": made})
        assert facts["inside"] == int(inside)
        assert facts["sign_right"] == facts["trials"] == 1
        assert facts["by_trial"]["x"]["published"] == pytest.approx(low + 0.001, abs=1e-4)
        assert facts["by_trial"]["x"]["used_to_set"] is False
        assert arms["firms"].tolist() == [24, 24]


def test_the_command_writes_tables_a_figure_and_the_last_line_and_resumes(tmp_path, capsys):
    file, out = (
        written(tmp_path, sweep={"arms.visited.doses.staff.hours": [32, 64, 128]}),
        tmp_path / "r",
    )
    order = [
        "trials",
        str(file),
        "--seeds",
        "8",
        "--defaults",
        "--out",
        str(out),
        "--json",
        "--quiet",
    ]
    assert door(order) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"trials", "inside", "sign_right", "by_trial"} <= said.keys()
    assert said["by_trial"]["trial"].keys() == {"published", "low", "high", "used_to_set"}
    assert said["runs"] == 24
    table = pd.read_csv(out / "trials.csv", dtype={"variant": str})
    assert table["variant"].tolist() == ["64", "32", "128"]
    assert (out / "trials.png").is_file()
    shutil.rmtree(out)
    assert door(order) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["resumed"] == 3


def test_the_page_is_the_one_that_the_command_writes():
    page = (ROOT / "docs" / "trials.md").read_text(encoding="utf-8")
    assert "Made by `uv run run.py trials --keep" in page
    for name, (made, *_) in load_trials(SHIPPED).items():
        assert f"`scenarios/trials/{name}.toml`" in page
        assert made.title in page
