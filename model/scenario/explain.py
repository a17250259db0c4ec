"""From pydantic's errors to faults that someone who has never heard of pydantic understands.

What is allowed is told in the model's own words: a field's ``description``, its ``unit`` (in
``json_schema_extra``), bounds, choices, ``examples`` and default.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from model.scenario.expected import Expected, follow, known_keys, tables_that_know, tags
from model.scenario.faults import (
    FEW,
    Fault,
    InputError,
    Key,
    MisfitError,
    nearest,
    show_key,
    show_path,
    show_value,
    suggest,
    toml_value,
)
from model.scenario.moved import instead

if TYPE_CHECKING:
    from model.scenario.files import Document


_EXPLAINED = 400  # errors that are put into words: no more are read, and words take time


def refusal(error: ValidationError, document: Document, model_class: type[BaseModel]) -> InputError:
    """Pydantic's error as faults: one per thing wrong, named by the file that wrote it."""
    details = error.errors(include_url=False)
    untold = max(0, len(details) - _EXPLAINED)
    details = details[:_EXPLAINED]
    faulty = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    troubles = [
        trouble
        for detail in details  # a list is called too short when it is its entries that are wrong
        if detail["type"] != "too_short" or detail["loc"] not in faulty
        for trouble in _troubles(detail, document.data, model_class)
    ]
    faults = (
        Fault(
            show_path(document.origin(t.key)),
            show_key(t.key),
            t.value,
            f"{t.allowed} ({t.about})" if t.about else t.allowed,
            t.hint,
            t.missing,
        )
        for t in _one_per_fault(troubles)
    )
    return InputError(*faults, untold=untold)


@dataclass(frozen=True)
class _Trouble:
    key: Key
    value: str
    allowed: str
    hint: str = ""
    about: str = ""
    branch: str = ""  # the kind of value a union tried, at the key `choice`
    choice: Key | None = None
    missing: bool = False
    meant: Key | None = None  # the known key that an unknown one resembles


_TABLE, _LIST, _TEXT, _WHOLE, _NUMBER, _SWITCH = (
    "a table",
    "a list in [ ]",
    "a text in quotes",
    "a whole number",
    "a number",
    "true or false",
)
_KINDS = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _SWITCH),
    **dict.fromkeys(("string_type", "path_type", "url_type", "uuid_type"), _TEXT),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _LIST),
    **dict.fromkeys(("iterable_type", "deque_type", "named_tuple_type"), _LIST),
    **dict.fromkeys(("model_type", "model_attributes_type", "dataclass_type"), _TABLE),
    **dict.fromkeys(("dict_type", "mapping_type", "ordered_dict_type"), _TABLE),
    **dict.fromkeys(("date_type", "date_parsing"), "a date such as 2005-01-31"),
    **dict.fromkeys(("time_type", "time_parsing"), "a time such as 07:30:00"),
    **dict.fromkeys(("datetime_type", "datetime_parsing"), "a moment such as 2005-01-31T07:30:00"),
}
_RULES = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "multiple_of": "must be a multiple of {multiple_of}",
    "too_short": "number of entries must be at least {min_length}, is {actual_length}",
    "too_long": "number of entries must be at most {max_length}, is {actual_length}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
}
_RANGE = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")


def _troubles(
    detail: Mapping[str, Any], data: dict[str, Any], model: type[BaseModel]
) -> Iterator[_Trouble]:
    """One pydantic error in plain words."""
    kind, context = detail["type"], detail.get("ctx", {})
    there = follow(model, detail["loc"])
    key, value, hint = there.key, detail["input"], _example(there)
    shown = "" if isinstance(value, dict) else show_value(value)
    missing, meant = False, None
    if kind == "too_long":  # pydantic stops counting at the first that is too many
        context = context | {"actual_length": len(value)}
    if kind == "extra_forbidden":
        allowed, (hint, meant) = "is not a known key", _unknown(there, value)
    elif kind == "missing" and isinstance(key[-1], int):
        there = follow(model, detail["loc"][:-1])
        key, shown, hint = there.key, show_value(value), ""
        allowed = f"number of entries must be {there.length}, is {len(value)}"
    elif kind == "missing":
        allowed, shown, missing = "is missing", "", True
        hint = hint or _placeholder(there)
    elif kind.startswith("union_tag_") and context["discriminator"].endswith("()"):
        allowed = "is of no kind that is known here"  # a function tells the kinds apart, not a key
    elif kind == "union_tag_invalid":
        name = context["discriminator"].strip("'")
        key, shown = (*key, name), show_value(context["tag"])
        allowed, hint = _choice(context["tag"], tags(there.annotation, name))
    elif kind == "union_tag_not_found":
        name = context["discriminator"].strip("'")
        key, shown, hint = (*key, name), "", ""
        allowed, missing = f"is missing; it {_choice('', tags(there.annotation, name))[0]}", True
    elif kind.startswith("string_") and there.allowed:
        allowed = f"must be {there.allowed}"
    elif kind in ("enum", "literal_error") and there.choices:
        allowed, hint = _choice(value, there.choices)
    elif kind in ("value_error", "assertion_error"):
        cause = context["error"]
        for misfit in getattr(cause, "misfits", ()):
            inner = key + misfit.key
            yield _Trouble(inner, _at(data, inner), misfit.allowed, misfit.hint)
        if isinstance(cause, MisfitError):
            return
        allowed, hint = str(cause) or "is not allowed", ""
    elif kind in _KINDS:
        allowed = f"must be {_KINDS[kind]}" + (f", {there.bounds}" if there.bounds else "")
        hint, shown = _instead(there, _KINDS[kind], value) or hint, show_value(value)
    elif kind in _RANGE and there.bounds:
        finite = "a finite number, " if kind == "finite_number" else ""
        allowed = f"must be {finite}{there.bounds}"
    elif kind == "string_too_short" and value == "":
        allowed = "must not be empty"
    else:
        said = re.sub(r"^(Input )?should ", "must ", detail["msg"])
        allowed = _RULES.get(kind, said).format_map(context) if kind in _RULES else said
    if old := instead(key):
        hint, meant = old, None
    if detail["loc"][-1:] == ("[key]",):
        allowed, shown = f"this name {allowed}", ""
    about = "" if kind == "extra_forbidden" else there.description
    yield _Trouble(key, shown, allowed, hint, about, there.branch, there.choice, missing, meant)


