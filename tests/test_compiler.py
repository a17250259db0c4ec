"""The door to the compiler: no stale machine code, plain numba says the same, a true bit count."""

import ast
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.compiler import DISABLED, count, nth_bit, rule
from model.provenance import compiled_digest
from model.theory.practices import any_one_of

ROOT = Path(__file__).parents[1]
# A rule of one file that calls a function of another.
WHAT = """
import numpy as np
from model.theory.practices import any_one_of
print(any_one_of(np.int64(0b1110), np.uint64(0)))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, free to be changed."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "model", tmp_path / "copy" / "model", ignore=ignore)
    return tmp_path / "copy"


def run(tree: Path, program: str, **variables: str) -> str:
    """What a program prints in a fresh process that sees the copy."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "HIGHROAD_"))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env=env | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def change(tree: Path) -> None:
    """Pick the last instead of the first: in the file of the function that the rule calls."""
    source = tree / "model" / "draws.py"
    old = "    return (np.int64(U(draw) & _LOW) * n) >> 30\n"
    text = source.read_text(encoding="utf-8")
    assert text.count(old) == 1
    source.write_text(text.replace(old, "    return n - 1\n"), encoding="utf-8")


def test_a_change_in_another_file_is_seen_though_the_rules_own_file_stands(copy, tmp_path):
    """numba by itself would go on serving the old machine code without a word."""
    cache = tmp_path / "cache"
    assert run(copy, WHAT, HIGHROAD_CACHE=str(cache)) == str(0b0010)
    compiled = set(cache.rglob("*any_one_of*.nbi"))
    assert compiled
    change(copy)
    assert run(copy, WHAT, HIGHROAD_CACHE=str(cache)) == str(0b1000)
    assert set(cache.rglob("*any_one_of*.nbi")) > compiled


@pytest.mark.parametrize(
    "source", ["draws.py", "compiler.py", "machine_code.py", "theory/wages.py", "engine/tick.py",
               "world/tables.py", "world/found.py"],
)  # fmt: skip
def test_the_digest_knows_every_compiled_source(copy, source):
    before = compiled_digest(copy / "model")
    with (copy / "model" / source).open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert compiled_digest(copy / "model") != before


def decorated(text: str) -> bool:
    """Whether a source decorates a function for the compiler; one that only writes such a source does not."""
    return any(
        isinstance(mark, ast.Name) and mark.id in ("rule", "engine", "piece")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
    )


