"""The table of who learned from whom beside the sources of learning."""

import re

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.measures import OF_LESSONS
from model.records.records import Records
from model.viewer.learned import who_learned
from model.viewer.snapshot import snapshot
from model.world.build import build
from tests.worlds import ACROSS, EVERYTHING, scenario


@pytest.fixture(scope="module")
def ensemble():
    lives = Ensemble(build((scenario(*EVERYTHING, ACROSS),), (0,), 1), 40)
    lives.advance(40)
    return lives


def numbers(table: str) -> list[list[str]]:
    rows = re.findall("<tr><th scope=.row.>.*?</tr>", table)
    return [re.findall(r'<td class="num">([^<]*)</td>', row) for row in rows]


@pytest.mark.parametrize("community", ["*", "here", "there"])
def test_the_numbers_are_those_of_the_run(ensemble, community):
    network = Records(ensemble, ("world",)).network.set_index("community")
    told = numbers(who_learned([snapshot(ensemble)], community))
    wanted = [network.loc[community, name] for name in OF_LESSONS]
    assert len(told) == len(wanted) == 8
    for (said,), value in zip(told, wanted, strict=True):
        assert said == ("\N{EN DASH}" if np.isnan(value) else f"{value:.3f}")
    assert network.loc[community, "lessons"] > 0


def test_two_worlds_stand_side_by_side(ensemble):
    world = snapshot(ensemble)
    table = who_learned([world, world], "*")
    assert all(len(row) == 2 and row[0] == row[1] for row in numbers(table))
    assert '<th scope="col" class="num">B</th>' in table


def test_without_a_ledger_nothing_is_said():
    lives = Ensemble(build((scenario(*EVERYTHING),), (0,), 1), 4, keeps_ledger=False)
    lives.advance(4)
    assert who_learned([snapshot(lives)], "*") == ""


def test_what_is_shown_stays_as_it_was_while_the_world_goes_on():
    lives = Ensemble(build((scenario(*EVERYTHING),), (0,), 1), 20)
    lives.advance(10)
    world = snapshot(lives)
    before = who_learned([world], "*")
    lives.advance(20)
    assert who_learned([world], "*") == before
