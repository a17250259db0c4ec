"""The same firm under two policies: where its two lives part, and where the two worlds do.

Both runs are done again in step. What is compared each quarter is everything the tables hold of the
place: who is there, contracts, memberships, road, practices known and mastered, trust, certificate,
money. Runs of one seed and replicate share all draws, so the first difference is the policy's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.language import noted, say, say_name, signed_as_here
from model.report.explain.events import UNLEARNED, giver, named
from model.report.explain.trace import PlaceState, Trace
from model.scenario.differences import differences
from model.scenario.faults import Fault, InputError, show_value
from model.scenario.schema import Scenario
from model.theory.practices import DIMENSIONS, PER_RUNG
from model.wording.firms import road_of
from model.wording.titles import channel_name, practice_name
from model.world.network import node
from model.world.tables import FIRM, NOBODY

_MONEY = ("value_added", "wage", "resources", "progress", "distress")
_HEADS = {
    "contract": noted("supplies"),
    "member": noted("belongs to"),
    "mastered": noted("masters"),
    "aware": noted("knows of"),
}
_VERBS = {
    "contract": (noted("supplies {what}"), noted("does not supply {what}")),
    "member": (noted("belongs to {what}"), noted("does not belong to {what}")),
    "mastered": (noted("masters {what}"), noted("does not master {what}")),
    "aware": (noted("knows of {what}"), noted("does not know of {what}")),
}
_MONEY_NAMES = (
    noted("value added"), noted("wage"), noted("resources"), noted("progress"), noted("distress"),
)  # fmt: skip
_TRUST = {
    "backward": noted("trust in suppliers"),
    "forward": noted("trust in traders and users"),
}


@dataclass(frozen=True)
class StateDifference:
    """Something of a place in which two runs differ after a quarter, in words, one text a run."""

    what: str
    first: str
    second: str


@dataclass(frozen=True)
class Parting:
    """The first quarter after which the traced places differ, and in what, in order of the tick."""

    tick: int
    differences: tuple[StateDifference, ...]


@dataclass(frozen=True)
class Pair:
    """Two runs done, where the places part if they do, and the worlds."""

    first: Trace
    second: Trace
    apart: tuple[PlaceState, PlaceState] | None  # the places when they first differ
    worlds_part: int | None  # first quarter after which any firm differs
    touched: int  # firms that differ then

    @property
    def parting(self) -> Parting | None:
        """When and in what the places part, in the language spoken."""
        if self.apart is None:
            return None
        found = _differences(self.first, self.second, *self.apart, ended=True)
        return Parting(self.apart[0].tick, tuple(found))


def twin_place(first: Trace, scenario: Scenario) -> int:
    """The row of the traced place in another world: same community, same number in it.

    InputError if that world has no such place.
    """
    firm = first.snapshots[0].firm
    home, row = first.names.communities[firm.community], 0
    for name, community in scenario.communities.items():
        if name == home and firm.place < community.places:
            return row + int(firm.place)
        row += community.places
    allowed = f"the twin's world has no place {int(firm.place)} in a community {home}"
    raise InputError(Fault("--firm", str(first.place), "", allowed))


def run_together(first: Trace, second: Trace, done: Callable[[int], None] | None = None) -> Pair:
    """Run both to the end in step; InputError if they are no twins (other seed or replicate).

    ``done`` is told of the run-quarters just finished.
    """
    for what, one, other in (
        ("seed", first.scenario.run.seed, second.scenario.run.seed),
        ("replicate", first.replicate, second.replicate),
    ):
        if one != other:
            allowed = f"no twins: {what} {one} in {first.label}, {other} in {second.label}"
            raise InputError(Fault("--twin", "", "", allowed, f"run both with one {what}"))
    together = min(first.ticks, second.ticks)
    parted = _apart(first, second)
    worlds, touched = None, 0
    for tick in range(max(first.ticks, second.ticks)):
        for trace in (first, second):
            if tick < trace.ticks:
                trace.step()
                if done:
                    done(1)
        if tick < together:
            parted = parted or _apart(first, second)
            if worlds is None and (touched := _touched(first, second)):
                worlds = tick
    return Pair(first, second, parted, worlds, touched)


def _apart(first: Trace, second: Trace) -> tuple[PlaceState, PlaceState] | None:
    """The two places as they stand, if they differ."""
    here = first.snapshots[-1], second.snapshots[-1]
    return here if any(_differences(first, second, *here)) else None


def _touched(first: Trace, second: Trace) -> int:
    """How many places of the communities that both worlds have differ now."""
    total = 0
    one, other = first.view, second.view
    for c, name in enumerate(first.names.communities):
        if name not in second.names.communities:
            continue
        home, away = one.communities[c], other.communities[second.names.communities.index(name)]
        places = min(int(home.places), int(away.places))
        mine = one.firms[home.first : home.first + places]
        theirs = other.firms[away.first : away.first + places]
        apart = _supplies(mine, first) != _supplies(theirs, second)
        apart |= _belongs(mine, first) != _belongs(theirs, second)
        for column in FIRM.names or ():
            if column not in ("contract", "members", "community"):
                same = mine[column] == theirs[column]
                apart |= ~same if same.ndim == 1 else ~same.all(axis=1)
        total += int(apart.sum())
    return total


def _supplies(firms: np.ndarray, trace: Trace) -> np.ndarray:
    """(n_firms,) the names of the chains that each supplies, as one text."""
    names = (*trace.names.chains, "")  # the last for NOBODY
    return np.array([" ".join(sorted(names[c] for c in row)) for row in firms["contract"].tolist()])


def _belongs(firms: np.ndarray, trace: Trace) -> np.ndarray:
    """(n_firms,) the names of the institutions to which each belongs, as one text."""
    return np.array([" ".join(sorted(_members(firm, trace))) for firm in firms])


def _differences(
    first: Trace,
    second: Trace,
    one: PlaceState,
    other: PlaceState,
    ended: bool = False,
) -> Iterator[StateDifference]:
    """In what two moments of the places differ, in the order of a tick's events.

    ``ended``: both runs have, so that ledgers tell from whom a practice came.
    """
    mine, theirs = one.firm, other.firm
    if mine.active != theirs.active or mine.born != theirs.born:
        yield StateDifference(say("who is there"), _occupant(mine), _occupant(theirs))
        return
    if not mine.active:
        return
    yield from _relations(mine, theirs, first, second)
    if mine.road != theirs.road:
        yield StateDifference(say("road"), road_of(mine.road), road_of(theirs.road))
    if mine.dimension != theirs.dimension:
        one_on, other_on = (say_name(DIMENSIONS[firm.dimension]) for firm in (mine, theirs))
        yield StateDifference(say("works on"), one_on, other_on)
    for column in ("mastered", "aware"):
        for d in range(len(DIMENSIONS)):
            for bit in _bits(int(mine[column][d]) ^ int(theirs[column][d])):
                in_first = bool(int(mine[column][d]) >> bit & 1)
                holder, tick = (first, one.tick) if in_first else (second, other.tick)
                taught = _from_whom(holder, tick, d, bit) if ended and column == "mastered" else ""
                name = named(DIMENSIONS[d], bit // PER_RUNG + 1, bit % PER_RUNG + 1)
                practice = practice_name(name)
                yield _one_sided(column, practice, in_first, taught)
    yield from _numbers(mine, theirs, _TRUST)
    yield from _ties(one, other)
    yield from _numbers(mine, theirs, {"certified": noted("certificate")})
    yield from _numbers(mine, theirs, dict(zip(_MONEY, _MONEY_NAMES, strict=True)))


def _relations(
    mine: np.record, theirs: np.record, first: Trace, second: Trace
) -> Iterator[StateDifference]:
    for what, kind, of in (
        ("contract", "lead_firm", _contracts),
        ("member", "institution", _members),
    ):
        held = of(mine, first)
        for name in sorted(held ^ of(theirs, second)):
            yield _one_sided(what, node(kind, name), name in held)


def _one_sided(what: str, name: str, in_first: bool, taught: str = "") -> StateDifference:
    """Something that one of the two has, does or knows and the other not; ``taught``: from whom."""
    has, has_not = (say(verb, what=name) for verb in _VERBS[what])
    if taught:
        has = say("masters {what}, from {whom}", what=name, whom=taught)
    return StateDifference(
        say_name(_HEADS[what]), *((has, has_not) if in_first else (has_not, has))
    )


def _ties(one: PlaceState, other: PlaceState) -> Iterator[StateDifference]:
    for partner in sorted(one.ties.keys() | other.ties.keys()):
        here, there = one.ties.get(partner), other.ties.get(partner)
        if here != there:
            what = say("trust with {whom}", whom=node("sme", partner))
            texts = [_short(tie[0]) if tie else say("no tie") for tie in (here, there)]
            yield StateDifference(what, *texts)


def _numbers(
    mine: np.record, theirs: np.record, columns: dict[str, str]
) -> Iterator[StateDifference]:
    for column, what in columns.items():
        if mine[column] != theirs[column]:
            yield StateDifference(say_name(what), _short(mine[column]), _short(theirs[column]))


def _short(value: float) -> str:
    return signed_as_here(f"{value:.4g}")


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _contracts(firm: np.record, trace: Trace) -> set[str]:
    return {trace.names.chains[row] for row in firm.contract.tolist() if row != NOBODY}


def _members(firm: np.record, trace: Trace) -> set[str]:
    return {trace.names.institutions[row] for row in trace.names.memberships(firm)}


def _occupant(firm: np.record) -> str:
    if not firm.active:
        return say("vacant")
    if not firm.born:
        return say("the founder")
    return say("firm of quarter {quarter}", quarter=int(firm.born))


def _from_whom(trace: Trace, tick: int, d: int, bit: int) -> str:
    """Who taught a practice in that quarter, as the ledger books it."""
    booked = trace.ledger
    rung, practice = bit // PER_RUNG + 1, bit % PER_RUNG + 1
    row = booked[
        (booked["firm"] == trace.place)
        & (booked["tick"] == tick)
        & (booked["dimension"] == DIMENSIONS[d])
        & (booked["rung"] == rung)
        & (booked["practice"] == practice)
        & ~booked["channel"].isin(list(UNLEARNED))
    ]
    if row.empty:  # the other lost it
        return ""
    channel = str(row["channel"].iloc[0])
    whom = giver(channel, str(row["source"].iloc[0]))
    return channel_name(channel) if whom == channel else whom


def policies_apart(first: Trace, second: Trace) -> list[StateDifference]:
    """The keys of the two scenarios that differ, titles and descriptions aside."""
    return [
        StateDifference(apart.key, _told(apart.one), _told(apart.other))
        for apart in differences(first.scenario, second.scenario)
    ]


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("title") or say("there"))
    return say("none") if value is None else show_value(value)
