"""K4 Redundancy."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.practices import ALL
from model.theory.redundancy import shown
from tests.theory.records import (
    any_draw,
    any_mask,
    anywhere,
    draws,
    neutral_params,
    params,
    practices,
)
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    live,
    masks,
    neutral,
    parameters,
    scenario,
)

# Neighbours are all there is to learn from, and whatever they show within reach is learned.
CLOSED = (
    ONE,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    {
        "sectors": {"trade": {"tacitness": by_dimension(0), "appropriability": 0.0}},
        "communities": {"here": {"trust": 1.0, "labour_mobility": 0.0, "information": 0.0}},
    },
    parameters(
        interaction={"rate": {"peer": 1, "practice": 0}, "translation": 0},
        seeking={"ability": 0, "rivalry": 0, "reciprocity": 0},
        absorption={"step": 0, "lean": 0, "floor": 1},
        resources={"slack": 0},
        road={"neglect": 0},
        attention={"weight": by_dimension(1, 0, 0, 0)},
    ),
)


@given(any_mask, any_mask, any_draw)
def test_neutral_every_meeting_finds_what_is_new_if_there_is_any(source, needed, draw):
    practice = shown(np.int64(source), np.int64(needed), draw, neutral_params("redundancy"))
    if source & needed:
        assert practice & source & needed
    else:
        assert bool(practice) == bool(source)


def test_neutral_in_a_world_every_neighbour_with_something_new_teaches_it():
    """One neighbour, sure to be met: all that it has to teach is learned, one a quarter."""
    pair = {"communities": {"here": {"firms": 2, "ties": 1}}}
    start = live(scenario(*CLOSED, pair), 0).world.firms.mastered[:, 0]
    missing = [int(start[1 - i] & ~start[i]).bit_count() for i in range(2)]
    ledger = live(scenario(*CLOSED, pair, neutral("redundancy")), 16).ledger
    for i in range(2):
        assert list(ledger["tick"][ledger["firm"] == i]) == list(range(missing[i]))


@given(any_mask, any_mask, any_draw, anywhere("redundancy"))
def test_a_source_shows_one_practice_of_its_own(source, needed, draw, numbers):
    practice = int(shown(np.int64(source), np.int64(needed), draw, numbers))
    assert practice & source == practice
    assert practice.bit_count() == (source != 0)


def test_a_peer_that_knows_the_same_teaches_nothing():
    same = np.int64(practices(1, 9))
    for draw in draws(100, 1):
        assert shown(same, np.int64(ALL) & ~same, draw, params()) & ~same == 0


@pytest.mark.parametrize("new", [0, 4, 12])
def test_unscreened_meetings_teach_as_often_as_the_source_is_new(new):
    """Closed form: the share of meetings that teach is |new within reach| / |source|."""
    source = np.int64(practices(1, 12))
    needed = np.int64(practices(1, new))
    numbers = params(redundancy={"unscreened": 1})
    taught = [shown(source, needed, draw, numbers) & needed != 0 for draw in draws(2000, 2)]
    assert np.mean(taught) == pytest.approx(new / 12, abs=4 * np.sqrt(0.25 / 2000))


def test_a_closed_network_runs_dry_at_what_its_members_knew_together():
    """MP17: redundant knowledge in closed local networks."""
    start, end = live(scenario(*CLOSED), 0), live(scenario(*CLOSED), 24)
    together = masks(start.world.firms)[:, 0].any(axis=0)
    assert (
        masks(end.world.firms)[:, 0].any(axis=0) == together
    ).all()  # nothing comes from outside
    learned = np.bincount(end.ledger["tick"], minlength=24)
    early, late = learned[:6].sum(), learned[-6:].sum()
    assert early > 0
    assert late < early / 3
