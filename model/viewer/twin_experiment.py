"""Two designs of the page as an experiment in files, which ``run.py compare`` runs like any other."""

from __future__ import annotations

from typing import Any

from model.experiments.experiment import ExperimentFile
from model.language import noted, say, say_name
from model.measures.measure_names import BREADTHS
from model.scenario.files import dump_toml
from model.scenario.toml import Table
from model.viewer.design import DesignDraft
from model.viewer.library import spec_of
from model.wording.numbers import quoted

WORLD, EXPERIMENT = "world.toml", "experiment.toml"
_USUAL = (
    *((breadth, title, "higher") for breadth, title in BREADTHS.items()),
    ("process", noted("Process upgrading"), "higher"),
    ("product", noted("Product upgrading"), "higher"),
    ("functional", noted("Functional upgrading"), "higher"),
    ("gini", noted("Inequality of practices mastered (Gini)"), "lower"),
    ("workers", noted("Jobs"), "higher"),
    ("wage", noted("Wage"), "higher"),
    ("exports", noted("Exports"), "higher"),
)
"""What is compared where neither design belongs to an experiment: measure, title, which way is good."""


def experiment_files(one: DesignDraft, other: DesignDraft) -> dict[str, str]:
    """The files by name. The world is what both designs share, and each is an arm laid over it.

    Outcomes are those of the experiment that a design comes from.
    """
    first, second = one.document.data, other.document.data
    world = shared(first, second)
    title = say(
        "{design} beside {what_there_is}: {world}",
        design=other.title, what_there_is=one.title.lower(), world=one.scenario.title,
    )  # fmt: skip
    experiment: Table = {
        "title": title,
        "question": say(
            "What does {design} change, beside {what_there_is}?",
            design=quoted(other.title),
            what_there_is=quoted(one.title),
        ),
        "source": say("two designs that were looked at in the browser"),
        "base": WORLD,
        "baseline": "a",
        **_outcomes(one, other),
        "arms": {
            "a": {"title": f"A: {one.title}", "overlay": beyond(world, first)},
            "b": {"title": f"B: {other.title}", "overlay": beyond(world, second)},
        },
    }
    return {WORLD: dump_toml(world), EXPERIMENT: dump_toml(experiment)}


def _outcomes(one: DesignDraft, other: DesignDraft) -> Table:
    ready = next((design.ready for design in (other, one) if design.ready), "")
    if not ready:
        usual = [
            {"measure": m, "title": say_name(title), "better": way} for m, title, way in _USUAL
        ]
        return {"outcomes": usual}
    spec: ExperimentFile = spec_of(ready)
    outcomes = [outcome.model_dump(exclude_defaults=True) for outcome in spec.outcomes]
    return {"outcomes": outcomes} | ({"primary": spec.primary} if spec.primary else {})


def shared(one: Table, other: Table) -> Table:
    """What two tables have in common; where they differ in a value, that of the first."""
    return {
        name: shared(value, other[name]) if _tables(value, other[name]) else value
        for name, value in one.items()
        if name in other
    }


def beyond(base: Table, whole: Table) -> Table:
    """What a table says that the base doesn't: laid over the base, it gives the table."""
    found: Table = {}
    for name, value in whole.items():
        if name not in base:
            found[name] = value
        elif _tables(value, base[name]):
            if deeper := beyond(base[name], value):
                found[name] = deeper
        elif value != base[name]:
            found[name] = value
    return found


def _tables(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)
