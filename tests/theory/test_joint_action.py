"""C2 Joint action."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.access import ASSOCIATION
from model.theory.interaction import CONSULTANT, INPUTS, LABORATORY, MACHINERY, PEER, USER
from model.theory.joint_action import price_for, trust_after, trust_unused
from model.world.tables import LESSONS
from tests.theory.records import anywhere, community, firm, neutral_params, params, shares
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    ONE,
    fingerprint,
    holdings,
    live,
    neutral,
    scenario,
)


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


@pytest.mark.parametrize("wares", [0.0, 0.8])
def test_nobody_is_disappointed_by_a_supplier_or_user_who_has_nothing_to_show(wares):
    trade = holdings(inputs=wares, user=wares, machinery=wares)
    place = {"communities": {"here": {"local_inputs": 1.0, "local_machines": 1.0}}}
    near = {"sectors": {"trade": {"holds": trade, "local_inputs": 1.0}}}
    world = scenario(ONE, NO_TURNOVER, near, place)
    start, end = live(world, 0).world.firms, live(world, 8).world.firms
    moved = (start.backward != end.backward) | (start.forward != end.forward)
    assert moved.any() == (wares > 0)


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


# Common purchases


MEMBER = 1 << ASSOCIATION


@given(st.floats(0, 100), st.booleans())
def test_neutral_without_common_purchases_all_pay_the_local_price(asked, member):
    assert price_for(firm(members=MEMBER * member), asked, community()) == asked


@given(st.floats(0, 100), shares)
def test_members_pay_less_by_the_share_that_is_saved_and_others_all(asked, saved):
    place = community(purchases=saved)
    assert price_for(firm(members=MEMBER), asked, place) == pytest.approx(asked * (1 - saved))
    assert price_for(firm(members=0), asked, place) == asked
    assert price_for(firm(members=1), asked, place) == asked  # a member of another body


def shop(price=0.1, **place):
    """A trade in which machines and advice teach, and nothing else does, for so much a lesson."""
    return scenario(
        ONE,
        NO_TURNOVER,
        neutral("wages"),
        {
            "sectors": {
                "trade": {
                    "holds": holdings(machinery=0.8, consultant=0.8),
                    "machinery_price": price,
                    "consultant_price": price,
                    "local_inputs": 0.0,
                }
            },
            "communities": {"here": {"ties": 0, "labour_mobility": 0.0} | place},
        },
    )


def lessons_paid(**place):
    """What all firms paid for lessons in the first quarter, and who is a member."""
    lives = live(shop(**place), 1)
    members = lives.world.firms.members >> ASSOCIATION & 1 == 1
    return float(lives.series["paid"][0, LESSONS]), lives.world.firms.resources.copy(), members


def test_in_the_first_quarter_members_pay_for_the_same_lessons_what_is_left_of_the_price():
    full, *_ = lessons_paid(associated=1.0)
    assert full > 0
    for saved in (0.25, 1.0):
        assert lessons_paid(associated=1.0, purchases=saved)[0] == pytest.approx((1 - saved) * full)
        assert lessons_paid(associated=0.0, purchases=saved)[0] == lessons_paid(associated=0.0)[0]


def test_where_some_are_members_they_alone_keep_more():
    _, without, members = lessons_paid(associated=0.5)
    _, with_it, _ = lessons_paid(associated=0.5, purchases=0.5)
    assert 0 < members.sum() < len(members)
    saved = with_it - without
    assert (saved[~members] == 0).all()
    bought = np.rint(saved[members] / 0.05)  # lessons of half of .1 that were not paid
    assert saved[members] == pytest.approx(0.05 * bought, abs=1e-9)
    assert set(bought) <= {0, 1, 2}
    assert bought.sum() > 0


def test_who_could_not_pay_alone_buys_with_others():
    """The price is out of reach of each: members learn from machines and advisers, others never."""
    dear = {"price": 1.8, "purchases": 0.9}
    assert params().resources.endowment < dear["price"]
    for share in (0.0, 1.0):
        channels = set(live(shop(associated=share, **dear), 1).ledger["channel"])
        assert ({MACHINERY, CONSULTANT} <= channels) == (share > 0)


def test_an_association_may_begin_to_buy_on_the_way():
    later = {"timetable": {"joint": {"tick": 4, "communities": {"here": {"purchases": 1.0}}}}}
    world = shop(associated=1.0).model_dump(exclude_none=True)
    lives = live(scenario(world, later), 8)
    paid = lives.series["paid"][:, LESSONS]
    assert (paid[:4] > 0).all()
    assert (paid[4:] == 0).all()


def test_the_share_alone_moves_nothing_where_nobody_is_a_member():
    assert fingerprint_of(0.0, 0.9) == fingerprint_of(0.0, 0.0)
    assert fingerprint_of(0.5, 0.9) != fingerprint_of(0.5, 0.0)


def fingerprint_of(share, saved):
    lives = live(shop(associated=share, purchases=saved), 8)
    lives.world.communities.purchases = 0.0  # what was said is no result
    return fingerprint(lives)
