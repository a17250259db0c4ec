"""UpgradingModel as any Mesa model: agents, sets, data collector, batch runs, arguments."""

import copy
import gc
import inspect
import os
import pickle
import random
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

from model.agents import SME, BridgingInstitution, LeadFirm
from model.measures import BY_NAME
from model.mesa_model import UpgradingModel
from model.scenario import load
from model.scenario.faults import InputError
from model.theory.practices import DIMENSIONS
from tests.mesa.small import REGIONS, same, small

ROOT = Path(__file__).parents[2]
TURNOVER = ("parameters.resources.patience = 1", "parameters.resources.volatility = 1.0")


@pytest.fixture(scope="module")
def model():
    """A year and a quarter of a world with everything in it; read only."""
    model = UpgradingModel(small(), rng=1)
    for _ in range(5):
        model.step()
    return model


def test_sets_of_agents(model):
    firms = model.agents_by_type[SME]
    assert {type(agent) for agent in model.agents} == {SME, LeadFirm, BridgingInstitution}
    assert set(model.agent_types) == {SME, LeadFirm, BridgingInstitution}
    assert len(model.agents) == sum(len(agents) for agents in model.agents_by_type.values())
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)

    able = firms.select(lambda firm: firm.capability > 0.3)
    assert 0 < len(able) < len(firms)
    assert able.agg("capability", min) > 0.3
    table = model.world.firms[model.world.firms.active == 1]
    assert firms.get("wage") == table.wage.tolist()
    assert firms.agg("resources", np.mean) == pytest.approx(table.resources.mean())
    ablest = next(iter(firms.sort("capability", ascending=False)))
    assert ablest.capability == max(firms.get("capability"))
    by_place = firms.groupby("community")
    assert {name: len(group) for name, group in by_place} == {
        name: int(table.community.tolist().count(row))
        for row, name in enumerate(model.names.communities)
    }
    assert firms.map("score", "process") == [firm.scores["process"] for firm in firms]


def test_a_scenario_without_chains_has_an_empty_set_of_lead_firms():
    model = UpgradingModel(small("chains = {}", ticks=1).model_copy(update={"chains": {}}))
    assert len(model.agents_by_type[LeadFirm]) == 0


def test_a_firm_is_a_live_view_of_its_row(model):
    for row in (0, 30, 99):
        sme, firm = model.sme(row), model.world.firms[row]
        assert (sme.row, sme.place, sme.born) == (row, firm.place, firm.born)
        assert sme.community == model.names.communities[firm.community]
        assert sme.sector == model.world_spec.communities[sme.community].sector
        for name in ("workers", "resources", "wage", "value_added", "backward", "forward"):
            assert getattr(sme, name) == firm[name]
        for d, dimension in enumerate(DIMENSIONS):
            assert len(sme.mastered[dimension]) == int(firm.mastered[d]).bit_count()
            assert sme.score(dimension) == len(sme.mastered[dimension]) / 16
            for rung, number in sme.mastered[dimension]:
                assert int(firm.mastered[d]) >> (16 * (rung - 1) + number - 1) & 1
            assert len(sme.aware[dimension]) == int(firm.aware[d]).bit_count()
        both = sme.scores["process"] + sme.scores["product"]
        assert sme.capability == pytest.approx(both / 6)
    with pytest.raises(AttributeError):
        sme.wage = 2.0
    with pytest.raises(ValueError, match="process, product, functional, intersectoral"):
        sme.score("price")


def test_a_view_follows_its_row():
    model = UpgradingModel(small(ticks=4), rng=1)
    sme = model.sme(3)
    before = sme.resources, sme.wage
    model.step()
    assert model.sme(3) is sme
    assert (sme.resources, sme.wage) != before
    assert (sme.resources, sme.wage) == (model.world.firms[3].resources, model.world.firms[3].wage)


