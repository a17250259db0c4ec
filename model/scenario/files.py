"""Documents: TOML files with all they extend, ready to be validated by a pydantic model.

How files extend each other is told in model/scenario/inherit.py; what is said of bad ones in
model/scenario/explain.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from model.scenario.explain import faults_from_validation
from model.scenario.faults import Fault, InputError, Key, parse_key, show_value
from model.scenario.inherit import Source, resolve
from model.scenario.layers import origins_of, put
from model.scenario.shipped_files import with_stem
from model.scenario.toml import (
    Table,
    UnusableError,
    check,
    dump_toml,
    locate,
    parse_value,
    read_toml,
)

__all__ = [
    "SETTING",
    "Document",
    "Source",
    "check_fragment",
    "dump_toml",
    "load_document",
    "parse_document",
    "read_toml",
    "set_value",
    "set_values",
    "to_json_schema",
    "with_value",
]

SETTING = Path("--set")
"""The origin of values given on the command line."""

_HOW = "write --set table.key=value"

AnyModel = TypeVar("AnyModel", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A file with all it extends, as one plain nested dict without ``extends``."""

    data: Table
    path: Path
    files: tuple[Source, ...]
    """All files read, each after those it extends."""
    origins: dict[Key, Path] = field(repr=False)

    def origin(self, key: Key | str) -> Path:
        """The file in which the key, or the innermost table around it, was last written."""
        place = parse_key(key) if isinstance(key, str) else key
        while place and place not in self.origins:
            place = place[:-1]
        return self.origins.get(place, self.path)


def load_document(path: Path | str) -> Document:
    """A TOML file and all that it extends; InputError with every fault found."""
    try:
        top = locate(with_stem(Path(path)))
    except UnusableError as error:
        raise InputError(error.fault(Path(path))) from None
    layer, files = resolve(top)
    return Document(layer.data, top, files, layer.origins)


def parse_document(document: Document, model_class: type[AnyModel]) -> AnyModel:
    """The document as a validated model; InputError with one fault for each thing wrong.

    Validated strictly and as JSON, which is TOML's own discipline: no "60" for 60 and no true
    for 1, while a list may become a tuple and a text an enumeration.
    """
    text = json.dumps(document.data, default=lambda moment: moment.isoformat())
    try:
        return model_class.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise InputError(*faults_from_validation(error, document, model_class)) from None


def check_fragment(document: Document, model_class: type[BaseModel]) -> None:
    """InputError with what is wrong with a table that others extend; they may say what it lacks."""
    try:
        parse_document(document, model_class)
    except InputError as error:
        faults = [fault for fault in error.faults if not fault.allowed.startswith("is missing")]
        if faults:
            raise InputError(*faults) from None


def with_value(document: Document, place: Key, value: Any, origin: Path) -> Document:
    """The document with a value at a key, said to be written by ``origin``.

    Raises IndexError for a position that a list does not have, UnusableError for a bad value.
    """
    data = put(document.data, place, value)
    check(data)
    above = {place[:depth]: origin for depth in range(1, len(place))}
    return replace(
        document, data=data, origins=document.origins | above | origins_of(value, origin, place)
    )


def set_value(document: Document, key: str, text: str) -> Document:
    """The document with one value changed, as by ``--set key=value``.

    ``text`` is read as a TOML value, or taken as a string where it is none; a table overlays the
    one that is there. Whether the model knows the key is found when the document is parsed.
    """
    wrong = Fault(str(SETTING), key, show_value(text), "")
    try:
        place = parse_key(key)
    except ValueError:
        raise InputError(replace(wrong, allowed="is not a key", hint=_HOW)) from None
    try:
        return with_value(document, place, parse_value(text), SETTING)
    except IndexError:
        raise InputError(replace(wrong, allowed="the list has no such position")) from None
    except UnusableError as error:
        raise InputError(replace(wrong, allowed=str(error))) from None


def set_values(document: Document, settings: Iterable[str]) -> Document:
    """The document after ``key=value`` settings in their order; InputError with all faults."""
    faults: list[Fault] = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            faults.append(Fault(str(SETTING), setting, "", "has no value", _HOW))
            continue
        try:
            document = set_value(document, key.strip(), text.strip())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return document


def to_json_schema(model_class: type[BaseModel]) -> Table:
    """JSON Schema (2020-12) for editors, of a file before what it extends is laid under it.

    So every table may say ``extends`` and ``remove``, and no key is required: it may be inherited.
    """
    schema: Table = _before_extending(model_class.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


_FILES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_DIRECTIVES = {
    "extends": _FILES
    | {
        "description": "Begin from a file, a.toml, a table of it, a.toml#b.c, or of this file, #b.c"
    },
    "remove": _FILES | {"description": "Keys that are inherited by `extends` and not wanted"},
}


def _before_extending(schema: Any) -> Any:
    """A schema with the directives known in its tables, and nothing required of them."""
    if not isinstance(schema, dict):
        return schema
    changed: Table = {}
    for word, value in schema.items():
        if word in ("properties", "$defs"):
            changed[word] = {name: _before_extending(inner) for name, inner in value.items()}
        elif word in ("anyOf", "oneOf", "allOf", "prefixItems"):
            # A table that is not complete yet may fit several of the kinds it can become.
            changed["anyOf" if word == "oneOf" else word] = [_before_extending(v) for v in value]
        elif word in ("items", "additionalProperties"):
            changed[word] = _before_extending(value)
        elif word not in ("required", "minProperties"):
            changed[word] = value
    if changed.get("type") == "object":
        changed["properties"] = _DIRECTIVES | changed.get("properties", {})
        if changed["properties"]["remove"] is _DIRECTIVES["remove"]:
            changed["dependentRequired"] = {"remove": ["extends"]}
    return changed
