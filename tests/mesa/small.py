"""A small world with everything in it, laid over a shipped file, and forks of a world in motion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from model.draws import key
from model.parameters import INSTRUMENTS
from model.scenario import load
from model.scenario.files import load_document
from model.scenario.schema import Scenario
from model.world.build import TABLES, World

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REGIONS = SCENARIOS / "worlds" / "four_wine_regions.toml"
SHIPPED = [
    path
    for path in sorted(SCENARIOS.rglob("*.toml"))
    if load_document(path).data.keys() >= {"sectors", "communities"}  # a whole world
]

EVERYTHING = (
    *(f"communities.{name}.firms = 25" for name in ("valley", "foothills", "oasis", "highland")),
    "across.ties = 1.0",
    "sectors.natural_resource.holds.product.user = 0.2",
    'chains.owner = {governance = "hierarchy", orders = 0.1, entry_standard = 0.1}',
    'chains.partner = {governance = "network", orders = 0.1, entry_standard = 0.2}',
    "institutions.centre = {board = {government = 1, associations = 2, lead_firms = 1},"
    " budget = 20.0, expertise = 0.2, experiential = 0.7, certifies = 0.2, access = {inclusive = true},"
    " services = {visit = 0.4, course = 0.1, group = 0.1, demonstration = 0.1, test = 0.1, meeting = 0.2}}",
    "institutions.club = {board = {government = 0, home_association = 1}, home = 'valley',"
    " budget = 10.0, hour_price = 0.02,"
    " access = {fee = 0.05, minimum_capability = 0.1, quota = 0.3}}",
    *(f"instruments.{kind} = {{kind = '{kind}', budget = 1.0}}" for kind in INSTRUMENTS),
    "timetable.opening = {tick = 5, communities = {valley = {information = 0.9}}}",
)


def small(*settings: str, ticks: int = 12) -> Scenario:
    """Four communities, every governance, two institutions, all instruments; ``--set`` as typed."""
    return load(REGIONS, (*EVERYTHING, f"run.ticks = {ticks}", *settings))


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two tables hold the same numbers; bytes between columns say nothing."""
    names = one.dtype.names
    return one.dtype == other.dtype and all(np.array_equal(one[n], other[n]) for n in names)


def forked(world: World, times: int) -> World:
    """A world of one run as it stands, ``times`` over, each with draws of its own."""
    runs = np.repeat(world.runs, times).view(np.recarray)
    tables = {}
    for name in TABLES:
        rows = getattr(world, name)
        tables[name] = np.tile(rows, times).view(np.recarray)
        runs[name] = np.arange(times)[:, None] * len(rows) + (0, len(rows))
    for number, run in enumerate(runs):
        run.key = key(world.runs[0].key, np.uint64(number))
        run.replicate = number
    return replace(world, runs=runs, **tables)
