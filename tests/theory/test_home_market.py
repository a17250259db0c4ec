"""M2 The home market and its low end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.home_market import offer_at_home, price_at_home, sales_after
from model.theory.practices import ALL, PROCESS
from model.theory.road import HIGH, LOW
from tests.theory.records import any_mask, anywhere, firm, neutral_params, params, shares
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    TWO,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

amounts = st.floats(0.01, 1000)
FREE = parameters(demand={"growth": 1.0})  # growth does not bind
# Nobody learns and nobody sells into a chain.
QUIET = ("interaction", "employment")
STILL = (ONE, TWO, NO_TURNOVER, NO_UNLEARNING, neutral(*QUIET), FREE)


def test_neutral_everybody_keeps_its_share_at_the_price_of_the_start():
    numbers = neutral_params("home_market")
    assert sales_after(5.0, 1.2, 0.9, 0.3, 77.0, numbers) == 6
    assert offer_at_home(firm(), 0.8, numbers) == offer_at_home(firm(), 1.0, numbers) == 0
    assert price_at_home(0.7, numbers) == 1


def test_neutral_in_a_world_sales_stay_what_they_were():
    lives = live(scenario(*STILL, neutral(*QUIET, "home_market")), 0, horizon=12)
    lives.advance(1)
    before = lives.world.firms.home.copy()
    lives.world.firms.mastered[:10, PROCESS] = ALL  # the able win nothing
    lives.advance(12)
    assert lives.world.firms.home == pytest.approx(before)
    assert lives.world.sectors.home_price[0] == 1
    assert lives.world.sectors.imports == pytest.approx(0.3 * lives.world.sectors.home_demand)


def test_neutral_equals_rivals_of_any_strength():
    told = [
        live(
            scenario(*STILL, neutral(*QUIET, "home_market"), {"sectors": {"trade": {"rivals": r}}}),
            8,
        )
        for r in (0.0, 1.5)
    ]
    assert same(*told)


@given(
    st.lists(st.tuples(amounts, shares), min_size=1, max_size=20), amounts, shares, shares, shares
)
def test_the_home_market_adds_up_to_demand(sellers, imports, rivals, reaction, retender):
    numbers = params(home_market={"reaction": reaction, "retender": retender})
    demand, share = 500.0, 0.3
    total = sum(sales for sales, _ in sellers) + imports
    mean = (sum(s * merit for s, merit in sellers) + imports * rivals) / total
    scale, even = demand / total, (1 - share) * demand / len(sellers)
    after = [sales_after(s, scale, merit, mean, even, numbers) for s, merit in sellers]
    after.append(sales_after(imports, scale, rivals, mean, share * demand, numbers))
    assert sum(after) == pytest.approx(demand)
    assert min(after) >= 0


@given(st.floats(0.01, 0.99), shares, shares, shares)
def test_two_sellers_in_closed_form(p, one, other, reaction):
    """As for orders (M1): p' = p (1 + r (1 - p) d)."""
    numbers = params(home_market={"reaction": reaction, "retender": 0})
    mean = p * one + (1 - p) * other
    assert sales_after(p, 1.0, one, mean, 0.0, numbers) == pytest.approx(
        p * (1 + reaction * (1 - p) * (one - other))
    )


@given(amounts, st.floats(0.01, 1), st.integers(1, 40))
def test_customers_who_come_anew_even_out_geometrically(sales, retender, quarters):
    numbers = params(home_market={"reaction": 0, "retender": retender})
    start, even = sales, 7.0
    for _ in range(quarters):
        sales = sales_after(sales, 1.0, 0.5, 0.5, even, numbers)
    assert sales == pytest.approx(even + (start - even) * (1 - retender) ** quarters)


@given(any_mask, any_mask, shares, shares, anywhere("home_market"))
def test_an_offer_at_home_rises_with_mastery_and_with_wages_that_are_not_paid(
    mask, more, kept, saved, numbers
):
    me, able = firm(mastered=(mask,) * 4), firm(mastered=(mask | more,) * 4)
    low = kept * (1 - saved)
    assert 0 <= offer_at_home(me, kept, numbers) <= offer_at_home(able, kept, numbers)
    assert offer_at_home(me, kept, numbers) <= offer_at_home(me, low, numbers)


