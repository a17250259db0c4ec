"""How near the engine comes to the same whole tick in C, side by side in one run.

    uv run bench/c_tick.py [--json] [--quick]

The C of ``bench/c`` is built for this machine into a folder that is thrown away, and is called on the
very arrays that the engine is given: building, timetables, ledgers and series are not written twice.
bench/README.md says what each number means. Ends with exit code 1 if the two do not give the same bytes,
with 2 if there is no C compiler or the theory holds something that was not written in C.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from bench.worlds import country
from model import draws
from model.engine import tick
from model.engine.ensemble import Ensemble, new_ledger, tables_of_runs
from model.engine.ledger import LedgerRoom
from model.engine.run_tables import RunTables
from model.parameters import INSTRUMENT_KINDS
from model.scenario.schema import Scenario
from model.theory.access import PARTICIPANTS
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
AIM = 1.1  # times the seconds of C
SIZES = ((200, 80), (2_000, 20), (20_000, 8))  # firms and quarters
STRUCTS = {
    "Firm": t.FIRM, "Tie": t.TIE, "Chain": t.CHAIN, "Institution": t.INSTITUTION,
    "Community": t.COMMUNITY, "Sector": t.SECTOR, "Instrument": t.INSTRUMENT, "Series": t.SERIES,
    "Ledger": t.LEDGER, "Run": t.RUN,
}  # fmt: skip
LABELS = {
    "CHANNEL": CHANNELS, "TIE": t.TIE_KINDS, "OWNERSHIP": OWNERSHIP, "PARTICIPANTS": PARTICIPANTS,
    "PARTIES": PARTIES, "SERVICES": SERVICES, "INSTRUMENT": tuple(k.name for k in INSTRUMENT_KINDS),
    "": DIMENSIONS + GOVERNANCE + REACH,
}  # fmt: skip


class NoTwinError(Exception):
    """Why there is no tick in C to run."""


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
    for prefix, labels in LABELS.items():
        # dimensions, governance and reach have no prefix and count from 0 each
        for group in (DIMENSIONS, GOVERNANCE, REACH) if prefix == "" else (labels,):
            for n, label in enumerate(group):
                numbers[f"{prefix}_{label}".strip("_").upper()] = n
    numbers |= {
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


def unported(parameters: np.dtype) -> list[str]:
    """What the theory and the tick hold that the C does not name; empty if it was written for all of it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.[ch]")))
    words = set(re.findall(r"\w+", text))
    read = set(re.findall(r"p->(\w+\.\w+)", text))
    declared = {f"{block}.{name}" for block in parameters.names or () for name in parameters[block].names}
    called = [vars(tick)[name] for name in tick.advance_quarter.__wrapped__.__code__.co_names if name in vars(tick)]
    events = {each.__name__ for each in called if hasattr(each, "__wrapped__")}
    labels = {f"CHANNEL_{name}".upper() for name in CHANNELS} | {name.upper() for name in GOVERNANCE}
    labels |= {f"INSTRUMENT_{kind.name}".upper() for kind in INSTRUMENT_KINDS}
    return sorted((declared - read) | (events - words) | (labels - words))


class CTick:
    """The tick in C, built and loaded: call ``advance`` as ``model.engine.tick.advance`` is called."""

    def __init__(self, compiler: str | None = None) -> None:
        """Build it with ``compiler``, else with CC, cc, gcc or clang. NoTwinError says why it can't be."""
        made = build([country(16, quarters=1)], [0])
        tables = tables_of_runs(made, made.firms, t.table(t.SERIES, 0))
        if missing := unported(made.parameters.dtype):
            raise NoTwinError(f"Not written in C yet (bench/c): {', '.join(missing)}.")
        asked = (compiler, os.environ.get("CC"), "cc", "gcc", "clang")
        self.compiler = next((found for name in asked if name and (found := shutil.which(name))), "")
        if not self.compiler:
            raise NoTwinError("No C compiler: install gcc or clang, or name one in CC.")
        with tempfile.TemporaryDirectory() as folder:  # of this user only, and thrown away when loaded
            text = header(made.parameters.dtype, tables, new_ledger())
            (Path(folder) / "generated.h").write_text(text, encoding="utf-8")
            library = Path(folder) / "tick.so"
            command = [self.compiler, *FLAGS, f"-I{folder}", str(SOURCES / "tick.c"), "-o", str(library), "-lm"]
            told = subprocess.run(command, capture_output=True, text=True, check=False)
            if told.returncode:
                raise NoTwinError(f"{' '.join(command)} failed:\n{told.stderr.strip()}")
            self._advance = ctypes.CDLL(str(library)).advance
        self._advance.restype = ctypes.c_int64
        self._parameters = made.parameters.dtype

    def version(self) -> str:
        """The compiler, as it names itself."""
        told = subprocess.run([self.compiler, "--version"], capture_output=True, text=True, check=True)
        return told.stdout.splitlines()[0]

    def advance(
        self, runs: np.ndarray, lo: int, hi: int, until: int, tables: RunTables, parameters: np.ndarray,
        ledger: LedgerRoom,
    ) -> int:  # fmt: skip
        """Advance runs ``lo`` to ``hi - 1``: arguments and answer are those of the engine's ``advance``."""
        if parameters.dtype != self._parameters:
            raise NoTwinError("These parameters are not those that the C was built for.")
        return int(
            self._advance(
                _address(runs), *map(ctypes.c_int64, (lo, hi, until)), ctypes.byref(_seen(tables)),
                _address(parameters), ctypes.byref(_seen(ledger)),
            )
        )  # fmt: skip


