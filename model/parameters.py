"""Gathers what the theory declares for scenario files and the engine: parameters, kinds of instruments.

``Parameters`` is a pydantic model with one section a mechanism; ``record`` turns one into a row of a
nested record type, read in rules as ``params.<mechanism>.<parameter>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, create_model

from model.theory.mechanism import InstrumentKind, Mechanism, Parameter

_ORDER = (
    "awareness", "interaction", "attention", "absorption", "redundancy", "renewal", "unlearning",
    "recombination", "appropriability", "seeking", "external_economies", "joint_action", "local_leader",
    "selection", "support", "guarding", "several_chains", "governance_shift", "outside_options",
    "demand", "home_market", "employment", "repository", "tutelage", "access", "board",
    "forums", "certification",
    "complementarity", "services", "road", "pressure", "value_added", "resources", "wages", "ownership",
    "grants",
    "supplier_development", "export_promotion",
)  # fmt: skip
"""Keeps the order of records, tables and keys as it has been; a newer mechanism needs no line here."""


def _mechanisms() -> tuple[str, ...]:
    """Names of all files in ``model/theory`` that declare a ``MECHANISM``: those in order, then by name."""
    folder = Path(__file__).parent / "theory"
    listed = {
        file.stem
        for file in folder.glob("*.py")
        if "\nMECHANISM = Mechanism(" in file.read_text(encoding="utf-8")
    }
    return (*(name for name in _ORDER if name in listed), *sorted(listed.difference(_ORDER)))


MECHANISMS = _mechanisms()


@cache
def catalogue() -> tuple[Mechanism, ...]:
    """Every mechanism of the theory, in the order of its table of contents."""
    return tuple(import_module(f".theory.{name}", __package__).MECHANISM for name in MECHANISMS)


def kinds_in_order(mechanisms: Iterable[Mechanism]) -> tuple[InstrumentKind, ...]:
    """The kinds of policy instruments that mechanisms declare, each at the place of its number."""
    declared = [(m.instrument.number, m.name, m.instrument) for m in mechanisms if m.instrument]
    declared.sort(key=itemgetter(0, 1))
    for place, (number, name, _) in enumerate(declared):
        if number != place:
            raise ValueError(
                f"model/theory/{name}.py: instrument number {number}: must be {place}, since numbers "
                "count from 0 and none stands twice"
            )
    return tuple(kind for *_, kind in declared)


INSTRUMENT_KINDS = kinds_in_order(catalogue())
INSTRUMENTS = tuple(kind.name for kind in INSTRUMENT_KINDS)
"""What scenarios call the policy instruments that are not institutions; an index is a kind's number."""


class Section(BaseModel):
    """A frozen table of a scenario file that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with fields changed, unvalidated; TypeError for a field that there is not."""
        unknown = sorted((update or {}).keys() - type(self).model_fields.keys())
        if unknown:
            close = get_close_matches(unknown[0], type(self).model_fields, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise TypeError(f"{type(self).__name__} has no field {unknown[0]!r}{hint}")
        return super().model_copy(update=update, deep=deep)


def _field(parameter: Parameter, default: float, label: str = "") -> Any:
    meaning = f"{parameter.meaning}: {label}" if label else parameter.meaning
    kind = int if parameter.whole else float
    number = kind(default)
    extra: dict[str, Any] = {"unit": parameter.unit, "reason": parameter.reason}
    return kind, Field(
        number, ge=parameter.low, le=parameter.high, description=meaning, json_schema_extra=extra
    )


def _block(mechanism: Mechanism) -> type[Section]:
    fields: dict[str, Any] = {}
    for p in mechanism.parameters:
        if not p.labels:
            fields[p.name] = _field(p, p.defaults()[""])
            continue
        rows: dict[str, Any] = {k: _field(p, v, k) for k, v in p.defaults().items()}
        table = create_model(f"{mechanism.name}_{p.name}", __base__=Section, **rows)
        fields[p.name] = (table, Field(default_factory=table, description=p.meaning))
    return create_model(mechanism.name, __base__=Section, __doc__=mechanism.claim, **fields)


def _sections() -> dict[str, Any]:
    blocks = {m.name: (m, _block(m)) for m in catalogue()}
    return {
        name: (block, Field(default_factory=block, description=f"{m.key}. {m.claim}"))
        for name, (m, block) in blocks.items()
    }


Parameters: type[Section] = create_model("Parameters", __base__=Section, **_sections())


def dtype() -> np.dtype:
    """The nested record type of one row of parameters (float64 throughout)."""

    def block(mechanism: Mechanism) -> list:
        return [
            (p.name, "f8", (len(p.labels),)) if p.labels else (p.name, "f8")
            for p in mechanism.parameters
        ]

    return np.dtype([(m.name, block(m)) for m in catalogue()], align=True)


def as_row(parameters: Section) -> tuple:
    """A set of parameters as one row of a table of type ``dtype()``."""

    def block(mechanism: Mechanism) -> tuple:
        values = getattr(parameters, mechanism.name)
        return tuple(
            tuple(getattr(value, k) for k in p.labels) if p.labels else value
            for p in mechanism.parameters
            for value in (getattr(values, p.name),)
        )

    return tuple(map(block, catalogue()))


def neutralised(parameters: Section, off: tuple[str, ...]) -> Section:
    """The same parameters with the named mechanisms at their neutral case."""
    update = {}
    for mechanism in catalogue():
        if mechanism.name not in off:
            continue
        block = getattr(parameters, mechanism.name)
        values: dict[str, Any] = {}
        for p in mechanism.parameters:
            if p.neutral is None:
                continue
            number = int(p.neutral) if p.whole else float(p.neutral)
            if p.labels:
                table = getattr(block, p.name)
                values[p.name] = table.model_copy(update=dict.fromkeys(p.labels, number))
            else:
                values[p.name] = number
        update[mechanism.name] = block.model_copy(update=values)
    return parameters.model_copy(update=update)


def each() -> Iterator[tuple[str, Parameter, str, float]]:
    """Every single number of the theory: TOML key, declaration, label or "", default."""
    for m in catalogue():
        for p in m.parameters:
            for label, default in p.defaults().items():
                key = f"parameters.{m.name}.{p.name}.{label}".rstrip(".")
                yield key, p, label, default
