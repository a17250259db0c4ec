"""What one firm could learn next: from whom, with which chance, and what is out of reach and why.

The chances come from the theory's own rules (``model.engine.prospects``); here they are put into
words and tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from model.engine.chains import free_contract, guarded_and_shared, supplies
from model.engine.prospects import PROSPECT, prospects, room
from model.engine.tick import QUARTERS
from model.theory.absorption import READY, absorptive_capacity, lacks, within_reach
from model.theory.access import has_means, has_standing
from model.theory.attention import chance_to_attend
from model.theory.demand import new_suppliers
from model.theory.external_economies import local_price
from model.theory.guarding import freedom, guards
from model.theory.interaction import (
    BUYER,
    CHANNELS,
    INSTITUTION,
    LABORATORY,
    PEER,
    access,
    affords,
)
from model.theory.practices import (
    DIMENSIONS,
    FUNCTIONAL,
    PER_RUNG,
    PRODUCT,
    RUNGS,
    capability,
    on_rung,
)
from model.theory.road import HIGH, learning_effort
from model.theory.selection import contact, is_eligible, standard
from model.world.build import Names, RunView, World
from model.world.network import node
from model.world.tables import NOBODY, table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class KnowledgeSource:
    """One source of knowledge in one dimension, in the coming quarter. Chances are 0-1."""

    channel: str  # of model.theory.interaction.CHANNELS
    who: str  # node of the peer, lead firm or institution; empty for the rest
    meets: float  # chance of a meeting, once the firm attends to the dimension
    offered: int  # practices that are new to the firm and within its reach
    bound: int  # those of them that come with a machine, which this source does not bring
    shows: float  # chance that a meeting shows something new that can be had as it is
    how: float  # chance that it is then mastered
    chance: float  # chance to master something new through this source
    why: str  # what stands in the way, if anything does


@dataclass(frozen=True)
class Outlook:
    """One dimension: whether the firm will attend to it, and what it could then learn."""

    dimension: str
    attends: float  # chance 0-1
    freedom: float  # what the firm's buyers make of its attention here; 1: as it likes
    needed: int  # practices within reach that the firm does not master
    barred: str  # which rungs are out of reach and why; empty if none is
    sources: tuple[KnowledgeSource, ...]  # the likeliest first

    @property
    def chance(self) -> float:
        """Chance to master something new here, once the firm attends to it."""
        return 1.0 - prod(1.0 - source.chance for source in self.sources)


@dataclass(frozen=True)
class Explanation:
    """What a firm could learn in the coming quarter; ``str`` gives a table to show and read."""

    firm: str  # node
    tick: int  # the coming quarter
    resources: float  # units of account
    road: str  # high or low
    effort: float  # 0-1
    absorptive_capacity: float  # 0-1
    outlooks: tuple[Outlook, ...]  # one a dimension
    doors: tuple[tuple[str, str], ...]  # lead firms, institutions outside; why they are
    review: bool  # a year turns: contracts and memberships are reviewed before firms learn

    @property
    def chance(self) -> float:
        """Chance to master something new in the coming quarter, whatever the firm attends to."""
        return sum(outlook.attends * outlook.chance for outlook in self.outlooks)

    def to_frame(self) -> pd.DataFrame:
        """One row a dimension and source: ``KnowledgeSource``'s fields, with dimension and ``attends``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"dimension": outlook.dimension, "attends": outlook.attends, **vars(source)}
                for outlook in self.outlooks
                for source in outlook.sources
            ]
        )

    def __str__(self) -> str:
        return "\n".join(_told(self))


def explain(world: World, row: int, run: int = 0) -> Explanation:
    """What the firm of a row could learn in the coming quarter; LookupError if none is there."""
    view = world.slice(run)
    names = world.names[int(view.run.world)]
    me = view.firms[row]
    if not me.active:
        raise LookupError(f"place {row} is vacant: no firm is there to learn")
    found = _prospects(view, row)
    params = view.parameters
    free = freedom(*guarded_and_shared(me, view.chains), params)
    outlooks = []
    for d, dimension in enumerate(DIMENSIONS):
        here = found[found["dimension"] == d]
        sources = [_source(entry, d, view, names, me) for entry in here]
        outlooks.append(
            Outlook(
                dimension=dimension,
                attends=chance_to_attend(d, free, params),
                freedom=free if d >= FUNCTIONAL else 1.0,
                needed=(within_reach(me, d, params) & ~int(me.mastered[d])).bit_count(),
                barred=_barred(me, d, params),
                sources=tuple(sorted(sources, key=lambda source: -source.chance)),
            )
        )
    tick = int(view.run.tick)
    taken = learning_effort(me, params)
    return Explanation(
        firm=node("sme", row),
        tick=tick,
        resources=float(me.resources),
        road="high" if me.road == HIGH else "low",
        effort=taken,
        absorptive_capacity=absorptive_capacity(me, taken, params),
        outlooks=tuple(outlooks),
        doors=(*_chains_outside(view, names, me), *_institutions_outside(view, names, me)),
        review=tick % QUARTERS == 0,
    )


def _prospects(view: RunView, row: int) -> np.ndarray:
    used = int(view.run.used_ties)
    ties = int(np.count_nonzero((view.ties.a[:used] == row) | (view.ties.b[:used] == row)))
    found = table(PROSPECT, room(ties, len(view.institutions)))
    members = np.zeros(len(view.firms), np.int64)
    n = prospects(
        row, view.firms, view.ties, used, view.communities, view.sectors, view.chains,
        view.institutions, view.parameters, members, found,
    )  # fmt: skip
    return found[:n]


