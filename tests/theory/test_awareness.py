"""K1 What travels easily."""

import numpy as np
from hypothesis import given

from model.theory.awareness import hear_at_fair, hear_from_chain, see
from model.theory.interaction import OVERTAKEN
from model.theory.practices import ALL, PRODUCT
from tests.theory.records import (
    any_dimension,
    any_draw,
    any_mask,
    anything,
    anywhere,
    chain,
    community,
    draws,
    firm,
    neutral_params,
    params,
    practices,
    sector,
    shares,
)
from tests.worlds import EVERYTHING, NO_TURNOVER, live, masks, neutral, scenario

SURE = params(awareness={"meeting": 1, "chain": 1, "fairs": 1})


def hear_all(me, d, draw, numbers, information=1.0):
    see(me, d, np.int64(practices(1, 1)), draw, numbers)
    hear_from_chain(me, d, chain(holds=(practices(1),) * 4), draw, numbers)
    everything = sector(known=(ALL,) * 4)
    hear_at_fair(me, d, community(information=information), everything, draw, numbers)


def test_neutral_nobody_hears_of_anything():
    me = firm()
    for draw in draws(50, 1):
        hear_all(me, PRODUCT, draw, neutral_params("awareness"))
    assert not me.aware.any()


def test_neutral_in_a_world_firms_know_of_what_they_once_mastered_only():
    start = live(scenario(*EVERYTHING), 0)
    end = live(scenario(*EVERYTHING, NO_TURNOVER, neutral("awareness")), 8)
    known = masks(start.world.firms)
    for entry in end.ledger:
        if entry.channel == OVERTAKEN:  # for the whole trade: for those too that had forgotten how
            known[:, entry.dimension, entry.practice] = False
        else:
            known[entry.firm, entry.dimension, entry.practice] = True
    assert (masks(end.world.firms, "aware") == known).all()


@given(any_mask, any_dimension, any_draw, shares, anywhere("awareness"))
def test_hearing_only_adds_and_touches_one_dimension(mask, d, draw, information, numbers):
    me = firm(aware=(mask,) * 4, mastered=(mask,) * 4)
    hear_all(me, d, draw, numbers, information)
    assert me.aware[d] & mask == mask
    assert [int(me.aware[other]) for other in range(4) if other != d] == [mask] * 3
    assert (me.mastered == mask).all()


def test_a_lead_firm_hands_its_whole_standard_to_a_supplier():
    me, standard = firm(), anything(0.5, 2)
    hear_from_chain(me, PRODUCT, chain(holds=(0, standard, 0, 0)), draws(1, 3)[0], SURE)
    assert me.aware[PRODUCT] == standard


def test_what_was_heard_is_known_and_not_mastered():
    me = firm()
    hear_all(me, PRODUCT, draws(1, 4)[0], SURE)
    assert me.aware[PRODUCT] != 0
    assert not me.mastered.any()


def test_a_fair_shows_one_practice_that_somebody_in_the_trade_holds():
    known = anything(0.3, 5)
    for draw in draws(50, 6):
        me = firm()
        hear_at_fair(
            me, PRODUCT, community(information=1.0), sector(known=(known,) * 4), draw, SURE
        )
        heard = int(me.aware[PRODUCT])
        assert heard.bit_count() == 1
        assert heard & known == heard


def test_fairs_come_as_often_as_information_says():
    numbers = params(awareness={"fairs": 0.5})
    trade = sector(known=(ALL,) * 4)
    for information in (0.0, 0.4, 1.0):
        heard = 0
        for draw in draws(2000, 9):
            me = firm()
            hear_at_fair(me, PRODUCT, community(information=information), trade, draw, numbers)
            heard += me.aware[PRODUCT] != 0
        expected = 0.5 * information
        error = np.sqrt(expected * (1 - expected) / 2000)
        assert abs(heard / 2000 - expected) <= 4 * error


def test_firms_know_more_than_they_master():
    """MP17, first concern: what is known, how is not."""
    end = live(scenario(*EVERYTHING), 8)
    aware, mastered = masks(end.world.firms, "aware"), masks(end.world.firms)
    assert (aware | ~mastered).all()
    assert aware.sum() > mastered.sum()
