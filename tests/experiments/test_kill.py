"""kill -9 at random moments: the same command resumes, and ends with the table of a quiet run."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from run import door
from tests.experiments.small import SWEEP, write, write_world

ROOT = Path(__file__).parents[2]
LIVES = 2  # that end by kill -9
MANY = SWEEP.replace("steps = 3", "steps = 60").replace(
    'title = "', 'communities = true\ntitle = "'
)
BIGGER = {"communities": {"here": {"firms": 40}}, "run": {"ticks": 20}}


def kept(store: Path) -> int:
    """Points that a store holds, as another process sees it."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as base:
            return int(base.execute("SELECT count(*) FROM points").fetchone()[0])
    except sqlite3.Error:
        return 0


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "run.py", "sweep", *arguments, "--quiet", "--json", "--workers", "2"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_kill_and_resume(tmp_path: Path, capsys):
    write_world(tmp_path, BIGGER)
    file = str(write(tmp_path, "many", MANY))
    assert door(["sweep", file, "--out", str(tmp_path / "quiet"), "--quiet"]) == 0
    out, store = tmp_path / "killed", tmp_path / "killed.points.sqlite"
    chance = random.Random(os.environ.get("CI", time.time()))
    counts = [0]
    for _ in range(LIVES):
        life = started(file, "--out", str(out))
        more = counts[-1] + chance.randrange(1, 40)
        while kept(store) < more and life.poll() is None:
            time.sleep(0.002)
        life.send_signal(signal.SIGKILL)
        life.wait()
        counts.append(kept(store))
    assert not out.exists()
    assert counts[-1] > 0
    capsys.readouterr()
    assert door(["sweep", file, "--out", str(out), "--json", "--quiet"]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert facts["resumed"] == counts[-1]
    for name in ("sweep.parquet", "summary.csv", "lines.png"):
        assert (out / name).read_bytes() == (tmp_path / "quiet" / name).read_bytes(), name
