"""The annotated scenario: every key with what it means, its range and its default.

Read off the schema and the theory's declarations, so that it tells nothing else than they do.
``scenarios/base.toml`` is that text, written anew by

    uv run python -m model.scenario.reference
"""

from __future__ import annotations

import textwrap
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from model.parameters import catalogue
from model.scenario.chain_keys import Chain
from model.scenario.changes import LAID_AT_THE_START, change_of
from model.scenario.community_keys import Community
from model.scenario.expected import Expected, follow, known_keys
from model.scenario.faults import Key, show_key, toml_value
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.scenario.schema import Scenario
from model.scenario.sector_keys import Sector
from model.scenario.ties_keys import Across
from model.theory.mechanism import Parameter

BASE = Path(__file__).parents[2] / "scenarios" / "base.toml"

NAME = "example"
"""What the things that a scenario names are called here."""

_HEAD = """
Every key that a scenario may say, with what it means, its range and its default.

Written by model/scenario/reference.py from the schema and the theory; after a change of those:

    uv run python -m model.scenario.reference

It is a world that runs, with one of each thing that a scenario names. They are called "example"
here; any number of them may stand under any names. A scenario need say only what is different
from this file, and need not extend it. A key behind a # is not set: it has no default, or the file
that its table begins from says it.
"""


def base_toml(sector_file: str) -> str:
    """The annotated scenario as TOML text; its sector begins from ``sector_file``."""
    said: dict[Key, Any] = {
        ("title",): "Every key at its default",
        ("communities", NAME, "sector"): NAME,
        ("sectors", NAME, "extends"): sector_file,
        ("instruments", NAME, "budget"): 0.0,
        ("timetable", NAME, "tick"): 0,
    }
    head = [f"# {line}".rstrip() for line in _HEAD.strip().splitlines()]
    return "\n".join([*head, *_table((), Scenario, said)]) + "\n"


def write_base(path: Path | str = BASE) -> None:
    """Write the annotated scenario; its sector is the first in the folder of sectors beside it."""
    path = Path(path)
    sector = min((path.parent / "sectors").glob("*.toml"))
    text = base_toml(sector.relative_to(path.parent).as_posix())
    path.write_text(text, encoding="utf-8", newline="\n")


def _table(
    key: Key, model: type[BaseModel], said: Mapping[Key, Any], live: bool = True
) -> Iterator[str]:
    """The lines of a table: its keys, then the tables in it. Behind a # unless ``live``."""
    if key:
        yield f"{'' if live else '# '}[{show_key(key)}]"
    if (fixed := _changes(model)) is not None:
        thing = show_key(key[2:])
        yield from _comment(f"any key of [{thing}] but {', '.join(fixed)}")
        return
    if file := said.get((*key, "extends")):
        yield from ("", "# file that it begins from", f"extends = {toml_value(file)}")
        live = False
    tables = []
    for name, field in known_keys(model).items():
        there = follow(Scenario, (*key, name))
        if _is_table(there.annotation) or _holds_tables(there):
            tables.append((there, live and (field.is_required() or field.default is not None)))
            continue
        default = said.get(there.key) if field.is_required() else field.default
        if default is None and there.choices:
            default = there.choices[0]
        if default is None and field.examples:
            default = field.examples[0]
        yield ""
        yield from _comment(there.description)
        yield from _comment(_allowed(there) + "; required" * field.is_required())
        mark = "" if live and default is not None else "# "
        yield f"{mark}{name} = {'...' if default is None else toml_value(default)}"
    first: dict[Any, str] = {}
    for there, shown in tables:
        place = show_key(there.key)
        yield ""
        yield from _comment(there.description)
        if there.key == ("parameters",):
            yield from _parameters()
        elif typing.get_origin(there.annotation) is dict:
            named = (*there.key, NAME)
            model = follow(Scenario, named).annotation
            yield from _table(named, model, said, shown and _complete(named, model, said))
        elif there.annotation in first:
            yield f"# [{place}] has the keys of [{first[there.annotation]}]"
        else:
            first[there.annotation] = place
            yield from _table(there.key, there.annotation, said, shown)


def _changes(model: type[BaseModel]) -> tuple[str, ...] | None:
    """What a change of a thing cannot change, if this is the schema of a change."""
    for thing in (Sector, Community, Chain, Institution, Instrument, Across):
        if change_of(thing) is model:
            return LAID_AT_THE_START[thing.__name__]
    return None


def _complete(key: Key, model: type[BaseModel], said: Mapping[Key, Any]) -> bool:
    """Whether all that this table needs can be told without a world around it."""
    needed = [name for name, field in known_keys(model).items() if field.is_required()]
    return (*key, "extends") in said or all(
        (*key, name) in said or follow(Scenario, (*key, name)).choices for name in needed
    )


def _holds_tables(there: Expected) -> bool:
    """Whether this is a table of named things, each a table of its own."""
    named = typing.get_origin(there.annotation) is dict
    return named and _is_table(follow(Scenario, (*there.key, NAME)).annotation)


def _is_table(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _allowed(there: Expected) -> str:
    """What a key may hold."""
    if typing.get_origin(there.annotation) is dict:
        return f"table of names, each a {_allowed(follow(Scenario, (*there.key, NAME)))}"
    if typing.get_origin(there.annotation) is tuple:
        entry = follow(Scenario, (*there.key, 0))
        return f"list of any of {_allowed(entry)}" if entry.choices else "list of names"
    if there.choices:
        return ", ".join(map(toml_value, there.choices))
    kinds = {bool: "true or false", int: "whole number", float: "number", str: "text"}
    return f"{kinds[there.annotation]} {there.bounds}".rstrip()


def _parameters() -> Iterator[str]:
    """The numbers of the theory, a table for each mechanism."""
    for mechanism in catalogue():
        table = f"parameters.{mechanism.name}"
        yield ""
        yield from _comment(f"{mechanism.key}. {mechanism.question} {mechanism.claim}")
        yield from _comment(f"Source: {mechanism.source}. Neutral: {mechanism.neutral}.")
        yield f"[{table}]"
        for parameter in sorted(mechanism.parameters, key=lambda each: bool(each.labels)):
            yield ""
            yield from _explained(parameter)
            if isinstance(parameter.default, tuple):
                yield f"[{table}.{parameter.name}]"
                for label, default in zip(parameter.labels, parameter.default, strict=True):
                    yield f"{label} = {toml_value(default)}"
            else:
                yield f"{parameter.name} = {toml_value(parameter.default)}"


def _explained(parameter: Parameter) -> Iterator[str]:
    kind = "whole number of " if parameter.whole else ""
    neutral = "" if parameter.neutral is None else f"; neutral {parameter.neutral:g}"
    yield from _comment(parameter.meaning)
    yield from _comment(
        f"{kind}{parameter.unit}, from {parameter.low:g} to {parameter.high:g}{neutral}"
    )
    yield from _comment(f"why this default: {parameter.reason}")


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="# ")


if __name__ == "__main__":
    write_base()
