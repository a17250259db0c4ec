"""What ships and can be picked: scenario files, and ready-made designs to put into them.

A scenario goes by its path below ``scenarios/`` without the ending. A design is an arm of an
experiment that starts from the scenario, or a file of the libraries of institutions and instruments.
Beside those that ship stand the experiments that the page was given (``take_in``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.experiments.experiment import ExperimentFile, load_experiment
from model.experiments.factors import changes_of
from model.language import say
from model.scenario import load_document, parse_document
from model.scenario.faults import Fault, InputError, parse_key, suggest
from model.scenario.layers import overlay, put
from model.scenario.toml import Table
from model.wording.numbers import titled

FOLDER = Path(__file__).parents[2] / "scenarios"
SHELVES = ("worlds", "cases", "patterns/worlds")
"""Folders of scenarios, the ones that are told as a story first."""

YOURS = "yours/"
OWN: dict[str, Path] = {}
"""Experiments that the page was given, by what the keys of their arms begin with."""

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


def _experiments() -> dict[str, Path]:
    """All experiment files, by what the keys of their arms begin with; the visitor's own first."""
    return OWN | {file.stem: file for file in sorted((FOLDER / "experiments").glob("*.toml"))}


def spec_of(design: str) -> ExperimentFile:
    """What the experiment of a ready-made design asks."""
    return parse_document(load_document(_experiments()[experiment_of(design)]), ExperimentFile)


def ready_made(path: Path) -> dict[str, Ready]:
    """The designs of all experiments that start from a scenario file, by key; the visitor's own first."""
    found: dict[str, Ready] = {}
    for name, file in _experiments().items():
        base, arms = _arms_in(file, name)
        if base == path.resolve():
            found |= arms
    return found


@lru_cache(maxsize=128)
def _arms_in(file: Path, name: str) -> tuple[Path, dict[str, Ready]]:
    """The world that an experiment starts from, and its arms; ``name``: the first part of their keys."""
    document = load_document(file)
    spec = parse_document(document, ExperimentFile)
    arms = {
        arm: (alternative.title or arm.replace("_", " "), alternative.overlay)
        for arm, alternative in spec.arms.items()
    }
    for arm, row in spec.combinations().items():
        title = ", ".join(f"{titled(f)}: {spec.factors[f].title_of(v)}" for f, v in row.items())
        table: Table = overlay({}, spec.overlay)
        for change in sorted(changes_of(spec.factors, row, "factors"), key=lambda c: bool(c.key)):
            table = put(table, parse_key(change.key) if change.key else (), change.value)
        arms[arm] = title, table
    return (file.parent / spec.base).resolve(), {
        f"{name}.{arm}": Ready(f"{name}.{arm}", title, table, arm == spec.baseline)
        for arm, (title, table) in arms.items()
    }


def experiment_of(design: str) -> str:
    """The experiment that a ready-made design belongs to."""
    return design.partition(".")[0]


def is_experiment(path: Path) -> bool:
    """Whether a file compares arms on a world; InputError if it can't be read."""
    data = load_document(path).data
    return "base" in data and ("arms" in data or "factors" in data)


def take_in(path: Path) -> tuple[Path, str]:
    """Offer the arms of an experiment file; its world, and the key of its baseline.

    InputError with what is wrong in it, as ``check`` says it.
    """
    file = path.resolve()
    load_experiment(file, check_only=True)
    ships = file.parent == (FOLDER / "experiments").resolve()
    name = file.stem if ships else next((name for name, own in OWN.items() if own == file), "")
    if not name:
        stem, number = file.stem.replace(".", "_"), 1  # a dot comes before the arm
        name = f"{YOURS}{stem}"
        while name in OWN:
            number += 1
            name = f"{YOURS}{stem}_{number}"
    _arms_in.cache_clear()  # it may have been written anew
    if not ships:
        OWN[name] = file
    base, arms = _arms_in(file, name)
    return base, next(ready.key for ready in arms.values() if ready.baseline)


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
        raise InputError(
            Fault("view", "scenario", key, say("does not ship"), suggest(key, shipped()))
        )
    return path_of(key)
