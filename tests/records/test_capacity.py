"""What will not fit is refused before it starts, with the figure and what to change."""

from pathlib import Path

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.experiments.points import room
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.records import capacity, records
from model.records.capacity import bytes_of_frames, bytes_of_run, bytes_on_disk
from model.records.records import simulate
from model.report.jobs import write_records
from model.scenario.faults import InputError
from model.world.build import build
from run import door
from tests.experiments.small import points
from tests.worlds import EVERYTHING, scenario

WORLD = "scenarios/worlds/four_wine_regions.toml"
SMALL = scenario(*EVERYTHING)


@pytest.fixture
def free(monkeypatch) -> list[int]:
    """Bytes of memory and of disk that are free, in a list so that a test can set them."""
    there = [10**12, 10**12]
    for module in (capacity, room):
        monkeypatch.setattr(module, "free_memory", lambda: there[0])
    monkeypatch.setattr(capacity, "free_disk", lambda place: there[1])
    return there


@pytest.fixture
def no_world(monkeypatch) -> None:
    """Fails if a world is built."""

    def built(*given: object) -> None:
        raise AssertionError("a world was built")

    monkeypatch.setattr(records, "build", built)


def test_the_bytes_counted_are_those_of_the_tables():
    ensemble = Ensemble(build([SMALL], [0]), SMALL.run.ticks)
    world, counted = ensemble.world, bytes_of_run(SMALL, SMALL.run.ticks)
    assert counted["firms"] == 2 * np.asarray(world.firms).nbytes
    assert counted["series"] == np.asarray(ensemble.series).nbytes
    assert 0.8 < counted["ties"] / (len(world.ties) * (world.ties.itemsize + 16)) <= 1.1


def test_what_is_counted_is_there_in_the_end(tmp_path: Path):
    """At least: no table takes less than what was counted of it."""
    done = simulate(SMALL, 4, 1)
    ticks = SMALL.run.ticks
    assert 4 * bytes_of_run(SMALL, ticks)["ledger"] <= np.asarray(done.ensemble.ledger).nbytes
    assert 4 * bytes_of_frames(SMALL) <= done.series.memory_usage().sum()
    write_records(tmp_path, done)
    assert 4 * bytes_on_disk(SMALL) <= sum(file.stat().st_size for file in tmp_path.iterdir())


def test_a_run_without_its_ledger_takes_less_and_says_the_same(tmp_path: Path):
    ticks = SMALL.run.ticks
    with_it, without = (bytes_of_run(SMALL, ticks, kept)["ledger"] for kept in (True, False))
    assert with_it == pytest.approx(ticks * without, rel=0.01)
    assert bytes_on_disk(SMALL, ledger=False) < bytes_on_disk(SMALL)
    for out, more in (("with", []), ("without", ["--no-ledger"])):
        command = ["run", WORLD, "--replicates", "1", "--quiet", "--out", str(tmp_path / out)]
        assert door([*command, *more, "--set", "run.ticks=8"]) == 0
    for name in ("series.parquet", "firms.parquet", "final.csv"):
        assert (tmp_path / "with" / name).read_bytes() == (tmp_path / "without" / name).read_bytes()
    gone = {file.name for file in (tmp_path / "with").iterdir()}
    gone -= {file.name for file in (tmp_path / "without").iterdir()}
    assert gone == {"ledger.parquet", "network.parquet", "participation.parquet"}


def test_runs_beyond_memory_are_refused_with_how_many_fit(free: list[int], no_world):
    one = sum(bytes_of_run(SMALL, SMALL.run.ticks).values()) + bytes_of_frames(SMALL)
    free[0] = 7 * one + 1
    with pytest.raises(InputError) as refused:
        simulate(SMALL, 8)
    assert "run.replicates = 8: 8 runs of" in str(refused.value)
    assert "at most 7 fit" in str(refused.value)


def test_runs_that_fit_are_run(free: list[int]):
    free[0] = sum(bytes_of_run(SMALL, SMALL.run.ticks).values()) + bytes_of_frames(SMALL)
    assert len(simulate(SMALL, 1).series)


def test_the_horizon_that_fits_fits(free: list[int], no_world):
    free[0] = (sum(bytes_of_run(SMALL, SMALL.run.ticks).values()) + bytes_of_frames(SMALL)) // 2
    with pytest.raises(InputError, match=r"write run\.ticks = (\d+) or less") as refused:
        simulate(SMALL, 1)
    quarters = int(str(refused.value).split("run.ticks = ")[-1].split()[0])

    def need(ticks: int) -> int:
        shorter = SMALL.model_copy(update={"run": SMALL.run.model_copy(update={"ticks": ticks})})
        return sum(bytes_of_run(shorter, ticks).values()) + bytes_of_frames(shorter)

    assert need(quarters) <= free[0] * 1.001 < need(quarters + 2)


def test_a_world_beyond_memory_is_told_to_shrink(free: list[int], no_world):
    free[0] = bytes_of_run(SMALL, 1)["firms"] // 3
    with pytest.raises(InputError, match="write fewer firms, about one in"):
        simulate(SMALL, 1)


def test_the_command_ends_with_2_and_writes_nothing(free: list[int], no_world, tmp_path, capsys):
    free[0] = 10**6
    target = tmp_path / "results"
    assert door(["run", WORLD, "--out", str(target), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "1 MB are free" in said
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_seen_before_the_run(free: list[int], no_world, tmp_path, capsys):
    free[1] = 1000
    assert door(["run", WORLD, "--out", str(tmp_path / "results"), "--quiet"]) == 2
    assert "of disk, and 1 kB are free there" in capsys.readouterr().err


def test_points_that_do_not_fit_are_refused(free: list[int], tmp_path: Path):
    asked = points(3)
    with Store(tmp_path / "points") as store:
        free[1] = 10
        with pytest.raises(InputError, match="numbers of 3 points take at least"):
            run_points(asked, store)
        free[1] = 10**12
        free[0] = 1000
        with pytest.raises(InputError, match=r"one run takes at least .* ask for fewer firms"):
            run_points(asked, store)
        free[0] = sum(bytes_of_run(asked[0].scenario, asked[0].horizon).values())
        with pytest.raises(InputError, match=r"--workers = 3: .* write 1 or less"):
            run_points(asked, store, workers=3)
        assert not store.known()
        assert not run_points(asked, store, workers=1).failed


def test_what_this_machine_has_is_asked_of_it(tmp_path: Path):
    assert capacity.free_memory() > 10**6
    assert capacity.free_disk(tmp_path / "not" / "there") > 10**6
