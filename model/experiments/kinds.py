"""The kinds of files that ask questions, and what a file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.experiments.experiment import ExperimentFile, load_experiment
from model.experiments.patterns.files import PatternFile, load_patterns
from model.experiments.sensitivity.study import ANALYSES, SensitivityFile, load_study
from model.experiments.sweep import SweepFile, load_sweep
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document
from model.scenario.faults import Fault, InputError, suggest
from model.scenario.files import to_json_schema

KINDS: dict[str, type[Section]] = {
    "scenario": Scenario,
    "experiment": ExperimentFile,
    "sweep": SweepFile,
    "sensitivity": SensitivityFile,
    "pattern": PatternFile,
}


def check_file(path: Path | str) -> str:
    """Validate a file of any kind and return what it is; InputError with every fault."""
    document = load_document(path)
    if "arms" in document.data or "factors" in document.data:
        load_experiment(path)
        return "experiment"
    if "patterns" in document.data:
        load_patterns(path)
        return "pattern file"
    if document.data.keys() & set(ANALYSES):
        load_study(path)
        return "sensitivity file"
    if "vary" in document.data:
        load_sweep(path)
        return "sweep"
    parse_document(document, Scenario)
    return "scenario"


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors."""
    if kind not in KINDS:
        raise InputError(Fault("schema", "", kind, "is no kind of file", suggest(kind, KINDS)))
    return to_json_schema(KINDS[kind])
