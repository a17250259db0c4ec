"""Money: amounts in a currency become units of account, and what is unclear is taught."""

import re

import pytest

from model.experiments.experiment import load_experiment
from model.scenario import load
from model.scenario.changes import change_of
from model.scenario.files import to_json_schema
from model.scenario.institution_keys import Institution
from model.scenario.money import AMOUNT
from model.scenario.schema import Scenario
from tests.scenario.mutants import SCENARIOS
from tests.scenario.said import faults_of

WORLD = SCENARIOS / "worlds" / "four_wine_regions.toml"
MONEY = f"""
title = "Money"
extends = "{WORLD}"
[money]
currency = "USD"
per_unit = 3000
year = 2005
"""


@pytest.fixture
def valued(write):
    """The scenario of a file with [money] and more text."""
    return lambda text="": load(write("x.toml", MONEY + text))


def said(write, setting: str, text: str = MONEY) -> str:
    """What is said of a setting, without the file and the value."""
    (fault,) = faults_of(load, write("x.toml", text), [setting])
    return f"{fault.allowed}; {fault.hint}"


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        ("2000000 USD a year", 2_000_000 / 4 / 3000),
        ("2,000,000 USD per year", 2_000_000 / 4 / 3000),
        ("2_000_000.0 usd a year", 2_000_000 / 4 / 3000),
        ("2 million USD a year", 2_000_000 / 4 / 3000),
        ("500 thousand USD a quarter", 500_000 / 3000),
        ("1500 USD a month", 1500 * 3 / 3000),
        ("0 USD a year", 0.0),
    ],
)
def test_an_amount_a_period_is_units_a_quarter(valued, amount, units):
    world = valued(f'[institutions.centre]\nbudget = "{amount}"\n')
    assert world.institutions["centre"].budget == pytest.approx(units, rel=1e-12)


def test_money_may_stand_wherever_units_do(valued):
    world = valued(
        """
[institutions.centre]
budget = "120000 USD a year"
donor = "3000 USD a quarter"
hour_price = "60 USD"
access = { fee = "100 USD a month" }
[instruments.fairs]
kind = "export_promotion"
budget = "300000 USD a year"
[sectors.natural_resource]
machinery_price = "300 USD"
consultant_price = "600 USD"
[parameters]
resources = { overhead = "500 USD a month", endowment = "3000 USD" }
grants = { grant = "6 thousand USD" }
[timetable.reform]
tick = 8
institutions = { centre = { budget = "240000 USD a year" } }
"""
    )
    centre, sector = world.institutions["centre"], world.sectors["natural_resource"]
    assert (centre.budget, centre.donor, centre.hour_price) == (10.0, 1.0, 0.02)
    assert centre.access.fee == 0.1
    assert world.instruments["fairs"].budget == 25.0
    assert (sector.machinery_price, sector.consultant_price) == (0.1, 0.2)
    assert world.parameters.resources.overhead == 0.5
    assert world.parameters.resources.endowment == 1.0
    assert world.parameters.grants.grant == 2.0
    assert world.timetable["reform"].institutions["centre"].budget == 20.0


def test_a_world_in_currency_is_the_world_in_units(valued, write):
    in_currency = valued('[institutions.centre]\nbudget = "120000 USD a year"\n')
    in_units = load(write("y.toml", MONEY + "[institutions.centre]\nbudget = 10.0\n"))
    assert in_currency == in_units
    again = in_currency.with_values({"institutions.centre.budget": "60000 USD a year"})
    assert again.institutions["centre"].budget == 5.0


def test_arms_and_settings_may_say_money(write):
    write("world.toml", MONEY)
    file = write(
        "experiment.toml",
        """
title = "Two budgets"
base = "world.toml"
baseline = "none"
[arms.none]
[arms.centre.overlay.institutions.centre]
budget = "120000 USD a year"
[[outcomes]]
measure = "product"
""",
    )
    arm = load_experiment(file).scenarios["centre"]
    assert arm.institutions["centre"].budget == 10.0
    cheap = load_experiment(file, ["institutions.centre.hour_price=30 USD"]).scenarios["centre"]
    assert cheap.institutions["centre"].hour_price == 0.01


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("budget=5 EUR a year", "is in EUR, and [money] counts in USD; write it in USD"),
        (
            "budget=5 USD a week",
            "has an unknown period, 'week'; known are a quarter, a month and a year; "
            'write "5 USD a year"',
        ),
        ("budget=5 USD a yeer", 'and a year; write "5 USD a year"'),
        ("budget=5 USD", 'does not say how often it is paid; write "5 USD a year"'),
        (
            "hour_price=5 USD a year",
            'is a price, paid each time and not by period; write "5 USD"',
        ),
        (
            "budget=plenty",
            "must be a number of units of account a quarter, or an amount of money; "
            'write e.g. budget = "50000 USD a year"',
        ),
        ("budget=2,5 USD a year", "or an amount of money"),
        ('budget="5"', "write 5 without quotes"),
        ("budget=-5 USD a year", "must be from 0 to 1000000000"),
    ],
)
def test_an_unclear_amount_is_told_with_what_to_write(write, setting, line):
    assert line in said(write, f"institutions.centre.{setting}")


def test_a_currency_without_money_is_told_what_is_wanted(write):
    line = said(write, "institutions.c.budget=5 EUR a year", f'title = "x"\nextends = "{WORLD}"\n')
    assert "there is no [money] that says what it is worth" in line
    assert 'write [money] with currency = "EUR", per_unit and year, or a number of units' in line


@pytest.mark.parametrize("setting", ["money.per_unit=0", "money=3", "money.currency=usd"])
def test_a_faulty_money_is_the_one_fault(write, setting):
    text = f'{MONEY}[institutions.centre]\nbudget = "5000 USD a year"\nhour_price = "60 USD"\n'
    (fault,) = faults_of(load, write("x.toml", text), [setting])
    assert fault.key.startswith("money")


def test_text_that_reads_like_money_stays_text(valued):
    assert load is not None
    world = valued('[institutions.centre]\ntitle = "2000 USD a year"\nbudget = 1.0\n')
    assert world.institutions["centre"].title == "2000 USD a year"


def test_every_field_in_units_of_account_takes_money():
    """The unit is declared, not told in words only, so that no field of money is forgotten."""
    schema = Scenario.model_json_schema()
    forgotten = [
        f"{name}.{key}"
        for name, model in schema["$defs"].items()
        for key, field in model.get("properties", {}).items()
        if "units of account" in field.get("description", "") and "unit" not in field
    ]
    assert forgotten == []
    change = change_of(Institution).model_json_schema()
    assert change["properties"]["budget"]["unit"] == "units of account a quarter"


def test_the_schema_for_editors_knows_amounts():
    budget = to_json_schema(Scenario)["$defs"]["Institution"]["properties"]["budget"]
    number, text = budget["anyOf"]
    assert number == {"type": "number", "minimum": 0, "maximum": 1e9}
    assert text == {"type": "string", "pattern": AMOUNT}
    assert re.match(text["pattern"], "2000000 USD a year")
