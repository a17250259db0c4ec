"""G2 Support."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import BUYER, TAUGHT
from model.theory.practices import FUNCTIONAL, INTERSECTORAL, PROCESS, PRODUCT
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT
from model.theory.support import (
    GOVERNANCE,
    HIERARCHY,
    MARKET,
    NETWORK,
    QUASI_HIERARCHY,
    collaborates,
    favoured_number,
    is_favoured,
    meets_buyer,
    support,
)
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
    history,
    live,
    neutral,
    parameters,
    same,
    scenario,
)


def supplying(mode, **trade):
    """Everybody supplies one chain, whose leader holds every practice."""
    return {
        "sectors": {"trade": {"holds": {d: {"buyer": 1.0} for d in by_dimension(0)}, **trade}},
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
    }


def taught_by_buyers(world, ticks=8):
    ledger = live(world, ticks).ledger
    return ledger[ledger["channel"] == BUYER]


@pytest.mark.parametrize("mode", range(4), ids=GOVERNANCE)
def test_neutral_no_buyer_teaches(mode):
    tacit = sector(tacitness=(1.0,) * 4)
    for d in range(4):
        assert support(chain(governance=mode), d, 0, tacit, neutral_params("support")) == 0


@pytest.mark.parametrize("mode", GOVERNANCE)
def test_neutral_in_a_world_suppliers_learn_nothing_from_the_buyer(mode):
    world = scenario(ONE, supplying(mode), neutral("support"))
    assert len(taught_by_buyers(world)) == 0


def test_neutral_with_g3_c3_f2_m1_and_k6_in_a_world_governance_makes_no_difference():
    """Modes differ by support, guarding and what it costs, what they crowd out and take, and design."""
    off = neutral("support", "guarding", "local_leader", "value_added", "demand", "unlearning")
    lives = [history(live(scenario(ONE, NO_TURNOVER, supplying(m), off), 8)) for m in GOVERNANCE]
    for other in lives[1:]:
        for name in ("firms", "ties", "ledger"):
            assert other[name] == lives[0][name]


@given(any_dimension, shares, shares, anywhere("support"))
def test_support_is_a_share(d, tacit, asked, numbers):
    for mode in range(4):
        asking = chain(governance=mode, entry_standard=asked)
        assert 0 <= support(asking, d, 0, sector(tacitness=(tacit,) * 4), numbers) <= 1


def test_markets_neither_help_nor_hinder():
    assert (
        support(chain(governance=MARKET), PROCESS, 0, sector(tacitness=(1.0,) * 4), params()) == 0
    )
    assert len(taught_by_buyers(scenario(ONE, supplying("market")))) == 0


def test_quasi_hierarchies_teach_what_is_tacit_to_suppliers_that_may_fail():
    """GPR05 sections 3b and 5c: support where skill is tacit and capabilities are low."""
    numbers = params(support={"quasi_hierarchy": 0.8})

    def given_support(tacit, asked):
        leader = chain(governance=QUASI_HIERARCHY, entry_standard=asked)
        return support(leader, PROCESS, 0, sector(tacitness=(tacit,) * 4), numbers)

    assert given_support(1.0, 0.0) == 0.8
    assert given_support(0.5, 0.0) == pytest.approx(0.4)
    assert given_support(0.0, 0.0) == 0  # a codified standard is relayed only
    assert given_support(1.0, 1.0) == 0  # who contracts the able only leaves them to the market


def test_public_money_takes_the_place_of_the_leaders_own_interest():
    """P2: what the leader would not pay for, since the standard is codified, the programme pays."""
    numbers, codified = params(support={"quasi_hierarchy": 0.8}), sector()
    for paid, access in ((0.0, 0.0), (0.5, 0.4), (1.5, 0.8)):
        leader = chain(governance=QUASI_HIERARCHY, aid=aid(SUPPLIER_DEVELOPMENT, paid))
        assert support(leader, PROCESS, 0, codified, numbers) == pytest.approx(access)


@pytest.mark.parametrize("mode", [QUASI_HIERARCHY, HIERARCHY], ids=lambda m: GOVERNANCE[m])
def test_leaders_teach_process_and_product_only(mode):
    tacit = sector(tacitness=(1.0,) * 4)
    for d in (PROCESS, PRODUCT):
        assert support(chain(governance=mode), d, 0, tacit, params()) > 0
    for d in (FUNCTIONAL, INTERSECTORAL):
        assert support(chain(governance=mode), d, 0, tacit, params()) == 0


@pytest.mark.parametrize("mode", ["quasi_hierarchy", "hierarchy"])
def test_suppliers_of_leaders_learn_process_and_product_from_them(mode):
    taught = taught_by_buyers(scenario(ONE, supplying(mode, tacitness=by_dimension(0.9))))
    assert len(taught) > 0
    assert set(taught["dimension"]) <= {PROCESS, PRODUCT}


def test_networks_exchange_competence_of_every_kind():
    for d in range(4):
        assert support(chain(governance=NETWORK), d, 0, sector(), params()) > 0
    open_minded = {"parameters": {"absorption": {"step": 0, "lean": 0}}}
    taught = taught_by_buyers(scenario(ONE, supplying("network"), open_minded), 16)
    assert FUNCTIONAL in taught["dimension"]


def test_a_codified_standard_is_heard_and_not_taught():
    """GPR05 section 5c ii: leaders set the target and do not engage in supporting it."""
    world = scenario(ONE, supplying("quasi_hierarchy", tacitness=by_dimension(0.0)))
    assert len(taught_by_buyers(world)) == 0
    known = live(world, 8).world.firms.aware[:, PROCESS]
    assert (known == 2**48 - 1).any()


def test_neutral_support_does_not_end_with_the_first_stage():
    leader, numbers = chain(governance=QUASI_HIERARCHY), params(support={"later": 1.0})
    tacit = sector(tacitness=(0.7,) * 4)
    first, late = (support(leader, PROCESS, stage, tacit, numbers) for stage in (0, 4000))
    assert first == late > 0


def test_quasi_hierarchies_support_most_in_the_first_stages():
    """GPR05 section 5c i: crucial at first; three years, then half as much."""
    numbers, tacit = params(support={"first_stage": 12, "later": 0.5}), sector(tacitness=(1.0,) * 4)
    for mode, later in ((QUASI_HIERARCHY, 0.5), (HIERARCHY, 1), (NETWORK, 1)):
        leader = chain(governance=mode)
        new = support(leader, PROCESS, 11, tacit, numbers)
        assert new == support(leader, PROCESS, 0, tacit, numbers)
        assert support(leader, PROCESS, 12, tacit, numbers) == pytest.approx(later * new)


def test_in_a_world_old_suppliers_are_taught_no_more_where_support_ends():
    world = scenario(
        ONE, NO_TURNOVER, supplying("quasi_hierarchy", tacitness=by_dimension(0.9)),
        {"parameters": {"support": {"first_stage": 6, "later": 0.0}, "demand": {"contest": 0.0},
                        "outside_options": {"footloose": 0.0}}},
    )  # fmt: skip
    taught = taught_by_buyers(world, 16)
    assert len(taught) > 0
    assert taught["tick"].max() < 6  # all signed in the first quarter


# A select few

EVERYBODY = params(support={"favoured": 1})
LITTLE_TACIT = {"sectors": {"trade": {"tacitness": by_dimension(0.4, 0.0, 0.0, 0.0)}}}
TRADE = sector(tacitness=(0.5,) * 4)
modes = st.sampled_from(range(4))


def favouring(mode, favoured):
    """Suppliers of a leader who works with few of them, or with all."""
    return (
        ONE,
        NO_TURNOVER,
        supplying(mode, tacitness=by_dimension(0.9)),
        parameters(
            support={"favoured": favoured},
            road={"neglect": 0},
            interaction={"rate": {"buyer": 1.0}, "translation": 0},
        ),
    )


@given(modes, st.integers(0, 1000))
def test_neutral_every_supplier_is_favoured(mode, n):
    leader = chain(governance=mode, suppliers=n)
    assert favoured_number(leader, TRADE, EVERYBODY) == n


@given(modes, any_mask, any_dimension)
def test_neutral_a_favoured_supplier_is_taught_as_support_says(mode, mask, d):
    numbers, leader = EVERYBODY, chain(governance=mode, favoured_from=0.0)
    me = firm(mastered=(mask,) * 4)
    assert collaborates(me, leader, d, 7, False, TRADE, numbers) == meets_buyer(
        leader, d, 7, TRADE, numbers
    )


def test_neutral_equals_a_world_whose_leaders_choose_nobody():
    """Markets teach nobody, owners and partners everybody: whom they would favour makes no difference."""
    for mode in ("market", "hierarchy", "network"):
        few, all_ = (live(scenario(*favouring(mode, share)), 8) for share in (0.3, 1.0))
        assert same(few, all_)
    everybody = live(scenario(*favouring("quasi_hierarchy", 1.0)), 8)
    assert not everybody.world.chains.favoured_from.any()


@given(modes, st.integers(0, 1000), shares, anywhere("support"))
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
    assert favoured_number(leader, trade, params(support={"favoured": 0.3})) == number


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
    leader = favouring("quasi_hierarchy", share)
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
    none = live(scenario(*favouring("quasi_hierarchy", 0.0), hardly), 8)
    assert BUYER not in none.ledger["channel"]
    assert (none.world.firms.aware[:, PROCESS] == 2**48 - 1).any()
    assert GOVERNANCE[none.world.chains.governance[0]] == "quasi_hierarchy"
