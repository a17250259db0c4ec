"""What a scenario says of sectors, communities, chains, institutions, instruments, as rows of their tables.

Rows are the same in each run; only who holds which practices is drawn, run by run (``drawn``). A timetable
lays them anew after each change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.parameters import INSTRUMENTS
from model.scenario.chain_keys import Chain
from model.scenario.institution_keys import Institution
from model.scenario.references import COMMUNITIES
from model.scenario.schema import Scenario
from model.theory.access import PARTICIPANTS
from model.theory.interaction import SOURCES
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE, QUASI_HIERARCHY
from model.theory.value_added import REACH
from model.world import tables as t
from model.world.found import draw_knowledge
from model.world.row_names import Names

UNKNOWN = -1.0  # what rivals abroad offer, until a chain knows its suppliers


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
                    "founders", "purchases",
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
        "follows": t.NOBODY if spec.follows is None else names.chains.index(spec.follows),
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
    draw_knowledge(
        own.communities, own.sectors, own.institutions, own.chains,
        rows.holds, rows.expertise, world_key,
    )  # fmt: skip
    return own
