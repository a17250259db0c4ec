"""What it takes to make a result again, read from its manifest, as terms and folded text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.language import noted, say, say_many, say_name
from model.report.webpage.document import Fold
from model.scenario.toml import dump_toml
from model.wording.numbers import counted, fixed, general, titled

_OF_A_STUDY = (noted("Base"), noted("Arm"))
"""What a sensitivity study calls its worlds, for the catalogues."""


def command_of(manifest: Mapping[str, Any]) -> str:
    """The command to run again."""
    return str(manifest.get("command", ""))


def provenance(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Terms and values: seed, versions, source hash, platform, runs."""
    scenarios = scenarios_of(manifest)
    seeds = sorted({int(s["run"]["seed"]) for s in scenarios.values()})
    versions = manifest.get("versions", {})
    told = [
        (say("Seed"), ", ".join(map(str, seeds)) or str(manifest.get("seed") or "")),
        (say("Runs"), fixed(manifest["runs"], 0) if "runs" in manifest else ""),
        (say("Source hash"), str(manifest.get("source", ""))),
        (say("Versions"), ", ".join(f"{name} {number}" for name, number in versions.items())),
        (say("Platform"), str(manifest.get("platform", ""))),
    ]
    return [(term, text) for term, text in told if text]


def scenarios_of(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every resolved scenario of a manifest by its label."""
    if "base" in manifest:
        return {"base": manifest["base"]}
    return dict(manifest.get("scenarios", {}))


def ticks_of(manifest: Mapping[str, Any]) -> int:
    """Quarters that a run lasts."""
    return int(next(iter(scenarios_of(manifest).values()))["run"]["ticks"])


def years(manifest: Mapping[str, Any]) -> str:
    """How long a run lasts: ``20 years``."""
    from model.engine.tick import QUARTERS

    ticks = ticks_of(manifest)
    return say_many("{n} year", "{n} years", -(-ticks // QUARTERS), n=general(ticks / QUARTERS))


def horizon(manifest: Mapping[str, Any]) -> str:
    """How long a run lasts: ``80 quarters (20 years)``."""
    return f"{counted(ticks_of(manifest), 'quarter')} ({years(manifest)})"


_ASKED = {
    "experiment": noted("The experiment file, with what it extends"),
    "patterns": noted("The pattern files, with what they extend"),
    "sweep": noted("The sweep file, with what it extends"),
    "search": noted("The search file, with what it extends"),
    "sensitivity": noted("The sensitivity file, with what it extends"),
}


def folds(manifest: Mapping[str, Any], asked: str = "") -> list[Fold]:
    """Scenarios in full, as the TOML that runs them, and the file that asked (a key of the manifest)."""
    found = []
    if asked in manifest:
        found.append(Fold(say(_ASKED[asked]), dump_toml(manifest[asked])))
    for label, scenario in scenarios_of(manifest).items():
        name = titled(label)
        name = say_name(name) if "sensitivity" in manifest else name  # else the file says it
        title = say("Scenario in full: {label}", label=name)
        found.append(Fold(title, dump_toml(scenario)))
    return found
