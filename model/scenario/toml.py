"""TOML text to plain tables and back; what can't be read is a fault, with line and column."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli_w

from model.scenario.faults import (
    Fault,
    InputError,
    Key,
    few,
    nearest,
    show_key,
    show_path,
    show_value,
)
from model.scenario.shipped_files import named

Table = dict[str, Any]

_DEEPEST = 16  # tables within tables: more is a mistake
_TOO_DEEP = f"has more than {_DEEPEST} tables or lists in each other"
_LARGEST = 4_000_000  # bytes of a file: the largest that ships has a hundredth of it
_DOTTED = re.compile(r"""\[{0,2}(?:(?:[\w-]+|"[^"]*"|'[^']*')[ \t]*\.[ \t]*){65}""")
"""The beginning of a line with far more parts of a key than ``_DEEPEST`` allows."""
_INT64 = range(-(2**63), 2**63)  # what TOML calls an integer


class UnusableError(Exception):
    """Why a text is no usable TOML, and the ``place`` in it, if known."""

    def __init__(self, allowed: str, place: str = "", value: str = "", hint: str = "") -> None:
        super().__init__(allowed)
        self.place, self.value, self.hint = place, value, hint

    def fault(self, file: Path) -> Fault:
        """The fault, in this file."""
        return Fault(show_path(file), self.place, self.value, str(self), self.hint)


def read_toml(path: Path | str) -> Table:
    """One TOML file as it stands, nothing extended; InputError with one fault if it can't be."""
    return read_with_digest(Path(path))[0]


def read_with_digest(path: Path) -> tuple[Table, str]:
    """A file's table and the sha256 of its bytes; InputError with one fault if it can't be."""
    if why := obstacle(path):
        raise InputError(why.fault(path))
    try:
        if path.stat().st_size > _LARGEST:
            allowed = f"is larger than {_LARGEST // 1_000_000} MB"
            raise UnusableError(allowed, hint="a file of this kind holds some kilobytes")
        content = path.read_bytes()
        return parse_toml(content.decode("utf-8-sig")), hashlib.sha256(content).hexdigest()
    except OSError as error:
        raise InputError(
            Fault(show_path(path), "", "", f"cannot be read: {error.strerror or error}")
        ) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8 text"
        raise InputError(
            Fault(show_path(path), f"line {line}", "", "is not UTF-8 text", hint)
        ) from None
    except UnusableError as error:
        raise InputError(error.fault(path)) from None


def obstacle(path: Path) -> UnusableError | None:
    """Why there is no regular file at ``path``, with the nearest name that there is."""
    try:
        if "\0" in str(path):  # what Python's versions differ on
            raise ValueError("no name holds a null character")
        if path.is_file():
            return None
        if path.is_dir():
            return UnusableError("is a folder, not a file", hint=_holds(path))
        if path.exists():
            return UnusableError("is not a regular file")
        if not path.parent.is_dir():
            return UnusableError(f"no such file: there is no folder {show_path(path.parent)}")
        close = nearest(path.name, (p.name for p in path.parent.iterdir() if p.is_file()))
        hint = f"did you mean {show_path(path.with_name(close))}?" if close else ""
        return UnusableError("no such file", hint=hint or _holds(path.parent))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        return UnusableError(f"is not a path of a file: {why}")


def locate(path: Path) -> Path:
    """The path, or the file that ships of this name, as an absolute one, or UnusableError."""
    try:
        return named(path).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise UnusableError(f"is not a path of a file: {error}") from None


def parse_toml(text: str) -> Table:
    """Text as a table; UnusableError for what is no TOML, or deeper or larger than sensible."""
    if crowded := _crowded(text):  # the parser takes the square of their number
        raise crowded
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise UnusableError(_TOO_DEEP) from None
    except ValueError as error:
        raise _syntax(text, str(error)) from None
    check(table)
    return table


def _crowded(text: str) -> UnusableError | None:
    """A key of so many parts that parsing it would take minutes."""
    for line in map(str.strip, text.splitlines()):
        if _DOTTED.match(line):
            place = ".".join(line.lstrip("[").split(".")[:3])
            return UnusableError(_TOO_DEEP, f"{place[:40]}...")
    return None


def check(table: Table) -> None:
    """UnusableError unless tables are nested reasonably and integers fit 64 bits."""
    todo: list[tuple[Key, Any]] = [((), table)]
    while todo:
        key, value = todo.pop()
        if len(key) > _DEEPEST:
            raise UnusableError(_TOO_DEEP, show_key(key[:3]) + "...")
        if isinstance(value, int) and value not in _INT64:
            raise UnusableError("must be an integer of at most 64 bits", show_key(key))
        todo += [((*key, name), inner) for name, inner in entries(value)]


def parse_value(text: str) -> Any:
    """Text as a TOML value, or as the string it is when it is none; else UnusableError."""
    try:
        text.encode()
        table = parse_toml(f"value = {text}")
    except UnicodeEncodeError:
        raise UnusableError("is not UTF-8 text") from None
    except UnusableError as error:
        if error.place.startswith("value"):  # a value, and an unusable one
            raise
        return text
    return table["value"] if len(table) == 1 else text


def dump_toml(data: Table) -> str:
    """TOML text of plain nested data; what is None is left out, as TOML has no word for it."""
    return tomli_w.dumps(_present(data))


def entries(value: Any) -> Iterable[tuple[str | int, Any]]:
    """What a table or list holds, by name or position; nothing for any other value."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(inner) for name, inner in value.items() if inner is not None}
    return [_present(inner) for inner in value] if isinstance(value, list | tuple) else value


def _holds(folder: Path) -> str:
    names = sorted(p.name for p in folder.glob("*.toml"))
    return f"it holds {few(names)}" if names else "it holds no .toml file"


def _syntax(text: str, said: str) -> UnusableError:
    """The parser's complaint, with the line it is about."""
    lines = text.splitlines() or [""]
    place, line = "", 0
    if where := re.search(r" \(at line (\d+), column (\d+)\)$", said):
        place, line = f"line {where[1]}, column {where[2]}", int(where[1])
    elif where := re.search(r" \(at end of document\)$", said):
        place, line = f"line {len(lines)}, at its end", len(lines)
    said = said[: where.start()] if where else said
    return UnusableError(
        f"is not TOML: {said[:1].lower()}{said[1:]}",
        place,
        hint=f"the line is {show_value(lines[line - 1].strip())}" if 0 < line <= len(lines) else "",
    )
