"""A real Dask cluster of several processes, one of them killed on the way, changes no byte."""

import os
import signal
import time
from pathlib import Path

import pytest

from model.experiments.points import cluster, runner
from model.experiments.points.cluster import Cluster
from model.experiments.points.point_tables import tidy, write_parquet
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.scenario.faults import InputError
from tests.experiments.small import points

MANY = points(24)
WITHOUT = "no distributed: uv run --group dev pytest"


def table(store: Store, path: Path) -> bytes:
    write_parquet(tidy(MANY, store), path)
    return path.read_bytes()


def test_a_cluster_of_which_a_worker_is_killed(tmp_path: Path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    import dask

    monkeypatch.setattr(runner, "_LEAST", 1)  # many small chunks
    killed: list[int] = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as local:

        def kill(*_: object) -> None:
            if not killed:
                killed.append(local.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        with Store(tmp_path / "there") as store:
            on = f"dask={local.scheduler_address}"
            ran = run_points(MANY, store, on=on, tell=kill)
            assert ran.failed == {}
            there = table(store, tmp_path / "there.parquet")
        monkeypatch.setattr(cluster, "source_digest", lambda: "another")  # here, not on the workers
        with (
            Store(tmp_path / "other") as store,
            pytest.raises(InputError, match=r"--on = .* run another version of the model"),
        ):
            run_points(MANY[:1], store, on=on)
        monkeypatch.undo()
        monkeypatch.setattr(runner, "_LEAST", 1)
        monkeypatch.setattr(cluster, "_PATIENCE", 2)
        with (
            dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
            Store(tmp_path / "lost") as store,
            pytest.raises(InputError, match=r"--on = .*: the scheduler went away; start it again"),
        ):
            run_points(MANY, store, on=on, tell=lambda *_: local.close())
    assert len(killed) == 1
    with Store(tmp_path / "here") as store:
        run_points(MANY, store)
        assert table(store, tmp_path / "here.parquet") == there


def test_a_cluster_that_grows_and_shrinks(tmp_path: Path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    monkeypatch.setattr(runner, "_LEAST", 1)
    sizes: list[int] = []
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as local:

        def resize(*_: object) -> None:
            wanted = {0: 2, 4: 1}.get(len(sizes), 0)  # after the first chunk, and some later
            if wanted:
                local.scale(wanted)
                until = time.monotonic() + 60
                while len(local.scheduler.workers) != wanted and time.monotonic() < until:
                    time.sleep(0.02)
            sizes.append(len(local.scheduler.workers))

        with Store(tmp_path / "there") as store:
            ran = run_points(MANY, store, on=f"dask={local.scheduler_address}", tell=resize)
            assert ran.failed == {}
            there = table(store, tmp_path / "there.parquet")
    assert (sizes[0], sizes[-1]) == (2, 1)
    with Store(tmp_path / "here") as store:
        run_points(MANY, store)
        assert table(store, tmp_path / "here.parquet") == there


@pytest.mark.parametrize("on", ["dask", "dask=", "slurm=x", "tcp://127.0.0.1:8786"])
def test_an_address_that_is_none_is_refused(on: str):
    with pytest.raises(InputError, match=r"--on = .*: must be dask=ADDRESS"):
        Cluster(on)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason=WITHOUT)
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with pytest.raises(InputError, match="no Dask scheduler answers there"):
        list(Cluster("dask=tcp://127.0.0.1:9").results(iter([])))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(
        InputError, match=r"which is missing; install it with: uv sync --extra dask"
    ):
        Cluster("dask=tcp://127.0.0.1:8786")
