"""Factors: what varies between the points of a design, and how a value is laid over a world.

A factor is a key of the scenario with values or a range, or a set of levels that are overlays, for
what can't be said by one key: a whole institution, or numbers that change together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from model.language import say, signed_as_here
from model.parameters import Section
from model.scenario import Scenario, parse_document
from model.scenario.expected import follow
from model.scenario.faults import (
    Fault,
    InputError,
    Key,
    Misfit,
    MisfitError,
    parse_key,
    show_key,
    show_path,
    show_value,
    suggest,
    toml_value,
)
from model.scenario.files import Document
from model.scenario.layers import origins_of, put
from model.scenario.names_and_shares import Name
from model.scenario.toml import UnusableError, check

NAMED = ("sectors", "communities", "chains", "institutions", "instruments", "timetable")
"""Tables whose entries a world names itself: a key into one that isn't there would make a new one."""
_MOST = 5  # faulty points that are told of


class Alternative(Section):
    """A level of a factor, or an arm: what it lays over the base world."""

    title: str = Field("", description="what to call it; default: its key")
    overlay: dict[str, Any] = Field({}, description="tables laid over the base world")


class Factor(Section):
    """Something that varies: a key with values or a range, or levels."""

    title: str = Field("", description="what to call it; default: its name")
    key: str = Field("", description="key of the scenario, such as institutions.bridge.budget")
    values: tuple[Any, ...] = Field((), description="values of the key, in order")
    low: float | None = Field(None, description="least value of the key")
    high: float | None = Field(None, description="greatest value of the key")
    steps: int = Field(5, ge=2, le=10_000, description="values from low to high in a grid")
    scale: Literal["linear", "log"] = Field("linear", description="how values are spaced")
    levels: dict[Name, Alternative] = Field(
        {}, max_length=500, description="overlays by name, in place of a key"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Factor:
        misfits = list(self._misfits())
        if misfits:
            raise MisfitError(*misfits)
        return self

    def _misfits(self) -> list[Misfit]:
        ranged = self.low is not None or self.high is not None
        if bool(self.values) + ranged + bool(self.levels) != 1:
            hint = "write key and values, or key, low and high, or levels"
            return [Misfit((), "needs one of values, a range and levels", hint)]
        if self.levels:
            return [Misfit(("key",), "goes with values or a range")] if self.key else []
        try:
            parse_key(self.key)
        except ValueError:
            return [
                Misfit(("key",), "must be a key of the scenario", 'write e.g. key = "run.ticks"')
            ]
        for place, value in enumerate(self.values):
            if not isinstance(value, int | float | str):
                return [Misfit(("values", place), "must be a number, a text or a switch")]
        if len(set(map(toml_value, self.values))) < len(self.values):
            return [Misfit(("values",), "names a value twice", "name it once")]
        if self.values:
            return []
        if self.low is not None and self.high is not None and math.isinf(self.high - self.low):
            return [Misfit(("low",), "lies further from high than floats go")]
        if self.low is None or self.high is None or not self.low < self.high:
            return [Misfit(("low",), "must lie below high", "give both: low = 0.0, high = 1.0")]
        if self.scale == "log" and self.low <= 0:
            return [Misfit(("low",), "must be more than 0 on a log scale")]
        if self.whole and math.ceil(self.low) > math.floor(self.high):
            return [Misfit(("low",), "leaves no whole number up to high, and the key holds those")]
        return []

    @property
    def whole(self) -> bool:
        """Whether it varies a key that holds whole numbers over a range."""
        return bool(self.key) and follow(Scenario, parse_key(self.key)).annotation is int

    def value(self, u: float) -> Any:
        """The value at ``u`` in [0, 1): of the range, or of listed values or levels, equally wide."""
        if self.low is None or self.high is None:
            known = self.values or tuple(self.levels)
            return known[min(len(known) - 1, int(u * len(known)))]
        if not self.whole:
            return self._between(u)
        least, most = math.ceil(self.low), math.floor(self.high)
        if self.scale == "log":
            return min(most, int(least * ((most + 1) / least) ** u))
        return min(most, least + int(u * (most - least + 1)))

    def grid(self) -> list[Any]:
        """Its values in a grid, in order."""
        if self.low is None or self.high is None:
            return list(self.values or self.levels)
        points = [self._between(step / (self.steps - 1)) for step in range(self.steps)]
        return list(dict.fromkeys(map(round, points))) if self.whole else points

    def _between(self, u: float) -> float:
        assert self.low is not None
        assert self.high is not None
        if u in (0.0, 1.0):
            return self.high if u else self.low
        if self.scale == "log":
            return self.low * (self.high / self.low) ** u
        return self.low + u * (self.high - self.low)

    def title_of(self, value: Any) -> str:
        """What to call a value or level, in the language spoken."""
        if self.levels:
            return self.levels[value].title or str(value).replace("_", " ")
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if isinstance(value, str):
            return value
        return signed_as_here(toml_value(value).removesuffix(".0"))


@dataclass(frozen=True)
class Overlay:
    """What is laid over a world: an overlay, or a value for a key; ``name`` says who wants it."""

    name: str
    key: str = ""
    value: Any = None


@dataclass(frozen=True)
class Draw:
    """Values by key, from one row of a file of drawn parameters."""

    file: Path
    row: int
    """From 1, as a reader counts rows below the head."""
    values: tuple[tuple[Key, Any], ...]

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"row {self.row}"


def laid_over(
    base: Document, changes: list[Overlay], file: Path, draw: Draw | None = None
) -> Scenario:
    """A base world with changes laid over it, as a scenario: drawn parameters, overlays, then keys.

    Raises InputError; faults in what ``file`` or the draw wrote say which change or row is to blame.
    """
    data, origins = base.data, dict(base.origins)
    if draw:
        for key, value in draw.values:
            data = put(data, key, value)
            origins |= _written(key, value, draw.file)
    for change in sorted(changes, key=lambda c: bool(c.key)):
        place = parse_key(change.key) if change.key else ()
        _check_named(data, change, file)
        try:
            data = put(data, place, change.value)
        except IndexError:
            allowed = "the list has no such position, or there is no list"
            wrong = Fault(show_path(file), change.name, show_value(change.key), allowed)
            raise InputError(wrong) from None
        origins |= _written(place, change.value, file)
    try:
        check(data)
        return parse_document(replace(base, data=data, origins=origins), Scenario)
    except UnusableError as error:
        raise InputError(error.fault(file)) from None
    except InputError as error:
        raise InputError(*(_blamed(f, changes, file, draw) for f in error.faults)) from None


def _written(key: Key, value: Any, file: Path) -> dict[Key, Path]:
    above = {key[:depth]: file for depth in range(1, len(key))}
    return above | origins_of(value, file, key)


def _check_named(data: Mapping[str, Any], change: Overlay, file: Path) -> None:
    """Refuse a key into an institution, community or the like that the world does not have."""
    if not change.key:
        return
    key = parse_key(change.key)
    table = data.get(str(key[0]), {})
    table = table if isinstance(table, dict) else {}
    if key[0] in NAMED and len(key) < 3:
        allowed = f"must go on to a key, as in {change.key}.NAME"
        raise InputError(Fault(show_path(file), change.name, show_value(change.key), allowed))
    if key[0] in NAMED and str(key[1]) not in table:
        known = suggest(show_key(key[:2]), [show_key((key[0], name)) for name in table])
        allowed = f"the base world has no {show_key(key[:2])}"
        raise InputError(
            Fault(show_path(file), change.name, show_value(change.key), allowed, known)
        )


def _blamed(fault: Fault, changes: list[Overlay], file: Path, draw: Draw | None) -> Fault:
    """A fault of the whole scenario, told of the change that brought it."""
    if draw and fault.file == show_path(draw.file):
        return replace(fault, key=f"{draw.name}, {fault.key}")
    if fault.file != show_path(file) or not fault.key:
        return fault
    for change in changes:
        if change.key and f"{fault.key}.".startswith(f"{change.key}."):
            return replace(fault, key=f"{change.name}: {fault.key}")
    top = parse_key(fault.key)[0]
    for change in reversed(changes):
        if not change.key and top in change.value:
            return replace(fault, key=f"{change.name}.{fault.key}")
    return fault


def changes_of(factors: Mapping[str, Factor], row: Mapping[str, Any], table: str) -> list[Overlay]:
    """What one row of a design lays over the base world; ``table`` holds the factors in the file."""
    changes = []
    for name, factor in factors.items():
        value = row[name]
        if factor.levels:
            where = f"{table}.{name}.levels.{value}.overlay"
            changes.append(Overlay(where, value=factor.levels[value].overlay))
        else:
            changes.append(Overlay(f"{table}.{name}", factor.key, value))
    return changes


def scenarios_of(
    base: Document,
    factors: Mapping[str, Factor],
    rows: list[dict[str, Any]],
    file: Path,
    table: str = "vary",
    shared: Mapping[str, Any] | None = None,
) -> list[Scenario]:
    """The scenario of each row of a design; ``shared`` is laid over the base world first of all.

    Raises InputError with the faults of the first faulty points, each once.
    """
    scenarios: list[Scenario] = []
    faults: dict[Fault, None] = {}
    for row in rows:
        changes = changes_of(factors, row, table)
        if shared:
            changes.insert(0, Overlay("overlay", value=dict(shared)))
        try:
            scenario = laid_over(base, changes, file)
            scenarios.append(sharing(scenario, scenarios[0]) if scenarios else scenario)
        except InputError as error:
            faults |= dict.fromkeys(error.faults)
            if len(faults) >= _MOST:
                break
    if faults:
        raise InputError(*faults)
    return scenarios


def sharing(scenario: Scenario, other: Scenario) -> Scenario:
    """The same scenario, whose parts that equal those of ``other`` are the very same objects.

    A point then takes a tenth of the memory. Only parts whose order can't differ are looked at.
    """
    theirs, own = other.parameters, scenario.parameters
    blocks = {
        name: getattr(theirs, name)
        for name in type(own).model_fields
        if getattr(own, name) == getattr(theirs, name)
    }
    same: dict[str, Any] = {"parameters": own.model_copy(update=blocks)}
    for table in ("sectors", "communities"):
        mine = getattr(scenario, table)
        known = getattr(other, table)
        same[table] = {k: known[k] if known.get(k) == v else v for k, v in mine.items()}
    return scenario.model_copy(update=same)
