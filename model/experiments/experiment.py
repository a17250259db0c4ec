"""Experiment files: a base world, arms that say only what differs, outcomes to compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from model.experiments.patterns import PatternFile, load_patterns
from model.measures import BY_NAME
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import Fault, InputError, Misfit, MisfitError, show_path, suggest
from model.scenario.files import Document, to_json_schema
from model.scenario.layers import origins_of, overlay
from model.scenario.schema import Name


class Outcome(Section):
    """A measure to compare, of all communities together, at the end of the run."""

    measure: str = Field(description="name of a measure")
    title: str = Field("", description="what to call it; default: its name")
    better: Literal["higher", "lower"] = Field("higher", description="which way is good")

    @field_validator("measure")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in BY_NAME:
            raise MisfitError(Misfit((), "is no measure", suggest(name, BY_NAME)))
        return name


class Arm(Section):
    """One of the alternatives: what differs from the base world."""

    title: str = Field("", description="what to call it; default: its key")
    overlay: dict[str, Any] = Field({}, description="tables laid over the base world")


class ExperimentFile(Section):
    """An experiment as its file says it."""

    title: str = Field(description="one line that says what is compared")
    question: str = Field("", description="the question that the comparison answers")
    source: str = Field("", description="what it is drawn from")
    base: str = Field(description="scenario file that all arms share, relative to this file")
    baseline: Name = Field(description="the arm with which the others are compared")
    arms: dict[Name, Arm] = Field(min_length=2, description="alternatives by name")
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="measures to compare")

    @model_validator(mode="after")
    def _baseline_is_an_arm(self) -> ExperimentFile:
        if self.baseline not in self.arms:
            raise MisfitError(Misfit(("baseline",), "is no arm", suggest(self.baseline, self.arms)))
        return self


@dataclass(frozen=True)
class Experiment:
    """An experiment ready to run: each arm a complete scenario."""

    path: Path
    spec: ExperimentFile
    scenarios: dict[str, Scenario]

    def title_of(self, arm: str) -> str:
        """What to call an arm in tables and figures."""
        return self.spec.arms[arm].title or arm.replace("_", " ")


def load_experiment(path: Path | str, settings: Iterable[str] = ()) -> Experiment:
    """Read an experiment file; ``key=value`` settings are laid over every arm.

    Raises InputError with one line for every fault in the file, its base or an arm.
    """
    document = load_document(path)
    spec = parse_document(document, ExperimentFile)
    base = set_values(load_document(document.path.parent / spec.base), settings)
    parse_document(base, Scenario)
    scenarios, faults = {}, []
    for name, arm in spec.arms.items():
        try:
            scenarios[name] = parse_document(_laid_over(base, arm.overlay, document), Scenario)
        except InputError as error:
            here = show_path(document.path)
            faults += [
                replace(f, key=f"arms.{name}.overlay.{f.key}") if f.file == here else f
                for f in error.faults
            ]
    if faults:
        raise InputError(*faults)
    return Experiment(document.path, spec, scenarios)


def _laid_over(base: Document, change: dict[str, Any], experiment: Document) -> Document:
    origins = base.origins | origins_of(change, experiment.path)
    files = base.files + experiment.files
    return replace(base, data=overlay(base.data, change), origins=origins, files=files)


KINDS: dict[str, type[Section]] = {
    "scenario": Scenario,
    "experiment": ExperimentFile,
    "pattern": PatternFile,
}


def check_file(path: Path | str) -> str:
    """Validate a file of any kind and return what it is; InputError with every fault."""
    document = load_document(path)
    if "arms" in document.data:
        load_experiment(path)
        return "experiment"
    if "patterns" in document.data:
        load_patterns(path)
        return "pattern file"
    parse_document(document, Scenario)
    return "scenario"


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors."""
    if kind not in KINDS:
        raise InputError(Fault("schema", "", kind, "is no kind of file", suggest(kind, KINDS)))
    return to_json_schema(KINDS[kind])