def test_ties_contracts_and_memberships_are_those_of_the_graph(model):
    graph = model.graph
    assert isinstance(graph, nx.MultiGraph)
    assert model.graph is graph
    assert set(graph) == {agent.name for agent in model.agents}
    for sme in model.agents_by_type[SME]:
        edges = [(other, data) for _, other, data in graph.edges(sme.name, data=True)]
        peers = [(o, d["type"], d["trust"]) for o, d in edges if o.startswith("sme:")]
        assert sorted(peers) == sorted((p.firm.name, p.kind, p.trust) for p in sme.peers)
        assert {o for o, d in edges if d["type"] == "contract"} == {c.name for c in sme.contracts}
        assert {o for o, d in edges if d["type"] == "member"} == {i.name for i in sme.institutions}
        assert {agent.name for agent in sme.neighbours} == {other for other, _ in edges}
    for agent in (*model.agents_by_type[LeadFirm], *model.agents_by_type[BridgingInstitution]):
        linked = agent.suppliers if isinstance(agent, LeadFirm) else agent.members
        assert {firm.name for firm in linked} == set(graph.neighbors(agent.name))
        assert model.agent(agent.name) is agent


def test_lead_firms_and_institutions(model):
    owner = model.agent("lead_firm:owner")
    assert (owner.governance, owner.reach, owner.guards) == ("hierarchy", "global", True)
    assert (owner.orders, owner.title) == (10, "owner")
    assert owner.entry_standard == pytest.approx(0.1)
    assert set(owner.standard) == {"process", "product"}
    assert set(owner.core) == {"functional", "intersectoral"}
    assert owner.communities == model.names.communities
    assert all(firm.capability >= 0.05 for firm in owner.suppliers)

    club = model.agent("institution:club")
    assert (club.board, club.home, club.inclusive) == ({"home_association": 1}, "valley", False)
    assert (club.fee, club.minimum_capability, club.quota) == (0.05, 0.1, 30)
    assert (club.budget, club.experiential) == (10.0, 1.0)
    assert 0 < len(club.members) <= club.quota
    assert 0 < club.spent <= club.budget + club.fees + 0.3
    assert club.repository_size == {d: len(held) for d, held in club.repository.items()}
    assert sum(club.repository_size.values()) > 0
    locals_ = model.agents_by_type[BridgingInstitution].select(lambda i: i.is_association)
    assert [i.reach for i in locals_] == [(name,) for name in model.names.communities]


def test_a_biography_is_the_firm_s_part_of_the_ledger(model):
    ledger = model.records.ledger
    told = [firm.biography() for firm in model.agents_by_type[SME]]
    entrants = ledger["born"] > 0
    assert sum(len(frame) for frame in told) <= len(ledger)
    firm = max(model.agents_by_type[SME], key=lambda firm: len(firm.biography()))
    mine = firm.biography()
    assert list(mine.columns) == ["tick", "dimension", "rung", "practice", "channel", "source"]
    known = ledger[(ledger["firm"] == firm.row) & ~entrants]
    assert mine["tick"].tolist() == known["tick"].tolist()
    last = mine[mine["channel"] != "forgotten"].iloc[-1]
    kept = firm.mastered[last["dimension"]] | firm.aware[last["dimension"]]
    assert (last["rung"], last["practice"]) in kept


def test_firms_that_close_leave_and_entrants_appear():
    model = UpgradingModel(small(*TURNOVER, ticks=24), rng=1)
    known = {}
    closed, entered = 0, 0
    while model.running:
        model.step()
        firms = model.world.firms
        there = {(sme.row, sme.born): sme for sme in model.agents_by_type[SME]}
        rows = np.flatnonzero(firms.active)
        assert sorted(there) == sorted(zip(rows.tolist(), firms.born[rows].tolist(), strict=True))
        for who, sme in known.items():
            if who in there:
                assert there[who] is sme
            elif sme.active is False and sme.age >= 0:
                assert sme not in model.agents
        for who in set(known) - set(there):
            gone = known.pop(who)
            assert not gone.active
            assert (gone.peers, gone.contracts, gone.institutions) == ([], [], [])
            assert gone.resources == firms[gone.row].resources  # as it was when it closed
            with pytest.raises(LookupError, match="has closed"):
                gone.explain()
            closed += 1
        entered += sum(who not in known and who[1] == model.tick for who in there)
        known = there
    assert closed > 20
    assert entered > 20
    country = model.records.country
    assert entered == country["entries"].iloc[1:].sum()


