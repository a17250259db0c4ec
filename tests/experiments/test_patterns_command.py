"""The command patterns: a table, one line for scripts, exit codes."""

import json
import shutil
from math import inf
from pathlib import Path

import pytest

from model.experiments.patterns.examine import COLUMNS
from model.experiments.patterns.verdict import accepted
from model.experiments.points import executors
from model.experiments.points.store import Store
from run import door
from tests.experiments.patterns_small import (
    IDLE,
    MARGIN,
    SCORE,
    effect,
    world,
)


def small_file(tmp_path: Path, expectation: str) -> Path:
    from model.scenario.files import dump_toml

    worlds = {"one": world(IDLE), "other": world()}
    data = {
        "title": "Tests",
        "sampling": {"batch": 4, "most": 8},
        "margins": {SCORE: MARGIN},
        "worlds": {n: w.model_dump(mode="json", exclude_none=True) for n, w in worlds.items()},
        "patterns": {"x": effect(expectation)},
    }
    path = tmp_path / "small.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("expectation", "strict", "code"),
    [("negative", True, 0), ("positive", True, 1), ("positive", False, 0)],
)
def test_the_command_writes_a_table_and_ends_with_one_line(
    tmp_path, capsys, expectation, strict, code
):
    out = tmp_path / "out"
    options = ["--json", "--quiet", "--out", str(out), *(["--strict"] if strict else [])]
    assert door(["patterns", str(small_file(tmp_path, expectation)), *options]) == code
    printed = capsys.readouterr().out
    facts = json.loads(printed.splitlines()[-1])
    assert facts["patterns"] == 1
    assert facts["reproduced"] == (expectation == "negative")
    assert (out / "manifest.json").exists()
    header = (out / "patterns.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)
    assert accepted("positive", 0.25, 0.1) == (0.1, inf)


def test_what_was_kept_before_a_kill_is_not_run_again(tmp_path, monkeypatch):
    """The points of a command that ended early are taken as they are; the tables are the same bytes."""
    file, tables = str(small_file(tmp_path, "positive")), ("patterns", "no_effect")
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    assert door(["patterns", file, "--out", str(quiet), "--quiet"]) == 0
    kept = tmp_path / "quiet.points.sqlite"
    with Store(kept) as store:
        done = sorted(store.known())
        assert len(done) > 2
    shutil.copyfile(kept, tmp_path / "killed.points.sqlite")
    with Store(tmp_path / "killed.points.sqlite") as store:
        store.discard(done[1:])  # all but one were never finished
    run, asked = executors.evaluate, []

    def counted(points, *more):
        asked.extend(point.key for point in points)
        return run(points, *more)

    monkeypatch.setattr(executors, "evaluate", counted)
    assert door(["patterns", file, "--out", str(killed), "--quiet"]) == 0
    assert sorted(asked) == done[1:]
    for name in tables:
        assert (killed / f"{name}.csv").read_bytes() == (quiet / f"{name}.csv").read_bytes()


def test_a_bad_pattern_file_ends_with_2(tmp_path, capsys):
    path = small_file(tmp_path, "upward")
    assert door(["patterns", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "must be" in capsys.readouterr().err
