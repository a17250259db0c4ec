"""What things are called on the page; the titles of a scenario are its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS
from model.wording.numbers import titled
from model.world.row_names import Names

GOVERNED = {
    "market": "market",
    "network": "network",
    "quasi_hierarchy": "quasi-hierarchy",
    "hierarchy": "hierarchy",
}
LEARNED = dict(
    zip(
        CHANNELS,
        (
            "brought along at the start", "own practice", "own engineering", "machinery suppliers",
            "local input suppliers", "laboratories", "advanced users", "consultants", "lead firms",
            "other producers", "people who changed jobs", "institutions' staff", "parent firm",
            "forgotten", "own recombination", "overtaken by the standard",
        ),
        strict=True,
    )
)  # fmt: skip
"""How a practice was mastered, by channel."""


def title_of(table: Mapping[str, Any], key: str) -> str:
    """What a scenario calls one of its communities, chains, institutions or instruments."""
    return (key in table and table[key].title) or titled(key)


def institution_title(scenario: Scenario, key: str) -> str:
    """What an institution is called; an association after its community."""
    home = key.removeprefix("association_")
    if key not in scenario.institutions and home in scenario.communities:
        return f"Association of {title_of(scenario.communities, home)}"
    return title_of(scenario.institutions, key)


def communities_of(scenario: Scenario, names: Names, chosen: Sequence[int]) -> str:
    """Communities in words; ``chosen``: 1 for each that is meant, by row."""
    reached = [key for row, key in enumerate(names.communities) if chosen[row]]
    if len(reached) == len(names.communities) > 1:
        return "all communities"
    return ", ".join(title_of(scenario.communities, key) for key in reached)
