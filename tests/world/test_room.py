"""Room for more firms than there are at the start: nobody is there, nobody else notices, entrants come."""

import numpy as np
import pytest

from model.measures import BY_NAME, pooled
from model.records.records import simulate
from model.world.build import build
from model.world.network import local_ties, ties_of_newcomers
from tests.worlds import EVERYTHING, NO_TURNOVER, ONE, live, parameters, scenario

ROOM = {"communities": {"here": {"room": 8}}}
EAGER = parameters(resources={"entry": 0.5})


def test_founders_ties_and_members_are_those_of_a_world_without_room():
    narrow, wide = (build([scenario(*EVERYTHING, *more)], [0]).slice(0) for more in ((), (ROOM,)))
    here = wide.communities[0]
    assert (here.founders, here.places) == (12, 20)
    taken = np.flatnonzero(wide.firms.active)
    assert len(taken) == len(narrow.firms) == len(wide.firms) - 8
    for column in ("mastered", "workers", "members", "resources", "place", "contract"):
        assert (wide.firms[column][taken] == narrow.firms[column]).all(), column
    vacant = wide.firms[wide.firms.active == 0]
    assert not vacant.members.any()
    assert (vacant.contract == -1).all()
    before = np.full(len(wide.firms), -1)
    before[taken] = np.arange(len(taken))
    kept = [
        (before[tie.a], before[tie.b], tie.kind)
        for tie in wide.ties[: wide.run.used_ties]
        if before[tie.a] >= 0 and before[tie.b] >= 0
    ]
    assert kept == [(tie.a, tie.b, tie.kind) for tie in narrow.ties[: narrow.run.used_ties]]
    assert (wide.chains.orders == narrow.chains.orders).all()
    assert (wide.institutions.quota == narrow.institutions.quota).all()
    assert (wide.instruments.quota == narrow.instruments.quota).all()


def test_newcomers_are_tied_as_often_as_others_and_to_places_before_them():
    rng = np.random.default_rng(5)
    pairs = local_ties("small_world", 40, 6, 0.1, rng)
    joined = ties_of_newcomers(pairs, 40, 60, 6, rng)
    assert len({tuple(pair) for pair in joined.tolist()}) == len(joined)
    assert (joined[:, 0] < joined[:, 1]).all()
    assert {tuple(pair) for pair in pairs.tolist()} <= {tuple(pair) for pair in joined.tolist()}
    assert 2 * len(joined) / 100 == pytest.approx(6, abs=0.5)
    assert np.bincount(joined.ravel(), minlength=100).min() > 0
    assert len(ties_of_newcomers(np.empty((0, 2), np.int32), 40, 60, 6, rng)) == 0


def test_room_stays_empty_where_nobody_enters_and_changes_nothing():
    lives = [live(scenario(ONE, NO_TURNOVER, *more), 8) for more in ((), (ROOM,))]
    for name in ("product", "workers", "sales", "survival", "firms", "gini"):
        one, other = (BY_NAME[name].compute(each.series) for each in lives)
        assert (one == other).all(), name


def test_firms_and_jobs_grow_beyond_the_starting_number():
    growing = {"chains": {"abroad": {"governance": "market", "orders": 0.5, "demand_growth": 0.3}}}
    ensemble = live(scenario(ONE, ROOM, EAGER, growing), 40)
    rows = pooled(np.asarray(ensemble.series), 1)
    firms, jobs = (BY_NAME[name].compute(rows) for name in ("firms", "workers"))
    assert firms.max() > 12
    assert firms.max() <= 20
    assert jobs[-1] > 1.2 * jobs[0]
    survival = BY_NAME["survival"].compute(rows)
    assert survival[0] == 1.0
    assert (survival <= 1.0).all()


def test_who_comes_is_no_founder(tmp_path):
    records = simulate(scenario(ONE, ROOM, EAGER, {"run": {"ticks": 12}}), 2)
    late = records.firms[records.firms["firm"] >= 12]
    assert len(late)
    assert (late["born"] > 0).all()
    assert (late["ownership"] == "local").all()
