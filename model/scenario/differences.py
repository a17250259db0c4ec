"""In which keys two scenarios differ: what is said of a changed world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model.scenario.faults import Key, show_key, show_value
from model.scenario.schema import Scenario

_PROSE = ("title", "description", "source")  # changes nothing in the world


@dataclass(frozen=True)
class Difference:
    """One key, as it is written in a file, and what the two say of it; None where one lacks it."""

    key: str
    one: Any
    other: Any

    def __str__(self) -> str:
        if self.one is None:
            return f"{self.key} added{_called(self.other)}"
        if self.other is None:
            return f"{self.key} taken out{_called(self.one)}"
        return f"{self.key} = {show_value(self.other)}, was {show_value(self.one)}"


def differences(one: Scenario, other: Scenario) -> tuple[Difference, ...]:
    """Where the other differs from the one, in the order of the schema, titles and sources aside.

    A table that only one of them has counts as one difference.
    """
    return tuple(_apart(one.model_dump(mode="json"), other.model_dump(mode="json"), ()))


def _apart(one: dict[str, Any], other: dict[str, Any], key: Key) -> Iterator[Difference]:
    for name in dict.fromkeys((*one, *other)):
        before, now, here = one.get(name), other.get(name), (*key, name)
        if isinstance(before, dict) and isinstance(now, dict):
            yield from _apart(before, now, here)
        elif before != now and name not in _PROSE:
            yield Difference(show_key(here), before, now)


def _called(value: Any) -> str:
    """What to call a table or a number that is there or not."""
    if isinstance(value, dict):
        return f" ({value['title']})" if value.get("title") else ""
    return f": {show_value(value)}"
