"""Every measure on a few firms counted by hand."""

import numpy as np
import pytest

from model.measures import BY_NAME, MEASURES, pooled
from model.measures import collective_efficiency as ce
from model.measures.upgrading import most_able
from model.parameters import INSTRUMENTS
from model.theory.interaction import CHANNELS, INSTITUTION
from model.theory.joint_action import FULL_CIRCLE
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE
from model.world.tables import MEAN, POOLING, SERIES, SERIES_COLUMNS, SUM
from tests.measures.tallies import counted, tallies


def number(name: str, rows: np.ndarray) -> float:
    (value,) = BY_NAME[name].compute(rows)
    return float(value)


SUMMED = {
    "firms", "entries", "exits", "visits", "workers", "sales", "exports", "public_cost", "donor_cost",
    "private_cost", "paid_fees", "paid_lessons", "paid_projects", "paid_meetings",
    *(f"public_cost_{name}" for name in ("institutions", *INSTRUMENTS)),
}  # fmt: skip
"""Counts and sums over the quarter; all else is a mean, a share or a ratio."""

COSTS = {name: 2.0 + 3.0 * kind for kind, name in enumerate(INSTRUMENTS)}
"""What the public spends on each kind of instrument, beside 1 on institutions."""

PLAIN = {
    # measure: (tallies of four firms with ten workers, what it must be)
    "firms": ({}, 4),
    "entries": ({"entries": 3}, 3),
    "exits": ({"exits": 2}, 2),
    "visits": ({"visits": 7}, 7),
    "public_cost": ({"public_cost": 12.5}, 12.5),
    "private_cost": ({"private_cost": 2.5}, 2.5),
    "paid_fees": ({"paid": (1.0, 2.0, 4.0, 8.0)}, 1),
    "paid_lessons": ({"paid": (1.0, 2.0, 4.0, 8.0)}, 2),
    "paid_projects": ({"paid": (1.0, 2.0, 4.0, 8.0)}, 4),
    "paid_meetings": ({"paid": (1.0, 2.0, 4.0, 8.0)}, 8),
    "in_chain": ({"in_chain": 3}, 0.75),
    "exporters": ({"exporters": 1}, 0.25),
    "members": ({"members": 2}, 0.5),
    "reached": ({"reached": 1}, 0.25),
    "high_road": ({"high_road": 3}, 0.75),
    "certified": ({"certified": 2}, 0.5),
    "value_added": ({"value_added": 15.0}, 1.5),
    "wage": ({"wages": 8.0}, 0.8),
    "resources": ({"resources": 6.0}, 1.5),
    "workers": ({}, 10),
    "size": ({}, 2.5),
    "size_1_10": ({"sizes": (3, 1, 0, 0)}, 0.75),
    "size_11_50": ({"sizes": (3, 1, 0, 0)}, 0.25),
    "size_51_250": ({"sizes": (1, 1, 2, 0)}, 0.5),
    "size_over_250": ({"sizes": (1, 1, 1, 1)}, 0.25),
    "size_of_entrants": ({"stayed_after": (6.0, 4.0, 9.0), "entries": 2}, 3),
    "size_of_closures": ({"left": (9.0, 20.0), "exits": 2}, 4.5),
    "sales": ({"sales": 20.0}, 20),
    "sales_per_worker": ({"sales": 20.0}, 2),
    "exports": ({"exports": 5.0}, 5),
    "export_intensity": ({"sales": 20.0, "exports": 5.0}, 0.25),
    "survival": ({"founders": 2, "places": 8}, 0.25),
    "served": ({"served": 1}, 0.25),
    "hours": ({"hours": 60.0}, 15),
    "donor_cost": ({"donor_cost": 1.5}, 1.5),
    "public_cost_institutions": ({"public_by": (1.0, *COSTS.values())}, 1.0),
    **{
        f"public_cost_{name}": ({"public_by": (1.0, *COSTS.values())}, cost)
        for name, cost in COSTS.items()
    },
    "productivity": ({"productivity": 6.0}, 1.5),
    "allocation": ({"productivity": 6.0, "value_added": 18.0}, 0.3),
    # firms of mean productivity 1.5 beside a large one of 3
    "productivity_gap": ({"productivity": 6.0, "large_firm": 3.0}, 0.5),
    # three times a share of what there could be
    "ce_labour": ({"pool": 16}, 0.75),
    "ce_inputs": ({"local_inputs": 0.5}, 1.5),
    "ce_information": ({"informed": 2.0}, 1.5),
    "ce_market_access": ({"contact": 0.4}, 1.2),
    "ce_backward": ({"local_inputs": 0.5, "backward": 2.0}, 0.75),
    "ce_forward": ({"forward": 1.0}, 0.75),
    # six ends of full trust among four firms, of three each
    "ce_bilateral": ({"met": 6, "full_circle": 3.0}, 1.5),
    "ce_multilateral": ({"members": 3}, 2.25),
}


