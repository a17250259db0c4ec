"""What ships and can be picked: scenario files, and ready-made designs to put into them.

A scenario goes by its path below ``scenarios/`` without the ending. A design is an arm of an
experiment that starts from the scenario, or a file of the libraries of institutions and instruments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.experiments.experiment import ExperimentFile
from model.scenario import load_document, parse_document
from model.scenario.faults import Fault, InputError, suggest
from model.scenario.toml import Table

FOLDER = Path(__file__).parents[2] / "scenarios"
SHELVES = ("worlds", "cases", "patterns/worlds")
"""Folders of scenarios, the ones that are told as a story first."""

AS_FILED = ""
"""The design of a scenario as its file says it."""


@dataclass(frozen=True)
class Ready:
    """A ready-made design: what an experiment lays over the scenario from which it starts."""

    key: str  # experiment.arm
    title: str
    overlay: Table
    baseline: bool  # whether its experiment holds the others against it


@lru_cache(maxsize=1)
def shipped() -> dict[str, str]:
    """Key of each shipped scenario -> its title."""
    found = {}
    for shelf in SHELVES:
        for path in sorted((FOLDER / shelf).glob("*.toml")):
            data = load_document(path).data
            if "title" in data and "sectors" in data:  # a world, no layer to be laid over one
                found[path.relative_to(FOLDER).with_suffix("").as_posix()] = str(data["title"])
    return found


def path_of(key: str) -> Path:
    """The file of a shipped scenario."""
    return FOLDER / f"{key}.toml"


def key_of(path: Path) -> str:
    """The key of a file that ships; "" for any other."""
    try:
        key = path.resolve().relative_to(FOLDER.resolve()).with_suffix("").as_posix()
    except ValueError:
        return ""
    return key if key in shipped() else ""


@lru_cache(maxsize=8)
def ready_made(path: Path) -> dict[str, Ready]:
    """The designs of all experiments that start from a scenario file, by key."""
    found: dict[str, Ready] = {}
    for file in sorted((FOLDER / "experiments").glob("*.toml")):
        document = load_document(file)
        spec = parse_document(document, ExperimentFile)
        if (file.parent / spec.base).resolve() != path.resolve():
            continue
        for name, arm in spec.arms.items():
            key, title = f"{file.stem}.{name}", arm.title or name.replace("_", " ")
            found[key] = Ready(key, title, arm.overlay, name == spec.baseline)
    return found


@lru_cache(maxsize=2)
def shelf_of(kind: str) -> dict[str, tuple[str, Table]]:
    """``institutions`` or ``instruments`` of the library: name -> title and table."""
    tables = {
        path.stem: load_document(path).data for path in sorted((FOLDER / kind).glob("*.toml"))
    }
    return {name: (str(table.get("title", name)), table) for name, table in tables.items()}


def pick(key: str) -> Path:
    """The file of a shipped scenario; InputError, naming those alike, if there is none."""
    if key not in shipped():
        raise InputError(Fault("view", "scenario", key, "does not ship", suggest(key, shipped())))
    return path_of(key)
