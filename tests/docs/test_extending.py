"""What docs/extending.md adds as a mechanism and an instrument, laid into a copy as it tells, works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
CHECK = """
import numpy as np
from bench.worlds import country
from model import simulate
from model.parameters import INSTRUMENTS
from tests.bench.test_same_trajectories import advanced, differences, stepped, with_number

world = country(24, seed=3)
assert INSTRUMENTS[-1] == "my_subsidy" and "my_subsidy" in {i.kind for i in world.instruments.values()}
spent = simulate(world, replicates=1).series["public_cost_my_subsidy"]
assert spent.max() > 0
assert differences(stepped(world, 6), advanced(world, 6)) == []
abroad = with_number(world, "parameters.my_premium.strength", 1.0)
value, more = (advanced(w, 6).world.firms.value_added.sum() for w in (world, abroad))
assert more > value
"""


def blocks(heading: str) -> list[str]:
    """The blocks of Python below a heading, in order."""
    section = re.search(rf"^## {heading}\n.*?(?=^## )", PAGE, re.M | re.S)
    assert section
    return re.findall(r"^```python\n(.*?)^```$", section[0], re.M | re.S)


class Copy:
    """A clone of what an addition touches."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        for file in ("run.py", "pyproject.toml"):
            shutil.copy(ROOT / file, tree)
        for folder in ("model", "calibration", "scenarios", "tests", "bench"):
            left_out = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / folder, tree / folder, ignore=left_out)

    def python(self, *words: str) -> str:
        """What a process in the copy says; rules run as plain Python there."""
        said = subprocess.run(
            [sys.executable, *words],
            cwd=self.tree,
            env={
                **os.environ,
                "PYTHONPATH": str(self.tree),
                "PYTHONDONTWRITEBYTECODE": "1",
                "NUMBA_DISABLE_JIT": "1",
            },
            capture_output=True,
            text=True,
        )
        assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-3000:]
        return said.stdout

    def begin(self, name: str) -> None:
        """The command that the page shows for this name."""
        (line,) = re.findall(rf"^uv run (run\.py mechanism new {name} .*)$", PAGE, re.M)
        words = re.findall(r'"([^"]*)"|(\S+)', line)
        self.python(*(quoted or bare for quoted, bare in words))

    def write(self, file: str, text: str) -> None:
        (self.tree / file).write_text(text, encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        self.write(file, (self.tree / file).read_text(encoding="utf-8") + "\n\n" + text)

    def put(self, file: str, line: str, text: str, after: bool = False) -> None:
        """For the one line that begins so, as the page says, or behind it."""
        old = (self.tree / file).read_text(encoding="utf-8")
        (found,) = re.findall(rf"^ *{re.escape(line)}.*\n", old, re.M)
        self.write(file, old.replace(found, found + text if after else text))

    def import_(self, file: str, line: str) -> None:
        old = (self.tree / file).read_text(encoding="utf-8")
        self.write(file, old.replace("\nfrom model", f"\n{line}\nfrom model", 1))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("clone"))
    economy, policy = "model/engine/economy.py", "model/engine/policy.py"

    theory, test, call = blocks("A mechanism")
    copy.begin("my_premium")
    copy.write("model/theory/my_premium.py", theory)
    copy.write("tests/theory/test_my_premium.py", test)
    copy.import_(economy, "from model.theory.my_premium import after_my_premium")
    copy.put(economy, "total += firm.order[c]", call)

    theory, branch, event, reads, twin, twin_reads = blocks("An instrument")
    copy.begin("my_subsidy")
    copy.write("model/theory/my_subsidy.py", theory)
    copy.import_(policy, "from model.theory.my_subsidy import MY_SUBSIDY, share_paid")
    copy.put(policy, "_broker(instrument, row,", branch, after=True)
    copy.append(policy, event)
    copy.import_(economy, "from model.theory.my_subsidy import wage_borne")
    copy.put(economy, "left = margin", reads)
    copy.put(
        "bench/plain_policy.py",
        "KINDS = {",
        f'{twin}\n\nKINDS = {{\n    "my_subsidy": MySubsidy,\n',
    )
    copy.put("bench/plain_markets.py", "margin =", twin_reads)
    return copy


def test_the_test_of_the_page_passes(copy: Copy):
    said = copy.python(
        "-m", "pytest", "-n0", "-p", "no:cacheprovider", "tests/theory/test_my_premium.py"
    )
    assert "2 passed" in said


def test_the_engine_and_its_twin_do_what_the_page_tells(copy: Copy):
    copy.python("-c", CHECK)
