"""K8 Whose advice is sought."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.theory.interaction import PEER
from model.theory.practices import ALL, PROCESS, RUNG_1
from model.theory.seeking import are_rivals, eagerness, most_eager
from tests.theory.records import any_mask, anywhere, firm, neutral_params, params
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    ONE,
    by_dimension,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

debts = st.integers(-50, 50)
contracts = st.tuples(st.integers(-1, 3), st.integers(-1, 3))


def able(share):
    """A firm that masters this share of process and product practices."""
    return firm(mastered=((1 << round(48 * share)) - 1,) * 4)


def test_neutral_every_tie_is_as_good_as_another():
    numbers = neutral_params("seeking")
    for me, peer in ((able(0), able(1)), (able(1), able(0))):
        for chain in (0, -1):
            me.contract[0] = peer.contract[1] = chain
            for debt in (-3, 0, 3):
                assert eagerness(me, peer, debt, numbers) == 1


@given(any_mask, any_mask, contracts, contracts, debts, anywhere("seeking"))
def test_eagerness_is_never_negative(mask, other, mine, its, debt, numbers):
    me = firm(mastered=(mask,) * 4, contract=mine)
    peer = firm(mastered=(other,) * 4, contract=its)
    assert eagerness(me, peer, debt, numbers) >= 0


@given(any_mask, any_mask, contracts, contracts, debts, anywhere("seeking"))
def test_nobody_is_asked_more_eagerly_than_the_ablest_stranger(
    mask, other, mine, its, debt, numbers
):
    """To the last bit: whom a draw leaves out for this bound, it would leave out anyway."""
    me = firm(mastered=(mask,) * 4, contract=mine)
    peer = firm(mastered=(other,) * 4, contract=its)
    assert eagerness(me, peer, debt, numbers) <= most_eager(me, debt, numbers)
    stranger = firm(mastered=(ALL,) * 4, contract=(-1, -1))
    assert eagerness(me, stranger, debt, numbers) == most_eager(me, debt, numbers)


@given(any_mask, any_mask, any_mask, debts, anywhere("seeking"))
def test_the_abler_the_peer_and_the_weaker_the_firm_the_more_is_asked(a, b, more, debt, numbers):
    def asked(mine, its):
        return eagerness(firm(mastered=(mine,) * 4), firm(mastered=(its,) * 4), debt, numbers)

    assert asked(a, b) <= asked(a, b | more)
    assert asked(a | more, b) <= asked(a, b)


def test_a_peer_ahead_by_a_third_is_asked_twice_as_often_one_behind_not_at_all():
    numbers = params(seeking={"ability": 3.0, "rivalry": 0, "reciprocity": 0})
    assert eagerness(able(0), able(1 / 3), 0, numbers) == pytest.approx(2)
    assert eagerness(able(1 / 3), able(0), 0, numbers) == pytest.approx(0)
    assert eagerness(able(1), able(0), 0, numbers) == 0
    assert eagerness(able(0.5), able(0.5), 0, numbers) == 1


def test_rivals_for_one_buyer_avoid_each_other_in_proportion():
    numbers = params(seeking={"ability": 0, "rivalry": 0.4, "reciprocity": 0})
    mine, rival = firm(contract=(2, -1)), firm(contract=(0, 2))
    assert are_rivals(mine, rival)
    assert eagerness(mine, rival, 0, numbers) == pytest.approx(0.6)
    for other in (firm(contract=(0, 1)), firm()):
        assert not are_rivals(mine, other)
        assert eagerness(mine, other, 0, numbers) == 1
    assert not are_rivals(firm(), firm())  # two firms without a buyer are no rivals


@given(contracts, contracts)
def test_rivalry_is_mutual(mine, its):
    one, other = firm(contract=mine), firm(contract=its)
    assert are_rivals(one, other) == are_rivals(other, one) == bool(set(mine) & set(its) - {-1})


def test_advice_is_given_for_advice():
    numbers = params(seeking={"ability": 0, "rivalry": 0.5, "reciprocity": 0.5})
    assert eagerness(firm(), firm(), 1, numbers) == 1.5
    assert eagerness(firm(), firm(), 0, numbers) == 1
    assert eagerness(firm(), firm(), -1, numbers) == 1  # who had more help than it gave
    rival = firm(contract=(0, -1))
    assert eagerness(rival, rival, 7, numbers) == pytest.approx(0.5 * 1.5)


# Peers alone teach, everybody knows a few others, trust is full and nobody gains any.
PEERS = (
    ONE,
    NO_SOURCES,
    NO_TURNOVER,
    NO_UNLEARNING,
    neutral("joint_action"),
    {
        "sectors": {"trade": {"tacitness": by_dimension(0), "appropriability": 0.0,
                              "start": by_dimension(0)}},
        "communities": {"here": {"firms": 60, "ties": 8, "trust": 1.0, "labour_mobility": 0.0,
                                 "repertoire": 1.0}},
    },
    parameters(
        interaction={"rate": {"practice": 0, "peer": 0.2}, "translation": 0.0},
        absorption={"floor": 1, "step": 0, "lean": 0},
        resources={"slack": 0},
        road={"neglect": 0},
        attention={"weight": by_dimension(1, 0, 0, 0)},
    ),
)  # fmt: skip


def learned_from(lives):
    """(firm, source) of every lesson between peers."""
    told = lives.ledger[lives.ledger["channel"] == PEER]
    return told["firm"], told["source"]


def half_able(*layers, ticks=1):
    """Firms of even number master rung 1 of process, the odd ones its first half."""
    lives = live(scenario(*PEERS, *layers), 0, range(4), horizon=ticks)
    odd = np.arange(240) % 2 == 1
    lives.world.firms.mastered[:, PROCESS] = np.where(odd, 0xFF, RUNG_1)
    lives.world.firms.mastered[:, 1] = np.where(odd, 0, ALL)  # so that the even are far ahead
    lives.world.firms.aware[:] = lives.world.firms.mastered
    lives.advance(ticks)
    return lives


def test_neutral_in_a_world_rivals_and_debts_make_no_difference():
    off = neutral("joint_action", "seeking")
    plain, owing = (live(scenario(*PEERS, off), 0, horizon=6) for _ in range(2))
    for lives, debt in ((plain, 0), (owing, 5)):
        lives.world.firms.mastered[:, PROCESS] = [0xFF << n % 24 for n in range(60)]
        lives.world.firms.aware[:] = lives.world.firms.mastered
        lives.world.ties.owed[:] = debt
        lives.advance(6)
    assert len(learned_from(plain)[0]) > 0
    assert history(plain)["firms"] == history(owing)["firms"]
    assert history(plain)["ledger"] == history(owing)["ledger"]


def test_in_a_world_the_able_are_asked_more_and_nobody_asks_the_weak():
    asked = {}
    for ability in (0.0, 3.0):
        lives = half_able(parameters(seeking={"ability": ability, "rivalry": 0}))
        firms, sources = learned_from(lives)
        assert (sources % 2 == 0).all()  # only the even have something to show
        assert (firms % 2 == 1).all()
        asked[ability] = len(firms)
    assert asked[3.0] > 1.5 * asked[0.0] > 30


def test_in_a_world_who_is_owed_is_helped_more():
    """Firms of even number gave before, or took: ``owed`` counts for a, the lower row of a tie."""
    lessons = []
    for debt in (-5, 5):
        lives = live(
            scenario(*PEERS, parameters(seeking={"ability": 0, "reciprocity": 4.0})),
            0, range(4), horizon=1,
        )  # fmt: skip
        firms, ties = lives.world.firms, lives.world.ties
        firms.mastered[:, PROCESS] = np.where(np.arange(240) % 2 == 1, 0, RUNG_1)
        firms.aware[:] = firms.mastered
        odd_is_a = ties.a % 2 == 1
        ties.owed[:] = np.where(odd_is_a, debt, -debt)  # what the odd gave to the even
        lives.advance(1)
        lessons.append(len(learned_from(lives)[0]))
    assert lessons[1] > 1.5 * lessons[0] > 20


def test_in_a_world_a_lesson_makes_a_debt():
    lives = half_able(parameters(seeking={"ability": 0, "reciprocity": 0}))
    pairs = list(zip(*learned_from(lives), strict=True))
    assert pairs
    world = lives.world
    for run in range(4):
        view = world.slice(run)
        told = lives.ledger[(lives.ledger["run"] == run) & (lives.ledger["channel"] == PEER)]
        balance = np.zeros((60, 60), int)
        for entry in told:
            balance[entry.source, entry.firm] += 1
            balance[entry.firm, entry.source] -= 1
        used = view.ties[: view.run.used_ties]
        assert (used.owed == balance[used.a, used.b]).all()
        assert not used.lent.any()


def test_in_a_world_suppliers_of_one_chain_learn_less_from_each_other():
    rivals = {
        "communities": {"here": {"market_access": 1.0}},
        "chains": {"buyer": {"governance": "market", "orders": 1.0, "entry_standard": 0.0}},
    }
    lessons = [
        len(learned_from(half_able(rivals, parameters(seeking={"ability": 0, "rivalry": r})))[0])
        for r in (0.0, 1.0)
    ]
    assert lessons[0] > 20
    assert lessons[1] == 0


def test_one_peer_more_ability_does_not_help_a_tie_without_trust():
    apart = {"communities": {"here": {"trust": 0.0}}}
    assert len(learned_from(half_able(apart))[0]) == 0
