"""A firm's life, told from a folder of results, is the life it had; twins part where policies do."""

import json
import shutil
from functools import cache

import numpy as np
import pandas as pd
import pytest

from model.records.records import simulate
from model.records.result_files import MANIFEST, write_manifest, write_parquet
from model.report.explain.events import rungs
from model.report.explain.life import live, who_was_there
from model.report.explain.life_tables import milestones
from model.report.explain.result import ReplayError, read_result
from model.report.explain.trace import Trace, check_replay
from model.report.explain.twins import policies_apart, run_together, twin_place
from model.scenario import load
from model.scenario.faults import InputError
from model.theory.practices import DIMENSIONS, PER_RUNG
from run import ROOT, door

OPENS, TICKS = 8, 24  # it opens when firms next think of joining: at the turn of a year
WORLD = f"""
title = "A world for tests"
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml"
remove = ["communities", "chains"]

[run]
ticks = {TICKS}

[communities.east]
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml#communities.valley"
firms = 14
market_access = 1.0

[communities.west]
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml#communities.oasis"
firms = 10
market_access = 1.0

[chains.abroad]
governance = "quasi_hierarchy"
orders = 0.3
entry_standard = 0.05

[chains.home]
governance = "market"
reach = "domestic"
orders = 0.3
entry_standard = 0.0

[institutions.bridge]
extends = "{ROOT}/scenarios/institutions/argentine_wine.toml"
budget = 0.0

[timetable.opens]
tick = {OPENS}
institutions.bridge.budget = 12.0
"""
ARMS = {
    "opens": (),
    "never": ("timetable.opens.tick = 1000",),
    "dearer": ("timetable.opens.tick = 1000",
               f"timetable.falls = {{tick = {OPENS + 2}, chains.abroad.price = 1.5}}"),
    "strict": ("chains.abroad.entry_standard = 1", "chains.home.entry_standard = 0.5"),
    "dropped": ("timetable.falls = {tick = 8, chains.abroad.entry_standard = 1}",),
    "crowded": ("chains.abroad.orders = 0.05", "chains.home.orders = 0.0",
                "chains.abroad.entry_standard = 0"),
    "room_for_all": ("chains.abroad.orders = 1.0", "chains.home.orders = 0.0",
                     "chains.abroad.entry_standard = 0", "parameters.guarding.punishment = 0",
                     "parameters.outside_options.footloose = 0"),
    "dear_club": ("parameters.access.take_up = 1", "institutions.bridge.access.inclusive = false",
                  "institutions.bridge.access.fee = 50"),
    "weak_stay_out": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
                      "institutions.bridge.access.inclusive = false",
                      "institutions.bridge.access.minimum_capability = 1"),
    "small_club": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
                   "institutions.bridge.access.quota = 0.25"),
    "shut": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
             "timetable.opens.tick = 1000",
             "timetable.shuts = {tick = 9, institutions.bridge.budget = 0}"),
    "hard_times": ("parameters.resources.overhead = 1", "parameters.resources.patience = 1",
                   "parameters.resources.entry = 0.2", "parameters.resources.spin_off = 1"),
}  # fmt: skip


def write_results(folder, arms, seed=1, replicates=2):
    world = folder.with_suffix(".toml")
    world.write_text(WORLD, encoding="utf-8")
    scenarios = {arm: load(world, (*ARMS[arm], f"run.seed = {seed}")) for arm in arms}
    records = simulate(scenarios, replicates)
    folder.mkdir()
    for name in ("series", "firms", "ledger"):
        write_parquet(getattr(records, name), folder, name)
    write_manifest(folder, records.manifest | {"command": "a test"})
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_results(tmp_path_factory.mktemp("results") / "all", ARMS)


@pytest.fixture(scope="module")
def result(folder):
    return read_result(folder)


@pytest.fixture(scope="module")
def told(result):
    """The life of a firm, by default of the founder at a place; made once."""

    @cache
    def one(label, place, born=0):
        return live(Trace(result, label, 0, place).run(), born)

    return one


