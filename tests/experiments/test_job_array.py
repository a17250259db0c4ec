"""The job array that docs/experiments.md shows, with the variables of SLURM set by hand, is one run."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from run import ROOT, door
from tests.experiments.small import SWEEP, write

JOBS = 3
PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
UV = '#!/bin/sh\nprintf "%s\\n" "$@" > "$SAID"\n'


def shown(first: str) -> str:
    """The block of the page that begins so."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.M | re.S)
    (found,) = [block for block in blocks if block.startswith(first)]
    return found


def called(script: str, folder: Path, number: int, *given: str) -> list[str]:
    """What a job of the array would run: the script in a shell, with a ``uv`` that only notes it."""
    uv, said = folder / "uv", folder / "said"
    uv.write_text(UV)
    uv.chmod(0o755)
    slurm = {"ARRAY_TASK_ID": number, "ARRAY_TASK_COUNT": JOBS, "CPUS_PER_TASK": 2}
    settings = {f"SLURM_{name}": str(value) for name, value in slurm.items()}
    settings |= {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SAID": str(said)}
    subprocess.run(
        ["bash", "-c", script, "array.sh", *given], env=os.environ | settings, check=True
    )
    return said.read_text().splitlines()


def test_the_array_that_is_shown_gives_the_tables_of_one_run(tmp_path: Path, capsys):
    file, out = str(write(tmp_path, "array", SWEEP)), str(tmp_path / "many")
    script = shown("#!/bin/bash")
    assert "#SBATCH --array=1-" in script  # shards count from 1
    for number in range(1, JOBS + 1):
        door_of, run, *words = called(script, tmp_path, number, file, out)
        assert (door_of, run) == ("run", "run.py")
        assert words[-1] == f"{number}/{JOBS}"
        if number == JOBS:
            assert door(["merge", file, "--out", out, "--quiet"]) == 1
            assert "2 of 6 points" in capsys.readouterr().err
        assert door(words) == 0
    merge = re.search(r"run\.py (merge FILE --out results/large)", shown("JOB="))
    assert merge
    words = merge[1].replace("FILE", file).replace("results/large", out).split()
    assert door([*words, "--quiet"]) == 0
    assert door(["sweep", file, "--out", str(tmp_path / "one"), "--quiet"]) == 0
    for name in ("sweep.parquet", "summary.csv"):
        assert (tmp_path / "many" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


@pytest.mark.parametrize("number", ["0", ""])
def test_an_array_that_starts_elsewhere_is_refused(tmp_path: Path, number: str, capsys):
    file = str(write(tmp_path, "array", SWEEP))
    assert door(["sweep", file, "--out", str(tmp_path / "o"), "--shard", f"{number}/{JOBS}"]) == 2
    assert "must be i/n" in capsys.readouterr().err
