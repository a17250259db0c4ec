"""A run done again is the run that was recorded, and a firm's life in it the life it had."""

import pandas as pd
import pytest

from model.records.records import simulate
from model.records.result_files import write_manifest
from model.report.explain.events import rungs
from model.report.explain.life import who_was_there
from model.report.explain.result import ReplayError, read_result
from model.report.explain.trace import Trace, check_replay
from model.scenario import load
from model.theory.practices import DIMENSIONS, PER_RUNG
from run import ROOT
from tests.report.explain.lives import RUNG, at_the_end, reasons


@pytest.mark.parametrize("replicate", [0, 1])
@pytest.mark.parametrize("label", ["opens", "hard_times"])
def test_the_replay_lands_on_the_ledger(result, label, replicate):
    check_replay(Trace(result, label, replicate, 0).run())


def test_another_replicate_does_not(result):
    trace = Trace(result, "opens", 1, 0).run()
    trace.replicate = 0
    with pytest.raises(ReplayError, match="parts from the replay in quarter 0"):
        check_replay(trace)


def test_a_manifest_keeps_the_order_of_rows(tmp_path):
    """The order of communities, chains and institutions decides draws."""
    world = load(ROOT / "scenarios" / "worlds" / "four_wine_regions.toml", ["run.ticks = 1"])
    write_manifest(tmp_path, simulate(world, 1).manifest)
    again = read_result(tmp_path).scenario("scenario")
    assert again == world
    assert [*again.communities, *again.chains] == [*world.communities, *world.chains]


def test_a_seed_given_on_the_way_is_in_the_manifest():
    """Without it nobody could make the results again."""
    world = load(ROOT / "scenarios" / "cases" / "juarez_automotive.toml", ["run.ticks = 1"])
    manifest = simulate(world, 1, seed=7).manifest
    assert manifest["scenarios"]["scenario"]["run"]["seed"] == 7


def test_a_life_holds_every_lesson_of_the_ledger(folder, told):
    ledger = pd.read_parquet(folder / "ledger.parquet")
    for place in (0, 5, 20):
        life = told("opens", place)
        own = ledger[(ledger["scenario"] == "opens") & (ledger["replicate"] == 0)]
        own = own[(own["firm"] == place) & (own["born"] == life.born)]
        lost = own["channel"].astype(str).isin(["forgotten", "overtaken"])
        kinds = [event.kind for event in life.events]
        assert kinds.count("lost") == lost.sum()
        assert kinds.count("mastered") == (~lost).sum() == life.lessons["practices"].sum() > 0


def test_scores_are_the_start_and_what_was_learned_less_what_was_lost(told):
    life = told("opens", 5)
    for dimension in DIMENSIONS:
        own = [e.kind for e in life.events if e.what.startswith(dimension + " ")]
        gained = own.count("mastered") - own.count("lost")
        path = life.path[dimension]
        assert path.iloc[-1] - path.iloc[0] == pytest.approx(gained / PER_RUNG)


def test_it_ends_as_the_table_of_firms_says(folder, told):
    firms = at_the_end(folder, "opens")
    for place in firms["firm"].head(8):
        row = firms.set_index("firm").loc[place]
        life = told("opens", place, int(row["born"]))
        assert who_was_there(life.trace, None) == row["born"]
        assert life.path["wage"].iloc[-1] == row["wage"]
        for table, column in ((life.contracts, "chains"), (life.memberships, "institutions")):
            held = {name for name, is_held in table.iloc[-1].items() if is_held}
            assert held == set(row[column].split())
        assert life.closed is None
        assert life.outlook.resources == row["resources"]


def test_contracts_and_memberships_begin_and_end_with_an_event(told):
    life = told("dropped", 3)
    for table, kind, begins, ends in (
        (life.contracts, "lead_firm", "contract", "contract ended"),
        (life.memberships, "institution", "joined", "left"),
    ):
        for name in table.columns:
            changes = table[name].astype(int).diff().iloc[1:]
            for event, sign in ((begins, 1), (ends, -1)):
                ticks = list(reasons(life, event, f"{kind}:{name}"))
                assert ticks == list(changes.index[changes == sign])


def test_a_rung_comes_within_reach_before_it_is_mastered(told):
    """Walk before you run (K3): what is mastered above rung 1 was within reach.

    A rung may slip out of reach again, when the standard moves, and come back.
    """
    process, checked = DIMENSIONS.index("process"), 0
    for place in range(14):
        life = told("opens", place)
        held = [
            rungs(snapshot.firm, process, life.trace.view.parameters)
            for snapshot in life.trace.snapshots  # that of quarter t - 1 comes at t
        ]
        came = [e.tick for e in life.events if (e.kind, e.what) == ("within reach", RUNG)]
        assert came == [t for t in range(len(life.path) - 1) if held[t] < 2 <= held[t + 1]]
        for event in life.events:
            if event.kind == "mastered" and event.what.startswith("process 2."):
                assert held[event.tick] >= 2
                checked += held[0] < 2
    assert checked


def test_an_entrant_brings_what_its_parent_taught(folder, told):
    """A spin-off's start is booked as inherited, and is no lesson of its own."""
    firms = at_the_end(folder, "hard_times")
    ledger = pd.read_parquet(folder / "ledger.parquet")
    ledger = ledger[(ledger["scenario"] == "hard_times") & (ledger["replicate"] == 0)]
    parents = ledger[ledger["channel"].astype(str) == "inheritance"]
    row = firms[firms["born"] > 0].merge(parents[["firm", "born"]].drop_duplicates()).iloc[0]
    life = told("hard_times", int(row["firm"]), int(row["born"]))
    brought = parents[(parents["firm"] == row["firm"]) & (parents["born"] == row["born"])]
    entry = life.events[0]
    assert (entry.kind, entry.what) == ("entered", "spin-off")
    assert entry.who == f"sme:{brought['source'].iloc[0]}"
    assert entry.why == f"brought {len(brought)} practices along"
    assert life.path["tick"].iloc[0] == row["born"] - 1
