"""What things are called on the page; the titles of a scenario are its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.language import ENGLISH, noted, say, say_name, spoken
from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS
from model.wording.numbers import titled
from model.world.row_names import Names

GOVERNED = {
    "market": noted("market"),
    "network": noted("network"),
    "quasi_hierarchy": noted("quasi-hierarchy"),
    "hierarchy": noted("hierarchy"),
}
DIMENSION_NAMES = (
    noted("process"), noted("product"), noted("functional"), noted("intersectoral"),
)  # fmt: skip
"""Dimensions of upgrading inside a text; a test holds them to the model's."""
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
        return say("Association of {place}", place=title_of(scenario.communities, home))
    return title_of(scenario.institutions, key)


def channel_name(channel: str) -> str:
    """What a channel of learning is called inside a text, in the language spoken."""
    if spoken() == ENGLISH:
        return channel
    name = say_name(titled(channel))
    return name[:1].lower() + name[1:]


def practice_name(practice: str) -> str:
    """A practice, such as ``process 2.07``, in the language spoken."""
    dimension, _, number = practice.partition(" ")
    return f"{say_name(dimension)} {number}"


def communities_of(scenario: Scenario, names: Names, chosen: Sequence[int]) -> str:
    """Communities in words; ``chosen``: 1 for each that is meant, by row."""
    reached = [key for row, key in enumerate(names.communities) if chosen[row]]
    if len(reached) == len(names.communities) > 1:
        return "all communities"
    return ", ".join(title_of(scenario.communities, key) for key in reached)