def _address(array: np.ndarray) -> ctypes.c_void_p:
    if not array.flags.c_contiguous:
        raise NoTwinError("The C reads arrays without gaps only.")
    return ctypes.c_void_p(array.__array_interface__["data"][0])


def _seen(given: Any) -> ctypes.Structure:
    """A named tuple as the struct that ``_view`` declares."""
    fields: list[tuple[str, Any]] = []
    values: list[Any] = []
    for field, value in zip(given._fields, given, strict=True):
        if isinstance(value, np.ndarray):
            fields.append((field, ctypes.c_void_p))
            values.append(_address(value))
        fields.append((f"n_{field}", ctypes.c_int64))
        values.append(len(value) if isinstance(value, np.ndarray) else int(value))
    return type("View", (ctypes.Structure,), {"_fields_": fields})(*values)


# -- whether both give the same --


class Pair(NamedTuple):
    """The same world twice: one for the engine, one for C."""

    engine: Ensemble
    c: Ensemble

    @classmethod
    def of(cls, scenario: Scenario, replicates: range = range(1)) -> Pair:
        """A world that has not moved yet."""
        world = build([scenario], replicates)
        return cls(*(Ensemble(deepcopy(world), scenario.run.ticks) for _ in range(2)))

    def advance(self, until: int, twin: CTick) -> None:
        """Advance the one by the engine, the other by C."""
        self.engine.advance(until)
        with mock.patch("model.engine.ensemble.advance", twin.advance):
            self.c.advance(until)

    def differences(self) -> list[str]:
        """Columns of tables, series and ledger in which a bit differs."""
        found = []
        for name in (*TABLES, "runs", "series", "ledger"):
            mine, other = (
                np.asarray(getattr(of, name) if name in ("series", "ledger") else getattr(of.world, name))
                for of in self
            )
            if len(mine) != len(other):
                found.append(f"{name}: {len(mine)} rows, in C {len(other)}")
                continue
            for column in mine.dtype.names or ():  # not whole rows: between columns there may be anything
                if mine[column].tobytes() != other[column].tobytes():
                    unlike = (mine[column] != other[column]).reshape(len(mine), -1).any(axis=1)
                    row = int(unlike.argmax())
                    found.append(f"{name}.{column}: row {row}: {mine[column][row]}, in C {other[column][row]}")
        return found


# -- how fast --


def clocked(advance: Callable[..., int], spent: list[float]) -> Callable[..., int]:
    """The same, and its seconds at the end of ``spent``: the calls alone, without what both have in Python."""

    def with_clock(*given: Any) -> int:
        start = perf_counter()
        needed = advance(*given)
        spent[-1] += perf_counter() - start
        return needed

    return with_clock


def side_by_side(twin: CTick, firms: int, quarters: int, repeats: int) -> dict[str, Any]:
    """One run of each, in turns, from the same start, on one thread."""
    scenario = country(firms, quarters=quarters)
    seconds: dict[str, list[float]] = {"engine": [], "c": []}
    found: list[str] = []
    for repeat in range(repeats + 1):  # the first warms up
        pair = Pair.of(scenario)
        turns = [("engine", pair.engine, tick.advance), ("c", pair.c, twin.advance)]
        for name, ensemble, advance in turns[:: 1 if repeat % 2 else -1]:
            seconds[name].append(0.0)
            with mock.patch("model.engine.ensemble.advance", clocked(advance, seconds[name])):
                ensemble.advance(quarters)
        found += pair.differences()
    print(f"\nOne run of {firms:,} firms, {quarters} quarters, one thread")
    middles = {}
    for name, title in (("engine", "engine"), ("c", "the same tick in C")):
        samples = [1e9 * s / (firms * quarters) for s in seconds[name][1:]]
        middles[name] = median(samples)
        print(
            f"  {title:<42}{median(samples):>12,.5g} ns a firm-tick   "
            f"({min(samples):,.5g} to {max(samples):,.5g})"
        )
    ratios = [mine / c for mine, c in zip(seconds["engine"][1:], seconds["c"][1:], strict=True)]
    print(f"  {'engine over C, turn by turn':<42}{median(ratios):>12.3f} times          "
          f"({min(ratios):.3f} to {max(ratios):.3f})")  # fmt: skip
    for line in found[:5]:
        print(f"  NOT THE SAME: {line}")
    return {"ratio": round(median(ratios), 3), "same": not found} | {
        f"ns_{name}": round(middle, 1) for name, middle in middles.items()
    }


def main() -> int:
    """Build, compare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    options = parser.parse_args()
    try:
        twin = CTick()
    except NoTwinError as why:
        print(why, file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    print(f"{twin.version()}, {' '.join(FLAGS[1:4])}")
    facts = {
        str(firms): side_by_side(twin, firms, quarters, 3 if options.quick else 11)
        for firms, quarters in SIZES
    }
    same = all(fact["same"] for fact in facts.values())
    print(f"\nThe same to the last bit: {'yes' if same else 'NO'}")
    for firms, fact in facts.items():
        said = "within" if fact["ratio"] <= AIM else "NOT within"
        print(f"{int(firms):,} firms: {said} {AIM} times the seconds of C")
    if options.json:
        ratios = {firms: fact["ratio"] for firms, fact in facts.items()}
        print(json.dumps({"ratio_c": ratios, "same_bytes": same, "by_size": facts}))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