def _source(
    entry: np.record, d: int, view: RunView, names: Names, me: np.record
) -> KnowledgeSource:
    channel, row = int(entry.channel), int(entry.source)
    who = {
        PEER: lambda: node("sme", row),
        BUYER: lambda: node("lead_firm", names.chains[row]),
        INSTITUTION: lambda: node("institution", names.institutions[row]),
    }.get(channel, str)()
    return KnowledgeSource(
        channel=CHANNELS[channel],
        who=who,
        meets=float(entry.meets),
        offered=int(entry.offered),
        bound=int(entry.bound),
        shows=float(entry.shows),
        how=float(entry.how),
        chance=float(entry.chance),
        why="; ".join(_hindrances(entry, d, view, me)),
    )


def _hindrances(entry: np.record, d: int, view: RunView, me: np.record) -> Iterator[str]:
    """What keeps a source from teaching, if something does, and else what makes it rarer."""
    community = view.communities[me.community]
    sector = view.sectors[community.sector]
    channel = int(entry.channel)
    asked = local_price(channel, sector, community, view.parameters)
    if not affords(me, asked):
        yield f"costs {asked:.2f}, it has {me.resources:.2f}"
    elif entry.meets == 0.0 and channel != BUYER:
        yield "never met"
    elif entry.meets == 0.0:
        guarded = d > PRODUCT and guards(view.chains[int(entry.source)])
        yield "guards its core competence" if guarded else "does not teach this"
    elif entry.offered == 0:
        yield "nothing new within reach"
    elif entry.how == 0.0:
        yield "can't be taken up this way"
    else:
        if channel == LABORATORY and access(channel, me, community, sector, asked) < 1.0:
            yield "seldom lets outsiders in"
        if entry.bound:
            yield f"{entry.bound} of {entry.offered} come with a machine"


def _barred(me: np.record, d: int, params: np.record) -> str:
    for rung in range(RUNGS):
        where = lacks(me, d, rung, params)
        if where == READY:
            continue
        below = rung - 1 if where == d else rung
        asked = params.absorption.step if where == d else params.absorption.lean
        return (
            f"rung {rung + 1}{' and above' if rung + 1 < RUNGS else ''} out of reach: "
            f"{asked:.0f} of {PER_RUNG} practices of {DIMENSIONS[where]} rung {below + 1} asked, "
            f"{on_rung(me.mastered[where], below)} mastered"
        )
    return ""


def _chains_outside(view: RunView, names: Names, me: np.record) -> Iterator[tuple[str, str]]:
    community, params = view.communities[me.community], view.parameters
    for row, key in enumerate(names.chains):
        chain = view.chains[row]
        if not int(chain.communities) >> int(me.community) & 1 or supplies(me, row):
            continue
        if not is_eligible(me, chain, params):
            asked = standard(chain, params)
            why = f"asks for capability {asked:.2f}, it has {capability(me):.2f}"
        elif free_contract(me, params) == NOBODY:
            why = "it supplies as many chains as it can"
        elif view.run.tick and new_suppliers(chain) == 0:
            why = "has placed all its orders"
        else:
            chance = contact(me, community, chain, params)
            why = f"may find it at the turn of the year, with chance {chance:.2f}"
        yield node("lead_firm", key), why


def _institutions_outside(view: RunView, names: Names, me: np.record) -> Iterator[tuple[str, str]]:
    params = view.parameters
    for row, key in enumerate(names.institutions):
        institution = view.institutions[row]
        reached = int(institution.reach) >> int(me.community) & 1
        if not reached or int(me.members) >> row & 1:
            continue
        if institution.count >= institution.quota:
            why = "admits no more members"
        elif not institution.inclusive and not has_standing(me, institution, params):
            asked = params.access.exclusion * institution.minimum_capability
            why = f"asks for capability {asked:.2f}, it has {capability(me):.2f}"
        elif not institution.inclusive and not has_means(me, institution, QUARTERS, params):
            why = f"charges {institution.fee:.2f} a quarter, it has {me.resources:.2f}"
        else:
            why = f"may join at the turn of the year, with chance {params.access.take_up:.2f}"
        yield node("institution", key), why


def _told(told: Explanation) -> Iterator[str]:
    yield f"{told.firm}, quarter {told.tick}: masters something new with chance {told.chance:.2f}"
    yield (
        f"{told.road} road, resources {told.resources:.2f}, learning effort {told.effort:.2f}, "
        f"absorptive capacity {told.absorptive_capacity:.2f}"
    )
    if told.review:
        yield "A year turns: contracts and memberships, here as they stand, are reviewed first."
    for outlook in told.outlooks:
        yield ""
        yield (
            f"{outlook.dimension.upper()}  works on it with chance {outlook.attends:.2f}, "
            f"and then masters something new with chance {outlook.chance:.2f}"
        )
        if outlook.freedom < 1.0:
            yield f"  buyers guard it: {outlook.freedom:.0%} of a free firm's attention is left"
        elif outlook.freedom > 1.0:
            yield f"  partners share it: {outlook.freedom:.0%} of a free firm's attention"
        if outlook.barred:
            yield f"  {outlook.barred}"
        if not outlook.needed:
            yield "  nothing new is within reach"
            continue
        yield f"  {outlook.needed} practices within reach are not mastered"
        yield f"  {'source':<34}{'meets':>6}{'new':>5}{'shows':>7}{'how':>6}{'masters':>9}"
        for s in outlook.sources:
            name = s.who or s.channel
            numbers = f"{s.meets:>6.2f}{s.offered:>5}{s.shows:>7.2f}{s.how:>6.2f}{s.chance:>9.3f}"
            yield f"  {name:<34}{numbers}  {s.why}".rstrip()
    if told.doors:
        yield ""
        yield "OUTSIDE"
        for who, why in told.doors:
            yield f"  {who:<34}{why}"