def test_the_digest_covers_every_file_that_is_compiled(copy):
    """A new file with a decorated function outside the listed folders has to be listed."""
    for source in sorted((ROOT / "model").rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        if not decorated(text):
            continue
        changed = copy / "model" / source.relative_to(ROOT / "model")
        before = compiled_digest(copy / "model")
        changed.write_text(text + "# one more line\n", encoding="utf-8")
        assert compiled_digest(copy / "model") != before, source
        changed.write_text(text, encoding="utf-8")


def test_the_digest_does_not_care_where_the_package_lies(copy):
    assert compiled_digest(copy / "model") == compiled_digest(ROOT / "model")


def test_the_digest_tells_a_renamed_file(copy):
    before = compiled_digest(copy / "model")
    (copy / "model" / "theory" / "wages.py").rename(copy / "model" / "theory" / "pay.py")
    assert compiled_digest(copy / "model") != before


def test_uncompiled_rules_give_the_same_and_leave_no_cache(copy, tmp_path):
    found = run(copy, WHAT, NUMBA_DISABLE_JIT="1", HIGHROAD_CACHE=str(tmp_path / "cache"))
    assert found == str(0b0010)
    assert not list(tmp_path.rglob("*.nbi"))


@rule
def compiled_count(mask):
    return count(mask)


@given(st.integers(0, 2**63 - 1))
def test_count_is_the_number_of_bits_compiled_or_not(mask):
    assert compiled_count(np.int64(mask)) == count(np.int64(mask)) == bin(mask).count("1")


@rule
def compiled_nth_bit(mask, n):
    return nth_bit(mask, n)


@given(st.integers(0, 2**63 - 1), st.data())
def test_a_bit_is_the_nth_from_below_compiled_or_not(mask, data):
    held = [1 << at for at in range(63) if mask >> at & 1]
    n = data.draw(st.integers(0, max(0, len(held) - 1)))
    found = held[n] if held else 0
    assert compiled_nth_bit(np.int64(mask), np.int64(n)) == nth_bit(mask, n) == found


ONE_OF = """
import numpy as np
from model.machine_code import _deposits_bits
from model.theory.practices import any_one_of
print(_deposits_bits(), [int(any_one_of(np.int64(0b110101), np.uint64(n << 27))) for n in range(8)])
"""


@pytest.mark.skipif(DISABLED, reason="nothing is compiled")
def test_a_processor_that_takes_bit_by_bit_finds_the_same(tmp_path):
    cache = {"HIGHROAD_CACHE": str(tmp_path)}
    here = run(ROOT, ONE_OF, **cache)
    plain = run(ROOT, ONE_OF, NUMBA_CPU_NAME="generic", **cache)
    assert plain == "False [1, 1, 4, 4, 16, 16, 32, 32]"
    assert here.partition(" ")[2] == plain.partition(" ")[2]


def test_compiled_callers_take_a_function_in_without_files_of_its_own(copy, tmp_path):
    """Only what Python calls is a whole with a place on disk."""
    run(copy, WHAT, HIGHROAD_CACHE=str(tmp_path))
    assert {path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")} == {"practices.any_one_of"}


ONE_TEXT = """
from model.draws import key
from model.world.found import firm_key
import numpy as np
firm_key(np.uint64(1), np.int32(2), 3)
part, = key.part.overloads.values()
print(part.signature.args, type(part.library).__name__)
"""


@pytest.mark.skipif(DISABLED, reason="nothing is compiled")
def test_compiled_callers_share_one_text_for_all_whole_numbers_and_it_is_no_machine_code(tmp_path):
    """``key`` is given a constant and numbers of two widths."""
    assert run(ROOT, ONE_TEXT, HIGHROAD_CACHE=str(tmp_path)) == "(uint64, int64) _Library"


@pytest.mark.skipif(DISABLED, reason="nothing is compiled")
def test_a_function_within_a_compiled_one_is_refused_in_one_line():
    @rule
    def best(mask):
        return max(mask, key=lambda bit: -bit)

    line = test_a_function_within_a_compiled_one_is_refused_in_one_line.__code__.co_firstlineno + 4
    told = (
        rf"test_compiler.py, line {line}: best is compiled and can hold no function.*; write a loop"
    )
    with pytest.raises(TypeError, match=told):
        best(np.int64(1))


def test_a_function_travels_between_processes_by_its_name():
    assert pickle.loads(pickle.dumps(any_one_of)) is any_one_of


INTERRUPTED = """
import signal
from contextlib import nullcontext
import numpy as np
from numba.core.codegen import CPUCodeLibrary

def called_from_within_c(module, code, hook=CPUCodeLibrary._object_compiled_hook):
    if not sent:
        sent.append(signal.raise_signal(signal.SIGINT))
    hook(module, code)

sent = []
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
CPUCodeLibrary._object_compiled_hook = called_from_within_c
import model.machine_code
from model.theory.practices import any_one_of
HOLD
for again in range(2):
    try:
        print(any_one_of(np.int64(0b1110), np.uint64(0)))
    except (KeyboardInterrupt, RuntimeError) as error:
        print(type(error).__name__)
print(sent, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


@pytest.mark.skipif(DISABLED, reason="nothing is compiled")
def test_an_interrupt_while_code_is_made_ready_comes_through_and_leaves_nothing_broken(tmp_path):
    """Without the hold numba swallows it, and then misses the code that it was at."""
    said = {}
    for hold in ("", "model.machine_code._signals_wait = nullcontext"):
        program = INTERRUPTED.replace("HOLD", hold)
        said[hold] = run(ROOT, program, HIGHROAD_CACHE=str(tmp_path / str(len(said)))).split("\n")
    with_hold, without = said.values()
    assert with_hold == ["KeyboardInterrupt", "2", "[None] True"]
    assert "KeyboardInterrupt" not in without, "what is guarded against is gone: so can the guard"
