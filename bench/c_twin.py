"""The tick in C (``bench/c``): built, called on the engine's own arrays, and compared with the engine.

The rules and events of ``bench/c`` are written from the docstrings of ``model/theory`` and the numbered
events of ``model/engine/tick.py``. Records, names and numbers aren't written there: a header is made from
the types of the arrays that the engine is given, and the compiler checks that it lays them out alike.
Building, timetables and the room of the ledger are the engine's.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from bench.worlds import country
from model import draws
from model.engine import tick
from model.engine.ensemble import Ensemble, new_ledger, tables_of_runs
from model.engine.ledger import LedgerRoom
from model.engine.run_tables import Room, RunTables
from model.parameters import INSTRUMENT_KINDS
from model.scenario.references import COMMUNITIES
from model.scenario.schema import Scenario
from model.theory.access import ASSOCIATION, PARTICIPANTS
from model.theory.board import PARTIES
from model.theory.interaction import CHANNELS
from model.theory.ownership import OWNERSHIP
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES, RUNGS
from model.theory.road import HIGH, LOW
from model.theory.services import SERVICES
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world import tables as t
from model.world.build import TABLES, build
from model.world.found import NOT_YET

SOURCES = Path(__file__).parent / "c"
FLAGS = ("-std=c11", "-O3", "-march=native", "-ffp-contract=off", "-fPIC", "-shared")
"""Not contracted: a multiplication and an addition in one instruction round in another way."""
STRUCTS = {
    "Firm": t.FIRM, "Tie": t.TIE, "Chain": t.CHAIN, "Institution": t.INSTITUTION,
    "Community": t.COMMUNITY, "Sector": t.SECTOR, "Instrument": t.INSTRUMENT, "Series": t.SERIES,
    "Ledger": t.LEDGER, "Run": t.RUN,
}  # fmt: skip
LABELS = (
    ("", DIMENSIONS), ("", GOVERNANCE), ("", REACH), ("CHANNEL_", CHANNELS), ("TIE_", t.TIE_KINDS),
    ("OWNERSHIP_", OWNERSHIP), ("PARTICIPANTS_", PARTICIPANTS), ("PARTIES_", PARTIES),
    ("SERVICES_", SERVICES), ("INSTRUMENT_", tuple(kind.name for kind in INSTRUMENT_KINDS)),
)  # fmt: skip
"""Names that count from 0, and what they begin with in C, where two of them may not be the same."""
KNOWN = ("CHANNEL_", "INSTRUMENT_")
"""Of these each has lines of its own in C."""


class NoTwinError(Exception):
    """Why there is no tick in C to run."""


class NoCompilerError(NoTwinError):
    """Nothing on this machine builds C."""


# -- what C is told of the arrays --


def _number(kind: np.dtype) -> str:
    """The C type of a column's numbers."""
    bits = 8 * kind.itemsize
    if kind.kind == "f":
        return {32: "float", 64: "double"}[bits]
    return f"{'u' if kind.kind == 'u' else ''}int{bits}_t"


def _members(dtype: np.dtype, indent: str = "    ") -> Iterator[str]:
    """The columns of a record type as the members of a struct."""
    for name in dtype.names or ():
        base, size = dtype[name].base, "".join(f"[{n}]" for n in dtype[name].shape)
        if base.names:
            yield f"{indent}struct {{"
            yield from _members(base, indent + "    ")
            yield f"{indent}}} {name}{size};"
        else:
            yield f"{indent}{_number(base)} {name}{size};"


def _struct(name: str, dtype: np.dtype) -> Iterator[str]:
    """A record type as a struct, and the claim that the compiler lays it out as NumPy does."""
    yield from ("typedef struct {", *_members(dtype), f"}} {name};")
    yield f'_Static_assert(sizeof({name}) == {dtype.itemsize}, "{name}");'
    for column, (_, at, *_) in (dtype.fields or {}).items():
        yield f'_Static_assert(offsetof({name}, {column}) == {at}, "{name}.{column}");'


