"""How compiled callers take a function in: as a part, which becomes machine code within them alone.

numba makes machine code of each function by itself, and each caller reads it once more and makes it anew with
all that it has taken in. Of some three hundred functions Python calls a few. So a part stops half-way: numba
finds its types and hands it to LLVM, and LLVM optimises it within whatever is called from Python.

A part is one text for all whole numbers: numba would compile one for each constant that it is given, and one
for each width. Constants come back when LLVM takes the part in.

A cold start takes a third of the time by this and by ``model.machine_steps``. No result changes: with
``HIGHROAD_PLAIN_NUMBA=1`` it is done without, and a test holds both to the same bytes. These are numba's own
classes with what is not needed here left out; most have no public promise, so numba is pinned.
"""

from __future__ import annotations

import gc
from types import CodeType
from typing import Any

from numba.core import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.sigutils import normalize_signature

from model.machine_steps import PartPipeline, asking_once

UNWRAPPED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What neither Python nor C calls."""
_ROOM = 1 << 17  # names that a call may hold: a megabyte, and as much behind it for what it calls
_SELDOM = 50_000  # things made between two looks for garbage; Python's 700 take a tenth of the time


class CompiledWhole(CPUDispatcher):
    """A function as Python calls it, machine code for each kind of arguments."""

    def __init__(self, function: Any, **options: Any) -> None:
        from_python = {"nopython": True, "no_cfunc_wrapper": True}  # C calls none
        super().__init__(function, targetoptions=from_python | options)

    def compile(self, signature: Any) -> Any:
        with global_compiler_lock:  # else a thread might take another's threshold for Python's
            before = gc.get_threshold()
            gc.set_threshold(max(_SELDOM, before[0]) if before[0] else 0, *before[1:])
            try:
                with asking_once():
                    return _with_room(super().compile, signature)
            finally:
                gc.set_threshold(*before)


def _with_room(work: Any, *given: Any) -> Any:
    """Call ``work`` with room on Python's stack for all that it calls.

    Python's stack grows by pieces of 16 kB, and each time that a call ends where a piece begins, the piece is
    given back and asked for again. numba goes deep, a caller's steps within those of its caller: it asked the
    system for memory 130,000 times. A piece is as large as a call wants, so this one seems to want much.
    """
    return work(*given)


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=_ROOM)


class CompiledPart(CPUDispatcher):
    """A function as compiled callers take it in."""

    def __init__(self, function: Any, **options: Any) -> None:
        for held in function.__code__.co_consts:
            if isinstance(held, CodeType):
                raise TypeError(
                    f"{held.co_filename}, line {held.co_firstlineno}: {function.__name__} is compiled and "
                    "can hold no function, lambda or comprehension of its own; "
                    "write a loop, or a rule beside it"
                )
        targetoptions = {"nopython": True} | UNWRAPPED | options
        super().__init__(function, targetoptions=targetoptions, pipeline_class=PartPipeline)

    def get_call_template(self, given: Any, named: Any) -> Any:
        return super().get_call_template(tuple(map(_as_given, given)), named)

    def compile(self, signature: Any) -> Any:
        """The mark of the part for a kind of arguments.

        numba's own times each look at LLVM besides, once for every caller above.
        """
        given, returned = normalize_signature(signature)
        if given not in self.overloads:
            self.add_overload(self._compiler.compile(given, returned))
        return self.overloads[given].entry_point

    def add_overload(self, compiled: Any) -> None:
        self.overloads[tuple(compiled.signature.args)] = compiled


def _as_given(kind: Any) -> Any:
    """The type of an argument, in place of constants and of narrower whole numbers."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind
