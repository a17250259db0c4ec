"""What befell a firm, quarter by quarter, in the order of the events of a tick.

Contracts, memberships and practices are read from the tables and the ledger. Refusals leave no trace
there; they are found by asking the theory's own rules with the very draws of the run. A firm was
refused where it had knocked: where it met the lead firm that year, or set out to join the institution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from model.draws import CONTACT, JOIN, PUNISH, TICK, chance, key
from model.engine.chains import supplies
from model.engine.tick import QUARTERS
from model.language import noted, say, say_name
from model.report.explain.trace import PlaceState, Trace
from model.theory.absorption import within_reach
from model.theory.access import (
    SELF_SELECTED,
    dues,
    has_means,
    has_standing,
    is_meant,
    is_open,
    stays,
    takes_up,
)
from model.theory.guarding import punishes
from model.theory.practices import DIMENSIONS, PER_RUNG, capability
from model.theory.road import HIGH
from model.theory.selection import contact, falls_behind, felt_standard, is_eligible
from model.theory.several_chains import most_contracts
from model.theory.support import GOVERNANCE
from model.wording.numbers import counted, fixed
from model.wording.titles import GOVERNED
from model.world.found import firm_key
from model.world.network import node
from model.world.tables import NOBODY

if TYPE_CHECKING:
    import pandas as pd

KINDS = (
    "world", "entered", "governance", "contract", "contract ended", "refused", "joined", "left",
    "road", "lost", "mastered", "within reach", "certified", "certificate lapsed", "tie", "closed",
)  # fmt: skip
"""Kinds of event, in the order in which they happen within a quarter."""

LEARNED = ("mastered", "lost")
BROUGHT = ("inheritance", "start")  # channels of what an entrant masters when it opens
UNLEARNED = {"forgotten": "", "overtaken": noted("overtaken by a better way of doing it")}
"""Channels by which practices are lost, and what is said of why; forgetting needs no reason."""

_ASKS = noted("asks for capability {asked}, it has {able}")
_GIVERS = {"peer": "sme", "labour": "sme", "inheritance": "sme", "recombination": "sme",
           "buyer": "lead_firm", "institution": "institution"}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``what``, with or from ``who`` (a node or a channel), and ``why``.

    Which of a few it was (a road, a way to enter, a practice) stays a name; amounts and reasons are words.
    """

    tick: int  # quarter, from 0
    kind: str  # of KINDS
    what: str = ""
    who: str = ""
    why: str = ""  # in the language spoken
    channel: str = ""  # how a practice was mastered


def events(trace: Trace, born: int) -> list[Event]:
    """The life of the firm that entered the traced place in quarter ``born``, in order."""
    found = list(_entry(trace, born))
    for before, after in pairwise(trace.snapshots):
        if not before.firm.active or before.firm.born != born:
            continue
        year = after.tick % QUARTERS == 0
        found += _world(trace, after.tick)
        if after.firm.active:
            found += _governance(trace, before, after)
        if after.firm.active and year:
            found += _contracts(trace, before, after)
            found += _memberships(trace, before, after)
        if after.firm.active and before.firm.road != after.firm.road:
            found.append(Event(after.tick, "road", "high" if after.firm.road == HIGH else "low"))
        found += _reach(trace, before, after)
        if after.firm.active:
            found += _certificate(before, after)
            found += _ties(before, after)
        else:
            why = say("out of resources, and earnings did not cover wages and overheads")
            found.append(Event(after.tick, "closed", why=why))
    found += _practices(trace, born)
    return sorted(found, key=lambda event: (event.tick, KINDS.index(event.kind)))


def own_ledger(trace: Trace, born: int) -> pd.DataFrame:
    """What the ledger books to the firm."""
    ledger = trace.ledger
    return ledger[(ledger["firm"] == trace.place) & (ledger["born"] == born)]


def named(dimension: str, rung: int, practice: int) -> str:
    """A practice: ``process 2.07`` is the seventh on the second rung of process."""
    return f"{dimension} {rung}.{practice:02d}"


