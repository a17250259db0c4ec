"""The package as a user installs it: one name, the same numbers, and nothing of it in the user's way."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.provenance import points_digest, source_digest

ROOT = Path(__file__).parents[2]

RUN = """
import json, highroad
from highroad import load, simulate
from highroad.model.provenance import points_digest, source_digest
from highroad.calibration.evidence.case_tables import DATA
import model
world = load("four_wine_regions").with_values({"run.ticks": 2})
records = simulate(world, replicates=1, seed=3, workers=1)
print(json.dumps({
    "where": highroad.__file__,
    "digests": [source_digest(), points_digest()],
    "evidence": (DATA / "cases.csv").exists(),
    "process": float(records.series["process"].sum()),
    "own": model.__file__,
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder that holds the package as a wheel would lay it."""
    spec = importlib.util.spec_from_file_location("package_builder", ROOT / ".ci" / "package.py")
    builder = importlib.util.module_from_spec(spec)
    hatchling = pytest.importorskip("hatchling", reason="no hatchling: uv run --group dev pytest")
    assert hatchling
    spec.loader.exec_module(builder)
    target = tmp_path_factory.mktemp("site")
    builder.write_package(ROOT, target)
    return target


def call(arguments: list[str], installed: Path, at: Path) -> subprocess.CompletedProcess[str]:
    """Python at a user's own folder, which holds a ``model.py`` of theirs."""
    (at / "model.py").write_text("mine = True\n", encoding="utf-8")
    environment = {
        **os.environ, "PYTHONPATH": f"{at}{os.pathsep}{installed}", "NUMBA_DISABLE_JIT": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *arguments], cwd=at, env=environment, capture_output=True, text=True
    )


def test_one_name_the_same_sources_and_a_users_own_model(installed: Path, tmp_path: Path):
    done = call(["-c", RUN], installed, tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert Path(found["where"]).is_relative_to(installed)
    assert found["digests"] == [source_digest(), points_digest()]
    assert found["evidence"]
    assert found["process"] > 0
    assert Path(found["own"]).parent == tmp_path


def test_nothing_imports_the_folders_by_their_names_in_the_repository(installed: Path):
    for path in (installed / "highroad").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            word = line.split()[:2]
            assert word not in (["from", "model"], ["import", "model"], ["import", "calibration"])
            assert not line.strip().startswith(("from model.", "from calibration.")), path


def test_a_file_of_ones_own_extends_what_ships(installed: Path, tmp_path: Path):
    (tmp_path / "mine.toml").write_text(
        'extends = "highroad:worlds/four_wine_regions"\ntitle = "Mine"\n', encoding="utf-8"
    )
    done = call(["-m", "highroad", "check", "mine.toml"], installed, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "gap.toml").write_text('extends = "highroad:worlds/atlantis"\n', encoding="utf-8")
    done = call(["-m", "highroad", "check", "gap.toml"], installed, tmp_path)
    assert done.returncode == 2
    assert "atlantis" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_installed_copy_is_not_written_to(installed: Path, tmp_path: Path):
    done = call(["-m", "highroad", "calibrate", "--keep"], installed, tmp_path)
    assert done.returncode == 2
    assert "installed" in done.stderr


def test_in_a_clone_the_name_means_the_folders():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from highroad.model.scenario.faults import Fault as one\n"
            "from model.scenario.faults import Fault as other\n"
            "import highroad\n"
            "assert one is other and highroad.load and 'compare' in dir(highroad)",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
