"""Experiment files: factors make arms, draws make pairs, precision says when to stop; faults."""

from pathlib import Path

import pandas as pd
import pytest

from model.experiments.arms import BATCH, measured, run_arms
from model.experiments.compare import is_narrow
from model.experiments.experiment import load_experiment
from model.experiments.intervals import interval_of_mean
from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.scenario.faults import InputError
from run import ROOT, door
from tests.experiments.small import DRAWN, EXPERIMENT, FACTORIAL, FLOORS, draws_file, write


def test_factors_make_an_arm_of_every_combination(tmp_path: Path):
    experiment = load_experiment(write(tmp_path, "f", FACTORIAL))
    assert list(experiment.scenarios) == [
        "closed__0", "closed__3", "closed__9", "open__0", "open__3", "open__9"
    ]  # fmt: skip
    club = experiment.scenarios["open__9"].institutions["club"]
    assert (club.access.inclusive, club.budget, club.hour_price) == (True, 9.0, 0.25)
    assert not experiment.scenarios["closed__9"].institutions["club"].access.inclusive
    assert experiment.title_of("open__9") == "access: open to all, budget: 9"


def test_listed_arms_may_stand_beside_factors(tmp_path: Path):
    text = (
        FACTORIAL.replace('"closed__0"', '"none"')
        + "[arms.none.overlay.institutions.club]\nbudget = 0.0"
    )
    experiment = load_experiment(write(tmp_path, "f", text))
    assert len(experiment.scenarios) == 7
    assert experiment.scenarios["none"].institutions["club"].hour_price == 0.03  # no shared overlay


@pytest.mark.parametrize("name", ["posterior.csv", "posterior.parquet"])
def test_every_arm_runs_with_every_draw(tmp_path: Path, name: str):
    draws_file(tmp_path, name, **FLOORS)
    experiment = load_experiment(write(tmp_path, "e", DRAWN.replace("posterior.csv", name)))
    assert len(experiment.draws) == 3
    for arms, floor in zip(experiment.draws, FLOORS["parameters__absorption__floor"], strict=True):
        assert {s.parameters.absorption.floor for s in arms.values()} == {floor}
    assert [s.institutions["club"].budget for s in experiment.draws[2].values()] == [0.0, 3.0, 9.0]


def test_arms_are_paired_on_draws_and_replicates(tmp_path: Path):
    draws_file(tmp_path, **FLOORS)
    path = write(tmp_path, "e", DRAWN.replace("baseline", "draws_used = 2\nbaseline", 1))
    experiment = load_experiment(path)
    with opened(None) as store:
        sampled = run_arms(experiment, store, lambda p: run_points(p, store), lambda f: True, 3)
        frame = measured(sampled.cells, store)
    assert len(frame) == 3 * 2 * 3
    wide = frame.pivot(index=["draw", "replicate"], columns="arm", values="product")
    assert wide.notna().all(axis=None)
    assert wide.index.tolist() == [(d, r) for d in range(2) for r in range(3)]
    assert not (wide.loc[0].to_numpy() == wide.loc[1].to_numpy()).any()


PRECISE = (
    EXPERIMENT
    + """
[precision]
batch = 6
most = 30
half_width = {product = WIDTH}
"""
)


@pytest.mark.parametrize("width", [0.5, 0.02, 1e-9])
def test_batches_are_run_until_intervals_are_narrow(tmp_path: Path, width: float):
    experiment = load_experiment(write(tmp_path, "e", PRECISE.replace("WIDTH", str(width))))
    with opened(None) as store:

        def sample(replicates: int | None = None):
            return run_arms(
                experiment, store, lambda points: run_points(points, store),
                lambda frame: is_narrow(experiment, frame), replicates,
            )  # fmt: skip

        sampled = sample()
        frame = measured(sampled.cells, store)
        whole = measured(sample(30).cells, store)

    def widest(part: pd.DataFrame) -> float:
        wide = part.pivot(index="replicate", columns="arm", values="product")
        ends = [
            interval_of_mean((wide[arm] - wide["none"]).to_numpy())[1:] for arm in ("club", "rich")
        ]
        return max((high - low) / 2 for low, high in ends)

    n = sampled.replicates
    assert n % 6 == 0
    assert len(frame) == 3 * n
    assert sampled.narrow == (widest(frame) <= width)
    if n < 30:
        assert widest(frame) <= width
    else:
        assert not sampled.narrow
    if n > 6:  # the batch before was not yet narrow
        assert widest(frame[frame["replicate"] < n - 6]) > width
    same = whole[whole["replicate"] < n].sort_values(["arm", "replicate"], ignore_index=True)
    pd.testing.assert_frame_equal(frame.sort_values(["arm", "replicate"], ignore_index=True), same)


def test_replicates_asked_for_go_before_precision(tmp_path: Path):
    experiment = load_experiment(write(tmp_path, "e", PRECISE.replace("WIDTH", "1e-9")))
    with opened(None) as store:
        sampled = run_arms(experiment, store, lambda p: run_points(p, store), lambda f: False, 4)
    assert sampled.replicates == 4


