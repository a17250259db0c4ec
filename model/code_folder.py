"""Where compiled code is kept between runs: a folder that nobody but the user can have filled.

What is read back is machine code, with an index that Python unpickles: to load it is to run it. So the
folder has to belong to the user and be closed to all others (mode 0700). One that is not is refused, and
the code is compiled anew in every run. Where the user's own place can't be written, a temporary folder
that nobody can guess serves this run and the processes that it starts.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from multiprocessing import parent_process
from pathlib import Path

VARIABLE = "HIGHROAD_CACHE"
_DAY = 24 * 3600.0  # seconds
_UNUSED = 30 * _DAY  # a folder that nobody used for so long goes
_KEPT = 16  # and of those used within a month, all but the last used
_USED = "writable"  # a file in each folder, touched at every start
_OURS = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def code_folder(name: str) -> Path | None:
    """The folder for the code of this name; None where there is no safe one.

    It lies in ``HIGHROAD_CACHE``, or else in the user's cache folder.
    """
    home = os.environ.get(VARIABLE) or os.environ.get("XDG_CACHE_HOME")
    place = (Path(home) if home else Path.home() / ".cache") / "highroad"
    folder = place / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(_OURS, exist_ok=True)
        if not _closed(place, _OTHERS_WRITE):
            return None
        new = not folder.exists()
        folder.mkdir(_OURS, exist_ok=True)
        if not _closed(folder, 0o077):
            return None
        (folder / _USED).touch()
        if new:
            sweep(place)
    except OSError as error:
        return _temporary(place, name, error)
    return folder


def _closed(folder: Path, shut: int) -> bool:
    """Whether a folder is the user's, with none of these rights for others; says so if it isn't."""
    if os.name == "nt":  # folders below a user's own are closed to others there
        return True
    found, link = folder.stat(), folder.lstat()
    owners, mode = {found.st_uid, link.st_uid}, stat.S_IMODE(found.st_mode)
    if owners == {os.getuid()} and not mode & shut:
        return True
    whose = "" if owners == {os.getuid()} else "belongs to another user, "
    _say(
        f"Compiled code is not kept: {folder} {whose}has mode {mode:04o}, so others may have filled "
        f"it. Remove it, or set {VARIABLE} to a folder of your own."
    )
    return False


def _temporary(place: Path, name: str, error: OSError) -> Path | None:
    """A folder for this run and the processes that it starts, gone when it ends."""
    try:
        base = Path(tempfile.mkdtemp(prefix="highroad-"))
        folder = base / "highroad" / name
        folder.parent.mkdir(_OURS)
        folder.mkdir(_OURS)
    except OSError:
        folder = None
    kept = "until this run ends" if folder else "nowhere"
    _say(
        f"Compiled code is kept {kept}: {place} can't be written ({error.strerror}). "
        f"Set {VARIABLE} to a folder of your own."
    )
    if folder:
        os.environ[VARIABLE] = str(base)  # for the processes that this one starts
        atexit.register(shutil.rmtree, base, ignore_errors=True)
    return folder


def _say(line: str) -> None:
    if parent_process() is None:  # once, not once a worker
        sys.stderr.write(line + "\n")


def sweep(caches: Path) -> None:
    """Remove the folders of compiled code that nobody used for a month, or more than a few.

    One used in the last day stays, since a process may be at it. A folder is renamed before it is
    emptied, so that no process finds half of one.
    """

    def used(folder: Path) -> float:
        return (folder / _USED).stat().st_mtime

    marked = (path.parent for path in caches.glob(f"*/{_USED}"))
    folders = sorted((f for f in marked if re.fullmatch("[0-9a-f]{12,16}", f.name)), key=used)
    for place, folder in enumerate(reversed(folders)):
        idle = time.time() - used(folder)
        if idle > _UNUSED or (place >= _KEPT and idle > _DAY):
            doomed = folder.rename(folder.with_name(f"{folder.name}.{os.getpid()}"))
            shutil.rmtree(doomed, ignore_errors=True)
