"""What decides the numbers, in one digest: results name it, and stores of results are keyed by it.

A result depends on three things. *The sources*: every file of ``model/`` and ``calibration/``, data too.
*The libraries* that compute, and Python. *What was asked*: scenarios as they are after all files that
they extend, seeds, replicates. ``source_digest`` covers the first two, ``digest_of`` adds the third. It
goes by the bytes of files, so a changed comment is a change too: a few results are computed again, and
none is ever stale.

Two narrower ones serve what would else be made again for nothing:

    ``compiled_digest``      machine code: only the compiled sources and what compiles them
    ``points_digest``        points and fits in a store: without the tables of ``calibration/posterior/``,
                             which the calibration itself writes; what is read there reaches the keys of
                             points as numbers
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = __name__.rpartition("model.")[0].rstrip(".")
"""Name of the package below which a copy is installed; "" in a clone of the repository."""
DOOR = PACKAGE or "uv run run.py"
"""What one types to run a command."""
_FOLDERS = ("model", "calibration")
_NAMES_THE_DIGEST = ("calibration/posterior/provenance.json",)  # so it can't be part of it
_POSTERIOR = (
    *_NAMES_THE_DIGEST,
    "calibration/posterior/posterior.csv",
    "calibration/posterior/posterior_theory.csv",
    "calibration/posterior/screening.csv",
    "calibration/posterior/components.csv",
)
_COMPILED = (
    "compiler.py",
    "machine_code.py",
    "machine_parts.py",
    "machine_steps.py",
    "draws.py",
    "theory/*.py",
    "engine/*.py",
    "world/tables.py",
    "world/found.py",
)
_COMPILERS = ("numba", "llvmlite", "numpy")
LIBRARIES = (
    *_COMPILERS,
    "scipy",
    "mesa",
    "networkx",
    "pandas",
    "pydantic",
    "salib",
    "scikit-learn",
    "statsmodels",
    "emcee",
)
"""What computes a number or draws a point; what only shows or stores them is not here."""


@cache
def source_digest() -> str:
    """Sixteen hex digits that change when any source, data file or library that computes does."""
    return digest_under(ROOT)


@cache
def points_digest() -> str:
    """As ``source_digest``, but for what the calibration writes itself."""
    return digest_under(ROOT, without=_POSTERIOR)


def digest_under(root: Path, without: tuple[str, ...] = _NAMES_THE_DIGEST) -> str:
    """``source_digest`` of the copy of the project at ``root``, leaving out some files."""
    files = [path for name, path in sources_under(root).items() if name not in without]
    return _digest([f"python {platform.python_version()}", *_installed()], files, root)


def sources_under(root: Path) -> dict[str, Path]:
    """Every source and data file that decides numbers, by its name below ``root``."""
    found = (path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    named = {path.relative_to(root).as_posix(): path for path in found}
    return {name: path for name, path in sorted(named.items()) if _counts(name)}


def _counts(name: str) -> bool:
    """What Python or an editor leaves beside the sources decides nothing."""
    return not any(part == "__pycache__" or part.startswith(".") for part in name.split("/"))


def compiled_digest(package: Path = ROOT / "model", settings: str = "") -> str:
    """Sixteen hex digits that change when a compiled source does, or what compiles it and how."""
    files = [path for pattern in _COMPILED for path in package.glob(pattern)]
    libraries = [f"{name} {_version(name)}" for name in _COMPILERS]
    return _digest([sys.version, settings, *libraries], files, package)


def digest_of(asked: Any) -> str:
    """Sixteen hex digits of sources, libraries and ``asked``: plain data that JSON can write.

    The order of tables counts, since it decides draws.
    """
    text = json.dumps(asked, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{source_digest()} {text}".encode()).hexdigest()[:16]


def provenance(asked: Any) -> dict[str, Any]:
    """What a manifest says of how its numbers came about; ``asked``: see ``digest_of``."""
    versions = {"python": platform.python_version()}
    versions |= {name: _version(name) for name in ("highroad", *LIBRARIES)}
    return {
        "digest": digest_of(asked),
        "source": source_digest(),
        "versions": versions,
        "platform": sys.platform,
    }


def _digest(words: Iterable[str], files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(files):
        content = as_in_a_clone(path.read_bytes())
        digest.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def as_in_a_clone(content: bytes) -> bytes:
    """A file of an installed copy as the repository has it: only the names that it imports differ."""
    return content.replace(f"from {PACKAGE}.".encode(), b"from ") if PACKAGE else content


def _installed() -> list[str]:
    return [f"{name} {_version(name)}" for name in LIBRARIES]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
