"""C1 External economies."""

import pytest
from hypothesis import given

from model.theory.external_economies import labour_mobility, local_price
from model.theory.interaction import CONSULTANT, LABOUR, MACHINERY
from tests.theory.records import anywhere, community, neutral_params, params, sector, shares
from tests.worlds import NO_SOURCES, ONE, history, live, neutral, parameters, scenario


def trade(price, inputs=1.0):
    """A sector in which machines and advice cost the same."""
    return sector(local_inputs=inputs, machinery_price=price, consultant_price=price)


def place(**what):
    return {"communities": {"here": what}}


def test_neutral_being_there_offers_neither_people_nor_a_lower_price():
    numbers = neutral_params("external_economies")
    assert labour_mobility(community(labour_mobility=1.0), numbers) == 0
    where = community(local_inputs=1.0)
    assert local_price(CONSULTANT, trade(0.3), where, numbers) == 0.3


def test_neutral_in_a_world_mobility_of_labour_makes_no_difference():
    still, moving = (
        history(live(scenario(ONE, place(labour_mobility=m), neutral("external_economies")), 8))
        for m in (0.0, 1.0)
    )
    del still["communities"], moving["communities"]
    assert still == moving


@given(shares, shares, shares, anywhere("external_economies"))
def test_shares_and_prices_stay_in_bounds(mobility, here, inputs, numbers):
    where = community(labour_mobility=mobility, local_inputs=here)
    assert 0 <= labour_mobility(where, numbers) <= mobility
    for channel in (CONSULTANT, MACHINERY):
        assert 0 <= local_price(channel, trade(1.0, inputs), where, numbers) <= 1


def test_prices_fall_with_inputs_at_hand_as_stated():
    numbers = params(external_economies={"at_hand": 0.3})
    where = community(local_inputs=0.5)
    advice = local_price(CONSULTANT, trade(2.0, 0.8), where, numbers)
    assert advice == pytest.approx(2 * (1 - 0.3 * 0.5 * 0.8))


def test_machines_cost_the_same_everywhere():
    """GPR05 Table 4 note b: in none of the clusters is technology made."""
    where = community(local_inputs=1.0)
    assert local_price(MACHINERY, trade(2.0), where, params()) == 2.0


def test_people_who_change_jobs_carry_practice_along():
    """GPR05 section 5c i: circulation of labour. Without mobility nobody learns this way."""
    often = parameters(interaction={"rate": {"labour": 1, "peer": 0}})
    for mobility in (0.0, 1.0):
        world = scenario(ONE, NO_SOURCES, place(labour_mobility=mobility), often)
        assert (LABOUR in live(world, 6).ledger["channel"]) == (mobility > 0)


def test_without_market_access_no_buyer_is_met():
    chain = {"chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0}}}
    for met in (0.0, 1.0):
        end = live(scenario(ONE, chain, place(market_access=met)), 1)
        assert (end.world.firms.contract[:, 0] == 0).all() == (met == 1)
        assert (end.world.firms.contract == -1).all() == (met == 0)


def test_without_information_nobody_hears_at_fairs():
    alone = (ONE, NO_SOURCES, place(labour_mobility=0.0, ties=0), neutral("unlearning", "renewal"))
    heard = {
        information: live(scenario(*alone, place(information=information)), 4).world.firms.aware
        for information in (0.0, 1.0)
    }
    start = live(scenario(*alone), 0).world.firms.aware
    assert (heard[0.0] == start).all()
    assert (heard[1.0] == start).all()  # a trade in which nobody holds anything has no fairs
    trade = {"sectors": {"trade": {"holds": {"process": {"user": 1.0}}}}}
    well_informed = live(scenario(*alone, trade, place(information=1.0, forward=0.0)), 4)
    assert (well_informed.world.firms.aware != start).any()
