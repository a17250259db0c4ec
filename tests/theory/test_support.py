"""G2 Support."""

import pytest
from hypothesis import given

from model.theory.interaction import BUYER
from model.theory.practices import FUNCTIONAL, INTERSECTORAL, PROCESS, PRODUCT
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT
from model.theory.support import GOVERNANCE, HIERARCHY, MARKET, NETWORK, QUASI_HIERARCHY, support
from tests.theory.records import (
    aid,
    any_dimension,
    anywhere,
    chain,
    neutral_params,
    params,
    sector,
    shares,
)
from tests.worlds import NO_TURNOVER, ONE, by_dimension, history, live, neutral, scenario


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
