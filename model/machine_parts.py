"""How compiled callers take a function in: as a part, which becomes machine code within them alone.

numba makes machine code of each function by itself, and each caller reads it once more and makes it anew with
all that it has taken in. Of some three hundred functions Python calls a few. So a part stops half-way: numba
finds its types and hands it to LLVM, and LLVM optimises it within whatever is called from Python.

A part is one text for all whole numbers: numba would compile one for each constant that it is given, and one
for each width. Constants come back when LLVM takes the part in.

Most of what is left is numba's own work in Python, of which these leave out what asks the same again. A cold
start takes a third of the time by all this. No result changes: ``HIGHROAD_PLAIN_NUMBA=1`` does without, and a
test holds both to the same bytes. These are numba's own classes with what is not needed here left out;
most of them have no public promise, so numba is pinned.
"""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import PassManager, _pass_registry, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.sigutils import normalize_signature
from numba.core.typed_passes import NativeLowering

UNWRAPPED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What neither Python nor C calls."""
_ROOM = (
    1 << 17
)  # names a call may hold: a megabyte of stack, and as much behind it for what it calls
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
        targetoptions = {"nopython": True} | UNWRAPPED | options
        super().__init__(function, targetoptions=targetoptions, pipeline_class=_Pipeline)

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


class _Flags(Flags):
    """Flags that are told apart at a glance, by which are set.

    numba looks functions up by them, 40,000 times. Its own all have one hash, and to compare two it asks for
    all that could be set.
    """

    def __hash__(self) -> int:
        return hash(frozenset(self._values))

    def __eq__(self, other: object) -> bool:
        return type(other) is _Flags and self._values == other._values


class _Library(JITCodeLibrary):
    """A part in LLVM's hands: tidied up, but neither optimised nor made ready to run by itself."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout
        for function in module.functions:
            passes, builder = self._codegen._function_pass_manager(opt=1)
            passes.run(function, builder)

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(NativeLowering):
    """numba's own, into a library of that kind."""

    _name = "lower_part"

    def run_pass(self, state: Any) -> bool:
        state.library = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        done = super().run_pass(state)
        # callers ask for a function by what Python would call; any mark that is its own does as well
        state.cr = state.cr._replace(cfunc=state.library)
        state.targetctx.insert_user_function(state.library, state.cr.fndesc, [state.library])
        return bool(done)


class _Typing:
    """numba's knowledge of types, which remembers what its own functions return.

    It is asked 9,000 times what a sum, a product or a comparison of two kinds returns, of some 600 kinds, and
    goes through all that may be added each time.
    """

    def __init__(self, known: Any) -> None:
        self._known = known
        self._found: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    def resolve_function_type(self, function: Any, given: Any, named: Any) -> Any:
        if not isinstance(function, types.Function):
            return self._known.resolve_function_type(function, given, named)
        asked = function, given, tuple(named.items())
        if asked not in self._found:
            self._found[asked] = self._known.resolve_function_type(function, given, named)
        return self._found[asked]


@cache
def _typing(known: Any) -> _Typing:
    """The one that remembers, for all parts."""
    return _Typing(known)


class _Steps(PassManager):
    """Steps one after another, without numba's clocks, its notices and its checks of what each one left."""

    def run(self, state: Any) -> None:
        for step, _ in self.passes:
            taken = _pass_registry.get(step).pass_inst
            taken.analysis = self._analysis
            taken.run_initialization(state)
            taken.run_pass(state)
            taken.run_finalizer(state)


class _Pipeline(CompilerBase):
    """numba's own steps, with the lowering above."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.flags = _Flags(self.state.flags)
        self.state.typingctx = _typing(self.state.typingctx)

    def define_pipelines(self) -> list[PassManager]:
        own = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps = _Steps(own.pipeline_name)
        steps.passes = [
            (_Lowering if step is NativeLowering else step, what) for step, what in own.passes
        ]
        steps.finalize()
        return [steps]
