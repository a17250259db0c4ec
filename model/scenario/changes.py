"""What a timetable may change: the schema of a thing with every key optional, and how it is laid over.

A change names only what becomes different. Its schema is made from that of the thing, so that it knows
the same keys with the same words and bounds, and a key of a scenario need not be declared twice.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model

from model.parameters import Section
from model.scenario.faults import Misfit, MisfitError
from model.scenario.layers import overlay
from model.scenario.references import misfits_between, not_there

TABLES = ("sectors", "communities", "chains", "institutions", "instruments")
"""The tables of named things that a timetable can change."""

LAID_AT_THE_START = {
    "Sector": ("title", "source"),
    "Community": (
        "title",
        "sector",
        "firms",
        "room",
        "topology",
        "ties",
        "rewiring",
        "poles",
        "large",
        "foreign",
    ),
    "Chain": ("title", "follows"),
    "Institution": ("title", "source"),
    "Instrument": ("title", "source", "kind"),
    "Across": ("ties",),
    "TiesBetween": ("between", "ties"),
}
"""What cannot change on the way, by model: names, kinds, and what firms and ties are laid out by."""

AnySection = TypeVar("AnySection", bound=Section)


@cache
def change_of(model: type[Section]) -> type[Section]:
    """The schema of a change to a thing of this kind; None stands for what stays as it is."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in LAID_AT_THE_START.get(model.__name__, ()):
            continue
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            kind = change_of(kind)
        elif typing.get_origin(kind) is dict and issubclass(typing.get_args(kind)[1], Section):
            key, thing = typing.get_args(kind)
            kind = dict[key, change_of(thing)]  # type: ignore[valid-type, misc]
        if field.metadata:
            kind = Annotated[(kind, *field.metadata)]
        fields[name] = (
            kind | None,
            Field(None, description=field.description, json_schema_extra=field.json_schema_extra),
        )
    return create_model(
        f"{model.__name__}Change", __base__=Section, __doc__=f"A change: {model.__doc__}", **fields
    )


def laid_over(thing: AnySection, change: Section) -> AnySection:
    """The thing after a change to it; ValidationError where it then is none."""
    said = overlay(thing.model_dump(), change.model_dump(exclude_none=True))
    return type(thing).model_validate(said)


def in_order(scenario: Any) -> list[tuple[str, Any]]:
    """The changes by name in order of time; of one quarter in the order of the file."""
    return sorted(scenario.timetable.items(), key=lambda item: item[1].tick)


def after(scenario: Any, change: Any) -> Any:
    """The scenario as one that begins after a change would be written.

    Its numbers are what the change makes of them, its timetable is untouched. Raises ValidationError.
    """
    update: dict[str, Any] = {}
    for table in TABLES:
        if changed := getattr(change, table):
            update[table] = {
                name: laid_over(thing, changed[name]) if name in changed else thing
                for name, thing in getattr(scenario, table).items()
            }
    for table in ("economy", "across"):
        if (changed := getattr(change, table)) is not None:
            update[table] = laid_over(getattr(scenario, table), changed)
    return scenario.model_copy(update=update)


def misfits_on_the_way(scenario: Any) -> Iterator[Misfit]:
    """What is wrong with the scenario after each of its changes, blamed on the change."""
    now = scenario
    for name, change in in_order(scenario):
        where = ("timetable", name)
        unknown = [
            Misfit((*where, table, key), *not_there(scenario, table, key))
            for table in TABLES
            for key in getattr(change, table)
            if key not in getattr(scenario, table)
        ]
        yield from unknown
        if unknown:
            continue
        for table in TABLES:
            for key, changed in getattr(change, table).items():
                try:
                    laid_over(getattr(now, table)[key], changed)
                except ValidationError as error:
                    for misfit in _misfits(error):
                        yield Misfit((*where, table, key, *misfit.key), misfit.allowed, misfit.hint)
                    return
        now = after(now, change)
        wrong = [*misfits_between(now)]
        yield from (Misfit((*where, *m.key), m.allowed, m.hint) for m in wrong)
        if wrong:
            return


def _misfits(error: ValidationError) -> Iterator[Misfit]:
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, MisfitError):
            for misfit in cause.misfits:
                yield Misfit((*detail["loc"], *misfit.key), misfit.allowed, misfit.hint)
        else:
            yield Misfit(detail["loc"], detail["msg"][:1].lower() + detail["msg"][1:])


def said(change: BaseModel) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(key, value) of everything that a change says."""
    for name in change.__class__.model_fields:
        value = getattr(change, name)
        if isinstance(value, BaseModel):
            yield from (((name, *key), inner) for key, inner in said(value))
        elif value is not None:
            yield (name,), value
