"""Whether the plain Mesa model and the compiled engine are in the same state, to the last bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from bench.plain_firms import SME
from bench.plain_learning import NOBODY
from bench.plain_mesa import Country
from model.engine.ensemble import Ensemble
from model.theory.access import PARTICIPANTS
from model.theory.interaction import CHANNELS, SOURCES
from model.theory.ownership import OWNERSHIP
from model.theory.road import HIGH, LOW
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH
from model.world.tables import SPARE, TIE_KINDS

_SHOWN = 5  # differences told of each kind


def _firm(sme: SME) -> dict:
    """The columns of ``tables.FIRM`` that a plain firm calls or keeps otherwise."""
    return {
        "members": sum(1 << each.bit for each in sme.memberships),
        "contract": [NOBODY if chain is None else chain.row for chain in sme.contracts],
        "community": sme.community.row,
        "place": sme.place.number,
        "road": HIGH if sme.high_road else LOW,
        "active": 1,
        "project": NOBODY if sme.project is None else sme.project,
        "parent": NOBODY if sme.owner.leader is None else sme.owner.leader.row,
        "ownership": OWNERSHIP.index(sme.owner.kind),
        "programmes": sum(1 << each.row for each in sme.model.instruments if sme in each.took_part),
    }


def _others(country: Country) -> dict[str, list[tuple[Any, dict]]]:
    """All other agents by table, each with the columns that it calls or keeps otherwise."""
    return {
        "chains": [
            (
                chain,
                {
                    "governance": GOVERNANCE.index(chain.governance),
                    "reach": REACH.index(chain.reach),
                    "suppliers": len(chain.suppliers()),
                    "aid": list(chain.aid.values()),
                },
            )
            for chain in country.chains
        ],
        "institutions": [
            (
                each,
                {
                    "seats": list(each.seats.values()),
                    "hours": list(each.hours.values()),
                    "chooses": PARTICIPANTS.index(each.chooses),
                    "count": len(each.members()),
                },
            )
            for each in country.institutions
        ],
        "instruments": [
            (
                each,
                {"chooses": PARTICIPANTS.index(each.chooses), "joined": len(each.took_part)},
            )
            for each in country.instruments
        ],
        "communities": [
            (
                each,
                {"sector": country.sectors.index(each.sector), "aid": list(each.aid.values())},
            )
            for each in country.communities
        ],
        "sectors": [
            (each, {"holds": _by_source(each.holds), "own": _by_source(each.own)})
            for each in country.sectors
        ],
    }


def _by_source(masks: list[dict[str, int]]) -> list[list[int]]:
    return [[by_source[source] for source in SOURCES] for by_source in masks]


def _columns(what: str, agent: Any, own: dict, record: np.record) -> Iterator[str]:
    """In which columns an agent and its record differ."""
    for name in record.dtype.names:
        mine = own[name] if name in own else getattr(agent, name)
        if record[name].tolist() != mine:
            yield f"{what}.{name}: engine {record[name].tolist()}, plain {mine}"


def _firms(country: Country, records: np.recarray) -> Iterator[str]:
    for place, record in zip(country.places, records, strict=True):
        what = f"firm {place.row}"
        if place.sme is not None and record.active:
            yield from _columns(what, place.sme, _firm(place.sme), record)
        elif record.active or place.sme is not None:
            yield f"{what}: in business {record.active}, in plain Mesa not so"
        elif record.members or record.home or any(chain != NOBODY for chain in record.contract):
            yield f"{what}: vacant, and yet a member, a supplier or a seller"


def _ties(country: Country, records: np.recarray, used: int) -> Iterator[str]:
    columns = ("kind", "trust", "usual", "owed", "lent", "kept", "met", "paid")
    engine = {
        (int(tie.a), int(tie.b)): [TIE_KINDS[tie.kind], *(tie[c].item() for c in columns[1:])]
        for tie in records
        if tie.kind != SPARE
    }
    plain = {
        (min(a, b), max(a, b)): [tie[column] for column in columns]
        for a, b, tie in country.graph.edges(data=True)
    }
    if len(engine) != used:
        yield "two ties between one pair of firms, or a tie that is not counted"
    yield from _of_dicts("tie", engine, plain)


def _ledger(country: Country, rows: Iterable[tuple], run: int) -> Iterator[str]:
    booked = {
        (tick, firm, born, dimension, practice, CHANNELS[channel]): source
        for row, tick, firm, born, source, dimension, practice, channel in rows
        if row == run
    }
    plain = {entry[:-1]: entry[-1] for entry in country.ledger}
    if len(plain) != len(country.ledger):
        yield "plain ledger: an entry twice"
    yield from _of_dicts("ledger", booked, plain)


def _of_dicts(what: str, engine: dict, plain: dict) -> Iterator[str]:
    keys = (key for key in engine.keys() | plain.keys() if engine.get(key) != plain.get(key))
    for key in islice(sorted(keys), _SHOWN):
        yield f"{what} {key}: engine {engine.get(key)}, plain {plain.get(key)}"


def differences(country: Country, ensemble: Ensemble, run: int = 0) -> list[str]:
    """In what the country and one run of the ensemble differ now; empty if they are the same.

    Compares who is in business, every column of every firm, tie, chain, institution, instrument,
    community and sector, and the whole ledger (in any order within a quarter).
    """
    view = ensemble.world.slice(run)
    found = [*_firms(country, view.firms), *_ties(country, view.ties, view.run.used_ties)]
    for table, agents in _others(country).items():
        for row, ((agent, own), record) in enumerate(
            zip(agents, getattr(view, table), strict=True)
        ):
            found += _columns(f"{table} {row}", agent, own, record)
    return found + list(_ledger(country, ensemble.ledger.tolist(), run))