def giver(channel: str, source: str) -> str:
    """From whom a practice came: the node of an agent, or the channel where no agent stands for it."""
    return node(_GIVERS[channel], source) if source and channel in _GIVERS else channel


def _entry(trace: Trace, born: int) -> Iterator[Event]:
    if born == 0:
        yield Event(0, "entered", "founder")
        return
    own = own_ledger(trace, born)
    brought = own[own["channel"].isin(BROUGHT)]
    parents = brought.loc[brought["channel"] == "inheritance", "source"]
    what = "spin-off" if len(parents) else "newcomer"
    who = node("sme", parents.iloc[0]) if len(parents) else ""
    why = say("brought {practices} along", practices=counted(len(brought), "practice"))
    yield Event(born, "entered", what, who, why)


def _world(trace: Trace, tick: int) -> Iterator[Event]:
    for name, change in trace.scenario.timetable.items():
        if change.tick == tick:
            yield Event(tick, "world", change.title or name.replace("_", " "))


def _practices(trace: Trace, born: int) -> Iterator[Event]:
    for row in own_ledger(trace, born).itertuples():
        if row.channel in BROUGHT:
            continue
        what = named(row.dimension, row.rung, row.practice)
        if row.channel in UNLEARNED:
            yield Event(row.tick, "lost", what, why=say_name(UNLEARNED[row.channel]))
        else:
            who = giver(str(row.channel), str(row.source))
            yield Event(row.tick, "mastered", what, who, channel=str(row.channel))


def _governance(trace: Trace, before: PlaceState, after: PlaceState) -> Iterator[Event]:
    for row, name in enumerate(trace.names.chains):
        old, new = before.chains[row].governance, after.chains[row].governance
        if old != new and supplies(before.firm, row):
            was, has = (say_name(GOVERNED[GOVERNANCE[mode]]) for mode in (old, new))
            modes = say("{was} to {has}", was=was, has=has)
            yield Event(after.tick, "governance", modes, node("lead_firm", name))


def _own_key(trace: Trace, snapshot: PlaceState) -> np.uint64:
    tick_key = _under(trace.view.run.key, TICK, snapshot.tick)
    return np.uint64(firm_key(tick_key, snapshot.firm.community, snapshot.firm.place))


def _under(parent: np.uint64, *path: int) -> np.uint64:
    """The draw at the end of a path of keys; called from outside, rules return plain integers."""
    for child in path:
        parent = np.uint64(key(parent, np.uint64(child)))
    return parent


def _contracts(trace: Trace, before: PlaceState, after: PlaceState) -> Iterator[Event]:
    """Contracts won, lost and refused at the turn of a year (G1, G3, G4, G6)."""
    params = trace.view.parameters
    own_key = _own_key(trace, after)
    me = before.firm  # lead firms look at what it mastered when the quarter began
    able = fixed(capability(me), 2)
    kept = sum(row != NOBODY and supplies(after.firm, row) for row in me.contract.tolist())
    held = kept
    for row, name in enumerate(trace.names.chains):
        chain, who = after.chains[row], node("lead_firm", name)
        asks = say(_ASKS, asked=fixed(felt_standard(me, chain, params), 2), able=able)
        encroaches = punishes(me, chain, _under(own_key, PUNISH, row), params)
        had, has = supplies(me, row), supplies(after.firm, row)
        if had and not has:
            why = say("its order had become too small")
            if falls_behind(me, chain, params):
                why = asks
            elif encroaches:
                why = say("encroached on the leader's core competence")
            yield Event(after.tick, "contract ended", who=who, why=why)
        elif has and not had:
            held += 1
            yield Event(after.tick, "contract", who=who, why=asks)
        elif not had and chain.communities[me.community] and chain.amount > 0:
            meets = contact(me, after.community, chain, params)
            if chance(_under(own_key, CONTACT, row)) >= meets:
                continue
            if not is_eligible(me, chain, params):
                yield Event(after.tick, "refused", who=who, why=asks)
            elif encroaches:
                why = say("encroaches on the leader's core competence")
                yield Event(after.tick, "refused", who=who, why=why)
            elif held < most_contracts(params):
                why = say(
                    "had placed its orders with abler or earlier firms; it has capability {able}",
                    able=able,
                )
                yield Event(after.tick, "refused", who=who, why=why)


