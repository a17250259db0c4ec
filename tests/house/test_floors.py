"""The floors hold, and the check that says so can fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("importlinter", reason="no import-linter: uv run --group dev pytest")
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages, free to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("model", "calibration"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_imports_point_down():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


VIOLATIONS = {
    "a rule that calls the engine": ("theory/planted.py", "import model.engine", "Floors"),
    "an engine that reads records": ("engine/planted.py", "import model.records", "Floors"),
    "a room on no floor": ("planted.py", "", "Floors"),
    "a model that reads the evidence": ("world/planted.py", "import calibration", "evidence"),
    "a model that calls the door": ("world/planted.py", "import run", "evidence"),
    "a rule that uses the front page": ("theory/planted.py", "from model import load", "front"),
    "Mesa in the engine": ("engine/planted.py", "import mesa", "Mesa"),
    "networkx beside its one file": ("world/planted.py", "import networkx", "Networkx"),
    "a second door to the compiler": ("theory/planted.py", "from numba import njit", "compiler"),
    "pandas in the engine": ("engine/planted.py", "import pandas", "pandas"),
}


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_planted_violation_is_caught(copy: Path, file: str, line: str, contract: str):
    (copy / "model" / file).write_text(f"{line}\n")
    result = lint_imports(copy)
    broken = [row for row in result.stdout.splitlines() if "BROKEN" in row and contract in row]
    assert result.returncode != 0
    assert broken, result.stdout
    assert "planted" in result.stdout


def test_a_planted_circle_is_caught(copy: Path):
    (copy / "model" / "report" / "planted.py").write_text("import model.report.style\n")
    style = copy / "model" / "report" / "style.py"
    style.write_text(style.read_text(encoding="utf-8") + "\nimport model.report.planted\n")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert [row for row in result.stdout.splitlines() if "BROKEN" in row and "circle" in row]
    assert "planted" in result.stdout
