"""Who learned from whom, on networks small enough to count by hand and against closed forms."""

from dataclasses import replace

import numpy as np
import pytest

from model.measures.learning_network import (
    NETWORK_MEASURES,
    Lessons,
    able_givers,
    across,
    density,
    gatekeepers,
    giving_gini,
    isolates,
    lessons_of_run,
    reciprocity,
)
from model.theory.interaction import (
    BUYER,
    FORGOTTEN,
    LABOUR,
    OVERTAKEN,
    PEER,
    PRACTICE,
    RECOMBINATION,
)
from model.world.tables import FIRM, LEDGER


def lessons(pairs, community=(0, 0, 0, 1, 1), lead=2.0, level=1.0):
    giver, taker = np.array(pairs, np.int64).reshape(-1, 2).T
    n = len(community)
    return Lessons(
        giver, taker, np.full(len(giver), lead), np.full(len(giver), level), np.arange(len(giver)),
        np.array(community), np.ones(n, bool),
    )  # fmt: skip


#: 0 teaches 1 twice and 2, 1 teaches 0; 3 of the other community teaches 0; 4 is alone
SMALL = lessons([(0, 1), (0, 1), (0, 2), (1, 0), (3, 0)])


def test_by_hand():
    assert density(SMALL) == pytest.approx(4 / 20)
    assert reciprocity(SMALL) == pytest.approx(2 / 4)  # 0-1 and 1-0
    assert isolates(SMALL) == pytest.approx(1 / 5)
    assert gatekeepers(SMALL) == pytest.approx(1 / 5)  # 0 learned from 3 and taught 1
    assert across(SMALL) == pytest.approx(1 / 5)
    assert able_givers(SMALL) == pytest.approx(2)
    given = np.array([3, 1, 0, 1, 0])
    pairs = np.abs(given[:, None] - given).sum()
    assert giving_gini(SMALL) == pytest.approx(pairs / (2 * 5**2 * given.mean()))


def test_of_some_quarters_by_hand():
    """Lesson n is of quarter n: from quarter 2 on there are 0 to 2, 1 to 0 and 3 to 0."""
    later = SMALL.within(2, 4)
    assert density(later) == pytest.approx(3 / 20)
    assert reciprocity(later) == 0  # 0 taught 1 before
    assert isolates(later) == pytest.approx(1 / 5)
    assert across(later) == pytest.approx(1 / 3)
    assert density(SMALL.within(0, 4)) == density(SMALL)
    assert density(SMALL.within(5, 9)) == 0


def test_of_one_community_by_hand():
    first = replace(SMALL, here=SMALL.community == 0)
    second = replace(SMALL, here=SMALL.community == 1)
    assert density(first) == pytest.approx(3 / 6)
    assert reciprocity(first) == pytest.approx(2 / 3)
    assert (isolates(first), gatekeepers(first)) == (0, pytest.approx(1 / 3))
    assert density(second) == giving_gini(second) == 0
    assert isolates(second) == pytest.approx(1 / 2)  # 3 gave, if to another community
    assert np.isnan(reciprocity(second))


def test_a_circle_gives_alike_and_a_star_as_unequally_as_can_be():
    n = 6
    circle = lessons([(i, (i + 1) % n) for i in range(n)], community=(0,) * n)
    star = lessons([(0, i) for i in range(1, n)], community=(0,) * n)
    assert giving_gini(circle) == pytest.approx(0)
    assert giving_gini(star) == pytest.approx((n - 1) / n)
    assert density(circle) == pytest.approx(1 / (n - 1))
    assert reciprocity(circle) == reciprocity(star) == 0


def test_a_full_network_is_dense_and_mutual():
    n = 5
    full = lessons([(i, j) for i in range(n) for j in range(n) if i != j])
    assert density(full) == reciprocity(full) == 1
    assert isolates(full) == 0


def test_without_lessons_nobody_is_linked():
    nothing = lessons([])
    assert density(nothing) == giving_gini(nothing) == gatekeepers(nothing) == 0
    assert isolates(nothing) == 1
    assert np.isnan([reciprocity(nothing), able_givers(nothing), across(nothing)]).all()


