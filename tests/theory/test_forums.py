"""I5 Forums."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.forums import attendances, stay_in_touch
from model.theory.interaction import PEER
from model.world.tables import FORUM
from tests.theory.records import anywhere, draws, institution, neutral_params, params, shares
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    ONE,
    TWO,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

# Nothing is taught, so that only ties made at forums can carry practice between communities.
MEETINGS = (
    ONE,
    TWO,
    NO_TURNOVER,
    {
        "institutions": {
            "forum": {"budget": 10.0, "forums": 1.0, "access": {"inclusive": True}},
        }
    },
    parameters(access={"take_up": 1}, repository={"gather": 0}),
)
NO_FORUMS = {"institutions": {"forum": {"forums": 0.0}}}


def test_neutral_nobody_attends_or_stays_in_touch():
    numbers = neutral_params("forums")
    assert attendances(institution(forums=1.0, budget=10.0), 20, numbers) == 0
    assert not any(stay_in_touch(draw, numbers) for draw in draws(100, 1))


def test_neutral_in_a_world_forums_on_offer_make_no_difference():
    off = neutral("forums")
    offered, none = (live(scenario(*MEETINGS, off, *more), 8) for more in ((), (NO_FORUMS,)))
    for name in ("firms", "series", "ledger"):
        assert history(offered)[name] == history(none)[name]
    assert not (offered.world.ties.kind == FORUM).any()


@given(shares, st.integers(0, 50), st.floats(0, 10), st.floats(0, 5), anywhere("forums"))
def test_attendances_stay_within_members_and_half_the_money(share, n, public, cost, numbers):
    forum = institution(forums=share, budget=public, forum_cost=cost)
    seats = attendances(forum, n, numbers)
    assert 0 <= seats <= share * n
    assert seats * cost <= public / 2 * (1 + 1e-12)


def test_firms_stay_in_touch_as_often_as_stated():
    numbers = params(forums={"meeting": 0.3})
    share = np.mean([stay_in_touch(draw, numbers) for draw in draws(2000, 2)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def test_forums_tie_firms_of_different_communities_at_the_stated_trust():
    world = live(scenario(*MEETINGS, parameters(forums={"trust": 0.25})), 6).world
    made = world.ties[world.ties.kind == FORUM]
    assert len(made) > 0
    assert (world.firms.community[made.a] != world.firms.community[made.b]).all()
    assert (made.usual == 0.25).all()


def test_ties_made_at_forums_carry_practice_between_communities_by_themselves():
    """MP17: the direct channel between previously isolated communities."""
    trade = {"sectors": {"trade": {"tacitness": dict.fromkeys(
        ("process", "product", "functional", "intersectoral"), 0.0)}}}  # fmt: skip
    lively = (NO_SOURCES, trade, parameters(interaction={"rate": {"peer": 1}}, forums={"trust": 1}))

    def crossings(*layers):
        end = live(scenario(*MEETINGS, *lively, *layers), 8)
        told = end.ledger[end.ledger["channel"] == PEER]
        community = end.world.firms.community
        return (community[told["firm"]] != community[told["source"]]).sum()

    assert crossings() > 0
    assert crossings(NO_FORUMS) == 0
