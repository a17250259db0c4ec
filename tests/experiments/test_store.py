"""The store keeps what it reports, whatever happens to the process, the disk or its neighbours."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from model.experiments.points.store import Result, Store, StoreError, opened
from model.scenario.faults import InputError

ROOT = Path(__file__).parents[2]


def test_what_is_put_is_there_in_another_life(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        store.put([Result("a", {"values": b"12"}), Result("b", {}, "ValueError: no")])
    with Store(tmp_path / "points") as store:
        assert store.known() == {"a": None, "b": "ValueError: no"}
        assert store.part("a", "values") == b"12"
        assert store.has("a")
        assert not store.has("c")
        with pytest.raises(KeyError):
            store.part("b", "values")


def test_a_commit_is_all_or_nothing(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        with pytest.raises(TypeError):
            store.put([Result("a", {"values": b"1"}), Result("b", {"values": None})])  # type: ignore[dict-item]
        assert store.known() == {}


def test_what_is_there_stays_and_only_failures_may_be_replaced(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        store.put([Result("a", {"values": b"1"}), Result("b", {}, "failed")])
        store.put([Result("a", {"values": b"2"}), Result("b", {"values": b"2"})])
        assert store.known() == {"a": None, "b": "failed"}
        store.put([Result("a", {"values": b"2"}), Result("b", {"values": b"2"})], again=True)
        assert store.known() == {"a": None, "b": None}
        assert (store.part("a", "values"), store.part("b", "values")) == (b"1", b"2")


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        store.put([Result("a", {"values": b"1"})])
        store._base.execute("PRAGMA max_page_count=16")
        with pytest.raises(StoreError, match=r"points: the disk is full; free some room") as full:
            store.put([Result("b", {"values": bytes(1_000_000)})])
        assert full.value.exit_code == 1
    with Store(tmp_path / "points") as store:
        assert store.known() == {"a": None}
        store.put([Result("b", {"values": bytes(1_000_000)})])
        assert store.known() == {"a": None, "b": None}


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be read as one" * 30, None]
)
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "points"
    if content:
        path.write_bytes(content)
    else:
        sqlite3.connect(path).execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(InputError, match="is no store of points; give another --store"):
        Store(path)


def test_a_store_of_another_version_is_refused(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        store._base.execute("UPDATE about SET format = 'highroad points 0'")
    with pytest.raises(InputError, match="another version"):
        Store(tmp_path / "points")


def test_a_store_that_cannot_be_made_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be used as a store"):
        Store(tmp_path / "file" / "points")


def test_one_store_takes_from_another(tmp_path: Path):
    with Store(tmp_path / "one") as one, Store(tmp_path / "two") as two:
        one.put([Result("a", {"values": b"1"}), Result("c", {}, "failed")])
        two.put([Result("a", {"values": b"1"}), Result("b", {"values": b"2"})])
        two.put([Result("c", {"values": b"3"})])
        assert one.take(two) == 2
        assert one.take(two) == 0
        assert one.known() == {"a": None, "b": None, "c": None}
        assert one.part("c", "values") == b"3"


def test_a_passing_store_leaves_nothing():
    with opened(None) as store:
        store.put([Result("a", {"values": b"1"})])
        path = store.path
    assert not path.exists()


WRITER = """
import sys
from pathlib import Path
from model.experiments.points.store import Result, Store
with Store(Path(sys.argv[1])) as store:
    for number in range(60):
        store.put([Result(f"{number}", {"values": b"same"}),
                   Result(f"{sys.argv[2]}-{number}", {"values": bytes(2000)})])
"""


def test_two_processes_on_one_store(tmp_path: Path):
    path = tmp_path / "points"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=ROOT) for name in "xy"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Store(path) as store:
        assert len(store.known()) == 180
        assert all(store.part(key, "values") for key in store.known())
        assert store._base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
