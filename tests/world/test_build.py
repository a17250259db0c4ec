"""From a scenario to the rows of a world."""

import numpy as np
import pytest

from model.draws import WORLD, generator, key
from model.scenario.references import MOST
from model.theory.board import PARTIES
from model.theory.interaction import SOURCES
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world import tables as t
from model.world.build import build, run_key
from model.world.row_names import names_of
from tests.worlds import (
    ACROSS,
    BOARDS,
    EVERYTHING,
    MODES,
    ONE,
    TWO,
    by_dimension,
    live,
    masks,
    parameters,
    scenario,
)

FULL = scenario(*EVERYTHING)
TABLES = ("firms", "ties", "chains", "institutions", "communities", "sectors")


@pytest.fixture(scope="module")
def many():
    """One world in a thousand replicates, a few firms each."""
    small = {"communities": {"here": {"firms": 2, "workers": 15.0, "associated": 0.3}}}
    return build([scenario(ONE, small)], range(1000), 1)


def test_the_same_scenario_builds_the_same_world():
    one, other = (build([FULL], (0, 5), 1) for _ in range(2))
    for name in (*TABLES, "runs", "parameters"):
        table, again = getattr(one, name), getattr(other, name)
        for column in table.dtype.names:
            assert (table[column] == again[column]).all()


def test_the_scenarios_own_seed_counts_unless_another_is_given():
    own = scenario(*EVERYTHING, {"run": {"seed": 9}})
    assert build([own], (0,)).runs[0].key == build([FULL], (0,), 9).runs[0].key
    assert build([own], (0,), 1).runs[0].key == build([FULL], (0,), 1).runs[0].key


def test_run_keys_differ_by_seed_and_replicate():
    keys = {int(run_key(seed, replicate)) for seed in range(30) for replicate in range(30)}
    assert len(keys) == 900
    assert run_key(1, 2) != run_key(2, 1)


def test_builders_and_engine_share_one_tree_of_keys():
    """The generator of a path starts where nested keys lead, from seed and replicate on."""
    path = int(key(run_key(3, 4), np.uint64(WORLD)))
    assert (
        generator(3, 4, WORLD).integers(0, 2**60)
        == np.random.default_rng(path).integers(0, 2**60)
    )  # fmt: skip


def test_runs_lie_end_to_end_scenario_after_scenario():
    world = build([FULL, scenario(ONE)], (0, 1, 2), 1)
    assert list(world.runs.world) == [0, 0, 0, 1, 1, 1]
    assert list(world.runs.replicate) == [0, 1, 2] * 2
    assert list(world.runs.parameters) == [0, 0, 0, 1, 1, 1]
    for name in TABLES:
        bounds = world.runs[name]
        assert bounds[0, 0] == 0
        assert (bounds[1:, 0] == bounds[:-1, 1]).all()
        assert bounds[-1, 1] == len(getattr(world, name))
    assert len(world.slice(0).firms) == 20
    assert len(world.slice(5).firms) == 12


def test_a_slice_is_a_view():
    world = build([FULL], (0, 1), 1)
    world.slice(1).firms.resources[:] = 7
    assert (world.firms.resources[20:] == 7).all()
    assert not (world.firms.resources[:20] == 7).any()


def test_names_follow_the_rows():
    names = names_of(FULL)
    assert names.communities == ("here", "there")
    assert names.chains == GOVERNANCE
    assert names.institutions == (*FULL.institutions, "association_here", "association_there")
    world = build([FULL], (0,), 1)
    assert [GOVERNANCE[g] for g in world.chains.governance] == list(names.chains)
    seats = world.institutions.seats[: len(PARTIES)]
    assert (seats.argmax(axis=1) == range(len(PARTIES))).all()
    np.testing.assert_allclose(seats.sum(axis=1), 1.0)
    assert list(world.institutions.association) == [0] * len(FULL.institutions) + [1, 1]
    assert [REACH[r] for r in world.chains.reach] == ["domestic", "global"] * 2