def _view(name: str, given: Any) -> Iterator[str]:
    """A named tuple of arrays as a struct of addresses and lengths."""
    yield "typedef struct {"
    for field, value in zip(given._fields, given, strict=True):
        if isinstance(value, np.ndarray):
            of = [s for s, dtype in STRUCTS.items() if dtype == value.dtype]
            yield f"    {of[0] if of else _number(value.dtype)} *{field};"
        yield f"    int64_t {'n_' * isinstance(value, np.ndarray)}{field};"
    yield f"}} {name};"


def header(parameters: np.dtype, tables: RunTables, ledger: LedgerRoom) -> str:
    """All that the C knows of the model's numbers and arrays, out of the types that the engine is given."""
    numbers = {f"DRAW_{name}": number for name, number in vars(draws).items() if _is_purpose(name)}
    for prefix, labels in LABELS:
        numbers |= {f"{prefix}{label}".upper(): n for n, label in enumerate(labels)}
    numbers |= {
        "ASSOCIATION": ASSOCIATION, "COMMUNITIES": COMMUNITIES,
        "CHANNELS": len(CHANNELS), "CONTRACTS": t.CONTRACTS, "DIMENSIONS": len(DIMENSIONS),
        "NOBODY": t.NOBODY, "NOT_YET": NOT_YET, "PER_RUNG": PER_RUNG, "PRACTICES": PRACTICES,
        "ROAD_HIGH": HIGH, "ROAD_LOW": LOW, "RUNGS": RUNGS, "SERVICES": len(SERVICES),
        "SIZES": len(t.SIZES),
    }  # fmt: skip
    lines = ["#include <stddef.h>", "#include <stdint.h>", "enum {"]
    lines += [f"    {name} = {number}," for name, number in numbers.items()]
    lines += ["};", f"#define LAST_OF_SIZE {{{', '.join(map(str, t.LAST_OF_SIZE))}}}"]
    for name, dtype in {**STRUCTS, "Params": parameters}.items():
        lines += _struct(name, dtype)
    lines += [*_view("RunTables", tables), *_view("LedgerRoom", ledger)]
    return "".join(f"{line}\n" for line in ("#pragma once", *lines))


def _is_purpose(name: str) -> bool:
    """Whether a name of ``model.draws`` says what a draw is for, in a number that C takes as an int."""
    number = vars(draws)[name]
    return name.isupper() and isinstance(number, int) and number < 1 << 31


# -- what was written in C --


