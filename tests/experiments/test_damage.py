"""A disk that changes what it keeps never changes a table: damage is named and computed again."""

import os
import random
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from model.experiments.points.point_tables import tidy
from model.experiments.points.runner import run_points
from model.experiments.points.store import Result, Store, StoreError
from model.records.result_files import MANIFEST, results_folder
from model.scenario.faults import InputError
from run import door
from tests.experiments.small import SWEEP, points, write

FLIPS = 300


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, pd.DataFrame]:
    """A small store as bytes, and the table that it gives."""
    path = tmp_path_factory.mktemp("intact") / "points"
    with Store(path) as store:
        run_points(points(4), store)
        table = tidy(points(4), store)
    return path.read_bytes(), table


def test_flipped_bits_never_change_a_table(intact: tuple[bytes, pd.DataFrame], tmp_path: Path):
    """Each bit ends in the same table, or in one line that says what to do."""
    content, table = intact
    chance = random.Random(1)
    wanted, again = points(4), 0
    refusals: list[str] = []
    for number in range(FLIPS):
        path = tmp_path / f"{number}"
        changed = bytearray(content)
        bit = chance.randrange(8 * len(content))
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        try:
            with Store(path) as store:
                ran = run_points(wanted, store)
                found = tidy(wanted, store)
        except InputError as told:
            refusals.append(str(told))
            continue
        again += ran.resumed < ran.points
        pd.testing.assert_frame_equal(found, table, check_exact=True)
    assert again > 0
    assert refusals
    assert all(len(said.splitlines()) == 1 and "store" in said for said in refusals)


def test_a_number_changed_on_purpose_is_named_computed_again_and_counted(
    intact: tuple[bytes, pd.DataFrame], tmp_path: Path
):
    path, wanted = tmp_path / "points", points(4)
    path.write_bytes(intact[0])
    with Store(path) as store:
        values = bytearray(store.part(wanted[2].key, "values"))
        values[6] ^= 1
        said = "UPDATE parts SET content = ? WHERE key = ? AND part = 'values'"
        store._base.execute(said, (bytes(values), wanted[2].key))
        with pytest.raises(
            StoreError, match=r"holds a damaged point .* give the same command again"
        ):
            store.part(wanted[2].key, "values")
        ran = run_points(wanted, store)
        assert (ran.damaged, ran.resumed) == ((2,), 3)
        pd.testing.assert_frame_equal(tidy(wanted, store), intact[1], check_exact=True)
        assert run_points(wanted, store).damaged == ()


def test_damage_is_not_merged(tmp_path: Path):
    with Store(tmp_path / "one") as one, Store(tmp_path / "two") as two:
        two.put([Result("a", {"values": b"1"}), Result("b", {"values": b"2"})])
        two._base.execute("UPDATE parts SET content = x'33' WHERE key = 'b'")
        assert one.take(two) == 1
        assert set(one.known()) == {"a"}


def test_the_command_names_what_was_damaged(tmp_path: Path, capsys):
    file, out = str(write(tmp_path, "sweep", SWEEP)), tmp_path / "out"
    asked = ["sweep", file, "--out", str(out), "--quiet"]
    assert door(asked) == 0
    before = (out / "sweep.parquet").read_bytes()
    with sqlite3.connect(tmp_path / "out.points.sqlite") as base:
        base.execute("UPDATE parts SET content = zeroblob(length(content))")
    capsys.readouterr()
    assert door(asked) == 0
    assert "6 stored points were damaged and have been computed again" in " ".join(
        capsys.readouterr().err.split()
    )
    assert (out / "sweep.parquet").read_bytes() == before


def test_what_a_killed_process_left_is_swept(tmp_path: Path):
    target = tmp_path / "out"
    with results_folder(target) as folder:
        (folder / MANIFEST).write_text("{}")
        name = folder.name
    gone = name.replace(f"-{os.getpid()}-", "-999999999-")
    (tmp_path / gone).mkdir()
    (tmp_path / f".{target.name}-mine").mkdir()  # not one of ours
    old = tmp_path / gone.replace("-new-", "-old-") / "old"
    old.mkdir(parents=True)
    (old / MANIFEST).write_text("older")
    with results_folder(target) as folder:
        assert not (tmp_path / gone).exists()
        (folder / MANIFEST).write_text("{}")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out-mine", "out"]


def test_results_put_aside_by_a_killed_process_come_back(tmp_path: Path):
    target = tmp_path / "out"
    with results_folder(target) as folder:
        (folder / MANIFEST).write_text("{}")
        name = folder.name
    aside = name.replace("-new-", "-old-").replace(f"-{os.getpid()}-", "-999999999-")
    (tmp_path / aside).mkdir()
    target.rename(tmp_path / aside / "old")
    with pytest.raises(RuntimeError), results_folder(target):
        raise RuntimeError
    assert (target / MANIFEST).read_text() == "{}"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
