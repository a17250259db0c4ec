"""What is committed works anywhere: no folder of one machine, no address of a package index."""

import re
from pathlib import Path

import pytest

from tests.house.committed import ROOT, committed_files

FAULTS = {
    "a folder of one machine": re.compile(
        r"(?<![\w.~-])/(?:home|root|work|Users)/\w|\b[A-Z]:\\+Users\b"
    ),
    "the address of a package index": re.compile(
        r"--?(?:extra-|default-)?index(?:-url)?[ =]+\S*https?:|--find[-]links\b"
        r"|\b(?:index-url|registry) *[:=] *[\"']?https?:|https?://[^ /\"]+/(?:simple|packages)/"
    ),
}
LOCK_FILES = {"uv.lock", "poetry.lock", "pylock.toml"}


def faults(text: str) -> list[str]:
    return [
        f"line {number}: {name}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for name, pattern in FAULTS.items()
        if pattern.search(line)
    ]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return committed_files()


def test_no_path_or_index_of_one_machine(files: list[Path]):
    found = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture or a table in binary form
            continue
        found += [f"{path.relative_to(ROOT)}, {fault}" for fault in faults(text)]
    assert found == []


def test_no_lock_file(files: list[Path]):
    assert LOCK_FILES.isdisjoint(path.name for path in files)


@pytest.mark.parametrize(
    "line",
    [
        "data = '/" + "home/ana/highroad'",
        "python = C:" + r"\Users\ana",
        "uv sync --index" + "-url https://mirror.example",
        "registry " + '= "https://mirror.example"',
        "https://mirror.example/" + "simple/numpy",
    ],
)
def test_a_planted_fault_is_seen(line: str):
    assert faults(line)


@pytest.mark.parametrize("line", ["docs/home/notes", "https://docs.python.org/3/", "results/home"])
def test_an_innocent_line_passes(line: str):
    assert faults(line) == []
