"""The steps in which a part is compiled (``model.machine_parts``): numba's own, but for what is not needed.

Most of a cold start is numba's work in Python. These leave out machine code of each part, checks and clocks
between steps, steps for what no part holds, and asking the same again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from numba.core.codegen import CPUCodegen, JITCodeLibrary
from numba.core.compiler import CompilerBase, Flags
from numba.core.compiler_machinery import PassManager, _pass_registry, register_pass
from numba.core.cpu import CPUContext
from numba.core.ir_utils import build_definitions
from numba.core.ssa import reconstruct_ssa
from numba.core.targetconfig import ConfigStack
from numba.core.transforms import canonicalize_cfg
from numba.core.typed_passes import (
    AnnotateTypes,
    NativeLowering,
    NoPythonBackend,
    NoPythonSupportedFeatureValidation,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.types.functions import BaseFunction
from numba.core.untyped_passes import (
    FixupArgs,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)
from numba.np import arrayobj


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
    """A part in LLVM's hands: tidied up, but neither joined to what it calls, optimised, nor ready to run."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout
        passes, builder = self._codegen._function_pass_manager(opt=1)
        for function in module.functions:
            if not function.is_declaration:
                passes.run(function, builder)

    def finalize(self) -> None:
        for library in self._linking_libraries:
            self._reload_init.update(library._reload_init)
        self._finalize_dynamic_globals()
        self._finalized = True

    def _alone(self) -> Any:
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """The part and all that it calls, each function once: numba would join them on every floor anew."""
        called: list[Any] = [self]
        for library in called:  # which gets longer meanwhile
            if isinstance(library, _Library):
                called += [one for one in library._linking_libraries if one not in called]
        joined = self._alone().clone()
        for library in called[1:]:
            part = isinstance(library, _Library)
            module = library._alone() if part else library._get_module_for_linking()
            joined.link_in(module, preserve=True)
        return joined


@register_pass(mutates_CFG=True, analysis_only=False)
class _Blocks(IRProcessing):
    """numba's own, without a list of where each variable lives, and ends: no part counts what it holds."""

    _name = "blocks_of_part"

    def run_pass(self, state: Any) -> bool:
        state.func_ir.blocks = canonicalize_cfg(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class _SingleAssignment(ReconstructSSA):
    """numba's own, without that list."""

    _name = "ssa_of_part"

    def run_pass(self, state: Any) -> bool:
        state.func_ir = reconstruct_ssa(state.func_ir)
        self._patch_locals(state)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class _NoPhis(PreLowerStripPhis):
    """numba's own, without that list."""

    _name = "strip_phis_of_part"

    def run_pass(self, state: Any) -> bool:
        state.func_ir = self._strip_phi_nodes(state.func_ir)
        return True


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


@contextmanager
def _instead(owner: Any, name: str, other: Any) -> Iterator[None]:
    """Let an attribute be another until the end of the block."""
    missing = object()
    own = vars(owner).get(name, missing)
    setattr(owner, name, other)
    try:
        yield
    finally:
        if own is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, own)


_returned: dict[Any, Any] = {}
_ask = BaseFunction.get_call_type


def _call_type(function: Any, context: Any, given: Any, named: Any) -> Any:
    """What one of numba's own functions returns for some kinds: 9,000 questions about 600 of them.

    numba goes through all that may be added to find what a sum is.
    """
    asked = ConfigStack.top_or_none(), function, given, tuple(named.items())
    if asked not in _returned:
        _returned[asked] = _ask(function, context, given, named)
    return _returned[asked]


_find = CPUContext.get_function
_measure = CPUContext.get_abi_sizeof
_sizes: dict[Any, int] = {}


def _function(context: Any, asked: Any, *given: Any, **named: Any) -> Any:
    """What lowers a function. Of each array numba asks whether it is of another class, and none is."""
    if asked == "__array__":
        raise NotImplementedError  # numba's own way to say that there is none
    return _find(context, asked, *given, **named)


def _size(context: Any, kind: Any) -> int:
    """Bytes of a variable, which numba asks LLVM for a debugger that nobody called."""
    if kind not in _sizes:
        _sizes[kind] = _measure(context, kind)
    return _sizes[kind]


@contextmanager
def asking_once() -> Iterator[None]:
    """Let numba ask once what it would ask again for every function, until the end of the block.

    The compiler's lock is held meanwhile.
    """
    with (
        _instead(BaseFunction, "get_call_type", _call_type),
        _instead(CPUContext, "get_function", _function),
        _instead(CPUContext, "get_abi_sizeof", _size),
        _instead(CPUCodegen, "_check_llvm_bugs", lambda _: None),
        _instead(arrayobj, "make_array", cache(arrayobj.make_array)),
    ):
        yield


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
    TranslateByteCode, FixupArgs, _Blocks, _SingleAssignment, NopythonTypeInference, _NoPhis,
    NoPythonSupportedFeatureValidation, AnnotateTypes, _Lowering, NoPythonBackend,
)  # fmt: skip
"""numba's own, without those for functions within functions, arithmetic of arrays, literals and ``with``, and
without what ends variables: each would be set to nothing after its last use, named tuples of arrays too."""


class PartPipeline(CompilerBase):
    """How a part is compiled."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.flags = _Flags(self.state.flags)

    def define_pipelines(self) -> list[PassManager]:
        steps = _Steps("part")
        for step in _STEPS:
            steps.add_pass(step, step.__name__)
        steps.finalize()
        return [steps]
