"""Strategies of search on a planted landscape, in place of the model: chance seldom meets its peak."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.experiments.search import fresh_look
from model.experiments.search.common_cases import CommonCases
from model.experiments.search.fresh_look import called_best, designs_table, look_again
from model.experiments.search.policy_design import PolicyDesign
from model.experiments.search.search_file import PolicySearch, load_search
from model.experiments.search.strategies import (
    CHANCE,
    EVOLUTION,
    STRATEGIES,
    Attempt,
    best_of,
    explore,
)
from tests.experiments.small import write, write_world
from tests.experiments.test_search import EXPERT

CLIMB = """
title = "A search over a landscape"
base = "world.toml"
money = 6.0

[programme.institutions.school]
budget = 1.0

[choose.visit]
key = "institutions.school.services.visit"
low = 0.01
high = 1.0
[choose.group]
key = "institutions.school.services.group"
low = 0.0
high = 1.0
[choose.expertise]
key = "institutions.school.expertise"
low = 0.0
high = 1.0
[choose.fee]
key = "institutions.school.access.fee"
values = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
[choose.opens]
key = "institutions.school.opens"
values = [0, 2, 4, 6, 8, 10]

[[aims]]
measure = "product"
matters = 0.05
[[aims]]
measure = "process"
matters = 0.05

[effort]
runs = 1200
population = 12
first = 4
most = 8
finalists = 3
fresh = 24
"""
PEAK = {"visit": 0.3, "group": 0.6, "expertise": 0.4}
KINDS = {"fee": 0.3, "opens": 8}
SEEDS = range(1, 6)


class Landscape(CommonCases):
    """Cases of a landscape: up to 3 near a peak inside all ranges, 1 more for each right kind of six.

    Both aims rise together; luck of a case is shared by all designs, and each has some of its own.
    """

    height = 1.0

    def values(self, designs: Sequence[PolicyDesign], number: int) -> list[np.ndarray]:
        self.runs += sum(max(0, number - self.seen.get(design.key, 0)) for design in designs)
        self.seen |= {d.key: max(number, self.seen.get(d.key, 0)) for d in designs}
        return [self.found(design)[:number] for design in designs]

    @cached_property
    def seen(self) -> dict:
        return {}

    def found(self, design: PolicyDesign) -> np.ndarray:
        own = np.random.default_rng([self.start, zlib.crc32(repr(design.key).encode())])
        shared = np.random.default_rng(self.start).normal(size=(64, 1))
        worth = self.height * landscape(design.row) + shared + 0.3 * own.normal(size=(64, 2))
        money = np.full((64, 2), [6.0 * EXPERT["run"]["ticks"], 1.0]) * bool(design.row)
        return np.concatenate([0.05 * worth, money], axis=1)


class Flat(Landscape):
    height = 0.0


def landscape(row: dict) -> float:
    """Worth in an aim, without luck: 5 at the top."""
    if not row:
        return 0.0
    near = sum(np.exp(-(((row[name] - top) / 0.15) ** 2)) for name, top in PEAK.items())
    return float(near + sum(row[name] == right for name, right in KINDS.items()))


def climbed(search: PolicySearch, seed: int, cases: type[Landscape]) -> dict[str, list[Attempt]]:
    """What both strategies tried in a landscape, with that seed."""
    effort = search.spec.effort.model_copy(update={"seed": seed})
    seeded = replace(search, spec=search.spec.model_copy(update={"effort": effort}))
    with opened(None) as store:
        return {name: explore(cases(seeded, store, run_points), name) for name in STRATEGIES}


def test_the_search_climbs_higher_than_chance_at_the_same_effort(tmp_path: Path):
    """By the true height of the best of each, mean over seeds; and it ends near the top."""
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", CLIMB))
    heights: dict[str, list[float]] = {name: [] for name in STRATEGIES}
    for seed in SEEDS:
        for name, tried in climbed(search, seed, Landscape).items():
            best = max(best_of(tried, 3), key=lambda each: each.raced.effects.sum())
            heights[name].append(landscape(best.raced.design.row))
    search_height, chance_height = (np.mean(heights[name]) for name in (EVOLUTION, CHANCE))
    assert search_height > chance_height + 0.3, heights
    assert search_height > 4.0, heights
    assert chance_height < 4.0, heights  # or the plant would be none


def test_what_luck_alone_had_found_is_gone_on_fresh_cases(tmp_path: Path, monkeypatch):
    """On flat ground the search sees a height all the same; measured afresh no design may be called best."""
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", CLIMB))
    monkeypatch.setattr(fresh_look, "CommonCases", Flat)
    called, seen, measured = 0, [], []
    for seed in SEEDS:
        attempts = climbed(search, seed, Flat)
        with opened(None) as store:
            table = designs_table(look_again(search, attempts, store, run_points))
        called += called_best(table) is not None
        found = table[table["kind"] == "found"]
        seen.append(found["searched"].mean())
        measured.append(found["worth"].mean())
    assert np.mean(seen) > 0.2
    assert abs(np.mean(measured)) < np.mean(seen) / 2
    assert called <= 1  # of 5
