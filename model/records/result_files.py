"""Writing results so that what looks whole is whole.

A folder of results is made beside its final name and moved there at once; an interrupted run leaves
what was there before, and what a killed one left is swept at the next start.
The manifest says how to make the results again.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from model.records.exact_numbers import exactly
from model.scenario.faults import Fault, InputError, show_path

MANIFEST = "manifest.json"


@contextmanager
def results_folder(target: Path) -> Iterator[Path]:
    """A new folder that replaces ``target`` when the block ends well, and vanishes if it does not.

    An existing folder is replaced only if it holds results (a manifest) or nothing. Raises
    InputError if that isn't so or the place can't be written.
    """
    target = target.absolute()
    sweep_leftovers(target)
    work = _beside(target)
    try:
        yield work
        old = None
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=_working(target, "old"), dir=target.parent)) / "old"
            target.rename(old)
        work.chmod(0o755)
        work.rename(target)
        if old:
            shutil.rmtree(old.parent)
    except OSError as error:
        raise _unusable(target, f"can't be written ({error.strerror})", "free some room") from None
    finally:
        if work.exists():
            shutil.rmtree(work, ignore_errors=True)


def _working(target: Path, what: str) -> str:
    """How the working folders of this process are called: whose they are can be read from the name."""
    return f".{target.name}-{what}-{platform.node()}-{os.getpid()}-"


def sweep_leftovers(target: Path) -> None:
    """Remove working folders that a killed process of this machine left beside ``target``.

    Results that it had put aside for new ones that never came are put back.
    """
    left = re.compile(
        rf"\.{re.escape(target.name)}-(new|old)-{re.escape(platform.node())}-(\d+)-\w+"
    )
    try:
        beside = sorted(target.parent.iterdir())
    except OSError:
        return
    for folder in beside:
        found = left.fullmatch(folder.name)
        if not found or _alive(int(found[2])):
            continue
        if (folder / "old").is_dir() and not target.exists():
            with suppress(OSError):
                (folder / "old").rename(target)
        shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether a process of that number runs; also where it can't be known."""
    if os.name != "posix":
        return True  # a signal there would end it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def check_writable(target: Path) -> None:
    """Raise InputError now rather than after hours if results can't go to ``target``."""
    target = target.absolute()
    sweep_leftovers(target)
    _beside(target).rmdir()


def _beside(target: Path) -> Path:
    """A new, empty folder beside ``target``; InputError if results can't go there."""
    _check_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_working(target, "new"), dir=target.parent))
    except OSError as error:
        problem = f"can't be written ({error.strerror})"
        raise _unusable(target, problem, "give another --out") from None


def _check_replaceable(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise _unusable(target, "is a file, not a folder", "give another --out")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).exists():
        raise _unusable(target, "holds files that are no results", "give an empty or new --out")


TEXT_COLUMNS = frozenset(
    (
        "against", "against_title", "analysis", "arm", "arm_title", "better", "case", "claim",
        "cluster", "community", "community_title", "component", "conditions", "design", "dimension",
        "error", "expectation", "factor", "factor_title", "file", "from", "from_title", "group",
        "kind", "level", "lost", "measure", "mechanism", "note", "order", "other", "other_title",
        "outcome", "outcome_title", "pattern", "remark", "scenario", "sector", "setting", "source",
        "strategy", "theory", "theory_title", "third", "title", "to", "to_title", "unit", "verdict",
        "what", "what_title", "with_factor", "with_level", "world", "worst_theory",
    )
)  # fmt: skip
"""Columns of tables that hold names and words, whatever those look like."""


def write_table(
    frame: pd.DataFrame,
    folder: Path,
    name: str,
    parquet: bool = True,
    inputs: Iterable[str] = (),
) -> None:
    """Write a table as ``name.csv``, and as ``name.parquet`` where asked.

    In the text results have six significant digits; columns of ``inputs``, which say what was asked, have
    as many as tell each value from any other.
    """
    exact = {
        str(column): frame[column].map(exactly)
        for column in inputs
        if column in frame and frame[column].dtype.kind == "f"
    }
    frame.assign(**exact).to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")
    if parquet:
        write_parquet(frame, folder, name)


def read_table(folder: Path, name: str, text: Iterable[str] = ()) -> pd.DataFrame:
    """A table that ``write_table`` wrote; names are text even where they look like numbers or switches.

    ``text``: columns of names beside ``TEXT_COLUMNS``, such as factors of a sweep that have levels. Only
    what is empty is missing. FileNotFoundError if it isn't there.
    """
    names: Any = dict.fromkeys((*TEXT_COLUMNS, *text), str)
    return pd.read_csv(
        folder / f"{name}.csv", dtype=names, keep_default_na=False, na_values=[""], encoding="utf-8"
    )


def write_parquet(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a long table as ``name.parquet`` only."""
    frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")


def read_parquet(folder: Path, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table that ``write_parquet`` or ``write_table`` wrote; ``columns``: only these."""
    return pd.read_parquet(folder / f"{name}.parquet", columns=columns)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, last of all files."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)  # the order of rows decides draws
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _unusable(path: Path, problem: str, hint: str) -> InputError:
    return InputError(Fault(show_path(path), "", "", problem, hint))
