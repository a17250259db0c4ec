"""Whatever happens on the way, the table at the end is the one of an uninterrupted run, byte for byte."""

import os
import signal
import threading
from pathlib import Path

import pandas as pd
import pytest

from model.experiments.points import evaluate as evaluating
from model.experiments.points import point, runner
from model.experiments.points.executors import DIED, Processes, Threads, judged
from model.experiments.points.point import Point
from model.experiments.points.point_tables import (
    IncompleteError,
    check_complete,
    failures,
    tidy,
    write_parquet,
)
from model.experiments.points.runner import (
    ChangedSourcesError,
    StoppedError,
    chunked,
    parse_shard,
    run_points,
    store_path,
)
from model.experiments.points.store import Store, opened
from model.scenario.faults import InputError
from tests.experiments.small import KEEP, points, world

MANY = points(24)
DESIGN = pd.DataFrame({"seed": range(len(MANY))})


def table(folder: Path, store: Store, some: list[Point] = MANY) -> bytes:
    path = folder / "table.parquet"
    write_parquet(tidy(some, store, DESIGN), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    with Store(folder / "points") as store:
        ran = run_points(MANY, store)
        assert (ran.points, ran.runs, ran.resumed, ran.failed, ran.left) == (24, 72, 0, {}, [])
        return table(folder, store)


def test_the_table_is_tidy(tmp_path: Path, whole: bytes):
    (tmp_path / "t.parquet").write_bytes(whole)
    frame = pd.read_parquet(tmp_path / "t.parquet")
    columns = ["point", "seed", "community", "replicate", "product", "wage", "public_money"]
    assert list(frame.columns) == columns
    assert len(frame) == 24 * 3 * 3
    assert frame[["point", "replicate"]].dtypes.tolist() == ["int64", "int64"]
    assert list(frame["community"].unique()) == ["*", "here", "there"]
    keys = frame.assign(community=frame["community"].map({"*": 0, "here": 1, "there": 2}))
    order = ["point", "community", "replicate"]
    assert keys[order].equals(keys[order].sort_values(order, ignore_index=True))
    assert frame["product"].nunique() > 100


def test_the_same_call_resumes(tmp_path: Path, whole: bytes):
    heard: list[tuple[int, int, bool]] = []
    with Store(tmp_path / "points") as store:
        run_points(MANY[3:9], store)
        ran = run_points(MANY, store, workers=2, tell=lambda *said: heard.append(said))
        assert (ran.resumed, ran.runs) == (6, 72)
        assert heard[0] == (18, 0, True)
        assert sum(runs for runs, _, _ in heard) == 72
        assert not any(found for _, _, found in heard[1:])
        assert table(tmp_path, store) == whole
        assert run_points(MANY, store).resumed == 24


def test_a_changed_point_alone_is_run_again(tmp_path: Path):
    with Store(tmp_path / "points") as store:
        run_points(MANY[:6], store)
        changed = [*MANY[:5], Point(world(5, {"across": {"ties": 1.0}}), 0, 3, KEEP)]
        assert run_points(changed, store).resumed == 5


def test_equal_points_are_run_once(tmp_path: Path):
    heard: list[int] = []
    with Store(tmp_path / "points") as store:
        ran = run_points([MANY[0], MANY[1], MANY[0]], store, tell=lambda n, *_: heard.append(n))
        assert sum(heard) == 6
        assert (ran.points, ran.resumed, len(store.known())) == (3, 0, 2)
        frame = tidy([MANY[0], MANY[1], MANY[0]], store)
        first, last = frame[frame["point"] == 0], frame[frame["point"] == 2]
        assert first["product"].tolist() == last["product"].tolist()


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_decide_nothing(tmp_path: Path, whole: bytes, workers: int, monkeypatch):
    monkeypatch.setattr(runner, "_LEAST", 1)  # many small chunks
    with Store(tmp_path / "points") as store:
        run_points(list(reversed(MANY)), store, workers)
        assert table(tmp_path, store) == whole


BAD = (4, 17)


@pytest.fixture
def spoilt(monkeypatch) -> None:
    """Two of the points can't be run."""
    real = evaluating.build

    def build(scenarios, replicates):
        if any(scenario.run.seed in BAD for scenario in scenarios):
            raise RuntimeError("no such\nluck")
        return real(scenarios, replicates)

    monkeypatch.setattr(evaluating, "build", build)


@pytest.mark.usefixtures("spoilt")
def test_a_failure_is_recorded_and_the_others_go_on(tmp_path: Path):
    heard: list[int] = []
    with Store(tmp_path / "points") as store:
        ran = run_points(MANY, store, workers=2, tell=lambda _, n, __: heard.append(n))
        assert ran.failed == dict.fromkeys(BAD, "RuntimeError: no such luck")
        assert sum(heard) == 2
        frame = tidy(MANY, store)
        assert set(range(24)) - set(frame["point"]) == set(BAD)
        said = failures(ran, DESIGN)
        assert list(said.columns) == ["point", "seed", "error"]
        assert said["seed"].tolist() == list(BAD)
        again = run_points(MANY, store)
        assert (again.resumed, again.failed) == (24, ran.failed)
        with pytest.raises(IncompleteError) as refused:
            check_complete(ran, "indices")
    lines = str(refused.value).splitlines()
    assert lines[0] == "indices would mislead: the design is incomplete"
    assert lines[1].startswith("point 4: failed: RuntimeError: no such luck; --retry")
    assert len(lines) == 3


def test_retry_tries_failures_again_and_nothing_else(tmp_path: Path, whole: bytes, request):
    with Store(tmp_path / "points") as store:
        request.getfixturevalue("spoilt")
        run_points(MANY, store)
        request.getfixturevalue("monkeypatch").undo()
        assert set(run_points(MANY, store).failed) == set(BAD)
        ran = run_points(MANY, store, retry=True)
        assert (ran.failed, ran.resumed) == ({}, 22)
        assert table(tmp_path, store) == whole


def test_shards_put_together_are_the_whole(tmp_path: Path, whole: bytes):
    with Store(tmp_path / "all") as every:
        for number in (2, 1, 3):
            with Store(tmp_path / f"{number}") as store:
                ran = run_points(MANY, store, shard=(number, 3))
                assert len(ran.left) == 16
                assert all(place % 3 != number - 1 for place in ran.left)
                with pytest.raises(IncompleteError, match="16 of 24 points are missing"):
                    check_complete(ran, "indices")
                assert every.take(store) == 8
        assert run_points(MANY, every).resumed == 24
        assert table(tmp_path, every) == whole


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/", "/2", "-1/2"])
def test_a_shard_that_is_none_is_refused(text: str):
    with pytest.raises(InputError, match=r"--shard = .*: must be i/n"):
        parse_shard(text)


def test_every_shard_has_a_store_of_its_own():
    out = Path("results/sweep/x")
    assert store_path(out) == Path("results/sweep/x.points.sqlite")
    assert store_path(out, parse_shard("2/8")).name == "x.points.shard-2-of-8.sqlite"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_finished(
    tmp_path: Path, whole: bytes, number: int, monkeypatch
):
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs behind
        signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(runner, "_LEAST", 1)
    before = threading.active_count()
    with Store(tmp_path / "points") as store:
        with pytest.raises(StoppedError, match=r"of 24 points are kept in .*; the same command"):
            run_points(MANY, store, 2, tell=lambda *_: os.kill(os.getpid(), number))
        assert 0 < len(store.known()) < 24
        assert threading.active_count() == before  # nothing goes on in the dark
        run_points(MANY, store)
        assert table(tmp_path, store) == whole


def test_a_process_decides_nothing_and_may_be_killed(tmp_path: Path, whole: bytes, monkeypatch):
    """A child is killed on the way: what it was at is run again, and no child outlives the call."""
    monkeypatch.setattr(runner, "_executor", lambda *_: Processes(1))
    monkeypatch.setattr(runner, "_LEAST", 1)
    seen: list[int] = []

    def kill(*_: object) -> None:
        mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        child = max(int(pid) for pid in mine)  # the first is what keeps account of shared things
        if not seen:
            os.kill(child, signal.SIGKILL)
        seen.append(child)

    for attempt in range(5):  # on a busy machine the first may have told of all before it is killed
        seen.clear()
        with Store(tmp_path / f"points_{attempt}") as store:
            ran = run_points(MANY, store, 2, tell=kill)
            assert ran.failed == {}
            assert table(tmp_path, store) == whole
        assert not any(Path(f"/proc/{pid}").exists() for pid in seen)
        if len(set(seen)) == 2:  # another took over
            return
    pytest.fail("no process was killed while it still had something to do")


def test_sources_that_change_on_the_way_end_it_in_one_line(tmp_path: Path, monkeypatch):
    """A process that starts later reads other files and gives its points other keys: none is taken."""
    monkeypatch.setattr(runner, "_executor", lambda *_: Processes(1))
    monkeypatch.setattr(point, "points_digest", lambda: "the files as they were")
    asked = points(2)
    with Store(tmp_path / "points") as store:
        with pytest.raises(ChangedSourcesError) as refused:
            run_points(asked, store)
        assert store.known() == {}
    said = str(refused.value)
    assert len(said.splitlines()) == 1
    assert said.startswith("a file of model/ or calibration/ changed while points were run")
    assert "give the same command again" in said


def test_a_point_that_kills_its_process_counts_as_failed():
    """Once in company says nothing; alone, its chunk is parted; alone as a point, twice is enough."""
    from collections import Counter

    deaths: Counter[str] = Counter()
    pair = tuple(MANY[:2])
    assert judged(pair, False, deaths) == ([], [pair])
    assert judged(pair, True, deaths) == ([], [(MANY[0],), (MANY[1],)])
    assert judged((MANY[0],), True, deaths) == ([], [(MANY[0],)])
    ((failed,), again) = judged((MANY[0],), True, deaths)
    assert (failed.key, failed.error, again) == (MANY[0].key, DIED, [])


def test_small_work_stays_in_this_process():
    assert isinstance(runner._executor("", 4, 1000), Threads)
    assert isinstance(runner._executor("", 1, 10**12), Threads)
    assert isinstance(runner._executor("", 4, 10**12), Processes)


def test_chunks_are_cut_for_the_workers_there_are(monkeypatch):
    monkeypatch.setattr(runner, "_LEAST", 1)
    assert len(list(chunked(MANY, 4))) >= 12
    with opened(None) as store:
        assert run_points([], store).points == 0
        assert len(tidy([], store)) == 0
