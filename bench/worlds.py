"""The country on which speed is measured: everything that a scenario can have, any size.

Communities of each sector in ``scenarios/sectors``, whatever sectors there are, with two chains and an
institution for each sector, every instrument, and a timetable that changes every kind of number; so
all mechanisms work, and sizes differ in the number of firms alone.
"""

from __future__ import annotations

from functools import cache
from itertools import cycle
from pathlib import Path

from model.parameters import INSTRUMENT_KINDS
from model.scenario import load_document
from model.scenario.schema import Scenario
from model.theory.access import PARTICIPANTS
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH

_SECTORS = Path(__file__).parents[1] / "scenarios" / "sectors"
_SEED = 1
BUDGET = 0.02  # of an institution, units of account a quarter and firm of the country
SPENT = 0.005  # of an instrument, the same
BOARDS = (
    {"government": 1},
    {"government": 0, "home_association": 1},
    {"government": 1, "home_association": 1, "associations": 1, "joint_investment": 0.5},
    {"government": 1, "associations": 1, "lead_firms": 2, "joint_investment": 0.3}
    | {"vote": "majority"},
    {"government": 1, "home_association": 1, "associations": 2, "lead_firms": 1}
    | {"joint_investment": 0.5},
)
SERVED = (
    {"visit": 1.0},
    {"visit": 0.2, "group": 0.6, "test": 0.2},
    {"visit": 0.0, "course": 0.5, "demonstration": 0.3, "meeting": 0.2},
    {"visit": 0.3, "course": 0.2, "group": 0.2, "demonstration": 0.1, "test": 0.1, "meeting": 0.1},
)
"""How institutions share out their money over services."""
CHANGED = {
    "chains": {"orders": 0.2, "entry_standard": 0.1, "outside": 0.5, "price": 1.3},
    "communities": {"market_access": 0.6, "labour_mobility": 0.6, "local_inputs": 0.7}
    | {"information": 0.8, "purchases": 0.5},
    "institutions": {"budget": 1.0, "access": {"fee": 0.01}},
}
"""What the timetable changes, one table after another, a year apart."""


@cache
def sectors() -> dict[str, dict]:
    """The sectors as tables of a scenario, by name."""
    return {path.stem: load_document(path).data for path in sorted(_SECTORS.glob("*.toml"))}


def country(firms: int, seed: int = _SEED, quarters: int = 60, apiece: int = 2) -> Scenario:
    """A country of ``firms`` places in all; some communities have one more than others if need be.

    ``apiece``: communities of each sector.
    """
    names = [f"{sector}_{n}" for sector in sectors() for n in range(1, apiece + 1)]
    if firms < len(names):
        raise ValueError(f"{firms} firms in {len(names)} communities: give one each")
    each, more = divmod(firms, len(names))
    communities = {
        name: {
            "sector": name.rpartition("_")[0],
            "firms": each + (n < more),
            "topology": ("small_world", "random")[n % 2],
            "trust": 0.5,
            "foreign": 0.1 * (n % 3),
            "local_machines": 0.2 * (n % 2),
            "purchases": 0.15 * (n % 3),
        }
        for n, name in enumerate(names)
    }
    trades = cycle([name for name in names if name.startswith(sector)] for sector in sectors())
    chains = {
        f"{governance}_{reach}": {
            "governance": governance, "reach": reach, "orders": 0.3, "communities": next(trades),
            "particular": 0.2 * n, "demand_growth": 0.02 * n, "outside_rise": 0.01 * n,
            "asks": {"process": 0.1 * n},
        } | ({} if n else {"follows": f"{governance}_{REACH[1]}"})
        for governance in GOVERNANCE
        for n, reach in enumerate(REACH)
    }  # fmt: skip
    institutions = {
        f"centre_{n}": {
            "reach": next(trades),
            "board": BOARDS[n % len(BOARDS)],
            "certifies": 0.1 * n,
            "budget": BUDGET * firms,
            "donor": 0.25 * BUDGET * firms * (n % 2),
            "services": SERVED[n % len(SERVED)],
            "expertise": 0.1 * n,
            "experiential": max(0.0, 1.0 - 0.2 * n),
            "opens": 4 * (n % 3),
            "closes": max(1, quarters - 2 * n),
            "access": {"fee": 0.02 * n, "quota": 0.6, "inclusive": n == 0}
            | {"participants": PARTICIPANTS[n % len(PARTICIPANTS)], "take_up": 1.0 + 0.2 * n}
            | {"levy": 0.01 * (n % 2), "largest": 40.0 + 20.0 * n},
        }
        for n in range(len(sectors()))
    }
    instruments = {
        kind.name: {"kind": kind.name, "budget": SPENT * firms, "first": 2 * kind.number}
        | ({"quota": 0.5} if kind.chooses else {})
        for kind in INSTRUMENT_KINDS
    }
    named = {"chains": chains, "communities": communities, "institutions": institutions}
    changed = CHANGED | {"institutions": CHANGED["institutions"] | {"budget": SPENT * firms}}
    timetable = {
        f"change_{table}": {"tick": 4 + 4 * n, table: {next(iter(named[table])): changed[table]}}
        for n, table in enumerate(changed)
    }
    timetable["devaluation"] = {"tick": 6, "economy": {"exchange_rate": 1.25}}
    return Scenario.model_validate(
        {
            "title": f"{firms} firms",
            "run": {"seed": seed, "ticks": quarters},
            "sectors": {name: sector | {"rivals_rise": 0.01} for name, sector in sectors().items()},
            "communities": communities,
            "chains": chains,
            "institutions": institutions,
            "instruments": instruments,
            "timetable": timetable,
            "across": {"ties": 0.5},
        }
    )
