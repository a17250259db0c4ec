"""What a page says about money: the unit, what it is worth, what may be spent, and what is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from model.report.webpage.page_provenance import scenarios_of, years
from model.scenario.guards import public_budget, warning_lines
from model.scenario.money import Money
from model.scenario.schema import Scenario
from model.theory.value_added import UNIT_OF_ACCOUNT
from model.wording.currency import common_money, in_currency, units_and_currency


def money_of(manifest: Mapping[str, Any]) -> Money | None:
    """What a unit of account is worth in all worlds of a result; None where they do not agree."""
    return common_money(said.get("money") for said in scenarios_of(manifest).values())


def money_notes(manifest: Mapping[str, Any]) -> list[str]:
    """Sentences about money and about what is hardly meant, for the notes of any page."""
    money = money_of(manifest)
    unit = f"Money is in units of account: one is the {UNIT_OF_ACCOUNT}."
    worth = f" The scenario counts one as {in_currency(1.0, money)}." if money else ""
    return [unit + worth, *_budgets(manifest, money), *_warnings(manifest)]


def _budgets(manifest: Mapping[str, Any], money: Money | None) -> Iterator[str]:
    worlds = _worlds(manifest)
    budgets = sorted({public_budget(world) for world in worlds.values()})
    if not budgets or budgets[-1] == 0:
        return
    most = units_and_currency(budgets[-1], money)
    few = f"from {units_and_currency(budgets[0], money)} to " if len(budgets) > 1 else ""
    yield f"Public budgets over {years(manifest)}: {few}{most}."


def _warnings(manifest: Mapping[str, Any]) -> list[str]:
    """Those that the run has told, or those that can be told without it."""
    lines = manifest.get("warnings")
    if lines is None:
        lines = warning_lines(_worlds(manifest))
    return [f"Warning: {line}." for line in lines]


def _worlds(manifest: Mapping[str, Any]) -> dict[str, Scenario]:
    """The worlds of a result; none where it was made with keys that have moved since."""
    told = scenarios_of(manifest).items()
    try:
        return {label: Scenario.model_validate(said) for label, said in told}
    except ValidationError:
        return {}
