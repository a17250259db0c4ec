"""The one door to the compiler (numba).

Rules and engine loops are decorated here and nowhere else, so that swapping or switching off
the compiler concerns one file. ``NUMBA_DISABLE_JIT=1`` runs every rule as plain Python, which
is how coverage is measured and how a misspelt field is found.

The disk cache lives in a folder named by a digest of all compiled sources. numba itself stamps
only the file in which a function stands: change a rule in another file and it would serve the
old machine code without a word. Folders of other sources are swept away once nobody uses them.

A function is compiled in two ways. Compiled callers take it in as a part: typed and lowered, but
optimised and turned into machine code only once, in the whole that it ends up in. Called from
Python it is such a whole itself, with a place on disk. So a cold start pays for the loop over
quarters, not two hundred times for wrappers, machine code and files that nobody asks for.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from functools import update_wrapper
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import _dynfunc, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering
from numba.extending import (
    intrinsic,
    models,
    overload,
    register_model,
    typeof_impl,
)

_PACKAGE = Path(__file__).parent
_COMPILED = (
    "compiler.py",
    "draws.py",
    "theory/*.py",
    "engine/*.py",
    "world/tables.py",
    "world/found.py",
)
_DAY = 24 * 3600.0  # seconds
_UNUSED = 30 * _DAY  # a folder that nobody used for so long goes
_KEPT = 16  # and of those used within a month, all but the last used
_USED = "writable"  # a file in each folder, touched at every start


def source_digest(package: Path = _PACKAGE) -> str:
    """Twelve hex digits that change when any compiled source or the compiler's version does."""
    digest = hashlib.sha256(
        f"{numba.__version__} {np.__version__} {sys.version}{numba.config.BOUNDSCHECK}".encode()
    )
    for pattern in _COMPILED:
        for path in sorted(package.glob(pattern)):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def sweep(caches: Path) -> None:
    """Remove the folders of compiled code that nobody used for a month, or more than a few.

    One used in the last day stays, since a process may be at it. A folder is renamed before it is
    emptied, so that no process finds half of one.
    """

    def used(folder: Path) -> float:
        return (folder / _USED).stat().st_mtime

    marked = (path.parent for path in caches.glob(f"*/{_USED}"))
    folders = sorted((f for f in marked if re.fullmatch("[0-9a-f]{12}", f.name)), key=used)
    for place, folder in enumerate(reversed(folders)):
        idle = time.time() - used(folder)
        if idle > _UNUSED or (place >= _KEPT and idle > _DAY):
            doomed = folder.rename(folder.with_name(f"{folder.name}.{os.getpid()}"))
            shutil.rmtree(doomed, ignore_errors=True)


def _cache_folder() -> Path:
    """``HIGHROAD_CACHE`` or the user's cache folder; a temporary one if that can't be written."""
    home = os.environ.get("HIGHROAD_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    folder = base / "highroad" / source_digest()
    try:
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _USED).touch()
        if new:
            sweep(folder.parent)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"highroad-{source_digest()}"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


CACHE = _cache_folder()
numba.config.CACHE_DIR = str(CACHE)
DISABLED = bool(numba.config.DISABLE_JIT)


def let_keys_wrap() -> None:
    """Uncompiled, keep NumPy quiet, thread by thread, when keys of draws wrap around as meant."""
    if DISABLED:
        np.seterr(over="ignore")


let_keys_wrap()

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_PART: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


class _Part(JITCodeLibrary):
    """The code of a part: what it calls is linked in, and the rest is left to the whole."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(NativeLowering):
    """Lower a function into a part, without machine code, and let compiled code call it."""

    _name = "lower_part"

    def run_pass(self, state: Any) -> bool:
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        fndesc, nowhere = lowered.fndesc, 0
        handle = _dynfunc.make_function(
            fndesc.lookup_module(), fndesc.qualname, "", nowhere, lowered.env, (state.library,)
        )
        state.targetctx.insert_user_function(handle, fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=handle)
        return True


class _PartCompiler(Compiler):
    """numba's steps, but for the last."""

    def define_pipelines(self) -> list[Any]:
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [
            (_LowerPart if step is NativeLowering else step, what) for step, what in steps.passes
        ]
        steps.finalize()
        return [steps]


def _widest(kind: types.Type) -> types.Type:
    """Signed whole numbers of any width, constants too, are one type to a function."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind


class _PartType(types.Dispatcher):
    """What compiled code sees of a function: one part for all widths of whole numbers."""

    def get_call_type(self, context, args, kws):
        kws = {name: _widest(kind) for name, kind in kws.items()}
        return super().get_call_type(context, tuple(map(_widest, args)), kws)


register_model(_PartType)(models.OpaqueModel)


class _Compiled:
    """A function for compiled callers, who take it in, and for Python."""

    def __init__(self, function: Any) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.part = numba.njit(function, pipeline_class=_PartCompiler, **_PART, **_OPTIONS)
        self.whole = numba.njit(function, cache=True, **_OPTIONS)

    def __call__(self, *given: Any, **named: Any) -> Any:
        # numba knows an array at a glance, a record array only after a look at each column
        plain = (x.view(np.ndarray) if type(x) is np.recarray else x for x in given)
        return self.whole(*plain, **named)

    def __reduce__(self) -> str:
        return self.__qualname__


@typeof_impl.register(_Compiled)
def _type_of(function: _Compiled, context: Any) -> _PartType:
    return _PartType(function.part)


def rule(function: Any) -> Any:
    """A scalar rule of the theory: a function of records and draws that knows no storage."""
    return function if DISABLED else _Compiled(function)


def engine(function: Any) -> Any:
    """A loop over tables that calls rules; releases the interpreter so that blocks run in threads."""
    return function if DISABLED else _Compiled(function)


def cold() -> bool:
    """Whether the loop over quarters is still to be compiled, so that the first run will wait."""
    return not DISABLED and not any(CACHE.rglob("tick.advance-*.nbi"))


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
