"""Scenario to world: lay the rows of all tables, run after run.

Everything drawn here belongs to (seed, replicate, stream): two scenarios that differ in a policy
start from the same firms, the same ties and the same sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from model.draws import ACROSS, COMMUNITY, TIES, WORLD, generator, key
from model.parameters import as_row, neutralised
from model.parameters import dtype as parameters_dtype
from model.scenario.changes import after, in_order
from model.scenario.schema import Scenario
from model.scenario.ties_keys import TiesBetween
from model.theory.ownership import PLANT
from model.world import tables as t
from model.world.found import (
    associate_all,
    found_all,
)
from model.world.network import local_ties, ties_across, ties_between, ties_of_newcomers
from model.world.row_names import Names, names_of
from model.world.rows import drawn, rows_of, tables_of

TABLES = (
    "firms", "ties", "chains", "institutions", "communities", "sectors", "instruments",
)  # fmt: skip
FORUM_TIES = 6  # room for ties to come, a firm, where some institution brings firms together


@dataclass
class World:
    """The tables of one or many runs, laid end to end (``tables.RUN`` says where)."""

    runs: np.recarray
    firms: np.recarray
    ties: np.recarray
    chains: np.recarray
    institutions: np.recarray
    communities: np.recarray
    sectors: np.recarray
    instruments: np.recarray
    parameters: np.recarray
    scenarios: tuple[Scenario, ...]
    names: tuple[Names, ...]

    def slice(self, run: int) -> RunView:
        """The rows of one run, as views: writing to them writes to the world."""
        row = self.runs[run]
        cut = np.ndarray.__getitem__  # a record array's own makes two views more, ten times slower
        parts: dict[str, Any] = {
            name: cut(getattr(self, name), slice(*row[name])) for name in TABLES
        }
        return RunView(run=row, parameters=self.parameters[row.parameters], **parts)


@dataclass(frozen=True)
class RunView:
    """One run's slice of every table."""

    run: np.record
    firms: np.recarray
    ties: np.recarray
    chains: np.recarray
    institutions: np.recarray
    communities: np.recarray
    sectors: np.recarray
    instruments: np.recarray
    parameters: np.record


def run_key(seed: int, replicate: int) -> np.uint64:
    """The key from which all draws of one run descend."""
    return np.uint64(key(np.uint64(key(np.uint64(0), np.uint64(seed))), np.uint64(replicate)))


def _firms(scenario: Scenario, names: Names, communities: np.recarray) -> np.recarray:
    """The places for firms: small ones, large ones, plants, room for more; before anybody is born."""
    rows = t.table(t.FIRM, int(communities.places.sum()))
    rows["community"] = np.repeat(np.arange(len(communities)), communities.places)
    rows["place"] = np.arange(len(rows)) - np.repeat(communities.first, communities.places)
    rows["parent"] = t.NOBODY
    for row, spec in zip(communities, scenario.communities.values(), strict=True):
        at = int(row["first"]) + spec.firms + spec.large.firms
        for chain, plants in spec.large.plants.items():
            rows["ownership"][at : at + plants] = PLANT
            rows["parent"][at : at + plants] = names.chains.index(chain)
            at += plants
    return rows


@lru_cache(maxsize=4096)
def _local(
    topology: str, places: int, ties: float, rewiring: float, poles: int, path: tuple
) -> np.ndarray:
    return local_ties(topology, places, ties, rewiring, generator(*path), poles)


def pairs_of(scenario: Scenario) -> list[tuple[int, int, TiesBetween]]:
    """The pairs of communities that have ties of their own, by the rows of the two."""
    names = list(scenario.communities)
    pairs = scenario.across.pairs.values()
    return [(names.index(pair.between[0]), names.index(pair.between[1]), pair) for pair in pairs]


def ties_to_come(scenario: Scenario) -> int:
    """Ties for which there is room beside those of the start, which institutions make on the way.

    They hold meetings (I5), or communities govern them together (I4), now or after a change.
    """
    stages = [scenario]
    for _, change in in_order(scenario):
        if change.institutions:
            stages.append(after(stages[-1], change))
    several = len(scenario.communities) > 1
    some = any(
        spec.services.meeting > 0 or (several and spec.board.associations > 0)
        for stage in stages
        for spec in stage.institutions.values()
    )
    return FORUM_TIES * sum(spec.places for spec in scenario.communities.values()) if some else 0


