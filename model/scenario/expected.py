"""What a pydantic model expects at a place of a document: its type, field and neighbours.

Pydantic locates an error by a path in which the branches of a union stand between the keys;
``follow`` walks the model's annotations along it and gives back the keys a user wrote.
"""

from __future__ import annotations

import enum
import textwrap
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from annotated_types import Ge, GroupedMetadata, Gt, Le, Lt
from pydantic import AliasChoices, BaseModel, RootModel, Tag
from pydantic.fields import FieldInfo

from model.scenario.faults import Key


@dataclass(frozen=True)
class Expected:
    """What belongs at ``key``."""

    key: Key
    annotation: Any = None
    """The type, bare of optionality and annotations; None where the model doesn't say."""
    notes: tuple[FieldInfo, ...] = ()
    """The field's own declaration and those within its annotation."""
    tables: tuple[type[BaseModel] | None, ...] = ()
    """The models of the tables on the way, the nearest last."""
    choice: Key | None = None
    """Where a union offered several kinds of value, the last on the way."""
    branch: str = ""
    """The kind of value tried there."""

    @property
    def description(self) -> str:
        """What the field means, with its unit in brackets."""
        text = next((n.description for n in self.notes if n.description), "") or ""
        text = f"{text} [{self.unit}]" if self.unit else text
        return textwrap.shorten(text, 120, placeholder=" ...")

    @property
    def unit(self) -> str:
        """The unit that the field declares (``unit`` in ``json_schema_extra``)."""
        return self._extra("unit")

    @property
    def allowed(self) -> str:
        """What the field allows, in its author's words (``allowed`` in ``json_schema_extra``)."""
        return self._extra("allowed")

    @property
    def bounds(self) -> str:
        """The range of a number: "from 0 to 1", "more than 0 and at most 1", "at least 1"."""
        low = high = ("", "")
        for rule in reversed(self._rules):
            match rule:
                case Ge():
                    low = ("at least", _short(rule.ge))
                case Gt():
                    low = ("more than", _short(rule.gt))
                case Le():
                    high = ("at most", _short(rule.le))
                case Lt():
                    high = ("less than", _short(rule.lt))
        if (low[0], high[0]) == ("at least", "at most"):
            return f"from {low[1]} to {high[1]}"
        return " and ".join(" ".join(side) for side in (low, high) if side[0])

    @property
    def length(self) -> int:
        """How many entries a list of different things has."""
        return len(typing.get_args(self.annotation))

    @property
    def _rules(self) -> list[Any]:
        """Bounds and the like, the field's own first."""
        groups = [rule for note in self.notes for rule in note.metadata]
        return [r for g in groups for r in (g if isinstance(g, GroupedMetadata) else (g,))]

    def _extra(self, word: str) -> str:
        extras = (n.json_schema_extra for n in self.notes)
        return next((str(e[word]) for e in extras if isinstance(e, dict) and word in e), "")

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values of an enumeration or literal, as they are written in a file."""
        if typing.get_origin(self.annotation) is Literal:
            return typing.get_args(self.annotation)
        if isinstance(self.annotation, type) and issubclass(self.annotation, enum.Enum):
            return tuple(member.value for member in self.annotation)
        return ()

    @property
    def example(self) -> Any:
        """A value that would do: the default, an example of the field, a choice, a bound."""
        for note in self.notes:
            if note.examples:
                return note.examples[0]
            if isinstance(note.default, str | int | float) and note.default != "":
                return note.default.value if isinstance(note.default, enum.Enum) else note.default
        if self.choices:
            return self.choices[0]
        return next((rule.ge for rule in self._rules if isinstance(rule, Ge)), None)


def known_keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys a table of this model may hold, as written in a file."""
    return {_written(name, field): field for name, field in model.model_fields.items()}


def tables_that_know(model: type[BaseModel], name: str) -> list[str]:
    """The tables right below one of this model that may hold the key ``name``."""
    found = []
    for key, field in known_keys(model).items():
        inner, _ = _bare(field.annotation)
        named = isinstance(typing.get_origin(inner), type) and _item(inner, "") is not None
        below, _ = _bare(_item(inner, "")) if named else (inner, ())
        if isinstance(below, type) and issubclass(below, BaseModel) and name in known_keys(below):
            found.append(f"[{key}.NAME]" if named else f"[{key}]")
    return found


