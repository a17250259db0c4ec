"""Event 1: the timetable changes whatever a file can say, when it says, and nothing else."""

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.scenario.changes import TABLES, change_of
from model.scenario.expected import follow, known_keys
from model.scenario.references import COMMUNITIES
from model.scenario.schema import Scenario
from model.world.build import build
from tests.worlds import (
    ACROSS,
    MODES,
    NO_TURNOVER,
    ONE,
    POLICIES,
    TWO,
    by_dimension,
    fingerprint,
    history,
    live,
    scenario,
    seats,
)

CENTRE = {
    "institutions": {
        "centre": {"budget": 1.0, "expertise": 0.3, "access": {"fee": 0.01}, "closes": 400},
        "other": {"budget": 1.0},
    }
}
WORLD = (ONE, TWO, ACROSS, MODES, CENTRE, POLICIES, NO_TURNOVER)
WHEN, HORIZON = 5, 8
THERE = [0, 1] + [0] * (COMMUNITIES - 2)  # the second community alone

CASES = [  # (table, thing, what the change says, column, row -> its value after)
    ("chains", "network", {"orders": 0.1}, "orders", 2),
    ("chains", "network", {"price": 1.2}, "price", 1.2),
    ("chains", "market", {"governance": "hierarchy"}, "governance", 3),
    ("chains", "network", {"reach": "domestic"}, "reach", 0),
    ("chains", "market", {"communities": ["there"]}, "communities", THERE),
    ("chains", "market", {"entry_standard": 0.4}, "entry_standard", 0.4),
    ("communities", "there", {"market_access": 0.9}, "market_access", 0.9),
    ("communities", "there", {"purchases": 0.4}, "purchases", 0.4),
    ("communities", "there", {"trust": 0.9}, "trust", 0.9),
    ("communities", "there", {"workers": 40.0}, "workers", 40.0),
    ("communities", "here", {"start": by_dimension(0.6)}, "start", [0.6] * 4),
    ("institutions", "centre", {"access": {"fee": 0.03}}, "fee", 0.03),
    ("institutions", "centre", {"access": {"quota": 0.5}}, "quota", 10),
    ("institutions", "centre", {"board": seats("associations")}, "seats", [0, 0, 1, 0]),
    ("institutions", "centre", {"certifies": 0.3}, "certifies", 0.3),
    ("institutions", "centre", {"closes": 7}, "closes", 7),
    ("institutions", "centre", {"reach": ["there"]}, "reach", THERE),
    ("institutions", "centre", {"services": {"test": 1.0}}, "hours", [0.5, 0, 0, 0, 0.5, 0]),
    ("instruments", "grants", {"budget": 7.0}, "budget", 7.0),
    ("sectors", "trade", {"machinery_price": 0.01}, "machinery_price", 0.01),
    ("sectors", "trade", {"imports": 0.6}, "imports_start", 0.6),
    ("sectors", "trade", {"rivals": 0.7}, "rivals", 0.7),
    ("sectors", "trade", {"tacitness": {"process": 0.9}}, "tacitness", [0.9, 0.5, 0.5, 0.5]),
]  # fmt: skip
every_case = pytest.mark.parametrize(
    ("table", "thing", "says", "column", "value"), CASES, ids=[f"{c[1]}.{c[3]}" for c in CASES]
)


def change(table, thing, says, tick=WHEN):
    return {"timetable": {"change": {"tick": tick, table: {thing: says}}}}


@every_case
def test_a_number_changes_exactly_at_its_quarter(table, thing, says, column, value):
    lives = live(scenario(*WORLD, change(table, thing, says)), WHEN, horizon=HORIZON)
    rows = getattr(lives.world, table)
    row = list(getattr(lives.world.scenarios[0], table)).index(thing)
    before = rows[column].copy()
    assert before[row] != pytest.approx(value)
    lives.advance(WHEN + 1)
    if column == "governance":  # which the leader may review in the same quarter, were it a first
        assert WHEN % 4
    assert rows[column][row] == pytest.approx(value)
    others = np.arange(len(rows)) != row
    assert (rows[column][others] == before[others]).all()


@every_case
def test_until_its_quarter_a_change_makes_no_difference(table, thing, says, column, value):
    without = live(scenario(*WORLD), WHEN)
    ahead = live(scenario(*WORLD, change(table, thing, says)), WHEN)
    assert history(without) == history(ahead)


@every_case
def test_nothing_is_written_but_what_the_change_decides(table, thing, says, column, value):
    """In the quarter itself, before the run goes on: one column of one row."""
    lives = live(scenario(*WORLD, change(table, thing, says)), WHEN, horizon=HORIZON)
    before = {name: getattr(lives.world, name).copy() for name in (*TABLES, "firms", "ties")}
    lives._change_world(0, 1)
    changed = {
        (name, found)
        for name, rows in before.items()
        for found in rows.dtype.names
        if not np.array_equal(rows[found], getattr(lives.world, name)[found])
    }
    also = {"trust": {("ties", "usual")}, "communities": {("chains", "orders")}, "reach": {
        ("institutions", "quota"), ("institutions", "home")}, "governance": set()}  # fmt: skip
    assert {(table, column)} <= changed <= {(table, column)} | also.get(column, set())


def test_every_key_of_a_thing_can_change_but_what_is_laid_at_the_start():
    """The schema of a change follows that of the thing, so that no key is forgotten."""
    for table in TABLES:
        thing = follow(Scenario, (table, "x")).annotation
        changed = follow(Scenario, ("timetable", "x", table, "y")).annotation
        assert changed is change_of(thing)
        missing = set(known_keys(thing)) - set(known_keys(changed))
        assert missing <= {
            "title", "source", "sector", "firms", "topology", "ties", "rewiring", "poles", "kind",
            "large", "foreign", "room", "follows",
        }  # fmt: skip