def _ties(scenario: Scenario, communities: np.recarray, seed: int, replicate: int) -> np.recarray:
    first = np.asarray(communities.first)
    blocks = []
    for i, spec in enumerate(scenario.communities.values()):
        path = (seed, replicate, WORLD, TIES, COMMUNITY, i)
        pairs = _local(spec.topology, spec.founders, spec.ties, spec.rewiring, spec.poles, path)
        if spec.room:
            later = generator(*path, spec.founders)
            pairs = ties_of_newcomers(pairs, spec.founders, spec.room, spec.ties, later)
        blocks.append((pairs + first[i], t.LOCAL, spec.trust))
    here = [(int(row["first"]), int(row.founders)) for row in communities]
    apart = np.zeros((len(first), len(first)), bool)
    for a, b, pair in pairs_of(scenario):
        apart[a, b] = apart[b, a] = True
        draws = generator(seed, replicate, WORLD, TIES, ACROSS, min(a, b), max(a, b))
        blocks.append((ties_between(here[a], here[b], pair.ties, draws), t.ACROSS, pair.trust))
    if scenario.across.ties > 0 and len(first) > 1:
        pairs = ties_across(
            first,
            np.asarray(communities.founders),
            np.asarray(communities.sector),
            scenario.across.ties,
            generator(seed, replicate, WORLD, TIES),
            apart,
        )
        blocks.append((pairs, t.ACROSS, scenario.across.trust))
    used = sum(len(pairs) for pairs, _, _ in blocks)
    rows = t.table(t.TIE, used + ties_to_come(scenario))
    at = 0
    for pairs, kind, trust in blocks:
        part = rows[at : at + len(pairs)]
        part["a"], part["b"] = pairs[:, 0], pairs[:, 1]
        part["kind"], part["trust"], part["usual"] = kind, trust, trust
        at += len(pairs)
    rows["kind"][used:] = t.SPARE
    return rows


def build(
    scenarios: Sequence[Scenario], replicates: Sequence[int], seed: int | None = None
) -> World:
    """The world of each scenario in each replicate, in that order.

    ``seed`` overrides the scenarios' own. Runs of the same replicate share all random numbers.
    """
    parts: dict[str, list] = {name: [] for name in TABLES}
    runs = t.table(t.RUN, len(scenarios) * len(replicates))
    parameters = t.table(parameters_dtype(), len(scenarios))
    ends = dict.fromkeys(parts, 0)
    names = tuple(names_of(scenario) for scenario in scenarios)
    at = 0
    for number, scenario in enumerate(scenarios):
        parameters[number] = as_row(neutralised(scenario.parameters, scenario.neutral))
        rows = rows_of(scenario, names[number])
        communities = rows.communities
        specs = list(scenario.communities.values())
        associated = np.array([spec.associated for spec in specs])
        firms = _firms(scenario, names[number], communities)
        used_seed = scenario.run.seed if seed is None else seed
        for replicate in replicates:
            run = runs[at]
            run.key = run_key(used_seed, replicate)
            run.replicate, run.world, run.parameters = replicate, number, number
            world_key = np.uint64(key(run.key, np.uint64(WORLD)))
            own = {
                "firms": firms.copy(),
                "ties": _ties(scenario, communities, used_seed, replicate),
                **tables_of(drawn(rows, world_key)),
            }
            found_all(
                own["firms"],
                own["communities"],
                own["sectors"],
                world_key,
                parameters[number],
            )
            associate_all(own["firms"], associated, world_key)
            for row, institution in enumerate(own["institutions"]):
                institution.count = names[number].belong(own["firms"], row).sum()
            run.used_ties = int((own["ties"].kind != t.SPARE).sum())
            for name, table in own.items():
                parts[name].append(table)
                run[name] = ends[name], ends[name] + len(table)
                ends[name] += len(table)
            at += 1
    joined = {name: np.concatenate(rows).view(np.recarray) for name, rows in parts.items()}
    return World(
        runs=runs, parameters=parameters, scenarios=tuple(scenarios), names=names, **joined
    )
