"""The measurements measure what they say; no test looks at a clock."""

import pytest

from bench.plain_mesa import Country
from bench.same import differences
from bench.speed import held, own_draws, ready, run_through
from bench.worlds import country
from model.world.tables import FIRM


def test_own_draws_are_another_trajectory_and_leave_nothing_behind():
    scenario = country(16, quarters=4)
    ensemble = ready(scenario)
    ensemble.advance(4)
    with own_draws():
        drawn = Country(scenario)
        run_through(drawn)
    assert differences(drawn, ensemble)
    hashed = Country(scenario)
    run_through(hashed)
    assert differences(hashed, ensemble) == []


def test_a_firm_takes_its_record_twice():
    few, more = 800, 1600
    for _ in range(2):
        held(few)  # the first worlds of a process also fill caches
    assert (held(more) - held(few)) / (more - few) == pytest.approx(2 * FIRM.itemsize, rel=0.05)
