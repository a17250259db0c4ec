"""Money in words: units of account, with the currency beside them where a scenario has one."""

import math

import pandas as pd
import pytest

from model.scenario.money import Money
from model.wording.currency import (
    common_money,
    in_currency,
    unit_in_currency,
    units_and_currency,
    with_currency,
)

USD = Money(currency="USD", per_unit=3000.0, year=2005)


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (3520.0, "10.6 million USD of 2005"),
        (1.0, "3,000 USD of 2005"),
        (0.03, "90.0 USD of 2005"),
        (1e6, "3.00 billion USD of 2005"),
        (math.nan, "–"),
    ],
)
def test_units_are_told_in_currency(units, said):
    assert in_currency(units, USD) == said


def test_both_are_told_where_there_is_a_currency():
    assert units_and_currency(3520.0, None) == "3,520 units of account"
    assert units_and_currency(3520.0, USD) == "3,520 units of account (10.6 million USD of 2005)"


def test_a_table_has_a_column_in_currency_beside_the_units():
    frame = pd.DataFrame({"public_cost": [0.0, 2.0]})
    assert with_currency(frame, "public_cost", None) is frame
    told = with_currency(frame, "public_cost", USD)
    assert told["public_cost_money"].tolist() == [0.0, 6000.0]
    assert told["currency"].tolist() == ["USD of 2005"] * 2


def test_worlds_that_count_money_differently_have_no_common_currency():
    said = USD.model_dump(mode="json")
    assert common_money([USD, said]) == USD
    assert common_money([USD, said | {"per_unit": 2000.0}]) is None
    assert common_money([USD, None]) is None
    assert common_money([]) is None


def test_a_unit_of_a_measure_is_told_in_currency():
    unit = "units of account per worker and quarter"
    assert unit_in_currency(unit, USD) == "USD of 2005 per worker and quarter"
