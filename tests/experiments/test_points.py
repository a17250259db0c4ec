"""A point's key stands for its result: all that decides it and nothing else; chunks decide nothing."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from model.experiments.points import evaluate as evaluating
from model.experiments.points.evaluate import RECORDS, evaluate
from model.experiments.points.founders import COLUMNS, fates, thirds
from model.experiments.points.point import Keep, Point, Quantity
from model.experiments.points.point_tables import values
from model.experiments.points.runner import chunked
from model.experiments.points.store import Result, opened
from model.records.records import simulate
from model.theory.practices import PER_RUNG
from tests.experiments.small import KEEP, TICKS, points, rich, world
from tests.worlds import live

POINT = Point(world(), 0, 3, KEEP)


@pytest.mark.parametrize(
    "other",
    [
        Point(world(2), 0, 3, KEEP),
        Point(world(1, {"institutions": {"club": {"budget": 3.0001}}}), 0, 3, KEEP),
        Point(world(1, {"parameters": {"absorption": {"floor": 0.123}}}), 0, 3, KEEP),
        Point(world(), 1, 3, KEEP),
        Point(world(), 0, 4, KEEP),
        Point(world(), 0, 3, replace(KEEP, communities=False)),
        Point(world(), 0, 3, replace(KEEP, founders=False)),
        Point(world(), 0, 3, replace(KEEP, quantities=KEEP.quantities[:1])),
        Point(world(), 0, 3, Keep((Quantity("product", 3, TICKS - 1),))),
        Point(world(), 0, 3, Keep((Quantity("product", 3, TICKS - 1, total=True),))),
    ],
)
def test_the_key_changes_with_what_decides_the_result(other: Point):
    assert other.key != POINT.key


def test_the_key_changes_with_the_sources(monkeypatch):
    before = Point(world(), 0, 3, KEEP).key
    monkeypatch.setattr("model.experiments.points.point.points_digest", lambda: "another")
    assert Point(world(), 0, 3, KEEP).key != before


def test_the_order_of_tables_decides_draws_and_so_the_key():
    turned = world()
    places = dict(reversed(turned.communities.items()))
    assert Point(turned.model_copy(update={"communities": places}), 0, 3, KEEP).key != POINT.key


@pytest.mark.parametrize(
    "other",
    [
        Point(world(1, {"title": "Another title", "description": "d", "source": "s"}), 0, 3, KEEP),
        Point(world(1, {"communities": {"here": {"title": "Here"}}}), 0, 3, KEEP),
        Point(world(1, {"run": {"replicates": 77}}), 0, 3, KEEP),
        Point(world(), 0, 3, replace(KEEP, quantities=tuple(
            replace(q, column="other") for q in KEEP.quantities))),
    ],
)  # fmt: skip
def test_prose_and_names_of_columns_do_not_change_the_key(other: Point):
    assert other.key == POINT.key


def test_a_community_called_source_counts():
    place = world().communities["here"]
    one = world().model_copy(update={"communities": {"source": place}})
    two = world().model_copy(update={"communities": {"title": place, "source": place}})
    assert Point(one, 0, 3, KEEP).key != Point(two, 0, 3, KEEP).key


def test_a_point_survives_a_journey_between_processes():
    again = pickle.loads(pickle.dumps(POINT))
    assert again == POINT
    assert again.key == POINT.key


def test_what_ends_early_is_not_simulated_to_the_end():
    early = Point(world(), 0, 3, Keep((Quantity("product", 2, 4),)))
    assert early.horizon == 5
    assert POINT.horizon == TICKS


@pytest.mark.parametrize("wrong", [(-1, 3), (0, 0)])
def test_a_point_of_no_replicates_is_refused(wrong: tuple[int, int]):
    with pytest.raises(ValueError, match="replicates"):
        Point(world(), *wrong, KEEP)


def test_a_quantity_after_the_end_is_refused():
    with pytest.raises(ValueError, match="quarter 12"):
        Point(world(), 0, 1, Keep((Quantity("product", 0, TICKS),)))


def test_values_are_those_of_the_records():
    (parts,) = evaluate([POINT])
    with opened(None) as store:
        store.put([Result(POINT.key, parts)])
        found = values(POINT, store)
    records = simulate(POINT.scenario, 3)
    for replicate in range(3):
        for place, community in enumerate(["*", "here", "there"]):
            frame = records.country if community == "*" else records.series
            mine = frame[(frame["replicate"] == replicate) & (frame["community"] == community)]
            mine = mine.set_index("tick")
            said = found[replicate, place]
            assert said[0] == mine.loc[TICKS - 1, "product"]
            assert said[1] == pytest.approx(mine.loc[4:8, "wage"].mean(), rel=1e-14)
            assert said[2] == pytest.approx(mine["public_cost"].sum(), rel=1e-14)
    assert found[:, 0, 2].min() > 0


KEEPS = [KEEP, Keep((Quantity("gini", 3, 3),), records=True)]


@pytest.mark.parametrize("keep", KEEPS, ids=["numbers", "records"])
def test_chunks_decide_nothing(keep: Keep, monkeypatch):
    some = [Point(rich(1), 0, 5, keep), *points(3, keep, count=5)]
    alone = [evaluate([point])[0] for point in some]
    assert evaluate(some) == alone
    assert evaluate(list(reversed(some)), workers=2) == list(reversed(alone))
    monkeypatch.setattr(evaluating, "AT_ONCE", 1)  # one replicate at a time
    assert evaluate(some) == alone


def test_records_are_kept_in_full():
    point = Point(world(), 0, 2, KEEPS[1])
    (parts,) = evaluate([point])
    assert set(RECORDS) < set(parts)


def test_chunks_hold_all_points_once_and_only_alike_ones():
    early = Point(world(), 0, 3, Keep((Quantity("product", 2, 4),)))
    some = [*points(40), early, Point(world(), 3, 3, KEEP)]
    chunks = list(chunked(some, workers=2))
    assert sorted(p.key for chunk in chunks for p in chunk) == sorted(p.key for p in some)
    assert all(len({(p.horizon, p.first, p.count) for p in chunk}) == 1 for chunk in chunks)


def test_founders_of_equal_practices_stand_in_one_third():
    start = np.array([5, 1, 1, 1, 1, 9, 9, 5, 5, 5])
    third = thirds(start, np.ones(10, bool))
    assert all(len(set(third[start == value])) == 1 for value in set(start))
    assert list(third[[1, 0, 5]]) == [0, 1, 2]
    later = thirds(np.append(start, [0, 0]), np.arange(12) < 10)  # two places nobody was at
    assert list(later) == [*third, -1, -1]


def test_fates_are_counted_by_hand():
    ensemble = live(world(), TICKS)
    firms = np.asarray(ensemble.world.firms)
    before = np.arange(len(firms))
    said = dict(zip(COLUMNS, fates(before, firms, np.ones(len(firms), bool)).T, strict=True))
    top = before >= np.quantile(before, 2 / 3)
    there = (firms["active"] == 1) & (firms["born"] == 0)
    assert said["founders"].sum() == len(firms)
    assert said["in_business"][2] == there[top].mean()
    scores = np.bitwise_count(firms["mastered"][top & there]).mean(axis=0) / PER_RUNG
    assert said["product"][2] == pytest.approx(scores[1])
    assert said["wage"][2] == pytest.approx(firms["wage"][top & there].mean())


def test_founders_start_as_the_world_is_built():
    """Paired arms start from the same thirds: what they could do is read before anything happens."""
    poor = Point(world(1, {"institutions": {"club": {"budget": 0.0}}}), 0, 3, KEEP)
    one, other = (
        np.frombuffer(parts["founders"]).reshape(3, 3, -1) for parts in evaluate([POINT, poor])
    )
    assert (one[:, :, :2] == other[:, :, :2]).all()
    assert (np.diff(one[:, :, 1], axis=1) > 0).all()
    assert not (one[:, :, 2:] == other[:, :, 2:]).all()
