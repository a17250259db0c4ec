"""Factors of a sweep or a sensitivity study in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.language import say
from model.wording.numbers import as_asked, quoted, titled
from model.wording.sentences import listed


def title_of(name: str, factor: Mapping[str, Any]) -> str:
    """What to call a factor."""
    return str(factor.get("title") or titled(name))


def factor_range(name: str, factor: Mapping[str, Any]) -> str:
    """A factor with its key, and the range or the values over which it varies."""
    title = title_of(name, factor)
    key = f" ({factor['key']})" if factor.get("key") else ""
    if factor.get("levels"):
        levels = [level.get("title") or titled(k) for k, level in factor["levels"].items()]
        return f"{title}{key}: {listed(levels, 'or')}"
    if factor.get("values"):
        return f"{title}{key}: {listed([as_asked(value) for value in factor['values']], 'or')}"
    span = say("{low} to {high}", low=as_asked(factor["low"]), high=as_asked(factor["high"]))
    if factor.get("scale") == "log":
        span = say("{range}, evenly in logarithms", range=span)
    return f"{title}{key}: {span}"


def settings(row: Mapping[str, Any], vary: Mapping[str, Mapping[str, Any]]) -> str:
    """Where a point lies: every factor with its value there."""
    return listed(
        [
            f"{quoted(title_of(name, factor))} at {_value(row[name], factor)}"
            for name, factor in vary.items()
        ]
    )


def _value(value: Any, factor: Mapping[str, Any]) -> str:
    if factor.get("levels"):
        return str(factor["levels"][value].get("title") or titled(value))
    return as_asked(value)


def has_names(factor: Mapping[str, Any]) -> bool:
    """Whether its values are names: levels, or texts among the values."""
    return bool(factor.get("levels")) or any(isinstance(v, str) for v in factor.get("values") or ())
