"""A world of many accidents, its results on disk, and questions to ask of a life."""

import numpy as np
import pandas as pd

from model.records.records import simulate
from model.records.result_files import write_manifest, write_parquet
from model.scenario import load
from run import ROOT

OPENS, TICKS = 8, 24  # it opens when firms next think of joining: at the turn of a year
# Titles are of words that no catalogue has: a long one is told in two lines, each a text of its own.
WORLD = f"""
title = "A world for tests"
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml"
remove = ["communities", "chains"]

[run]
ticks = {TICKS}

[communities.east]
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml#communities.valley"
title = "Cuyo"
firms = 14
market_access = 1.0

[communities.west]
extends = "{ROOT}/scenarios/worlds/four_wine_regions.toml#communities.oasis"
title = "Elqui"
firms = 10
market_access = 1.0

[chains.abroad]
governance = "quasi_hierarchy"
orders = 0.3
entry_standard = 0.05

[chains.home]
governance = "market"
reach = "domestic"
orders = 0.3
entry_standard = 0.0

[institutions.bridge]
extends = "{ROOT}/scenarios/institutions/argentine_wine.toml"
title = "Taller"
budget = 0.0

[timetable.opens]
tick = {OPENS}
institutions.bridge.budget = 12.0
"""
ARMS = {
    "opens": (),
    "never": ("timetable.opens.tick = 1000",),
    "dearer": ("timetable.opens.tick = 1000",
               f"timetable.falls = {{tick = {OPENS + 2}, chains.abroad.price = 1.5}}"),
    "strict": ("chains.abroad.entry_standard = 1", "chains.home.entry_standard = 0.5"),
    "dropped": ("timetable.falls = {tick = 8, chains.abroad.entry_standard = 1}",),
    "crowded": ("chains.abroad.orders = 0.05", "chains.home.orders = 0.0",
                "chains.abroad.entry_standard = 0"),
    "room_for_all": ("chains.abroad.orders = 1.0", "chains.home.orders = 0.0",
                     "chains.abroad.entry_standard = 0", "parameters.guarding.punishment = 0",
                     "parameters.outside_options.footloose = 0"),
    "dear_club": ("parameters.access.take_up = 1", "institutions.bridge.access.inclusive = false",
                  "institutions.bridge.access.fee = 50"),
    "weak_stay_out": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
                      "institutions.bridge.access.inclusive = false",
                      "institutions.bridge.access.minimum_capability = 1"),
    "small_club": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
                   "institutions.bridge.access.quota = 0.25"),
    "shut": ("parameters.access.take_up = 1", "institutions.bridge.budget = 12",
             "timetable.opens.tick = 1000",
             "timetable.shuts = {tick = 9, institutions.bridge.budget = 0}"),
    "hard_times": ("parameters.resources.overhead = 1", "parameters.resources.patience = 1",
                   "parameters.resources.entry = 0.2", "parameters.resources.spin_off = 1"),
}  # fmt: skip


def write_results(folder, arms, seed=1, replicates=2):
    world = folder.with_suffix(".toml")
    world.write_text(WORLD, encoding="utf-8")
    scenarios = {arm: load(world, (*ARMS[arm], f"run.seed = {seed}")) for arm in arms}
    records = simulate(scenarios, replicates)
    folder.mkdir()
    for name in ("series", "firms", "ledger"):
        write_parquet(getattr(records, name), folder, name)
    write_manifest(folder, records.manifest | {"command": "a test"})
    return folder


def at_the_end(folder, label, replicate=0):
    firms = pd.read_parquet(folder / "firms.parquet")
    return firms[(firms["scenario"] == label) & (firms["replicate"] == replicate)]


def years_of(life):
    """The founder's years in business."""
    return [t for t in YEARS if life.closed is None or t < life.closed]


def reasons(life, kind="refused", who=None):
    return {e.tick: e.why for e in life.events if e.kind == kind and who in (None, e.who)}


def alike(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one.dtype.names)


YEARS = list(range(0, TICKS, 4))
RUNG = "process rung 2"
