"""Event 2: policy instruments spend when they are in force."""

import numpy as np
import pytest

from model.parameters import INSTRUMENTS
from tests.worlds import (
    EVERYTHING,
    MODES,
    NO_TURNOVER,
    ONE,
    TWO,
    history,
    live,
    parameters,
    scenario,
)

TICKS = 12
CENTRE = {"institutions": {"centre": {"budget": 1.0, "access": {"fee": 0.01}}}}
WORLD = (ONE, TWO, MODES, CENTRE, NO_TURNOVER)
every_kind = pytest.mark.parametrize("kind", INSTRUMENTS)


def policy(kind, **what):
    return {"instruments": {"policy": {"kind": kind, "budget": 1.1} | what}}


@every_kind
def test_an_instrument_spends_from_its_first_to_its_last_quarter(kind):
    lives = live(scenario(*WORLD, policy(kind, first=5, last=9)), 0, horizon=TICKS)
    spent = []
    for tick in range(1, TICKS + 1):
        lives.advance(tick)
        spent.append(float(lives.world.instruments.spent[0]))
    assert not any(spent[:5])
    assert all(spent[6:10])  # a grant is whole or none: a part of it comes by chance
    assert not any(spent[10:])
    assert not lives.world.communities.aid.any()
    assert not lives.world.chains.aid.any()


@every_kind
def test_an_instrument_to_come_makes_no_difference(kind):
    without, ahead = (live(scenario(*WORLD, *x), 6) for x in ((), (policy(kind, first=6),)))
    for name, rows in history(without).items():
        assert name == "instruments" or history(ahead)[name] == rows


@every_kind
def test_what_an_instrument_spends_is_booked_as_public_cost_where_it_applies(kind):
    where = policy(kind, communities=["there"])
    nothing = {"institutions": {"centre": {"budget": 0.0, "access": {"fee": 0.0}}}}
    lives = live(scenario(*WORLD, nothing, where), 0, horizon=TICKS)
    for tick in range(TICKS):
        lives.advance(tick + 1)
        here, there = lives.series.reshape(TICKS, 2)[tick]
        assert there.public_cost == pytest.approx(lives.world.instruments.spent[0])
        assert here.public_cost == here.private_cost == there.private_cost == 0
    assert lives.series["public_cost"].sum() > 0


@pytest.mark.parametrize("kind", ["grants", "export_promotion", "consortium"])
def test_on_average_an_instrument_spends_its_budget(kind):
    """Where nobody is short of takers; a fraction of a grant is one more by chance."""
    rich = parameters(resources={"endowment": 4.0}, grants={"grant": 0.5})
    lives = live(scenario(ONE, rich, policy(kind, budget=0.7)), 60)
    spread = {"grants": 0.5, "export_promotion": 0.0, "consortium": 0.1}[kind] / 2
    mean = lives.series["public_cost"].mean()
    assert mean == pytest.approx(0.7, abs=4 * spread / np.sqrt(60) + 1e-9)


def test_working_with_every_supplier_is_all_that_development_can_pay_for():
    lives = live(scenario(*WORLD, policy("supplier_development", budget=1000.0)), 3)
    cost = lives.world.parameters[0].supplier_development.cost
    suppliers = lives.world.chains.suppliers.sum()
    assert lives.world.instruments.spent[0] == pytest.approx(cost * suppliers)


@every_kind
def test_without_budget_an_instrument_is_as_good_as_absent(kind):
    """Every quarter of it, in a world with everything else in it."""
    others = {"instruments": {k: {"last": 0, "budget": 0.0} for k in INSTRUMENTS}}
    without = live(scenario(*EVERYTHING, others), 6)
    broke = live(scenario(*EVERYTHING, others, policy(kind, budget=0.0)), 6)
    for name, rows in history(without).items():
        assert name == "instruments" or history(broke)[name] == rows
