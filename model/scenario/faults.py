"""Bad input, told in plain words: one line per fault.

A line names the file, the key as it is written in TOML, the value found, what is allowed and
what to write instead:

    scenarios/x.toml: communities.mendoza.firms = -3: must be at least 1; write e.g. firms = 60
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

Key = tuple[str | int, ...]
"""A place in a document: names of tables and positions in lists, from the top."""

_PART = re.compile(
    r"""(?P<dot>\.)?(?:(?P<bare>[A-Za-z0-9_-]+)|(?P<quoted>"(?:[^"\\]|\\.)*")|'(?P<raw>[^']*)')"""
    r"""|\[(?P<position>\d{1,9})\]"""
)
FEW = 12  # so many names are still read at a glance
MOST = 20  # faults that are told of one after the other
WIDEST = 300  # characters of a line
_LONGEST_KEY = 1000  # characters of a key that is read
_LONGEST_WORD = 100  # characters of a word for which the nearest known one is looked for


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one input: where, what, what is allowed and what to write."""

    file: str
    key: str
    value: str
    allowed: str
    hint: str = ""
    missing: bool = False
    """Whether a key is wanted that is not there."""

    def __str__(self) -> str:
        # what is wrong must still fit the line
        file, key = _end(self.file, WIDEST // 3), _cut(self.key, WIDEST // 3)
        written = f"{key} = {self.value}" if key and self.value else key
        line = ": ".join(part for part in (file, written, self.allowed) if part)
        line = f"{line}; {self.hint}" if self.hint else line
        return _cut("".join(c if c.isprintable() else " " for c in line), WIDEST)


class InputError(Exception):
    """Input that can't be used, with every fault found in it; the command line ends with 2."""

    exit_code: ClassVar[int] = 2

    def __init__(self, *faults: Fault, untold: int = 0) -> None:
        """``untold``: how many more there are, of which nobody asks what they are."""
        super().__init__(*faults)
        self.untold = untold

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults, in the order of the document."""
        return self.args

    def __str__(self) -> str:
        lines = list(dict.fromkeys(map(str, self.faults)))
        more = max(0, len(lines) - MOST) + self.untold
        return "\n".join(lines[:MOST] + [f"and {more:,} more"] * bool(more))


@dataclass(frozen=True)
class Misfit:
    """What a validator found wrong at ``key``, counted from the table it validates."""

    key: Key
    allowed: str
    hint: str = ""


class MisfitError(ValueError):
    """Raised by a model's own validators to blame the very keys that are wrong, all at once."""

    def __init__(self, *misfits: Misfit) -> None:
        super().__init__("; ".join(f"{show_key(m.key)}: {m.allowed}" for m in misfits))
        self.misfits = misfits


def show_path(path: Path) -> str:
    """The path as a user would type it: relative when below the current directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def show_key(key: Key) -> str:
    """The key path as it is written in TOML; list positions, from 0, in brackets."""
    shown = ""
    for part in key:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            shown += ("." if shown else "") + (part if bare else json.dumps(part))
    return shown


def parse_key(text: str) -> Key:
    """The key written in ``text``, as ``show_key`` writes it; ValueError when it is no key."""
    if len(text) > _LONGEST_KEY:
        raise ValueError(f"a key has at most {_LONGEST_KEY} characters")
    key: Key = ()
    end = 0
    for part in _PART.finditer(text):
        first, position = end == 0, part["position"]
        if part.start() != end or bool(part["dot"]) == (first or position is not None):
            break
        if position is None:
            name = json.loads(part["quoted"]) if part["quoted"] else part["bare"] or part["raw"]
            name.encode()
            key += (name,)
        elif first:
            break
        else:
            key += (int(position),)
        end = part.end()
    if not key or end != len(text):
        raise ValueError(f"{text!r} is not a key")
    return key


def show_value(value: Any, width: int = 60) -> str:
    """The value as it is written in TOML, shortened to ``width`` characters."""
    return _cut(toml_value(value), width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _end(path: str, width: int) -> str:
    """The end of a long path, which tells which file is meant."""
    return path if len(path) <= width else "..." + path[3 - width :]


def toml_value(value: Any) -> str:
    """The value as it is written in TOML, on one line."""
    if isinstance(value, dict):
        entries = (f"{show_key((name,))} = {toml_value(v)}" for name, v in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or "" if none is like it."""
    if len(word) > _LONGEST_WORD:  # the search takes the square of the length
        return ""
    plain = {name.lower().replace("-", "_"): name for name in known}
    close = difflib.get_close_matches(word.lower().replace("-", "_"), plain, n=1)
    return plain[close[0]] if close else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint: the nearest known word, and all of them, or the five nearest when they are many."""
    known = list(known)
    close = nearest(word, known)
    parts = [f"did you mean {close}?"] if close else []
    if len(known) <= FEW:
        parts += [f"known here: {', '.join(known)}"] if known else []
    else:
        likest = difflib.get_close_matches(word[:_LONGEST_WORD], known, n=5, cutoff=0)
        parts.append(f"known here: {', '.join(likest)} and {len(known) - 5} more")
    return " ".join(parts)


def few(names: Iterable[str]) -> str:
    """The names, or how many they are when they are too many to read at a glance."""
    names = list(names)
    return ", ".join(names) if len(names) <= FEW else f"{len(names)} names"
