"""The steps in which a part is compiled (``model.machine_parts``): numba's own, but for what is not needed.

Most of a cold start is numba's work in Python. These leave out machine code of each part, checks and clocks
between steps, steps for what no part holds, and asking the same again.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, Flags
from numba.core.compiler_machinery import PassManager, _pass_registry, register_pass
from numba.core.typed_passes import (
    AnnotateTypes,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NoPythonSupportedFeatureValidation,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)


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


_typing = cache(_Typing)  # one for all parts


class _Steps(PassManager):
    """Steps one after another, without numba's clocks, its notices and its checks of what each one left."""

    def run(self, state: Any) -> None:
        for step, _ in self.passes:
            taken = _pass_registry.get(step).pass_inst
            taken.analysis = self._analysis
            taken.run_initialization(state)
            taken.run_pass(state)
            taken.run_finalizer(state)


_STEPS = (
    TranslateByteCode, FixupArgs, IRProcessing, GenericRewrites, ReconstructSSA, NopythonTypeInference,
    PreLowerStripPhis, NoPythonSupportedFeatureValidation, IRLegalization, AnnotateTypes, _Lowering,
    NoPythonBackend,
)  # fmt: skip
"""numba's own, without those for functions within functions, arithmetic of arrays, literals and ``with``."""


class PartPipeline(CompilerBase):
    """How a part is compiled."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.flags = _Flags(self.state.flags)
        self.state.typingctx = _typing(self.state.typingctx)

    def define_pipelines(self) -> list[PassManager]:
        steps = _Steps("part")
        for step in _STEPS:
            steps.add_pass(step, step.__name__)
        steps.finalize()
        return [steps]