def test_what_the_run_has_made_of_a_thing_stays():
    """A change of a body's fee resets neither its repository nor its members."""
    lives = live(
        scenario(*WORLD, change("institutions", "centre", {"access": {"fee": 0.02}}, 8)),
        8,
        horizon=9,
    )
    body = lives.world.institutions[0]
    repository, count = body.repository.copy(), int(body["count"])
    assert repository.any()
    assert count > 0
    lives._change_world(0, 1)
    assert (body.repository == repository).all()
    assert body["count"] == count
    assert body.fee == 0.02


def test_staff_with_more_expertise_know_all_that_they_knew_in_each_run():
    change_ = change("institutions", "centre", {"expertise": 0.8})
    lives = live(scenario(*WORLD, change_), WHEN, replicates=range(3), horizon=HORIZON)
    bodies = lives.world.institutions["expertise"].reshape(3, -1, 4)
    before = bodies.copy()
    lives.advance(WHEN + 1)
    assert (bodies[:, 0] & before[:, 0] == before[:, 0]).all()
    assert (bodies[:, 0] != before[:, 0]).any(axis=1).all()
    assert (bodies[:, 1:] == before[:, 1:]).all()
    assert len({row.tobytes() for row in bodies[:, 0]}) == 3  # drawn for each run by itself


def test_a_source_that_holds_more_keeps_what_the_run_has_made_of_the_rest():
    says = {"holds": {"process": {"machinery": 0.9}}}
    lives = live(scenario(*WORLD, change("sectors", "trade", says)), WHEN, horizon=HORIZON)
    holds = lives.world.sectors[0].holds
    before = holds.copy()
    lives._change_world(0, 1)
    more = holds != before
    assert more.sum() == 1
    assert (holds & before == before).all()


def test_usual_trust_follows_the_community_and_trust_itself_only_with_time():
    lives = live(
        scenario(*WORLD, change("communities", "there", {"trust": 0.9})), WHEN, horizon=HORIZON
    )
    ties, firms = lives.world.ties, lives.world.firms
    there = (firms.community[ties.a] == 1) & (ties.kind == 0)
    trust = ties.trust.copy()
    lives._change_world(0, 1)
    assert (ties.usual[there] == 0.9).all()
    assert (ties.usual[~there] < 0.9).all()
    assert (ties.trust == trust).all()


def test_trust_across_changes_on_ties_across_only():
    layer = {"timetable": {"change": {"tick": WHEN, "across": {"trust": 0.8}}}}
    ties = live(scenario(*WORLD, layer), WHEN + 1).world.ties
    assert (ties.usual[ties.kind == 1] == 0.8).all()
    assert (ties.kind == 1).any()
    assert (ties.usual[ties.kind == 0] == 0.3).all()


def test_a_change_says_what_the_file_says_and_is_written_all_the_same():
    """Governance has moved meanwhile; the change brings it back though the file never differed."""
    lives = live(
        scenario(*WORLD, change("chains", "market", {"governance": "market"}, 8)), 8, horizon=9
    )
    lives.world.chains[0].governance = 2
    lives._change_world(0, 1)
    assert lives.world.chains[0].governance == 0


def test_a_later_event_overrides_an_earlier_one_whatever_their_order_in_the_file():
    def event(tick, price):
        return {"tick": tick, "chains": {"market": {"price": price}}}

    for timetable in (
        {"first": event(2, 1.5), "last": event(4, 0.5)},
        {"last": event(4, 0.5), "first": event(2, 1.5)},
    ):
        lives = live(scenario(ONE, MODES, {"timetable": timetable}), 0, horizon=6)
        seen = []
        for tick in range(1, 7):
            lives.advance(tick)
            seen.append(float(lives.world.chains.price[0]))
        assert seen == [1, 1, 1.5, 1.5, 0.5, 0.5]


SEVERAL = {
    "timetable": {
        "first": {"tick": 0, "chains": {"market": {"price": 1.3}}},
        "body": {"tick": 3, "institutions": {"centre": {"expertise": 0.9, "budget": 4.0}}},
        "again": {"tick": 3, "communities": {"here": {"trust": 0.8}}},
        "last": {"tick": 6, "sectors": {"trade": {"machinery_price": 0.0}}},
    }
}


def test_in_one_go_in_pieces_on_threads_and_beside_other_worlds_the_run_is_the_same():
    timed, plain = scenario(*WORLD, SEVERAL), scenario(*WORLD)
    whole = live(timed, 9, replicates=range(12))
    pieces = Ensemble(build([timed], range(12), 1), 9)
    for until in (1, 3, 4, 7, 9):
        pieces.advance(until)
    threads = live(timed, 9, replicates=range(12), workers=2)
    assert fingerprint(whole) == fingerprint(pieces) == fingerprint(threads)
    beside = live([plain, timed], 9, replicates=range(12))
    assert history(beside, 12 + 5) == history(whole, 5)
    assert history(beside, 5) == history(live(plain, 9, replicates=[5]))
    assert history(beside, 5) != history(beside, 17)


def test_to_write_a_change_again_changes_nothing():
    lives = live(scenario(*WORLD, SEVERAL), 3, horizon=9)
    lives._change_world(0, 1)
    once = fingerprint(lives)
    lives._change_world(0, 1)
    assert fingerprint(lives) == once
