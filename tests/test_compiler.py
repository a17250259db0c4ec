"""The door to the compiler: no stale machine code, a writable cache, a true bit count."""

import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.compiler import DISABLED, count, rule, source_digest, sweep
from model.theory.practices import any_one_of
from model.world.tables import FIRM, table

ROOT = Path(__file__).parents[1]
WHERE = "from model.compiler import CACHE; print(CACHE)"
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
    "source", ["draws.py", "compiler.py", "theory/wages.py", "engine/tick.py", "world/tables.py",
               "world/found.py"],
)  # fmt: skip
def test_the_digest_knows_every_compiled_source(copy, source):
    before = source_digest(copy / "model")
    with (copy / "model" / source).open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert source_digest(copy / "model") != before


def test_the_digest_covers_every_file_that_is_compiled(copy):
    """A new file with a decorated function outside the listed folders has to be listed."""
    for source in sorted((ROOT / "model").rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        if "@rule\n" not in text and "@engine\n" not in text:
            continue
        changed = copy / "model" / source.relative_to(ROOT / "model")
        before = source_digest(copy / "model")
        changed.write_text(text + "# one more line\n", encoding="utf-8")
        assert source_digest(copy / "model") != before, source
        changed.write_text(text, encoding="utf-8")


def test_the_digest_does_not_care_where_the_package_lies(copy):
    assert source_digest(copy / "model") == source_digest(ROOT / "model")


def test_the_digest_tells_a_renamed_file(copy):
    before = source_digest(copy / "model")
    (copy / "model" / "theory" / "wages.py").rename(copy / "model" / "theory" / "pay.py")
    assert source_digest(copy / "model") != before


def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_one(copy, tmp_path):
    blocked, temporary = tmp_path / "a file, not a folder", tmp_path / "temporary"
    blocked.write_text("")
    temporary.mkdir()
    found = run(copy, WHERE, HIGHROAD_CACHE=str(blocked), TMPDIR=str(temporary))
    assert Path(found).is_relative_to(temporary)
    assert Path(found).is_dir()


def test_without_a_folder_of_its_own_the_cache_lies_in_the_users(copy, tmp_path):
    home = tmp_path / "home"
    found = run(copy, WHERE, XDG_CACHE_HOME="", HOME=str(home))
    assert Path(found).parent == home / ".cache" / "highroad"
    found = run(copy, WHERE, XDG_CACHE_HOME=str(tmp_path / "xdg"))
    assert Path(found).parent == tmp_path / "xdg" / "highroad"


def test_the_cache_is_named_by_the_digest(copy, tmp_path):
    found = run(copy, WHERE, HIGHROAD_CACHE=str(tmp_path))
    assert Path(found) == tmp_path / "highroad" / source_digest(copy / "model")


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


def test_compiled_callers_take_a_function_in_without_files_of_its_own(copy, tmp_path):
    """Only what Python calls is a whole with a place on disk."""
    run(copy, WHAT, HIGHROAD_CACHE=str(tmp_path))
    assert {path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")} == {"practices.any_one_of"}


@rule
def twice(number):
    return 2 * number


@rule
def twice_of_each_width(firm):
    return twice(firm.place) + twice(firm.road) + twice(firm.members) + twice(3)


def test_whole_numbers_of_all_widths_share_one_part():
    firm = table(FIRM, 1)[0]
    firm.place, firm.road, firm.members = -1, 50, 1 << 40
    assert twice_of_each_width(firm) == 2 * (-1 + 50 + (1 << 40) + 3)
    if not DISABLED:
        twice_of_each_width.whole.recompile()  # what an earlier run left on disk has no parts
        assert len(twice.part.signatures) == 1


def test_a_function_travels_between_processes_by_its_name():
    assert pickle.loads(pickle.dumps(any_one_of)) is any_one_of


def folders(caches: Path, idle_days: list[float]) -> list[Path]:
    """Cache folders of other sources, last used so many days ago."""
    made = []
    for number, days in enumerate(idle_days):
        folder = caches / f"{number:012x}"
        folder.mkdir(parents=True)
        (folder / "writable").touch()
        then = time.time() - 24 * 3600 * days
        os.utime(folder / "writable", (then, then))
        made.append(folder)
    return made


def test_folders_that_nobody_used_for_a_month_are_swept_away(tmp_path):
    used = folders(tmp_path, [29, 31])[0]
    (tmp_path / "something else").mkdir()
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == [used, tmp_path / "something else"]


def test_of_many_folders_the_last_used_stay_and_those_that_may_be_in_use(tmp_path):
    made = folders(tmp_path, [2 + n / 10 for n in range(20)])
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == made[:16]
    busy = folders(tmp_path / "busy", [0.5] * 20)
    sweep(tmp_path / "busy")
    assert sorted((tmp_path / "busy").iterdir()) == busy


def test_a_new_cache_sweeps(copy, tmp_path):
    (old,) = folders(tmp_path / "highroad", [40])
    run(copy, WHERE, HIGHROAD_CACHE=str(tmp_path))
    assert not old.exists()
