"""What measures are called in any language: their names in words, for the catalogues."""

from __future__ import annotations

from model.language import ENGLISH, noted, say_name, spoken

NAMES = (
    noted("Process"), noted("Product"), noted("Functional"), noted("Intersectoral"),
    noted("Process p10"), noted("Process median"), noted("Process p90"),
    noted("Product p10"), noted("Product median"), noted("Product p90"),
    noted("Functional p10"), noted("Functional median"), noted("Functional p90"),
    noted("Intersectoral p10"), noted("Intersectoral median"), noted("Intersectoral p90"),
    noted("Process leading"), noted("Product leading"), noted("Functional leading"),
    noted("Intersectoral leading"), noted("Process breadth 1"), noted("Process breadth 2"),
    noted("Product breadth 1"), noted("Product breadth 2"), noted("Functional breadth 1"),
    noted("Functional breadth 2"), noted("Intersectoral breadth 1"), noted("Intersectoral breadth 2"),
    noted("Ce labour"), noted("Ce inputs"), noted("Ce information"), noted("Ce market access"),
    noted("Ce backward"), noted("Ce forward"), noted("Ce bilateral"), noted("Ce multilateral"),
    noted("External economies"), noted("Joint action"), noted("Collective efficiency"),
    noted("Firms"), noted("Entries"), noted("Exits"), noted("In chain"), noted("Exporters"),
    noted("In market"), noted("In network"), noted("In quasi hierarchy"), noted("In hierarchy"),
    noted("Members"), noted("Reached"), noted("High road"), noted("Certified"), noted("Visits"),
    noted("Value added"), noted("Wage"), noted("Resources"), noted("Productivity gap"),
    noted("Gini"), noted("P90 p10"), noted("Public cost"), noted("Private cost"), noted("Workers"),
    noted("Size of entrants"), noted("Size of closures"),
    noted("Size"), noted("Size 1 10"), noted("Size 11 50"), noted("Size 51 250"),
    noted("Size over 250"), noted("Sales"), noted("Sales per worker"), noted("Exports"),
    noted("Export intensity"), noted("Survival"), noted("Productivity"), noted("Allocation"),
    noted("Productivity improving"), noted("Productivity moving"), noted("Productivity entry"),
    noted("Productivity exit"), noted("Served"), noted("Hours"), noted("Public cost institutions"),
    noted("Public cost grants"), noted("Public cost supplier development"),
    noted("Public cost export promotion"), noted("Public cost consortium"), noted("Donor cost"),
    noted("Paid fees"), noted("Paid lessons"), noted("Paid projects"), noted("Paid meetings"),
    noted("Lessons per visit"), noted("Lessons"), noted("Density"), noted("Giving gini"),
    noted("Reciprocity"), noted("Able givers"), noted("Gatekeepers"), noted("Isolates"), noted("Across"),
)  # fmt: skip
"""Every measure of the model; a test holds them to those."""
_PROPER = ("gini",)
"""Measures whose name keeps its capital inside a sentence."""

BREADTHS = {
    "process_breadth_2": noted("Process: firms on rung 2 or above"),
    "product_breadth_2": noted("Product: firms on rung 2 or above"),
}
"""Heads that say what a breadth counts, where its name alone would not."""


def headed(measure: str) -> str:
    """A measure at the head of a panel, in the language spoken."""
    words = measure.replace("_", " ")
    return say_name(BREADTHS.get(measure, words[:1].upper() + words[1:]))


def called(measure: str) -> str:
    """A measure inside a title or a sentence, in the language spoken."""
    words = measure.replace("_", " ")
    if spoken() == ENGLISH:
        return words
    said = say_name(words[:1].upper() + words[1:])
    return said if measure in _PROPER else said[:1].lower() + said[1:]
