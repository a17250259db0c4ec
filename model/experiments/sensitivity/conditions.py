"""Conditions in words: in which part of the space of factors a point lies, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from model.experiments.factors import Factor
from model.language import say, signed_as_here

_EVERYWHERE = "everywhere"
_ENDS = (
    re.compile(r"(?P<low>\S+) to (?P<high>\S+)"),
    re.compile(r"above (?P<low>\S+)"),
    re.compile(r"at most (?P<high>\S+)"),
)
"""Ranges as tables have them, in English."""


def range_said(title: str, low: str = "", high: str = "") -> str:
    """A condition on a number, in the language spoken; an end that is not given is open."""
    name, low, high = _quoted(title), signed_as_here(low), signed_as_here(high)
    if low and high:
        return say("{name} is {low} to {high}", name=name, low=low, high=high)
    if low:
        return say("{name} is above {low}", name=name, low=low)
    return say("{name} is at most {high}", name=name, high=high)


def levels_said(title: str, levels: Sequence[str]) -> str:
    """A condition on a choice, in the language spoken: one of these levels."""
    either = reduce(lambda said, last: say("{words} or {last}", words=said, last=last), levels)
    return say("{name} is {level}", name=_quoted(title), level=either)


def together_said(conditions: Sequence[str]) -> str:
    """Conditions that hold together, in the language spoken; everywhere where there are none."""
    if not conditions:
        return say("everywhere")
    return reduce(lambda said, last: say("{words} and {last}", words=said, last=last), conditions)


def _quoted(title: str) -> str:
    return say("“{text}”", text=title)


def said_again(text: str, factors: Mapping[str, Factor], levels: Mapping[str, str]) -> str:
    """Conditions of a table, which are English, in the language spoken; as they are where not understood.

    ``factors``: by their title; ``levels``: what each level is called, from what tables call it.
    """
    if text == _EVERYWHERE:
        return together_said(())
    begins = f"“(?:{_one_of(factors)})” is "
    parts = [_one_again(part, factors, levels) for part in re.split(f" and (?={begins})", text)]
    return text if "" in parts else together_said(parts)


def _one_again(part: str, factors: Mapping[str, Factor], levels: Mapping[str, str]) -> str:
    """One condition anew; "" where it is not understood."""
    found = re.fullmatch(f"“({_one_of(factors)})” is (.+)", part)
    if not found:
        return ""
    title, rest = found.groups()
    if factors[title].low is not None:
        ends = next((m for pattern in _ENDS if (m := pattern.fullmatch(rest))), None)
        return range_said(title, **ends.groupdict()) if ends else ""
    listed = re.split(f" or (?=(?:{_one_of(levels)})(?: or |$))", rest)
    return levels_said(title, [levels.get(name, name) for name in listed])


def _one_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
