"""The kinds of files that ask questions, and what a file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.experiments.experiment import ExperimentFile, load_experiment
from model.experiments.patterns.pattern_files import PatternFile, load_patterns
from model.experiments.sensitivity.study import ANALYSES, SensitivityFile, load_study
from model.experiments.sweep import SweepFile, load_sweep
from model.experiments.trials.trial_file import TrialFile, load_trial
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document
from model.scenario.expected import known_keys
from model.scenario.faults import Fault, InputError, suggest
from model.scenario.files import Document, check_fragment, to_json_schema
from model.scenario.schema import Community, Institution, Instrument, Sector

KINDS: dict[str, type[Section]] = {
    "scenario": Scenario,
    "experiment": ExperimentFile,
    "sweep": SweepFile,
    "sensitivity": SensitivityFile,
    "pattern": PatternFile,
    "trial": TrialFile,
    "institution": Institution,
    "instrument": Instrument,
    "sector": Sector,
    "community": Community,
}
FRAGMENTS = ("institution", "instrument", "sector", "community")
"""Kinds of files that no one runs: whole files extend them, and may say what they leave out."""


def check_file(path: Path | str) -> str:
    """Validate a file of any kind and return what it is; InputError with every fault."""
    document = load_document(path)
    if document.data.keys() & {"pool", "headline"}:
        load_trial(path)
        return "trial"
    if "arms" in document.data or "factors" in document.data:
        load_experiment(path)
        return "experiment"
    if "patterns" in document.data:
        load_patterns(path)
        return "pattern file"
    if document.data.keys() & set(ANALYSES):
        load_study(path, edges_only=True)
        return "sensitivity file"
    if "vary" in document.data:
        load_sweep(path, edges_only=True)
        return "sweep"
    kind = max(("scenario", *FRAGMENTS), key=lambda kind: _shared(document, kind))
    if kind in FRAGMENTS:
        check_fragment(document, KINDS[kind])
    else:
        parse_document(document, Scenario)
    return kind


def _shared(document: Document, kind: str) -> int:
    """How many of a file's own tables and keys are those of a kind."""
    return len(document.data.keys() & known_keys(KINDS[kind]).keys())


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors."""
    if kind not in KINDS:
        raise InputError(Fault("schema", "", kind, "is no kind of file", suggest(kind, KINDS)))
    return to_json_schema(KINDS[kind])
