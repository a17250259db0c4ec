"""Scenario files that come with the model, by name, wherever it is installed.

``highroad:sectors/traditional`` is the file ``sectors/traditional.toml`` of them, in ``extends``, in ``base``
and on the command line. From Python and on the command line a stem that is there once, such as
``four_wine_regions``, will do.
"""

from __future__ import annotations

import re
from pathlib import Path

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED_FILES = "highroad:"
"""What a path begins with that means a file that ships."""
_NAMED = re.compile(rf"(?:^|[\\/]){SHIPPED_FILES}([\w-]+(?:/[\w-]+)*)(?:\.toml)?$")
_STEM = re.compile(r"[\w-]+")


def named(path: Path) -> Path:
    """The file that ships where a path ends in ``highroad:NAME``; else the path as it is."""
    found = _NAMED.search(path.as_posix())
    return SCENARIOS / f"{found[1]}.toml" if found else path


def with_stem(path: Path) -> Path:
    """The one shipped file of a stem, where no file has this path; else the path as it is."""
    stem = str(path)
    if not _STEM.fullmatch(stem) or path.exists():
        return path
    found = list(SCENARIOS.rglob(f"{stem}.toml"))
    return found[0] if len(found) == 1 else path
