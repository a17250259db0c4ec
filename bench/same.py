"""Whether the plain Mesa model and the compiled engine are in the same state, to the last bit."""

from __future__ import annotations

from itertools import islice

from bench.plain_firms import NOBODY, SME
from bench.plain_institutions import BridgingInstitution
from bench.plain_mesa import Country
from model.engine.ensemble import Ensemble
from model.theory.interaction import CHANNELS
from model.world.tables import FIRM, SPARE

_SHOWN = 5  # differences told of each kind


def _firm(sme: SME) -> dict:
    """A plain firm as a row of ``tables.FIRM``, every column."""
    row = {name: getattr(sme, name) for name in FIRM.names if hasattr(sme, name)}
    row |= {
        "members": sum(1 << institution.row for institution in sme.memberships),
        "contract": [NOBODY if chain is None else chain.row for chain in sme.contracts],
        "community": sme.community.row,
        "place": sme.place.number,
        "workers": sme.place.workers,
        "active": 1,
    }
    return row


def differences(country: Country, ensemble: Ensemble, run: int = 0) -> list[str]:
    """In what the country and one run of the ensemble differ now; empty if they are the same.

    Compares every column of every firm in business, who is in business, every tie with its trust,
    the books and the repository of every institution, and the whole ledger (in any order within a
    quarter).
    """
    view = ensemble.world.slice(run)
    found: list[str] = []
    for place, record in zip(country.places, view.firms, strict=True):
        if place.sme is None or not record.active:
            if record.active or place.sme is not None:
                found.append(f"firm {place.row}: in business {record.active}, in plain Mesa not so")
            elif record.members or any(chain != NOBODY for chain in record.contract):
                found.append(f"firm {place.row}: vacant, and yet a member or a supplier")
            continue
        mine = _firm(place.sme)
        for name in FIRM.names:
            if record[name].tolist() != mine[name]:
                found.append(
                    f"firm {place.row}.{name}: engine {record[name].tolist()}, plain {mine[name]}"
                )
    ties = {
        (int(tie.a), int(tie.b)): (float(tie.trust), float(tie.usual))
        for tie in view.ties
        if tie.kind != SPARE
    }
    plain_ties = {
        (min(a, b), max(a, b)): (tie["trust"], tie["usual"])
        for a, b, tie in country.graph.edges(data=True)
    }
    if len(ties) != view.run.used_ties:
        found.append("two ties between one pair of firms")
    found += _of_dicts("tie", ties, plain_ties)
    for institution, record in zip(country.institutions, view.institutions, strict=True):
        columns = ["fees", "spent"]
        columns += ["repository"] if isinstance(institution, BridgingInstitution) else []
        for name in columns:
            mine = getattr(institution, name)
            if record[name].tolist() != mine:
                found.append(
                    f"institution {institution.row}.{name}: engine {record[name]}, plain {mine}"
                )
    booked = {
        (tick, firm, born, dimension, practice, CHANNELS[channel]): source
        for row, tick, firm, born, source, dimension, practice, channel in ensemble.ledger.tolist()
        if row == run
    }
    plain_books = {entry[:-1]: entry[-1] for entry in country.ledger}
    if len(plain_books) != len(country.ledger):
        found.append("plain ledger: an entry twice")
    found += _of_dicts("ledger", booked, plain_books)
    return found


def _of_dicts(what: str, engine: dict, plain: dict) -> list[str]:
    keys = (key for key in engine.keys() | plain.keys() if engine.get(key) != plain.get(key))
    return [
        f"{what} {key}: engine {engine.get(key)}, plain {plain.get(key)}"
        for key in islice(sorted(keys), _SHOWN)
    ]
