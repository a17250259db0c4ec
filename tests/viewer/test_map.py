"""Everything has its place on the map, and nothing lies on another."""

import numpy as np
import pytest

pytest.importorskip("anywidget", reason="no anywidget: uv run --group viewer pytest")

from model.engine.ensemble import Ensemble
from model.viewer.canvas import COLOURS, colouring, scene, state
from model.viewer.map import HEIGHT, WIDTH, lay_out
from model.viewer.snapshot import Snapshot, lives_apart, never_parted, snapshot
from model.world.build import build
from tests.worlds import EVERYTHING, ONE, PLACE, scenario


def world(*layers, ticks: int = 0, horizon: int = 8) -> Snapshot:
    ensemble = Ensemble(build((scenario(*layers),), (0,)), horizon)
    ensemble.advance(ticks)
    return snapshot(ensemble)


def country(places: int, firms: int = 9) -> dict:
    return {"communities": {f"c{n}": PLACE | {"firms": firms + n} for n in range(places)} | {
        "here": PLACE | {"firms": firms}}}  # fmt: skip


@pytest.mark.parametrize("places", [0, 1, 2, 3, 4, 7, 20, 50])
def test_no_community_lies_over_another_and_all_firms_are_inside(places: int):
    shown = world(ONE, country(places))
    found = lay_out(shown)
    centres, radii = found.discs[:, :2], found.discs[:, 2]
    far = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    near = far < radii[:, None] + radii[None]
    assert not near[np.triu_indices(len(radii), 1)].any()
    home = shown.firms["community"]
    assert (np.hypot(*(found.firms - centres[home]).T) <= radii[home]).all()
    for points in (found.firms, found.chains, found.institutions):
        assert ((points >= 0) & (points <= [WIDTH, HEIGHT])).all()


def test_firms_have_room_of_their_own():
    found = lay_out(world(ONE, country(3, 60)))
    far = np.hypot(*(found.firms[:, None] - found.firms[None]).transpose(2, 0, 1))
    assert far[np.triu_indices(len(far), 1)].min() > 0.9 * found.room


def test_institutions_with_one_reach_stand_apart():
    found = lay_out(world(*EVERYTHING))
    far = np.hypot(*(found.institutions[:, None] - found.institutions[None]).transpose(2, 0, 1))
    assert far[np.triu_indices(len(far), 1)].min() > 12


def test_the_canvas_is_sent_what_the_tables_hold():
    shown = world(*EVERYTHING, ticks=6)
    places = lay_out(shown)
    sent = state(shown, places, never_parted(len(shown.firms)), "process")
    counts = dict(sent["counts"])
    there = shown.firms["active"] == 1
    assert counts["contract"] == (shown.firms["contract"][there] >= 0).sum()
    assert counts["member"] == np.bitwise_count(shown.firms["members"][there]).sum()
    assert counts["local"] + counts["across"] + counts["forum"] <= len(shown.ties)
    pairs = np.frombuffer(sent["pairs"], "<u4").reshape(-1, 2)
    assert len(pairs) == sum(counts.values())
    flags = np.frombuffer(sent["flags"], np.uint8)
    assert np.array_equal(flags & 1, there)
    assert not (flags & 2).any()
    everybody = np.arange(len(shown.firms))
    marked = np.frombuffer(state(shown, places, everybody, "road")["flags"], np.uint8)
    assert (marked & 2 == 2).all()
    other_world = np.ones(3, int)  # of a twin with other places
    assert state(shown, places, other_world, "process")["flags"] == sent["flags"]
    assert len(scene(shown, places)["chains"]) == len(shown.chains)


@pytest.mark.parametrize("by", COLOURS)
def test_every_firm_has_a_colour(by: str):
    colour, paint = colouring(world(*EVERYTHING, ticks=6), by)
    assert colour.min() >= 0
    assert colour.max() < len(paint)


def test_a_higher_score_is_darker():
    shown = world(ONE)
    shown.firms.flags.writeable = True
    shown.firms["mastered"][:, 0] = [
        (1 << n) - 1 for n in (0, 1, 8, 9, 16, 24, 32, 40, 48, 0, 0, 0)
    ]
    assert colouring(shown, "process")[0].tolist()[:9] == [0, 1, 1, 2, 2, 3, 4, 5, 6]


def test_a_snapshot_stays_as_it_was():
    ensemble = Ensemble(build((scenario(*EVERYTHING),), (0,)), 8)
    ensemble.advance(2)
    before = snapshot(ensemble)
    kept = before.firms.tobytes(), before.series.tobytes()
    ensemble.advance(8)
    assert (before.firms.tobytes(), before.series.tobytes()) == kept
    assert (snapshot(ensemble).firms["aware"] != before.firms["aware"]).any()


def test_lives_part_only_where_something_differs():
    one, other = world(*EVERYTHING, ticks=4), world(*EVERYTHING, ticks=4)
    assert not lives_apart(one, other).any()
    other.firms.flags.writeable = True
    other.firms["mastered"][3, 1] ^= 1 << 40
    other.firms["resources"][5] += 1  # money alone is no other life
    assert np.flatnonzero(lives_apart(one, other)).tolist() == [3]
