"""Rows that the engine asks memory for, which no result can show: those that it looks at soon."""

import numpy as np
import pytest

from model.compiler import DISABLED, ask_for, engine
from model.engine import ahead
from model.engine.run_tables import list_ties, room_for
from model.world.tables import FIRM
from tests.worlds import ONE, live, scenario

FIRMS = 30


@pytest.fixture
def asked(monkeypatch):
    """Which rows each firm's turn asks for, by the table they are of, and the world they are of."""
    world = live(scenario(ONE, {"communities": {"here": {"firms": FIRMS}}}), 0).world
    firms, ties, run = np.asarray(world.firms), world.ties, world.runs[0]
    room = room_for(world.runs)
    list_ties(len(firms), np.asarray(ties), run.used_ties, room.by_firm, room.scratch.queue)
    found = []
    for i in range(len(firms)):
        found.append({"firms": [], "ties": []})

        def note(table, row, byte, here=found[-1]):
            here["firms" if table is firms else "ties"].append(int(row))

        monkeypatch.setattr(ahead, "ask_for", note)
        ask = ahead.ask_for_neighbours
        getattr(ask, "py_func", ask)(i, firms, ties, room.by_firm)
    return found, ties[: run.used_ties]


def test_each_firms_ties_and_neighbours_are_asked_for_in_time(asked):
    found, ties = asked
    assert len(ties) > 0
    for i in range(2 * ahead._AHEAD, len(found)):
        own = {e for e, tie in enumerate(ties) if i in (tie.a, tie.b)}
        assert set(found[i - 2 * ahead._AHEAD]["ties"]) == own
        others = {int(ties[e].a + ties[e].b) - i for e in own}
        assert set(found[i - ahead._AHEAD]["firms"]) == others


def test_nobody_is_asked_for_beyond_the_last_firm(asked):
    found, _ = asked
    assert not any(turn["firms"] for turn in found[-ahead._AHEAD :])
    assert not any(turn["ties"] for turn in found[-2 * ahead._AHEAD :])


def test_what_neighbours_look_at_and_all_of_a_firm_lie_in_the_bytes_asked_for():
    looked_at = ("mastered", "place", "community", "contract", "active")
    last = max(FIRM.fields[name][1] + FIRM.fields[name][0].itemsize - 1 for name in looked_at)
    assert last < ahead._SEEN + 8  # rows and columns begin at multiples of eight, lines of 64 too
    assert 4 * ahead._LINE >= FIRM.itemsize > 3 * ahead._LINE


@engine
def ask_for_all(table):
    for row in range(len(table)):
        for byte in range(0, table.itemsize, 64):
            ask_for(table, row, byte)


@pytest.mark.skipif(DISABLED, reason="nothing is compiled")
def test_asking_changes_nothing():
    firms = np.asarray(live(scenario(ONE), 0).world.firms)
    before = firms.tobytes()
    ask_for_all(firms)
    assert firms.tobytes() == before
