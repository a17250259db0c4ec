"""Builds the package ``highroad`` out of the folders of the repository.

In the repository the folders are ``model/``, ``calibration/`` and ``scenarios/``, imported by these names.
Any user may have a ``model.py``; so an installed copy lies below one name of its own:

    highroad/__init__.py       what ``import highroad`` gives: the public names of ``model``
    highroad/model/            the folders as they are, but that ``from model.x import y``
    highroad/calibration/      reads ``from highroad.model.x import y``
    highroad/scenarios/
    highroad/run.py            behind the command ``highroad``

The digest of sources undoes the change of names (``model/provenance.py``), so that results of an installed
copy and of a clone carry the same. A development install (``uv run`` in a clone) gets a small module
instead, by which ``highroad`` means the folders as they lie there: what docs say of ``highroad`` is true in
both.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "highroad"
FOLDERS = ("model", "calibration", "scenarios")
LEFT_OUT = ("__pycache__", "*.pyc", ".*")
IMPORT = re.compile(rf"^(\s*from )({'|'.join(FOLDERS[:2])})(?=[. ])", re.MULTILINE)

FRONT = '''\
"""Highroad: how small firms in clusters and value chains learn and upgrade.

    from highroad import load, simulate, compare, UpgradingModel

Names are those of ``highroad.model``, imported when first used.
"""

from typing import Any

from highroad import model as _model

__all__ = list(_model.__all__)
__version__ = _model.__version__


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(_model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
'''

DOOR = '''\
"""``python -m highroad``: the commands of ``highroad``."""

import sys

from highroad.run import door

sys.exit(door())
'''

IN_A_CLONE = '''\
"""Highroad as it lies in a clone: ``highroad.x`` is the module ``x`` of the repository.

Made by ``.ci/package.py`` for a development install.
"""

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

import model as _model

__path__ = []  # a package, whose parts the finder below finds
__all__ = list(_model.__all__)
__version__ = _model.__version__
_PREFIX = __name__ + "."


class _Same(MetaPathFinder, Loader):
    """Finds ``highroad.model.x`` where ``model.x`` is: one module, two names."""

    def find_spec(self, name, path=None, target=None):
        if name.startswith(_PREFIX) and name.split(".")[1] in ("model", "calibration", "run"):
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = importlib.import_module(spec.name.removeprefix(_PREFIX))
        self.specs = getattr(self, "specs", {}) | {module.__name__: module.__spec__}
        return module

    def exec_module(self, module):
        module.__spec__ = self.specs[module.__name__]  # the module keeps what it was loaded by


if not any(type(finder).__name__ == "_Same" for finder in sys.meta_path):
    sys.meta_path.insert(0, _Same())


def __getattr__(name):
    if name in __all__:
        return getattr(_model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
'''


def write_package(root: Path, target: Path) -> Path:
    """The package below ``target``, made of the repository at ``root``; returns its folder."""
    package = target / PACKAGE
    for folder in FOLDERS:
        shutil.copytree(root / folder, package / folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copy(root / "run.py", package / "run.py")
    for path in package.rglob("*.py"):
        text = path.read_bytes().decode()
        path.write_bytes(IMPORT.sub(rf"\1{PACKAGE}.\2", text).encode())
    (package / "__init__.py").write_text(FRONT, encoding="utf-8")
    (package / "__main__.py").write_text(DOOR, encoding="utf-8")
    (package / "py.typed").touch()
    return package


class CustomBuildHook(BuildHookInterface):
    """What hatchling calls before it packs a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the package in a folder of its own, and say that it goes into the wheel."""
        self.work = Path(tempfile.mkdtemp(prefix="highroad-wheel-"))
        if version == "editable":
            (self.work / f"{PACKAGE}.py").write_text(IN_A_CLONE, encoding="utf-8")
            build_data["force_include_editable"] = {
                str(self.work / f"{PACKAGE}.py"): f"{PACKAGE}.py"
            }
        else:
            package = write_package(Path(self.root), self.work)
            build_data["force_include"][str(package)] = PACKAGE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.work, ignore_errors=True)
