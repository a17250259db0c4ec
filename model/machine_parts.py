"""How compiled callers take a function in: as a part, which becomes machine code within them alone.

numba makes machine code of each function by itself, and each caller reads it once more and makes it anew with
all that it has taken in. Of some three hundred functions Python calls a few. So a part stops half-way: numba
finds its types and hands it to LLVM, and LLVM optimises it within whatever is called from Python.

A part is one text for all whole numbers: numba would compile one for each constant that it is given, and one
for each width. Constants come back when LLVM takes the part in.

A cold start takes half the time by it. No result changes: ``HIGHROAD_PLAIN_NUMBA=1`` does without, and a
test holds both to the same bytes. These are numba's own classes with what is not needed here left out;
most of them have no public promise, so numba is pinned.
"""

from __future__ import annotations

import gc
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.sigutils import normalize_signature
from numba.core.typed_passes import NativeLowering

UNWRAPPED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What neither Python nor C calls."""
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
                return super().compile(signature)
            finally:
                gc.set_threshold(*before)


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


class _Types(tuple[Any, ...]):
    """Types of arguments. numba spells them out at each of its 27 steps, though nobody reads it."""

    def __str__(self) -> str:
        return f"{len(self)} types"


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


class _Pipeline(CompilerBase):
    """numba's own steps, with the lowering above."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.args = _Types(self.state.args)
        self.state.flags = _Flags(self.state.flags)

    def define_pipelines(self) -> list[PassManager]:
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [
            (_Lowering if step is NativeLowering else step, what) for step, what in steps.passes
        ]
        return [steps]
