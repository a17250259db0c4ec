"""A scenario as it is shown: its file, a ready-made design laid over it, and the levers moved.

All of it is one table of plain TOML, so that a changed world is a scenario file like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from model.language import say
from model.scenario import load_document, parse_document
from model.scenario.differences import Difference, differences
from model.scenario.faults import Fault, InputError, Key, parse_key, show_key, toml_value
from model.scenario.files import SETTING, Document, dump_toml, set_value
from model.scenario.layers import origins_of, overlay, put
from model.scenario.schema import Scenario
from model.scenario.toml import Table
from model.viewer.library import AS_FILED, ready_made


@dataclass(frozen=True)
class DesignDraft:
    """A scenario file and what is changed of it; ``open_design`` makes one.

    ``moved`` holds the keys that levers changed, in TOML's writing, with their values, in order.
    """

    filed: Document
    ready: str = AS_FILED
    moved: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def scenario(self) -> Scenario:
        """The validated scenario; InputError with what is wrong."""
        return parse_document(self.document, Scenario)

    @cached_property
    def document(self) -> Document:
        """File, ready-made design and levers as one document."""
        document = self.filed
        if self.ready:
            design = ready_made(self.filed.path)[self.ready]
            document = _laid(document, overlay(document.data, design.overlay), design.overlay, ())
        for text, value in self.moved.items():
            key = parse_key(text)
            data = (
                _without(document.data, key) if value is None else _put(document.data, key, value)
            )
            document = _laid(document, data, value, key)
        return document

    @property
    def title(self) -> str:
        """What to call it: its ready-made design, and whether levers were moved."""
        base = (
            ready_made(self.filed.path)[self.ready].title if self.ready else say("As in the file")
        )
        return say("{design}, changed", design=base) if self.moved else base

    @cached_property
    def changes(self) -> tuple[Difference, ...]:
        """Where it differs from its file."""
        return differences(parse_document(self.filed, Scenario), self.scenario)

    def move(self, key: Key, value: Any) -> DesignDraft:
        """With a key set to a value, a table replaced as a whole; None takes the key out."""
        text = show_key(key)
        below = (f"{text}.", f"{text}[")
        kept = {k: v for k, v in self.moved.items() if k != text and not k.startswith(below)}
        return replace(self, moved={**kept, text: value})

    def write(self, setting: str) -> DesignDraft:
        """With ``key = value`` set, as ``--set`` does; InputError if it can't be."""
        name, equals, text = setting.partition("=")
        if not equals:
            fault = Fault("", setting, "", say("has no value"), say("write key = value"))
            raise InputError(fault)
        changed = set_value(self.document, name.strip(), text.strip())
        key = parse_key(name.strip())
        value: Any = changed.data
        for part in key:
            value = value[part]
        return self.move(key, value)

    def with_ready(self, key: str) -> DesignDraft:
        """With another ready-made design; levers that were moved go back, but for seed and horizon."""
        kept = {name: value for name, value in self.moved.items() if name.startswith("run.")}
        return replace(self, ready=key, moved=kept)

    def toml(self) -> str:
        """A scenario file that stands on its own, headed by what differs from the one it is from."""
        said = [f"Saved by the viewer, from {self.filed.path.name}."]
        said += [f"Changed: {difference}" for difference in self.changes]
        head = "\n".join(f"# {line}" for line in said)
        return f"{head}\n\n{dump_toml(self.document.data)}"


def in_step(designs: tuple[DesignDraft, ...]) -> tuple[DesignDraft, ...]:
    """Twins run on the same random numbers and to the same horizon: those of the first."""
    run = designs[0].scenario.run
    found = list(designs[:1])
    for design in designs[1:]:
        for name in ("seed", "ticks"):
            if getattr(design.scenario.run, name) != getattr(run, name):
                design = design.move(("run", name), getattr(run, name))
        found.append(design)
    return tuple(found)


def open_design(path: Path | str, ready: str = AS_FILED) -> DesignDraft:
    """A scenario file as it stands or with a ready-made design; InputError if it can't be used."""
    filed = load_document(path)
    parse_document(filed, Scenario)
    if ready and ready not in (known := ready_made(filed.path)):
        allowed = say(
            "is no design for this world; there are {designs}",
            designs=", ".join(known) or say("none"),
        )
        raise InputError(Fault("view", "design", toml_value(ready), allowed))
    design = DesignDraft(filed, ready)
    design.scenario  # noqa: B018  found wrong here rather than later
    return design


def _laid(document: Document, data: Table, value: Any, key: Key) -> Document:
    origins = document.origins | origins_of(value, SETTING, key)
    return replace(document, data=data, origins=origins)


def _put(data: Table, key: Key, value: Any) -> Table:
    """Set a key; a table replaces the one that is there."""
    return put(_without(data, key) if isinstance(value, dict) else data, key, value)


def _without(data: Table, key: Key) -> Table:
    first, *rest = key
    if first not in data:
        return data
    if not rest:
        return {name: value for name, value in data.items() if name != first}
    return {**data, first: _without(data[first], tuple(rest))}
