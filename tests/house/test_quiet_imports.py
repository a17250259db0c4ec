"""Importing a package or the door loads nothing heavy, so help and bad input answer at once."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"mesa", "matplotlib", "numba", "pandas", "networkx", "scipy", "pyarrow", "solara"}


def loaded(module: str, watched: set[str]) -> set[str]:
    """Which of `watched` a fresh interpreter holds after `import module`."""
    code = f"import sys, {module}; print(*({watched!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["model", "calibration", "run"])
def test_import_is_quiet(module: str):
    assert loaded(module, HEAVY) == set()


def test_the_probe_sees_what_is_loaded():
    assert loaded("json.tool", {"json", "sqlite3"}) == {"json"}
