"""What a page says about money: the unit, what it is worth, what may be spent, and what is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from model.language import ENGLISH, noted, say, say_name, spoken
from model.report.made_titles import arms_said
from model.report.webpage.page_provenance import scenarios_of, years
from model.scenario.guards import public_budget, unspent, warning_lines
from model.scenario.money import Money
from model.scenario.schema import Scenario
from model.theory.value_added import UNIT_OF_ACCOUNT
from model.wording.currency import common_money, in_currency, units_and_currency
from model.wording.numbers import quoted

NAMES = (
    noted(
        "value added a quarter of a worker in a firm that masters nothing of the standard of the day"
    ),
)
"""What the theory calls the unit of account, for the catalogues; a test holds the two together."""


def money_of(manifest: Mapping[str, Any]) -> Money | None:
    """What a unit of account is worth in all worlds of a result; None where they do not agree."""
    return common_money(said.get("money") for said in scenarios_of(manifest).values())


def money_notes(manifest: Mapping[str, Any]) -> list[str]:
    """Sentences about money and about what is hardly meant, for the notes of any page."""
    money = money_of(manifest)
    unit = say("Money is in units of account: one is the {unit}.", unit=say_name(UNIT_OF_ACCOUNT))
    if money:
        unit += " " + say("The scenario counts one as {money}.", money=in_currency(1.0, money))
    return [unit, *_budgets(manifest, money), *_warnings(manifest)]


def _budgets(manifest: Mapping[str, Any], money: Money | None) -> Iterator[str]:
    worlds = _worlds(manifest)
    budgets = sorted({public_budget(world) for world in worlds.values()})
    if not budgets or budgets[-1] == 0:
        return
    most = units_and_currency(budgets[-1], money)
    if len(budgets) > 1:
        few = units_and_currency(budgets[0], money)
        most = say("from {few} to {most}", few=few, most=most)
    yield say("Public budgets over {period}: {budgets}.", period=years(manifest), budgets=most)


def _warnings(manifest: Mapping[str, Any]) -> list[str]:
    """Those that the run has told, or those that can be told without it; anew in another language."""
    lines, worlds = manifest.get("warnings"), _worlds(manifest)
    spent = manifest.get("spent", {})
    if lines is None or (spoken() != ENGLISH and worlds):
        names = {name: quoted(title) for name, title in arms_said(manifest).items()}
        names = {name: names.get(name, say("the run")) for name in worlds}
        lines = warned(worlds, spent, names)
    return [say("Warning: {warning}.", warning=line) for line in lines]


def warned(
    worlds: Mapping[str, Scenario], spent: Mapping[str, float], names: Mapping[str, str]
) -> list[str]:
    """What worlds hardly mean, and which of them left much of their public money.

    ``spent``: units of account over the run, mean over replicates, where it is known; ``names``: what
    each world is called in a sentence.
    """
    left = {name: unspent(world, spent[name]) for name, world in worlds.items() if name in spent}
    return [
        *warning_lines(worlds),
        *(f"{names[name]} {line}" for name, line in left.items() if line),
    ]


def _worlds(manifest: Mapping[str, Any]) -> dict[str, Scenario]:
    """The worlds of a result; none where it was made with keys that have moved since."""
    told = scenarios_of(manifest).items()
    try:
        return {label: Scenario.model_validate(said) for label, said in told}
    except ValidationError:
        return {}
