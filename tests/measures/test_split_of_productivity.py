"""Productivity and its split, on firms counted by hand and against closed forms."""

import numpy as np
import pytest

from model.measures import BY_NAME
from model.world.tables import SERIES

PARTS = ("improving", "moving", "entry", "exit")


def tallies(before, after):
    """Tallies of firms given as {name: (workers, value added per worker)} before and after."""
    row = np.zeros(1, SERIES)
    stay = [name for name in before if name in after]
    for column, firms in (("stayed_before", before), ("stayed_after", after)):
        w, v = np.array([firms[name] for name in stay], float).reshape(-1, 2).T
        row[column] = v.sum(), w.sum(), w @ v
    row["stayed"] = len(stay)
    row["left"] = [
        sum(before[n][0] for n in before if n not in after),
        sum(before[n][0] * before[n][1] for n in before if n not in after),
    ]
    w, v = np.array(list(after.values()), float).T
    row["firms"], row["workers"], row["productivity"] = len(after), w.sum(), v.sum()
    row["value_added"] = w @ v
    return row


def parts(before, after):
    row = tallies(before, after)
    return [float(BY_NAME[f"productivity_{part}"].compute(row)[0]) for part in PARTS]


def mean_of(firms):
    w, v = np.array(list(firms.values()), float).T
    return w @ v / w.sum()


def test_all_firms_improve_alike():
    before = {"a": (10, 1.0), "b": (30, 2.0)}
    after = {"a": (10, 1.5), "b": (30, 2.5)}
    assert parts(before, after) == pytest.approx([0.5, 0, 0, 0])


def test_orders_move_and_no_firm_improves():
    before = {"a": (20, 1.0), "b": (20, 2.0)}
    after = {"a": (10, 1.0), "b": (30, 2.0)}
    assert parts(before, after) == pytest.approx([0, 0.25, 0, 0])


def test_a_weak_firm_leaves():
    """A quarter of the jobs, one unit behind the rest: the mean gains a quarter."""
    before = {"a": (30, 2.0), "b": (10, 1.0)}
    assert parts(before, {"a": (30, 2.0)}) == pytest.approx([0, 0, 0, 0.25])


def test_a_strong_firm_enters():
    after = {"a": (30, 2.0), "b": (10, 3.0)}
    assert parts({"a": (30, 2.0)}, after) == pytest.approx([0, 0, 0.25, 0])


@pytest.mark.parametrize("seed", range(20))
def test_the_parts_add_up_to_the_change_of_the_weighted_mean(seed):
    """Melitz and Polanec 2015, equation 5, for any firms that stay, enter and leave."""
    rng = np.random.default_rng(seed)

    def some(names):
        return {n: (float(rng.integers(1, 99)), float(rng.uniform(0.2, 3))) for n in names}

    before, after = some("abcdef"), some("cdefgh")
    assert sum(parts(before, after)) == pytest.approx(mean_of(after) - mean_of(before))


def test_allocation_is_the_covariance_of_share_and_productivity():
    firms = {"a": (10, 1.0), "b": (20, 2.0), "c": (70, 4.0)}
    w, v = np.array(list(firms.values())).T
    expected = ((w / w.sum() - 1 / 3) * (v - v.mean())).sum()
    row = tallies(firms, firms)
    assert float(BY_NAME["allocation"].compute(row)[0]) == pytest.approx(expected)
    assert float(BY_NAME["productivity"].compute(row)[0]) == pytest.approx(7 / 3)


def test_nobody_left_has_no_productivity():
    row = np.zeros(1, SERIES)
    assert np.isnan(BY_NAME["productivity"].compute(row)).all()
    assert (
        BY_NAME["productivity_entry"].compute(row) == BY_NAME["productivity_exit"].compute(row) == 0
    )
