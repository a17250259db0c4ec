"""G5 Governance moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.governance_shift import next_governance
from model.theory.practices import ALL, FUNCTIONAL, PROCESS, PRODUCT
from model.theory.support import GOVERNANCE, HIERARCHY, MARKET, NETWORK, QUASI_HIERARCHY
from tests.theory.records import (
    any_draw,
    anywhere,
    chain,
    draws,
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
    scenario,
)

SURE = params(governance_shift={"shift": 1})
DRAW = draws(1, 1)[0]
TACIT, CODIFIED = sector(tacitness=(0.8,) * 4), sector(tacitness=(0.2,) * 4)
STEERED = chain(governance=QUASI_HIERARCHY, steered=1, suppliers=5)


def supplying(mode="quasi_hierarchy", tacitness=0.5):
    return {
        "sectors": {"trade": {"tacitness": by_dimension(tacitness)}},
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": mode, "orders": 1.0, "entry_standard": 0.0}},
    }


WORLD = (
    ONE, NO_TURNOVER, NO_UNLEARNING, neutral("interaction", "guarding"),
    parameters(governance_shift={"shift": 1}),
)  # fmt: skip


@given(st.sampled_from(range(4)), shares, st.floats(0, 3), any_draw)
def test_neutral_governance_stays(mode, able, functional, draw):
    leader = chain(governance=mode, steered=1, suppliers=3)
    numbers = neutral_params("governance_shift")
    assert next_governance(leader, able, functional, TACIT, draw, numbers) == mode


def test_neutral_equals_a_world_in_which_no_leader_ever_steered():
    layers = ({"chains": {m: {"governance": m} for m in ("market", "network", "hierarchy")}}, ONE)
    moving, still = (
        live(scenario(*layers, x), 9)
        for x in (parameters(governance_shift={"shift": 1}), neutral("governance_shift"))
    )
    assert history(moving) == history(still)


def test_neutral_in_a_world_a_leader_of_able_suppliers_steers_on():
    lives = live(scenario(*WORLD[:3], supplying(), neutral("governance_shift")), 1, horizon=9)
    lives.world.firms.mastered[:] = ALL
    lives.advance(9)
    assert lives.world.chains.governance[0] == QUASI_HIERARCHY


@given(
    st.sampled_from(range(4)), st.booleans(), st.integers(0, 5), shares, st.floats(0, 3), shares,
    any_draw, anywhere("governance_shift"),
)  # fmt: skip
def test_hierarchies_stay_and_only_who_steered_once_steers_again(
    mode, steered, suppliers, able, functional, tacit, draw, numbers
):
    steered = steered or mode == QUASI_HIERARCHY
    leader = chain(governance=mode, steered=steered, suppliers=suppliers)
    trade = sector(tacitness=(tacit,) * 4)
    after = next_governance(leader, able, functional, trade, draw, numbers)
    assert after in range(4)
    if mode == HIERARCHY:
        assert steered or after == HIERARCHY
    if after != mode:
        assert suppliers > 0
        assert steered
        assert (after == QUASI_HIERARCHY) != (mode == QUASI_HIERARCHY)


def test_able_suppliers_with_functions_become_partners():
    assert next_governance(STEERED, 0.8, 1.0, TACIT, DRAW, SURE) == NETWORK
    assert next_governance(STEERED, 0.8, 0.5, TACIT, DRAW, SURE) == QUASI_HIERARCHY
    assert next_governance(STEERED, 0.6, 1.0, TACIT, DRAW, SURE) == QUASI_HIERARCHY


def test_where_a_standard_can_replace_steering_able_suppliers_face_a_market():
    assert next_governance(STEERED, 0.8, 0.0, CODIFIED, DRAW, SURE) == MARKET
    assert next_governance(STEERED, 0.8, 1.0, CODIFIED, DRAW, SURE) == NETWORK


@pytest.mark.parametrize("mode", [MARKET, NETWORK])
def test_suppliers_that_fall_back_are_steered_again(mode):
    once = chain(governance=mode, steered=1, suppliers=5)
    never = chain(governance=mode, steered=0, suppliers=5)
    assert next_governance(once, 0.5, 0.0, TACIT, DRAW, SURE) == QUASI_HIERARCHY
    assert next_governance(once, 0.6, 0.0, TACIT, DRAW, SURE) == mode  # habit holds for a while
    assert next_governance(never, 0.1, 0.0, TACIT, DRAW, SURE) == mode


def test_leaders_move_as_often_as_stated():
    numbers = params(governance_shift={"shift": 0.4})
    moved = [
        next_governance(STEERED, 1.0, 3.0, TACIT, d, numbers) == NETWORK for d in draws(2000, 2)
    ]
    assert np.mean(moved) == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / 2000))


@pytest.mark.parametrize(
    ("functions", "tacitness", "then"),
    [(16, 0.8, NETWORK), (0, 0.2, MARKET), (0, 0.8, QUASI_HIERARCHY)],
    ids=["network", "market", "as it was"],
)
def test_capable_suppliers_turn_a_quasi_hierarchy_and_weak_ones_turn_it_back(
    functions, tacitness, then
):
    """GPR05 section 2: governance is no fate, in either direction."""
    lives = live(scenario(*WORLD, supplying(tacitness=tacitness)), 1, horizon=9)
    firms, leader = lives.world.firms, lives.world.chains
    firms.mastered[:, [PROCESS, PRODUCT]] = ALL
    firms.mastered[:, FUNCTIONAL] = practices(1, functions)
    lives.advance(4)
    assert leader.governance[0] == QUASI_HIERARCHY  # reviewed once a year
    lives.advance(5)
    assert leader.governance[0] == then, GOVERNANCE[leader.governance[0]]
    firms.mastered[:, [PROCESS, PRODUCT]] = practices(1)
    lives.advance(9)
    assert leader.governance[0] == QUASI_HIERARCHY
