"""Tables that overlay tables, and where each value came from.

A table overlays a table key by key; everything else, lists included, is replaced whole. So
overlaying is associative as long as a key holds a table in all layers or in none, and an empty
layer changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.scenario.faults import Fault, Key, show_key, show_path, show_value, suggest
from model.scenario.toml import Table, entries


@dataclass(frozen=True)
class Removal:
    """A line of ``remove``: what ``file`` does not want of the things it inherits."""

    key: Key
    file: Path
    line: Key

    def unknown(self, data: Table) -> Fault:
        """Nothing of that name is inherited."""
        wrong, known = lacking(data, self.key)
        where, what = show_key(self.line), show_value(show_key(self.key))
        allowed = f"nothing named {wrong} is inherited"
        return Fault(show_path(self.file), where, what, allowed, suggest(wrong, known))


@dataclass(frozen=True)
class Layer:
    """A table with the file that wrote each of its parts, keyed from the table's own top."""

    data: Table
    origins: dict[Key, Path]
    removals: tuple[Removal, ...] = ()

    def at(self, key: Key) -> Layer:
        """The table at ``key``; KeyError where there is none."""
        data: Any = self.data
        for part in key:
            data = data.get(part) if isinstance(data, dict) else None
        if not isinstance(data, dict):
            raise KeyError(show_key(key))
        depth = len(key)
        return Layer(data, {k[depth:]: f for k, f in self.origins.items() if k[:depth] == key})


def overlay(under: Table, over: Table) -> Table:
    """A new table: ``under``, with what ``over`` says laid upon it."""
    merged = {name: _copy(value) for name, value in under.items()}
    for name, value in over.items():  # what is there keeps its place: order decides draws
        merged[name] = _laid(under.get(name), value)
    return merged


def _laid(under: Any, over: Any) -> Any:
    both = isinstance(under, dict) and isinstance(over, dict)
    return overlay(under, over) if both else _copy(over)


def lacking(data: Table, key: Key) -> tuple[str, list[str]]:
    """The first part of ``key`` that ``data`` lacks, and the keys there are in its place."""
    inside: Any = data
    for depth, part in enumerate(key):
        if not isinstance(inside, dict) or part not in inside:
            known = inside if isinstance(inside, dict) else ()
            return show_key(key[: depth + 1]), [show_key((*key[:depth], name)) for name in known]
        inside = inside[part]
    return show_key(key), []


def stack(layers: Iterable[Layer], faults: list[Fault]) -> Layer:
    """The layers laid upon each other, the last on top; each first removes what it doesn't want.

    To remove something that no layer below has written is a fault.
    """
    data: Table = {}
    origins: dict[Key, Path] = {}
    removed: set[Key] = set()
    for layer in layers:
        for removal in layer.removals:
            if all(isinstance(part, str) for part in removal.key) and _has(data, removal.key):
                data = _without(data, removal.key)
                removed.add(removal.key)
            elif removal.key not in removed:
                faults.append(removal.unknown(data))
        data = overlay(data, layer.data)
        origins |= layer.origins
    return Layer(data, {key: file for key, file in origins.items() if _has(data, key)})


def put(data: Table, key: Key, value: Any) -> Table:
    """A new table in which ``key`` holds ``value``; a table is overlaid, not replaced.

    Raises IndexError for a position that a list does not have.
    """
    changed: Table = _put(data, key, value)
    return changed


def _put(old: Any, key: Key, value: Any) -> Any:
    if not key:
        return _laid(old, value)
    part, rest = key[0], key[1:]
    if isinstance(part, int):
        if not isinstance(old, list) or part >= len(old):
            raise IndexError(part)
        return [_put(v, rest, value) if i == part else v for i, v in enumerate(old)]
    old = old if isinstance(old, dict) else {}
    return {**old, part: _put(old.get(part), rest, value)}


def origins_of(value: Any, file: Path, key: Key = ()) -> dict[Key, Path]:
    """The origins of ``key`` and all below it when ``file`` has written it there."""
    origins = {key: file}
    for name, inner in entries(value):
        origins |= origins_of(inner, file, (*key, name))
    return origins


def at(data: Any, key: Key) -> Any:
    """The value at a key that there is."""
    for part in key:
        data = data[part]
    return data


def _has(data: Any, key: Key) -> bool:
    for part in key:
        if isinstance(part, int):
            if not isinstance(data, list) or part >= len(data):
                return False
        elif not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _without(data: Table, key: Key) -> Table:
    if len(key) == 1:
        return {name: value for name, value in data.items() if name != key[0]}
    return {
        name: _without(value, key[1:]) if name == key[0] else value for name, value in data.items()
    }


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
