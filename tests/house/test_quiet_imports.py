"""Libraries that take long to load are loaded where they are used: help and checks answer at once.

Modules are counted, not seconds: how long it takes depends on the machine, what is loaded does not.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "dask", "duckdb", "matplotlib", "mesa", "networkx", "numba", "pandas", "pyarrow", "SALib", "scipy",
    "sklearn", "solara", "statsmodels",
}  # fmt: skip


def loaded(program: str, *arguments: str, watched: set[str] = HEAVY) -> set[str]:
    """Which of `watched` a fresh interpreter holds after a program."""
    code = f"import sys\n{program}\nprint(*({watched!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("module", ["model", "calibration", "run"])
def test_import_is_quiet(module: str):
    assert loaded(f"import {module}") == set()


COMMAND = """
import run
assert run.door(sys.argv[1:]) == 0
"""
FILES = sorted(
    next((ROOT / "scenarios" / kind).glob("*.toml")).relative_to(ROOT).as_posix()
    for kind in ("experiments", "patterns", "sensitivity", "sweeps", "trials", "worlds")
)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["schema"], ["schema", "sweep"], *(["check", file] for file in FILES)],
    ids=" ".join,
)
def test_what_only_reads_files_loads_nothing_heavy(arguments: list[str]):
    assert loaded(COMMAND, *arguments) == set()


def test_a_scenario_is_read_without_what_simulates_it():
    read = "from model import load; load('four_wine_regions')"
    assert loaded(read) == set()
    simulated = "from model.world.build import build; from model.engine import ensemble"
    assert loaded(simulated) <= {"networkx"}


def test_the_probe_sees_what_is_loaded():
    assert loaded("import json.tool", watched={"json", "sqlite3"}) == {"json"}