@pytest.mark.parametrize("name", PLAIN)
def test_of_four_firms(name: str):
    given, wanted = PLAIN[name]
    assert number(name, tallies(firms=4, workers=10.0, **given)) == pytest.approx(wanted, rel=1e-14)


def test_bilateral_joint_action_is_full_with_three_trusted_ties_a_firm_and_no_fuller():
    assert FULL_CIRCLE == 3
    rows = tallies(4, firms=2, met=[0, 5, 6, 9], full_circle=3.0)
    found = BY_NAME["ce_bilateral"].compute(rows)
    assert found == pytest.approx([0, 3 * 5 / 6, 3, 3])


FULL = tallies(
    firms=2, pool=64, local_inputs=1.0, informed=2.0, contact=1.0, backward=2.0, forward=2.0,
    met=6, full_circle=3.0, members=2,
)  # fmt: skip


def test_components_are_3_where_there_is_all_there_could_be_and_0_where_there_is_nothing():
    for part in ce.EXTERNAL + ce.JOINT:
        assert part(FULL)[0] == 3.0
        assert part(tallies(firms=2, full_circle=3.0))[0] == 0.0


def test_two_sums_and_the_index_are_0_to_12():
    for name in ("external_economies", "joint_action", "collective_efficiency"):
        assert number(name, FULL) == 12.0
        assert number(name, tallies(firms=2, full_circle=3.0)) == 0.0


def test_the_index_is_the_mean_of_two_sums_of_four():
    rows = tallies(
        firms=4, pool=16, local_inputs=0.5, informed=2.0, contact=0.4, backward=2.0, forward=1.0,
        met=6, full_circle=3.0, members=3,
    )  # fmt: skip
    assert number("external_economies", rows) == pytest.approx(0.75 + 1.5 + 1.5 + 1.2)
    assert number("joint_action", rows) == pytest.approx(0.75 + 0.75 + 1.5 + 2.25)
    assert number("collective_efficiency", rows) == pytest.approx((4.95 + 5.25) / 2)


@pytest.mark.parametrize("mode", range(len(GOVERNANCE)))
def test_suppliers_by_governance(mode: int):
    suppliers = np.arange(1, 1 + len(GOVERNANCE))
    rows = tallies(firms=8, suppliers=suppliers)
    assert number(f"in_{GOVERNANCE[mode]}", rows) == (mode + 1) / 8


@pytest.mark.parametrize("d", range(len(DIMENSIONS)))
def test_scores_of_ten_firms(d: int):
    """Ten firms with 0, 4 ... 36 practices of 16 a rung: mean 18, lower quantiles 0, 16, 32."""
    rows = tallies(firms=10)
    rows["levels"][:, d] = counted(np.arange(0, 40, 4), 49)
    name = DIMENSIONS[d]
    assert number(name, rows) == pytest.approx(18 / 16)
    assert number(f"{name}_p10", rows) == 0.0
    assert number(f"{name}_median", rows) == 16 / 16
    assert number(f"{name}_p90", rows) == 32 / 16
    assert number(f"{name}_leading", rows) == 34 / 16  # of the two most able, 32 and 36
    others = [other for other in DIMENSIONS if other != name]
    assert all(number(other, rows) == 0.0 for other in others)


@pytest.mark.parametrize("d", range(len(DIMENSIONS)))
def test_breadth_of_eight_firms(d: int):
    rows = tallies(firms=8)
    rows["rungs"][:, d] = 6, 3, 1
    assert number(f"{DIMENSIONS[d]}_breadth_1", rows) == 6 / 8
    assert number(f"{DIMENSIONS[d]}_breadth_2", rows) == 3 / 8


def test_inequality_of_ten_firms():
    """0, 1 ... 9 practices: (n + 1) / (3 n); a tenth of the firms has none, so no ratio is known."""
    rows = tallies(firms=10, practices=counted(np.arange(10)))
    assert number("gini", rows) == pytest.approx(11 / 30)
    assert np.isnan(number("p90_p10", rows))
    rows = tallies(firms=10, practices=counted(np.arange(2, 22, 2)))
    assert number("p90_p10", rows) == 18 / 2


def test_lessons_count_what_institutions_taught_and_nobody_else():
    gained = np.ones((len(DIMENSIONS), len(CHANNELS)), int)
    gained[:, INSTITUTION] = 1, 2, 3, 0
    assert number("lessons_per_visit", tallies(gained=gained, visits=4)) == 1.5
    assert np.isnan(number("lessons_per_visit", tallies(gained=gained)))


def test_without_firms_no_mean_is_known_and_counts_are_zero():
    empty = tallies(2)
    counts = SUMMED | {"productivity_entry", "productivity_exit"}  # of nobody
    of_the_place = {"ce_labour", "ce_inputs", "ce_market_access", "external_economies"}
    for measure in MEASURES:
        found = measure.compute(empty)
        assert found.shape == (2,)
        assert found.dtype == float
        if measure.name in counts:
            assert (found == 0).all()
        elif measure.name not in of_the_place:
            assert np.isnan(found).all(), measure.name


