"""Scenario to world: lay the rows of all tables, run after run.

Everything drawn here belongs to (seed, replicate, stream): two scenarios that differ in a policy
start from the same firms, the same ties and the same sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from model.draws import ACROSS, COMMUNITY, TIES, WORLD, generator, key
from model.parameters import INSTRUMENTS, as_row, neutralised
from model.parameters import dtype as parameters_dtype
from model.scenario.chain_keys import Chain
from model.scenario.institution_keys import Institution
from model.scenario.references import COMMUNITIES
from model.scenario.schema import Scenario
from model.scenario.ties_keys import TiesBetween
from model.theory.access import PARTICIPANTS
from model.theory.interaction import SOURCES
from model.theory.ownership import PLANT
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE, QUASI_HIERARCHY
from model.theory.value_added import REACH
from model.world import tables as t
from model.world.found import (
    associate_all,
    draw_expertise,
    draw_holdings,
    draw_repertoires,
    draw_standards,
    found_all,
)
from model.world.network import local_ties, ties_across, ties_between, ties_of_newcomers
from model.world.row_names import Names, names_of

TABLES = (
    "firms", "ties", "chains", "institutions", "communities", "sectors", "instruments",
)  # fmt: skip
UNKNOWN = -1.0  # what rivals abroad offer, until a chain knows its suppliers
FORUM_TIES = 6  # room for ties to come, a firm, where some institution holds forums


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


def _chosen(keys: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """(COMMUNITIES,) of 0 and 1, the communities of these keys; of none, all."""
    here = np.zeros(COMMUNITIES, np.int8)
    here[: len(names)] = np.isin(names, keys) if keys else True
    return here


def _lay(rows: np.ndarray, things: Sequence[dict[str, Any]]) -> None:
    """Write what things, one a row, say of the columns that they name, all the same ones.

    Column by column, and not as records: single numbers of these are slow to write.
    """
    plain = np.asarray(rows)
    for column in things[0] if things else ():
        plain[column] = [thing[column] for thing in things]


def _communities(scenario: Scenario, names: Names) -> np.recarray:
    rows = t.table(t.COMMUNITY, len(names.communities))
    specs = list(scenario.communities.values())
    first = np.cumsum([0, *(spec.places for spec in specs)]).tolist()
    _lay(
        rows,
        [
            {
                column: getattr(spec, column)
                for column in (
                    "trust", "backward", "forward", "labour_mobility", "local_inputs",
                    "local_machines", "information", "market_access", "workers", "places", "foreign",
                    "founders",
                )
            }
            | {
                "sector": names.sectors.index(spec.sector),
                "start": (spec.start or scenario.sectors[spec.sector].start).numbers(),
                "first": first[i],
                "small": spec.firms,
                "repertoire_share": spec.repertoire,
                "large_workers": spec.large.workers,
                "large_capability": spec.large.capability,
                "large_foreign": spec.large.foreign,
            }
            for i, spec in enumerate(specs)
        ],
    )  # fmt: skip
    return rows


def _sectors(scenario: Scenario, names: Names) -> np.recarray:
    rows = t.table(t.SECTOR, len(names.sectors))
    specs = list(scenario.sectors.values())
    _lay(
        rows,
        [
            {
                name: getattr(spec, name)
                for name in (
                    "start_fall", "start_spread", "appropriability", "local_inputs",
                    "open_laboratory", "machinery_price", "consultant_price", "pace", "rivals",
                    "rivals_rise", "home_growth",
                )
            }
            | {
                "imports_start": spec.imports,
                "exchange": scenario.economy.exchange_rate,
                "tacitness": spec.tacitness.numbers(),
            }
            for spec in specs
        ],
    )  # fmt: skip
    return rows


def _holds(scenario: Scenario, names: Names) -> np.ndarray:
    shares = [
        [getattr(spec.holds, d).numbers() for d in DIMENSIONS] for spec in scenario.sectors.values()
    ]
    return np.array(shares, float).reshape(len(names.sectors), len(DIMENSIONS), len(SOURCES))


def _places(chosen: Sequence[str], scenario: Scenario) -> tuple[int, str]:
    """Firms at the start in the communities chosen, of none in all, and the first one's name."""
    specs, among = scenario.communities, set(chosen or scenario.communities)
    names = [name for name in specs if name in among]
    return sum(specs[name].founders for name in names), names[0]


def _chain(spec: Chain, scenario: Scenario, names: Names) -> dict[str, Any]:
    places, first = _places(spec.communities, scenario)
    sector = scenario.sectors[scenario.communities[first].sector]
    asked = spec.entry_standard
    return {
        "communities": _chosen(spec.communities, names.communities),
        "entry_standard": sector.entry_standard if asked is None else asked,
        "asks": (spec.asks.process, spec.asks.product),
        "particular": spec.particular,
        "growth": spec.demand_growth,
        "outside_rise": spec.outside_rise,
        "outside": UNKNOWN if spec.outside is None else spec.outside,
        "price": spec.price,
        "exchange": scenario.economy.exchange_rate,
        "orders": round(spec.orders * places),
        "governance": GOVERNANCE.index(spec.governance),
        "steered": spec.governance == GOVERNANCE[QUASI_HIERARCHY],
        "reach": REACH.index(spec.reach),
    }


