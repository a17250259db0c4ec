"""Associations and bridging institutions of the plain Mesa model.

Written like ``bench.plain_firms``, from the docstrings alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import PER_RUNG, RUNG, RUNGS, TOP_RUNG, any_one_of, chance, key, rank
from bench.plain_firms import SME, capability
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_mesa import Country


class Association(mesa.Agent):
    """The local association of a community. ``row`` is its number among the institutions."""

    def __init__(self, model: Country, row: int, **columns) -> None:
        super().__init__(model)
        self.row = row
        for name, value in columns.items():
            setattr(self, name, value)
        self.fees = self.spent = 0.0

    def members(self) -> list[SME]:
        """Its members in business, in the order of their places."""
        return [sme for sme in self.model.smes if self in sme.memberships]

    def lot(self, sme: SME) -> int:
        """The draw that decides whether and when a firm joins."""
        return key(key(sme.draw, to.ASSOCIATE), self.home)

    def admit(self) -> None:
        """I3: members that can't pay leave; who may and wants to join does, by lot if too many."""
        p = self.model.parameters.access
        for sme in self.members():
            if not self.inclusive and sme.resources < p.exclusion * self.fee:
                sme.memberships.remove(self)
        yearly_fee = p.exclusion * self.fee * self.model.QUARTERS
        joining = []
        for sme in self.model.smes:
            if self in sme.memberships or not self.reach >> sme.community.row & 1:
                continue
            draw = self.lot(sme)
            can_pay = sme.resources >= p.means * yearly_fee
            is_able = capability(sme.mastered) >= p.exclusion * self.minimum_capability
            if chance(draw) < p.take_up and (self.inclusive or (can_pay and is_able)):
                joining.append((rank(draw), sme))
        vacancies = max(0, self.quota - len(self.members()))
        for _, sme in sorted(joining)[:vacancies]:
            sme.memberships.add(self)


class BridgingInstitution(Association):
    """An institution with staff, money and a repository."""

    def lot(self, sme: SME) -> int:
        """The draw that decides whether and when a firm joins."""
        return key(key(sme.draw, to.JOIN), self.row)

    def money(self) -> float:
        """I4: public budget, what other parties invest, and the fees of last quarter."""
        others = 1.0 - self.seats["government"]
        return self.budget * (1.0 + self.joint_investment * others) + self.fees

    def work(self) -> None:
        """Event 6: put together what it knows, hold a forum, then visit members."""
        self.spent = 0.0
        members = self.members()
        if members:
            self.recombine()
            self.hold_forum(members)
            self.visit(members)

    def recombine(self) -> None:
        """K5: practice of several communities, put together, brings forth some that none had."""
        communities = self.contributors.bit_count()
        if communities < 2:
            return
        chances = self.model.parameters.recombination.institution * (1.0 - 1.0 / communities)
        for d in range(4):
            draw = key(key(self.quarter_draw(), to.SYNTHESIS), d)
            if chance(draw) < chances:
                self.repository[d] |= any_one_of(self.lowest_gap(d), draw)

    def lowest_gap(self, d: int) -> int:
        """What is missing on the lowest rung that the repository has not completed."""
        for rung in range(RUNGS):
            missing = RUNG << PER_RUNG * rung & ~self.repository[d]
            if missing:
                return missing
        return 0

    def hold_forum(self, members: list[SME]) -> None:
        """I5: members of separate communities meet, and some stay in touch."""
        p, graph = self.model.parameters.forums, self.model.graph
        forum = key(self.quarter_draw(), to.FORUM)
        wanted = self.forums * len(members) if p.meeting > 0 else 0
        if self.forum_cost > 0:
            wanted = min(wanted, 0.5 * self.money() / self.forum_cost)
        self.spent += int(wanted) * self.forum_cost
        for seat in range(int(wanted)):
            draw = key(forum, seat)
            a = self.model.by_lot(members, key(draw, to.FIRM))
            b = self.model.by_lot(members, key(draw, to.GUEST))
            if a.community is b.community or chance(draw) >= p.meeting:
                continue
            if not graph.has_edge(a.row, b.row) and graph.size() < self.model.most_ties:
                self.model.tie(a.row, b.row, "forum", p.trust, p.trust)

    def quarter_draw(self) -> int:
        """The key of its draws this quarter."""
        return key(key(self.model.quarter_key, to.INSTITUTION), self.row)

    def visit(self, members: list[SME]) -> None:
        """I4, I8: as many visits as money allows, to whom the board prefers."""
        own = key(self.quarter_draw(), to.VISIT)
        finite = self.model.parameters.capacity.finite
        paid = max(0.0, self.money() - self.spent) / self.visit_cost
        visits = finite * min(float(len(members)), paid) + (1.0 - finite) * len(members)
        for number in range(int(visits + chance(own))):
            draw = key(own, number)
            first = self.model.by_lot(members, key(draw, to.FIRM))
            second = self.model.by_lot(members, key(draw, to.SECOND))
            self.spent += self.visit_cost
            self.teach(second if self.prefers_second(first, second, draw) else first, draw)

    def prefers_second(self, first: SME, second: SME, draw: int) -> bool:
        """I4: a seat drawn in proportion decides, by its party's interest."""
        if chance(key(draw, to.VOICE)) >= self.model.parameters.board.voice:
            return False
        party = self.seated(chance(key(draw, to.SEAT)))
        if party == "home_association":
            return first.community.row != self.home and second.community.row == self.home
        if party == "associations":
            return capability(second.mastered_before) < capability(first.mastered_before)
        if party == "lead_firms":
            return not first.buyers() and bool(second.buyers())
        return False

    def seated(self, x: float) -> str:
        """The party at ``x`` of all seats, laid side by side from 0 to 1."""
        for party, share in self.seats.items():
            x -= share
            if x < 0:
                return party
        return "lead_firms"

    def teach(self, sme: SME, draw: int) -> None:
        """One visit: a test, then tutelage and gathering (I1, I2, I6, I7), or the frontier."""
        p, d = self.model.parameters, sme.dimension
        if 0 < self.certifies <= capability(sme.mastered_before):
            sme.certified = self.certifies
        if chance(draw) < self.experiential:
            practice = self.choose(sme, self.repository[d] | self.translated(sme, d, draw), draw)
            self.gather(sme, d, key(draw, to.GATHER))
        else:
            practice = any_one_of(TOP_RUNG, draw)
        if chance(key(draw, to.FORUM)) < p.interaction.rate["institution"]:
            sme.take_up("institution", practice, self.row, draw)

    def translated(self, sme: SME, d: int, draw: int) -> int:
        """I7: what the firm's buyers ask, if it has heard of it and the staff work on that."""
        if chance(key(draw, to.TRANSLATE)) >= self.model.parameters.complementarity.translate:
            return 0
        asked = 0
        for chain in sme.buyers():
            asked |= chain.holds[d] & sme.aware_before[d]
        return asked

    def choose(self, sme: SME, teachable: int, draw: int) -> int:
        """I2: what the firm needs next, if the staff find out; else anything they can teach."""
        if chance(key(draw, to.DIAGNOSE)) < self.model.parameters.tutelage.patience:
            for wanted in (sme.next_step(), sme.needed):
                if wanted & teachable:
                    return any_one_of(wanted & teachable, draw)
        return sme.shown(teachable, draw)

    def gather(self, sme: SME, d: int, draw: int) -> None:
        """I1: take one practice of the firm into the repository."""
        practice = any_one_of(sme.mastered_before[d], draw)
        if practice and chance(draw) < self.model.parameters.repository.gather:
            self.repository[d] |= practice
            self.contributors |= 1 << sme.community.row
