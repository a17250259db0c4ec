"""Worlds in which it is known beforehand what would help: nobody learns or forgets but by what is planted."""

from __future__ import annotations

from pathlib import Path

from model.records.records import simulate
from model.records.result_files import write_manifest, write_parquet
from model.scenario import load
from model.theory.interaction import TAUGHT
from run import ROOT

WORLD = f"""
title = "A world that stands still"
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml"
remove = ["communities", "chains"]
neutral = ["unlearning", "renewal"]

[run]
ticks = 16

[communities.east]
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml#communities.valley"
firms = 10
market_access = 0.0

[chains.abroad]
governance = "quasi_hierarchy"
orders = 0.3
entry_standard = 0.0
"""
STILL = (
    *(f"parameters.interaction.rate.{channel} = 0" for channel in TAUGHT),
    "parameters.resources.overhead = 0",
    "parameters.resources.volatility = 0",
)
FIRM = 3


def write_world_of_reach(
    folder: Path, name: str, *settings: str, replicates: int = 2
) -> tuple[Path, object]:
    """A folder of results of the still world with ``settings``, and its records."""
    file = folder / f"{name}.toml"
    file.write_text(WORLD, encoding="utf-8")
    records = simulate({name: load(file, (*STILL, *settings))}, replicates)
    out = folder / name
    out.mkdir()
    for table in ("firms", "ledger"):
        write_parquet(getattr(records, table), out, table)
    write_manifest(out, records.manifest | {"command": "a test"})
    return out, records