@pytest.fixture(scope="module")
def twins(result):
    def two(first, second, place, replicate=0):
        one = Trace(result, first, replicate, place)
        other = Trace(result, second, replicate, twin_place(one, result.scenario(second)))
        return run_together(one, other)

    return two


def at_the_end(folder, label, replicate=0):
    firms = pd.read_parquet(folder / "firms.parquet")
    return firms[(firms["scenario"] == label) & (firms["replicate"] == replicate)]


def years_of(life):
    """The founder's years in business."""
    return [t for t in YEARS if life.closed is None or t < life.closed]


def reasons(life, kind="refused", who=None):
    return {e.tick: e.why for e in life.events if e.kind == kind and who in (None, e.who)}


def alike(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one.dtype.names)


YEARS = list(range(0, TICKS, 4))
RUNG = "process rung 2"

# A run done again is the run that was recorded


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


# One life


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


# Refusals: draws belong to the run, so what leaves no trace can be found again


def test_who_is_too_weak_is_refused_whenever_it_meets_the_buyer(told):
    """Contact is certain here, so every year."""
    life = told("strict", 2)
    refused = reasons(life, who="lead_firm:abroad")
    assert list(refused) == years_of(life) != []
    assert all(why.startswith("asks for capability 1.00, it has 0.") for why in refused.values())


def test_who_comes_too_late_finds_the_orders_placed(told):
    lives = [told("crowded", place) for place in range(6)]
    for life in lives:
        refused = reasons(life, who="lead_firm:abroad")
        supplied = life.contracts["abroad"].iloc[1:]
        outside = [t for t in years_of(life) if not supplied.loc[t]]
        assert list(refused) == outside
        assert all("placed its orders" in why for why in refused.values())
    assert any(reasons(life) for life in lives)


def test_with_orders_for_all_nobody_who_met_the_buyer_is_refused(result, tmp_path):
    """The meetings found again are the engine's: each ends in a contract when there is room."""
    world = tmp_path / "w.toml"
    world.write_text(WORLD, encoding="utf-8")
    half = ("communities.east.market_access = 0.3", "communities.west.market_access = 0.3")
    scenarios = {
        label: load(world, (*ARMS[label], *half, "run.ticks = 4"))
        for label in ("room_for_all", "crowded")
    }
    records = simulate(scenarios, 1)
    for name in ("firms", "ledger"):
        write_parquet(getattr(records, name), tmp_path, name)
    write_manifest(tmp_path, records.manifest)
    result = read_result(tmp_path)
    met = {"room_for_all": set(), "crowded": set()}
    for label, found in met.items():
        for place in range(24):
            trace = Trace(result, label, 0, place).run()
            life = live(trace, 0)
            refused = reasons(life)
            if label == "room_for_all":
                assert not refused
            if refused or reasons(life, "contract"):
                found.add(place)
    assert met["room_for_all"] == met["crowded"]
    assert 0 < len(met["crowded"]) < 24


def test_a_supplier_is_dropped_when_the_standard_rises(told):
    dropped = 0
    for place in range(14):
        ended = reasons(told("dropped", place), "contract ended", "lead_firm:abroad")
        dropped += 8 in ended
        assert ended.get(8, "asks for capability 1.00").startswith("asks for capability 1.00")
    assert dropped


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("dear_club", "costs 50.00 a quarter: it would want 400.00 in hand and had "),
        ("weak_stay_out", "asks for capability 1.00, it has 0."),
    ],
)
def test_who_may_not_join_is_refused_every_year_it_tries(told, label, why):
    life = told(label, 4)
    refused = reasons(life, who="institution:bridge")
    assert list(refused) == years_of(life)
    assert all(text.startswith(why) for text in refused.values())


def test_a_full_house_admits_no_more(told):
    lives = [told("small_club", place) for place in range(14)]
    for life in lives:
        refused = reasons(life, who="institution:bridge")
        assert set(refused.values()) <= {"admits no more members"}
        outside = life.memberships["bridge"].iloc[1:]
        assert list(refused) == [t for t in years_of(life) if not outside.loc[t]]
    kept_out = sum(bool(reasons(life, who="institution:bridge")) for life in lives)
    assert 0 < kept_out < len(lives)


