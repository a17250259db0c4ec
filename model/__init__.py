"""Highroad: how small firms in clusters and value chains learn and upgrade.

    from model import load, simulate, compare, UpgradingModel

    world = load("scenarios/worlds/four_wine_regions.toml")   # a validated, frozen Scenario
    records = simulate(world, replicates=20, seed=1)          # .series .firms .ledger .manifest
    effects = compare("scenarios/experiments/institutions.toml")
    table = sweep("scenarios/sweeps/budget_and_ties.toml")
    model = UpgradingModel(world, rng=1); model.step()        # a Mesa model

Names are imported when first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "load": "model.scenario",
    "Scenario": "model.scenario.schema",
    "InputError": "model.scenario.faults",
    "simulate": "model.records.records",
    "Records": "model.records.records",
    "compare": "model.experiments.compare",
    "sweep": "model.experiments.sweep",
    "sensitivity": "model.experiments.sensitivity.run",
    "UpgradingModel": "model.mesa_model",
    "SME": "model.agents",
    "LeadFirm": "model.agents",
    "BridgingInstitution": "model.agents",
}
__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