def test_firms_are_numbered_by_community_and_place():
    firms = build([FULL], (0,), 1).firms
    assert list(firms.community) == [0] * 12 + [1] * 8
    assert list(firms.place) == [*range(12), *range(8)]
    assert firms.active.all()
    assert (firms.contract == t.NOBODY).all()
    assert (firms.aware == firms.mastered).all()


def test_orders_and_quotas_are_shares_of_the_places_they_reach():
    here = {"communities": ["here"], "orders": 0.5, "governance": "market"}
    club = {"reach": ["there"], "access": {"quota": 0.25}}
    world = build(
        [scenario(ONE, TWO, {"chains": {"c": here}, "institutions": {"i": club}})], (0,), 1
    )
    assert world.chains[0].orders == 6
    assert np.flatnonzero(world.chains[0].communities).tolist() == [0]
    assert world.institutions[0].quota == 2
    assert np.flatnonzero(world.institutions[0].reach).tolist() == [1]
    assert world.institutions[0].home == 1


def test_a_chain_asks_what_its_sector_does_unless_it_says_otherwise():
    asked = {"chains": {"strict": {"governance": "market", "entry_standard": 0.4}}}
    world = build([scenario(*EVERYTHING, asked)], (0,), 1)
    assert list(world.chains.entry_standard) == [0.05] * 4 + [0.4]
    assert (world.chains.holds == world.sectors.holds[0, :, SOURCES.index("buyer")]).all()


def test_neutral_mechanisms_are_neutral_in_the_row_of_parameters():
    off = build([scenario(ONE, {"neutral": ["wages"]})], (0,), 1).parameters[0]
    on = build([scenario(ONE, parameters(wages={"speed": 0.3}))], (0,), 1).parameters[0]
    assert off.wages.speed == 0
    assert on.wages.speed == 0.3


def test_sources_hold_the_shares_that_the_sector_says():
    shares = dict(zip(SOURCES, (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0), strict=True))
    holds = {"sectors": {"trade": {"holds": dict.fromkeys(DIMENSIONS, shares)}}}
    n = 100
    sectors = build([scenario(ONE, holds)], range(n), 1).sectors
    bits = (sectors.holds[..., None] >> np.arange(48)) & 1
    found, expected = bits.mean(axis=(0, 1, 3)), np.array(list(shares.values()))
    error = np.sqrt(expected * (1 - expected) / (n * 4 * 48))
    assert (np.abs(found - expected) <= 4 * error).all()
    assert (sectors.known == np.bitwise_or.reduce(sectors.holds, axis=2)).all()


def test_sources_draw_apart():
    """Holding a practice tells nothing of whether another source holds it."""
    half = dict.fromkeys(SOURCES, 0.5)
    holds = {"sectors": {"trade": {"holds": dict.fromkeys(DIMENSIONS, half)}}}
    sectors = build([scenario(ONE, holds)], range(50), 1).sectors
    bits = (sectors.holds[..., None] >> np.arange(48)) & 1  # (runs, 4, sources, 48)
    samples = np.moveaxis(bits, 2, 0).reshape(len(SOURCES), -1)
    apart = np.corrcoef(samples)[~np.eye(len(SOURCES), dtype=bool)]
    assert np.abs(apart).max() < 5 / np.sqrt(samples.shape[1])


def test_founders_are_of_the_size_and_membership_that_the_community_says(many):
    workers = many.firms.workers
    # three times the square of a uniform number: mean 1, variance 9/5 - 1
    assert workers.mean() == pytest.approx(15, rel=4 * np.sqrt(0.8 / 2000) + 0.01)
    assert np.median(workers) < workers.mean()
    assert workers.min() >= 1
    share = (many.firms.members != 0).mean()
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def test_communities_start_with_a_repertoire_of_their_own():
    apart = {"communities": {name: {"repertoire": 0.4} for name in ("here", "there")}}
    world = build([scenario(ONE, TWO, apart)], range(100), 1)
    bits = (world.communities.repertoire[..., None] >> np.arange(48)) & 1
    assert bits.mean() == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / bits.size))
    here, there = bits[0::2].ravel(), bits[1::2].ravel()
    assert abs(np.corrcoef(here, there)[0, 1]) < 4 / np.sqrt(len(here))
    for run in range(3):
        view = world.slice(run)
        own = view.communities.repertoire[view.firms.community]
        assert (view.firms.mastered & ~own == 0).all()


