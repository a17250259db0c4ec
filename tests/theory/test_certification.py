"""I6 Standards with monitoring."""

import numpy as np
import pytest
from hypothesis import given

from model.theory.certification import certificate_after, meets_buyer_abroad, passes
from model.theory.practices import ALL, capability
from model.theory.selection import contact
from model.theory.value_added import DOMESTIC, GLOBAL
from tests.theory.records import (
    any_mask,
    anywhere,
    chain,
    community,
    firm,
    institution,
    neutral_params,
    params,
    shares,
)
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    history,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

SCHEME = {
    "institutions": {
        "scheme": {
            "budget": 20.0,
            "services": {"visit": 0.0, "test": 1.0},
            "certifies": 0.1,
            "access": {"inclusive": True},
        }
    }
}
ABROAD = {"chains": {"abroad": {"governance": "market", "orders": 1.0, "entry_standard": 0.0}}}
HOME = {"chains": {"abroad": {"reach": "domestic"}}}
HIDDEN = {"communities": {"here": {"market_access": 0.0}}}
EAGER = parameters(access={"take_up": 1}, certification={"signal": 1}, repository={"gather": 0})
WORLD = (ONE, NO_TURNOVER, NO_UNLEARNING, SCHEME, ABROAD, HIDDEN, EAGER)


@given(shares, shares)
def test_neutral_a_certificate_brings_nobody_together(access, level):
    me = firm(certified=level)
    without = meets_buyer_abroad(me, access, neutral_params("certification"))
    assert without == pytest.approx(access, abs=1e-15)


def test_neutral_equals_a_world_without_certificates():
    """A certificate counts twice: it brings together, and buyers need not inspect."""
    unseen = parameters(access={"take_up": 1})
    world = (ONE, SCHEME, ABROAD, unseen)
    none = {"institutions": {"scheme": {"certifies": 0.0}}}
    signals = [live(scenario(*world, x), 9) for x in (neutral("certification"), none)]
    assert (signals[0].world.firms.certified > 0).any()
    assert same(*signals, "certified")
    off = live(scenario(*world, none | neutral("certification")), 9)
    assert history(off) == history(signals[1])


@given(shares, shares, anywhere("certification"))
def test_contact_is_a_share_that_a_certificate_never_lowers(access, level, numbers):
    without, with_ = (meets_buyer_abroad(firm(certified=x), access, numbers) for x in (0.0, level))
    assert without == access
    assert access - 1e-15 <= with_ <= 1


def test_contact_in_closed_form():
    numbers = params(certification={"signal": 0.5})
    assert meets_buyer_abroad(firm(certified=0.3), 0.2, numbers) == pytest.approx(1 - 0.8 * 0.5)


@given(shares)
def test_a_certificate_counts_with_buyers_abroad_only(access):
    numbers, me = params(certification={"signal": 1}), firm(certified=0.3)
    place = community(market_access=access, places=1)
    assert contact(me, place, chain(reach=DOMESTIC), numbers) == access
    assert contact(me, place, chain(reach=GLOBAL), numbers) == 1


@given(any_mask, any_mask, shares)
def test_the_able_pass_and_only_an_institution_that_certifies_tests(process, product, level):
    me = firm(mastered=(process, product, 0, 0))
    assert passes(me, institution(certifies=level)) == (0 < level <= capability(me))
    assert not passes(firm(mastered=(ALL,) * 4), institution(certifies=0.0))


@given(any_mask, any_mask, any_mask)
def test_a_certificate_lasts_while_its_holder_masters_what_it_attests(process, product, left):
    """At the very threshold too: what a firm passes with, it keeps with."""
    me = firm(mastered=(process, product, 0, 0))
    scheme = institution(certifies=capability(me))
    me.certified = scheme.certifies
    assert certificate_after(me) == scheme.certifies
    me.mastered[0] &= left
    lapsed = capability(me) < scheme.certifies
    assert certificate_after(me) == (0 if lapsed else scheme.certifies)


def suppliers(*layers, ticks=9):
    return (live(scenario(*WORLD, *layers), ticks).world.firms.contract[:, 0] == 0).sum()


def test_a_certificate_opens_the_chains_of_buyers_abroad():
    """MP17: certification signalled to foreign firms the seriousness of the commitment."""
    none = {"institutions": {"scheme": {"certifies": 0.0}}}
    assert suppliers() > 0
    assert suppliers(none) == 0
    assert suppliers(HOME) == 0


def test_only_tested_members_that_are_able_are_certified_and_it_lapses():
    lives = live(scenario(*WORLD, neutral("interaction")), 0, horizon=6)
    firms = lives.world.firms
    able = np.arange(12) < 6
    firms.mastered[:] = np.where(able[:, None], ALL, 0)
    lives.advance(5)
    assert ((firms.certified > 0) == able).all()  # with so much money all are tested
    assert (firms.certified[able] == 0.1).all()
    firms.mastered[:] = 0
    lives.advance(6)
    assert not firms.certified.any()


def test_entrants_start_without():
    busy = parameters(
        resources={"patience": 1, "entry": 1, "endowment": 0}, wages={"reservation": 5}
    )
    lives = live(scenario(ONE, SCHEME, EAGER, busy), 0, horizon=6)
    lives.advance(5)
    lives.world.institutions.budget[:] = 0  # nobody is tested any more
    lives.advance(6)
    new = lives.world.firms[lives.world.firms.born == 6]
    assert len(new) > 0
    assert not new.certified.any()
