"""Small points and files for tests of experiments: worlds of 24 firms and a dozen quarters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from model.experiments.points.point import Keep, Point, Quantity
from model.scenario.files import dump_toml
from model.scenario.schema import Scenario
from tests.worlds import EVERYTHING, ONE, PLACE, scenario

TICKS = 12
CLUB = {
    "institutions": {"club": {"budget": 3.0, "access": {"inclusive": True}}},
    "communities": {"there": PLACE | {"firms": 12, "ties": 3}},
}
KEEP = Keep(
    (
        Quantity("product", TICKS - 1, TICKS - 1),
        Quantity("wage", 4, 8),
        Quantity("public_cost", 0, TICKS - 1, total=True, column="public_money"),
    ),
    communities=True,
    founders=True,
)


def world(seed: int = 1, *layers: dict[str, Any]) -> Scenario:
    """Two communities and an institution."""
    return scenario(ONE, CLUB, {"run": {"ticks": TICKS, "replicates": 3, "seed": seed}}, *layers)


def rich(seed: int = 1) -> Scenario:
    """A world with everything in it."""
    return scenario(*EVERYTHING, {"run": {"ticks": TICKS, "seed": seed}})


def points(number: int, keep: Keep = KEEP, count: int = 3) -> list[Point]:
    """Points that differ in their seed."""
    return [Point(world(seed), 0, count, keep) for seed in range(number)]


def write_world(folder: Path, *layers: dict[str, Any]) -> Path:
    """The small world as a file."""
    path = folder / "world.toml"
    path.write_text(dump_toml(world(1, *layers).model_dump(mode="json")))
    return path


def write(folder: Path, name: str, text: str) -> Path:
    """A file beside the world that it is about."""
    if not (folder / "world.toml").exists():
        write_world(folder)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


SWEEP = """
title = "A sweep for tests"
base = "world.toml"
replicates = 2

[vary.budget]
key = "institutions.club.budget"
low = 0.0
high = 4.0
steps = 3

[vary.ties]
key = "communities.here.ties"
values = [2.0, 4.0]

[[outcomes]]
measure = "product"
[[outcomes]]
measure = "gini"
better = "lower"
at = [5]
"""

EXPERIMENT = """
title = "An experiment for tests"
base = "world.toml"
baseline = "none"

[[outcomes]]
measure = "product"
[[outcomes]]
measure = "gini"
better = "lower"

[arms.none]
overlay.institutions.club.budget = 0.0
[arms.club]
title = "A club"
[arms.rich]
overlay.institutions.club.budget = 9.0
"""

FACTORIAL = """
title = "A factorial experiment for tests"
base = "world.toml"
baseline = "closed__0"

[overlay.institutions.club]
hour_price = 0.25

[factors.access]
title = "Access"
[factors.access.levels.closed.overlay.institutions.club.access]
inclusive = false
quota = 0.2
[factors.access.levels.open]
title = "open to all"
[factors.access.levels.open.overlay.institutions.club.access]
inclusive = true

[factors.budget]
key = "institutions.club.budget"
values = [0.0, 3.0, 9.0]

[[outcomes]]
measure = "product"
"""


def draws_file(folder: Path, name: str = "posterior.csv", **columns: list) -> Path:
    frame = pd.DataFrame({key.replace("__", "."): values for key, values in columns.items()})
    path = folder / name
    frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_parquet(path)
    return path


FLOORS = {"draw": [0, 1, 2], "parameters__absorption__floor": [0.1, 0.2, 0.4]}
DRAWN = EXPERIMENT.replace("baseline", 'draws = "posterior.csv"\nbaseline')
