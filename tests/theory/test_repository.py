"""I1 Repository."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.interaction import INSTITUTION
from model.theory.practices import PRODUCT, RUNG_3
from model.theory.repository import frontier, gather
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anything,
    anywhere,
    draws,
    firm,
    institution,
    neutral_params,
    params,
    sector,
)
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    TWO,
    by_dimension,
    holdings,
    live,
    masks,
    neutral,
    parameters,
    scenario,
)

CENTRE = {
    "institutions": {"centre": {"budget": 30.0, "expertise": 0.0, "access": {"inclusive": True}}}
}
LOCAL = {"institutions": {"centre": {"reach": ["here"]}}}
# Nothing to learn from but the centre, and whatever it shows within reach is learned.
ALONE = (
    ONE,
    TWO,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    {
        "sectors": {"trade": {"tacitness": by_dimension(0.0), "start_fall": 0.0}},
        "communities": {
            name: {
                "firms": 8,
                "repertoire": 0.5,
                "ties": 0,
                "labour_mobility": 0.0,
                "information": 0.0,
            }
            for name in ("here", "there")
        },
    },
    parameters(
        interaction={"rate": {"practice": 0, "institution": 1}, "translation": 0},
        access={"take_up": 1},
        absorption={"floor": 1},
        resources={"slack": 0},
        road={"neglect": 0},
        attention={"weight": by_dimension(1, 0, 0, 0)},
    ),
)


@given(any_mask, any_dimension, any_draw)
def test_neutral_nothing_is_gathered(mask, d, draw):
    centre = institution()
    gather(centre, firm(mastered=(mask,) * 4), d, draw, neutral_params("repository"))
    assert not centre.repository.any()


def test_neutral_in_a_world_firms_live_as_without_the_institution():
    """A laboratory open to all leaves nothing that membership could open."""
    world = (
        ONE,
        NO_TURNOVER,
        {"sectors": {"trade": {"holds": holdings(laboratory=0.3), "open_laboratory": 1.0}}},
    )
    without = live(scenario(*world), 8).world.firms
    idle = live(scenario(*world, CENTRE, neutral("repository")), 8).world
    assert not idle.institutions.repository.any()
    for column in ("aware", "mastered", "resources", "wage"):
        assert (idle.firms[column] == without[column]).all()


@given(any_mask, any_mask, any_dimension, any_draw, anywhere("repository"))
def test_a_visit_gathers_at_most_one_practice_of_the_firm(held, mask, d, draw, numbers):
    centre = institution(repository=(held,) * 4)
    gather(centre, firm(mastered=(mask,) * 4), d, draw, numbers)
    added = int(centre.repository[d]) & ~held
    assert centre.repository[d] & held == held
    assert added & mask == added
    assert added.bit_count() <= 1


def test_practices_are_gathered_as_often_as_stated():
    numbers, able = params(repository={"gather": 0.6}), firm(mastered=(anything(0.4, 1),) * 4)
    gathered = 0
    for draw in draws(2000, 2):
        centre = institution()
        gather(centre, able, PRODUCT, draw, numbers)
        gathered += centre.repository[PRODUCT] != 0
    assert gathered / 2000 == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / 2000))


@given(any_dimension, any_mask)
def test_the_frontier_is_the_top_rung_whatever_the_trade_knows(d, known):
    assert frontier(sector(known=(known,) * 4), d) == RUNG_3


def test_a_repository_holds_only_what_firms_within_reach_have_mastered():
    end = live(scenario(*ALONE, CENTRE, LOCAL), 12)
    held = masks(end.world.institutions[:1], "repository")[0]
    ever = masks(live(scenario(*ALONE), 0).world.firms)
    for entry in end.ledger:
        ever[entry.firm, entry.dimension, entry.practice] = True
    here = end.world.firms.community == 0
    assert held.any()
    assert not (held & ~ever[here].any(axis=0)).any()


def test_a_local_institution_teaches_its_members_no_more_than_they_know_together():
    """MP17: it hands its members' own practice back to them until it is redundant."""
    start, end = (masks(live(scenario(*ALONE, CENTRE, LOCAL), t).world.firms) for t in (0, 24))
    assert (end[:8].any(axis=0) == start[:8].any(axis=0)).all()
    assert end[:8].sum() > start[:8].sum()
    assert (end[8:] == start[8:]).all()


def test_a_bridging_institution_keeps_teaching_when_a_local_one_runs_dry():
    """More communities, more that is new to each (MP17, autoparts)."""

    def learned(*layers):
        ledger = live(scenario(*ALONE, CENTRE, *layers), 24).ledger
        own = ledger[(ledger["channel"] == INSTITUTION) & (ledger["firm"] < 8)]
        return len(own)

    assert learned() > learned(LOCAL)
