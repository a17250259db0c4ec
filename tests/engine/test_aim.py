"""For whom a body or programme is: by size, by buyer, by levy, by lot or merit; who took part is known."""

import numpy as np
import pytest

from model.theory.access import dues, is_meant, may_join, owes_fee
from model.theory.road import LOW
from tests.theory.records import firm, institution, params
from tests.worlds import ONE, history, live, parameters, scenario

RICH = parameters(resources={"endowment": 2.0}, grants={"grant": 0.5})


def body(**access):
    return {"institutions": {"centre": {"budget": 1.0, "access": access}}}


def grants(**what):
    return {"instruments": {"grants": {"kind": "grants", "budget": 1.0} | what}}


def test_a_levy_is_a_share_of_value_added_beside_the_fee():
    me = firm(value_added=2.0, resources=1.0)
    assert dues(me, institution(fee=0.1, levy=0.05)) == pytest.approx(0.2)
    lives_on_it = institution(levy=0.05, closes=9)
    assert owes_fee(me, lives_on_it, 8) == pytest.approx(0.1)
    assert owes_fee(me, lives_on_it, 9) == 0
    assert owes_fee(firm(value_added=2.0, resources=0.05), lives_on_it, 8) == 0


def test_a_body_that_lives_on_a_levy_collects_it_from_its_members():
    levy = {"institutions": {"centre": {"budget": 0.0, "access": {"levy": 0.02, "take_up": 100.0}}}}
    world = live(scenario(ONE, RICH, levy), 6).world
    members = world.firms[(world.firms.members & 1) == 1]
    assert len(members)
    assert world.institutions[0].fees == pytest.approx(0.02 * members.value_added.sum(), rel=0.2)


def test_who_is_too_large_or_supplies_nobody_named_may_not_join():
    small, large = firm(workers=10.0), firm(workers=60.0)
    assert is_meant(small, institution(largest=50.0))
    assert not is_meant(large, institution(largest=50.0))
    supplier = firm(contract=(2, -1))
    assert is_meant(supplier, institution(for_chains=0b100))
    assert not is_meant(supplier, institution(for_chains=0b011))
    assert not may_join(large, institution(largest=50.0, inclusive=1), 4, params())


def test_members_of_a_body_for_small_firms_were_small_when_they_joined():
    access = {"largest": 12.0, "inclusive": True, "take_up": 100.0}
    firms = live(scenario(ONE, body(**access)), 1).world.firms
    member = (firms.members & 1) == 1
    assert member.any()
    assert not member.all()
    assert firms.workers[member].max() < 13 < firms.workers[~member].max() + 1


def test_without_a_limit_everybody_is_meant():
    free = live(scenario(ONE, body()), 6)
    said = live(scenario(ONE, body(largest=1e6, levy=0.0, chains=[])), 6)
    assert history(free) == history(said)


def test_grants_go_to_the_ablest_or_by_lot():
    ended = {
        who: live(
            scenario(ONE, RICH, grants(participants=who, quota=0.25)), 1, replicates=range(40)
        )
        for who in ("chosen", "drawn")
    }
    able = {}
    for who, lives in ended.items():
        firms = lives.world.firms
        took = firms.programmes & 1 == 1
        assert took.any()
        able[who] = np.bitwise_count(firms.mastered[took][:, :2]).sum(axis=1).mean()
    assert able["chosen"] > able["drawn"] + 1


def test_no_more_firms_than_the_quota_ever_take_part():
    lives = live(scenario(ONE, RICH, grants(budget=5.0, quota=0.25)), 20, replicates=range(8))
    took = (lives.world.firms.programmes & 1).reshape(8, 12).sum(axis=1)
    assert (took <= 3).all()
    assert took.max() == 3
    again = live(scenario(ONE, RICH, grants(budget=5.0)), 20, replicates=range(8)).world.firms
    assert (again.programmes & 1).sum() > took.sum()


def test_a_firm_that_closed_still_counts_and_so_does_not_who_founds_in_its_place():
    """The quota is of all firms that ever get grants; places that change hands make no room for more."""
    short_lives = parameters(resources={"endowment": 2.0, "patience": 1, "entry": 1.0})
    quick = scenario(ONE, RICH, short_lives, grants(budget=5.0, quota=0.25))
    lives = live(quick, 0, replicates=range(8), horizon=60)
    took: set[tuple[int, int]] = set()
    for tick in range(1, 61):
        lives.advance(tick)
        firms = lives.world.firms
        rows = np.flatnonzero(firms.active & firms.programmes)
        took |= {(int(row), int(firms.born[row])) for row in rows}
    by_run = np.bincount([row // 12 for row, _ in took], minlength=8)
    assert (by_run == 3).all()
    still_there = set(zip(range(len(firms)), firms.born.tolist(), strict=True))
    assert len(took - still_there) > len(took) / 2
    assert lives.world.instruments.joined.tolist() == by_run.tolist()


def test_owners_on_the_low_road_do_not_select_themselves():
    lives = live(scenario(ONE, RICH, grants(participants="self_selected", first=4)), 0, horizon=8)
    lives.advance(4)
    lives.world.firms.road[:6] = LOW
    lives.world.runs.tick[:] = 5  # not at a turn of the year, when owners would choose anew
    lives.advance(8)
    assert not (lives.world.firms.programmes[:6] & 1).any()
    assert (lives.world.firms.programmes[6:] & 1).any()


def test_machine_makers_in_the_place_teach_what_machines_embody():
    here = {"communities": {"here": {"local_machines": 1.0, "backward": 1.0}}}
    only = {"sectors": {"trade": {"machinery_price": 100.0}}}  # nobody can buy a machine

    def taught(*layers):
        ledger = live(scenario(ONE, only, *layers), 16).ledger
        return (ledger["channel"] == 3).sum()

    assert taught() == 0
    assert taught(here) > 10