def tags(annotation: Any, discriminator: str) -> tuple[Any, ...]:
    """The values by which a union of models is told apart."""
    found: list[Any] = []
    for member in _members(annotation):
        model, _ = _bare(member)
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = known_keys(model).get(discriminator)
            found += Expected((), _bare(field.annotation)[0]).choices if field else ()
        else:
            found += tags(model, discriminator)
    return tuple(found)


def follow(model: type[BaseModel], location: tuple[str | int, ...]) -> Expected:
    """Walk ``location`` as pydantic gives it down from ``model``."""
    annotation, notes = _bare(model)
    key: Key = ()
    tables: list[type[BaseModel] | None] = []
    choice, branch, holder = None, "", None
    for part in location:
        if part == "[key]":  # the name itself is wrong, not what it holds
            annotation, notes = _bare(typing.get_args(holder)[0])
            continue
        if _members(annotation):
            choice, branch = key, str(part)
            annotation, inner = _bare(_branch(annotation, branch))
            notes += inner
            continue
        key, holder = (*key, part), annotation
        is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        tables.append(annotation if is_model else None)
        field = known_keys(annotation).get(str(part)) if is_model else None
        if field is not None:
            annotation, inner = _bare(field.annotation)
            notes = (field, *inner)
        else:
            annotation, notes = _bare(None if is_model else _item(annotation, part))
    return Expected(key, annotation, notes, tuple(tables), choice, branch)


def _short(bound: Any) -> str:
    return str(int(bound) if isinstance(bound, float) and bound.is_integer() else bound)


def _written(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias or field.alias
    if isinstance(alias, AliasChoices):
        alias = alias.choices[0]
    return alias if isinstance(alias, str) else name


def _bare(annotation: Any) -> tuple[Any, tuple[FieldInfo, ...]]:
    """The annotation without Annotated, Optional, names and root models; their notes."""
    notes: tuple[FieldInfo, ...] = ()
    while True:
        if typing.get_origin(annotation) is typing.Annotated:
            annotation, *extra = typing.get_args(annotation)
            notes += tuple(n for n in extra if isinstance(n, FieldInfo))
            if any(isinstance(n, Ge | Gt | Le | Lt | GroupedMetadata) for n in extra):
                loose = FieldInfo(annotation=annotation)
                loose.metadata = [n for n in extra if not isinstance(n, FieldInfo)]
                notes += (loose,)
        elif hasattr(annotation, "__value__"):  # type Share = ...
            annotation = annotation.__value__
        elif hasattr(annotation, "__supertype__"):  # NewType
            annotation = annotation.__supertype__
        elif _is_union(annotation) and len(kinds := _kinds(annotation)) == 1:
            annotation = kinds[0]
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            notes += (annotation.model_fields["root"],)
            annotation = annotation.model_fields["root"].annotation
        else:
            return annotation, notes


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return tuple(kind for kind in typing.get_args(annotation) if kind is not type(None))


def _members(annotation: Any) -> tuple[Any, ...]:
    return _kinds(annotation) if _is_union(annotation) else ()


def _branch(union: Any, label: str) -> Any:
    """The member of a union that pydantic calls ``label``: a tag, a model's or a type's name."""
    named = None
    for member in _members(union):
        kind, _ = _bare(member)
        if _members(kind):  # a union in a union: a label of its own, or that of its member
            inner = member if "union[" in label else _branch(kind, label)
            if inner is not None:
                return inner
        tagged = [n.tag for n in typing.get_args(member) if isinstance(n, Tag)]
        if label in tagged:
            return member
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = (_bare(field.annotation)[0] for field in kind.model_fields.values())
            if kind.__name__ == label or any(label in Expected((), a).choices for a in fields):
                return member
        name = getattr(typing.get_origin(kind) or kind, "__name__", None)
        if named is None and name and name.lower() in label:
            named = member
    return named


def _item(annotation: Any, part: str | int) -> Any:
    """What a list or a table of like entries holds."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if not args or not isinstance(origin, type):
        return None
    if issubclass(origin, Mapping):
        return args[-1]
    if origin is tuple and isinstance(part, int) and Ellipsis not in args:
        return args[part] if part < len(args) else None
    return args[0]
