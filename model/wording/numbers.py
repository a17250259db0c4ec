"""Numbers as text, in one place: few digits, a true minus, intervals as ``x (y to z)``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from model.language import noted_many, say, say_many, signed_as_here

MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"
"""What stands for a number that is not there."""

_NOUNS = (
    noted_many("{n} alternative", "{n} alternatives"),
    noted_many("{n} base sample", "{n} base samples"),
    noted_many("{n} cluster", "{n} clusters"),
    noted_many("{n} draw", "{n} draws"),
    noted_many("{n} dose", "{n} doses"),
    noted_many("{n} effect", "{n} effects"),
    noted_many("{n} fresh case", "{n} fresh cases"),
    noted_many("{n} expectation", "{n} expectations"),
    noted_many("{n} other point", "{n} other points"),
    noted_many("{n} firm", "{n} firms"),
    noted_many("{n} key", "{n} keys"),
    noted_many("{n} outcome", "{n} outcomes"),
    noted_many("{n} pair", "{n} pairs"),
    noted_many("{n} paired draw", "{n} paired draws"),
    noted_many("{n} paired replicate", "{n} paired replicates"),
    noted_many("{n} point", "{n} points"),
    noted_many("{n} posterior draw", "{n} posterior draws"),
    noted_many("{n} practice", "{n} practices"),
    noted_many("{n} published score", "{n} published scores"),
    noted_many("{n} quarter", "{n} quarters"),
    noted_many("{n} replicate", "{n} replicates"),
    noted_many("{n} run", "{n} runs"),
    noted_many("{n} time", "{n} times"),
    noted_many("{n} year", "{n} years"),
)
"""What is counted in texts that are translated; anything else is counted in English."""
_MOST = 4  # decimals beyond which no measure of the model says anything


def fixed(value: float, decimals: int) -> str:
    """``value`` with that many decimals, thousands parted by commas; never a minus zero."""
    if not math.isfinite(value):
        return MISSING
    rounded = round(float(value), decimals) + 0.0  # -0.0 + 0.0 is 0.0
    return signed_as_here(f"{rounded:,.{decimals}f}").replace("-", MINUS)


def general(value: float) -> str:
    """``value`` with as many digits as it has, at most six."""
    return signed_as_here(f"{value:g}").replace("-", MINUS)


def as_asked(value: object) -> str:
    """An input as whoever asked wrote it: all digits that tell it from another, texts as they are."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        return signed_as_here(repr(float(value)).removesuffix(".0")).replace("-", MINUS, 1)
    return str(value)


def number(value: float, digits: int = 3) -> str:
    """``value`` with ``digits`` significant digits, as far as four decimals show them."""
    return fixed(value, _decimals(value, digits))


def decimals(*intervals: tuple[float, float], digits: int = 2) -> int:
    """How many decimals show the widest (low, high) with ``digits`` significant digits, 0 to 4.

    Estimates that stand together are given the decimals of the least certain of them.
    """
    widths = [high - low for low, high in intervals if math.isfinite(high - low)]
    widest = max(widths, default=0.0)
    return _decimals(widest, digits) if widest > 0 else digits


def _decimals(size: float, digits: int) -> int:
    if not math.isfinite(size) or size == 0:
        return 0
    return min(_MOST, max(0, digits - 1 - math.floor(math.log10(abs(size)))))


def interval(value: float, low: float, high: float, places: int | None = None) -> str:
    """``x (y to z)``, all with ``places`` decimals, by default those that the width deserves."""
    if places is None:
        places = decimals((low, high))
    if not (math.isfinite(low) and math.isfinite(high)):
        return fixed(value, places)
    return f"{fixed(value, places)} ({between(low, high, places)})"


def between(low: float, high: float, places: int) -> str:
    """``y to z`` with ``places`` decimals."""
    return say("{low} to {high}", low=fixed(low, places), high=fixed(high, places))


def counted(numbers: int | Iterable[int], noun: str) -> str:
    """``1 replicate``, ``20 replicates``, or ``20 to 40 replicates`` where numbers differ."""
    values = [numbers] if isinstance(numbers, int) else [int(n) for n in numbers]
    low, high = min(values), max(values)
    several = fixed(low, 0) if low == high else between(low, high, 0)
    return say_many(f"{{n}} {noun}", f"{{n}} {noun}s", high, n=several)


def level() -> str:
    """The level of all intervals, as text: 95%."""
    from model.experiments.intervals import LEVEL

    return f"{LEVEL:.0%}"


def quoted(text: str) -> str:
    """A text in typographic quotation marks."""
    return say("“{text}”", text=text)


def titled(name: str) -> str:
    """A name of the code as words with a capital: ``process_breadth_2`` is Process breadth 2."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def titles(names: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    """Names with their titles, as given or made from the names."""
    return dict(names) if isinstance(names, Mapping) else {name: titled(name) for name in names}


def percent(share: float) -> str:
    """A share as a percentage, as it is."""
    return f"{fixed(100 * share, 0)}%" if math.isfinite(share) else MISSING
