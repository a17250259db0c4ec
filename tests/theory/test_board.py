"""I4 Governance of the institution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scenario.institution_keys import Board
from model.theory import board
from model.theory.board import (
    ASSOCIATIONS,
    GOVERNMENT,
    HOME_ASSOCIATION,
    LEAD_FIRMS,
    PARTIES,
    budget,
    gets_acquainted,
    has_say,
    seated,
    sit_together,
)
from model.theory.practices import ALL
from model.theory.services import SERVICES
from model.world.tables import FORUM
from tests.theory.records import (
    any_draw,
    any_mask,
    anywhere,
    draws,
    firm,
    institution,
    neutral_params,
    params,
    shares,
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
    seats,
)

parties = pytest.mark.parametrize("party", range(len(PARTIES)), ids=PARTIES)
seats_taken = st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any)
SURE = params(board={"voice": 1})
WEAK, ABLE = firm(community=0), firm(community=1, mastered=(ALL,) * 4)
SUPPLIER = firm(contract=(-1, 3))
DRAW = draws(1, 1)[0]


def prefers_second(centre, first, second, draw, numbers) -> bool:
    """As the engine asks: whether the board has a say, and then whom its seat prefers."""
    return has_say(draw, numbers) and board.prefers(
        board.seated(centre, draw), centre, first, second
    )


def board_of(*members, **what):
    """An institution whose board seats these parties alike."""
    return institution(seats=[(p in members) / len(members) for p in range(len(PARTIES))], **what)


def governed(*members, budget=2.0, **what):
    centre = {"board": seats(*members), "budget": budget, "access": {"inclusive": True}, **what}
    return {"institutions": {"centre": centre}}


@parties
def test_neutral_the_board_has_no_say_and_adds_no_money(party):
    numbers, centre = neutral_params("board"), board_of(party, budget=3.0, fees=1.0)
    for draw in draws(50, 2):
        assert not prefers_second(centre, WEAK, ABLE, draw, numbers)
        assert not prefers_second(centre, ABLE, WEAK, draw, numbers)
    assert budget(centre) == 4


def test_neutral_in_a_world_any_board_serves_alike():
    lives = [
        history(live(scenario(ONE, TWO, governed(party), neutral("board")), 8)) for party in PARTIES
    ]
    for other in lives[1:]:
        for name in ("firms", "ties", "series", "ledger"):
            assert other[name] == lives[0][name]


@given(any_mask, any_mask, any_draw, anywhere("board"))
def test_a_government_alone_serves_whoever_comes(first, second, draw, numbers):
    one, other = (firm(mastered=(mask,) * 4) for mask in (first, second))
    assert not prefers_second(board_of(GOVERNMENT), one, other, draw, numbers)


def test_an_association_serves_its_own_community_first():
    centre = board_of(HOME_ASSOCIATION, home=1)
    assert prefers_second(centre, WEAK, ABLE, DRAW, SURE)
    assert not prefers_second(centre, ABLE, WEAK, DRAW, SURE)
    assert not prefers_second(centre, ABLE, ABLE, DRAW, SURE)


def test_the_associations_of_all_communities_answer_the_greater_need():
    centre = board_of(ASSOCIATIONS)
    assert prefers_second(centre, ABLE, WEAK, DRAW, SURE)
    assert not prefers_second(centre, WEAK, ABLE, DRAW, SURE)
    assert not prefers_second(centre, WEAK, WEAK, DRAW, SURE)


def test_the_voice_of_the_board_counts_as_often_as_stated():
    numbers, centre = params(board={"voice": 0.7}), board_of(ASSOCIATIONS)
    share = np.mean([prefers_second(centre, ABLE, WEAK, draw, numbers) for draw in draws(2000, 3)])
    assert share == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / 2000))


def test_lead_firms_serve_suppliers_first():
    centre = board_of(LEAD_FIRMS)
    assert prefers_second(centre, ABLE, SUPPLIER, DRAW, SURE)
    assert not prefers_second(centre, SUPPLIER, ABLE, DRAW, SURE)
    assert not prefers_second(centre, SUPPLIER, SUPPLIER, DRAW, SURE)
    assert not prefers_second(centre, ABLE, WEAK, DRAW, SURE)


@given(seats_taken, st.sampled_from(["proportional", "majority"]), any_draw)
def test_only_who_has_a_seat_decides(taken, vote, draw):
    board = Board(**dict(zip(PARTIES, taken, strict=True)), vote=vote)
    assert sum(board.shares()) == pytest.approx(1)
    assert taken[seated(institution(seats=board.shares()), draw)] > 0


def test_seats_decide_in_proportion_or_the_largest_bench_alone():
    told = {}
    for vote in ("proportional", "majority"):
        board = Board(government=1, home_association=3, associations=1, lead_firms=0, vote=vote)
        centre = institution(seats=board.shares())
        told[vote] = np.bincount([seated(centre, draw) for draw in draws(2000, 4)], minlength=4)
    assert told["proportional"] / 2000 == pytest.approx([0.2, 0.6, 0.2, 0], abs=4 * 0.011)
    assert list(told["majority"]) == [0, 2000, 0, 0]


def test_of_the_largest_benches_the_first_decides():
    assert Board(government=0, associations=2, lead_firms=2, vote="majority").shares() == (
        0, 0, 1, 0,
    )  # fmt: skip


@given(st.floats(0, 100), st.floats(0, 10), st.floats(0, 2), shares)
def test_boards_invest_jointly_as_far_as_others_than_the_government_sit(
    public, fees, joint, others
):
    centre = institution(
        seats=(1 - others, 0, others, 0), budget=public, fees=fees, joint_investment=joint
    )
    assert budget(centre) == pytest.approx(public * (1 + joint * others) + fees)


def visits(party, **what):
    """(2,) visits by community, the first of which is home, over three years."""
    sure = parameters(board={"voice": 1}, access={"take_up": 1})
    same = {"communities": {"here": {"firms": 10}, "there": {"firms": 10}}}
    world = scenario(ONE, TWO, NO_TURNOVER, same, sure, governed(party, home="here", **what))
    return live(world, 12).series["visits"].reshape(12, 2).sum(axis=0)


def test_whom_the_staff_visit_follows_the_board():
    """A board of one party serves that party; three in four visits, where the choice is of two."""
    home, away = visits("home_association")
    assert home / (home + away) == pytest.approx(0.75, abs=0.15)
    home, away = visits("government")
    assert home / (home + away) == pytest.approx(0.5, abs=0.17)


def test_lead_firms_have_the_staff_visit_their_suppliers():
    """Half of ten members supply a chain: three in four visits are theirs."""
    sure = parameters(board={"voice": 1}, access={"take_up": 1})
    chain = {"chains": {"buyer": {"governance": "market", "orders": 0.5, "entry_standard": 0.0}}}
    eager = {"communities": {"here": {"firms": 10, "market_access": 1.0}}}
    share = {}
    for party in ("government", "lead_firms"):
        certifies = governed(
            party, budget=0.24, certifies=0.001, services={"visit": 0.0, "test": 1.0}
        )  # two tests a quarter; who was tested has a certificate
        firms = live(
            scenario(ONE, NO_TURNOVER, chain, eager, sure, certifies), 2, range(40)
        ).world.firms
        supplies, visited = firms.contract[:, 0] == 0, firms.certified > 0
        assert supplies.mean() == pytest.approx(0.5)
        share[party] = (supplies & visited).sum() / visited.sum()
    assert share["government"] == pytest.approx(0.5, abs=0.12)
    assert share["lead_firms"] == pytest.approx(0.75, abs=0.1)


def test_the_associations_of_all_reach_the_weaker_community():
    weak = {"there": {"start": by_dimension(0.0)}}
    sure = parameters(board={"voice": 1}, access={"take_up": 1})
    counts = {}
    for party in ("government", "associations"):
        world = scenario(ONE, TWO, NO_TURNOVER, sure, governed(party), {"communities": weak})
        counts[party] = live(world, 12).series["visits"].reshape(12, 2).sum(axis=0)
    share = {party: there / (here + there) for party, (here, there) in counts.items()}
    assert share["associations"] > share["government"] + 0.1


VISITS_ALONE = dict.fromkeys(SERVICES, 0.0) | {"visit": 1.0}


def tied(*layers, quarters=40):
    """The communities of the two ends of each tie that an institution made, (n, 2)."""
    sure = parameters(access={"take_up": 1})
    lives = live(scenario(ONE, TWO, NO_TURNOVER, sure, *layers), quarters)
    made = lives.world.ties[lives.world.ties.kind == FORUM]
    assert (made.trust > 0).all()
    communities = lives.world.firms.community
    return np.column_stack([communities[made.a], communities[made.b]])


def test_neutral_communities_that_govern_together_stay_as_far_apart():
    assert not sit_together(board_of(ASSOCIATIONS), neutral_params("board"))
    assert not any(
        gets_acquainted(board_of(ASSOCIATIONS), draw, neutral_params("board"))
        for draw in draws(50, 5)
    )


@parties
def test_who_sits_for_a_community_gets_to_know_others_as_often_as_it_has_seats(party):
    numbers, centre = params(board={"ties": 0.6}), board_of(GOVERNMENT, party)
    share = np.mean([gets_acquainted(centre, draw, numbers) for draw in draws(2000, 6)])
    expected = {GOVERNMENT: 0.0, ASSOCIATIONS: 0.3}.get(party, 0.0)
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected / 2000))
    assert sit_together(centre, numbers) == (party == ASSOCIATIONS)


@parties
def test_ties_begin_on_the_board_of_all_communities_and_only_between_them(party):
    """No meetings are held, which would tie firms by themselves."""
    often = parameters(board={"ties": 1.0})
    ends = tied(governed(PARTIES[party], services=VISITS_ALONE), often)
    if party != ASSOCIATIONS:
        assert len(ends) == 0
        return
    assert len(ends) > 10
    assert (ends[:, 0] != ends[:, 1]).all()


def test_the_more_seats_the_communities_have_the_sooner_they_are_tied():
    often = parameters(board={"ties": 0.5})
    few = governed("associations", services=VISITS_ALONE)
    few["institutions"]["centre"]["board"]["government"] = 4
    many = governed("associations", services=VISITS_ALONE)
    ends = [len(tied(board, often)) for board in (few, many)]
    assert 0 < ends[0] < 0.6 * ends[1]


def test_associations_that_take_their_seats_later_are_tied_from_then_on():
    """There is room for ties that a change of the timetable brings."""
    later = {
        "timetable": {
            "reform": {"tick": 20, "institutions": {"centre": {"board": seats("associations")}}}
        }
    }
    often = parameters(board={"ties": 1.0})
    before = governed("government", services=VISITS_ALONE)
    assert len(tied(before, later, often, quarters=20)) == 0
    assert len(tied(before, later, often)) > 5
