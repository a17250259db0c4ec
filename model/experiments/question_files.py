"""The kinds of files that ask questions, and what a file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.experiments.experiment import ExperimentFile, load_experiment
from model.experiments.patterns.pattern_files import PatternFile, load_patterns
from model.experiments.search.search_file import SearchFile, load_search
from model.experiments.sensitivity.study import ANALYSES, SensitivityFile, load_study
from model.experiments.sweep_file import SweepFile, load_sweep
from model.experiments.trials.trial_file import TrialFile, load_trial
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document
from model.scenario.chain_keys import Chain
from model.scenario.community_keys import Community
from model.scenario.expected import known_keys
from model.scenario.faults import Fault, InputError, suggest
from model.scenario.files import check_fragment, to_json_schema
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.scenario.sector_keys import Sector

KINDS: dict[str, type[Section]] = {
    "scenario": Scenario,
    "experiment": ExperimentFile,
    "sweep": SweepFile,
    "sensitivity": SensitivityFile,
    "pattern": PatternFile,
    "trial": TrialFile,
    "search": SearchFile,
    "institution": Institution,
    "instrument": Instrument,
    "sector": Sector,
    "community": Community,
    "chain": Chain,
    "overlay": Scenario,
}
FRAGMENTS = ("institution", "instrument", "sector", "community", "chain", "overlay")
"""Kinds of files that no one runs: whole files extend them, and may say what they leave out.

An overlay holds some tables of a scenario, and lacks sectors or communities.
"""


@dataclass(frozen=True)
class Checked:
    """What a valid file is."""

    kind: str
    worlds: dict[str, Scenario]
    """The worlds that it asks about, by name of arm or world or number of a point; none of a part."""


@dataclass(frozen=True)
class OtherKind:
    """A kind of file that is read above the model: its name, the tables that tell it, what validates it."""

    name: str
    tables: frozenset[str]
    validate: Callable[[Path], None]
    """Raises InputError with every fault."""


def check_file(path: Path | str, others: Iterable[OtherKind] = ()) -> Checked:
    """Validate a file of any kind, ``others`` among them; InputError with every fault."""
    document = load_document(path)
    for other in others:
        if document.data.keys() & other.tables:
            other.validate(Path(path))
            return Checked(other.name, {})
    if document.data.keys() & {"pool", "headline"}:
        load_trial(path)  # its institutions stay closed until an arm opens them: nothing to warn of
        return Checked("trial", {})
    if document.data.keys() & {"choose", "aims"}:
        return Checked("search", {"": load_search(path, check_only=True).world})
    if "patterns" in document.data:
        return Checked("pattern file", dict(load_patterns(path).worlds))
    if document.data.keys() & set(ANALYSES):
        study = load_study(path, edges_only=True)
        return Checked("sensitivity file", {"": study.arm or study.world})
    if "vary" in document.data and "arms" not in document.data:
        points = load_sweep(path, edges_only=True).points
        return Checked("sweep", {str(place): point.scenario for place, point in enumerate(points)})
    kind = "experiment" if "arms" in document.data else _likest(document.data)
    if kind == "experiment":
        return Checked(kind, load_experiment(path, check_only=True).scenarios)
    if kind in FRAGMENTS:
        check_fragment(document, KINDS[kind])
        return Checked(kind, {})
    return Checked(kind, {"": parse_document(document, Scenario)})


def _likest(data: dict[str, Any]) -> str:
    """The kind that knows most of a file's own tables and keys."""
    shared = {
        kind: len(data.keys() & known_keys(KINDS[kind]).keys())
        for kind in ("scenario", *FRAGMENTS, "experiment")
    }
    kind = max(shared, key=lambda kind: shared[kind])
    whole = {"sectors", "communities"} <= data.keys() or not shared["scenario"]
    return "overlay" if kind == "scenario" and not whole else kind


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors."""
    if kind not in KINDS:
        raise InputError(Fault("schema", "", kind, "is no kind of file", suggest(kind, KINDS)))
    return to_json_schema(KINDS[kind])
