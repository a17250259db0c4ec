"""I2 Tutelage."""

import numpy as np
from hypothesis import given

from model.theory.absorption import within_reach
from model.theory.practices import ALL, PROCESS, RUNG_1, RUNG_2, RUNG_3
from model.theory.redundancy import shown
from model.theory.tutelage import taught
from tests.theory.records import (
    any_draw,
    any_mask,
    anywhere,
    draws,
    firm,
    neutral_params,
    params,
    practices,
)
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    history,
    live,
    masks,
    neutral,
    parameters,
    scenario,
)

SURE = params(tutelage={"patience": 1})
EVERYTHING = np.int64(ALL)


def reach_of(me, numbers):
    return np.int64(within_reach(me, PROCESS, numbers))


@given(any_mask, any_mask, any_draw)
def test_neutral_staff_show_what_any_other_source_would(mask, repository, draw):
    me, numbers, held = firm(mastered=(mask,) * 4), neutral_params("tutelage"), np.int64(repository)
    reach = reach_of(me, numbers)
    needed = reach & ~me.mastered[PROCESS]
    assert taught(held, me, PROCESS, reach, draw, numbers) == shown(held, needed, draw, numbers)


@given(any_mask, any_mask, any_draw, anywhere("tutelage", "absorption", "redundancy"))
def test_what_is_taught_is_one_practice_of_the_repository(mask, repository, draw, numbers):
    me = firm(mastered=(mask,) * 4)
    practice = int(taught(np.int64(repository), me, PROCESS, reach_of(me, numbers), draw, numbers))
    assert practice & repository == practice
    assert practice.bit_count() == (repository != 0)


def test_tutelage_starts_on_the_lowest_rung_that_is_not_complete():
    """MP17, third concern: it meets the firm one step above where it stands."""
    beginner = firm(mastered=(practices(1, 8),) * 4)
    able = firm(mastered=(RUNG_1 | practices(2, 8),) * 4)
    for me, rung in ((firm(), RUNG_1), (beginner, RUNG_1), (able, RUNG_2)):
        for draw in draws(50, 1):
            practice = taught(EVERYTHING, me, PROCESS, reach_of(me, SURE), draw, SURE)
            assert practice & rung
            assert practice & ~me.mastered[PROCESS]


def test_tutelage_goes_up_where_the_repository_lacks_the_next_step():
    me = firm(mastered=(practices(1, 8),) * 4)
    for draw in draws(50, 2):
        practice = taught(np.int64(RUNG_2), me, PROCESS, reach_of(me, SURE), draw, SURE)
        assert practice & RUNG_2


LESSONS = (
    ONE,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    {
        "sectors": {"trade": {"tacitness": by_dimension(0.0)}},
        "communities": {
            "here": {"ties": 0, "labour_mobility": 0.0, "information": 0.0, "firms": 8}
        },
        "institutions": {"centre": {"budget": 40.0, "access": {"inclusive": True}}},
    },
    parameters(
        interaction={"rate": {"practice": 0}},
        access={"take_up": 1},
        absorption={"floor": 1, "step": 8},
        resources={"slack": 0},
        road={"neglect": 0},
        attention={"weight": by_dimension(1, 0, 0, 0)},
    ),
)
PIONEERING = {"institutions": {"centre": {"experiential": 0.0}}}


def after_lessons(start, *layers, ticks=12):
    """Masks of process practices after visits to firms that begin with ``start``."""
    lives = live(scenario(*LESSONS, *layers), 0, horizon=ticks)
    lives.world.firms.mastered[:] = 0
    lives.world.firms.aware[:] = lives.world.firms.mastered[:] = start
    lives.advance(ticks)
    return masks(lives.world.firms)[:, PROCESS].sum(axis=1) - int(start[PROCESS]).bit_count()


def test_a_pioneering_laboratory_fails_firms_on_the_first_rung_and_teaches_the_able():
    on_first_rung = np.array([practices(1, 7)] * 4)
    able = np.array([RUNG_1 | practices(2, 10)] * 4)
    assert (after_lessons(on_first_rung, PIONEERING) == 0).all()
    assert after_lessons(able, PIONEERING).sum() > 8


def test_beginners_hear_of_the_frontier_that_they_cannot_absorb():
    lives = live(scenario(*LESSONS, PIONEERING), 0, horizon=12)
    lives.world.firms.mastered[:] = lives.world.firms.aware[:] = 0
    lives.advance(12)
    assert not lives.world.firms.mastered.any()
    assert (lives.world.firms.aware[:, PROCESS] & RUNG_3).any()


def test_tutelage_lifts_beginners_whom_pioneering_leaves_where_they_are():
    """Firms on the first rung that know different halves of it learn from each other's."""

    def gains(*layers):
        lives = live(scenario(*LESSONS, *layers), 0, horizon=12)
        halves = np.where(np.arange(8) % 2, 0x5555, 0xAAAA)[:, None]
        lives.world.firms.mastered[:] = lives.world.firms.aware[:] = halves
        lives.world.firms.mastered[:, PROCESS] &= 0x7FFF  # 7 or 8 practices: no step up yet
        lives.advance(12)
        return len(lives.ledger)

    assert gains() > 2 * gains(PIONEERING)


def test_neutral_in_a_world_with_nothing_to_diagnose_makes_no_difference():
    """Where every rung is within reach and everything is missing, patience has nothing to find."""
    blank = {"sectors": {"trade": {"start": by_dimension(0.0)}}}
    patient = history(live(scenario(*LESSONS, blank), 4))
    hasty = history(live(scenario(*LESSONS, blank, neutral("tutelage")), 4))
    assert patient == hasty
