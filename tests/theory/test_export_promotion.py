"""P3 Export promotion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.export_promotion import EXPORT_PROMOTION, promoted, taken_abroad
from model.theory.practices import PROCESS, PRODUCT
from model.theory.road import LOW
from model.theory.selection import contact, public_contact
from model.theory.value_added import DOMESTIC, GLOBAL
from tests.theory.records import (
    aid,
    anywhere,
    chain,
    community,
    firm,
    neutral_params,
    params,
    shares,
)
from tests.worlds import NO_TURNOVER, ONE, live, neutral, parameters, same, scenario

money, firms = st.floats(0, 1000), st.integers(1, 1000)
HIDDEN = {"communities": {"here": {"market_access": 0.0}}}


def buyer(**what):
    return {
        "chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0} | what}
    }


def programme(budget=100.0):
    return {"instruments": {"fairs": {"kind": "export_promotion", "budget": budget}}}


@given(shares, money, firms)
def test_neutral_market_access_is_what_it_was(access, spent, n):
    numbers = neutral_params("export_promotion")
    assert promoted(access, spent, n, numbers) == pytest.approx(access, abs=1e-15)


def test_neutral_equals_a_world_without_the_instrument():
    world = (ONE, NO_TURNOVER, buyer(), neutral("export_promotion"))
    assert same(*(live(scenario(*world, *x), 9) for x in ((), (programme(),))))


@given(shares, money, money, firms, anywhere("export_promotion"))
def test_contact_is_a_share_that_money_raises(access, spent, more, n, numbers):
    less = promoted(access, spent, n, numbers)
    assert access - 1e-12 <= less <= promoted(access, spent + more, n, numbers) + 1e-12
    assert less <= 1


def test_contact_in_closed_form():
    numbers = params(export_promotion={"effect": 0.5, "cost": 0.1})
    assert promoted(0.2, 0.5, 10, numbers) == pytest.approx(1 - 0.8 * (1 - 0.5 * 0.5))
    assert promoted(0.2, 1.0, 10, numbers) == promoted(0.2, 9.0, 10, numbers) == pytest.approx(0.6)


@given(shares, st.floats(0, 5))
def test_it_brings_buyers_from_abroad_only(access, spent):
    place = community(market_access=access, aid=aid(EXPORT_PROMOTION, spent), places=10)
    assert public_contact(place, chain(reach=DOMESTIC), params()) == access
    assert public_contact(place, chain(reach=GLOBAL), params()) == promoted(
        access, spent, 10, params()
    )


def suppliers(*layers):
    sure = parameters(export_promotion={"effect": 1})
    world = scenario(ONE, NO_TURNOVER, HIDDEN, sure, *layers)
    return (live(world, 1).world.firms.contract[:, 0] == 0).sum()


def test_contacts_abroad_are_of_use_to_who_is_good_enough():
    """MP17: export programmes demand capabilities beforehand."""
    assert suppliers(buyer()) == 0
    assert suppliers(buyer(), programme()) == 12
    assert suppliers(buyer(entry_standard=0.9), programme()) == 0
    assert suppliers(buyer(reach="domestic"), programme()) == 0


AIMED = {
    "instruments": {"fairs": {"quota": 0.25, "participants": "chosen"}}
}  # three firms of twelve


def lived(*layers, quarters=9, budget=1.0, **what):
    aimed = {"instruments": {"fairs": AIMED["instruments"]["fairs"] | what}}
    return live(
        scenario(ONE, NO_TURNOVER, HIDDEN, buyer(), programme(budget), aimed, *layers), quarters
    )


def test_who_is_taken_meets_buyers_as_under_a_full_programme_and_nobody_else_does():
    numbers = params(export_promotion={"effect": 0.5})
    assert taken_abroad(0.2, numbers) == pytest.approx(promoted(0.2, 1e9, 1, numbers))
    place = community(market_access=0.2, aid=aid(EXPORT_PROMOTION, 0.0), places=10)
    for reach, taken, expected in (
        (GLOBAL, 1, 0.6), (GLOBAL, 0, 0.2), (DOMESTIC, 1, 0.2), (DOMESTIC, 0, 0.2),
    ):  # fmt: skip
        me = firm(promoted=taken)
        assert contact(me, place, chain(reach=reach), numbers) == pytest.approx(expected)


def test_only_who_is_taken_sells_abroad_where_nobody_else_meets_a_buyer():
    lives = lived(quarters=41)
    firms = lives.world.firms
    taken = firms.programmes & 1 == 1
    assert taken.sum() == lives.world.instruments.joined[0] == 3
    sells = (firms.contract != -1).any(axis=1)
    assert sells.any()
    assert not (sells & ~taken).any()
    assert lives.series["public_cost"][-1] == pytest.approx(3 * 0.1)


def test_the_ablest_are_taken_where_they_are_chosen_and_by_lot_anybody():
    start = lived(quarters=0).world.firms
    able = np.bitwise_count(start.mastered[:, [PROCESS, PRODUCT]]).sum(axis=1)
    chosen = lived(quarters=1).world.firms.programmes & 1 == 1
    assert able[chosen].min() >= able[~chosen].max()
    drawn = lived(quarters=1, participants="drawn").world.firms.programmes & 1 == 1
    assert drawn.sum() == 3
    assert set(np.flatnonzero(drawn)) != set(np.flatnonzero(chosen))


def test_no_more_are_taken_than_money_pays_for():
    lives = lived(budget=0.2, quota=1.0, participants="drawn")
    spent = lives.series["public_cost"]
    assert ((spent - 0.2) < 1e-9).all()
    assert lives.world.firms.promoted.sum() == 2


def test_the_low_road_is_not_taken_where_firms_select_themselves():
    resigned = parameters(road={"hope": 0.0, "confidence": 0.0, "comfort": 100.0, "foresight": 1})
    lives = lived(resigned, quarters=10, quota=1.0, participants="self_selected", budget=10.0)
    firms = lives.world.firms
    low = firms.road == LOW
    assert low.sum() > 0
    assert (firms.promoted == ~low).all()
    drawn = lived(resigned, quarters=10, participants="drawn", quota=1.0, budget=10.0)
    assert drawn.world.firms.promoted.all()
