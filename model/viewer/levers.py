"""Levers: keys of a scenario that can be moved, with the words, bounds and choices of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotated_types import Ge, Gt, Le

from model.language import say, say_name, signed_as_here
from model.scenario.changes import TABLES
from model.scenario.expected import Expected, follow, known_keys
from model.scenario.faults import Key
from model.scenario.schema import Scenario
from model.viewer.design import DesignDraft
from model.wording.numbers import titled
from model.wording.titles import GOVERNED

RUN = ("seed", "ticks")
COMMUNITY = (
    "trust", "ties", "backward", "forward", "associated", "labour_mobility", "local_inputs",
    "information", "market_access", "firms",
)  # fmt: skip
ACROSS = ("ties", "trust")
CHAIN = ("governance", "reach", "orders", "entry_standard", "outside", "price", "communities")
INSTITUTION = (
    "budget", "reach", "experiential", "hour_price", "expertise", "certifies", "opens", "closes",
)  # fmt: skip
ACCESS = ("inclusive", "fee", "minimum_capability", "quota", "participants")
BOARD = (
    "government", "home_association", "associations", "lead_firms", "vote", "joint_investment",
)  # fmt: skip
INSTRUMENT = ("budget", "communities", "first", "last")
_VAST = 10_000  # a bound beyond tells a visitor nothing


def _numbers(*thing: str) -> tuple[str, ...]:
    """The plain numbers that a timetable can change of a thing, or of a table that stands alone."""
    change: Key = ("timetable", "shock", *thing)
    names = known_keys(follow(Scenario, change).annotation)
    return tuple(n for n in names if follow(Scenario, (*change, n)).annotation in (int, float))


SHOCKS = {table: _numbers(table, "thing") for table in TABLES}
"""What a shock can change of things, by table."""
OF_COUNTRY = _numbers("economy")
"""What a shock can change of the whole country."""

EACH = "*"
"""In a key: every community at once."""

Kind = Literal["share", "number", "whole", "choice", "switch", "names", "text"]


@dataclass(frozen=True)
class Lever:
    """One key that can be moved: what it is called and means, what it may hold, what it holds."""

    key: Key
    kind: Kind
    title: str
    help: str
    value: Any
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def lever(design: DesignDraft, key: Key) -> Lever:
    """The lever of a key; with EACH in the place of a community it moves all of them."""
    keys = spread(design.scenario, key)
    there = follow(Scenario, keys[0])
    values = [_value(design.scenario, each) for each in keys]
    low, high = _bounds(there)
    kind = _kind(there, low, high)
    value = values[0]
    if len(values) > 1 and kind in ("share", "number"):
        value = round(sum(values) / len(values), 4)
    choices = there.choices or _names(design.scenario, key)
    said = say_name(_sentence(there))
    if kind in ("number", "whole") and (high or 0.0) < _VAST:
        said = f"{said}; {_bounds_told(there, low, high)}"
    title = say_name(titled(str(key[-1])))
    return Lever(keys[0] if len(keys) == 1 else key, kind, title, said, value, low, high,
                 tuple(map(str, choices)))  # fmt: skip


def levers(design: DesignDraft, table: Key, names: Sequence[str]) -> tuple[Lever, ...]:
    """The levers of some keys of a table."""
    return tuple(lever(design, (*table, name)) for name in names)


def messages() -> Iterator[str]:
    """What all levers say, for the catalogues: their names, the schema's sentences, their choices."""
    for *table, names in _ALL:
        for name in names:
            there = follow(Scenario, (*table, name))
            yield from (titled(name), _sentence(there))
            yield from (titled(choice) for choice in there.choices if choice not in GOVERNED)


_ALL: tuple[tuple[Any, ...], ...] = (
    ("run", RUN), ("communities", EACH, COMMUNITY), ("across", ACROSS), ("chains", EACH, CHAIN),
    ("institutions", EACH, INSTITUTION), ("institutions", EACH, "access", ACCESS),
    ("institutions", EACH, "board", BOARD), ("instruments", EACH, INSTRUMENT), ("economy", OF_COUNTRY),
    *((table, EACH, names) for table, names in SHOCKS.items()),
)  # fmt: skip
"""Tables of levers with their keys; any name of a thing stands in the place of EACH."""


def _sentence(there: Expected) -> str:
    """What the schema says of a key, with a capital."""
    text = next((note.description for note in there.notes if note.description), "") or ""
    return text[:1].upper() + text[1:]


def _bounds_told(there: Expected, low: float | None, high: float | None) -> str:
    """The bounds in the language spoken; rarer ones than these as the schema says them."""
    if low is None or high is None or there.bounds != f"from {low:g} to {high:g}":
        return there.bounds
    ends = (signed_as_here(f"{bound:g}") for bound in (low, high))
    return say("from {low} to {high}", **dict(zip(("low", "high"), ends, strict=True)))


def moved(design: DesignDraft, key: Key, value: Any) -> DesignDraft:
    """The design with a lever moved; whole numbers and lists as a scenario file wants them."""
    for each in spread(design.scenario, key):
        design = design.move(each, value)
    return design


def spread(scenario: Scenario, key: Key) -> list[Key]:
    """The keys for which a key with EACH in it stands."""
    if EACH not in key:
        return [key]
    at = key.index(EACH)
    return [(*key[:at], name, *key[at + 1 :]) for name in scenario.communities]


def _value(scenario: Scenario, key: Key) -> Any:
    value: Any = scenario
    for part in key:
        value = value[part] if isinstance(value, dict) else getattr(value, str(part))
    return list(value) if isinstance(value, tuple) else value


def _bounds(there: Expected) -> tuple[float | None, float | None]:
    low = high = None
    for note in there.notes:
        for rule in note.metadata:
            if isinstance(rule, Ge | Gt):
                edge: Any = rule.ge if isinstance(rule, Ge) else rule.gt
                low = float(edge) if low is None else low
            elif isinstance(rule, Le):
                top: Any = rule.le
                high = float(top) if high is None else high
    return low, high


def _kind(there: Expected, low: float | None, high: float | None) -> Kind:
    if there.choices:
        return "choice"
    if there.annotation is bool:
        return "switch"
    if there.annotation is int:
        return "whole"
    if there.annotation is float:
        return "share" if (low, high) == (0.0, 1.0) else "number"
    return "text" if there.annotation is str else "names"


def _names(scenario: Scenario, key: Key) -> tuple[str, ...]:
    """What a list of names may hold: communities are all that such lists name."""
    return tuple(scenario.communities) if key[-1] in ("reach", "communities") else ()
