"""Compiled, compiled by numba alone with bounds checked, as plain Python: the same world to the last bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import EVERYTHING, Layer, fingerprint, live, parameters, scenario

ROOT = Path(__file__).parents[2]
HARD: Layer = parameters(
    resources={"patience": 1, "entry": 0.5, "volatility": 1.0, "endowment": 0.2},
    wages={"reservation": 0.8},
)
PROGRAM = "from tests.engine.test_uncompiled import here; print(here())"
MODES = {
    "plain Python": ("NUMBA_DISABLE_JIT",),
    "plain numba, bounds checked": (
        "HIGHROAD_PLAIN_NUMBA",
        "NUMBA_BOUNDSCHECK",
    ),  # one long compilation
}


def here() -> str:
    """A fingerprint of easy and hard times, computed in this process."""
    return fingerprint(live([scenario(*EVERYTHING), scenario(*EVERYTHING, HARD)], 6, (0,)))


@pytest.fixture(scope="module")
def elsewhere(request) -> dict[str, subprocess.Popen]:
    """One process a mode that is tested, side by side, since both take their time."""
    wanted = [
        item.callspec.params["mode"] for item in request.session.items if item.path == request.path
    ]
    running = {
        name: subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(variables, "1")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, variables in MODES.items()
        if name in wanted
    }
    yield running
    for process in running.values():
        process.kill()


@pytest.mark.parametrize("mode", MODES)
def test_agrees_with_the_compiled_engine_bit_for_bit(elsewhere, mode):
    printed, complaints = elsewhere[mode].communicate(timeout=600)
    assert elsewhere[mode].returncode == 0, complaints
    assert printed.strip() == here()
    assert "Warning" not in complaints
