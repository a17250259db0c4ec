"""Driving many runs: progress, interrupts, horizons, and room for what is booked."""

import gc
import sys

import numpy as np
import pytest

from model.engine import ensemble as driver
from model.engine.ensemble import Ensemble
from model.world.build import TABLES, build
from tests.worlds import EVERYTHING, ONE, fingerprint, live, scenario

FULL = scenario(*EVERYTHING)
TICKS = 8
RUNS = range(20)


@pytest.mark.parametrize("workers", [1, 3])
def test_progress_adds_up_to_all_quarters_of_all_runs(workers):
    told = []
    ensemble = Ensemble(build([FULL], RUNS, 1), TICKS)
    ensemble.advance(5, workers, done=told.append)
    assert sum(told) == 5 * len(RUNS)
    ensemble.advance(TICKS, workers, done=told.append)
    assert sum(told) == TICKS * len(RUNS)
    assert (ensemble.world.runs.tick == TICKS).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_stops_after_a_piece_and_the_runs_can_go_on(monkeypatch, workers):
    """Whole quarters only: what was interrupted goes on as if it had not been."""
    monkeypatch.setattr(driver, "_PIECE", 1)
    ensemble = Ensemble(build([FULL], RUNS, 1), TICKS)

    def interrupted(_quarters):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble.advance(TICKS, workers, done=interrupted)
    assert ensemble.world.runs.tick.max() < TICKS
    ensemble.advance(TICKS, workers)
    assert fingerprint(ensemble) == fingerprint(live(FULL, TICKS, RUNS))


def test_small_pieces_equal_large_ones(monkeypatch):
    whole = fingerprint(live(FULL, TICKS, RUNS))
    monkeypatch.setattr(driver, "_PIECE", 1)
    assert fingerprint(live(FULL, TICKS, RUNS)) == whole


@pytest.mark.parametrize("workers", [1, 2])
def test_without_its_ledger_a_run_is_the_same_and_keeps_a_quarter(workers):
    kept = live(FULL, TICKS, RUNS)
    ensemble = Ensemble(build([FULL], RUNS, 1), TICKS, keeps_ledger=False)
    ensemble.advance(3, workers)  # and in parts
    ensemble.advance(TICKS, workers)
    for name in (*TABLES, "runs"):
        one, other = (np.asarray(getattr(each.world, name)) for each in (kept, ensemble))
        assert all((one[column] == other[column]).all() for column in one.dtype.names), name
    one, other = np.asarray(kept.series), np.asarray(ensemble.series)
    assert all(one[column].tobytes() == other[column].tobytes() for column in one.dtype.names)
    quarters = np.unique(kept.ledger[["run", "tick"]], return_counts=True)[1]
    assert len(kept.ledger) > 4 * quarters.max()
    assert all(ledger.used[0] <= quarters.max() for ledger in ensemble._ledgers)
    with pytest.raises(ValueError, match="was not kept; run them again with their ledger"):
        _ = ensemble.ledger


def test_a_horizon_moved_away_equals_one_that_was_far_from_the_start():
    ensemble = live(FULL, 3, RUNS)
    ensemble.extend(TICKS)
    ensemble.advance(TICKS)
    assert fingerprint(ensemble) == fingerprint(live(FULL, TICKS, RUNS))
    with pytest.raises(ValueError, match="nearer"):
        ensemble.extend(3)


def test_a_fortune_buys_twelve_visits_a_member_and_no_more_room_than_that():
    """The ledger has room for visits to the firms that there are, not for all that money buys."""
    rich = {"institutions": {"centre": {"budget": 1e9, "hour_price": 1e-6,
                                        "access": {"inclusive": True}}}}  # fmt: skip
    lives = live(scenario(ONE, rich), TICKS)
    members = (lives.world.firms.members & 1).sum()
    assert 12 * members == lives.series["visits"][-1] > 0
    assert sum(len(ledger.rows) for ledger in lives._ledgers) < 20_000


def test_zero_quarters_change_nothing():
    ensemble = live(FULL, 0, RUNS, horizon=TICKS)
    untouched = build([FULL], RUNS, 1)
    for column in untouched.firms.dtype.names:
        assert (ensemble.world.firms[column] == untouched.firms[column]).all()
    assert len(ensemble.ledger) == 0
    assert not np.frombuffer(ensemble.series.tobytes(), np.uint8).any()


def test_a_run_lets_go_of_its_tables_and_holds_them_till_then():
    """Compiled parts count no references: none may be lost or left over, whatever a quarter does."""
    lives = live(scenario(*EVERYTHING), 1, horizon=40)
    tables = [getattr(lives.world, name) for name in TABLES] + [lives.series]
    held = [sys.getrefcount(table) for table in tables]
    for until in range(2, 40):
        lives.advance(until)
    gc.collect()
    assert [sys.getrefcount(table) for table in tables] == held
