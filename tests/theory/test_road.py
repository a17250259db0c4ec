"""F1 High road or low road."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.resources import effort
from model.theory.road import (
    HIGH,
    LOW,
    choose_road,
    learning_effort,
    practice_value,
    progress_after,
    wage_kept,
)
from tests.theory.records import anywhere, firm, neutral_params, params
from tests.worlds import (
    EVERYTHING,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    live,
    neutral,
    parameters,
    same,
    scenario,
)

money, pace = st.floats(0, 100), st.floats(0, 10)
roads = st.sampled_from((HIGH, LOW))


@given(roads, money)
def test_neutral_the_road_makes_no_difference(road, resources):
    numbers, me = neutral_params("road"), firm(road=road, resources=resources)
    assert learning_effort(me, numbers) == effort(me, numbers)
    assert wage_kept(me, numbers) == 1


def test_neutral_in_a_world_whatever_owners_choose_firms_live_alike():
    """What entrants hope for is written down as their record, and nothing else differs."""
    told = [
        live(
            scenario(
                *EVERYTHING, neutral("road"), parameters(road={"hope": hope, "confidence": 0})
            ),
            9,
        )
        for hope in (0.0, 10.0)
    ]
    assert (told[0].world.firms.road != told[1].world.firms.road).any()
    assert same(*told, "road", "progress")


def test_neutral_equals_a_world_in_which_everybody_is_comfortable():
    rich = parameters(road={"comfort": 0})
    assert same(
        live(scenario(*EVERYTHING, rich), 9),
        live(scenario(*EVERYTHING, rich, neutral("road")), 9),
    )


@given(roads, money, anywhere("road"))
def test_effort_and_wages_kept_are_shares_and_the_low_road_saves_on_both(road, resources, numbers):
    high, low = (firm(road=r, resources=resources) for r in (HIGH, LOW))
    assert 0 <= learning_effort(low, numbers) <= learning_effort(high, numbers) <= 1
    assert 0 <= wage_kept(low, numbers) <= wage_kept(high, numbers) == 1


@given(pace, st.integers(0, 20), anywhere("road"))
def test_the_record_moves_towards_what_was_mastered(progress, gained, numbers):
    after = progress_after(progress, gained, numbers)
    assert min(progress, gained) - 1e-12 <= after <= max(progress, gained) + 1e-12


@given(pace, pace, money, money, anywhere("road"))
def test_progress_and_slack_never_turn_an_owner_to_the_low_road(
    progress, more, resources, besides, numbers
):
    less = firm(progress=progress, resources=resources)
    better = firm(progress=progress + more, resources=resources + besides)
    assert choose_road(better, numbers) >= choose_road(less, numbers)
    assert choose_road(firm(resources=numbers.road.comfort), numbers) == HIGH


def test_learning_pays_from_the_stated_record_on():
    """(progress + 0.05) 0.01875 a practice for 20 quarters covers 0.15 from 0.35 a quarter on."""
    assert practice_value(params()) == pytest.approx(0.9 / 48)
    for progress, road in ((0.34, LOW), (0.36, HIGH)):
        assert choose_road(firm(progress=progress, resources=1.0), params()) == road


def test_the_low_road_saves_the_stated_shares():
    numbers, low = params(road={"neglect": 0.5, "wage_squeeze": 0.2}), firm(road=LOW)
    assert learning_effort(low, numbers) == pytest.approx(effort(low, numbers) / 2)
    assert wage_kept(low, numbers) == pytest.approx(0.8)


# Nothing to learn, and no ups and downs.
STILL = (
    ONE, NO_SOURCES, NO_TURNOVER, NO_UNLEARNING,
    {
        "sectors": {"trade": {"start": by_dimension(0.6), "tacitness": by_dimension(0.0)}},
        "communities": {"here": {"ties": 0, "labour_mobility": 0.0, "information": 0.0}},
    },
    parameters(
        resources={"volatility": 0.0, "cap": 100.0}, interaction={"rate": {"practice": 0}},
        road={"confidence": 0},
    ),
)  # fmt: skip


def test_a_poor_firm_without_progress_takes_the_low_road_and_pays_less_a_rich_one_goes_on():
    """GPR05 section 1: squeezing wages and margins instead of raising productivity."""
    lives = live(scenario(*STILL, neutral("home_market", "employment")), 0, horizon=8)
    firms = lives.world.firms
    for column in ("mastered", "wage"):  # alike but for what they own
        firms[column][:] = firms[column][0]
    rich = np.arange(12) < 6
    firms.resources[:] = np.where(rich, 50.0, 0.1)
    lives.advance(1)
    assert (firms.road == np.where(rich, HIGH, LOW)).all()
    lives.advance(8)
    assert firms.wage[~rich].max() < firms.wage[rich].min()
    assert np.ptp(firms.value_added) == 0


def test_lessons_from_outside_turn_firms_back_to_the_high_road():
    """MP17, the catch-22: help improves the record, and the owner believes it."""
    steady = parameters(
        access={"take_up": 1}, resources={"slack": 0}, road={"comfort": 100, "hope": 0.15, "confidence": 0},
        attention={"weight": by_dimension(1, 0, 0, 0)}, repository={"gather": 0},
    )  # fmt: skip
    centre = {"institutions": {"centre": {"budget": 50.0, "access": {"inclusive": True}}}}
    told = []
    for public in (0.0, 50.0):
        helped = {"institutions": {"centre": {"budget": public}}}
        lives = live(scenario(*STILL, centre, helped, steady), 0, horizon=17)
        lives.world.institutions.repository[0, 0] = (1 << 32) - 1
        lives.advance(1)
        assert (lives.world.firms.road == LOW).all()
        lives.advance(17)
        told.append((lives.world.firms.road == HIGH).sum())
    assert told[0] == 0
    assert told[1] > 6
