"""K3 Walk before you run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.absorption import absorptive_capacity, next_rung, within_reach
from model.theory.practices import (
    ALL,
    FUNCTIONAL,
    INTERSECTORAL,
    PROCESS,
    PRODUCT,
    RUNG_1,
    RUNG_2,
    RUNG_3,
)
from tests.theory.records import (
    any_dimension,
    any_mask,
    anywhere,
    firm,
    neutral_params,
    params,
    practices,
    shares,
)
from tests.worlds import (
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    holdings,
    live,
    masks,
    neutral,
    parameters,
    scenario,
)

STEP_8 = params(absorption={"step": 8, "lean": 6})


def test_neutral_everything_is_within_reach_of_whoever_masters_nothing():
    numbers = neutral_params("absorption")
    for d in range(4):
        assert within_reach(firm(), d, numbers) == ALL
    assert absorptive_capacity(firm(), 0.7, numbers) == 0.7
    assert absorptive_capacity(firm(mastered=(ALL,) * 4), 0.7, numbers) == 0.7


NAIVE = (
    ONE,
    NO_TURNOVER,
    NO_UNLEARNING,
    {
        "sectors": {
            "trade": {
                "start": by_dimension(0.0),
                "tacitness": by_dimension(0.0),
                "holds": holdings(laboratory=1.0),
                "open_laboratory": 1.0,
            }
        },
    },
    parameters(
        interaction={"rate": {"laboratory": 1, "practice": 0}},
        attention={"weight": by_dimension(1, 1, 0, 0)},
        resources={"slack": 0},
        road={"neglect": 0},
    ),
)


def test_neutral_in_a_world_beginners_master_advanced_practices_at_once():
    first = live(scenario(*NAIVE, neutral("absorption")), 6).ledger
    assert (first["practice"] >= 32).any()


def test_no_beginner_masters_an_advanced_practice_before_the_basics():
    """The same world walks before it runs: on any rung only with ``step`` below.

    Firms take up all that they are shown (floor 1), so that they get beyond the basics in time.
    """
    walk = parameters(absorption={"step": 3, "lean": 2, "floor": 1})
    ensemble = live(scenario(*NAIVE, walk), 12)
    mastered = np.zeros((12, 4, 48), bool)
    at = 0
    ledger = ensemble.ledger
    assert (ledger["practice"] >= 16).any()
    for tick in range(12):
        before = mastered.copy()
        while at < len(ledger) and ledger[at].tick == tick:
            entry = ledger[at]
            below = before[entry.firm, entry.dimension].reshape(3, 16).sum(axis=1)
            rung = entry.practice // 16
            assert (below[:rung] >= 3).all()
            mastered[entry.firm, entry.dimension, entry.practice] = True
            at += 1
    assert (mastered == masks(ensemble.world.firms)).all()


@given(any_mask, any_mask, any_mask, any_dimension, anywhere("absorption"))
def test_reach_grows_with_what_is_mastered(start, elsewhere, more, d, numbers):
    less, able = firm(mastered=(start, elsewhere) * 2), firm(mastered=(start | more, elsewhere) * 2)
    assert within_reach(less, d, numbers) & ~within_reach(able, d, numbers) == 0


@given(any_mask, any_dimension, anywhere("absorption"))
def test_reach_is_made_of_whole_rungs_from_below(mask, d, numbers):
    assert within_reach(firm(mastered=(mask,) * 4), d, numbers) in (
        0,
        RUNG_1,
        RUNG_1 | RUNG_2,
        ALL,
    )


@given(any_mask, shares, anywhere("absorption"))
def test_absorptive_capacity_is_a_chance_no_larger_than_effort(mask, effort, numbers):
    assert 0 <= absorptive_capacity(firm(mastered=(mask,) * 4), effort, numbers) <= effort


@pytest.mark.parametrize("d", [PROCESS, PRODUCT])
def test_a_rung_opens_with_step_practices_of_the_rung_below(d):
    assert within_reach(firm(), d, STEP_8) == RUNG_1
    assert within_reach(firm(mastered=(practices(1, 7),) * 4), d, STEP_8) == RUNG_1
    assert within_reach(firm(mastered=(practices(1, 8),) * 4), d, STEP_8) == RUNG_1 | RUNG_2
    skipped = practices(2, 16)  # a rung above without the one below opens nothing
    assert within_reach(firm(mastered=(skipped,) * 4), d, STEP_8) == RUNG_1
    both = practices(1, 8) | practices(2, 8)
    assert within_reach(firm(mastered=(both,) * 4), d, STEP_8) == ALL


def test_functional_leans_on_product_and_intersectoral_on_functional_and_process():
    some = practices(1, 6)
    assert within_reach(firm(mastered=(some, 0, some, some)), FUNCTIONAL, STEP_8) == 0
    assert within_reach(firm(mastered=(0, some, 0, 0)), FUNCTIONAL, STEP_8) == RUNG_1
    assert within_reach(firm(mastered=(some, some, 0, 0)), INTERSECTORAL, STEP_8) == 0
    assert within_reach(firm(mastered=(0, some, some, 0)), INTERSECTORAL, STEP_8) == 0
    assert within_reach(firm(mastered=(some, 0, some, 0)), INTERSECTORAL, STEP_8) == RUNG_1


def test_who_masters_enough_takes_up_all_that_effort_allows():
    """MP17: collaboration demands a minimum, not perfection."""
    numbers = params(absorption={"enough": 0.5})
    half, whole = firm(mastered=(ALL, 0, 0, 0)), firm(mastered=(ALL, ALL, 0, 0))
    assert absorptive_capacity(half, 0.8, numbers) == pytest.approx(0.8)
    assert absorptive_capacity(whole, 0.8, numbers) == pytest.approx(0.8)
    assert absorptive_capacity(firm(mastered=(ALL >> 1, 0, 0, 0)), 0.8, numbers) < 0.8


def test_absorptive_capacity_runs_from_the_floor_to_effort():
    numbers = params(absorption={"floor": 0.4, "enough": 0.8})
    assert absorptive_capacity(firm(), 1.0, numbers) == pytest.approx(0.4)
    assert absorptive_capacity(firm(mastered=(ALL, 0, 0, 0)), 1.0, numbers) == pytest.approx(
        0.4 + 0.6 * 0.5 / 0.8
    )
    assert absorptive_capacity(firm(mastered=(ALL, ALL, 0, 0)), 1.0, numbers) == 1
    assert absorptive_capacity(firm(mastered=(ALL, ALL, 0, 0)), 0.5, numbers) == pytest.approx(0.5)


@given(any_mask, st.sampled_from([0, RUNG_1, RUNG_1 | RUNG_2, ALL]))
def test_next_rung_is_the_lowest_that_is_not_complete(mask, reach):
    missing = int(next_rung(firm(mastered=(mask,) * 4), PROCESS, np.int64(reach)))
    lacking = [rung & reach & ~mask for rung in (RUNG_1, RUNG_2, RUNG_3)]
    assert missing == next((rung for rung in lacking if rung), 0)
