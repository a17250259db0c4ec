"""C2 Brokers of cluster and consortium programmes."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.interaction import PEER
from model.theory.joint_action import brokered
from model.world.tables import ACROSS, LOCAL
from tests.theory.records import anywhere, neutral_params, params, shares
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    TWO,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

STILL = {"gain": 0, "fade": 0, "disuse": 0}


def programme(budget=2.0, **what):
    return {"instruments": {"brokers": {"kind": "consortium", "budget": budget, **what}}}


@given(shares)
def test_neutral_trust_is_what_it_was(trust):
    assert brokered(trust, neutral_params("joint_action")) == trust


def test_neutral_equals_a_world_without_the_instrument():
    """But for who took part: brokers hold their projects, and nothing comes of them."""
    none, off = (live(scenario(ONE, neutral("joint_action"), *x), 8) for x in ((), (programme(),)))
    assert off.world.firms.programmes.any()
    assert same(none, off, "programmes")


@given(shares, anywhere("joint_action"))
def test_brokers_raise_trust_and_never_beyond_1(trust, numbers):
    assert trust <= brokered(trust, numbers) <= 1


def test_a_project_closes_a_share_of_the_gap():
    assert brokered(0.5, params(joint_action={"push": 0.2})) == pytest.approx(0.6)


def test_as_many_ties_are_brokered_as_money_pays_for():
    """From no trust at all, each project of push 1 makes full trust of one tie at most."""
    sure = parameters(joint_action=STILL | {"push": 1.0, "broker": 0.1})
    nobody = {"communities": {"here": {"trust": 0.0}}}
    ties = live(scenario(ONE, sure, nobody, programme(budget=0.5)), 1).world.ties
    assert set(np.unique(ties.trust)) == {0.0, 1.0}
    assert 1 <= (ties.trust == 1).sum() <= 5


def test_brokers_bring_neighbours_together_where_they_work_and_nobody_else():
    across = {"across": {"ties": 3.0}}
    here = programme(budget=50.0, communities=["here"])
    world = live(scenario(ONE, TWO, parameters(joint_action=STILL), across, here), 4).world
    ties = world.ties
    home = world.firms.community[ties.a] == 0
    assert (ties.trust[(ties.kind == LOCAL) & home] > 0.9).all()
    for others in ((ties.kind == LOCAL) & ~home, ties.kind == ACROSS):
        assert others.any()
        assert (ties.trust[others] == ties.usual[others]).all()


def test_neighbours_act_together_more_and_know_no_more_together():
    """MP17: joint action without longer-term learning."""
    closed = (
        ONE,
        NO_SOURCES,
        NO_TURNOVER,
        NO_UNLEARNING,
        parameters(interaction={"rate": {"peer": 1}}),
    )
    apart = {"communities": {"here": {"labour_mobility": 0.0}}}
    start = live(scenario(*closed, apart), 0).world.firms.mastered
    told = [live(scenario(*closed, apart, *x), 12) for x in ((), (programme(),))]
    lessons = [(lives.ledger["channel"] == PEER).sum() for lives in told]
    assert lessons[1] > lessons[0]
    for lives in told:
        together = np.bitwise_or.reduce(lives.world.firms.mastered, axis=0)
        assert (together == np.bitwise_or.reduce(start, axis=0)).all()