def booked(*rows):
    """LEDGER rows of (tick, firm, born, source, channel)."""
    ledger = np.zeros(len(rows), LEDGER)
    for entry, (tick, firm, born, source, channel) in zip(ledger, rows, strict=True):
        entry["tick"], entry["firm"], entry["born"] = tick, firm, born
        entry["source"], entry["channel"] = source, channel
    return ledger


def test_the_ledger_tells_lessons_and_how_able_both_were_before():
    firms = np.zeros(3, FIRM)
    firms["born"] = 0, 0, 3
    firms["mastered"][:, 0] = 0b11111, 0b1111, 0b11
    ledger = booked(
        (0, 0, 0, -1, PRACTICE),  # 0 masters one by itself
        (1, 1, 0, 0, PEER),  # 1 learns from 0
        (1, 1, 0, 7, BUYER),  # and from a buyer, which is no lesson among firms
        (2, 0, 0, -1, FORGOTTEN),
        (2, 2, 0, 0, PEER),  # a firm that has closed since
        (4, 0, 0, 1, RECOMBINATION),  # 0 learns from 1
        (4, 1, 0, -1, OVERTAKEN),
        (4, 2, 3, 1, LABOUR),  # a hire is no advice
    )
    found = lessons_of_run(ledger, firms, ticks=6)
    assert list(zip(found.giver, found.taker, strict=True)) == [(0, 1), (0, 2), (1, 0)]
    # at the end 5 and 4 practices: before quarter 1 firm 0 had 5, firm 1 had 3; before 4: 4 and 5
    assert found.lead == pytest.approx([5, np.nan, 5], nan_ok=True)
    assert found.level == pytest.approx([3, np.nan, 4], nan_ok=True)


def test_lessons_in_a_firms_first_quarter_are_known():
    firms = np.zeros(2, FIRM)
    firms["born"] = 0, 3
    firms["mastered"][:, 0] = 0b11111, 0b11
    ledger = booked((3, 1, 3, 0, PEER), (3, 0, 0, 1, PEER))
    found = lessons_of_run(ledger, firms, ticks=4)
    assert found.lead == pytest.approx([4, 1])
    assert found.level == pytest.approx([1, 4])


def test_each_measure_has_unit_formula_and_source():
    assert len({m.name for m in NETWORK_MEASURES}) == len(NETWORK_MEASURES)
    assert all(m.unit and m.formula and m.source for m in NETWORK_MEASURES)


def test_lessons_of_which_a_level_is_not_known_do_not_count():
    """A place that changed hands since says nothing of who stood there; of none known nothing is said."""
    given = replace(SMALL, lead=np.array([9.0, np.nan, 3.0, 5.0, 4.0]),
                    level=np.array([3.0, 1.0, np.nan, 2.0, 2.0]))  # fmt: skip
    assert able_givers(given) == pytest.approx((9 + 5 + 4) / (3 + 2 + 2))
    there = replace(given, here=given.community == 1)  # nobody there took a lesson
    assert np.isnan(able_givers(there))
    assert np.isnan(able_givers(replace(given, level=np.zeros(5))))
    of_one = replace(given, lead=np.full(5, 3.0), level=np.array([1.0, *[np.nan] * 4]))
    assert able_givers(of_one) == 3.0


def test_one_firm_alone_and_none_at_all():
    alone = lessons([], community=(0,))
    assert np.isnan([density(alone), reciprocity(alone), across(alone)]).all()
    assert (giving_gini(alone), isolates(alone), gatekeepers(alone)) == (0.0, 1.0, 0.0)
    nobody = replace(SMALL, here=np.zeros(5, bool))
    for measure in (density, giving_gini, reciprocity, able_givers, gatekeepers, isolates):
        assert np.isnan(measure(nobody)), measure.__name__


def test_a_single_tie_has_no_opposite():
    assert reciprocity(lessons([(0, 1)])) == 0.0
