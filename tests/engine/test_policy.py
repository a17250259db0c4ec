"""Events 1 and 2: the timetable changes the world when it says, and instruments spend when in force."""

import numpy as np
import pytest

from model.world import tables as t
from tests.worlds import (
    CHANGED,
    EVERYTHING,
    INSTRUMENT_KINDS,
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
RIVALS = {"chains": {mode: {"outside": 0.2} for mode in MODES["chains"]}}
WORLD = (ONE, TWO, MODES, RIVALS, CENTRE, NO_TURNOVER)
TARGETS = {"chains": "network", "communities": "there", "institutions": "centre"}
CHANGES = [(table, column) for table, columns in CHANGED.items() for column in columns]
every_change = pytest.mark.parametrize(
    ("table", "column"), CHANGES, ids=[f"{table}.{column}" for table, column in CHANGES]
)
every_kind = pytest.mark.parametrize("kind", INSTRUMENT_KINDS)


def change(table, column, tick):
    targets = {TARGETS[table]: {column: CHANGED[table][column]}}
    return {"timetable": {"change": {"tick": tick, table: targets}}}


def policy(kind, **what):
    return {"instruments": {"policy": {"kind": kind, "budget": 1.1} | what}}


def test_the_worlds_of_these_tests_change_all_that_a_timetable_can():
    assert {table: set(columns) for table, columns in CHANGED.items()} == {
        table: set(columns) for table, columns in t.CHANGES.items()
    }


@every_change
def test_a_number_changes_exactly_at_its_quarter_and_nothing_else_does(table, column):
    when = 5
    lives = live(scenario(*WORLD, change(table, column, when)), 0, horizon=7)
    row = getattr(lives.world.names[0], table).index(TARGETS[table])
    rows = getattr(lives.world, table)
    start = rows[column].copy()
    value = CHANGED[table][column]
    if column == "orders":
        value = round(value * 20)
    assert start[row] != pytest.approx(value)
    for tick in range(1, 8):
        lives.advance(tick)
        expected = start.copy()
        if tick > when:
            expected[row] = value
        assert rows[column] == pytest.approx(expected), tick


@every_change
def test_until_its_quarter_an_event_makes_no_difference(table, column):
    without = live(scenario(*WORLD), 5)
    ahead = live(scenario(*WORLD, change(table, column, 5)), 5)
    for name, rows in history(without).items():
        assert name == "events" or history(ahead)[name] == rows


def test_a_later_event_overrides_an_earlier_one_whatever_their_order_in_the_file():
    def event(tick, price):
        return {"tick": tick, "chains": {"market": {"price": price}}}

    for timetable in (
        {"first": event(2, 1.5), "last": event(4, 0.5)},
        {"last": event(4, 0.5), "first": event(2, 1.5)},
    ):
        lives = live(scenario(ONE, MODES, {"timetable": timetable}), 0, horizon=6)
        seen = []
        for tick in range(1, 7):
            lives.advance(tick)
            seen.append(float(lives.world.chains.price[0]))
        assert seen == [1, 1, 1.5, 1.5, 0.5, 0.5]


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
    assert not lives.world.communities.promotion.any()
    assert not lives.world.chains.developed.any()


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
    others = {"instruments": {k: {"last": 0, "budget": 0.0} for k in INSTRUMENT_KINDS}}
    without = live(scenario(*EVERYTHING, others), 6)
    broke = live(scenario(*EVERYTHING, others, policy(kind, budget=0.0)), 6)
    for name, rows in history(without).items():
        assert name == "instruments" or history(broke)[name] == rows
