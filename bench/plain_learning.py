"""How the small firms of the plain Mesa model learn: event 6 of a quarter.

Each method is written from the docstrings of ``model.theory`` (K1, C2 and so on name the file) and
the numbered events of a quarter in ``model.engine.tick``; it calls none of their code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import (
    DIMENSIONS,
    FUNCTIONAL,
    INTERSECTORAL,
    PER_RUNG,
    PROCESS,
    PRODUCT,
    RUNG,
    RUNGS,
    any_one_of,
    capability,
    chance,
    key,
    on_rung,
    one_of_growing,
    practices,
)
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_firms import SME

NOBODY = -1
OPEN_SOURCES = (
    "practice", "engineering", "machinery", "inputs", "laboratory", "user", "consultant",
)  # fmt: skip
FROM_BUYER = len(OPEN_SOURCES) + 1  # sources are numbered from 1
BRING_MACHINES = ("machinery", "buyer", "labour")


@dataclass(frozen=True)
class Study:
    """What a firm works on: a kind of upgrading, what it lacks within reach, how much it takes in."""

    d: int
    needed: int
    capacity: float


class Learner(mesa.Agent):
    """A small firm as one that learns. What others see of it during a quarter is ``*_before``."""

    def learn(self) -> None:
        """One quarter: forget, attend to one dimension, hear of practices, meet sources."""
        self.spending = 0.0
        self.forget()
        self.dimension = self.attend(self.freedom(), key(self.draw, to.ATTENTION))
        study = self.study(self.dimension)
        self.hear_at_fair(study.d)
        self.meet_sources(study)
        self.carry_out_project()
        self.meet_buyers(study)
        self.visit_makers(study)
        self.meet_parent(study)
        self.meet_peers(study)
        self.meet_new_people(study)

    def forget(self) -> None:
        """K6: each practice runs its own risk, less where a buyer asks for it; G3: kept from design."""
        p = self.model.parameters.unlearning
        for d, dimension in enumerate(DIMENSIONS):
            under, asked, gone = key(key(self.draw, to.FORGET), d), self.asked(d), 0
            usual = p.forget[dimension]
            if d == FUNCTIONAL:
                usual *= 1.0 + p.kept_away * self.guarded()
            for bit in practices(self.mastered_before[d]):
                practised = p.practised if asked >> bit & 1 else 0.0
                if chance(key(under, 1 << bit)) < usual * (1.0 - practised):
                    gone |= 1 << bit
            self.mastered[d] &= ~gone
            self.model.book(self, d, gone, "forgotten")

    def asked(self, d: int) -> int:
        """What its buyers ask: process and product are the standard."""
        asked = 0
        for chain in self.buyers():
            asked |= chain.holds[d]
        return asked if d <= PRODUCT else 0

    # What it works on, and how well

    def attend(self, freedom: float, draw: int) -> int:
        """K2b: one dimension at a time; F5: under pressure rather process and product."""
        p = self.model.parameters
        focus = 1.0 + p.pressure.focus * self.pressed
        ends, total = [], 0.0
        for d, weight in enumerate(p.attention.weight.values()):
            total += weight * focus if d <= PRODUCT else freedom * weight
            ends.append(total)
        x = chance(draw) * total
        return next((d for d in range(INTERSECTORAL) if x < ends[d]), INTERSECTORAL)

    def freedom(self) -> float:
        """G3: design and marketing less in guarded chains, more in networks."""
        p = self.model.parameters.guarding
        return (1.0 - p.deterrence * self.guarded()) * (1.0 + p.sharing * self.in_networks())

    def guarded(self) -> float:
        """G3, C3: share of its sales that goes to leaders who guard their core."""
        return self.share_sold_to([chain.guards for chain in self.buyers()])

    def in_networks(self) -> float:
        """G3: share of its sales that goes to partners of networks."""
        return self.share_sold_to([chain.governance == "network" for chain in self.buyers()])

    def study(self, d: int) -> Study:
        """What it lacks within reach, and K3: absorptive capacity."""
        needed = self.reach_of(self.mastered_before, d) & ~self.mastered_before[d]
        p, known = self.model.parameters.absorption, capability(self.mastered_before)
        able = p.floor + (1.0 - p.floor) * min(1.0, known / p.enough)
        return Study(d, needed, self.effort() * able)

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

    def effort(self) -> float:
        """F3: learning takes slack; F5: pressure spurs; F1: the low road saves on it."""
        p = self.model.parameters
        slack = p.resources.slack
        allowed = 1.0 if slack == 0 else self.resources / (self.resources + slack)
        spent = allowed + p.pressure.spur * self.pressed * (1.0 - allowed)
        return spent if self.high_road else spent * (1.0 - p.road.neglect)

    # Whom it meets

    def hear_at_fair(self, d: int) -> None:
        """K1: one practice that somebody in the trade masters."""
        draw = key(self.draw, to.FAIR)
        if chance(draw) < self.model.parameters.awareness.fairs * self.community.information:
            self.aware[d] |= any_one_of(self.community.sector.known[d], draw)

    def meet_sources(self, study: Study) -> None:
        """K2: own practice and the sources of the sector, each with its rate, access and price."""
        p, sector, community = self.model.parameters, self.community.sector, self.community
        at_hand = p.external_economies.at_hand * sector.local_inputs * community.local_inputs
        for number, channel in enumerate(OPEN_SOURCES, 1):
            own = channel == "practice"
            if not (self.aware_before[study.d] if own else sector.holds[study.d][channel]):
                continue  # nothing to be had there
            price = sector.prices.get(channel, 0.0)
            if channel == "machinery":  # from abroad, but for those made here
                price *= 1.0 + (1.0 - community.local_machines) * (sector.exchange - 1.0)
            else:  # C1
                price *= 1.0 - at_hand
            if community.association in self.memberships:  # C2
                price *= 1.0 - community.purchases
            draw = key(self.draw, to.SOURCE + number)
            if chance(draw) >= p.interaction.rate[channel] * self.access(channel, price):
                continue
            self.spending += price
            if own:
                self.practise(study, draw)
                continue
            paid = bool(self.meet(study, channel, sector.holds[study.d][channel], NOBODY, draw))
            if channel == "inputs":
                self.backward = self.model.trust_after(self.backward, paid, community.backward)
            elif channel == "user":
                self.forward = self.model.trust_after(self.forward, paid, community.forward)

    def practise(self, study: Study, draw: int) -> None:
        """K2: own practice on what it knows of; I7: who took part in a programme makes more of it."""
        practice = self.shown(study.needed, self.aware_before[study.d], draw)
        carry = self.model.parameters.interaction.carry["practice"]
        if practice & self.asked(study.d) and self.took_part():
            carry = max(carry, self.model.parameters.complementarity.applied)
        self.take_up(study, "practice", practice, NOBODY, draw, carry)

    def took_part(self) -> bool:
        """I7: whether it took part in a programme of late; who does is worked with, and can."""
        p = self.model.parameters.complementarity
        return p.applied > 0.0 and self.model.quarter - self.served <= p.recent

    def engaged(self, study: Study) -> Study:
        """I7: participants make more of what their buyer shows."""
        if not self.took_part():
            return study
        lacking = self.effort() - study.capacity
        applied = self.model.parameters.complementarity.applied
        return replace(study, capacity=study.capacity + applied * lacking)

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

    def carry_out_project(self) -> None:
        """P1: the seller of the machine and the adviser come so many times each."""
        p, d = self.model.parameters, self.project
        if d is None:
            return
        self.project = None
        self.spending += p.grants.match * p.grants.grant
        study = self.study(d)
        for number in range(p.grants.visits):
            for channel in ("machinery", "consultant"):
                under = key(self.draw, to.PROJECT)
                draw = key(key(under, OPEN_SOURCES.index(channel) + 1), number)
                if chance(draw) < p.interaction.rate[channel]:
                    left = replace(study, needed=study.needed & ~self.mastered[d])
                    self.meet(left, channel, self.community.sector.holds[d][channel], NOBODY, draw)

    def meet_buyers(self, study: Study) -> None:
        """K1: the lead firm's standard; G2: its support."""
        p = self.model.parameters
        for chain in self.buyers():
            holds = chain.holds[study.d]
            if chance(key(key(self.draw, to.HEAR), chain.row)) < p.awareness.chain:
                self.aware[study.d] |= holds
            draw = key(key(self.draw, to.SOURCE + FROM_BUYER), chain.row)
            if chance(draw) < p.interaction.rate["buyer"] * chain.support(self, study.d):
                self.meet(self.engaged(study), "buyer", holds, chain.row, draw)

    def visit_makers(self, study: Study) -> None:
        """C1: where machines are made, their makers work with those who use them, as trust goes."""
        community, draw = self.community, key(self.draw, to.MAKERS)
        rate = self.model.parameters.interaction.rate["machinery"]
        holds = community.sector.holds[study.d]["machinery"]
        if holds and chance(draw) < rate * community.local_machines * self.backward_before:
            paid = bool(self.meet(study, "machinery", holds, NOBODY, draw))
            self.backward = self.model.trust_after(self.backward, paid, community.backward)

    def meet_parent(self, study: Study) -> None:
        """F6: a parent shows how process and product are done, to a plant what its leader holds."""
        p, owner, draw = self.model.parameters, self.owner, key(self.draw, to.PARENTAL)
        if owner.kind == "local" or study.d > PRODUCT:
            return
        if chance(draw) < p.interaction.rate["buyer"] * p.ownership.transfer:
            holds, parent = self.community.sector.holds[study.d]["buyer"], NOBODY
            if owner.leader is not None:
                holds, parent = owner.leader.holds[study.d], owner.leader.row
            self.meet(study, "buyer", holds, parent, draw)

    def meet_peers(self, study: Study) -> None:
        """C2: each neighbour, as far as trust goes; less where K7 and C3 stand against it; F5."""
        p, d = self.model.parameters, study.d
        peers = key(self.draw, to.PEER)
        openly = self.openness() * (1.0 - p.local_leader.crowding * self.guarded())
        openly *= 1.0 + p.pressure.focus * self.pressed
        for neighbour, tie in self.model.graph.adj[self.row].items():
            peer = self.model.before[neighbour]
            if peer is None:
                continue
            draw = key(key(peers, peer.community.row), peer.place.number)
            sought = openly * self.eagerness(peer, tie)
            if chance(draw) >= p.interaction.rate["peer"] * tie["trust"] * sought:
                continue
            self.spending += p.joint_action.effort
            tie["met"] += 1
            learned = self.meet(study, "peer", peer.mastered_before[d], peer.row, draw)
            if learned:
                tie["paid"] += 1
                tie["lent"] += 1 if peer.row < self.row else -1
                if peer.community is not self.community:
                    self.recombine(study, learned, peer, key(draw, to.ACROSS))

    def eagerness(self, peer: SME, tie: dict) -> float:
        """K8: the abler are asked, rivals help less, and who was helped helps more."""
        p = self.model.parameters.seeking
        lead = capability(peer.mastered_before) - capability(self.mastered_before)
        times = max(0.0, 1.0 + p.ability * lead)
        if any(chain in peer.contracts for chain in self.buyers()):
            times *= 1.0 - p.rivalry
        if (tie["owed"] if self.row < peer.row else -tie["owed"]) > 0:
            times *= 1.0 + p.reciprocity
        return times

    def recombine(self, study: Study, learned: int, peer: SME, draw: int) -> None:
        """K5: a lesson from another community may bring forth one practice more."""
        d = study.d
        if chance(draw) < self.model.parameters.recombination.firm:
            practice = any_one_of(study.needed & ~learned, draw)
            self.aware[d] |= practice
            self.model.book(self, d, practice & ~self.mastered[d], "recombination", peer.row)
            self.mastered[d] |= practice

    def meet_new_people(self, study: Study) -> None:
        """C1: somebody hired from another firm of the community brings practice along."""
        p, community = self.model.parameters, self.community
        draw = key(self.draw, to.LABOUR)
        hiring = p.external_economies.hiring * community.labour_mobility
        if chance(draw) < p.interaction.rate["labour"] * hiring * self.openness():
            other = community.first + one_of_growing(community.places, key(draw, to.COMMUNITY))
            peer = self.model.before[other]
            if peer is not None and peer is not self:
                self.meet(study, "labour", peer.mastered_before[study.d], other, draw)

    def openness(self) -> float:
        """K7."""
        strength = self.model.parameters.appropriability.strength
        return 1.0 - strength * self.community.sector.appropriability

    # What it makes of a meeting

    def meet(self, study: Study, channel: str, source: int, teacher: int, draw: int) -> int:
        """Is shown one practice of a source; returns it if it was learned, else 0."""
        carry = self.model.parameters.interaction.carry[channel]
        practice = self.shown(study.needed, source, draw)
        return self.take_up(study, channel, practice, teacher, draw, carry)

    def shown(self, needed: int, source: int, draw: int) -> int:
        """K4: screened for what is needed, or any practice of the source."""
        if chance(key(draw, to.SCREEN)) >= self.model.parameters.redundancy.unscreened:
            wanted = any_one_of(source & needed, draw)
            if wanted:
                return wanted
        return any_one_of(source, draw)

    def take_up(
        self, study: Study, channel: str, practice: int, teacher: int, draw: int, carry: float
    ) -> int:
        """K1: takes note; K2, K3: masters it, perhaps. Returns what is newly mastered."""
        p, sector, d = self.model.parameters, self.community.sector, study.d
        if chance(key(draw, to.NOTE)) < p.awareness.meeting:
            self.aware[d] |= practice
        if not practice & study.needed:
            return 0
        embodied = channel not in BRING_MACHINES and practice & sector.holds[d]["machinery"]
        if embodied and chance(key(draw, to.EMBODIED)) < p.interaction.embodied:
            return 0
        hidden = 1.0 - (1.0 - sector.tacitness[d]) * (1.0 - p.interaction.translation)
        if chance(key(draw, to.HOW)) >= study.capacity * (1.0 - hidden * (1.0 - carry)):
            return 0
        self.aware[d] |= practice
        if practice & self.mastered[d]:  # learned elsewhere this quarter
            return 0
        self.mastered[d] |= practice
        self.model.book(self, d, practice, channel, teacher)
        return practice
