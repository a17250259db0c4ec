"""F6: who has a parent is shown how; large firms start able; nobody else is touched."""

import numpy as np
import pytest

from model.theory.interaction import BUYER, rate
from model.theory.ownership import FOREIGN, LOCAL, OWNERSHIP, PLANT, large_density, meets_parent
from model.theory.practices import DIMENSIONS, FUNCTIONAL, PROCESS, PRODUCT
from tests.theory.records import firm, neutral_params, params
from tests.worlds import ONE, history, live, masks, neutral, scenario

CHANNEL_ONLY = neutral("renewal", "unlearning")
BUYER_ = {"chains": {"leader": {"governance": "hierarchy", "orders": 0.0}}}


def place(**what):
    return {"communities": {"here": what}}


@pytest.mark.parametrize("owner", range(len(OWNERSHIP)))
def test_neutral_a_firm_with_a_parent_learns_as_one_without(owner):
    for d in range(len(DIMENSIONS)):
        assert meets_parent(firm(ownership=owner), d, neutral_params("ownership")) == 0


def test_neutral_in_a_world_who_owns_a_firm_makes_no_difference_to_what_is_learned():
    off = neutral("ownership")
    owned, local = (live(scenario(ONE, off, place(foreign=x)), 8) for x in (1.0, 0.0))
    assert (owned.world.firms.ownership == FOREIGN).any()
    assert history(owned)["ledger"] == history(local)["ledger"]


def test_a_parent_teaches_process_and_product_and_keeps_functions():
    numbers = params()
    for owner in (FOREIGN, PLANT):
        me = firm(ownership=owner)
        for d in (PROCESS, PRODUCT):
            assert meets_parent(me, d, numbers) == pytest.approx(rate(BUYER, numbers) * 0.8)
        assert meets_parent(me, FUNCTIONAL, numbers) == 0
    assert meets_parent(firm(ownership=LOCAL), PROCESS, numbers) == 0


@pytest.mark.parametrize("capability", [0.0, 0.2, 0.4, 0.9, 1.0])
def test_a_large_firm_masters_its_share_the_lowest_rung_first(capability):
    densities = [large_density(capability, bit) for bit in range(48)]
    assert np.mean(densities) == pytest.approx(capability)
    assert densities == sorted(densities, reverse=True)


def test_a_world_without_large_or_foreign_firms_is_what_it_was():
    said = place(foreign=0.0, large={"firms": 0, "workers": 900.0, "capability": 1.0})
    assert (
        history(live(scenario(ONE), 6))["firms"] == history(live(scenario(ONE, said), 6))["firms"]
    )


def test_large_firms_and_plants_stand_behind_the_small_ones_and_are_of_their_size():
    large = {
        "firms": 2,
        "workers": 300.0,
        "capability": 1.0,
        "foreign": 1.0,
        "plants": {"leader": 3},
    }
    firms = live(scenario(ONE, BUYER_, place(large=large)), 0, horizon=1).world.firms
    assert len(firms) == 12 + 2 + 3
    assert (firms.workers[12:] == 300).all()
    assert (firms.ownership == [LOCAL] * 12 + [FOREIGN] * 2 + [PLANT] * 3).all()
    assert (firms.parent == [-1] * 14 + [0] * 3).all()
    assert masks(firms)[12:, : PRODUCT + 1].all()
    alone = live(scenario(ONE, BUYER_), 0, horizon=1).world.firms
    for column in ("mastered", "workers", "resources"):  # nobody small is drawn anew
        assert (firms[column][:12] == alone[column]).all()


def test_the_share_of_foreign_firms_is_that_of_the_scenario():
    lives = live(scenario(ONE, place(foreign=0.25)), 0, replicates=range(200), horizon=1)
    assert (lives.world.firms.ownership == FOREIGN).mean() == pytest.approx(0.25, abs=0.04)


def test_foreign_firms_pull_ahead_of_local_ones_in_process_and_product():
    lives = live(scenario(ONE, CHANNEL_ONLY, place(foreign=0.5)), 16, replicates=range(20))
    firms = lives.world.firms
    stayed = (firms.born == 0) & (firms.active == 1)
    made = np.bitwise_count(firms.mastered[:, : PRODUCT + 1]).sum(axis=1)
    foreign = made[stayed & (firms.ownership == FOREIGN)].mean()
    assert foreign > made[stayed & (firms.ownership == LOCAL)].mean() + 3


def test_a_plant_learns_what_its_leader_holds_without_a_contract():
    own = {"chains": {"leader": {"governance": "market", "orders": 0.0, "particular": 1.0}}}
    lives = live(
        scenario(ONE, CHANNEL_ONLY, own, place(large={"plants": {"leader": 8}, "capability": 0.1})),
        12,
    )
    ledger, world = lives.ledger, lives.world
    taught = ledger[(ledger["channel"] == BUYER) & (ledger["firm"] >= 12)]
    assert len(taught) > 10
    assert (taught["source"] == 0).all()
    held = world.chains[0].holds[taught["dimension"].astype(int)]
    assert ((held >> taught["practice"]) & 1 == 1).all()
    assert (world.firms.contract == -1).all()


def test_who_enters_is_local_and_small():
    away = {"parameters": {"resources": {"patience": 1, "entry": 1.0}}}
    starve = {"sectors": {"trade": {"rivals": 2.0}}}
    large = {"firms": 6, "workers": 300.0}
    firms = live(scenario(ONE, away, starve, place(foreign=1.0, large=large)), 24).world.firms
    born = firms[(firms.born > 0) & (firms.active == 1)]
    assert len(born)
    assert (born.ownership == LOCAL).all()
    assert (born.workers < 300).all()
