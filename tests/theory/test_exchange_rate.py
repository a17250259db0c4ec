"""The exchange rate: what exports earn and what imports cost, from one number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.measures import BY_NAME
from model.scenario.faults import InputError
from model.theory.external_economies import local_price
from model.theory.home_market import offer_at_home, offer_of_importers
from model.theory.interaction import CONSULTANT, MACHINERY
from model.theory.outside_options import amount_wanted
from model.theory.value_added import DOMESTIC, GLOBAL, paid
from tests.theory.records import chain, community, firm, neutral_params, params, sector, shares
from tests.worlds import MODES, NO_TURNOVER, ONE, TWO, live, neutral, same, scenario

rates = st.floats(0.1, 10)
WORLD = (ONE, TWO, MODES, NO_TURNOVER)


def rate(number):
    return {"economy": {"exchange_rate": number}}


def at(tick, number):
    return {"timetable": {f"at_{tick}": {"tick": tick, **rate(number)}}}


@given(shares, shares, shares, st.floats(0.1, 10))
def test_neutral_a_rate_of_one_leaves_every_number_as_it_is(machines, rivals, outside, price):
    """To the last bit, so that worlds that say nothing of it stay what they were."""
    numbers = params()
    here = sector(rivals=rivals, machinery_price=price, consultant_price=price)
    assert offer_of_importers(here, numbers) == rivals
    assert local_price(MACHINERY, here, community(local_machines=machines), numbers) == price
    for reach in (DOMESTIC, GLOBAL):
        premium = 1.0 + numbers.value_added.premium[reach]
        assert paid(chain(price=price, reach=reach), numbers) == price * premium


def test_neutral_in_a_world_a_change_to_one_changes_nothing():
    assert same(live(scenario(*WORLD), 8), live(scenario(*WORLD, at(3, 1.0)), 8))
    assert not same(live(scenario(*WORLD), 8), live(scenario(*WORLD, at(3, 1.1)), 8))


@given(rates)
def test_who_sells_abroad_earns_in_proportion_and_who_sells_at_home_the_same(number):
    numbers = params()
    for reach, times in ((GLOBAL, number), (DOMESTIC, 1.0)):
        before, after = (paid(chain(reach=reach, exchange=x), numbers) for x in (1.0, number))
        assert after == pytest.approx(times * before)


@given(rates, shares)
def test_importers_offer_what_a_firm_here_would_at_such_wages(number, rivals):
    """Their offer falls by as much as that of a firm that pays so many times the usual wage."""
    numbers = params()
    lost = offer_of_importers(sector(rivals=rivals, exchange=number), numbers) - rivals
    assert lost == pytest.approx(offer_at_home(firm(), number, numbers))


def test_importers_do_not_mind_where_price_does_not_count():
    numbers = neutral_params("home_market")
    assert offer_of_importers(sector(rivals=0.4, exchange=3.0), numbers) == 0.4


@given(rates, shares)
def test_machines_are_dearer_as_far_as_they_come_from_abroad(number, machines):
    numbers, where = params(), community(local_machines=machines)
    here = sector(machinery_price=0.2, consultant_price=0.2, exchange=number)
    part = machines * 0.2 + (1.0 - machines) * 0.2 * number
    assert local_price(MACHINERY, here, where, numbers) == pytest.approx(part)
    assert local_price(CONSULTANT, here, where, numbers) == 0.2


@given(st.floats(0.5, 2))
def test_leaders_compare_suppliers_by_price_and_rate_together(number):
    numbers = params()
    leader = {"orders": 10, "first_order": 2.0, "outside": 0.5}
    by_price = amount_wanted(chain(price=number, **leader), 0.5, numbers)
    by_rate = amount_wanted(chain(exchange=number, **leader), 0.5, numbers)
    assert by_rate == by_price
    assert (by_rate > 20) == (number > 1)


def test_a_devaluation_on_the_way_brings_exports_and_keeps_imports_out():
    """Nobody learns: what differs is trade alone."""
    quiet = (*WORLD, neutral("interaction"))
    found = {}
    for name, layer in {"none": {}, "dearer": at(4, 1.5), "cheaper": at(4, 0.7)}.items():
        lives = live(scenario(*quiet, layer), 0, horizon=24)
        told = []
        for quarter in (4, 24):
            lives.advance(quarter)
            rows = np.asarray(lives.series).reshape(-1, 2)[quarter - 1]
            imports = lives.world.sectors.imports[0] / lives.world.sectors.home_demand[0]
            told.append((BY_NAME["exports"].compute(rows).sum(), imports))
        found[name] = told
    assert found["dearer"][0] == found["none"][0] == found["cheaper"][0], "before it they are one"
    exports, imports = ({name: told[1][n] for name, told in found.items()} for n in (0, 1))
    assert exports["cheaper"] < exports["none"] < exports["dearer"]
    assert imports["cheaper"] > imports["none"] > imports["dearer"]


def test_it_holds_until_it_is_changed_again():
    lives = live(scenario(*WORLD, at(2, 1.5), at(4, 1.2)), 0, horizon=6)
    for until, expected in ((2, 1.0), (3, 1.5), (4, 1.5), (5, 1.2)):
        lives.advance(until)
        assert set(lives.world.chains.exchange) == {expected}
        assert set(lives.world.sectors.exchange) == {expected}


def test_more_imports_on_the_way_get_customers_who_come_anew_and_no_others():
    """``imports`` of a sector on the timetable: the share moves there by the pace of new customers."""
    quiet = (*WORLD, neutral("interaction"))
    opened = {"timetable": {"opening": {"tick": 1, "sectors": {"trade": {"imports": 0.9}}}}}
    share = {}
    for name, layer in {"none": {}, "opened": opened}.items():
        lives = live(scenario(*quiet, layer), 0, horizon=2)
        lives.advance(2)
        sectors = lives.world.sectors
        share[name] = float(sectors.imports[0] / sectors.home_demand[0])
    assert share["opened"] - share["none"] == pytest.approx(0.02 * (0.9 - 0.3))


@pytest.mark.parametrize("number", [0.0, 11.0, "high"])
def test_what_is_no_rate_is_refused_in_one_line(number):
    with pytest.raises(InputError, match=r"economy\.exchange_rate = .* must be") as caught:
        scenario(*WORLD).with_values(
            {"timetable.x.tick": 3, "timetable.x.economy.exchange_rate": number}
        )
    assert len(str(caught.value).splitlines()) == 1