def unported(parameters: np.dtype, quarter: Callable = tick.advance_quarter) -> list[str]:
    """Names in the theory and the tick that the C does not have; empty if it was written for all of it.

    Numbers of the theory, the events that ``quarter`` calls, channels, modes of governance and kinds of
    instruments. ``parameters``: the type of the engine's record of parameters.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.[ch]")))
    blocks = {name: parameters[name].names or () for name in parameters.names or ()}
    numbers = {f"{block}.{name}" for block, names in blocks.items() for name in names}
    called = (
        vars(tick).get(name) for name in getattr(quarter, "py_func", quarter).__code__.co_names
    )
    words = {event.__name__ for event in called if callable(event)}
    words |= {
        f"{prefix}{name}".upper() for prefix, names in LABELS if prefix in KNOWN for name in names
    }
    words |= {mode.upper() for mode in GOVERNANCE}
    return sorted(
        (numbers - set(re.findall(r"p->(\w+\.\w+)", text)))
        | (words - set(re.findall(r"\w+", text)))
    )


class CTick:
    """The tick in C, built and loaded: its ``advance`` is called as ``model.engine.tick.advance`` is."""

    def __init__(self) -> None:
        """Build it with the compiler named in CC, else with cc, gcc or clang. NoTwinError tells why not."""
        world = build([country(16, quarters=1)], [0])
        self._parameters = world.parameters.dtype
        if missing := unported(self._parameters):
            raise NoTwinError(f"not written in C yet (bench/c): {', '.join(missing)}")
        named = filter(None, (os.environ.get("CC"), "cc", "gcc", "clang"))
        self.compiler = next(filter(None, map(shutil.which, named)), "")
        if not self.compiler:
            raise NoCompilerError("no C compiler: install gcc or clang, or name one in CC")
        tables = tables_of_runs(world, world.firms, t.table(t.SERIES, 0))
        # a folder that is open to nobody else, and gone once the library is loaded
        with tempfile.TemporaryDirectory() as folder:
            generated, library = Path(folder) / "generated.h", Path(folder) / "tick.so"
            generated.write_text(header(self._parameters, tables, new_ledger()), encoding="utf-8")
            self._command(*FLAGS, f"-I{folder}", str(SOURCES / "tick.c"), "-o", str(library), "-lm")
            self._advance = ctypes.CDLL(str(library)).advance
        self._advance.restype = ctypes.c_int64
        self.version = self._command("--version").splitlines()[0]

    def _command(self, *arguments: str) -> str:
        """What the compiler prints."""
        done = subprocess.run(
            [self.compiler, *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoTwinError(f"{self.compiler} does not build it:\n{done.stderr.strip()}")
        return done.stdout

    def advance(
        self, runs: np.ndarray, lo: int, hi: int, until: int, tables: RunTables,
        parameters: np.ndarray, ledger: LedgerRoom, _: Room | None = None,
    ) -> int:  # fmt: skip
        """Advance runs ``lo`` to ``hi - 1``; the answer is that of the engine's ``advance``.

        The C makes room for itself.
        """
        if parameters.dtype != self._parameters:
            raise NoTwinError("these parameters are not those that the C was built for")
        whole = map(ctypes.c_int64, (lo, hi, until))
        views = ctypes.byref(_seen(tables)), _address(parameters), ctypes.byref(_seen(ledger))
        return int(self._advance(_address(runs), *whole, *views))


def _address(array: np.ndarray) -> ctypes.c_void_p:
    if not array.flags.c_contiguous:
        raise NoTwinError("the C reads arrays without gaps only")
    return ctypes.c_void_p(array.__array_interface__["data"][0])


def _seen(given: Any) -> ctypes.Structure:
    """A named tuple as the struct that ``_view`` declares."""
    fields: list[tuple[str, Any]] = []
    values: list[Any] = []
    for field, value in zip(given._fields, given, strict=True):
        array = isinstance(value, np.ndarray)
        if array:
            fields.append((field, ctypes.c_void_p))
            values.append(_address(value))
        fields.append((f"n_{field}", ctypes.c_int64))
        values.append(len(value) if array else int(value))
    return type("View", (ctypes.Structure,), {"_fields_": fields})(*values)


# -- whether both give the same --


class Pair(NamedTuple):
    """The same world twice: one for the engine, one for C."""

    engine: Ensemble
    c: Ensemble

    @classmethod
    def of(cls, scenario: Scenario, replicates: range = range(1), ledger: bool = True) -> Pair:
        """A world that has not moved yet."""
        world = build([scenario], replicates)
        horizon = scenario.run.ticks
        return cls(*(Ensemble(deepcopy(world), horizon, keeps_ledger=ledger) for _ in range(2)))

    def advance(self, until: int, twin: CTick, workers: int = 1) -> None:
        """Advance the one by the engine, the other by C."""
        self.engine.advance(until, workers)
        with mock.patch("model.engine.ensemble.advance", twin.advance):
            self.c.advance(until, workers)

    def differences(self) -> list[str]:
        """Columns of tables, series and ledger in which a bit differs."""
        found: list[str] = []
        for name in (*TABLES, "runs", "series", "ledger"):
            if name != "ledger" or self.engine.keeps_ledger:
                found += _unlike(name, *(_rows(ensemble, name) for ensemble in self))
        return found


def _rows(ensemble: Ensemble, name: str) -> np.ndarray:
    held = ensemble if name in ("series", "ledger") else ensemble.world
    return np.asarray(getattr(held, name))


def _unlike(name: str, mine: np.ndarray, other: np.ndarray) -> Iterator[str]:
    """In which columns two tables differ: not as whole rows, which have room between columns."""
    if len(mine) != len(other):
        yield f"{name}: {len(mine)} rows, in C {len(other)}"
        return
    for column in mine.dtype.names or ():
        pair = [np.ascontiguousarray(rows[column]).view(np.uint8) for rows in (mine, other)]
        if len(mine) and (unlike := (pair[0] != pair[1]).reshape(len(mine), -1).any(axis=1)).any():
            row = int(unlike.argmax())
            yield f"{name}.{column}, row {row}: {mine[column][row]}, in C {other[column][row]}"
