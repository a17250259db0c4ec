"""C2 Joint action."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import INPUTS, LABORATORY, PEER, USER
from model.theory.joint_action import trust_after, trust_unused
from tests.theory.records import anywhere, neutral_params, params, shares
from tests.worlds import EVERYTHING, NO_TURNOVER, ONE, holdings, live, neutral, scenario


def test_neutral_trust_stays_as_it_was():
    numbers = neutral_params("joint_action")
    for trust in (0.0, 0.3, 1.0):
        assert trust_after(trust, True, 0.3, numbers) == trust
        assert trust_after(trust, False, 0.3, numbers) == trust
        assert trust_unused(trust, 0.3, numbers) == trust


def test_neutral_in_a_world_trust_and_resources_take_no_notice_of_meetings():
    world = scenario(*EVERYTHING, NO_TURNOVER, neutral("joint_action"))
    start, end = live(world, 0).world, live(world, 8).world
    used = end.runs[0].used_ties
    assert (end.ties.trust[:used] == end.ties.usual[:used]).all()
    assert (end.firms.backward == start.firms.backward).all()
    assert (end.firms.forward == start.firms.forward).all()


@given(shares, st.booleans(), shares, anywhere("joint_action"))
def test_trust_stays_within_0_and_1_and_moves_the_right_way(trust, paid, usual, numbers):
    after = trust_after(trust, paid, usual, numbers)
    assert 0 <= after <= 1
    assert after >= trust if paid else after <= trust


@given(shares, shares, st.integers(1, 30))
def test_trust_closes_in_on_1_geometrically_where_it_pays(trust, gain, meetings):
    numbers, start = params(joint_action={"gain": gain}), trust
    for _ in range(meetings):
        trust = trust_after(trust, True, 0.2, numbers)
    assert trust == pytest.approx(1 - (1 - start) * (1 - gain) ** meetings)


@given(shares, shares, shares, st.integers(1, 30))
def test_trust_sinks_back_to_a_share_of_what_is_usual(usual, fade, habit, meetings):
    numbers = params(joint_action={"fade": fade, "habit": habit})
    floor, start = habit * usual, max(0.9, habit * usual)
    trust = start
    for _ in range(meetings):
        trust = trust_after(trust, False, usual, numbers)
    assert trust == pytest.approx(floor + (start - floor) * (1 - fade) ** meetings)
    below = floor / 2  # what is below the floor already does not sink further
    assert trust_after(below, False, usual, numbers) == below


@given(shares, shares, anywhere("joint_action"))
def test_trust_in_disuse_sinks_but_not_below_the_floor(trust, usual, numbers):
    after = trust_unused(trust, usual, numbers)
    floor = numbers.joint_action.habit * usual
    assert min(trust, floor) - 1e-15 <= after <= trust
    assert trust > floor or after == trust


def test_half_of_what_was_built_up_is_left_after_35_years_of_disuse():
    numbers, trust = params(joint_action={"habit": 0}), 0.8
    for _ in range(4 * 35):
        trust = trust_unused(trust, 0.3, numbers)
    assert trust == pytest.approx(0.4, abs=0.01)


def test_ties_that_are_never_used_sink_quarter_by_quarter():
    idle = {"communities": {"here": {"trust": 0.8}}}
    off = {"parameters": {"interaction": {"rate": {"peer": 0}}, "joint_action": {"habit": 0.5}}}
    ties = live(scenario(ONE, idle, off), 5).world.ties
    assert ties.trust == pytest.approx(0.4 + 0.4 * (1 - params().joint_action.disuse) ** 5)


def test_the_reasons_given_for_the_defaults_are_true():
    """Ten good experiences close two thirds of the gap; trust is lost at half the pace."""
    trust = 0.0
    for _ in range(10):
        trust = trust_after(trust, True, 0.0, params())
    assert trust == pytest.approx(2 / 3, abs=0.05)
    assert params().joint_action.fade == params().joint_action.gain / 2


@pytest.mark.parametrize(
    ("trust", "channel", "source"),
    [("trust", PEER, None), ("backward", INPUTS, "inputs"), ("forward", USER, "user")],
)
def test_without_trust_there_is_no_joint_action(trust, channel, source):
    trade = {"sectors": {"trade": {"holds": holdings(**({source: 0.8} if source else {}))}}}
    for level in (0.0, 1.0):
        place = {"communities": {"here": {trust: level, "local_inputs": 1.0}}}
        world = scenario(ONE, trade, place, {"sectors": {"trade": {"local_inputs": 1.0}}})
        assert (channel in live(world, 8).ledger["channel"]) == (level > 0)


def test_membership_of_the_association_opens_the_laboratory():
    """Multilateral joint action (GPR05 section 5c ii)."""
    closed = {
        "sectors": {"trade": {"holds": holdings(laboratory=0.8), "open_laboratory": 0.0}},
        "communities": {"here": {"ties": 0, "labour_mobility": 0.0}},
    }
    for share in (0.0, 1.0):
        associated = {"communities": {"here": {"associated": share}}}
        world = scenario(ONE, closed, associated)
        assert (LABORATORY in live(world, 8).ledger["channel"]) == (share > 0)


def test_meetings_cost_effort():
    """Two worlds that differ in the cost of a meeting only: the dearer one leaves less."""
    place = {"communities": {"here": {"trust": 1.0}}}
    left = [
        live(
            scenario(ONE, place, {"parameters": {"joint_action": {"effort": effort}}}), 1
        ).world.firms.resources
        for effort in (0.0, 0.05)
    ]
    assert (left[0] >= left[1]).all()
    assert np.sum(left[0]) > np.sum(left[1])
