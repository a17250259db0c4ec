"""Agents, roads and sources in words."""

import pytest

from model.theory.interaction import CHANNELS
from model.theory.road import HIGH
from model.wording import colours
from model.wording.firms import agent_title, arrival, ranked, road_of, road_told
from model.wording.titles import LEARNED, institution_title, title_of
from tests.worlds import EVERYTHING, scenario


@pytest.fixture(scope="module")
def world():
    return scenario(*EVERYTHING)


def test_an_agent_is_called_as_its_scenario_calls_it(world):
    chain = next(iter(world.chains))
    assert agent_title(world, "sme:12") == "firm 12"
    assert agent_title(world, f"lead_firm:{chain}") == title_of(world.chains, chain)
    community = next(iter(world.communities))
    association = f"association_{community}"
    assert agent_title(world, f"institution:{association}").startswith("Association of ")
    assert institution_title(world, "not_there") == "Not there"
    assert agent_title(world, "own_practice") == "own_practice"


def test_a_life_in_words():
    low = 1 - HIGH
    assert (road_of(HIGH), road_of(low)) == ("high road", "low road")
    assert road_told(HIGH) != road_told(low)
    assert (arrival(0), arrival(7)) == ("a founder", "entered in quarter 7")
    assert ranked({"a": 1, "b": 3, "c": 1}) == "b 3, a 1, c 1"
    assert ranked({}) == ""


def test_every_channel_has_words_of_its_own():
    assert set(LEARNED) == set(CHANNELS)
    assert len(set(LEARNED.values())) == len(CHANNELS)


def test_things_that_stand_together_differ_in_colour():
    for group in (colours.PALETTE, colours.FILLS, colours.DIMENSION, colours.SCALE,
                  tuple(colours.GOVERNANCE.values()), tuple(colours.TIES.values())):  # fmt: skip
        assert len(set(group)) == len(group)
        assert all(len(each) == 7 and int(each[1:], 16) >= 0 for each in group)