def test_a_closed_firm_keeps_its_last_state_when_its_place_is_taken():
    model = UpgradingModel(small(*TURNOVER, "parameters.resources.entry = 1.0", ticks=40), rng=1)
    first = {row: model.sme(row) for row in range(100)}
    while model.running and all(sme.active for sme in first.values()):
        model.step()
    gone = next(sme for sme in first.values() if not sme.active)
    last = gone.wage, gone.mastered, gone.born
    assert model.sme(gone.row) is None
    with pytest.raises(LookupError, match="there is no agent"):
        model.agent(gone.name)
    model.step()
    entrant = model.sme(gone.row)
    assert entrant.born == model.tick
    assert entrant.unique_id != gone.unique_id
    assert (gone.wage, gone.mastered, gone.born) == last
    assert len(gone.neighbours) == 0
    assert gone.name in model.graph  # that is the entrant
    assert gone.biography()["tick"].max() < model.tick


def test_agents_have_the_same_ids_whenever_they_are_first_met():
    early, late = (UpgradingModel(small(*TURNOVER), rng=1) for _ in range(2))
    assert len(early.agents) > 0
    for _ in range(9):
        early.step()
        late.step()
    assert early.agents.get(["name", "unique_id"]) != []
    assert sorted(map(tuple, early.agents.get(["name", "unique_id"]))) == sorted(
        map(tuple, late.agents.get(["name", "unique_id"]))
    )


def test_removing_an_agent_from_the_sets_leaves_the_records_alone():
    one, other = (UpgradingModel(small(*TURNOVER), rng=1) for _ in range(2))
    for agent in list(one.agents_by_type[SME])[::2]:
        agent.remove()
    assert len(one.agents_by_type[SME]) == 50
    one.run_model()
    other.run_model()
    assert same(one.ensemble.ledger, other.ensemble.ledger)


def test_the_collector_reports_every_measure_of_every_quarter(model):
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(BY_NAME)
    country = model.records.country
    pd.testing.assert_frame_equal(
        frame.reset_index(drop=True), country[list(BY_NAME)], check_dtype=False
    )
    series = model.records.series
    now = series[(series["tick"] == 4) & (series["community"] == "oasis")]
    assert model.measure("process", "oasis") == now["process"].item()
    with pytest.raises(LookupError, match="no measure 'happiness'"):
        model.measure("happiness")
    assert np.isnan(UpgradingModel(small(ticks=1)).measure("process"))


def test_agent_reporters_and_a_collector_that_pickles():
    model = UpgradingModel(
        small(ticks=3),
        agent_reporters={"name": "name"},
        agenttype_reporters={SME: {"wage": "wage", "score": upgrading}, LeadFirm: {"n": "orders"}},
    )
    model.run_model()
    collector = pickle.loads(pickle.dumps(model.datacollector))
    of_firms = collector.get_agenttype_vars_dataframe(SME)
    assert list(of_firms.columns) == ["wage", "score"]
    last = of_firms.xs(3, level="Step")
    assert last["wage"].tolist() == model.agents_by_type[SME].get("wage")
    assert last["score"].max() > 0
    assert set(collector.get_agenttype_vars_dataframe(LeadFirm)["n"]) >= {10}
    assert len(collector.get_agent_vars_dataframe().xs(1, level="Step")) == len(model.agents)
    pd.testing.assert_frame_equal(
        collector.get_model_vars_dataframe(), model.datacollector.get_model_vars_dataframe()
    )


def upgrading(firm):
    return sum(firm.scores.values())