def _chains(scenario: Scenario, names: Names) -> np.recarray:
    rows = t.table(t.CHAIN, len(names.chains))
    _lay(rows, [_chain(spec, scenario, names) for spec in scenario.chains.values()])
    return rows


def _institution(spec: Institution, scenario: Scenario, names: Names) -> dict[str, Any]:
    places, first = _places(spec.reach, scenario)
    access = spec.access
    return {
        "reach": _chosen(spec.reach, names.communities),
        "home": names.communities.index(spec.home or first),
        "experiential": spec.experiential,
        "hour_price": spec.hour_price,
        "hours": spec.services.shares(),
        "budget": spec.budget,
        "donor": spec.donor,
        "opens": spec.opens,
        "closes": spec.closes,
        "take_up": access.take_up,
        "chooses": PARTICIPANTS.index(access.participants),
        "fee": access.fee,
        "minimum_capability": access.minimum_capability,
        "levy": access.levy,
        "largest": access.largest,
        "for_chains": sum(1 << names.chains.index(chain) for chain in access.chains),
        "quota": round(access.quota * places),
        "inclusive": access.inclusive,
        "certifies": spec.certifies,
        "seats": spec.board.shares(),
        "joint_investment": spec.board.joint_investment,
    }


def _institutions(scenario: Scenario, names: Names) -> np.recarray:
    """Those with staff, and behind them the association of each community."""
    rows = t.table(t.INSTITUTION, len(names.institutions))
    specs, communities = list(scenario.institutions.values()), scenario.communities.values()
    _lay(rows[: len(specs)], [_institution(spec, scenario, names) for spec in specs])
    associations = rows[len(specs) :]
    associations["reach"][:, : len(communities)] = np.eye(len(communities), dtype=bool)
    associations["home"], associations["association"] = range(len(communities)), 1
    associations["seats"][:, 0] = 1.0
    associations["largest"] = np.inf
    associations["hour_price"], associations["take_up"] = 1.0, 1.0
    associations["quota"] = [round(spec.associated * spec.founders) for spec in communities]
    return rows


def _expertise(scenario: Scenario, names: Names) -> np.ndarray:
    expertise = np.zeros(len(names.institutions))
    expertise[: len(scenario.institutions)] = [
        spec.expertise for spec in scenario.institutions.values()
    ]
    return expertise


def _instruments(scenario: Scenario, names: Names) -> np.recarray:
    rows = t.table(t.INSTRUMENT, len(scenario.instruments))
    _lay(
        rows,
        [
            {
                "communities": _chosen(spec.communities, names.communities),
                "budget": spec.budget,
                "kind": INSTRUMENTS.index(spec.kind),
                "first": spec.first,
                "last": spec.last,
                "quota": round(spec.quota * _places(spec.communities, scenario)[0]),
                "chooses": PARTICIPANTS.index(spec.participants),
                "aimed": spec.aimed,
            }
            for spec in scenario.instruments.values()
        ],
    )
    return rows


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


@dataclass(frozen=True)
class Rows:
    """What a scenario says of its tables, in each run the same, and the shares that draws decide by."""

    communities: np.recarray
    sectors: np.recarray
    chains: np.recarray
    institutions: np.recarray
    instruments: np.recarray
    holds: np.ndarray  # (n_sectors, 4, n_sources) float64, share of all practices
    expertise: np.ndarray  # (n_institutions,) float64, share of practices that staff bring


def rows_of(scenario: Scenario, names: Names, before: tuple[Scenario, Rows] | None = None) -> Rows:
    """The rows of a scenario before anything is drawn.

    ``before``: a scenario of the same names and places, and its rows. Tables of whose sources none was
    replaced since are taken over, not copied.
    """

    def laid(name: str, lay: Callable[..., Any], *sources: str) -> Any:
        if before and all(getattr(before[0], of) is getattr(scenario, of) for of in sources):
            return getattr(before[1], name)
        return lay(scenario, names)

    return Rows(
        communities=laid("communities", _communities, "communities", "sectors"),
        sectors=laid("sectors", _sectors, "sectors", "economy"),
        chains=laid("chains", _chains, "chains", "sectors", "economy"),
        institutions=laid("institutions", _institutions, "institutions", "communities"),
        instruments=laid("instruments", _instruments, "instruments"),
        holds=laid("holds", _holds, "sectors"),
        expertise=laid("expertise", _expertise, "institutions"),
    )


def tables_of(rows: Rows) -> dict[str, np.recarray]:
    """The tables that rows are laid in, by name."""
    names = ("chains", "institutions", "communities", "sectors", "instruments")
    return {name: getattr(rows, name) for name in names}


def drawn(rows: Rows, world_key: np.uint64) -> Rows:
    """A copy of the rows for one run, with what is drawn: who holds which practices."""
    own = replace(rows, **{name: table.copy() for name, table in tables_of(rows).items()})
    draw_holdings(own.sectors, rows.holds, world_key)
    draw_repertoires(own.communities, world_key)
    draw_expertise(own.institutions, own.communities, own.sectors, rows.expertise, world_key)
    draw_standards(own.chains, own.communities, own.sectors, rows.holds, world_key)
    return own


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
    forums = any(spec.services.meeting > 0 for spec in scenario.institutions.values())
    spare = FORUM_TIES * int(communities.places.sum()) if forums else 0
    rows = t.table(t.TIE, used + spare)
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