def _unknown(there: Expected, value: Any) -> tuple[str, Key | None]:
    """What may have been meant by an unknown key, and the hint that says so."""
    *above, model = there.tables
    name = str(there.key[-1])
    if name == "remove":
        first = str(value[0] if isinstance(value, list) and value else value)
        return f"beside `extends`, write remove = {show_value([_inside(there.key, first)])}", None
    known = known_keys(model) if model else {}
    for depth, table in enumerate(above):
        if table and name in known_keys(table):
            place = f"in [{show_key(there.key[:depth])}]" if depth else "before the first [table]"
            return f"{name} belongs {place}", None
    close = nearest(name, known)
    below = tables_that_know(model, name) if model else []
    belongs = f"{name} belongs in {' or '.join(below)}; " if below and not close else ""
    return belongs + suggest(name, known), (*there.key[:-1], close) if close else None


def _inside(key: Key, name: str) -> str:
    """The key ``name`` in the table that holds ``key``."""
    return ".".join(part for part in (show_key(key[:-1]), name) if part)


def _choice(value: Any, known: tuple[Any, ...]) -> tuple[str, str]:
    """The choices, and the one that may have been meant."""
    if len(known) > FEW:
        return f"must be one of {len(known)} names", suggest(str(value), map(str, known))
    close = nearest(value, map(str, known)) if isinstance(value, str) else ""
    names = ", ".join(map(show_value, known))
    hint = f"did you mean {show_value(close)}?" if close else ""
    return f"must be {'one of ' if len(known) > 1 else ''}{names}", hint


def _instead(there: Expected, wanted: str, value: Any) -> str:
    """How to write the same value as the kind that is wanted, where that can be told."""
    number = re.fullmatch(r"\s*([+-]?\d+(\.\d+)?)\s*", value) if isinstance(value, str) else None
    if wanted == _TABLE:
        return f"write it as a table, [{show_key(there.key)}]"
    if wanted == _LIST and not isinstance(value, dict):
        return _write(there.key, [value])
    if wanted == _TEXT and isinstance(value, int | float):
        return _write(there.key, toml_value(value))
    if wanted == _WHOLE and isinstance(value, float) and value.is_integer():
        return _write(there.key, int(value))
    if wanted in (_WHOLE, _NUMBER) and number and (wanted == _NUMBER or not number[2]):
        return f"write {number[1]} without quotes"
    if wanted == _SWITCH and str(value).lower() in ("true", "yes", "on", "1"):
        return _write(there.key, True)
    if wanted == _SWITCH and str(value).lower() in ("false", "no", "off", "0"):
        return _write(there.key, False)
    return ""


def _example(there: Expected) -> str:
    return "" if there.example is None else _write(there.key, there.example, "e.g. ")


def _placeholder(there: Expected) -> str:
    """How to begin writing a key for which no value can be proposed."""
    if isinstance(there.annotation, type) and issubclass(there.annotation, BaseModel):
        return f"write it as a table, [{show_key(there.key)}]"
    if typing.get_origin(there.annotation) is dict:
        return f"write it as tables, [{show_key(there.key)}.NAME]"
    return _write(there.key, "...") if there.annotation is str else ""


def _write(key: Key, value: Any, such_as: str = "") -> str:
    if not key or isinstance(key[-1], int):
        return f"write {such_as}{show_value(value)}"
    return f"write {such_as}{show_key(key[-1:])} = {show_value(value)}"


def _at(data: Any, key: Key) -> str:
    """The value at a key, shown, or "" where there is none or it is a table."""
    for part in key:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return ""
    return "" if isinstance(data, dict) else show_value(data)


def _one_per_fault(troubles: list[_Trouble]) -> list[_Trouble]:
    """Join what pydantic reports several times: the branches of a union, a misspelt key."""
    meant = {t.meant for t in troubles if t.meant}
    troubles = [t for t in troubles if not (t.missing and t.key in meant)]
    branches: dict[Key, dict[str, list[_Trouble]]] = {}
    for t in troubles:
        if t.choice is not None:
            branches.setdefault(t.choice, {}).setdefault(t.branch, []).append(t)
    # A branch that fails deep inside was the one meant; of several, the one that fits best.
    best = {
        choice: min(deep, key=lambda name: len(tried[name]))
        for choice, tried in branches.items()
        if (deep := [b for b, ts in tried.items() if any(len(t.key) > len(choice) for t in ts)])
    }
    kept: dict[tuple[Key, str], _Trouble] = {}
    for t in troubles:
        if t.choice in best and best[t.choice] != t.branch:
            continue
        joins = t.choice is not None and t.choice not in best
        slot = (t.key, "" if joins else t.allowed)
        if slot in kept and joins:
            one, other = kept[slot], t.allowed.removeprefix("must be ")
            known = one.allowed.removeprefix("must be ").split(" or ")
            allowed = one.allowed if other in known else f"{one.allowed} or {other}"
            t = replace(t, allowed=allowed, hint=one.hint or t.hint)
        kept[slot] = t
    return list(kept.values())