def test_batch_run():
    spec = small(ticks=2)
    rng = {"rng": [1, 2]}
    outside = "rng" in inspect.signature(batch_run).parameters
    runs = batch_run(
        UpgradingModel,
        {"world": [spec]} | ({} if outside else rng),
        display_progress=False,
        **(rng if outside else {}),
    )
    expected = [UpgradingModel(spec, rng=seed) for seed in (1, 2)]
    for model in expected:
        model.run_model()
    assert [run["process"] for run in runs] == [model.measure("process") for model in expected]


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="Mesa before 3.5")
def test_a_clock_that_runs_for_some_time():
    model = UpgradingModel(small(), rng=1)
    model.run_for(3)
    assert (model.tick, model.steps, model.time) == (3, 3, 3.0)


def test_two_models_and_the_global_generators_do_not_disturb_each_other():
    spec = small()
    alone = UpgradingModel(spec, rng=1)
    alone.run_model()
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    one, other = UpgradingModel(spec, rng=1), UpgradingModel(spec, rng=2)
    while one.running:
        one.step()
        other.step()
        other.agents.shuffle_do("__repr__")
    assert same(one.ensemble.series, alone.ensemble.series)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def test_a_copy_goes_its_own_way():
    model = UpgradingModel(small(), rng=1)
    model.step()
    sme = model.sme(3)
    before = model.tick, sme.resources
    twin = copy.deepcopy(model)
    twin.step()
    assert (twin.tick, twin.steps) == (2, 2)
    assert twin.sme(3).resources == twin.world.firms[3].resources != sme.resources
    assert (model.tick, sme.resources) == before
    model.step()
    assert same(model.world.firms, twin.world.firms)
    assert same(model.ensemble.series, twin.ensemble.series)


def test_models_that_are_dropped_are_freed():
    spec = small(ticks=1)
    kept = []
    for _ in range(5):
        model = UpgradingModel(spec)
        kept += [
            weakref.ref(model),
            weakref.ref(next(iter(model.agents))),
            weakref.ref(model.world),
        ]
        model.step()
        str(next(iter(model.agents)).explain())
    del model
    gc.collect()
    assert [ref() for ref in kept] == [None] * len(kept)


def test_seeds(model):
    spec = small(ticks=1)
    seven = UpgradingModel(spec, rng=np.int64(7))
    assert same(seven.world.firms, UpgradingModel(spec, rng=7).world.firms)
    fresh = [UpgradingModel(spec) for _ in range(3)]
    assert len({model.seed for model in fresh}) == 3
    again = UpgradingModel(spec, rng=fresh[0].seed)
    assert same(again.world.firms, fresh[0].world.firms)
    assert fresh[0].records.manifest["scenarios"]["scenario"]["run"]["seed"] == fresh[0].seed
    assert type(seven.random.random()) is float
    for wrong, error in (("7", TypeError), (1.5, TypeError), (-1, ValueError)):
        with pytest.raises(error, match=r"^rng = .*whole number from 0"):
            UpgradingModel(spec, rng=wrong)
    with pytest.raises(ValueError, match=r"^replicate = -1"):
        UpgradingModel(spec, replicate=-1)


def test_scenarios_from_files():
    model = UpgradingModel(REGIONS)
    assert model.names.title == model.world_spec.title
    assert UpgradingModel(str(REGIONS)).horizon == model.horizon == load(REGIONS).run.ticks
    with pytest.raises(InputError):
        UpgradingModel(REGIONS.with_name("no_such_world.toml"))
    with pytest.raises(TypeError, match="give a Scenario or the path"):
        UpgradingModel({"title": "a dict"})


SCRIPT = """
from model.engine.redraws import redraw
from model.mesa_model import UpgradingModel
from model.outlook import explain
from tests.mesa.small import small
settings = [f"communities.{c}.firms = 3" for c in ("valley", "foothills", "oasis", "highland")]
model = UpgradingModel(small(*settings, ticks=2), rng=1)
model.run_model()
print(explain(model.world, 0, drawn=redraw(model.world, times=8)))
print(len(model.ensemble.ledger), repr(model.measure("value_added")), model.agents.get("name"))
"""


def test_compiled_and_uncompiled_tell_the_same():
    told = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]
    assert told[0] == told[1]
    assert "PROCESS" in told[0]
