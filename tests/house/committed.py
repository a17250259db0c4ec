"""The files of the project, as git lists them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def committed_files() -> list[Path]:
    """Every file that is tracked or would be by the next `git add`; skips where there is no git checkout."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout: nothing says which files are committed")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]
