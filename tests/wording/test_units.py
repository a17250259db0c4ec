"""A unit decides how levels and differences are written."""

import pytest

from model.measures import BY_NAME
from model.wording.units import Unit, UnitKind


@pytest.mark.parametrize(
    ("name", "kind", "factor", "levels", "differences"),
    [
        ("share of firms", UnitKind.SHARE, 100.0, "percent", "percentage points"),
        ("score 0-3", UnitKind.SCORE, 1.0, "score 0-3", "points on the scale 0-3"),
        ("Gini 0-1", UnitKind.GINI, 1.0, "Gini 0-1", "points of the Gini coefficient"),
        ("firms", UnitKind.AMOUNT, 1.0, "firms", "firms"),
        ("shareholders a firm", UnitKind.AMOUNT, 1.0, "shareholders a firm", "shareholders a firm"),
        ("share, mean of founders", UnitKind.SHARE, 100.0, "percent", "percentage points"),
        ("", UnitKind.AMOUNT, 1.0, "", ""),
    ],
)
def test_a_unit_is_read_by_its_first_word(name, kind, factor, levels, differences):
    unit = Unit.read(name)
    assert unit.kind is kind
    assert (unit.factor, unit.of_levels, unit.of_differences) == (factor, levels, differences)
    assert (unit.sign == "%") == (kind is UnitKind.SHARE)


def test_measures_of_shares_lie_between_0_and_1_by_their_names():
    """Every measure whose unit is a share is one that is read so, and no other."""
    shares = {name for name, m in BY_NAME.items() if Unit.read(m.unit).kind is UnitKind.SHARE}
    assert {"exporters", "high_road", "product_breadth_2", "in_chain"} <= shares
    assert shares.isdisjoint({"process", "gini", "wage", "firms", "public_cost"})
