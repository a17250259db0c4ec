"""Reports tell what money means, in units and in currency, and warn of what is hardly meant."""

import json
from pathlib import Path

import pandas as pd
import pytest

import run
from model.report.webpage.report_file import brief
from model.scenario import load
from model.scenario.guards import public_budget
from model.scenario.money import Money
from model.wording.currency import in_currency
from tests.experiments.small import EXPERIMENT, write, write_world
from tests.report.test_pages import made
from tests.report.test_webpage import Seen

USD = {"money": {"currency": "USD", "per_unit": 3000.0, "year": 2005}}
IN_CURRENCY = EXPERIMENT.replace("budget = 9.0", 'budget = "108000 USD a year"')
FAIRS = """
[arms.fairs]
title = "Fairs abroad"
[arms.fairs.overlay.instruments.fairs]
kind = "export_promotion"
budget = 5.0
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """Results of an experiment in a world with a currency."""
    folder = tmp_path_factory.mktemp("told")
    write_world(folder, USD)
    return made(folder, "compare", IN_CURRENCY)


def page(folder: Path) -> str:
    return Seen((folder / "report.html").read_text(encoding="utf-8")).text


def test_units_and_currency_stand_beside_each_other(told):
    effects = pd.read_csv(told / "effects.csv")
    assert effects["currency"].unique().tolist() == ["USD of 2005"]
    assert effects["public_cost_money"].to_numpy() == pytest.approx(
        3000 * effects["public_cost"].to_numpy()
    )
    assert "The scenario counts one as 3,000 USD of 2005." in page(told)
    assert "USD of 2005)" in page(told)


def test_a_brief_shows_costs_in_both(told):
    text = Seen(brief(told).read_text(encoding="utf-8")).text
    for wanted in ("public cost, units of account", "public cost", "USD of 2005", "95%"):
        assert wanted in text
    cost = pd.read_csv(told / "effects.csv").loc[0, "public_cost"]
    assert f"{cost:,.0f}" in text
    money = Money.model_validate(USD["money"])
    assert in_currency(cost, money) in text


def test_results_do_not_depend_on_how_money_is_written(told, tmp_path):
    in_units = made(tmp_path, "compare", EXPERIMENT)
    with_money = pd.read_csv(told / "effects.csv").drop(columns=["public_cost_money", "currency"])
    pd.testing.assert_frame_equal(with_money, pd.read_csv(in_units / "effects.csv"))
    assert "USD" not in page(in_units)
    assert "one is the value added a quarter of a worker in a firm" in page(in_units)


def test_budgets_stand_on_the_page(told):
    manifest = json.loads((told / "manifest.json").read_text(encoding="utf-8"))
    ticks = manifest["ticks"]
    assert f"{9 * ticks:,} units of account" in page(told)


def test_money_left_is_told_of_the_arm(tmp_path, capsys):
    text = EXPERIMENT.replace("budget = 9.0", "budget = 9000.0")
    out = made(tmp_path, "compare", text)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (line,) = manifest["warnings"]
    assert "“rich” spends " in line
    assert f"Warning: {line}." in page(out)
    assert "Warning: “rich” spends" in " ".join(capsys.readouterr().out.split())


def test_fairs_without_a_buyer_abroad_are_told_by_check_and_by_the_report(tmp_path, capsys):
    text = EXPERIMENT + FAIRS  # in a world without chains
    file = write(tmp_path, "asked", text)
    assert run.door(["check", str(file)]) == 0
    wanted = 'instruments.fairs.kind = "export_promotion" has no target: no chain abroad buys'
    assert f"warning: {wanted}" in capsys.readouterr().out
    assert f"Warning: {wanted}" in page(made(tmp_path, "compare", text))


def test_a_run_shows_both_and_warns(tmp_path, capsys):
    world = write_world(tmp_path, USD, {"institutions": {"club": {"budget": 9000.0}}})
    out = tmp_path / "run"
    command = ["run", str(world), "--replicates", "2", "--out", str(out), "--quiet"]
    assert run.door(command) == 0
    printed = capsys.readouterr().out
    assert "USD of 2005 per worker and quarter" in " ".join(printed.split())
    assert "Warning: the run spends " in printed
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (line,) = manifest["warnings"]
    assert f"of {public_budget(load(world)):,.0f} units of account" in line
