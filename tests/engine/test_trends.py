"""What grows or falls by a rate of the scenario: demand of chains and at home, rivals abroad and at home."""

import numpy as np
import pytest

from model.scenario.changes import after
from tests.worlds import ONE, fingerprint, live, neutral, scenario

QUARTERS = 8


def buyer(**what):
    return {
        "chains": {"buyer": {"governance": "market", "orders": 0.5, "entry_standard": 0.0} | what}
    }


STEADY = neutral("outside_options", "demand")


def test_without_a_rate_nothing_moves():
    flat = buyer(demand_growth=0.0, outside_rise=0.0)
    lives = live(scenario(ONE, flat), QUARTERS)
    assert fingerprint(lives) == fingerprint(live(scenario(ONE, buyer()), QUARTERS))
    assert lives.world.chains[0].grown == 0.0


@pytest.mark.parametrize("rate", [0.1, -0.2])
def test_demand_grows_by_its_rate_a_year(rate):
    chain = live(scenario(ONE, buyer(demand_growth=rate), STEADY), QUARTERS).world.chains[0]
    assert 1 + chain.grown == pytest.approx((1 + rate) ** 2)


def test_a_chain_whose_demand_grows_buys_more_here():
    small, large = (
        live(scenario(ONE, buyer(demand_growth=rate), STEADY), 20).world.chains[0]
        for rate in (0.0, 0.2)
    )
    assert large.amount > 1.5 * small.amount
    assert large.ordered > small.ordered


def test_rivals_abroad_and_at_home_rise_by_their_rates():
    data = {"sectors": {"trade": {"rivals": 0.3, "rivals_rise": 0.04}}}
    world = live(scenario(ONE, buyer(outside=0.2, outside_rise=0.1), data), QUARTERS).world
    assert world.chains[0].outside == pytest.approx(0.4)
    assert world.sectors[0].rivals == pytest.approx(0.38)


def test_rivals_that_rise_take_orders_and_sales():
    def end(**rates):
        data = {"sectors": {"trade": {"rivals_rise": rates.get("home", 0.0)}}}
        return live(
            scenario(ONE, buyer(outside=0.2, outside_rise=rates.get("abroad", 0.0)), data), 20
        ).world

    assert end(abroad=0.2).chains[0].amount < end().chains[0].amount
    assert end(home=0.2).sectors[0].imports > end().sectors[0].imports


def test_a_rate_can_change_on_the_way():
    layer = {"timetable": {"boom": {"tick": 4, "chains": {"buyer": {"demand_growth": 0.5}}}}}
    world = scenario(ONE, buyer(), STEADY, layer)
    chain = live(world, QUARTERS).world.chains[0]
    assert 1 + chain.grown == pytest.approx(1.5)
    assert after(world, world.timetable["boom"]).chains["buyer"].demand_growth == 0.5


def test_own_standards_are_drawn_for_the_share_that_is_particular():
    chains = {
        name: {"governance": "network", "particular": share}
        for name, share in (("plain", 0.0), ("half", 0.5), ("own", 1.0), ("other", 1.0))
    }
    world = live(scenario(ONE, {"chains": chains}), 0, replicates=range(20), horizon=1).world
    holds = world.chains["holds"].reshape(20, 4, 4)
    trade = world.sectors["holds"][:, :, -1]
    assert (holds[:, 0] == trade).all()

    def unlike(a, b):
        return (
            np.mean([bin(int(x) ^ int(y)).count("1") for x, y in zip(a.flat, b.flat, strict=True)])
            / 48
        )

    # two independent draws of share .6 differ in 2 x .6 x .4 of the practices; here in half of that
    assert unlike(holds[:, 2], holds[:, 3]) == pytest.approx(0.48, abs=0.03)
    assert unlike(holds[:, 2], trade) == pytest.approx(0.48, abs=0.03)
    assert unlike(holds[:, 1], trade) == pytest.approx(0.24, abs=0.03)


def test_a_chain_draws_its_standard_whoever_else_is_there():
    def own(*names):
        chains = {name: {"governance": "network", "particular": 0.5} for name in names}
        return live(scenario(ONE, {"chains": chains}), 0, horizon=1).world.chains["holds"][0]

    assert (own("first") == own("first", "second")).all()


def test_what_a_chain_asks_by_kind_keeps_out_who_lacks_that_kind():
    rising = live(scenario(ONE, buyer(asks={"process": 0.2})), 1).world
    taken = (rising.firms.contract == 0).any(axis=1)
    held = int(rising.chains[0].holds[0])
    shares = np.array([bin(int(m) & held).count("1") for m in rising.firms.mastered[:, 0]])
    least = 0.2 * bin(held).count("1")
    assert taken.any()
    assert not taken.all()
    assert (shares[taken] >= least - 3).all()  # a quarter has passed since
    assert (live(scenario(ONE, buyer(asks={"process": 1.0})), 1).world.firms.contract < 0).all()


def test_demand_at_home_grows_by_its_rate_a_year_and_jobs_with_it():
    def end(rate):
        return live(scenario(ONE, {"sectors": {"trade": {"home_growth": rate}}}), QUARTERS)

    flat, growing, falling = end(0.0), end(0.2), end(-0.2)
    start = flat.world.sectors[0].home_demand
    assert fingerprint(flat) == fingerprint(live(scenario(ONE), QUARTERS))
    assert growing.world.sectors[0].home_demand == pytest.approx(start * 1.2**2)
    assert falling.world.sectors[0].home_demand == pytest.approx(start * 0.8**2)
    jobs = [float(lives.series["workers"][-1]) for lives in (falling, flat, growing)]
    assert jobs == sorted(jobs)
    assert jobs[0] < jobs[2]


def test_demand_at_home_may_turn_on_the_way():
    later = {"timetable": {"boom": {"tick": 4, "sectors": {"trade": {"home_growth": 0.2}}}}}
    flat, turned = (live(scenario(ONE, *more), QUARTERS) for more in ((), (later,)))
    ratio = turned.world.sectors[0].home_demand / flat.world.sectors[0].home_demand
    assert ratio == pytest.approx(1.2)