def _memberships(trace: Trace, before: PlaceState, after: PlaceState) -> Iterator[Event]:
    """Who let it in, who kept it out and why, at the turn of a year (I3)."""
    params = trace.view.parameters
    own_key = _own_key(trace, after)
    me = before.firm.copy()
    me.contract = after.firm.contract  # lead firms have chosen before institutions do
    had, has = trace.names.memberships(me), trace.names.memberships(after.firm)
    for row, name in enumerate(trace.names.institutions):
        house, who = after.institutions[row], node("institution", name)
        was, is_in = row in had, row in has
        if is_in and not was:
            yield Event(after.tick, "joined", who=who)
        elif was and not is_in:
            why = say("it has closed")
            if is_open(house, after.tick):
                fee = say("could not pay the fee of {fee}", fee=fixed(dues(me, house), 2))
                why = "" if stays(me, house, params) else fee
            yield Event(after.tick, "left", who=who, why=why)
        elif (
            not is_in
            and is_open(house, after.tick)
            and _knocks(me, house, _under(own_key, JOIN, row), params)
        ):
            yield Event(after.tick, "refused", who=who, why=_kept_out(me, house, params))


def _knocks(me: np.record, house: np.record, draw: np.uint64, params: np.record) -> bool:
    """Whether it sets out this year to join an institution that is open and takes members."""
    if house.association or not house.quota or not house.reach[me.community]:
        return False
    if house.chooses == SELF_SELECTED and me.road != HIGH:
        return False  # it does not come, so nobody refuses it
    return bool(takes_up(house, draw, params))


def _kept_out(me: np.record, house: np.record, params: np.record) -> str:
    if not is_meant(me, house):
        return say("is meant for other firms")
    if not (house.inclusive or has_standing(me, house, params)):
        asked = params.access.exclusion * house.minimum_capability
        return say(_ASKS, asked=fixed(asked, 2), able=fixed(capability(me), 2))
    if house.inclusive or has_means(me, house, QUARTERS, params):
        return say("admits no more members")
    wanted = params.access.means * params.access.exclusion * dues(me, house) * QUARTERS
    return say(
        "costs {fee} a quarter: it would want {wanted} in hand and had {had}",
        fee=fixed(dues(me, house), 2),
        wanted=fixed(wanted, 2),
        had=fixed(me.resources, 2),
    )


def _reach(trace: Trace, before: PlaceState, after: PlaceState) -> Iterator[Event]:
    """Rungs that come within reach (K3): the walking before the running."""
    params = trace.view.parameters
    for d, dimension in enumerate(DIMENSIONS):
        old, new = rungs(before.firm, d, params), rungs(after.firm, d, params)
        for rung in range(old + 1, new + 1):
            what = say("{dimension} rung {rung}", dimension=say_name(dimension), rung=rung)
            yield Event(after.tick, "within reach", what)


def rungs(firm: np.record, d: int, params: np.record) -> int:
    """How many rungs of a dimension are within a firm's reach, 0-3."""
    return int(within_reach(firm, d, params)).bit_count() // PER_RUNG


def _certificate(before: PlaceState, after: PlaceState) -> Iterator[Event]:
    if after.firm.certified > before.firm.certified:
        level = say("capability {able} attested", able=fixed(after.firm.certified, 2))
        yield Event(after.tick, "certified", level)
    elif after.firm.certified < before.firm.certified:
        able = fixed(capability(after.firm), 2)
        yield Event(
            after.tick, "certificate lapsed", why=say("its capability fell to {able}", able=able)
        )


def _ties(before: PlaceState, after: PlaceState) -> Iterator[Event]:
    for other in after.ties.keys() - before.ties.keys():
        yield Event(after.tick, "tie", "met through an institution", node("sme", other))