def test_founders_master_as_much_with_a_narrow_repertoire_as_with_a_wide_one():
    levels = []
    for repertoire in (0.5, 1.0):
        place = {"communities": {"here": {"repertoire": repertoire}}}
        thin = {"sectors": {"trade": {"start": by_dimension(0.2)}}}
        firms = build([scenario(ONE, thin, place)], range(200), 1).firms
        levels.append(masks(firms).mean())
    assert levels[0] == pytest.approx(levels[1], rel=0.03)


def test_ties_start_with_the_trust_that_the_scenario_says():
    trust = {"communities": {"here": {"trust": 0.6}, "there": {"trust": 0.1}}}
    across = {"across": {"ties": 1.0, "trust": 0.2}}
    ties = build([scenario(ONE, TWO, trust, across)], (0,), 1).ties
    for kind, end, expected in ((t.LOCAL, 0, 0.6), (t.LOCAL, 12, 0.1), (t.ACROSS, 0, 0.2)):
        chosen = ties[(ties.kind == kind) & ((ties.a >= 12) == (end == 12))]
        assert len(chosen) > 0
        assert (chosen.trust == expected).all()
        assert (chosen.usual == expected).all()


def test_room_for_forum_ties_is_made_only_where_forums_are_held():
    quiet = build([scenario(ONE, TWO, ACROSS, MODES)], (0,), 1)
    assert len(quiet.ties) == quiet.runs[0].used_ties
    lively = build([scenario(ONE, TWO, ACROSS, BOARDS)], (0,), 1)
    assert len(lively.ties) - lively.runs[0].used_ties == 6 * 20


def test_an_sme_takes_two_rows_of_232_bytes_beside_its_ties_and_ledger():
    """A row as it is and a row as it was: more than the 300 bytes aimed at, for markets and owners."""
    assert t.FIRM.itemsize <= 232


RECORDS = {name: kind for name, kind in vars(t).items() if isinstance(kind, np.dtype)}


@pytest.mark.parametrize("name", RECORDS)
def test_record_types_are_aligned(name):
    assert RECORDS[name].isalignedstruct


@pytest.mark.parametrize(
    "column",
    ["FIRM.aware", "FIRM.mastered", "FIRM.members", "CHAIN.holds", "INSTITUTION.repository",
     "COMMUNITY.repertoire", "SECTOR.holds", "SECTOR.known"],
)  # fmt: skip
def test_masks_are_int64(column):
    name, mask = column.split(".")
    assert RECORDS[name][mask].base == np.dtype("i8")


def test_columns_hold_what_they_may_be_asked_to_hold():
    """The most that the schema allows fits: rows of two million firms, years of distress."""
    assert np.iinfo(t.FIRM["place"]).max > 2_000_000
    assert np.iinfo(t.TIE["a"]).max > t.COMMUNITIES * 2_000_000
    assert np.iinfo(t.FIRM["community"]).max > t.COMMUNITIES
    assert t.STAFFED == MOST
    assert np.iinfo(t.FIRM["distress"]).max > 1000
    assert np.iinfo(t.LEDGER["tick"]).max > 100_000
    assert np.iinfo(t.LEDGER["practice"]).max >= 47


def test_a_world_of_one_firm_lives():
    alone = {"communities": {"here": {"firms": 1}}}
    end = live(scenario(ONE, alone, MODES, BOARDS), 8)
    assert len(end.world.ties) == 6  # room for ties that nobody is there to make
    assert end.series["firms"].max() <= 1