def test_more_replicates_run_only_what_is_new(tmp_path: Path):
    experiment = load_experiment(write(tmp_path, "e", EXPERIMENT))
    with opened(None) as store:

        def sample(replicates: int):
            return run_arms(
                experiment, store, lambda p: run_points(p, store), lambda f: True, replicates
            )

        assert sample(2 * BATCH).resumed == 0
        more = sample(3 * BATCH)
        assert (more.resumed, len(more.cells)) == (6, 9)


FAULTS = {
    ('baseline = "none"', 'baseline = "nonne"'): 'baseline = "nonne": is no arm; did you mean none?',
    ("[arms.club]", "[arms.club]\ntitel = 1"): "arms.club.titel = 1: is not a known key",
    ("budget = 0.0", "budget = -1.0"): "arms.none.overlay.institutions.club.budget = -1.0: must be",
    ("budget = 0.0", "bugdet = 1.0"): "arms.none.overlay.institutions.club.bugdet = 1.0: is not a known",
    ('baseline = "none"', 'baseline = "none"\noverlay.across.ties = 1.0'):
        "overlay: is for arms made from factors",
    ('baseline = "none"', 'baseline = "none"\ndraws_used = 3'): "draws_used = 3: goes with draws",
    ('baseline = "none"', 'baseline = "none"\ndraws = "x.csv"'): "x.csv: no such file",
    ('baseline = "none"', 'baseline = "none"\ndraws = "world.toml"'): "must end in .csv or .parquet",
    ('baseline = "none"', 'baseline = "none"\nprecision.half_width = {producd = 0.1}'):
        "precision.half_width.producd = 0.1: is no outcome; did you mean product?",
    ('baseline = "none"', 'baseline = "none"\nprecision.half_width = {product = 0.0}'):
        "precision.half_width.product = 0.0: must be more than 0",
    ('baseline = "none"', 'baseline = "none"\nprecision = {most = 5, half_width = {product = 0.1}}'):
        "precision.most = 5: must be at least batch",
    ('baseline = "none"', 'baseline = "none"\nprecision.batch = 5'):
        "precision.half_width: is missing",
    ('baseline = "none"', 'baseline = "none"\nfactors.f = {key = "x.y", low = 0, high = 1, steps = 9999}'):
        "factors: make more than 1000 arms; take fewer levels, or write a sweep",
    ('baseline = "none"', 'baseline = "none"\nfactors.f = {key = "institutions.culb.fee", values = [1]}'):
        'factors.f = "institutions.culb.fee": the base world has no institutions.culb; did you mean',
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), FAULTS.items(), ids=range(len(FAULTS)))
def test_faults(tmp_path: Path, change: tuple[str, str], said: str, capsys):
    assert change[0] in EXPERIMENT
    path = write(tmp_path, "e", EXPERIMENT.replace(change[0], change[1], 1))
    assert door(["check", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


FLOOR = "parameters.absorption.floor"
DRAWS = {
    "parameters.absorption.flour\n0.1\n": f"is no key of a scenario; did you mean {FLOOR}?",
    f"{FLOOR}\n0.1\n7\n": f"row 2, {FLOOR} = 7.0: must be from 0 to 1",
    f"{FLOOR}\n0.1\nhigh\n": f"row 2, {FLOOR}: must be a number, not high",
    f"{FLOOR}\n0.1\n\n0.2\nnan\n": f"row 3, {FLOOR}: must be a number, not nan",
    "a b\n0.1\n": "a b: is not a key",
    "draw\n1\n": "has no draws; a column a key, a row a draw",
    f"{FLOOR}\n": "has no draws",
    "": "can't be read as a table",
}


@pytest.mark.parametrize(("content", "said"), DRAWS.items(), ids=range(len(DRAWS)))
def test_faults_of_draws(tmp_path: Path, content: str, said: str, capsys):
    (tmp_path / "posterior.csv").write_text(content)
    assert door(["check", str(write(tmp_path, "e", DRAWN))]) == 2
    told = capsys.readouterr().err
    assert "posterior.csv: " in told
    assert said in told


def test_the_factorial_that_ships_spends_the_same_money():
    experiment = load_experiment(ROOT / "scenarios" / "experiments" / "four_factors.toml")
    assert len(experiment.crossed) == 16
    budgets = {
        scenario.institutions["institution"].budget
        for arm, scenario in experiment.scenarios.items()
        if arm in experiment.crossed
    }
    assert len(budgets) == 1
    rules = {
        str(s.institutions["institution"])
        for a, s in experiment.scenarios.items()
        if a in experiment.crossed
    }
    assert len(rules) == 16


def test_entries_that_are_wrong_do_not_make_a_list_too_short(tmp_path: Path):
    path = tmp_path / "experiment.toml"
    shipped = ROOT / "scenarios" / "experiments" / "furniture_local_leader.toml"
    text = shipped.read_text(encoding="utf-8").replace(
        "../worlds", (ROOT / "scenarios" / "worlds").as_posix()
    )
    path.write_text(text.split("[[outcomes]]")[0] + '[[outcomes]]\nmeasure = "proces"\n'
                    + "[arms.merchants]" + text.split("[arms.merchants]")[1])  # fmt: skip
    with pytest.raises(InputError) as caught:
        load_experiment(path)
    assert [fault.key for fault in caught.value.faults] == ["outcomes[0].measure"]
