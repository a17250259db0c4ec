"""The one door to the compiler (numba).

Rules and engine loops are decorated here and nowhere else, so that swapping or switching off
the compiler concerns two files. ``NUMBA_DISABLE_JIT=1`` runs every rule as plain Python, which
is how coverage is measured and how a misspelt field is found.

numba takes half a second to load, so decorating does not load it: the first call of a decorated
function does (``model.machine_code``). What only reads files asks for no machine code.
"""

from __future__ import annotations

import os
import threading
from functools import cache, update_wrapper
from types import ModuleType
from typing import Any

import numpy as np

DISABLED = os.environ.get("NUMBA_DISABLE_JIT", "") not in ("", "0")


def let_keys_wrap() -> None:
    """Uncompiled, keep NumPy quiet, thread by thread, when keys of draws wrap around as meant."""
    if DISABLED:
        np.seterr(over="ignore")


let_keys_wrap()
_ONE_AT_A_TIME = threading.RLock()


class Compiled:
    """A function for compiled callers, who take it in, and for Python; compiled when first called."""

    def __init__(self, function: Any, inlined: bool = False) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.inlined = inlined
        """Whether compiled callers hold a copy of it each, instead of calling it."""

    def __getattr__(self, name: str) -> Any:
        """``whole`` and ``part``, made by ``machine_code`` when one of them is first asked for."""
        if name not in ("whole", "part"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        with _ONE_AT_A_TIME:  # two threads that made one each would compile it twice
            if name not in vars(self):
                make = _machine_code().whole_and_part
                self.whole, self.part = make(self.py_func, self.inlined)
        return vars(self)[name]

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.whole(*map(_plain, given), **named)

    def __reduce__(self) -> str:
        return self.__qualname__


def _plain(given: Any) -> Any:
    """A record array as an array, in named tuples too.

    numba knows an array at a glance, a record array only after a look at each column.
    """
    if type(given) is np.recarray:
        return given.view(np.ndarray)
    return type(given)(*map(_plain, given)) if isinstance(given, tuple) else given


def rule(function: Any) -> Any:
    """A scalar rule of the theory: a function of records and draws that knows no storage."""
    return function if DISABLED else Compiled(function)


def engine(function: Any) -> Any:
    """A loop over tables that calls rules; releases the interpreter so that blocks run in threads.

    It makes and returns no arrays: what it writes in is given to it.
    """
    return function if DISABLED else Compiled(function)


def piece(function: Any) -> Any:
    """A piece of a loop of the engine, cut out to be read and put back by the compiler.

    For what a loop does for each firm and calls at one place. Left to itself the compiler calls a long piece,
    and a call copies all that it is given: seven numbers for each array of each named tuple.
    """
    return function if DISABLED else Compiled(function, inlined=True)


@cache
def _machine_code() -> ModuleType:
    """The module that knows numba, once it knows what is decorated here."""
    from model import machine_code

    machine_code.take_in(Compiled, count, nth_bit, ask_for)
    return machine_code


def cold() -> bool:
    """Whether the loop over quarters is still to be compiled, so that the first run will wait."""
    if DISABLED:
        return False
    place = _machine_code().CACHE
    return not (place and any(place.rglob("tick.advance-*.nbi")))


def count(mask):
    """How many practices a mask holds."""
    return int(mask).bit_count()


def nth_bit(mask, n):
    """Bit ``n`` of those that a mask holds, from 0 for the lowest on; 0 if the mask is empty."""
    for _ in range(n):
        mask &= mask - 1
    return mask & -mask


def ask_for(table, row, byte):
    """Ask memory for a byte of a table's row that is soon looked at; nothing waits for it or changes."""
