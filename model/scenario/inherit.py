"""Tables that extend tables of other files: read all that are named, then lay them in order.

Any table may begin from another one:

    extends = "base.toml"                     # a whole file, or
    extends = "cases/x.toml#communities.x"    # one table of it, or
    extends = "#communities.x"                # one of this very file; or a list of such
    extends = "highroad:sectors/traditional"  # a file that ships with the model
    remove = ["institutions.closed"]          # what it inherits and doesn't want

1. Files are named relative to the file that says ``extends``. Later ones overlay earlier ones,
   the table's own keys overlay them all.
2. A file that a table inherits along several ways counts once, at its first place.
3. A table taken out of a file is the table after all that this file extends.
4. A table of the same file is that table with all it inherits there; it can't hold the one that extends it.
5. ``remove`` works beside ``extends``, before the table's own keys are laid on top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from model.scenario.faults import (
    Fault,
    InputError,
    Key,
    parse_key,
    show_key,
    show_path,
    show_value,
    suggest,
)
from model.scenario.layers import Layer, Removal, lacking, stack
from model.scenario.toml import (
    Table,
    UnusableError,
    check,
    entries,
    locate,
    obstacle,
    read_with_digest,
)

_LONGEST = 16  # files that extend each other in a row: more is a mistake
_MOST_KEYS = 500_000  # keys that files bring into each other, all in all: more is a mistake


@dataclass(frozen=True)
class Source:
    """A file that was read, and the digest of its bytes."""

    path: Path
    sha256: str


def resolve(path: Path) -> tuple[Layer, tuple[Source, ...]]:
    """A file with all it extends, and all files read, each after those it extends.

    Raises InputError with every fault found.
    """
    reader = _Reader()
    reader.gather(path, ())
    reader.stop_if_faulty()
    for source in reader.sources:
        reader.finish(source.path)
    return reader.finished[path], tuple(reader.sources)


@dataclass(frozen=True)
class _Link:
    """The file, or table of it, that one ``extends`` names; who says so is no part of equality."""

    path: Path
    table: Key
    asker: Path = field(compare=False)
    key: Key = field(compare=False)
    text: str = field(compare=False)

    @property
    def inward(self) -> bool:
        """Whether it names a table of the very file that says so."""
        return self.text.startswith("#")

    def fault(self, allowed: str, hint: str = "") -> Fault:
        where, what = show_key(self.key), show_value(self.text)
        return Fault(show_path(self.asker), where, what, allowed, hint)


class _Reader:
    """Reads the files first, so that gaps and circles are found once; then lays them in order."""

    def __init__(self) -> None:
        self.raw: dict[Path, Table] = {}
        self.links: dict[tuple[Path, Key], list[_Link]] = {}
        self.removals: dict[tuple[Path, Key], list[Removal]] = {}
        self.sources: list[Source] = []
        self.finished: dict[Path, Layer] = {}
        self.orders: dict[Path, list[_Link]] = {}
        self.keys = 0
        self.faults: list[Fault] = []
        self._open: list[
            tuple[Path, Key]
        ] = []  # tables that are being laid over those of their file

    def gather(self, path: Path, trail: tuple[Path, ...]) -> None:
        """Read a file and all those it names, once each, and note the faults."""
        self.raw[path] = {}
        try:
            self.raw[path], digest = read_with_digest(path)
        except InputError as error:
            self.faults += error.faults
            return
        trail = (*trail, path)
        for table, key in _tables(self.raw[path], ()):
            if "extends" not in table:
                continue
            self._directives(table, path, key)
            for link in self.links[path, key]:
                if not link.inward:
                    self._follow(link, trail)
        self.sources.append(Source(path, digest))

    def _follow(self, link: _Link, trail: tuple[Path, ...]) -> None:
        if link.path in trail:
            circle = [*trail[trail.index(link.path) :], link.path]
            way = " -> ".join(map(show_path, circle))
            self.faults.append(link.fault(f"goes in a circle: {way}", "leave one `extends` out"))
        elif link.path in self.raw:
            return
        elif len(trail) == _LONGEST:
            self.faults.append(link.fault(f"more than {_LONGEST} files extend each other in a row"))
        elif why := obstacle(link.path):
            self.faults.append(link.fault(f"{show_path(link.path)}: {why}", why.hint))
        else:
            self.gather(link.path, trail)

    def _directives(self, table: Table, file: Path, key: Key) -> None:
        """Note what a table extends and removes, or what is wrong with the way it says so."""

        def malformed(word: str, value: Any, allowed: str) -> None:
            where = show_key((*key, word))
            self.faults.append(Fault(show_path(file), where, show_value(value), allowed))

        links, removals = self.links[file, key], self.removals[file, key] = [], []
        for text in _listed(table["extends"]):
            name, _, place = text.partition("#") if isinstance(text, str) else ("", "", "")
            try:
                path = locate(file.parent / name) if name else file
                inner = parse_key(place) if place else ()
            except (UnusableError, ValueError):
                name = place = ""
            if name or place:
                links.append(_Link(path, inner, file, (*key, "extends"), text))
            else:
                malformed(
                    "extends", text, 'must name a file, such as "a.toml", "a.toml#b.c" or "#b.c"'
                )
        for text in _listed(table.get("remove", [])):
            try:
                removals.append(Removal(parse_key(text), file, (*key, "remove")))
            except (TypeError, ValueError):
                malformed("remove", text, 'must be a list of keys, such as ["institutions.x"]')

    def finish(self, path: Path) -> None:
        """Lay a file over those it extends, which are finished already."""
        self.finished[path] = self._inherited(self.raw[path], path, ())
        try:
            check(self.finished[path].data)
        except UnusableError as error:
            self.faults.append(error.fault(path))
        self.stop_if_faulty()

    def stop_if_faulty(self) -> None:
        """Raise InputError with the faults noted, a fault met again on another way once."""
        if self.faults:
            raise InputError(*dict.fromkeys(self.faults))

    def _inherited(self, table: Table, file: Path, key: Key) -> Layer:
        """A table laid over what it extends."""
        order = self._order(self.links.get((file, key), []))
        for link in order:
            whole = self.finished.get(link.path)
            self.keys += len(whole.origins) if whole else 1
            if self.keys > _MOST_KEYS:
                raise InputError(link.fault(f"brings in more than {_MOST_KEYS:,} keys in all"))
        return stack([*map(self._layer, order), self._own(table, file, key)], self.faults)

    def _own(self, table: Table, file: Path, key: Key) -> Layer:
        """What a table itself says, the tables in it laid over what they extend."""
        data: Table = {}
        origins: dict[Key, Path] = {(): file}
        inherits = (file, key) in self.links
        for name, value in table.items():
            if not (inherits and name in ("extends", "remove")):
                data[name] = self._value(value, file, key, (name,), origins)
        return Layer(data, origins, tuple(self.removals.get((file, key), ())))

    def _value(self, value: Any, file: Path, key: Key, place: Key, origins: dict[Key, Path]) -> Any:
        """The value at ``place`` in the table ``key``, resolved; its origins are noted."""
        origins[place] = file
        if isinstance(value, dict):
            layer = self._inherited(value, file, key + place)
            origins |= {place + inner: source for inner, source in layer.origins.items()}
            return layer.data
        if isinstance(value, list):
            return [self._value(v, file, key, (*place, i), origins) for i, v in enumerate(value)]
        return value

    def _layer(self, link: _Link) -> Layer:
        """What a link adds: a table with all it inherits, or a file's own part."""
        if not link.table:
            return self._own(self.raw[link.path], link.path, ())
        if link.inward:
            return self._of_same_file(link)
        whole = self.finished[link.path]
        try:
            return whole.at(link.table)
        except KeyError:
            wrong, known = lacking(whole.data, link.table)
            allowed = f"{show_path(link.path)} has no table {show_key(link.table)}"
            self.faults.append(link.fault(allowed, suggest(wrong, known)))
            return Layer({}, {})

    def _of_same_file(self, link: _Link) -> Layer:
        """A table of the file that asks for it, laid over what its file and itself inherit."""
        file, table = link.path, link.table
        asking = (file, link.key[:-1])
        if any(_hold(file, table, *open_) for open_ in (*self._open, asking)):
            self.faults.append(link.fault("goes in a circle", "name a table outside of this one"))
            return Layer({}, {})
        self._open.append(asking)
        layers, found = [], False
        for depth in range(len(table) + 1):
            for under in self._order(self.links.get((file, table[:depth]), [])):
                try:
                    layers.append(self._layer(under).at(table[depth:]))
                    found = True
                except KeyError:
                    continue
        own: Any = self.raw[file]
        for part in table:
            own = own.get(part) if isinstance(own, dict) else None
        if isinstance(own, dict):
            layers.append(self._own(own, file, table))
        elif not found:
            wrong, known = lacking(self.raw[file], table)
            self.faults.append(
                link.fault(f"this file has no table {show_key(table)}", suggest(wrong, known))
            )
        self._open.pop()
        return stack(layers, self.faults)

    def _order(self, links: list[_Link]) -> list[_Link]:
        """The links and all that they inherit, undermost first, each once.

        If this lays two files the other way round than some list says, that is a fault.
        """

        order: list[_Link] = []
        known: set[_Link] = set()
        for link in links:
            for one in (*self._below(link), link):
                if one not in known:
                    known.add(one)
                    order.append(one)
        said = [links, *(self.links.get((one.path, ()), []) for one in order if not one.table)]
        place = {one: number for number, one in enumerate(order)}
        for lower, upper in (pair for listed in said for pair in pairwise(listed)):
            if place[lower] > place[upper]:
                hint = "list the two in the same order everywhere"
                self.faults.append(upper.fault(f"is laid under {lower.text} already", hint))
        return order

    def _below(self, link: _Link) -> list[_Link]:
        """The order of all that the file of a link inherits, found once for a file."""
        if link.table:
            return []
        if link.path not in self.orders:
            self.orders[link.path] = self._order(self.links.get((link.path, ()), []))
        return self.orders[link.path]


def _hold(file: Path, table: Key, other: Path, key: Key) -> bool:
    """Whether one of two tables of a file is within the other, or both are the same."""
    depth = min(len(table), len(key))
    return file == other and table[:depth] == key[:depth]


def _tables(value: Any, key: Key) -> Iterator[tuple[Table, Key]]:
    """All tables in a value, with their keys."""
    if isinstance(value, dict):
        yield value, key
    for name, inner in entries(value):
        yield from _tables(inner, (*key, name))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
