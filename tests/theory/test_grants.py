"""P1 Matching grants and credit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.grants import SELLERS, can_match, on_offer, own_part, project, worth_it
from model.theory.interaction import CONSULTANT, ENGINEERING, INPUTS, MACHINERY
from model.theory.practices import ALL, FUNCTIONAL, PROCESS, PRODUCT, RUNG_1
from model.theory.road import practice_value
from model.world.tables import NOBODY
from tests.theory.records import (
    any_dimension,
    any_mask,
    anywhere,
    firm,
    neutral_params,
    params,
    practices,
    sector,
)
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    holdings,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

money = st.floats(0, 100)


def market(mask=ALL, d=PROCESS, channel=MACHINERY):
    """A sector in which one source holds something in one dimension."""
    told = sector()
    told.holds[d, channel - ENGINEERING] = mask
    return told


def programme(budget=3.0, **what):
    return {"instruments": {"grants": {"kind": "grants", "budget": budget, **what}}}


def test_neutral_a_grant_of_nothing_asks_nothing():
    assert can_match(firm(resources=0.0), neutral_params("grants"))


def test_neutral_equals_a_world_without_the_instrument():
    """Nothing is spent either."""
    with_, without = (live(scenario(ONE, neutral("grants"), *x), 8) for x in ((programme(),), ()))
    assert same(with_, without)
    assert not with_.series["public_cost"].any()


@given(money, anywhere("grants"))
def test_who_can_match_holds_its_part_and_a_reserve_and_is_in_business(resources, numbers):
    enough = resources >= numbers.grants.reserve * own_part(numbers)
    assert can_match(firm(resources=resources), numbers) == enough
    assert not can_match(firm(active=0, resources=resources), numbers)


@given(any_mask, any_mask, any_dimension, st.sampled_from(SELLERS), anywhere("absorption"))
def test_the_market_offers_what_sellers_hold_and_the_firm_could_learn(
    holds, mastered, d, channel, numbers
):
    me = firm(mastered=(mastered,) * 4)
    told = on_offer(me, d, market(holds, d, channel), numbers)
    assert told & ~holds == 0
    assert told & mastered == 0
    assert on_offer(me, d, market(holds, d, INPUTS), numbers) == 0  # not for sale


def test_a_project_is_where_the_market_has_most_to_offer():
    trade = market(practices(1, 3), PROCESS)
    trade.holds[PRODUCT, CONSULTANT - ENGINEERING] = practices(1, 5)
    assert project(firm(), trade, params()) == PRODUCT
    able = firm(mastered=(0, practices(1, 4), 0, 0))
    assert project(able, trade, params()) == PROCESS


def test_what_lies_out_of_reach_makes_no_project():
    """K3: a design house has nothing to sell to a firm that does not master its products."""
    trade = market(ALL, FUNCTIONAL)
    assert not worth_it(firm(), trade, params())
    assert worth_it(firm(mastered=(0, RUNG_1, 0, 0)), trade, params())


def test_owners_weigh_their_part_against_what_practices_are_worth_to_them():
    """A practice is worth 0.9 / 48 a quarter for 20 quarters: three of them repay a unit."""
    assert (
        2 * practice_value(params()) * 20 < own_part(params()) < 3 * practice_value(params()) * 20
    )
    assert not worth_it(firm(), market(practices(1, 2)), params())
    assert worth_it(firm(), market(practices(1, 3)), params())
    assert not worth_it(firm(), sector(), params(grants={"match": 0}))  # nothing to learn


# Machines alone teach, processes alone, to which nobody attends but who has a project; and what one
# firm learns takes no customers from another.
QUIET = (
    ONE, NO_TURNOVER, NO_UNLEARNING, neutral("home_market"),
    {"sectors": {"trade": {"tacitness": by_dimension(0.0), "holds": holdings()}}},
    {"sectors": {"trade": {"holds": {"process": {"machinery": 1.0}}}}},
    {"communities": {"here": {"ties": 0, "labour_mobility": 0.0}}},
    parameters(
        resources={"volatility": 0.0, "cap": 100.0, "slack": 0}, absorption={"floor": 1},
        interaction={"rate": {"practice": 0}, "translation": 0},
        attention={"weight": by_dimension(0, 0, 0, 1)},
        grants={"grant": 0.5}, redundancy={"unscreened": 0},
    ),
)  # fmt: skip


def granted(resources, mastered, budget=3.0, ticks=1, **numbers):
    """What grants add to practices mastered, firm by firm, and to resources; and the lives."""
    told = []
    for money in (0.0, budget):
        world = scenario(*QUIET, programme(money), parameters(grants=numbers))
        lives = live(world, 0, horizon=ticks)
        lives.world.firms.resources[:] = resources
        lives.world.firms.mastered[:] = np.asarray(mastered)[:, None]
        lives.advance(ticks)
        told.append(lives)
    score = [np.bitwise_count(lives.world.firms.mastered).sum(axis=1) for lives in told]
    purse = [lives.world.firms.resources for lives in told]
    return score[1].astype(int) - score[0], purse[1] - purse[0], told[1]


def test_who_cannot_spare_its_part_gets_nothing():
    rich = np.arange(12) < 4
    gained, paid, lives = granted(np.where(rich, 5.0, 0.9), np.zeros(12, int))
    assert (gained > 0).tolist() == rich.tolist()
    assert (paid[~rich] == 0).all()
    assert lives.world.instruments.spent[0] == pytest.approx(2.0)  # four takers; money for six


def test_a_project_takes_the_firms_own_part_and_brings_its_visits():
    gained, paid, lives = granted(np.full(12, 5.0), np.zeros(12, int), visits=2)
    chosen = gained > 0
    assert chosen.sum() == 6
    assert (gained[chosen] == 2).all()  # codified, screened, at full effort: each visit teaches
    assert paid[chosen] == pytest.approx(np.full(6, -0.5), abs=0.05)  # and lessons raise earnings
    assert (paid[~chosen] == 0).all()
    assert (lives.world.firms.project == NOBODY).all()  # projects end with the quarter


def test_the_able_take_grants_up_first_and_the_rest_when_they_have_no_use_for_them():
    """MP17: fiscal and credit instruments benefit the most capable and induce further dualism."""
    able = np.arange(12) % 2 == 0
    start = np.where(able, practices(1, 8), 0)
    gained, _, _ = granted(np.full(12, 50.0), start)
    assert (gained > 0).tolist() == able.tolist()
    exhausted, _, _ = granted(np.full(12, 50.0), np.where(able, ALL, 0))
    assert (exhausted > 0).tolist() == (~able).tolist()


def test_equals_are_chosen_by_lot():
    winners = {
        tuple(granted(np.full(12, 5.0), np.zeros(12, int), budget=b)[0] > 0) for b in (1.0, 2.0)
    }
    assert all(winner != tuple(np.arange(12) < sum(winner)) for winner in winners)


def test_no_more_grants_are_given_in_a_quarter_than_there_are_firms_to_take_them():
    gained, _, lives = granted(np.full(12, 5.0), np.zeros(12, int), budget=1000.0)
    assert (gained > 0).all()
    assert lives.world.instruments.spent[0] == pytest.approx(12 * 0.5)
