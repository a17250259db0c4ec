"""G7 A select few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.favour import collaborates, favoured_number, is_favoured
from model.theory.interaction import BUYER, TAUGHT
from model.theory.practices import PROCESS
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT
from model.theory.support import GOVERNANCE, HIERARCHY, NETWORK, meets_buyer
from tests.theory.records import (
    aid,
    any_dimension,
    any_mask,
    anywhere,
    chain,
    firm,
    neutral_params,
    params,
    practices,
    sector,
    shares,
)
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

LITTLE_TACIT = {"sectors": {"trade": {"tacitness": by_dimension(0.4, 0.0, 0.0, 0.0)}}}
TRADE = sector(tacitness=(0.5,) * 4)
modes = st.sampled_from(range(4))


def supplying(mode, favoured):
    return (
        ONE,
        NO_TURNOVER,
        {
            "sectors": {
                "trade": {
                    "holds": {d: {"buyer": 1.0} for d in by_dimension(0)},
                    "tacitness": by_dimension(0.9),
                }
            },
            "communities": {"here": {"market_access": 1.0}},
            "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
        },
        parameters(
            favour={"favoured": favoured},
            road={"neglect": 0},
            interaction={"rate": {"buyer": 1.0}, "translation": 0},
        ),
    )


@given(modes, st.integers(0, 1000))
def test_neutral_every_supplier_is_favoured(mode, n):
    leader = chain(governance=mode, suppliers=n)
    assert favoured_number(leader, TRADE, neutral_params("favour")) == n


@given(modes, any_mask, any_dimension)
def test_neutral_a_favoured_supplier_is_taught_as_support_says(mode, mask, d):
    numbers, leader = neutral_params("favour"), chain(governance=mode, favoured_from=0.0)
    me = firm(mastered=(mask,) * 4)
    assert collaborates(me, leader, d, 7, False, TRADE, numbers) == meets_buyer(
        leader, d, 7, TRADE, numbers
    )


def test_neutral_equals_a_world_whose_leaders_choose_nobody():
    """Markets teach nobody, owners and partners everybody: whom they would favour makes no difference."""
    for mode in ("market", "hierarchy", "network"):
        few, all_ = (live(scenario(*supplying(mode, share)), 8) for share in (0.3, 1.0))
        assert same(few, all_)
    off = live(scenario(*supplying("quasi_hierarchy", 0.3), neutral("favour")), 8)
    assert same(off, live(scenario(*supplying("quasi_hierarchy", 1.0)), 8))
    assert not off.world.chains.favoured_from.any()


@given(modes, st.integers(0, 1000), shares, anywhere("favour"))
def test_the_favoured_are_suppliers_and_all_of_them_within_a_firm(mode, n, paid, numbers):
    leader = chain(governance=mode, suppliers=n, aid=aid(SUPPLIER_DEVELOPMENT, paid))
    favoured = favoured_number(leader, TRADE, numbers)
    assert 0 <= favoured <= n
    assert favoured >= favoured_number(chain(governance=mode, suppliers=n), TRADE, numbers)
    if mode in (HIERARCHY, NETWORK):
        assert favoured == n


@given(any_mask, any_mask, shares)
def test_the_abler_is_favoured_if_the_weaker_is(mask, more, threshold):
    leader = chain(favoured_from=threshold)
    weak, able = (firm(mastered=(m,) * 4) for m in (mask, mask | more))
    assert is_favoured(able, leader) or not is_favoured(weak, leader)


def test_others_are_not_taught_at_all():
    leader = chain(governance=NETWORK, favoured_from=0.5)
    assert collaborates(firm(), leader, PROCESS, 0, False, TRADE, params()) == 0
    assert collaborates(firm(), leader, PROCESS, 0, True, TRADE, params()) > 0  # took part (I7)


@pytest.mark.parametrize(
    ("tacit", "asked", "number"), [(0, 0, 3), (1, 0, 10), (0.7, 0.12, 7), (1, 1, 3)]
)
def test_the_more_a_leader_relies_on_tacit_skill_the_more_it_helps(tacit, asked, number):
    """GPR05 section 5c i: buyers who rely on their suppliers' skills have to help them."""
    trade, leader = sector(tacitness=(tacit,) * 4), chain(governance=2, suppliers=10)
    leader.entry_standard = asked
    assert favoured_number(leader, trade, params(favour={"favoured": 0.3})) == number


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_only_the_favoured_share_learns_from_the_buyer_the_ablest_of_all(share):
    """MP17, second concern: a select few that made investments before.

    All attend to what the buyer teaches and take it up, so that some have lessons in a year;
    and nobody else teaches, for who learned enough elsewhere would be among the favoured too.
    """
    keen = parameters(
        absorption={"floor": 1},
        attention={"weight": by_dimension(1, 0, 0, 0)},
        interaction={"rate": dict.fromkeys(TAUGHT, 0) | {"buyer": 1}},
    )
    leader = supplying("quasi_hierarchy", share)
    lives = live(scenario(*leader, NO_UNLEARNING, keen, LITTLE_TACIT), 0, horizon=4)
    firms = lives.world.firms
    firms.mastered[:, PROCESS] = [practices(1, n) for n in range(1, 13)]
    firms.mastered[:, 1:] = 0
    lives.advance(4)
    assert (firms.contract[:, 0] == 0).all()
    taught = np.unique(lives.ledger["firm"][lives.ledger["channel"] == BUYER])
    favoured = int(12 * (share + 0.2 * (1 - share)) + 0.5)
    assert len(taught) > 0
    assert set(taught) <= set(range(12 - favoured, 12))


def test_the_majority_hear_what_is_asked_and_not_how():
    hardly = {"sectors": {"trade": {"tacitness": by_dimension(0.06, 0.0, 0.0, 0.0)}}}
    none = live(scenario(*supplying("quasi_hierarchy", 0.0), hardly), 8)
    assert BUYER not in none.ledger["channel"]
    assert (none.world.firms.aware[:, PROCESS] == 2**48 - 1).any()
    assert GOVERNANCE[none.world.chains.governance[0]] == "quasi_hierarchy"
