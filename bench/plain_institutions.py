"""The other agents of the plain Mesa model: lead firms, associations and bridging institutions.

Written like ``bench.plain_firms``, from the docstrings alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from bench.plain_draws import TOP_RUNG, any_one_of, chance, key, one_of, rank, score
from bench.plain_firms import FUNCTIONAL, PRODUCT, SME, capability
from model import draws as to

if TYPE_CHECKING:
    from bench.plain_mesa import Country


class LeadFirm(mesa.Agent):
    """A lead firm and its chain. ``row`` is its number among the chains."""

    def __init__(self, model: Country, row: int, **columns) -> None:
        super().__init__(model)
        self.row = row
        for name, value in columns.items():
            setattr(self, name, value)
        self.guards = self.governance in ("quasi_hierarchy", "hierarchy")

    def drop_suppliers(self) -> None:
        """G1: who falls behind; G3: who encroaches on its core."""
        p = self.model.parameters
        standard = p.selection.strictness * self.entry_standard
        for sme in self.model.smes:
            if self not in sme.contracts:
                continue
            behind = capability(sme.mastered) < standard - p.selection.patience
            if behind or self.punishes(sme):
                sme.contracts[sme.contracts.index(self)] = None

    def punishes(self, sme: SME) -> bool:
        """G3: whether it shuts out, this year, a firm that encroaches on its core."""
        p = self.model.parameters.guarding
        encroaches = self.guards and score(sme.mastered[FUNCTIONAL]) > p.encroachment
        return encroaches and chance(key(key(sme.draw, to.PUNISH), self.row)) < p.punishment

    def take_suppliers(self) -> None:
        """G1: the ablest of those it meets, by lot among equals, until its orders are placed."""
        p, smes = self.model.parameters, self.model.smes
        standard = p.selection.strictness * self.entry_standard
        met = []
        for sme in smes:
            if self in sme.contracts or None not in sme.contracts:
                continue
            if not self.communities >> sme.community.row & 1 or capability(sme.mastered) < standard:
                continue
            if self.punishes(sme):
                continue
            draw = key(key(sme.draw, to.CONTACT), self.row)
            if chance(draw) < sme.community.market_access:
                met.append((-capability(sme.mastered), rank(draw), sme))
        wanted = self.orders - sum(self in sme.contracts for sme in smes)
        for *_, sme in sorted(met)[: max(0, wanted)]:
            sme.contracts[sme.contracts.index(None)] = self

    def support(self, d: int, sector) -> float:
        """G2: access that a supplier has to its know-how."""
        p = self.model.parameters.support
        if self.governance == "network":
            return p.network
        if d > PRODUCT or self.governance == "market":
            return 0.0
        if self.governance == "hierarchy":
            return p.hierarchy
        return p.quasi_hierarchy * (sector.tacitness[d] * (1.0 - self.entry_standard))


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
        """I4: public budget, joint contribution and the fees of last quarter."""
        joint = self.board == "joint"
        contribution = 1.0 + self.model.parameters.board.contribution
        return (self.budget * contribution if joint else self.budget) + self.fees

    def work(self) -> None:
        """Event 4: hold a forum, then visit members."""
        self.spent = 0.0
        members = self.members()
        if members:
            self.hold_forum(members)
            self.visit(members)

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
            a = members[one_of(len(members), draw)]
            b = members[one_of(len(members), key(draw, to.GUEST))]
            if a.community is b.community or chance(draw) >= p.meeting:
                continue
            if not graph.has_edge(a.row, b.row) and graph.size() < self.model.most_ties:
                graph.add_edge(a.row, b.row, trust=p.trust, usual=p.trust, met=0, paid=0)

    def quarter_draw(self) -> int:
        """The key of its draws this quarter."""
        return key(key(self.model.quarter_key, to.INSTITUTION), self.row)

    def visit(self, members: list[SME]) -> None:
        """I1, I2, I4: as many visits as money allows, to whom the board prefers."""
        own = key(self.quarter_draw(), to.VISIT)
        affordable = (self.money() - self.spent) / self.visit_cost
        for number in range(min(int(affordable + chance(own)), len(members))):
            draw = key(own, number)
            first = members[one_of(len(members), key(draw, to.FIRM))]
            second = members[one_of(len(members), key(draw, to.SECOND))]
            self.spent += self.visit_cost
            self.teach(second if self.prefers_second(first, second, draw) else first, draw)

    def prefers_second(self, first: SME, second: SME, draw: int) -> bool:
        """I4: the association favours its home, a joint board the greater need."""
        if chance(key(draw, to.VOICE)) >= self.model.parameters.board.voice:
            return False
        if self.board == "association":
            return first.community.row != self.home and second.community.row == self.home
        if self.board == "joint":
            return capability(second.mastered_before) < capability(first.mastered_before)
        return False

    def teach(self, sme: SME, draw: int) -> None:
        """One visit: tutelage out of the repository and gathering (I1, I2), or the frontier."""
        p, d = self.model.parameters, sme.dimension
        if chance(draw) < self.experiential:
            practice = self.choose(sme, d, draw)
            gathering = key(draw, to.GATHER)
            if chance(gathering) < p.repository.gather:
                self.repository[d] |= any_one_of(sme.mastered_before[d], gathering)
        else:
            practice = any_one_of(TOP_RUNG, draw)
        if chance(key(draw, to.FORUM)) < p.interaction.rate["institution"]:
            sme.take_up("institution", practice, self.row, draw)

    def choose(self, sme: SME, d: int, draw: int) -> int:
        """I2: what the firm needs next, if the staff find out; else anything in the repository."""
        if chance(key(draw, to.DIAGNOSE)) < self.model.parameters.tutelage.patience:
            for wanted in (sme.next_step(), sme.needed):
                if wanted & self.repository[d]:
                    return any_one_of(wanted & self.repository[d], draw)
        return sme.shown(self.repository[d], draw)
