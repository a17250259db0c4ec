"""I4 Governance of the institution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.board import ASSOCIATION, BOARDS, GOVERNMENT, JOINT, budget, prefers_second
from model.theory.practices import ALL
from tests.theory.records import (
    any_draw,
    any_mask,
    anywhere,
    draws,
    firm,
    institution,
    neutral_params,
    params,
)
from tests.worlds import (
    NO_TURNOVER,
    ONE,
    TWO,
    by_dimension,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

boards = pytest.mark.parametrize("board", range(3), ids=BOARDS)
SURE = params(board={"voice": 1})
WEAK, ABLE = firm(community=0), firm(community=1, mastered=(ALL,) * 4)
DRAW = draws(1, 1)[0]


def governed(board, budget=2.0, **what):
    centre = {"board": board, "budget": budget, "access": {"inclusive": True}, **what}
    return {"institutions": {"centre": centre}}


@boards
def test_neutral_the_board_has_no_say_and_adds_no_money(board):
    numbers, centre = neutral_params("board"), institution(board=board, budget=3.0, fees=1.0)
    for draw in draws(50, 2):
        assert not prefers_second(centre, WEAK, ABLE, draw, numbers)
        assert not prefers_second(centre, ABLE, WEAK, draw, numbers)
    assert budget(centre, numbers) == 4


def test_neutral_in_a_world_any_board_serves_alike():
    lives = [
        history(live(scenario(ONE, TWO, governed(board), neutral("board")), 8)) for board in BOARDS
    ]
    for other in lives[1:]:
        for name in ("firms", "ties", "series", "ledger"):
            assert other[name] == lives[0][name]


@given(any_mask, any_mask, any_draw, anywhere("board"))
def test_a_government_alone_serves_whoever_comes(first, second, draw, numbers):
    one, other = (firm(mastered=(mask,) * 4) for mask in (first, second))
    assert not prefers_second(institution(board=GOVERNMENT), one, other, draw, numbers)


def test_an_association_serves_its_own_community_first():
    centre = institution(board=ASSOCIATION, home=1)
    assert prefers_second(centre, WEAK, ABLE, DRAW, SURE)
    assert not prefers_second(centre, ABLE, WEAK, DRAW, SURE)
    assert not prefers_second(centre, ABLE, ABLE, DRAW, SURE)


def test_a_joint_board_answers_the_greater_need():
    centre = institution(board=JOINT)
    assert prefers_second(centre, ABLE, WEAK, DRAW, SURE)
    assert not prefers_second(centre, WEAK, ABLE, DRAW, SURE)
    assert not prefers_second(centre, WEAK, WEAK, DRAW, SURE)


def test_the_voice_of_the_board_counts_as_often_as_stated():
    numbers, centre = params(board={"voice": 0.7}), institution(board=JOINT)
    share = np.mean([prefers_second(centre, ABLE, WEAK, draw, numbers) for draw in draws(2000, 3)])
    assert share == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / 2000))


@given(st.floats(0, 100), st.floats(0, 10), st.floats(0, 2))
def test_joint_boards_invest_jointly(public, fees, contribution):
    numbers = params(board={"contribution": contribution})
    for board in range(3):
        centre = institution(board=board, budget=public, fees=fees)
        own = contribution * public if board == JOINT else 0
        assert budget(centre, numbers) == pytest.approx(public + own + fees)


def visits(board, **what):
    """(2,) visits by community, the first of which is home, over three years."""
    sure = parameters(board={"voice": 1, "contribution": 0}, access={"take_up": 1})
    same = {"communities": {"here": {"firms": 10}, "there": {"firms": 10}}}
    world = scenario(ONE, TWO, NO_TURNOVER, same, sure, governed(board, home="here", **what))
    return live(world, 12).series["visits"].reshape(12, 2).sum(axis=0)


def test_whom_the_staff_visit_follows_the_board():
    """A board of one party serves that party; three in four visits, where the choice is of two."""
    home, away = visits("association")
    assert home / (home + away) == pytest.approx(0.75, abs=0.15)
    home, away = visits("government")
    assert home / (home + away) == pytest.approx(0.5, abs=0.17)


def test_a_joint_board_reaches_the_weaker_community():
    weak = {"there": {"start": by_dimension(0.0)}}
    sure = parameters(board={"voice": 1}, access={"take_up": 1})
    counts = {}
    for board in ("government", "joint"):
        world = scenario(ONE, TWO, NO_TURNOVER, sure, governed(board), {"communities": weak})
        counts[board] = live(world, 12).series["visits"].reshape(12, 2).sum(axis=0)
    share = {board: there / (here + there) for board, (here, there) in counts.items()}
    assert share["joint"] > share["government"] + 0.1
