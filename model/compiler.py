"""The one door to the compiler (numba).

Rules and engine loops are decorated here and nowhere else, so that swapping or switching off
the compiler concerns one file. ``NUMBA_DISABLE_JIT=1`` runs every rule as plain Python, which
is how coverage is measured and how a misspelt field is found.

The disk cache lives in a folder named by a digest of all compiled sources. numba itself stamps
only the file in which a function stands: change a rule in another file and it would serve the
old machine code without a word.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic, overload

_PACKAGE = Path(__file__).parent
_COMPILED = (
    "compiler.py",
    "draws.py",
    "theory/*.py",
    "engine/*.py",
    "world/tables.py",
    "world/found.py",
)


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


def _cache_folder() -> Path:
    """``HIGHROAD_CACHE`` or the user's cache folder; a temporary one if that can't be written."""
    home = os.environ.get("HIGHROAD_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    folder = base / "highroad" / source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "writable").touch()
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

rule = numba.njit(cache=True, nogil=True, error_model="numpy")
"""A scalar rule of the theory: a function of records and draws that knows no storage."""

engine = numba.njit(cache=True, nogil=True, error_model="numpy")
"""A loop over tables that calls rules; releases the interpreter so that blocks run in threads."""


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
