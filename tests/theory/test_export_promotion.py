"""P3 Export promotion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.export_promotion import EXPORT_PROMOTION, promoted
from model.theory.selection import public_contact
from model.theory.value_added import DOMESTIC, GLOBAL
from tests.theory.records import aid, anywhere, chain, community, neutral_params, params, shares
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