def test_a_body_that_shuts_is_left_and_refuses_nobody(told):
    """Its members go when they next think of joining, and whoever would come finds nobody there."""
    left = 0
    for place in range(14):
        life = told("shut", place)
        assert not reasons(life, who="institution:bridge")
        goes = reasons(life, "left", "institution:bridge")
        member = life.memberships["bridge"]
        assert not member.loc[12:].any()
        assert goes == ({12: "it has closed"} if member.get(11) and life.closed != 12 else {})
        left += len(goes)
    assert left


def test_what_is_overtaken_is_lost_for_that_reason(folder, told):
    ledger = pd.read_parquet(folder / "ledger.parquet").astype({"channel": str})
    own = ledger[(ledger["scenario"] == "opens") & (ledger["replicate"] == 0)]
    own = own[(own["firm"] == 5) & (own["born"] == 0)]
    life = told("opens", 5)
    said = [e.why for e in life.events if e.kind == "lost"]
    assert (
        said.count("overtaken by a better way of doing it")
        == (own["channel"] == "overtaken").sum()
        > 0
    )
    assert said.count("") == (own["channel"] == "forgotten").sum()


# Two lives


@pytest.mark.parametrize("place", [0, 3, 9, 15, 20])
def test_lives_part_not_before_the_policy_begins(twins, place):
    pair = twins("opens", "never", place)
    assert pair.worlds_part == OPENS
    assert pair.touched > 0
    if pair.parting is not None:
        assert pair.parting.tick >= OPENS


def test_up_to_the_parting_the_paths_are_the_same_and_not_after(twins):
    parted = 0
    for place in (0, 3, 9, 15):
        pair = twins("opens", "never", place)
        if pair.parting is None:
            continue
        parted += 1
        for before, after in zip(pair.first.snapshots, pair.second.snapshots, strict=True):
            same = alike(before.firm, after.firm) and before.ties == after.ties
            assert same or before.tick >= pair.parting.tick
            if before.tick == pair.parting.tick:
                assert not same
    assert parted


def test_a_devaluation_parts_its_suppliers_in_that_quarter_by_value_added(twins, told):
    supplied = [p for p in range(14) if told("never", p).contracts["abroad"].get(OPENS + 2, False)]
    assert supplied
    parting = twins("dearer", "never", supplied[0]).parting
    assert parting.tick == OPENS + 2
    assert parting.differences[0].what == "value added"
    assert float(parting.differences[0].first) > float(parting.differences[0].second)


def test_a_world_and_itself_never_part(twins):
    pair = twins("opens", "opens", 3)
    assert (pair.parting, pair.worlds_part, pair.touched) == (None, None, 0)
    assert policies_apart(pair.first, pair.second) == []


def test_what_parts_the_policies_is_named(result):
    apart = policies_apart(Trace(result, "opens", 0, 0), Trace(result, "never", 0, 0))
    assert [(d.what, d.first, d.second) for d in apart] == [
        ("timetable.opens.tick", str(OPENS), "1000")
    ]


def test_other_seeds_are_no_twins(result, tmp_path):
    other = read_result(write_results(tmp_path / "other", ["never"], seed=2, replicates=1))
    with pytest.raises(InputError, match="no twins: seed 1 in opens, 2 in never"):
        run_together(Trace(result, "opens", 0, 0), Trace(other, "never", 0, 0))


# The command


@pytest.fixture
def command(folder, tmp_path, capsys):
    def call(*words, result=folder):
        code = door(["explain", str(result), *words, "--out", str(tmp_path / "told"), "--quiet"])
        return code, capsys.readouterr()

    return call


def test_a_life_on_the_command_line(command, tmp_path, told):
    code, screen = command("--firm", "5", "--scenario", "opens", "--json")
    assert code == 0
    assert "Firm 5 of" in screen.out
    facts = json.loads(screen.out.splitlines()[-1])
    life = told("opens", 5)
    assert facts["scores"]["process"] == life.path["process"].iloc[-1]
    assert len(facts["events"]) == len(life.events)
    assert list(milestones(life))
    wanted = {"events.csv", "life.csv", "life.png", "life.svg", MANIFEST}
    assert {path.name for path in (tmp_path / "told").iterdir()} == wanted


