"""Small worlds in code, for tests: layers of a scenario, laid over each other.

``scenario(ONE)`` is one community; ``scenario(*EVERYTHING)`` has everything in it: two communities
with ties between them, a chain of every governance mode, institutions with every party on their
board, a policy instrument of every kind and a timetable. So every
mechanism of the theory is at work there. The numbers are round and belong to the tests, so that no
test moves when a file in ``scenarios/`` does.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.parameters import INSTRUMENTS
from model.scenario.layers import overlay
from model.scenario.schema import Scenario
from model.theory.board import PARTIES
from model.theory.interaction import SOURCES
from model.theory.practices import DIMENSIONS
from model.theory.services import SERVICES
from model.theory.support import GOVERNANCE
from model.world import tables as t
from model.world.build import TABLES, build

Layer = dict[str, Any]


def by_dimension(*numbers: float) -> dict[str, float]:
    """Four numbers, or one for all, as a table by dimension."""
    return dict(zip(DIMENSIONS, numbers if len(numbers) > 1 else numbers * 4, strict=True))


def holdings(**shares: float) -> Layer:
    """The same holdings of the named sources in every dimension; 0 for the others."""
    return dict.fromkeys(DIMENSIONS, dict.fromkeys(SOURCES, 0.0) | shares)


TRADE: Layer = {
    "title": "A trade for tests",
    "source": "round numbers",
    "tacitness": by_dimension(0.5),
    "holds": holdings(
        engineering=0.2, machinery=0.3, inputs=0.3, laboratory=0.3, user=0.3, consultant=0.3,
        buyer=0.6,
    ),
    "appropriability": 0.2,
    "start": by_dimension(0.4, 0.4, 0.2, 0.1),
    "entry_standard": 0.05,
    "local_inputs": 0.5,
}  # fmt: skip

PLACE: Layer = {"sector": "trade", "market_access": 0.8, "repertoire": 1.0}
ONE: Layer = {
    "title": "A world for tests",
    "sectors": {"trade": TRADE},
    "communities": {"here": PLACE | {"firms": 12, "ties": 4}},
}
TWO: Layer = {"communities": {"there": PLACE | {"firms": 8, "ties": 3}}}
ACROSS: Layer = {"across": {"ties": 1.0}}
MODES: Layer = {
    "chains": {
        mode: {"governance": mode, "orders": 0.25, "reach": reach}
        for mode, reach in zip(GOVERNANCE, ("domestic", "global") * 2, strict=True)
    }
}


def seats(*parties: str, **rules: Any) -> Layer:
    """A board on which each of these parties has one seat, and nobody else does."""
    return {party: int(party in parties) for party in PARTIES} | rules


CENTRE: Layer = {
    "budget": 3.0,
    "services": dict.fromkeys(SERVICES, 1.0),
    "access": {"fee": 0.02, "quota": 0.5},
}
BOARDS: Layer = {
    "institutions": {party: CENTRE | {"board": seats(party)} for party in PARTIES}
    | {
        "everybody": CENTRE
        | {
            "board": seats(*PARTIES, joint_investment=0.5),
            "experiential": 0.5,
            "certifies": 0.2,
            "access": {"inclusive": True},
        }
    }
}
POLICIES: Layer = {"instruments": {kind: {"kind": kind, "budget": 1.25} for kind in INSTRUMENTS}}
CHANGED: Layer = {
    "chains": {"orders": 0.1, "entry_standard": 0.1, "outside": 0.35, "price": 1.2},
    "communities": {
        "market_access": 0.9, "labour_mobility": 0.5, "local_inputs": 0.7, "information": 0.8,
    },
    "institutions": {"budget": 3.0, "access": {"fee": 0.03}},
}  # fmt: skip
TIMETABLE: Layer = {
    "timetable": {
        "opening": {"tick": 2, "communities": {"here": CHANGED["communities"]}},
        "rivals": {"tick": 4, "chains": {"quasi_hierarchy": CHANGED["chains"]}},
        "reform": {"tick": 3, "institutions": {"government": CHANGED["institutions"]}},
    }
}
EVERYTHING = (ONE, TWO, ACROSS, MODES, BOARDS, POLICIES, TIMETABLE)

NO_SOURCES: Layer = {"sectors": {"trade": {"holds": holdings()}}}
NO_TURNOVER: Layer = {"parameters": {"resources": {"patience": 1000, "entry": 0}}}
NO_UNLEARNING: Layer = {
    "parameters": {
        "unlearning": {"forget": by_dimension(0)},
        "renewal": {"pace": by_dimension(0)},
    }
}


def scenario(*layers: Layer) -> Scenario:
    """The layers laid over each other, the last on top, as a valid scenario."""
    data: Layer = {}
    for layer in layers:
        data = overlay(data, layer)
    return Scenario.model_validate(data)


def parameters(**mechanisms: Layer) -> Layer:
    """A layer that sets parameters: ``parameters(wages={"speed": 0})``."""
    return {"parameters": mechanisms}


def neutral(*mechanisms: str) -> Layer:
    """A layer that puts mechanisms to their neutral case."""
    return {"neutral": mechanisms}


def live(
    scenarios: Scenario | Sequence[Scenario],
    ticks: int,
    replicates: Sequence[int] = (0,),
    seed: int = 1,
    workers: int = 1,
    horizon: int | None = None,
) -> Ensemble:
    """The worlds of some scenarios after so many quarters; ``horizon``: how far they can go on.

    Where ``RULES_ALONE`` is set a test that wants a world is skipped: without the compiler it takes minutes.
    """
    if os.environ.get("RULES_ALONE"):
        pytest.skip("no worlds are lived: RULES_ALONE is set")
    if isinstance(scenarios, Scenario):
        scenarios = [scenarios]
    ensemble = Ensemble(build(scenarios, replicates, seed), horizon or ticks)
    ensemble.advance(ticks, workers=workers)
    return ensemble


SLICES = (*TABLES, "series")


def history(ensemble: Ensemble, run: int = 0) -> dict[str, bytes]:
    """All that a run has become, table by table, wherever it stands in the ensemble."""
    row = ensemble.world.runs[run]
    tables = {name: getattr(ensemble.world, name, ensemble.series) for name in SLICES}
    ends = {name: tuple(row[name]) for name in tables}
    first, _ = ends["ties"]
    ends["ties"] = first, first + row.used_ties  # room for ties to come means nothing
    found = {name: _bytes(table[slice(*ends[name])]) for name, table in tables.items()}
    ledger = ensemble.ledger
    own = ledger[ledger["run"] == run].copy()
    own["run"] = 0
    return found | {"ledger": _bytes(own)}


def _bytes(rows: np.ndarray) -> bytes:
    """The columns of a table, one after another: what lies between them means nothing."""
    return b"".join(rows[name].tobytes() for name in rows.dtype.names)


def fingerprint(ensemble: Ensemble) -> str:
    """One digest of everything that all runs have become."""
    digest = hashlib.sha256()
    for run in range(len(ensemble.world.runs)):
        for name, rows in history(ensemble, run).items():
            digest.update(name.encode() + rows)
    return digest.hexdigest()


def masks(firms: np.ndarray, what: str = "mastered") -> np.ndarray:
    """(n_firms, 4, 48) bool: which practices each firm masters, or is ``aware`` of."""
    return (firms[what][..., None] >> np.arange(48)) & 1 == 1


def same(one: Ensemble, other: Ensemble, *but: str) -> bool:
    """Whether firms, ties and ledger of two lives agree to the last bit, ``but`` for columns of firms."""
    told = history(one), history(other)
    firms = [
        b"".join(lives.world.firms[c].tobytes() for c in t.FIRM.names if c not in but)
        for lives in (one, other)
    ]
    return firms[0] == firms[1] and all(told[0][x] == told[1][x] for x in ("ties", "ledger"))
