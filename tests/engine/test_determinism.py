"""The same world lives the same life, whoever else is computed, in which order, on which thread."""

import numpy as np
import pytest

from model.engine.ensemble import Ensemble, longer, new_ledger, tables_of_runs
from model.engine.run_tables import room_for
from model.engine.tick import advance
from model.world import tables as t
from model.world.build import build
from tests.worlds import EVERYTHING, MODES, ONE, fingerprint, history, live, scenario

FULL = scenario(*EVERYTHING)
SIMPLE = scenario(ONE, MODES)
TICKS = 13
REPLICATES = range(20)  # several blocks of runs


@pytest.fixture(scope="module")
def lives():
    return live(FULL, TICKS, REPLICATES)


def test_the_same_seed_gives_the_same_bytes(lives):
    assert fingerprint(live(FULL, TICKS, REPLICATES)) == fingerprint(lives)


def test_another_seed_gives_another_history(lives):
    other = live(FULL, TICKS, REPLICATES, seed=2)
    for run in REPLICATES:
        assert history(other, run)["ledger"] != history(lives, run)["ledger"]


def test_replicates_differ_from_each_other(lives):
    ledgers = {history(lives, run)["ledger"] for run in REPLICATES}
    assert len(ledgers) == len(REPLICATES)


def test_replicates_differ_in_everything_that_is_drawn():
    """Founders, their sizes, ties and sources: a replicate is another draw of the same world."""
    start = live(FULL, 0, (0, 1)).world
    one, other = start.slice(0), start.slice(1)
    assert (one.firms.mastered != other.firms.mastered).any()
    assert (one.firms.workers != other.firms.workers).any()
    assert (one.firms.members != other.firms.members).any()
    assert (one.sectors.holds != other.sectors.holds).any()
    assert set(zip(one.ties.a, one.ties.b, strict=True)) != set(
        zip(other.ties.a, other.ties.b, strict=True)
    )


@pytest.mark.parametrize("workers", [2, 4, 5])
def test_threads_make_no_difference(lives, workers):
    assert fingerprint(live(FULL, TICKS, REPLICATES, workers=workers)) == fingerprint(lives)


@pytest.mark.parametrize("replicate", [0, 9, 19])
def test_a_run_alone_equals_the_same_run_among_others(lives, replicate):
    """First or last in its block of runs, in the first or the last block."""
    assert history(live(FULL, TICKS, (replicate,))) == history(lives, replicate)


def test_a_run_does_not_know_which_other_worlds_are_computed():
    mixed = live([SIMPLE, FULL, SIMPLE], TICKS, (3, 4))
    assert history(mixed, 2) == history(live(FULL, TICKS, (3,)))
    assert history(mixed, 3) == history(live(FULL, TICKS, (4,)))
    assert history(mixed, 0) == history(mixed, 4) == history(live(SIMPLE, TICKS, (3,)))


def test_replicates_may_come_in_any_order(lives):
    shuffled = live(FULL, TICKS, (7, 2))
    assert history(shuffled, 0) == history(lives, 7)
    assert history(shuffled, 1) == history(lives, 2)


def test_pieces_equal_the_whole(lives):
    pieces = Ensemble(build([FULL], REPLICATES, 1), TICKS)
    for until in (1, 2, 6, 6, 12, TICKS):
        pieces.advance(until)
    assert fingerprint(pieces) == fingerprint(lives)


def test_a_ledger_that_must_grow_again_and_again_books_the_same():
    """Never more room than one quarter asks for, so that most quarters ask again."""
    still = FULL.model_copy(update={"timetable": {}})  # which is written between calls
    ensemble = Ensemble(build([still], (0, 1), 1), TICKS)
    w = ensemble.world
    tables = tables_of_runs(w, t.table(t.FIRM, len(w.firms)), ensemble.series)
    ledger, room, calls = new_ledger(), room_for(w.runs), 0
    while needed := advance(w.runs, 0, 2, TICKS, tables, w.parameters, ledger, room):
        calls += 1
        ledger = longer(ledger, needed)
    assert calls > TICKS
    expected = Ensemble(build([still], (0, 1), 1), TICKS)
    expected.advance(TICKS)
    assert (ledger.rows[: ledger.used[0]] == expected.ledger).all()


def test_what_others_left_in_the_room_changes_nothing(monkeypatch):
    def cluttered(runs):
        room = room_for(runs)
        for part in room:
            for array in part:
                array[...] = 77
        return room

    expected = fingerprint(live(FULL, TICKS, (0, 1)))
    monkeypatch.setattr("model.engine.ensemble.room_for", cluttered)
    assert fingerprint(live(FULL, TICKS, (0, 1))) == expected


def test_nobody_goes_beyond_the_horizon():
    with pytest.raises(ValueError, match="quarter 3 lies beyond the horizon of 2"):
        live(SIMPLE, 2).advance(3)


def test_the_ledger_is_in_order_of_runs_and_quarters(lives):
    ledger = lives.ledger
    assert (np.diff(ledger["run"]) >= 0).all()
    for run in REPLICATES:
        assert (np.diff(ledger["tick"][ledger["run"] == run]) >= 0).all()
