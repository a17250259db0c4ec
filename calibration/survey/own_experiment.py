"""Three ways to spend a budget a year in a world of one's own, beside spending nothing.

A bridging institution; matching grants; and one of the usual programmes that finds somebody to serve:
export promotion where a chain goes abroad, supplier development where a buyer works with its suppliers,
partnership projects elsewhere. All spend the same.
"""

from __future__ import annotations

from pathlib import Path

from calibration.survey.own_scenario import (
    OwnWorld,
    budget_a_year,
    comment_lines,
    shown_from,
    told_amount,
)
from calibration.survey.survey_answers import Answers
from model.language import noted, say
from model.scenario.faults import toml_value

BUDGET_SHARE = 0.0013
"""Public money over the value added of small firms where no budget is given: Latin American governments
spend .03 to .09% of GDP on small and medium firms (MP17); the same share as in
``scenarios/experiments/institutions.toml``."""
_TITLE = noted("Three ways to spend a budget: {title}")
_SOURCE = noted("A survey of its own")
_NOTHING = noted("No further policy")
_QUESTION = noted("Which way to spend the same public money does most for {title}?")
_LEADING = ("quasi_hierarchy", "hierarchy", "network")
_USUAL = {
    "export_promotion": noted("Export promotion"),
    "supplier_development": noted("Supplier development"),
    "profo": noted("Partnership projects"),
}


def third_way(world: OwnWorld) -> str:
    """The usual programme that has somebody to serve here."""
    chains = [
        {entry.key: entry.value for entry in entries}
        for table, entries in world.tables.items()
        if table.startswith("chains.")
    ]
    if any(chain["reach"] == "global" for chain in chains):
        return "export_promotion"
    if any(chain["governance"] in _LEADING for chain in chains):
        return "supplier_development"
    return "profo"


def budget_of(answers: Answers) -> tuple[str | float, str]:
    """The budget as the file writes it, money or units of account a quarter, and how it was found."""
    told = answers.given.get("budget")
    if told and (written := budget_a_year(answers, told.value)):
        how = f"{told_amount(answers, told.value)}; {told.note}"
        return written, how
    firms, workers = answers.value("firms"), answers.value("workers", 15)
    units = float(f"{BUDGET_SHARE * firms * workers:.3g}")
    why = "no budget that can be converted was given"
    return (
        units,
        f"{why}: {100 * BUDGET_SHARE:g}% of the value added of small firms that master nothing",
    )


def experiment_text(world: OwnWorld, answers: Answers, folder: Path, base: str) -> str:
    """The experiment as TOML, to lie in ``folder`` beside the scenario file ``base``."""
    budget, how = budget_of(answers)
    written = toml_value(budget)
    unit = "" if isinstance(budget, str) else "  # units of account a quarter"
    third = third_way(world)
    jobs = max(1.0, round(0.05 * answers.value("firms") * answers.value("workers", 15)))
    title = answers.value("title")
    arms = [
        (
            "bridging",
            say("Bridging institution"),
            "institutions.institution",
            "institutions",
            "bridging",
        ),
        (
            "matching_grants",
            say("Matching grants"),
            "instruments.policy",
            "instruments",
            "matching_grants",
        ),
        (third, say(_USUAL[third]), "instruments.policy", "instruments", third),
    ]
    lines = [
        "# Three ways to spend the same public money, and none, on common random numbers.",
        "# Made by run.py new.",
        "#",
        *comment_lines(f"Budget: {how}."),
        "# What matters in an outcome is for you to say: below it an effect is called small. The primary",
        "# outcome is the one that the answer is about.",
        f"title = {toml_value(say('Three ways to spend a budget: {title}', title=title))}",
        f"question = {toml_value(say(_QUESTION, title=title))}",
        f"source = {toml_value(say(_SOURCE))}",
        f"base = {toml_value(base)}",
        'baseline = "none"',
        'primary = "process_breadth_2"',
        "",
        *_outcome("process_breadth_2", say("Firms with good processes (rung 2 or above)"), 0.05),
        *_outcome("product_breadth_2", say("Firms with good products (rung 2 or above)"), 0.05),
        *_outcome("functional", say("Functional upgrading"), 0.1),
        *_outcome("workers", say("Jobs"), jobs, "  # one in twenty"),
        *_outcome("wage", say("Wage"), 0.05),
        *_outcome("exporters", say("Firms that export"), 0.02),
        *_outcome("gini", say("Inequality of practices mastered (Gini)"), 0.02, lower=True),
        "",
        "[arms.none]",
        f"title = {toml_value(say(_NOTHING))}",
    ]
    for name, label, key, room, file in arms:
        lines += [
            "",
            f"[arms.{name}]",
            f"title = {toml_value(label)}",
            f"[arms.{name}.overlay.{key}]",
            f"extends = {toml_value(shown_from(folder, room, file))}",
            f"budget = {written}{unit}",
        ]
    return "\n".join(lines) + "\n"


def _outcome(
    measure: str, title: str, matters: float, note: str = "", lower: bool = False
) -> list[str]:
    way = ['better = "lower"'] if lower else []
    return [
        "[[outcomes]]",
        f"measure = {toml_value(measure)}",
        f"title = {toml_value(title)}",
        *way,
        f"matters = {matters:g}{note}",
    ]
