"""The small firms of the plain Mesa model.

Each method is written from the docstrings of ``model.theory`` (K1, C2 and so on name the file) and
the numbered events of a quarter in ``model.engine.tick``; it calls none of their code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import (
    PER_RUNG,
    PRACTICES,
    RUNG,
    RUNGS,
    any_one_of,
    chance,
    key,
    on_rung,
    one_of_growing,
    score,
)
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_chains import LeadFirm
    from bench.plain_institutions import Association
    from bench.plain_mesa import Country, Place

PROCESS, PRODUCT, FUNCTIONAL, INTERSECTORAL = range(4)
CONTRACTS = 2
NOBODY = -1
OPEN_SOURCES = (
    "practice", "engineering", "machinery", "inputs", "laboratory", "user", "consultant",
)  # fmt: skip
FROM_BUYER = len(OPEN_SOURCES) + 1  # sources are numbered from 1


def capability(mastered: list[int]) -> float:
    """Share of all process and product practices in a firm's masks, 0-1."""
    practices = mastered[PROCESS].bit_count() + mastered[PRODUCT].bit_count()
    return practices / (2 * PRACTICES)


class SME(mesa.Agent):
    """A small firm in its place. What others see of it during a quarter is ``*_before``."""

    def __init__(
        self, model: Country, place: Place, born: int, aware: list[int], mastered: list[int]
    ) -> None:
        super().__init__(model)
        self.place = place
        self.row = place.row
        self.community = place.community
        self.born = born
        self.aware, self.mastered = aware, mastered
        self.dimension = PROCESS
        self.project: int | None = None
        self.memberships: set[Association] = set()
        self.contracts: list[LeadFirm | None] = [None] * CONTRACTS
        self.resources = model.parameters.resources.endowment
        self.backward = self.community.backward
        self.forward = self.community.forward
        self.high_road = True
        self.progress = model.parameters.road.confidence
        self.certified = 0.0
        self.value_added = self.made()
        self.wage = self.wage_target()
        self.distress = 0

    def look_around(self) -> None:
        """Keep what others are to see this quarter, and find the key of the quarter's draws."""
        self.aware_before = self.aware.copy()
        self.mastered_before = self.mastered.copy()
        self.draw = self.place.draw(self.model.quarter_key)

    def buyers(self) -> list[LeadFirm]:
        """The lead firms that it supplies."""
        return [chain for chain in self.contracts if chain is not None]

    def can_take_orders(self) -> bool:
        """G4: whether it may supply one chain more."""
        return len(self.buyers()) < self.model.parameters.several_chains.most

    # Event 2: grants

    def on_offer(self, d: int) -> int:
        """P1: how many practices the market could teach it now in a dimension."""
        holds = self.community.sector.holds[d]
        sold = holds["machinery"] | holds["consultant"]
        return (sold & self.reach_of(self.mastered, d) & ~self.mastered[d]).bit_count()

    def best_project(self) -> int:
        """P1: the dimension in which the market has most to offer, the first of several."""
        return max(range(4), key=self.on_offer)

    def wants_project(self) -> bool:
        """P1: whether it can spare its part and sees a return."""
        p, p1 = self.model.parameters, self.model.parameters.grants
        own_part = p1.match * p1.grant
        if self.resources < p1.reserve * own_part:
            return False
        new = self.on_offer(self.best_project())
        return new > 0 and new * self.practice_value() * p.road.foresight >= own_part

    def carry_out_project(self) -> None:
        """P1: the seller of the machine and the adviser come so many times each."""
        p, d, attended = self.model.parameters, self.project, self.dimension
        if d is None:
            return
        self.spending += p.grants.match * p.grants.grant
        self.dimension = d
        reach = self.reach_of(self.mastered_before, d)
        own_work = self.needed
        for number in range(p.grants.visits):
            for channel in ("machinery", "consultant"):
                self.needed = reach & ~self.mastered_before[d] & ~self.mastered[d]
                under = key(self.draw, to.PROJECT)
                draw = key(key(under, OPEN_SOURCES.index(channel) + 1), number)
                if chance(draw) >= p.interaction.rate[channel]:
                    continue
                self.meet(channel, self.community.sector.holds[d][channel], NOBODY, draw)
        self.project, self.dimension, self.needed = None, attended, own_work

    # Event 4: the owner looks ahead

    def choose_road(self) -> None:
        """F1: learning goes on if it is seen to pay, or if there is slack."""
        p = self.model.parameters.road
        expected = (self.progress + p.hope) * self.practice_value() * p.foresight
        self.high_road = expected >= p.cost or self.resources >= p.comfort

    def practice_value(self) -> float:
        """F1: what a process or product practice adds a quarter."""
        gain = self.model.parameters.value_added.gain
        return 0.5 * (gain["process"] + gain["product"]) / PRACTICES

    # Event 5: learning

    def learn(self) -> None:
        """One quarter: forget, attend to one dimension, hear of practices, meet sources."""
        p, draw = self.model.parameters, self.draw
        self.spending = 0.0
        for d in range(4):  # K6
            under = key(key(draw, to.FORGET), d)
            if chance(under) < p.unlearning.forget:
                gone = any_one_of(self.mastered_before[d], under)
                self.mastered[d] &= ~gone
                self.model.book(self, d, gone, "forgotten")
        d = self.dimension = self.attend()
        self.reach = self.reach_of(self.mastered_before, d)
        self.needed = self.reach & ~self.mastered_before[d]
        p3 = p.absorption
        known = capability(self.mastered_before)
        self.absorptive = self.effort() * (p3.floor + (1.0 - p3.floor) * known)
        self.hear_at_fair(d)
        self.meet_sources(d)
        self.carry_out_project()
        self.meet_buyers(d)
        self.meet_peers(d)
        self.meet_new_people(d)

    def attend(self) -> int:
        """K2b: one dimension at a time; G3: design and marketing less in guarded chains, more in networks."""
        weight = self.model.parameters.attention.weight
        guarding = self.model.parameters.guarding
        freedom = (1.0 - guarding.deterrence * self.guarded()) * (
            1.0 + guarding.sharing * self.in_networks()
        )
        process = weight["process"]
        product = process + weight["product"]
        functional = product + freedom * weight["functional"]
        total = functional + freedom * weight["intersectoral"]
        x = chance(key(self.draw, to.ATTENTION)) * total
        if x < process:
            return PROCESS
        if x < product:
            return PRODUCT
        return FUNCTIONAL if x < functional else INTERSECTORAL

    def in_networks(self) -> float:
        """G3: share of its sales that goes to partners of networks."""
        buyers = self.buyers()
        shared = sum(chain.governance == "network" for chain in buyers)
        return shared / len(buyers) if buyers else 0.0

    def guarded(self) -> float:
        """G3, C3: share of its sales that goes to leaders who guard their core."""
        buyers = self.buyers()
        return sum(chain.guards for chain in buyers) / len(buyers) if buyers else 0.0

    def reach_of(self, mastered: list[int], d: int) -> int:
        """K3: rung after rung, as far as the rung below and the dimensions leant on allow."""
        p = self.model.parameters.absorption
        leant_on = {FUNCTIONAL: (PRODUCT,), INTERSECTORAL: (FUNCTIONAL, PROCESS)}.get(d, ())
        reach = 0
        for rung in range(RUNGS):
            if rung > 0 and on_rung(mastered[d], rung - 1) < p.step:
                break
            if any(on_rung(mastered[other], rung) < p.lean for other in leant_on):
                break
            reach |= RUNG << PER_RUNG * rung
        return reach

    def next_step(self) -> int:
        """What it lacks on the lowest rung within reach that is not complete (I2)."""
        for rung in range(RUNGS):
            missing = self.needed & RUNG << PER_RUNG * rung
            if missing:
                return missing
        return 0

    def effort(self) -> float:
        """F3: learning takes slack; F1: the low road saves on it."""
        p = self.model.parameters
        slack = p.resources.slack
        allowed = 1.0 if slack == 0 else self.resources / (self.resources + slack)
        return allowed if self.high_road else allowed * (1.0 - p.road.neglect)

    def hear_at_fair(self, d: int) -> None:
        """K1: one practice that somebody in the trade masters."""
        draw = key(self.draw, to.FAIR)
        if chance(draw) < self.model.parameters.awareness.fairs * self.community.information:
            self.aware[d] |= any_one_of(self.community.sector.known[d], draw)

    def meet_sources(self, d: int) -> None:
        """K2: own practice and the sources of the sector, each with its rate, access and price."""
        p, sector, community = self.model.parameters, self.community.sector, self.community
        at_hand = p.external_economies.at_hand * sector.local_inputs * community.local_inputs
        for number, channel in enumerate(OPEN_SOURCES, 1):
            price = sector.prices.get(channel, 0.0)
            if channel != "machinery":  # C1: no cluster builds its machines
                price *= 1.0 - at_hand
            draw = key(self.draw, to.SOURCE + number)
            if chance(draw) >= p.interaction.rate[channel] * self.access(channel, price):
                continue
            self.spending += price
            holds = self.aware_before[d] if channel == "practice" else sector.holds[d][channel]
            paid = bool(self.meet(channel, holds, NOBODY, draw))
            if channel == "inputs":
                self.backward = self.model.trust_after(self.backward, paid, community.backward)
            elif channel == "user":
                self.forward = self.model.trust_after(self.forward, paid, community.forward)

    def access(self, channel: str, price: float) -> float:
        """K2, C2: who can pay, who is trusted, who is organised."""
        sector, association = self.community.sector, self.community.association
        if price > self.resources:
            return 0.0
        if channel == "inputs":
            return sector.local_inputs * self.community.local_inputs * self.backward
        if channel == "user":
            return self.forward
        if channel == "laboratory" and association not in self.memberships:
            return sector.open_laboratory
        return 1.0

    def meet_buyers(self, d: int) -> None:
        """K1: the lead firm's standard; G2: its support."""
        p = self.model.parameters
        for chain in self.buyers():
            if chance(key(key(self.draw, to.HEAR), chain.row)) < p.awareness.chain:
                self.aware[d] |= chain.holds[d]
            draw = key(key(self.draw, to.SOURCE + FROM_BUYER), chain.row)
            support = chain.support(self, d)
            if chance(draw) < p.interaction.rate["buyer"] * support:
                self.meet("buyer", chain.holds[d], chain.row, draw)

    def meet_peers(self, d: int) -> None:
        """C2: each neighbour, as far as trust goes; less where K7 and C3 stand against it."""
        p = self.model.parameters
        peers = key(self.draw, to.PEER)
        openly = self.openness() * (1.0 - p.local_leader.crowding * self.guarded())
        for neighbour, tie in self.model.graph.adj[self.row].items():
            peer = self.model.before[neighbour]
            if peer is None:
                continue
            draw = key(key(peers, peer.community.row), peer.place.number)
            if chance(draw) < p.interaction.rate["peer"] * tie["trust"] * openly:
                self.spending += p.joint_action.effort
                tie["met"] += 1
                learned = self.meet("peer", peer.mastered_before[d], peer.row, draw)
                tie["paid"] += bool(learned)
                if learned and peer.community is not self.community:
                    self.recombine(d, learned, peer, key(draw, to.ACROSS))

    def recombine(self, d: int, learned: int, peer: SME, draw: int) -> None:
        """K5: a lesson from another community may bring forth one practice more."""
        if chance(draw) < self.model.parameters.recombination.firm:
            practice = any_one_of(self.needed & ~learned, draw)
            self.aware[d] |= practice
            self.model.book(self, d, practice & ~self.mastered[d], "recombination", peer.row)
            self.mastered[d] |= practice

    def meet_new_people(self, d: int) -> None:
        """C1: somebody hired from another firm of the community brings practice along."""
        p, community = self.model.parameters, self.community
        draw = key(self.draw, to.LABOUR)
        hiring = p.external_economies.hiring * community.labour_mobility
        if chance(draw) < p.interaction.rate["labour"] * hiring * self.openness():
            other = community.first + one_of_growing(community.places, key(draw, to.COMMUNITY))
            peer = self.model.before[other]
            if peer is not None and peer is not self:
                self.meet("labour", peer.mastered_before[d], other, draw)

    def openness(self) -> float:
        """K7."""
        strength = self.model.parameters.appropriability.strength
        return 1.0 - strength * self.community.sector.appropriability

    def meet(self, channel: str, source: int, teacher: int, draw: int) -> int:
        """Is shown one practice of a source; returns it if it was learned, else 0."""
        return self.take_up(channel, self.shown(source, draw), teacher, draw)

    def shown(self, source: int, draw: int) -> int:
        """K4: screened for what is needed, or any practice of the source."""
        if chance(key(draw, to.SCREEN)) >= self.model.parameters.redundancy.unscreened:
            wanted = any_one_of(source & self.needed, draw)
            if wanted:
                return wanted
        return any_one_of(source, draw)

    def take_up(self, channel: str, practice: int, teacher: int, draw: int) -> int:
        """K1: takes note; K2, K3: masters it, perhaps. Returns what is newly mastered."""
        p, sector, d = self.model.parameters, self.community.sector, self.dimension
        if chance(key(draw, to.NOTE)) < p.awareness.meeting:
            self.aware[d] |= practice
        if not practice & self.needed:
            return 0
        embodied = channel not in ("machinery", "buyer") and practice & sector.holds[d]["machinery"]
        if embodied and chance(key(draw, to.EMBODIED)) < p.interaction.embodied:
            return 0
        tacit = sector.tacitness[d] * (1.0 - p.interaction.carry[channel])
        if chance(key(draw, to.HOW)) >= self.absorptive * (1.0 - tacit):
            return 0
        self.aware[d] |= practice
        if practice & self.mastered[d]:  # learned elsewhere this quarter
            return 0
        self.mastered[d] |= practice
        self.model.book(self, d, practice, channel, teacher)
        return practice

    # Event 8: earnings

    def made(self) -> float:
        """F2: value added per worker before anybody takes a share."""
        product = 1.0
        for gain, mask in zip(
            self.model.parameters.value_added.gain.values(), self.mastered, strict=True
        ):
            product *= 1.0 + gain * score(mask) / RUNGS
        return product

    def sales(self) -> float:
        """F2: what a unit is worth over its outlets, in equal shares; home market 1."""
        p, buyers = self.model.parameters.value_added, self.buyers()
        if not buyers:
            return 1.0
        independence = p.independence * score(self.mastered[FUNCTIONAL]) / RUNGS
        total = 0.0
        for chain in buyers:
            cut = p.cut[chain.governance] * (1.0 - independence)
            total += chain.price * (1.0 + p.premium[chain.reach]) * (1.0 - cut)
        return total / len(buyers)

    def wage_target(self) -> float:
        """F4: a share of value added; F1: less on the low road."""
        p, squeeze = self.model.parameters.wages, self.model.parameters.road.wage_squeeze
        kept = 1.0 if self.high_road else 1.0 - squeeze
        return max(p.reservation, p.share * kept * self.value_added)

    def earn(self) -> None:
        """F2, F3, F4: earn, pay fees, keep a part of the margin; wages follow.

        F1: the owner records progress; I6: the certificate of a firm that fell behind lapses.
        """
        p = self.model.parameters
        gained = sum(
            (now & ~then).bit_count()
            for now, then in zip(self.mastered, self.mastered_before, strict=True)
        )
        self.progress += p.road.memory * (gained - self.progress)
        if capability(self.mastered) < self.certified:
            self.certified = 0.0
        self.value_added = self.made() * self.sales()
        shock = 2.0 * chance(key(self.draw, to.LUCK)) - 1.0
        luck = 1.0 + p.resources.volatility * shock
        margin = self.value_added * luck - self.wage - p.resources.overhead
        for institution in self.model.institutions:
            if institution in self.memberships and self.resources >= institution.fee:
                institution.fees += institution.fee
                self.spending += institution.fee
        kept = self.resources + p.resources.retained * margin - self.spending
        self.resources = min(p.resources.cap, max(0.0, kept))
        self.distress = self.distress + 1 if margin < 0 and self.resources <= 0 else 0
        self.wage += p.wages.speed * (self.wage_target() - self.wage)
