"""Two lives: twins part where policies do, and not before."""

import pytest

from model.report.explain.result import read_result
from model.report.explain.trace import Trace
from model.report.explain.twins import policies_apart, run_together
from model.scenario.faults import InputError
from tests.report.explain.lives import OPENS, alike, write_results


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
