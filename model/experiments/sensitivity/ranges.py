"""The declared range of a scenario key, for factors that name a key and no range."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from model.scenario import Scenario
from model.scenario.faults import Key, parse_key
from model.scenario.files import Document

_GIVEN = {"values", "levels"}


def declared_range(key: Key) -> tuple[float | None, float | None]:
    """Least and greatest value that a scenario key may take, None where none is declared."""
    place: Any = _schema()
    for part in key:
        place = _below(place, part)
    for kind in _kinds(place):
        if kind.get("type") in ("number", "integer"):
            return kind.get("minimum"), kind.get("maximum")
    return None, None


def with_declared_ranges(document: Document) -> Document:
    """The document with ``low`` and ``high`` of factors filled in where they say neither range nor choice.

    What is no table, no key or no number is left as it is, for validation to speak of.
    """
    vary = document.data.get("vary")
    if not isinstance(vary, dict):
        return document
    filled = {name: _filled(factor) for name, factor in vary.items()}
    return replace(document, data=document.data | {"vary": filled})


def _filled(factor: Any) -> Any:
    if not isinstance(factor, dict) or _GIVEN & factor.keys() or "key" not in factor:
        return factor
    try:
        low, high = declared_range(parse_key(str(factor["key"])))
    except ValueError:
        return factor
    found = {"low": low, "high": high}
    return {name: end for name, end in found.items() if end is not None} | factor


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = Scenario.model_json_schema()
    return schema


def _kinds(place: Any) -> list[dict[str, Any]]:
    """What may stand at a place: references followed, alternatives listed."""
    if not isinstance(place, dict):
        return []
    if "$ref" in place:
        return _kinds(_schema()["$defs"][place["$ref"].rpartition("/")[2]])
    several = [kind for word in ("anyOf", "oneOf", "allOf") for kind in place.get(word, ())]
    return [found for kind in several for found in _kinds(kind)] or [place]


def _below(place: Any, part: str | int) -> Any:
    for kind in _kinds(place):
        if part in kind.get("properties", {}):
            return kind["properties"][part]
        if isinstance(kind.get("additionalProperties"), dict):
            return kind["additionalProperties"]
        if "patternProperties" in kind:
            return next(iter(kind["patternProperties"].values()))
    return None
