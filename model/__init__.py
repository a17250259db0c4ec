"""Highroad: how small firms in clusters and value chains learn and upgrade.

    from highroad import load, simulate, compare, UpgradingModel

    world = load("four_wine_regions")                         # a validated, frozen Scenario
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
    "load": ".scenario",
    "Scenario": ".scenario.schema",
    "InputError": ".scenario.faults",
    "simulate": ".records.records",
    "Records": ".records.records",
    "compare": ".experiments.compare",
    "sweep": ".experiments.sweep",
    "sensitivity": ".experiments.sensitivity.run",
    "UpgradingModel": ".mesa_model",
    "SME": ".agents",
    "LeadFirm": ".agents",
    "BridgingInstitution": ".agents",
}
__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name], __name__), name)