def test_every_measure_is_tested_by_hand():
    here = set(PLAIN) | {"external_economies", "joint_action", "collective_efficiency", "gini"}
    here |= {f"productivity_{part}" for part in ("improving", "moving", "entry", "exit")}
    here |= {"p90_p10", "lessons_per_visit"} | {f"in_{mode}" for mode in GOVERNANCE}
    for name in DIMENSIONS:
        here |= {name, *(f"{name}_{what}" for what in ("p10", "median", "p90", "leading"))}
        here |= {f"{name}_breadth_{rung}" for rung in (1, 2)}
    assert here == set(BY_NAME)
    assert len(MEASURES) == len(BY_NAME)


STATES = {"local_inputs": 0.25, "contact": 0.5, "large_firm": 3.0, "pool": 16, "full_circle": 3.0}
"""What describes a place rather than counts in it."""


def test_pooled_rows_are_sums_but_for_what_describes_a_place():
    rng = np.random.default_rng(1)
    rows = tallies(6)
    for name in rows.dtype.names:
        rows[name] = rng.integers(0, 50, rows[name].shape)
    whole = pooled(rows, 3)
    assert whole.shape == (2,)
    assert whole.dtype.names == rows.dtype.names
    for name in rows.dtype.names:
        for row, block in enumerate((rows[:3], rows[3:])):
            wanted = block[name].mean() if name in STATES else block[name].sum(axis=0)
            assert np.array_equal(whole[name][row], wanted), name


def test_every_tally_says_how_places_make_a_country():
    """A new column has to say it where it is declared; what it says is checked by hand here."""
    assert all(how in (SUM, MEAN) for _, how, *_ in SERIES_COLUMNS)
    assert tuple(POOLING) == SERIES.names
    assert {name for name, how in POOLING.items() if how == MEAN} == set(STATES)


def test_of_two_places_alike_the_whole_is_like_each():
    """All but counts and sums over the quarter."""
    one = tallies(
        firms=10, workers=30.0, productivity=6.0, value_added=20.0, wages=9.0, forward=4.0,
        backward=2.0, trust=12.0, members=4, informed=5.0, in_chain=3, visits=5, met=6,
        practices=counted(np.arange(2, 22, 2)), suppliers=1, **STATES,
    )  # fmt: skip
    one["gained"] = 1
    whole = pooled(np.concatenate([one, one]), 2)
    for measure in MEASURES:
        times = 2 if measure.name in SUMMED else 1
        assert measure.compute(whole)[0] == pytest.approx(
            times * measure.compute(one)[0], rel=1e-14, nan_ok=True
        ), measure.name


def test_the_whole_is_measured_over_all_firms_not_over_places():
    """Nine firms of score 0 and one of 3: mean 0.3, not 1.5."""
    rows = tallies(2, firms=[9, 1])
    rows["levels"][0, 0, 0] = 9
    rows["levels"][1, 0, 48] = 1
    assert number("process", pooled(rows, 2)) == pytest.approx(0.3)


def test_rows_are_measured_one_by_one():
    """What a row gives does not depend on the rows beside it."""
    rng = np.random.default_rng(3)
    rows = tallies(4)
    for name in rows.dtype.names:
        rows[name] = rng.integers(1, 50, rows[name].shape)
    for measure in MEASURES:
        together = measure.compute(rows)
        alone = [measure.compute(rows[n : n + 1])[0] for n in range(len(rows))]
        assert np.array_equal(together, alone, equal_nan=True), measure.name


def test_the_most_able_are_taken_of_each_row_of_firms():
    """Of ten firms each, a fifth is two: of practices 48, 16 and of 32, 32."""
    levels = np.zeros((2, 1, 49))
    levels[0, 0, [48, 16, 0]] = 1, 1, 8
    levels[1, 0, [32, 8]] = 5, 5
    assert most_able(levels, 0.2).ravel().tolist() == [2.0, 2.0]
    assert most_able(levels, 0.1).ravel().tolist() == [3.0, 2.0]


def test_one_practice_in_one_firm_is_all_there_is():
    """The most unequal there can be of n firms: (n - 1) / n."""
    rows = tallies(firms=5)
    rows["practices"][0, [0, 1]] = 4, 1
    assert number("gini", rows) == pytest.approx(0.8)


def test_half_a_worker_that_left_is_somebody():
    """Jobs are no whole numbers: a firm of 0.5 workers that closed gives a part of the change."""
    rows = tallies(firms=1, stayed=1)
    rows["stayed_before"] = rows["stayed_after"] = 4.0, 1.5, 6.0
    rows["left"] = 0.5, 1.0
    assert number("productivity_exit", rows) == pytest.approx(0.25 * (4.0 - 2.0))
    rows["left"] = 0.5, 0.0  # who made nothing at all is missed least
    assert number("productivity_exit", rows) == pytest.approx(0.25 * 4.0)
