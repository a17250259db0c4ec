"""C3 Vertical ties crowd out horizontal ones."""

import pytest
from hypothesis import given

from model.theory.interaction import PEER
from model.theory.local_leader import horizontal
from model.theory.support import GOVERNANCE
from tests.theory.records import anywhere, neutral_params, params, shares
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    history,
    live,
    neutral,
    parameters,
    scenario,
)


def supplying(mode):
    """Everybody supplies one chain; who meets a neighbour pays the effort."""
    return {
        "communities": {"here": {"market_access": 1.0, "trust": 1.0}},
        "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
    }


def test_neutral_suppliers_of_a_leader_keep_all_their_joint_action():
    assert horizontal(1.0, neutral_params("local_leader")) == 1


def test_neutral_equals_a_world_without_leaders():
    for mode in ("market", "network"):
        world = (ONE, supplying(mode), neutral("governance_shift"))
        with_ = live(scenario(*world), 8)
        without = live(scenario(*world[:2], neutral("governance_shift", "local_leader")), 8)
        assert history(with_) == history(without)


@given(shares, shares, anywhere("local_leader"))
def test_what_is_left_is_a_share_that_falls_with_sales_to_leaders(led, more, numbers):
    low, high = sorted((led, more))
    assert 0 <= horizontal(high, numbers) <= horizontal(low, numbers) <= 1
    assert horizontal(0.0, numbers) == 1


def test_firms_wholly_tied_to_leaders_give_up_the_stated_share():
    numbers = params(local_leader={"crowding": 0.6})
    assert horizontal(1.0, numbers) == pytest.approx(0.4)
    assert horizontal(0.5, numbers) == pytest.approx(0.7)


def trust_used(mode, *layers):
    """What firms spend on meetings with neighbours in a year, at an effort of 0.1 a meeting."""
    costly = parameters(
        joint_action={"effort": 0.1, "gain": 0, "fade": 0, "disuse": 0},
        interaction={"rate": {"peer": 1}}, resources={"volatility": 0, "endowment": 4.0},
    )  # fmt: skip
    off = neutral("guarding", "support", "value_added", "governance_shift")
    world = (ONE, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING, supplying(mode), costly, off)
    return 12 * 4 - live(scenario(*world, *layers), 1).world.firms.resources.sum()


@pytest.mark.parametrize("mode", GOVERNANCE)
def test_suppliers_of_a_leader_meet_fewer_neighbours_others_meet_as_many(mode):
    spent = {
        crowding: trust_used(mode, parameters(local_leader={"crowding": crowding}))
        for crowding in (0.0, 1.0)
    }
    if mode in ("quasi_hierarchy", "hierarchy"):
        assert spent[1.0] < spent[0.0]
    else:
        assert spent[1.0] == spent[0.0]


def test_around_a_strong_leader_hardly_anybody_learns_from_a_neighbour():
    """GPR05 section 5a: horizontal joint action is almost inexistent in such clusters.

    Almost: what a supplier still sells at home leaves it free to meet (C3).
    """
    strong = parameters(local_leader={"crowding": 1})
    lessons = {
        mode: (
            live(scenario(ONE, NO_TURNOVER, supplying(mode), strong), 20).ledger["channel"] == PEER
        ).sum()
        for mode in ("hierarchy", "network")
    }
    assert lessons["network"] > 10
    assert lessons["hierarchy"] < lessons["network"] / 5
