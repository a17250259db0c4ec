"""The one door to the compiler (numba).

Rules and engine loops are decorated here and nowhere else, so that swapping or switching off
the compiler concerns one file. ``NUMBA_DISABLE_JIT=1`` runs every rule as plain Python, which
is how coverage is measured and how a misspelt field is found.

The disk cache lives in a folder named by a digest of all compiled sources. numba itself stamps
only the file in which a function stands: change a rule in another file and it would serve the
old machine code without a word. Folders of other sources are swept away once nobody uses them.

A function is compiled in two ways, both numba's own. Compiled callers take it in as a part, without
the wrappers and the files that only Python asks for; called from Python it is a whole, with a place on
disk. That takes a third off the processor time of a cold start (20 s instead of 29 on one machine) and
changes no result: ``HIGHROAD_PLAIN_NUMBA=1`` compiles wholes only, and a test holds both to the same
bytes. Another numba may move a last digit, so pyproject.toml pins it.
"""

from __future__ import annotations

import os
from functools import update_wrapper
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic, overload, typeof_impl

from model.code_folder import code_folder
from model.provenance import compiled_digest

PLAIN = os.environ.get("HIGHROAD_PLAIN_NUMBA", "") not in ("", "0")
DISABLED = bool(numba.config.DISABLE_JIT)
CACHE = code_folder(compiled_digest(settings=f"bounds {numba.config.BOUNDSCHECK}, plain {PLAIN}"))
if CACHE:
    numba.config.CACHE_DIR = str(CACHE)


def let_keys_wrap() -> None:
    """Uncompiled, keep NumPy quiet, thread by thread, when keys of draws wrap around as meant."""
    if DISABLED:
        np.seterr(over="ignore")


let_keys_wrap()

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_PART: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


class _Compiled:
    """A function for compiled callers, who take it in, and for Python."""

    def __init__(self, function: Any) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.whole = numba.njit(function, cache=bool(CACHE), **_OPTIONS)
        self.part = self.whole if PLAIN else numba.njit(function, **_PART, **_OPTIONS)

    def __call__(self, *given: Any, **named: Any) -> Any:
        # numba knows an array at a glance, a record array only after a look at each column
        plain = (x.view(np.ndarray) if type(x) is np.recarray else x for x in given)
        return self.whole(*plain, **named)

    def __reduce__(self) -> str:
        return self.__qualname__


@typeof_impl.register(_Compiled)
def _type_of(function: _Compiled, context: Any) -> types.Dispatcher:
    return types.Dispatcher(function.part)


def rule(function: Any) -> Any:
    """A scalar rule of the theory: a function of records and draws that knows no storage."""
    return function if DISABLED else _Compiled(function)


def engine(function: Any) -> Any:
    """A loop over tables that calls rules; releases the interpreter so that blocks run in threads."""
    return function if DISABLED else _Compiled(function)


def cold() -> bool:
    """Whether the loop over quarters is still to be compiled, so that the first run will wait."""
    return not DISABLED and not (CACHE and any(CACHE.rglob("tick.advance-*.nbi")))


@intrinsic
def _population_count(typingctx, mask):
    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return mask(mask), generate


def count(mask):
    """How many practices a mask holds."""
    return int(mask).bit_count()


@overload(count)
def _count(mask):
    if isinstance(mask, types.Integer):
        return lambda mask: _population_count(mask)
    return None