def test_two_lives_on_the_command_line(command, folder, tmp_path):
    firms = at_the_end(folder, "opens")
    place = str(firms.loc[firms["born"] == 0, "firm"].iloc[0])
    code, screen = command(
        "--firm", place, "--scenario", "opens", "--twin-scenario", "never", "--json"
    )
    assert code == 0
    facts = json.loads(screen.out.splitlines()[-1])
    assert facts["twin"]["worlds_part"] == OPENS
    assert facts["twin"]["life"]["scenario"] == "never"
    other = shutil.copytree(folder, tmp_path / "copy")
    words = ("--firm", place, "--scenario", "opens", "--twin", str(other))
    code, again = command(*words, "--twin-scenario", "never", "--json")
    assert code == 0
    assert json.loads(again.out.splitlines()[-1])["twin"] == facts["twin"]


def one_line(screen):
    (line,) = screen.err.splitlines()
    return line


def test_bad_questions_get_one_clear_line(command, folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, result, said in (
        (["--firm", "5"], folder, "holds several scenarios"),
        (["--firm", "5", "--scenario", "openn"], folder, "did you mean opens?"),
        (["--firm", "24", "--scenario", "opens"], folder, "are 0 to 23"),
        (["--firm", "5", "--scenario", "opens", "--replicate", "2"], folder, "replicates 0 to 1"),
        (["--firm", "5", "--scenario", "opens", "--born", "5"], folder, "entered it in 0"),
        (["--firm", "5"], empty, "holds no results"),
        (["--firm", "5"], tmp_path / "none", "is no folder of results"),
    ):
        code, screen = command(*words, result=result)
        assert code == 2, words
        assert said in one_line(screen)


def test_a_vacant_place_says_who_was_there(command, folder):
    taken = set(at_the_end(folder, "hard_times")["firm"])
    vacant = next(place for place in range(24) if place not in taken)
    code, screen = command("--firm", str(vacant), "--scenario", "hard_times")
    assert code == 2
    assert "is vacant at the end of hard_times" in one_line(screen)
    code, screen = command("--firm", str(vacant), "--scenario", "hard_times", "--born", "0")
    assert code == 0
    assert "closed in quarter" in screen.out


def test_a_twin_who_never_was_is_said_so(command, folder, told):
    """The firm entered a place that its founder still holds in the other world."""
    firms, other = at_the_end(folder, "hard_times"), at_the_end(folder, "opens").set_index("firm")
    late = firms[(firms["born"] > 0)]
    place = next(p for p in late["firm"] if p in other.index and other.loc[p, "born"] == 0)
    words = ("--scenario", "hard_times", "--twin-scenario", "opens", "--json")
    code, screen = command("--firm", str(place), *words)
    assert code == 0
    assert "In opens this firm never was" in " ".join(screen.out.split())
    assert json.loads(screen.out.splitlines()[-1])["twin"]["life"] is None


@pytest.mark.parametrize("what", ["a row changed", "a row missing", "no ledger", "other sources"])
def test_a_result_that_the_replay_does_not_reach_is_refused(command, folder, tmp_path, what):
    spoilt = shutil.copytree(folder, tmp_path / "spoilt")
    ledger = pd.read_parquet(spoilt / "ledger.parquet")
    mine = ledger.index[(ledger["scenario"] == "opens") & (ledger["replicate"] == 0)]
    code, said = 1, "sources and versions are the same"
    if what == "a row missing":
        ledger = ledger.drop(index=mine[-1])
    else:
        ledger.loc[mine[40], "firm"] += 1
    write_parquet(ledger, spoilt, "ledger")
    if what == "no ledger":
        (spoilt / "ledger.parquet").unlink()
        code, said = 2, "is missing"
    if what == "other sources":
        manifest = json.loads((spoilt / MANIFEST).read_text()) | {"source": "0123456789ab"}
        (spoilt / MANIFEST).write_text(json.dumps(manifest))
        said = "made with sources 0123456789ab, now "
    found, screen = command("--firm", "5", "--scenario", "opens", result=spoilt)
    assert said in one_line(screen)
    assert found == code
