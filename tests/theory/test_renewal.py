"""K6a Renewal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import (
    BUYER,
    ENGINEERING,
    LABORATORY,
    MACHINERY,
    OVERTAKEN,
    USER,
)
from model.theory.practices import ALL, FUNCTIONAL, PROCESS
from model.theory.renewal import LAGGING, caught_up, overtaken
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anywhere,
    draws,
    neutral_params,
    params,
    sector,
)
from tests.worlds import (
    EVERYTHING,
    NO_TURNOVER,
    ONE,
    PLACE,
    TRADE,
    TWO,
    by_dimension,
    history,
    holdings,
    live,
    masks,
    neutral,
    parameters,
    scenario,
)

FRONTIER = (MACHINERY, LABORATORY, USER, BUYER)
FAST = parameters(renewal={"pace": by_dimension(0.4), "diffusion": 0.0})
# Nobody learns, forgets, enters or leaves: the standard alone moves.
STILL = (
    ONE,
    {"sectors": {"trade": {"holds": holdings(**dict.fromkeys(
        ("engineering", "machinery", "inputs", "laboratory", "user", "consultant", "buyer"), 1.0
    ))}}},
    NO_TURNOVER,
    neutral("interaction", "unlearning"),
)  # fmt: skip


def bits(mask):
    return int(mask).bit_count()


def test_neutral_nothing_is_overtaken():
    numbers, quick = neutral_params("renewal"), sector(pace=10.0)
    assert not any(overtaken(d, quick, draw, numbers) for d in range(4) for draw in draws(100, 1))


def test_neutral_in_a_world_what_is_mastered_counts_for_good():
    off = live(scenario(*EVERYTHING, neutral("renewal")), 8)
    assert OVERTAKEN not in off.ledger["channel"]
    assert (off.world.sectors.holds == off.world.sectors.own).all()
    assert OVERTAKEN in live(scenario(*EVERYTHING), 8).ledger["channel"]


def test_neutral_equals_a_trade_whose_standard_stands_still():
    still = {"sectors": {"trade": {"pace": 0.0}}}
    told = [history(live(scenario(*EVERYTHING, x), 8)) for x in (still, neutral("renewal"))]
    for name in ("firms", "ties", "chains", "ledger", "series"):
        assert told[0][name] == told[1][name]


def test_the_expected_share_is_overtaken_in_a_year():
    """``pace`` times that of the sector, an eighth here; four quarters of 48 practices."""
    numbers, quick = params(renewal={"pace": by_dimension(0.05)}), sector(pace=2.5)
    n = 4000
    share = np.mean([bits(overtaken(PROCESS, quick, d, numbers)) for d in draws(n, 2)]) / 48
    expected = 0.05 * 2.5 / 4
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected / (48 * n)))


def test_each_dimension_has_its_own_pace():
    numbers = params(renewal={"pace": by_dimension(1, 0, 0.5, 0)})
    quick = sector(pace=2.0)
    found = [
        np.mean([bits(overtaken(d, quick, x, numbers)) for x in draws(500, 3)]) for d in range(4)
    ]
    assert found == pytest.approx([24, 0, 12, 0], abs=1)


@given(any_dimension, any_draw, st.floats(0, 10), anywhere("renewal"))
def test_what_is_overtaken_is_within_48_practices_and_grows_with_the_pace(d, draw, pace, numbers):
    slow = int(overtaken(d, sector(pace=pace / 2), draw, numbers))
    fast = int(overtaken(d, sector(pace=pace), draw, numbers))
    assert fast & ~ALL == 0
    assert slow & ~fast == 0  # common random numbers: a faster trade loses the same, and more


@given(any_mask, any_mask, any_draw, anywhere("renewal"))
def test_who_lags_gains_only_its_own_and_loses_nothing(holds, own, draw, numbers):
    after = int(caught_up(np.int64(holds), np.int64(own), draw, numbers))
    assert after & holds == holds
    assert after & ~(holds | own) == 0


def test_half_of_what_is_missing_arrives_at_a_diffusion_of_a_half():
    numbers = params(renewal={"diffusion": 0.5})
    none, full = np.int64(0), np.int64(ALL)
    mean = np.mean([bits(caught_up(none, full, draw, numbers)) for draw in draws(400, 4)])
    assert mean == pytest.approx(24, abs=4 * np.sqrt(12 / 400))
    assert caught_up(none, full, draws(1)[0], params(renewal={"diffusion": 1})) == ALL
    assert caught_up(none, full, draws(1)[0], params(renewal={"diffusion": 0})) == 0


def test_the_stationary_share_is_gain_over_gain_and_loss():
    """A two-state Markov chain: h = (h + (1 - h) gain) (1 - loss), so h = g (1 - l) / (g (1 - l) + l)."""
    gain, yearly, ticks = 0.2, 0.4, 240
    world = scenario(*STILL, parameters(renewal={"pace": by_dimension(yearly), "diffusion": gain}))
    lives = live(world, 40, range(8), horizon=ticks)
    shares = []
    for tick in range(40, ticks, 10):
        lives.advance(tick)
        holds = np.array(lives.world.sectors.holds)[:, :, [at - ENGINEERING for at in LAGGING]]
        shares.append(np.bitwise_count(holds).mean() / 48)
    loss = yearly / 4
    expected = gain * (1 - loss) / (gain * (1 - loss) + loss)
    n = len(shares) * 8 * 12 * 48  # of which about half are independent, ten quarters apart
    assert np.mean(shares) == pytest.approx(expected, abs=4 * np.sqrt(0.25 / (n / 2)))


def test_who_stands_still_keeps_a_geometric_share():
    """Closed form: after n quarters (1 - pace / 4)^n of what was mastered, in each dimension."""
    world = scenario(*STILL, parameters(renewal={"pace": by_dimension(0.2, 0.2, 0.05, 0.05)}))
    n, ticks = 40, 12
    lives = live(world, 0, range(n), horizon=ticks)
    lives.world.firms.mastered[:] = lives.world.firms.aware[:] = ALL
    lives.advance(ticks)
    left = np.bitwise_count(lives.world.firms.mastered.reshape(n, 12, 4)).mean(axis=(0, 1)) / 48
    expected = (1 - np.array([0.2, 0.2, 0.05, 0.05]) / 4) ** ticks
    assert left == pytest.approx(expected, abs=4 * np.sqrt(0.25 / (48 * n)))


def test_nobody_but_the_sources_at_the_frontier_holds_a_successor():
    centre = {
        "institutions": {"centre": {"budget": 5.0}},
        "communities": {"here": {"information": 0.0}},  # or fairs would tell of it at once
    }
    lives = live(scenario(*STILL, FAST, centre), 0, horizon=1)
    world = lives.world
    world.firms.mastered[:] = world.firms.aware[:] = ALL
    world.institutions.repository[:] = ALL
    lives.advance(1)
    gone = ALL & ~np.array(world.firms.mastered[0])
    assert (np.bitwise_count(gone[[PROCESS, FUNCTIONAL]]) > 0).all()
    assert (world.firms.mastered & gone == 0).all()
    assert (world.firms.aware & gone == 0).all()
    assert (world.institutions.repository & gone == 0).all()
    for source in range(ENGINEERING, BUYER + 1):
        holds = world.sectors.holds[0][:, source - ENGINEERING]
        if source in LAGGING:
            assert (holds & gone == 0).all()
        else:
            assert source in FRONTIER
            assert (holds == ALL).all()


def test_what_is_overtaken_is_booked():
    lives = live(scenario(*STILL, FAST), 0, horizon=4)
    lives.world.firms.mastered[:] = lives.world.firms.aware[:] = ALL
    lives.advance(4)
    assert set(lives.ledger["channel"]) == {OVERTAKEN}
    assert len(lives.ledger) == (~masks(lives.world.firms)).sum()


def test_a_trade_is_overtaken_alike_wherever_its_firms_are_and_trades_apart():
    other = {
        "sectors": {"craft": TRADE},
        "communities": {"far": PLACE | {"sector": "craft", "firms": 5}},
    }
    lives = live(scenario(*STILL, TWO, other, FAST), 0, horizon=4)
    lives.world.firms.mastered[:] = lives.world.firms.aware[:] = ALL
    lives.advance(4)
    here, there, far = (lives.world.firms[lives.world.firms.community == c] for c in range(3))
    assert (here.mastered == here.mastered[0]).all()
    assert (there.mastered == here.mastered[0]).all()
    assert (far.mastered[0] != here.mastered[0]).any()


def test_another_seed_overtakes_other_practices():
    ends = [live(scenario(*STILL, FAST), 4, seed=seed).world.sectors.holds for seed in (1, 1, 2)]
    assert (ends[0] == ends[1]).all()
    assert (ends[0] != ends[2]).any()
