"""What is given from Python, checked as strictly as what files say."""

from __future__ import annotations

from operator import index
from pathlib import Path
from typing import Any

from model.scenario import Scenario, load

MOST = 2**62
"""The greatest whole number that is taken, as a seed or otherwise."""


def world_of(scenario: Any) -> Scenario:
    """A scenario as it is, or the one that a path names; TypeError for anything else."""
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, str | Path):
        return load(scenario)
    kind = type(scenario).__name__
    raise TypeError(f"scenario = a {kind}: give a Scenario or the path of a scenario file")


def whole(name: str, number: Any, least: int = 0, otherwise: str = "") -> int:
    """A plain int of any whole number from ``least``; TypeError or ValueError for another thing."""
    try:
        if isinstance(number, bool):
            raise TypeError("a switch is no number")
        plain = index(number)
    except TypeError:
        wanted = f"give a whole number from {least}{otherwise}"
        raise TypeError(f"{name} = {number!r}: {wanted}") from None
    if not least <= plain <= MOST:
        raise ValueError(f"{name} = {plain}: give a whole number from {least} to 2**62{otherwise}")
    return plain


def whole_or_none(name: str, number: Any, least: int = 0) -> int | None:
    """The same for an argument that may be left out."""
    return None if number is None else whole(name, number, least, ", or None")
