"""Compiled code is kept where only the user can have put it, and not for ever."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.code_folder import code_folder, sweep

ROOT = Path(__file__).parents[1]
NAME = "0123456789abcdef"
posix = pytest.mark.skipif(os.name == "nt", reason="folders have no mode there")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is named as the one for compiled code."""
    monkeypatch.setenv("HIGHROAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_folder_is_closed_to_others_whatever_the_mask(cache: Path, mask: int):
    before = os.umask(mask)
    try:
        folder = code_folder(NAME)
    finally:
        os.umask(before)
    assert folder == cache / "highroad" / NAME
    assert mode(folder) == mode(folder.parent) == 0o700
    assert code_folder(NAME) == folder


@posix
@pytest.mark.parametrize("wrong", [0o777, 0o770, 0o755, 0o701])
def test_a_folder_that_is_open_to_others_is_refused(cache: Path, wrong: int, capsys):
    folder = cache / "highroad" / NAME
    folder.mkdir(parents=True)
    folder.chmod(wrong)
    assert code_folder(NAME) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{wrong:04o}" in line
    assert str(folder) in line
    assert "HIGHROAD_CACHE" in line
    assert not list(folder.iterdir())


@posix
def test_a_folder_in_one_that_others_may_write_is_refused(cache: Path, capsys):
    (cache / "highroad").mkdir(parents=True)
    (cache / "highroad").chmod(0o777)
    assert code_folder(NAME) is None
    assert "0777" in capsys.readouterr().err


@posix
@pytest.mark.parametrize("level", ["highroad", f"highroad/{NAME}"])
def test_a_folder_of_another_user_is_refused(cache: Path, level: str, monkeypatch, capsys):
    """Another user made the folder before we did, closed as ours would be."""
    code_folder(NAME)
    stranger, honest = cache / level, Path.stat

    def planted(path: Path, **how: bool) -> os.stat_result:
        found = honest(path, **how)
        if path != stranger:
            return found
        return os.stat_result((*found[:4], os.getuid() + 1, *found[5:]))

    monkeypatch.setattr(Path, "stat", planted)
    assert code_folder(NAME) is None
    assert "another user" in capsys.readouterr().err


@posix
def test_another_users_link_to_a_folder_of_ours_is_refused(cache: Path, monkeypatch, capsys):
    (cache / "highroad").mkdir(parents=True, mode=0o700)
    elsewhere = cache / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (cache / "highroad" / NAME).symlink_to(elsewhere)
    honest = Path.lstat

    def planted(path: Path) -> os.stat_result:
        found = honest(path)
        return os.stat_result((*found[:4], os.getuid() + stat.S_ISLNK(found.st_mode), *found[5:]))

    monkeypatch.setattr(Path, "lstat", planted)
    assert code_folder(NAME) is None
    assert "another user" in capsys.readouterr().err


# A function of Python's, and whether its machine code was kept.
WHAT = """
import numpy as np
from model.compiler import cold
from model.machine_code import CACHE
from model.theory.practices import any_one_of
print(any_one_of(np.int64(0b1110), np.uint64(0)), CACHE, cold())
"""


def run(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "HIGHROAD_"))}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, text=True, capture_output=True,
        env=env | {"PYTHONPATH": str(ROOT)} | variables,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


@posix
def test_without_a_safe_folder_code_is_compiled_and_not_kept(tmp_path: Path):
    (tmp_path / "highroad").mkdir(mode=0o777)
    (tmp_path / "highroad").chmod(0o777)
    done = run(WHAT, HIGHROAD_CACHE=str(tmp_path))
    assert done.stdout.split() == ["2", "None", "True"]
    assert len(done.stderr.splitlines()) == 1
    assert "is not kept" in done.stderr
    assert not list(tmp_path.rglob("*.nbi"))


@pytest.fixture
def blocked(tmp_path: Path) -> dict[str, str]:
    """Variables of a process that can't write its cache, and has a temporary folder of its own."""
    (tmp_path / "a file, not a folder").write_text("")
    (tmp_path / "temporary").mkdir()
    return {
        "HIGHROAD_CACHE": str(tmp_path / "a file, not a folder"),
        "TMPDIR": str(tmp_path / "temporary"),
    }


def test_a_temporary_folder_has_a_name_that_nobody_knows_and_goes_in_the_end(blocked):
    done = [run(WHAT, **blocked) for _ in range(2)]
    places = [Path(each.stdout.split()[1]) for each in done]
    assert places[0] != places[1]
    for each, place in zip(done, places, strict=True):
        assert place.is_relative_to(blocked["TMPDIR"])
        assert "until this run ends" in each.stderr
    assert not list(Path(blocked["TMPDIR"]).glob("highroad-*"))


# Spawned anew, as worker processes are
CHILD = """
import subprocess, sys
from model.machine_code import CACHE
child = subprocess.run([sys.executable, "-c", "from model.machine_code import CACHE; print(CACHE)"],
                       capture_output=True, text=True)
print(child.stdout.strip() == str(CACHE) and not child.stderr, CACHE.stat().st_mode & 0o777)
"""


def test_processes_that_it_starts_share_the_temporary_folder(blocked):
    assert run(CHILD, **blocked).stdout.split() == ["True", str(0o700)]


def test_where_nothing_can_be_written_nothing_is_kept(blocked):
    nowhere = (
        "import tempfile\ndef none(**_): raise OSError(28, 'No space')\ntempfile.mkdtemp = none"
    )
    done = run(nowhere + WHAT, **blocked)
    assert done.stdout.split()[:2] == ["2", "None"]
    assert "kept nowhere" in done.stderr


def test_without_a_folder_of_its_own_the_cache_lies_in_the_users(tmp_path, monkeypatch):
    monkeypatch.delenv("HIGHROAD_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert code_folder(NAME) == tmp_path / "home" / ".cache" / "highroad" / NAME
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert code_folder(NAME) == tmp_path / "xdg" / "highroad" / NAME


def folders(caches: Path, idle_days: list[float]) -> list[Path]:
    """Cache folders of other sources, last used so many days ago."""
    made = []
    for number, days in enumerate(idle_days):
        folder = caches / f"{number:016x}"
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


def test_a_new_folder_sweeps(cache: Path):
    (old,) = folders(cache / "highroad", [40])
    code_folder(NAME)
    assert not old.exists()
