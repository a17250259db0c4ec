"""No firm is first, and none is taught other things, because of the row it stands in."""

import numpy as np
import pytest

from model.theory.interaction import INSTITUTION, PEER
from model.theory.practices import PROCESS, RUNG_1
from tests.worlds import (
    NO_SOURCES,
    NO_UNLEARNING,
    ONE,
    TWO,
    Layer,
    by_dimension,
    live,
    parameters,
    scenario,
)

RUNS = 400
EQUALS: Layer = {
    "communities": {name: {"firms": 10, "ties": 4, "trust": 1.0} for name in ("here", "there")},
    "sectors": {"trade": {"start": by_dimension(0.0)}},
}


def fair(counts, expected):
    """Chi-square: above its mean by five standard deviations about once in a million seeds."""
    degrees = len(counts) - 1
    return ((counts - expected) ** 2 / expected).sum() < degrees + 5 * np.sqrt(2 * degrees)


def test_a_quota_is_filled_from_any_row():
    club = {"institutions": {"club": {"budget": 1.0, "access": {"quota": 0.25}}}}
    eager = parameters(access={"take_up": 1.0})
    members = live(scenario(ONE, TWO, EQUALS, club, eager), 1, range(RUNS)).world.firms.members
    admitted = (members & 1).reshape(RUNS, 20)
    assert (admitted.sum(axis=1) == 5).all()
    assert fair(admitted.sum(axis=0), RUNS / 4)


@pytest.mark.parametrize("mode", ["market", "hierarchy"])
def test_orders_among_firms_of_equal_ability_go_to_any_row(mode):
    buyer = {"chains": {"buyer": {"governance": mode, "orders": 0.25, "entry_standard": 0.0}}}
    certain = {"communities": {name: {"market_access": 1.0} for name in ("here", "there")}}
    world = scenario(ONE, TWO, EQUALS, certain, buyer)
    supplies = live(world, 1, range(RUNS)).world.firms.contract[:, 0].reshape(RUNS, 20) == 0
    assert (supplies.sum(axis=1) == 5).all()
    assert fair(supplies.sum(axis=0), RUNS / 4)


def lessons(**layers: Layer) -> np.ndarray:
    """The ledger of a quarter in which firms that master nothing of process may learn rung 1.

    From staff who hold it, or else from neighbours: every second firm masters it.
    """
    sure = parameters(
        interaction={"rate": {"practice": 0}},
        attention={"weight": by_dimension(1, 0, 0, 0)},
        absorption={"floor": 1},
        resources={"slack": 0},
        access={"take_up": 1},
    )
    easy = {"sectors": {"trade": {"tacitness": by_dimension(0.0), "appropriability": 0.0}}}
    still = {"communities": {name: {"labour_mobility": 0.0} for name in ("here", "there")}}
    world = scenario(ONE, TWO, EQUALS, NO_SOURCES, NO_UNLEARNING, sure, easy, still, layers)
    lives = live(world, 0, range(RUNS), horizon=1)
    lives.world.institutions.repository[:, PROCESS] = RUNG_1
    if not layers:
        half = np.arange(len(lives.world.firms)) % 2 == 0
        lives.world.firms.mastered[half, PROCESS] = RUNG_1
    lives.advance(1)
    return lives.ledger


def test_what_staff_teach_does_not_depend_on_the_row():
    """Firm and practice are drawn apart, else each row would be taught its own part of the rung."""
    centre = {"institutions": {"centre": {"budget": 5.0, "access": {"inclusive": True}}}}
    taught = lessons(**centre)
    assert set(taught["channel"]) == {INSTITUTION}
    assert len(taught) > 2000
    assert abs(np.corrcoef(taught["firm"], taught["practice"])[0, 1]) < 4 / np.sqrt(len(taught))
    assert fair(np.bincount(taught["practice"], minlength=16), len(taught) / 16)


def test_what_peers_teach_does_not_depend_on_the_row():
    taught = lessons()
    assert set(taught["channel"]) == {PEER}
    assert len(taught) > 500
    for end in ("firm", "source"):
        assert abs(np.corrcoef(taught[end], taught["practice"])[0, 1]) < 4 / np.sqrt(len(taught))
    assert fair(np.bincount(taught["practice"], minlength=16), len(taught) / 16)


def test_staff_visit_any_member_alike():
    centre = {"institutions": {"centre": {"budget": 5.0, "access": {"inclusive": True}}}}
    taught = lessons(**centre)
    assert fair(np.bincount(taught["firm"], minlength=20), len(taught) / 20)
