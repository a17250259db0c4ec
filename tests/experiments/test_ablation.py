"""Ablation: which rows die without a mechanism, and what moves."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from model.experiments.patterns.ablation import (
    COLUMNS,
    JOBS,
    MATTERS,
    _write_where_there,
    ablate,
    changes,
    exam_of,
    facts,
    without,
)
from model.experiments.patterns.pattern_quantities import Sample
from model.experiments.points.store import opened
from model.parameters import MECHANISMS, catalogue
from model.report.idle_mechanisms import markdown
from run import door
from tests.experiments.patterns_small import IDLE, SAID, effect, examined, patterns, world
from tests.worlds import neutral

LISTED = {
    "learning": effect("positive"),
    "inside": effect("positive", among={"of": "network"}),
    "much": SAID | {"kind": "level", "worlds": ("one",), "between": {"process": (0.0, 3.0)}},
}
NAMES = ("interaction", "grants", "redundancy")  # nobody learns, an instrument that is not there


def file():
    return patterns({"one": world(), "other": world(IDLE)}, **LISTED)


@pytest.fixture(scope="module")
def table():
    return examined({"small": file()}, ablate, quick=True, mechanisms=NAMES).set_index("mechanism")


def test_a_mechanism_owns_the_rows_that_die_without_it(table):
    row = table.loc["interaction"]
    assert row["lost"].split("; ") == ["small/learning (process)", "small/inside (process)"]
    assert row["rows_contradicted"] == 2, "without learning there is no effect of learning"
    assert row["largest_change"] < -MATTERS
    assert row["high"] < 0
    assert row["world"] == "small/one"
    assert not row["idle"]


def test_a_mechanism_that_no_world_depends_on_is_idle(table):
    row = table.loc["grants"]
    assert (row["rows_lost"], row["largest_change"], row["worlds_moved"]) == (0, 0.0, 0)
    assert row["idle"]


def test_a_world_that_has_it_off_already_is_not_moved(table):
    assert table.loc["interaction", "worlds_moved"] == 1


def test_worlds_that_are_not_run_further_are_as_if_they_had_been():
    """The table is the same as from worlds that are neutral from the start, run one by one."""
    exam = exam_of({"small": file()})
    replicates = range(10)
    off = {
        "small/one": world(neutral("redundancy")), "small/other": world(neutral("interaction", "redundancy")),
    }  # fmt: skip
    assert set(exam.worlds) == set(off)
    from model.experiments.patterns.ablation import _largest, _without

    with opened(None) as store:
        alone = Sample(off, store)
        alone.extend(exam.wanted, replicates)
        full = Sample(exam.worlds, store)
        full.extend(exam.wanted, replicates)
        sample, moved = _without(
            "redundancy", exam, full, replicates, lambda runs, failed, resumed: None
        )
    for name, row in exam.rows:
        assert name == "small"
        np.testing.assert_array_equal(row.values(sample), row.values(alone))
    assert _largest(exam, full, sample, moved) == _largest(exam, full, alone, moved)


def test_what_the_neutral_case_asks_of_the_data_is_put_in_on_the_way_too():
    there = world(
        {
            "across": {"trust": 0.4},
            "timetable": {"later": {"tick": 2, "communities": {"here": {"trust": 0.9}}}},
        }
    )
    off = without(there, "joint_action")
    assert off.neutral == ("joint_action",)
    assert off.across.trust == 0.0
    assert {c.trust for c in off.communities.values()} == {0.0}
    assert off.timetable["later"].communities["here"].trust == 0.0
    assert without(there, "grants") == there.model_copy(update={"neutral": ("grants",)})


@pytest.mark.parametrize("mechanism", [m for m in catalogue() if m.without], ids=lambda m: m.name)
def test_what_the_neutral_case_asks_of_the_data_are_keys_of_a_scenario(mechanism):
    pair = {
        "across": {"pairs": {"both": {"between": ["here", "there"], "ties": 1.0, "trust": 0.4}}}
    }
    there = world(pair).model_dump(mode="json", by_alias=True, exclude_none=True)
    for key, _ in mechanism.without:
        with_it = copy.deepcopy(there)
        _write_where_there(with_it, key.split("."), 0.77)
        assert with_it != there, key


def test_worlds_that_files_share_are_run_once():
    twice = {"small": file(), "again": file()}
    exam = exam_of(twice)
    assert set(exam.worlds) == {"small/one", "small/other"}
    assert len(exam.rows) == 2 * len(exam_of({"small": file()}).rows)


def test_jobs_are_relative_and_scores_are_not():
    with_it, without = np.array([100.0, 300.0]), np.array([110.0, 310.0])
    np.testing.assert_allclose(changes(JOBS, with_it, without), [0.05, 0.05])
    np.testing.assert_allclose(changes("process", with_it, without), [10.0, 10.0])


def test_the_facts_are_those_of_the_table(table):
    said = facts(table.reset_index())
    assert said["mechanisms"] == 3
    assert "grants" in said["idle"]
    assert "interaction" not in said["idle"]
    assert said["ablation"]["interaction"]["rows_lost"] == 2
    assert set(said["ablation"]) == set(NAMES)


def test_the_page_lists_every_mechanism_and_the_rows_it_owns(table):
    page = markdown(table.reset_index()[list(COLUMNS)], quick=True)
    assert all(f"{name}`" in page for name in NAMES)
    assert "- small/learning (process)" in page
    assert "patterns --ablate --keep --quick" in page


def test_the_command_ablates_all_mechanisms_and_ends_with_one_line(tmp_path, capsys):
    from model.scenario.files import dump_toml

    path, out = tmp_path / "small.toml", tmp_path / "out"
    worlds = {"one": world(ticks=4), "other": world(IDLE, ticks=4)}
    data = patterns(worlds, one=effect("positive")).model_dump(mode="json", exclude_none=True)
    path.write_text(dump_toml(data), encoding="utf-8")
    options = ["--ablate", "--quick", "--json", "--quiet", "--out", str(out)]
    assert door(["patterns", str(path), *options]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["mechanisms"] == len(MECHANISMS)
    assert set(said["ablation"]) == set(MECHANISMS)
    assert set(said["idle"]) <= set(MECHANISMS)
    header = (out / "ablation.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)


@pytest.mark.parametrize(
    "options", [["--keep"], ["--ablate", "--strict"], ["--ablate", "--horizons"]]
)
def test_options_that_do_not_go_together_are_refused(tmp_path, options, capsys):
    assert door(["patterns", "--out", str(tmp_path / "out"), *options]) == 2
    assert "goes with" in capsys.readouterr().err


def test_the_page_tells_every_column():
    page = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    (told,) = (part for part in page.split("\n\n") if part.startswith("`ablation.csv`"))
    assert [column for column in COLUMNS if f"`{column}`" not in told] == []


def test_the_page_that_ships_tells_of_every_mechanism():
    """What it says of them is as old as its last making: `run.py patterns --ablate --keep`."""
    page = (Path(__file__).parents[2] / "docs" / "ablation.md").read_text(encoding="utf-8")
    told = [line.split("`")[1].split()[1] for line in page.splitlines() if line.startswith("| `")]
    assert told == list(MECHANISMS)
