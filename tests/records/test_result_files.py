"""What looks whole is whole: a folder of results appears at once, or what was there stays."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.records.result_files import (
    MANIFEST,
    check_writable,
    read_table,
    results_folder,
    sweep_leftovers,
    write_manifest,
    write_parquet,
    write_table,
)
from model.scenario.faults import InputError


def fill(target: Path, text: str) -> None:
    with results_folder(target) as folder:
        assert folder.parent == target.parent
        (folder / "table.csv").write_text(text)
        write_manifest(folder, {"text": text})


def fail(target: Path) -> None:
    with results_folder(target) as folder:
        (folder / "table.csv").write_text("half")
        raise ZeroDivisionError


def test_a_new_folder_appears_when_all_is_written(tmp_path: Path):
    target = tmp_path / "very" / "deep" / "results"
    with results_folder(target) as folder:
        (folder / MANIFEST).touch()
        assert not target.exists()
    assert target.is_dir()
    assert target.stat().st_mode & 0o777 == 0o755
    assert list(target.parent.iterdir()) == [target]


def test_results_replace_results_whole(tmp_path: Path):
    target = tmp_path / "results"
    fill(target, "old")
    (target / "left over").touch()
    fill(target, "new")
    assert (target / "table.csv").read_text() == "new"
    assert {path.name for path in target.iterdir()} == {"table.csv", MANIFEST}
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_what_was_there(tmp_path: Path):
    target = tmp_path / "results"
    fill(target, "old")
    with pytest.raises(ZeroDivisionError):
        fail(target)
    assert (target / "table.csv").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_empty_folder_may_be_filled(tmp_path: Path):
    (tmp_path / "results").mkdir()
    fill(tmp_path / "results", "new")
    assert (tmp_path / "results" / "table.csv").read_text() == "new"


@pytest.mark.parametrize("use", [check_writable, lambda target: fill(target, "new")])
def test_files_that_are_no_results_are_never_replaced(tmp_path: Path, use):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds files that are no results.*an empty or new --out"):
        use(tmp_path / "thesis")
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(InputError, match=r"is a file, not a folder.*give another --out"):
        use(tmp_path / "letter")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "mine"
    assert (tmp_path / "letter").read_text() == "mine"


@pytest.mark.parametrize("use", [check_writable, lambda target: fill(target, "new")])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, use):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file/results.*can't be written.*give another --out"):
        use(tmp_path / "file" / "results")


def test_a_full_disk_is_said_in_a_line_and_leaves_nothing(tmp_path: Path):
    target = tmp_path / "results"
    fill(target, "old")
    with (
        pytest.raises(InputError, match=r"can't be written \(No space left on device\).*free some"),
        results_folder(target),
    ):
        raise OSError(28, "No space left on device")
    assert (target / "table.csv").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_checking_a_place_leaves_it_as_it_was(tmp_path: Path):
    check_writable(tmp_path / "results")
    assert list(tmp_path.iterdir()) == []
    fill(tmp_path / "results", "old")
    check_writable(tmp_path / "results")
    assert (tmp_path / "results" / "table.csv").read_text() == "old"


TABLE = pd.DataFrame({"name": ["a", "b"], "number": [1 / 3, 2.0]})


def test_a_table_is_written_short_for_people_and_in_full_for_programs(tmp_path: Path):
    write_table(TABLE, tmp_path, "table")
    assert (tmp_path / "table.csv").read_text() == "name,number\na,0.333333\nb,2\n"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table.parquet"), TABLE)


def test_a_table_may_do_without_the_one_or_the_other(tmp_path: Path):
    write_table(TABLE, tmp_path, "csv", parquet=False)
    write_parquet(TABLE, tmp_path, "parquet")
    assert {path.name for path in tmp_path.iterdir()} == {"csv.csv", "parquet.parquet"}


def test_a_manifest_keeps_its_order_and_its_letters(tmp_path: Path):
    write_manifest(tmp_path, {"z": "León", "a": [1]})
    text = (tmp_path / MANIFEST).read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "León" in text
    assert list(json.loads(text)) == ["z", "a"]


def test_inputs_have_all_their_digits_and_names_are_text(tmp_path):
    """Six digits of results; of what was asked as many as tell it from any other number."""
    table = pd.DataFrame(
        {
            "arm": ["true", "1e3", "007", "nan"],
            "budget": [1000001.0, 1000002.0, 1 / 3, np.nan],
            "effect": [1000001.0, 1000002.0, 1 / 3, np.nan],
        }
    )
    write_table(table, tmp_path, "some", parquet=False, inputs=("budget", "not there"))
    lines = (tmp_path / "some.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ["true,1000001,1e+06", "1e3,1000002,1e+06"]
    back = read_table(tmp_path, "some")
    assert back["arm"].tolist() == table["arm"].tolist()
    np.testing.assert_array_equal(back["budget"], table["budget"])


def test_names_are_text_in_columns_of_ones_own_too(tmp_path: Path):
    table = pd.DataFrame({"fee": ["1e3", "2"], "arm": ["true", "false"], "verdict": ["1", "007"]})
    write_table(table, tmp_path, "some", parquet=False)
    assert read_table(tmp_path, "some", text=["fee"]).equals(table)
    assert read_table(tmp_path, "some")["fee"].tolist() == [1000.0, 2.0]


def test_a_long_table_holds_its_columns_and_no_numbers_of_rows(tmp_path: Path):
    write_parquet(TABLE.set_index(TABLE.index + 7), tmp_path, "some")
    back = pd.read_parquet(tmp_path / "some.parquet")
    assert list(back.columns) == list(TABLE.columns)
    assert back.index.tolist() == list(range(len(TABLE)))


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def working(beside: Path, what: str, process: int, target: str = "results", node: str = "") -> Path:
    """A working folder as a process leaves it, with a file."""
    folder = beside / f".{target}-{what}-{node or platform.node()}-{process}-a1"
    folder.mkdir()
    (folder / "half.csv").touch()
    return folder


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no process is known to have ended")
def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path, gone: int):
    (tmp_path / ".a_file").touch()  # comes first in the folder
    left = [working(tmp_path, what, gone) for what in ("new", "old")]
    others = [
        working(tmp_path, "new", os.getpid()),
        working(tmp_path, "new", gone, target="other"),
        working(tmp_path, "new", gone, node="elsewhere"),
    ]
    sweep_leftovers(tmp_path / "results")
    assert not any(folder.exists() for folder in left)
    assert all((folder / "half.csv").exists() for folder in others)
    assert (tmp_path / ".a_file").exists()
    sweep_leftovers(tmp_path / "nowhere" / "results")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no process is known to have ended")
@pytest.mark.parametrize("came", [False, True], ids=["new ones never came", "new ones came"])
def test_results_put_aside_for_new_ones_come_back_where_these_never_came(
    tmp_path: Path, gone: int, came: bool
):
    target = tmp_path / "results"
    left = working(tmp_path, "old", gone)
    fill(left / "old", "earlier")
    if came:
        fill(target, "later")
    sweep_leftovers(target)
    assert (target / "table.csv").read_text() == ("later" if came else "earlier")
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no process is known to have ended")
def test_of_a_process_of_somebody_else_nothing_is_swept(tmp_path: Path, gone: int, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    left = working(tmp_path, "new", gone)
    sweep_leftovers(tmp_path / "results")
    assert left.exists()


def test_working_folders_say_whose_they_are(tmp_path: Path):
    with results_folder(tmp_path / "results") as folder:
        (folder / MANIFEST).touch()
        assert folder.name.startswith(f".results-new-{platform.node()}-{os.getpid()}-")
