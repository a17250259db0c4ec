"""Machine code of what ``model.compiler`` decorates: how numba makes it, and where it is kept.

The disk cache lives in a folder named by a digest of all compiled sources. numba itself stamps
only the file in which a function stands: change a rule in another file and it would serve the
old machine code without a word. Folders of other sources are swept away once nobody uses them.

A function is compiled in two ways: for Python as a whole, with a place on disk; for compiled callers as a
part (``model.machine_parts``), or with ``HIGHROAD_PLAIN_NUMBA=1`` as numba by itself takes functions in.
Another numba may move a last digit, so pyproject.toml pins it.

Parts do not count references either: each call that is given a named tuple of tables would count every
array in it up and down, with the processor's lock, though the caller holds them all the while
(``docs/decisions/0003-arguments-of-events.md``). A part that makes an array is refused by numba when it is
compiled. A ``piece`` is put into its caller, however long it is (``forceinline``).

Signals (an interrupt, an alarm) wait while machine code is made ready. There LLVM calls Python from
within C, where an exception is printed and forgotten: the interrupt would be lost, and the code with it
(``RuntimeError: no compiled object yet``). They wait no longer than they would for C anyway.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numba
from llvmlite import ir
from llvmlite.binding import get_host_cpu_name
from numba import types
from numba.core.codegen import CPUCodeLibrary, get_host_cpu_features
from numba.extending import intrinsic, overload, typeof_impl

from model.code_folder import code_folder
from model.machine_parts import UNWRAPPED, CompiledPart, CompiledWhole
from model.provenance import compiled_digest

PLAIN = os.environ.get("HIGHROAD_PLAIN_NUMBA", "") not in ("", "0")
CACHE = code_folder(compiled_digest(settings=f"bounds {numba.config.BOUNDSCHECK}, plain {PLAIN}"))
if CACHE:
    numba.config.CACHE_DIR = str(CACHE)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Hold back what handlers written in Python would do until the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield  # they run in the main thread only
        return
    came: list[int] = []
    try:
        with ExitStack() as after:
            for number in map(int, signal.valid_signals()):
                if callable(handler := signal.getsignal(number)):
                    after.callback(signal.signal, number, handler)
                    signal.signal(number, lambda number, frame: came.append(number))
            yield
    finally:
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


def _undisturbed(make_ready: Any) -> Any:
    def held(library: Any) -> None:
        with _signals_wait():
            make_ready(library)

    return held


# What numba calls has no public name; numba is pinned, and a test sends signals there
_MADE_READY = "_finalize_final_module"
setattr(CPUCodeLibrary, _MADE_READY, _undisturbed(getattr(CPUCodeLibrary, _MADE_READY)))

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# "_nrt" (numba's run time: counting of references) is numba's own option, undocumented; numba is pinned,
# and HIGHROAD_PLAIN_NUMBA=1 does without


def whole_and_part(function: Any, inlined: bool) -> tuple[Any, Any]:
    """A function as Python calls it, and as compiled callers take it in."""
    whole = CompiledWhole(function, **_OPTIONS)
    if CACHE:
        whole.enable_caching()
    if PLAIN:
        return whole, numba.njit(function, **UNWRAPPED, **_OPTIONS)
    return whole, CompiledPart(function, _nrt=False, forceinline=inlined, **_OPTIONS)


def take_in(decorated: type, count: Any, nth_bit: Any, ask_for: Any) -> None:
    """Let compiled callers call what is of the type ``decorated``; what else is given is one instruction."""

    @typeof_impl.register(decorated)
    def _type_of(function: Any, context: Any) -> types.Dispatcher:
        return types.Dispatcher(function.part)

    @overload(count)
    def _count(mask):
        if isinstance(mask, types.Integer):
            return lambda mask: _population_count(mask)
        return None

    @overload(nth_bit)
    def _nth_bit(mask, n):
        if _deposits_bits() and mask == n == types.int64:
            return lambda mask, n: _deposit(1 << n, mask)
        return nth_bit

    @overload(ask_for)
    def _ask_for(table, row, byte):
        return lambda table, row, byte: _prefetch(table, row, byte)


@intrinsic
def _population_count(typingctx, mask):
    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return mask(mask), generate


def _deposits_bits() -> bool:
    """Whether the processor spreads bits over those of a mask at once: Intel's since 2013, AMD's since Zen 3.

    A loop takes bit by bit, and the processor guesses wrong when it ends, which takes a twentieth of a tick.
    """
    features, name = numba.config.CPU_FEATURES, numba.config.CPU_NAME or get_host_cpu_name()
    if features is None:
        features = get_host_cpu_features()
    return "+bmi2" in features.split(",") and name not in ("bdver4", "znver1", "znver2")


@intrinsic
def _deposit(typingctx, bits, mask):
    def generate(context, builder, signature, arguments):
        return builder.call(
            builder.module.declare_intrinsic("llvm.x86.bmi.pdep.64", (), kind), arguments
        )

    word = ir.IntType(64)
    kind = ir.FunctionType(word, (word, word))
    return mask(bits, mask), generate


@intrinsic
def _prefetch(typingctx, table, row, byte):
    def generate(context, builder, signature, arguments):
        rows = builder.bitcast(
            context.make_array(table)(context, builder, arguments[0]).data, address
        )
        begins = builder.mul(arguments[1], ir.Constant(long, table.dtype.size))
        at = builder.gep(rows, [builder.add(begins, arguments[2])])
        kind = ir.FunctionType(ir.VoidType(), (address, short, short, short))
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", (address,), kind)
        builder.call(
            prefetch, (at, *(ir.Constant(short, how) for how in (_TO_READ, _TO_STAY, _DATA)))
        )
        return context.get_dummy_value()

    address, short, long = ir.IntType(8).as_pointer(), ir.IntType(32), ir.IntType(64)
    return types.none(table, types.int64, types.int64), generate


_TO_READ, _TO_STAY, _DATA = 0, 3, 1  # what LLVM calls them: rw, locality, cache type