def test_a_fifth_of_wages_makes_up_for_a_fifth_of_all_practices():
    numbers = params(home_market={"cheapness": 1.0})
    assert offer_at_home(firm(), 0.8, numbers) == pytest.approx(0.2)
    assert offer_at_home(firm(mastered=(ALL, 0, 0, 0)), 0.8, numbers) == pytest.approx(0.7)


def test_a_third_of_imports_lowers_prices_by_a_tenth():
    numbers = params(home_market={"undercut": 0.3})
    assert price_at_home(1 / 3, numbers) == pytest.approx(0.9)
    assert price_at_home(1.0, numbers) == pytest.approx(0.7)


@given(shares, anywhere("home_market"))
def test_prices_at_home_lie_between_nothing_and_that_of_the_start(imports, numbers):
    assert 0 <= price_at_home(imports, numbers) <= 1


def test_in_a_world_sales_and_imports_add_up_to_home_demand_every_quarter():
    lives = live(scenario(*STILL), 0, horizon=16)
    for tick in range(1, 17):
        lives.advance(tick)
        sector = lives.world.sectors[0]
        sold = lives.world.firms.home.sum() + sector.imports
        assert sold == pytest.approx(sector.home_demand)
        imports = sector.imports / sector.home_demand
        assert sector.home_price == pytest.approx(1 - 0.3 * imports)
    assert imports != pytest.approx(0.3)


def test_home_demand_is_what_firms_make_at_the_start_and_imports_beside_it():
    for share in (0.0, 0.5):
        trade = {"sectors": {"trade": {"imports": share, "start": dict.fromkeys(
            ("process", "product", "functional", "intersectoral"), 0.0)}}}  # fmt: skip
        lives = live(scenario(*STILL, trade, neutral(*QUIET, "home_market")), 1)
        made = lives.world.firms.workers.sum()  # each worker makes 1 without mastery
        assert lives.world.sectors.home_demand[0] == pytest.approx(made / (1 - share))
        assert lives.world.firms.home.sum() == pytest.approx(made)


@pytest.mark.parametrize(("rivals", "grow"), [(0.0, False), (1.5, True)])
def test_imports_of_strong_rivals_press_sales_and_prices(rivals, grow):
    lives = live(scenario(*STILL, {"sectors": {"trade": {"rivals": rivals}}}), 16)
    sector = lives.world.sectors[0]
    assert (sector.imports > 0.3 * sector.home_demand) == grow
    assert (sector.home_price < 1 - 0.3 * 0.3) == grow


def test_the_low_road_keeps_orders_without_learning():
    """GPR05 section 1: who squeezes wages sells cheaper than a firm that masters as much."""
    stay = parameters(road={"comfort": 0.0, "wage_squeeze": 0.2}, home_market={"retender": 0})
    blank = {"sectors": {"trade": {"rivals": 0.0, "start": dict.fromkeys(
        ("process", "product", "functional", "intersectoral"), 0.0)}}}  # fmt: skip
    low = np.arange(20) < 10
    lives = live(scenario(*STILL, stay, blank), 1, horizon=4)
    lives.world.firms.road[:] = np.where(low, LOW, HIGH)
    before = lives.world.firms.home.copy()
    lives.advance(4)  # roads are chosen each January
    gains = lives.world.firms.home / before
    assert (lives.world.firms.road == np.where(low, LOW, HIGH)).all()
    assert gains[low].min() > gains[~low].max()


def test_the_able_win_customers():
    lives = live(scenario(*STILL), 1, horizon=4)
    lives.world.firms.mastered[:] = 0
    lives.world.firms.mastered[:10, PROCESS] = ALL
    before = lives.world.firms.home.copy()
    lives.advance(4)
    gains = lives.world.firms.home / before
    assert gains[:10].mean() > gains[10:].mean() + 0.1
