"""Firms read each other as they were at the end of the quarter before, whatever their row."""

import numpy as np
import pytest

from model.theory.interaction import PEER
from model.theory.practices import PROCESS
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    Layer,
    by_dimension,
    live,
    parameters,
    scenario,
)

# All are tied to the first, and every meeting teaches what is new.
STAR: tuple[Layer, ...] = (
    ONE,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    {
        "sectors": {
            "trade": {
                "start": by_dimension(0.0), "tacitness": by_dimension(0.0), "appropriability": 0.0
            }
        },
        "communities": {
            "here": {"topology": "star", "trust": 1.0, "labour_mobility": 0.0, "information": 0.0}
        },
    },
    parameters(
        interaction={"rate": {"peer": 1, "practice": 0}},
        absorption={"floor": 1},
        attention={"weight": by_dimension(1, 0, 0, 0)},
        resources={"slack": 0},
        redundancy={"unscreened": 0},
        road={"neglect": 0},
    ),
)  # fmt: skip


@pytest.mark.parametrize("knower", [0, 1, 5, 11])
def test_practice_travels_one_tie_a_quarter(knower):
    """From a leaf to the centre, and only then to the leaves behind it, later rows included."""
    lives = live(scenario(*STAR), 0, horizon=2)
    lives.world.firms.mastered[knower, PROCESS] = 1
    knows = np.arange(12) == knower
    for tick in (1, 2):
        knows = knows | knows[0] | (knows.any() & (np.arange(12) == 0))
        lives.advance(tick)
        assert (lives.world.firms.mastered[:, PROCESS] == knows).all()
    assert set(lives.ledger["channel"]) == {PEER}


def test_neighbours_can_swap_practices_in_one_quarter():
    lives = live(scenario(*STAR, {"communities": {"here": {"firms": 2}}}), 0, horizon=1)
    lives.world.firms.mastered[:, PROCESS] = (0b01, 0b10)
    lives.advance(1)
    assert list(lives.world.firms.mastered[:, PROCESS]) == [0b11, 0b11]
