"""What one firm could learn next: from whom, with which chance, and what is out of reach and why.

The chances are frequencies: the coming quarter is drawn again and again (``model.engine.redraws``).
Here they are put into words and tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.engine.chains import free_contract, guarded_and_shared, supplies
from model.engine.learning import asked_of
from model.engine.lesson import cost_of_lesson
from model.engine.redraws import Redraws, redraw
from model.engine.tick import QUARTERS
from model.language import noted, say, say_name, signed_as_here
from model.theory.absorption import READY, absorptive_capacity, lacks, within_reach
from model.theory.access import dues, has_means, has_standing, is_meant, is_open, may_join
from model.theory.complementarity import took_part
from model.theory.demand import new_suppliers
from model.theory.guarding import freedom, guards
from model.theory.interaction import (
    BUYER,
    CHANNELS,
    ENGINEERING,
    INSTITUTION,
    LABORATORY,
    LABOUR,
    PEER,
    PRACTICE,
    RECOMBINATION,
    access,
    affords,
    carry_of,
    how,
    meets_source,
    rate,
    with_machine,
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
from model.theory.repository import frontier
from model.theory.road import HIGH, learning_effort
from model.theory.selection import contact, felt_standard, is_eligible
from model.theory.support import collaborates
from model.world.build import RunView, World
from model.world.network import node
from model.world.row_names import Names
from model.world.tables import NOBODY

if TYPE_CHECKING:
    import pandas as pd

_BY_CHANCE = {  # sources beyond those that the firm has now
    PEER: "firms met at meetings",
    BUYER: "if it becomes a supplier this quarter",
    INSTITUTION: "if it becomes a member this quarter",
    RECOMBINATION: "hit upon when talking across communities",
}


_BARRED = noted(
    "rung {rung} out of reach: {asked} of {all} practices of {dimension} rung {below} asked, {mastered} "
    "mastered"
)
_BARRED_ABOVE = noted(
    "rung {rung} and above out of reach: {asked} of {all} practices of {dimension} rung {below} asked, "
    "{mastered} mastered"
)


@dataclass(frozen=True)
class KnowledgeSource:
    """One source of knowledge in one dimension, in the coming quarter."""

    channel: str  # of model.theory.interaction.CHANNELS
    who: str  # node of the peer, lead firm or institution; empty for the rest
    offered: int  # practices that are new to the firm and within its reach
    bound: int  # those of them that come with a machine, which this source does not bring
    chance: float  # 0-1, to master something new through this source
    why: str  # what stands in the way, if anything does


@dataclass(frozen=True)
class Outlook:
    """One dimension: whether the firm will attend to it, and what it could learn."""

    dimension: str
    attends: float  # chance 0-1
    chance: float  # 0-1, to master something new here
    freedom: float  # what the firm's buyers make of its attention here; 1: as it likes
    needed: int  # practices within reach that the firm does not master
    barred: str  # which rungs are out of reach and why; empty if none is
    sources: tuple[KnowledgeSource, ...]  # the likeliest first


@dataclass(frozen=True)
class Explanation:
    """What a firm could learn in the coming quarter; ``str`` gives a table to show and read."""

    firm: str  # node
    tick: int  # the coming quarter
    draws: int  # how often it was drawn; a chance is the share of them
    chance: float  # 0-1, to master something new, whatever the firm attends to
    resources: float  # units of account
    road: str  # high or low
    effort: float  # 0-1
    absorptive_capacity: float  # 0-1
    outlooks: tuple[Outlook, ...]  # one a dimension
    doors: tuple[tuple[str, str], ...]  # lead firms, institutions outside; why they are
    review: bool  # a year turns: contracts and memberships are reviewed before firms learn

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


def explain(world: World, row: int, run: int = 0, drawn: Redraws | None = None) -> Explanation:
    """What the firm of a row could learn in the coming quarter; LookupError if none is there.

    ``drawn``: the quarter's redraws, for who asks about several firms of a run.
    """
    view = world.slice(run)
    names = world.names[int(view.run.world)]
    me = view.firms[row]
    if not me.active:
        raise LookupError(f"place {row} is vacant: no firm is there to learn")
    if drawn is None:
        drawn = redraw(world, run)
    params = view.parameters
    free = freedom(*guarded_and_shared(me, view.chains), params)
    outlooks = []
    for d, dimension in enumerate(DIMENSIONS):
        sources = _sources(view, names, row, d, drawn)
        outlooks.append(
            Outlook(
                dimension=dimension,
                attends=float(drawn.attended[row, d] / drawn.times),
                chance=float(drawn.mastered[row, d] / drawn.times),
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
        draws=drawn.times,
        chance=float(drawn.learned[row] / drawn.times),
        resources=float(me.resources),
        road="high" if me.road == HIGH else "low",
        effort=taken,
        absorptive_capacity=absorptive_capacity(me, taken, params),
        outlooks=tuple(outlooks),
        doors=(*_chains_outside(view, names, me), *_institutions_outside(view, names, me)),
        review=tick % QUARTERS == 0,
    )


def _sources(
    view: RunView, names: Names, row: int, d: int, drawn: Redraws
) -> Iterator[KnowledgeSource]:
    """The sources that a firm has, and those by which it learned in some of the redraws."""
    me, params = view.firms[row], view.parameters
    sector = view.sectors[view.communities[me.community].sector]
    needed = within_reach(me, d, params) & ~int(me.mastered[d])
    lessons = drawn.lessons_of(row)
    shares = {
        (int(lesson.channel), int(lesson.source)): int(lesson.draws) / drawn.times
        for lesson in lessons[lessons["dimension"] == d]
    }
    for channel, source, holds in _at_hand(view, row, d):
        offered = holds & needed
        bound = offered & int(with_machine(channel, d, sector))
        yield KnowledgeSource(
            channel=CHANNELS[channel],
            who=_who(channel, source, names),
            offered=offered.bit_count(),
            bound=bound.bit_count(),
            chance=shares.pop((channel, source), 0.0),
            why="; ".join(_hindrances(view, me, d, channel, source, holds, offered, bound)),
        )
    for (channel, source), share in shares.items():
        who = _who(channel, source, names)
        yield KnowledgeSource(
            CHANNELS[channel], who, needed.bit_count(), 0, share, _BY_CHANCE.get(channel, "")
        )


def _who(channel: int, source: int, names: Names) -> str:
    if channel == BUYER:
        return node("lead_firm", names.chains[source])
    if channel == INSTITUTION:
        return node("institution", names.institutions[source])
    return node("sme", source) if source != NOBODY else ""


def _at_hand(view: RunView, row: int, d: int) -> Iterator[tuple[int, int, int]]:
    """Channel, row (or NOBODY) and practices held (mask) of each source that a firm has now."""
    me = view.firms[row]
    community = view.communities[me.community]
    sector = view.sectors[community.sector]
    yield PRACTICE, NOBODY, int(me.aware[d])
    for channel in range(ENGINEERING, BUYER):
        yield channel, NOBODY, int(sector.holds[d, channel - ENGINEERING])
    for chain in me.contract.tolist():
        if chain != NOBODY:
            yield BUYER, chain, int(view.chains[chain].holds[d])
    ties = view.ties[: int(view.run.used_ties)]
    for tie in ties[(ties["a"] == row) | (ties["b"] == row)]:
        other = int(tie.a) + int(tie.b) - row
        if view.firms[other].active:
            yield PEER, other, int(view.firms[other].mastered[d])
    first = int(community.first)
    near = view.firms[first : first + int(community.places)]
    others = (near["active"] == 1) & (np.arange(len(near)) + first != row)
    yield LABOUR, NOBODY, int(np.bitwise_or.reduce(near["mastered"][others, d], initial=0))
    for number, institution in enumerate(view.institutions):
        if not institution.association and int(me.members) >> number & 1:
            holds = int(institution.repository[d]) | int(institution.expertise[d])
            if view.parameters.complementarity.translate > 0.0:
                holds |= int(me.aware[d]) & int(asked_of(me, d, view.chains))
            if institution.experiential < 1.0:
                holds |= int(frontier(sector, d))
            yield INSTITUTION, number, holds


def _hindrances(
    view: RunView,
    me: np.record,
    d: int,
    channel: int,
    source: int,
    holds: int,
    offered: int,
    bound: int,
) -> Iterator[str]:
    """What keeps a source from teaching, if something does, and else what makes it rarer."""
    params = view.parameters
    community = view.communities[me.community]
    sector = view.sectors[community.sector]
    asked = cost_of_lesson(me, channel, sector, community, params)
    capacity = absorptive_capacity(me, learning_effort(me, params), params)
    if channel < BUYER and not holds:
        yield "has nothing of this kind"
    elif not affords(me, asked):
        yield f"costs {asked:.2f}, it has {me.resources:.2f}"
    elif channel == BUYER and not _works_with(view, me, d, source):
        guarded = d > PRODUCT and guards(view.chains[source])
        yield "guards its core competence" if guarded else "does not teach this"
    elif channel == INSTITUTION and not is_open(view.institutions[source], int(view.run.tick)):
        yield "is closed"
    elif rate(channel, params) == 0.0 or (
        channel < BUYER and meets_source(channel, me, community, sector, asked, params) == 0.0
    ):
        yield "never met"
    elif not offered:
        yield "nothing new within reach"
    elif how(carry_of(channel, params), d, capacity, sector, params) == 0.0:
        yield "can't be taken up this way"
    else:
        if channel == LABORATORY and access(channel, me, community, sector, asked) < 1.0:
            yield "seldom lets outsiders in"
        if bound:
            yield f"{bound.bit_count()} of {offered.bit_count()} come with a machine"


def _works_with(view: RunView, me: np.record, d: int, row: int) -> bool:
    """Whether a buyer ever works with this supplier on a dimension."""
    sector = view.sectors[view.communities[me.community].sector]
    tick, params = int(view.run.tick), view.parameters
    age = tick - int(me.since[me.contract.tolist().index(row)])
    invested = took_part(me, tick, params)
    return bool(collaborates(me, view.chains[row], d, age, invested, sector, params) > 0.0)


def _barred(me: np.record, d: int, params: np.record) -> str:
    for rung in range(RUNGS):
        where = lacks(me, d, rung, params)
        if where == READY:
            continue
        below = rung - 1 if where == d else rung
        asked = params.absorption.step if where == d else params.absorption.lean
        return say(
            _BARRED_ABOVE if rung + 1 < RUNGS else _BARRED,
            rung=rung + 1,
            asked=f"{asked:.0f}",
            all=PER_RUNG,
            dimension=say_name(DIMENSIONS[where]),
            below=below + 1,
            mastered=on_rung(me.mastered[where], below),
        )
    return ""


def _chains_outside(view: RunView, names: Names, me: np.record) -> Iterator[tuple[str, str]]:
    community, params = view.communities[me.community], view.parameters
    for row, key in enumerate(names.chains):
        chain = view.chains[row]
        if not chain.communities[me.community] or supplies(me, row):
            continue
        if not is_eligible(me, chain, params):
            asked = felt_standard(me, chain, params)
            why = _asks(asked, me)
        elif free_contract(me, params) == NOBODY:
            why = say("it supplies as many chains as it can")
        elif view.run.tick and (chain.first_order <= 0.0 or new_suppliers(chain) <= 0):
            why = say("has placed all its orders")
        else:
            chance = contact(me, community, chain, params)
            why = say(
                "may find it at the turn of the year, with chance {chance}", chance=_fine(chance)
            )
        yield node("lead_firm", key), why


def _institutions_outside(view: RunView, names: Names, me: np.record) -> Iterator[tuple[str, str]]:
    params, joined = view.parameters, names.memberships(me)
    for row, key in enumerate(names.institutions):
        institution = view.institutions[row]
        if not institution.reach[me.community] or row in joined:
            continue
        if not is_open(institution, int(view.run.tick)):
            why = say("is closed")
        elif institution.count >= institution.quota:
            why = say("admits no more members")
        elif not is_meant(me, institution):
            why = say("is meant for other firms")
        elif not institution.inclusive and not has_standing(me, institution, params):
            asked = params.access.exclusion * institution.minimum_capability
            why = _asks(asked, me)
        elif not institution.inclusive and not has_means(me, institution, QUARTERS, params):
            why = say(
                "charges {dues} a quarter, it has {had}",
                dues=_fine(dues(me, institution)), had=_fine(me.resources),
            )  # fmt: skip
        elif not may_join(me, institution, QUARTERS, params):
            why = say("its members choose to come, and this owner is on the low road")
        else:
            why = say("may join at the turn of the year")
        yield node("institution", key), why


def _asks(asked: float, me: np.record) -> str:
    return say(
        "asks for capability {asked}, it has {able}",
        asked=_fine(asked), able=_fine(capability(me)),
    )  # fmt: skip


def _fine(value: float) -> str:
    return signed_as_here(f"{value:.2f}")


def _told(told: Explanation) -> Iterator[str]:
    yield f"{told.firm}, quarter {told.tick}: masters something new with chance {told.chance:.2f}"
    yield (
        f"{told.road} road, resources {told.resources:.2f}, learning effort {told.effort:.2f}, "
        f"absorptive capacity {told.absorptive_capacity:.2f}"
    )
    yield f"Chances are shares of {told.draws} draws of the quarter."
    if told.review:
        yield "A year turns: contracts and memberships are reviewed first."
    for outlook in told.outlooks:
        yield ""
        yield (
            f"{outlook.dimension.upper()}  works on it with chance {outlook.attends:.2f}, "
            f"masters something new with chance {outlook.chance:.2f}"
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
        yield f"  {'source':<34}{'new':>5}{'masters':>9}"
        for s in outlook.sources:
            name = s.who or s.channel
            numbers = f"{s.offered:>5}{s.chance:>9.3f}"
            yield f"  {name:<34}{numbers}  {s.why}".rstrip()
    if told.doors:
        yield ""
        yield "OUTSIDE"
        for who, why in told.doors:
            yield f"  {who:<34}{why}"
